"""Starts of ./run, as tests make them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

from coordination.tests.services.ports import free_port
from coordination.tests.services.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
THEIRS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "SITE_URL",
    "DEBUG",
    "DEMO",
    "MEDIA_ROOT",
    "DJANGO_SETTINGS_MODULE",
)
CHILDREN = {"web": "gunicorn", "worker": "gmgapp.embedded"}


def environment(var: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "COV_")) and name not in THEIRS
    }
    return kept | {"ENV_FILE": os.devnull, "VAR_DIR": str(var)} | more


class Started:
    """One start, as a person at a terminal has it."""

    def __init__(
        self, var: Path, *options: str, run: tuple[Path, ...] = (ROOT / "run",), **more: str
    ) -> None:
        self.port, self.var = free_port(), var
        self.words = var.parent / f"words-{self.port}.txt"
        with self.words.open("wb") as words:
            self.process = subprocess.Popen(
                [*run, "--port", str(self.port), *options],
                env=environment(var, **more),
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()  # else it runs on, and a later test fails for it
            raise
        return self

    def wait_until_ready(self) -> None:
        end = time.monotonic() + 3 * PATIENCE  # it migrates and loads the demonstration
        while "ready in" not in self.words.read_text():
            assert self.process.poll() is None, self.words.read_text()
            assert time.monotonic() < end, self.words.read_text()
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def page(self, path: str) -> str:
        with urllib.request.urlopen(
            f"http://localhost:{self.port}{path}", timeout=PATIENCE
        ) as answer:
            return answer.read().decode()

    def children(self, marks: dict[str, str] = CHILDREN) -> dict[str, int]:
        """Return the process of web and worker; the second comes after the address answers."""
        end = time.monotonic() + PATIENCE
        running: dict[str, int] = {}
        while len(running) < len(marks) and time.monotonic() < end:
            running.clear()
            for pid in (
                Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
                .read_text()
                .split()
            ):
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
                running |= {name: int(pid) for name, mark in marks.items() if mark in words}
            time.sleep(0.1)
        return running


def refused(var: Path, *options: str, **more: str) -> str:
    """Start what must not start; return what it said."""
    done = subprocess.run(
        [sys.executable, "-P", ROOT / "gmgapp" / "start.py", "--port", str(free_port()), *options],
        env=environment(var, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    return done.stderr
