"""A private Redis on a free port, without persistence."""

import shutil
import subprocess

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE


class PrivateRedis:
    """A redis-server of our own."""

    def __init__(self) -> None:
        """Find the binary."""
        if shutil.which("redis-server") is None:
            raise FileNotFoundError("redis-server is not on this machine")
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "PrivateRedis":
        """Start it, and wait until it listens."""
        self.process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.port)
        return self

    def kill(self) -> None:
        """Kill it: all that it carried is lost."""
        assert self.process
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        """Stop it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
