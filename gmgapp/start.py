"""Starts web and worker as child processes.

On embedded defaults. ./run calls it. A child that ends is started again; all are stopped together.
Nothing here runs in production: there web, worker and beat are services of their own
(docs/operate/install.md). This process does not load the app, so the address answers sooner.
"""

import argparse
import errno
import fcntl
import hashlib
import json
import os
import re
import runpy
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import NoReturn
from zoneinfo import ZoneInfo

import environ

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gmgapp.children import STOPPING, Children  # noqa: E402 - the path comes first

START_SECONDS = 60
ROOM_WANTED = 20 * 1024 * 1024
HIGHEST_PORT = 65535
YEARS = range(1990, 2200)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Celery warns of root on each start; a demonstration in a container often runs so. The services of
# production keep the warning.
QUIET = ["-W", "ignore:You're running the worker with superuser privileges"]


def refuse(sentence: str) -> NoReturn:
    """End with one sentence on standard error."""
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./run", description="Start the app on this machine, with a demonstration."
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="port of the web address (default 8000)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)"
    )
    parser.add_argument(
        "--reset-demo",
        action="store_true",
        help="throw the embedded data away and begin the demonstration anew",
    )
    parser.add_argument(
        "--empty", action="store_true", help="no data at all, for a group of your own"
    )
    parser.add_argument(
        "--now",
        metavar="MOMENT",
        help=(
            "play at another moment, such as 2026-12-31T23:59 (zone of the group if none is given)"
        ),
    )
    return parser.parse_args()


def group_zone(var: Path, *, demo: bool) -> ZoneInfo:
    """Return the zone of the group in the embedded data.

    Without a group it is that of the demonstration, or UTC.
    """
    try:
        with closing(
            sqlite3.connect(f"{(var / 'gmg.sqlite3').as_uri()}?mode=ro", uri=True)
        ) as data:
            rows = data.execute("SELECT time_zone FROM core_group ORDER BY id").fetchall()
    except sqlite3.Error:
        rows = []  # not made yet
    try:
        if rows:
            return ZoneInfo(rows[0][0])
        if demo:
            text = (fixtures() / "group.json").read_text(encoding="utf-8")
            return ZoneInfo(json.loads(text)["time_zone"])
    except (OSError, ValueError, KeyError):
        pass  # the app itself says what is wrong with it
    return ZoneInfo("UTC")


def offset(moment: str | None, zone: ZoneInfo) -> int:
    """Return the seconds from now until `moment`.

    A moment without a zone is in the group's zone. 0 without a moment.
    """
    if moment is None:
        return 0
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError:
        refuse(f"--now wants a moment such as 2026-12-31T23:59, not “{moment}”.")
    if wanted.year not in YEARS:
        refuse(f"--now goes from the year {YEARS.start} to {YEARS.stop - 1}, not to {wanted.year}.")
    if wanted.tzinfo is None:
        wanted = in_group_zone(wanted, zone)
    return round((wanted - datetime.now(UTC)).total_seconds())


