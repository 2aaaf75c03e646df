"""Real worker and beat processes on servers that a test owns and may kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from coordination.tests.services.postgres import binaries
from coordination.tests.services.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[3]


def put_migrated(address: str) -> bool:
    """Copy what `./test` migrated once (MIGRATED_FILE, MIGRATED_DUMP) to an empty database; say whether there was anything to copy."""
    file, dump = os.environ.get("MIGRATED_FILE"), os.environ.get("MIGRATED_DUMP")
    folder = binaries()
    if file and address.startswith("sqlite:"):
        ours = Path(address.removeprefix("sqlite:///"))
        ours.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(ours)) as copy:
            source.backup(copy)
    elif dump and folder and address.startswith("postgres:"):
        restore = [folder / "pg_restore", "--no-owner", "--dbname", address, dump]
        subprocess.run(restore, check=True)
    else:
        return False
    return True


class Machinery:
    """The processes of one test, with one environment."""

    def __init__(self, folder: Path, **environment: str) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "COV_"))
        }
        self.folder = folder
        self.environment = {
            **kept,
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(folder),
            "DEBUG": "true",
            "PLAN_EVERY_SECONDS": "1",
            "DELIVER_EVERY_SECONDS": "1",
            "MAIL_RETRY_SECONDS": "1",
            "MAIL_LEASE_SECONDS": "4",
            "LOG_LEVEL": "ERROR",
            "SITE_URL": "http://localhost:8000",
            **environment,
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.killed: set[int] = set()
        self.log = (folder / "log.txt").open("ab")

    def migrate(self) -> None:
        """Make the tables: in a second where `./test` made them before, else in fifteen."""
        if not put_migrated(self.environment["DATABASE_URL"]):
            self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "gmgapp.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def worker(self, queues: str = "default,plan,mail") -> subprocess.Popen[bytes]:
        return self.start(
            "celery",
            "-A",
            "gmgapp",
            "worker",
            "--queues",
            queues,
            "--concurrency",
            "2",
            "--loglevel",
            "ERROR",
            "-n",
            f"w{len(self.processes)}@localhost",
        )

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"schedule-{len(self.processes)}"
        return self.start(
            "celery",
            "-A",
            "gmgapp",
            "beat",
            "--loglevel",
            "ERROR",
            "--pidfile",
            "",
            "--schedule",
            str(schedule),
        )

    def supervise(self) -> None:
        """Start a worker again that ended by itself, as a supervisor does (docker-compose.yml: restart: unless-stopped).

        A Celery worker may end when its broker goes in the very moment in which it confirms a task.
        """
        for process in list(self.processes):
            if (
                "worker" in process.args
                and process.pid not in self.killed
                and process.poll() is not None
            ):
                self.killed.add(process.pid)
                self.worker()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 the process and its children."""
        self.killed.add(process.pid)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
        self.log.close()

    def words(self) -> str:
        return (self.folder / "log.txt").read_text(errors="replace")[-3000:]
