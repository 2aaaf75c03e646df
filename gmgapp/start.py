"""Starts web and worker as child processes on embedded defaults, starts each again that ends, and stops them together; called by ./run.

Nothing here runs in production: there web, worker and beat are services of their own
(docs/operate/install.md). It is run as a file, not as a part of the package, so that this process
does not load the app: the address answers the sooner.
"""

import argparse
import errno
import fcntl
import hashlib
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn
from zoneinfo import ZoneInfo

import environ

ROOT = Path(__file__).resolve().parent.parent
GROUP_ZONE = ZoneInfo("Europe/Zurich")
START_SECONDS = 60
GRACE_SECONDS = 8
STEADY_SECONDS = 60  # a child that lives as long has started well
PAUSES = (0.5, 1, 2, 4, 8)  # before a child starts again, in seconds; after the last the run ends
ROOM_WANTED = 20 * 1024 * 1024
HIGHEST_PORT = 65535
YEARS = range(1990, 2200)
# the first is ignored where a script starts us in the background
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
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
        "--empty", action="store_true", help="reference data only, no demonstration"
    )
    parser.add_argument(
        "--now",
        metavar="MOMENT",
        help="play at another moment, such as 2026-12-31T23:59 (zone of the group if none is given)",
    )
    return parser.parse_args()


def offset(moment: str | None) -> int:
    """Return the seconds between the present and the moment asked for."""
    if moment is None:
        return 0
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError:
        refuse(f"--now wants a moment such as 2026-12-31T23:59, not “{moment}”.")
    if wanted.year not in YEARS:
        refuse(f"--now goes from the year {YEARS.start} to {YEARS.stop - 1}, not to {wanted.year}.")
    if wanted.tzinfo is None:
        wanted = in_group_zone(wanted)
    return round((wanted - datetime.now(UTC)).total_seconds())


def in_group_zone(wanted: datetime) -> datetime:
    """Return the moment at which clocks of the group show an hour.

    Refuse one that they skip or show twice (PEP 495).
    """
    first, second = (wanted.replace(tzinfo=GROUP_ZONE, fold=fold) for fold in (0, 1))
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
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        refuse(f"“{host}” is no address of this machine; leave --host out, or use 0.0.0.0.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            refuse(f"Port {port} is taken by another program; choose another with --port.")
        refuse(f"{host}, port {port}, cannot be used: {error.strerror}.")


def prepare_environment(options: argparse.Namespace, env_file: Path) -> Path:
    """Set the embedded defaults; return the folder of the data."""
    environ.Env.read_env(env_file)
    var = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var"))).absolute()
    os.environ["VAR_DIR"] = str(var)
    os.environ.setdefault("DEBUG", "true")
    os.environ["DEMO"] = "false" if options.empty else "true"
    os.environ["CLOCK_OFFSET_SECONDS"] = str(offset(options.now))
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")
    if options.host not in LOOPBACK:
        os.environ.setdefault("ALLOWED_HOSTS", "*")
    os.environ.setdefault("PLAN_EVERY_SECONDS", "20")
    os.environ.setdefault("DELIVER_EVERY_SECONDS", "5")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gmgapp.settings"
    return var


def check_settings() -> None:
    """Read the settings as the app will; what they refuse is one sentence."""
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
    """Make the folder of the data and try whether there is room in it."""
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
        ["prepared", "outbox", "media", "cache", "static"] if reset else []
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


def version() -> str:
    """Return what the data are prepared for.

    This database, the newest change of migrations and reference data.
    """
    files = [*ROOT.glob("coordination/*/migrations/*.py"), *ROOT.glob("fixtures/*.json")]
    newest = max((file.stat().st_mtime_ns for file in files), default=0)
    return hashlib.sha256(f"{newest} {os.environ.get('DATABASE_URL', '')}".encode()).hexdigest()[
        :16
    ]


def prepare_data(var: Path, *, demo: bool) -> None:
    """Migrate and load the reference data and the demonstration, unless that was done."""
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
    for command in [["migrate", "--verbosity", "0"], ["load_reference"]] + (
        [["load_demo"]] if demo else []
    ):
        manage(var, *command)
    with disk(var):
        done.write_text(f"{version()} {kind}")


def manage(var: Path, *command: str) -> None:
    """Run one command of the app; if it fails, its last words are the sentence."""
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
        refuse(
            f"“{command[0]}” did not finish: {(done.stdout.strip().splitlines() or ['no words from it'])[-1]}"
        )


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


@contextmanager
def unbroken() -> Iterator[None]:
    """Let a request to end wait until the block is done.

    It would lose a child that is not known yet, or the lock of `Popen.poll`.
    """
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda came, _: asked.append(came)) for number in STOPPING
    }
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)
    if asked:
        raise KeyboardInterrupt