def in_group_zone(wanted: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which clocks of the group show an hour.

    Refuse one that they skip or show twice (PEP 495).
    """
    first, second = (wanted.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        refuse(
            f"--now {wanted:%Y-%m-%dT%H:%M}: clocks change then. Add the offset: "
            f"{first:%Y-%m-%dT%H:%M%z} or {second:%Y-%m-%dT%H:%M%z}."
        )
    return first


def check_env_file(path: Path) -> None:
    """Refuse a .env that cannot be read, naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError):
        refuse(f"{path.name} cannot be read as UTF-8 text.")
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if (
            text
            and not text.startswith("#")
            and not re.match(r"(export\s+)?[A-Za-z_]\w*\s*=", text)
        ):
            refuse(f"{path.name}, line {number}: “{text}” is not NAME=value.")


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken."""
    if not 0 < port <= HIGHEST_PORT:
        refuse(f"--port goes from 1 to {HIGHEST_PORT}, not to {port}.")
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # as gunicorn does: connections of an earlier run may still be closing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        refuse(f"“{host}” is no address of this machine; leave --host out, or use 0.0.0.0.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            refuse(f"Port {port} is taken by another program; choose another with --port.")
        refuse(f"{host}, port {port}, cannot be used: {error.strerror}.")


def embedded_defaults(env_file: Path) -> Path:
    """Set what web, worker and commands share.

    Returns the folder of the data.
    """
    environ.Env.read_env(env_file)
    var = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var"))).absolute()
    os.environ["VAR_DIR"] = str(var)
    os.environ.setdefault("DEBUG", "true")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gmgapp.settings"
    return var


def prepare_environment(options: argparse.Namespace, env_file: Path) -> Path:
    """Set the embedded defaults; return the folder of the data."""
    var = embedded_defaults(env_file)
    os.environ["DEMO"] = "false" if options.empty else "true"
    os.environ["CLOCK_OFFSET_SECONDS"] = str(
        offset(options.now, group_zone(var, demo=not options.empty))
    )
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")
    if options.host not in LOOPBACK:
        os.environ.setdefault("ALLOWED_HOSTS", "*")
    os.environ.setdefault("PLAN_EVERY_SECONDS", "20")
    os.environ.setdefault("DELIVER_EVERY_SECONDS", "5")
    return var


def check_settings() -> None:
    """Read the settings as the app does; an error is one sentence."""
    path = str(ROOT / "gmgapp" / "settings.py")
    try:
        runpy.run_path(path)
    except SystemExit as error:
        refuse(f"The settings cannot be used: {error}")
    except ValueError as error:
        lines = [
            frame.line or ""
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == path
        ]
        name = re.search(r'env\.\w+\("(\w+)"', lines[-1] if lines else "")
        refuse(
            f"The settings cannot be used: the value of {name[1] if name else 'one of them'} is "
            "not understood."
        )


@contextmanager
def disk(var: Path) -> Iterator[None]:
    """Turn what the disk refuses into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            refuse(f"The disk is full: make room for {var} and start again.")
        refuse(f"{error.filename or var} cannot be written: {error.strerror}.")


def make_room(var: Path) -> None:
    """Create the folder of the data and check its space."""
    with disk(var):
        var.mkdir(parents=True, exist_ok=True)
        (var / "probe").write_bytes(b"x" * 4096)
        (var / "probe").unlink()
        if shutil.disk_usage(var).free < ROOM_WANTED:
            raise OSError(errno.ENOSPC, "less than 20 MB are free", str(var))


def claim(var: Path) -> TextIOWrapper:
    """Take the folder for this start and its children.

    Two at once would take each other's messages.
    """
    with disk(var):
        lock = (var / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        refuse(
            f"{var} is in use by another ./run: stop that one, or set VAR_DIR to another folder."
        )
    return lock


def embedded() -> bool:
    """Say whether the data are in the folder, not on a server."""
    return not os.environ.get("DATABASE_URL")


def sweep(var: Path, *, reset: bool) -> None:
    """Remove what earlier starts left behind, also those of older versions.

    With `reset` all data too, and nothing that is not ours.
    """
    if reset and not embedded():
        refuse(
            "--reset-demo throws the embedded data away only; DATABASE_URL names another database."
        )
    leftovers = ["broker", "beat.pid", "wake"] + (
        ["prepared", "address", "outbox", "media", "cache", "static"] if reset else []
    )
    with disk(var):
        for path in [
            *(var / name for name in leftovers),
            *(var.glob("gmg.sqlite3*") if reset else []),
            *var.glob("beat-schedule*"),
        ]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def fixtures() -> Path:
    """Return the folder of the reference data and of the demonstration."""
    return Path(os.environ.get("FIXTURES_DIR", ROOT / "fixtures"))


def version() -> str:
    """Return a hash of what the data are prepared for.

    That is this database, and the newest change of migrations and reference data.
    """
    files = [*ROOT.glob("coordination/*/migrations/*.py"), *fixtures().glob("*.json")]
    newest = max((file.stat().st_mtime_ns for file in files), default=0)
    prepared_for = f"{newest} {os.environ.get('DATABASE_URL', '')}"
    return hashlib.sha256(prepared_for.encode()).hexdigest()[:16]


def prepare_data(var: Path, *, demo: bool) -> None:
    """Migrate, and load the demonstration if it is wanted.

    Unless that was done.
    """
    done, kind = var / "prepared", "demo" if demo else "empty"
    before = (
        done.read_text().split()
        if done.exists() and (not embedded() or (var / "gmg.sqlite3").exists())
        else []
    )
    if before == [version(), kind]:
        return
    if before and before[-1] != kind:
        held = (
            "real data, begun with --empty: start it so"
            if demo
            else "the demonstration: set VAR_DIR to another folder"
        )
        refuse(f"{var} holds {held}, or throw it away with --reset-demo.")
    manage(var, "migrate", "--verbosity", "0")
    if demo:
        manage(var, "load_reference")
        manage(var, "load_demo")
    with disk(var):
        done.write_text(f"{version()} {kind}")


def manage(var: Path, *command: str) -> None:
    """Run one command of the app.

    If it fails, its last words are the sentence.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        if "No space left" in done.stdout or "disk is full" in done.stdout:
            refuse(f"The disk is full: make room for {var} and start again.")
        lines = done.stdout.strip().splitlines() or ["no words from it"]
        refuse(f"“{command[0]}” did not finish: {lines[-1]}")


def commands(options: argparse.Namespace, var: Path) -> dict[str, list[str]]:
    """Return the child processes; the one that people wait for comes first."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    web = [
        "-m",
        "gunicorn",
        "gmgapp.wsgi",
        "--bind",
        f"{host}:{options.port}",
        "--threads",
        "4",
        "--log-level",
        "warning",
    ]
    if not os.environ.get("REDIS_URL"):
        return {"web": web, "worker": ["-m", "gmgapp.embedded"]}
    celery = [*QUIET, "-m", "celery", "-A", "gmgapp", "--quiet"]
    alone = ["--pool", "solo", "--concurrency", "1", "--without-mingle", "--without-gossip"]
    return {
        "web": web,
        "worker": [
            *celery,
            "worker",
            "--queues",
            "default,plan,mail",
            "--loglevel",
            "WARNING",
            *alone,
        ],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", str(var / "beat.pid")],
    }


