"""The child processes of ./run: they are started, watched and stopped together.

It runs without Django, as `start` does, and nothing here runs in production.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 8
STEADY_SECONDS = 60  # a child that lives as long has started well
PAUSES = (0.5, 1, 2, 4, 8)  # before a child starts again, in seconds; after the last the run ends
# the first is ignored where a script starts us in the background
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    """The child processes.

    Each is in a group of its own, so that its own children end with it.
    """

    def __init__(self, lock: TextIOWrapper) -> None:
        """Begin without children.

        Each child holds the lock on the folder, so it stays taken while one of them lives.
        """
        self.lock = lock
        self.pauses: tuple[float, ...] = PAUSES
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
        """Forget an ended child and kill the rest of its group.

        Return the pause before its next start, None after the last.
        """
        with unbroken():
            uptime = time.monotonic() - self.started_at[name]
            kill_group(self.running.pop(name), signal.SIGKILL)
        self.early_ends[name] = 1 if uptime >= STEADY_SECONDS else self.early_ends.get(name, 0) + 1
        early = self.early_ends[name]
        return self.pauses[early - 1] if early <= len(self.pauses) else None

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

    The child may have ended, and its own children live on.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


class Relay(threading.Thread):
    """Copies a child's standard error to our own.

    It remembers the last line.
    """

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