class Children:
    """The child processes; each in a group of its own, so that its own children end with it."""

    def __init__(self, lock: TextIOWrapper) -> None:
        """Begin with none; each holds the lock on the folder, so that it stays taken while one of them lives."""
        self.lock = lock
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started_at: dict[str, float] = {}
        self.early_ends: dict[str, int] = {}
        self.relays: dict[str, Relay] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start one."""
        with unbroken():
            process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, *command],
                cwd=ROOT,
                start_new_session=True,
                pass_fds=[self.lock.fileno()],
                stderr=subprocess.PIPE,
            )
            self.running[name] = process
            self.started_at[name] = time.monotonic()
            assert process.stderr
            self.relays[name] = Relay(process.stderr)
            self.relays[name].start()

    def ended(self) -> str | None:
        """Return the name of one that has ended by itself."""
        with unbroken():
            return next(
                (name for name, process in self.running.items() if process.poll() is not None), None
            )

    def record_end(self, name: str) -> float | None:
        """Forget one that has ended, and kill what is left of its group.

        Return the pause before its next start, None after the last.
        """
        with unbroken():
            uptime = time.monotonic() - self.started_at[name]
            kill_group(self.running.pop(name), signal.SIGKILL)
        self.early_ends[name] = 1 if uptime >= STEADY_SECONDS else self.early_ends.get(name, 0) + 1
        return PAUSES[self.early_ends[name] - 1] if self.early_ends[name] <= len(PAUSES) else None

    def last_words(self, name: str) -> str:
        """Return the last line that one wrote to standard error."""
        self.relays[name].join(1)
        return self.relays[name].last_line

    def stop(self) -> None:
        """Ask each to end; kill what has not after a while."""
        for process in self.running.values():
            kill_group(process, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while (
            any(process.poll() is None for process in self.running.values())
            and time.monotonic() < end
        ):
            time.sleep(0.05)
        for process in self.running.values():
            kill_group(process, signal.SIGKILL)
            process.wait()


def kill_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the group of a child.

    Also of one that has ended, whose children may live on.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


class Relay(threading.Thread):
    """Copies what a child writes to standard error to our own, and remembers the last line."""

    def __init__(self, source: IO[bytes]) -> None:
        """Read from `source` until it is closed."""
        super().__init__(daemon=True)
        self.source = source
        self.last_line = "none"

    def run(self) -> None:
        """Copy line by line."""
        for line in self.source:
            self.last_line = line.decode(errors="replace").strip() or self.last_line
            with suppress(OSError):  # our terminal may be gone; a full pipe would block the child
                sys.stderr.buffer.write(line)
                sys.stderr.buffer.flush()


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
    """Turn a request to end into the same way out as Ctrl-C."""
    raise KeyboardInterrupt


def run(children: Children, parts: dict[str, list[str]], address: str, begun: float) -> int:
    """Start the children, say where the app is, and stay until one does not stay up or somebody says stop; return the exit code."""
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
    """Start each child again that ends, with growing pauses; return 1 when one does not stay up."""
    next_starts: dict[str, float] = {}
    while True:
        name = children.ended()
        if name:
            code, pause = children.running[name].returncode, children.record_end(name)
            if pause is None:
                times = f"{len(PAUSES) + 1} times within a minute of its start"
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
