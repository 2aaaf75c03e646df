"""Starts web, worker and beat as child processes on embedded defaults, and stops them together; called by ./run.

Nothing here runs in production: there the three are services of their own (docs/operate/install.md).
"""

import argparse
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn
from zoneinfo import ZoneInfo

import environ

ROOT = Path(__file__).resolve().parent.parent
GROUP_ZONE = ZoneInfo("Europe/Zurich")
START_SECONDS = 30
GRACE_SECONDS = 8


def refuse(sentence: str) -> NoReturn:
    """End with one sentence on standard error."""
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run", description="Start the app on this machine, with a demonstration.")
    parser.add_argument("--port", type=int, default=8000, help="port of the web address (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--reset-demo", action="store_true", help="throw the data away and begin the demonstration anew")
    parser.add_argument("--empty", action="store_true", help="reference data only, no demonstration")
    parser.add_argument(
        "--now", metavar="MOMENT", help="play at another moment, such as 2026-12-31T23:59 (zone of the group if none is given)"
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
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=GROUP_ZONE)
    return round((wanted - datetime.now(UTC)).total_seconds())


def check_env_file() -> None:
    """Refuse a .env that cannot be read, naming the line."""
    path = ROOT / ".env"
    if not path.exists():
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        refuse(".env cannot be read as UTF-8 text.")
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#") and "=" not in text:
            refuse(f".env, line {number}: “{text}” is not NAME=value.")


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = "is taken by another program" if getattr(error, "errno", 0) == errno.EADDRINUSE else "cannot be used"
            refuse(f"Port {port} {reason}; choose another with --port.")


def prepare_environment(options: argparse.Namespace) -> Path:
    """Set the embedded defaults; return the folder of the data."""
    environ.Env.read_env(ROOT / ".env")
    var = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var")))
    os.environ.setdefault("DEBUG", "true")
    os.environ["DEMO"] = "false" if options.empty else "true"
    os.environ["CLOCK_OFFSET_SECONDS"] = str(offset(options.now))
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")
    os.environ.setdefault("PLAN_EVERY_SECONDS", "20")
    os.environ.setdefault("DELIVER_EVERY_SECONDS", "5")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gmgapp.settings"
    return var


def make_room(var: Path, *, reset: bool) -> None:
    """Make the folder of the data, empty if asked; a disk that refuses gets a sentence."""
    try:
        if reset:
            shutil.rmtree(var, ignore_errors=True)
        var.mkdir(parents=True, exist_ok=True)
        (var / "probe").write_bytes(b"x" * 4096)
        (var / "probe").unlink()
        shutil.rmtree(var / "broker", ignore_errors=True)
        (var / "beat.pid").unlink(missing_ok=True)
    except OSError as error:
        explain(error, var)


def explain(error: OSError, var: Path) -> NoReturn:
    """Say what the disk refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        refuse(f"The disk is full: make room for {var} and start again.")
    refuse(f"{var} cannot be written: {error.strerror}.")


def prepare_data(var: Path, *, demo: bool) -> None:
    """Migrate, and load the reference data and the demo, in one process; skip what is already there."""
    done = var / "prepared"
    wanted = f"{version()} {'demo' if demo else 'empty'}"
    if done.exists() and done.read_text() == wanted:
        return
    commands = [["migrate", "--verbosity", "0"], ["load_reference"]] + ([["load_demo"]] if demo else [])
    for command in commands:
        result = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
        if result.returncode:
            if ("disk" in result.stderr and "full" in result.stderr) or "No space left" in result.stderr:
                refuse(f"The disk is full: make room for {var} and start again.")
            last = (result.stderr.strip().splitlines() or ["no output"])[-1]
            refuse(f"{command[0]} did not finish: {last}")
    done.write_text(wanted)


def version() -> str:
    """Return what the data were prepared for: the newest change of migrations and fixtures."""
    files = [*ROOT.glob("coordination/*/migrations/*.py"), *ROOT.glob("fixtures/*.json")]
    return str(max((file.stat().st_mtime_ns for file in files), default=0))


def commands(options: argparse.Namespace, var: Path) -> dict[str, list[str]]:
    """Return the three child processes."""
    python = sys.executable
    return {
        "web": [
            python,
            "-m",
            "gunicorn",
            "gmgapp.wsgi",
            "--bind",
            f"{options.host}:{options.port}",
            "--workers",
            "1",
            "--threads",
            "4",
            "--log-level",
            "warning",
        ],
        "worker": [
            python,
            "-m",
            "celery",
            "-A",
            "gmgapp",
            "--quiet",
            "worker",
            "--queues",
            "default,mail",
            "--concurrency",
            "1",
            "--pool",
            "solo",
            "--loglevel",
            "WARNING",
            "--without-mingle",
            "--without-gossip",
        ],
        "beat": [python, "-m", "celery", "-A", "gmgapp", "--quiet", "beat", "--loglevel", "WARNING", "--pidfile", str(var / "beat.pid")],
    }


class Children:
    """The child processes; each in a group of its own, so that its own children end with it."""

    def __init__(self) -> None:
        """Begin with none."""
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start one."""
        self.running[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own command

    def ended(self) -> str | None:
        """Return the name of one that has ended by itself."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the group of each that still runs."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, number)

    def stop(self) -> None:
        """Ask each to end; kill what has not after a while."""
        self.signal(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in self.running.values()) and time.monotonic() < end:
            time.sleep(0.05)
        self.signal(signal.SIGKILL)
        for process in self.running.values():
            process.wait()


def answers(address: str) -> bool:
    """Say whether the web address answers."""
    try:
        with urllib.request.urlopen(f"{address}/accounts/login/", timeout=5):  # noqa: S310 - our own address
            return True
    except OSError:
        return False


def wait_for(address: str, children: Children) -> None:
    """Wait until the address answers; a child that ends first, or too long a wait, ends the start."""
    end = time.monotonic() + START_SECONDS
    while not answers(address):
        ended = children.ended()
        if ended or time.monotonic() > end:
            children.stop()
            refuse(f"The {ended} process ended at once; its words are above." if ended else f"{address} does not answer.")
        time.sleep(0.1)


def interrupted(number: int, frame: FrameType | None) -> NoReturn:
    """Turn a request to end into the same way out as Ctrl-C."""
    raise KeyboardInterrupt


def watch(children: Children, address: str, begun: float) -> int:
    """Say where the app is, and stay until a child ends or somebody says stop; return the exit code."""
    wait_for(address, children)
    sys.stdout.write(f"\n  {address}   (ready in {time.monotonic() - begun:.1f} s; Ctrl-C stops it)\n\n")
    sys.stdout.flush()
    while True:
        ended = children.ended()
        if ended:
            sys.stderr.write(f"The {ended} process ended; the others are stopped too.\n")
            return 1
        time.sleep(0.3)


def main() -> int:
    """Check, prepare, start, watch, stop."""
    begun = time.monotonic()
    options = arguments()
    check_env_file()
    check_port(options.host, options.port)
    var = prepare_environment(options)
    make_room(var, reset=options.reset_demo)
    signal.signal(signal.SIGTERM, interrupted)
    children = Children()
    try:
        prepare_data(var, demo=not options.empty)
        for name, command in commands(options, var).items():
            children.start(name, command)
        return watch(children, f"http://localhost:{options.port}", begun)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping …\n")
        return 0
    finally:
        children.stop()


if __name__ == "__main__":
    sys.exit(main())