def answers(address: str) -> bool:
    """Say whether the web address answers."""
    try:
        with urllib.request.urlopen(f"{address}/accounts/login/", timeout=10):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        refuse(f"{address} answers with a fault ({error.code}); its words are above.")
    except OSError:
        return False


def wait_for(address: str, children: Children) -> None:
    """Wait until the address answers.

    A child that ends first, or too long a wait, ends the start.
    """
    end = time.monotonic() + START_SECONDS
    while not answers(address):
        ended = children.ended()
        if ended or time.monotonic() > end:
            refuse(
                f"The {ended} process ended at once: {children.last_words(ended)}"
                if ended
                else f"{address} does not answer."
            )
        time.sleep(0.05)


def interrupted(number: int, frame: FrameType | None) -> NoReturn:
    """Exit as on Ctrl-C when asked to end."""
    raise KeyboardInterrupt


def run(children: Children, parts: dict[str, list[str]], address: str, begun: float) -> int:
    """Start the children, print the address, and watch them.

    Returns the exit code. Return when a child does not stay up; raise KeyboardInterrupt when asked
    to stop.
    """
    for name, command in parts.items():
        children.start(name, command)
        if name == "web":
            wait_for(address, children)
            sys.stdout.write(
                f"\n  {address}   (ready in {time.monotonic() - begun:.1f} s; Ctrl-C stops it)\n\n"
            )
            sys.stdout.flush()
    return supervise(children, parts)


def supervise(children: Children, parts: dict[str, list[str]]) -> int:
    """Restart each child that ends, with growing pauses.

    Returns 1 when one does not stay up.
    """
    next_starts: dict[str, float] = {}
    while True:
        name = children.ended()
        if name:
            code, pause = children.running[name].returncode, children.record_end(name)
            if pause is None:
                times = f"{len(children.pauses) + 1} times within a minute of its start"
                sys.stderr.write(
                    f"The {name} process ended {times}, so the run ends; its last words: "
                    f"“{children.last_words(name)}”.\n"
                )
                return 1
            sys.stderr.write(
                f"The {name} process ended (exit code {code}); it starts again in {pause} s.\n"
            )
            next_starts[name] = time.monotonic() + pause
        for name in [name for name, moment in next_starts.items() if moment <= time.monotonic()]:
            del next_starts[name]
            children.start(name, parts[name])
        time.sleep(0.1)


def main() -> int:
    """Check, prepare, start, watch, stop."""
    begun = time.monotonic()
    options = arguments()
    env_file = Path(os.environ.get("ENV_FILE", ROOT / ".env"))
    check_env_file(env_file)
    check_port(options.host, options.port)
    var = prepare_environment(options, env_file)
    make_room(var)
    children = Children(claim(var))
    for number in STOPPING:
        signal.signal(number, interrupted)
    try:
        sweep(var, reset=options.reset_demo)
        check_settings()
        prepare_data(var, demo=not options.empty)
        with disk(var):
            (var / "address").write_text(os.environ["SITE_URL"])  # ./manage prints links with it
        return run(children, commands(options, var), f"http://localhost:{options.port}", begun)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping ...\n")
        return 0
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C does not leave a child behind
        children.stop()


if __name__ == "__main__":
    sys.exit(main())
