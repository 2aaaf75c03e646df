"""Free ports, and waiting for somebody to listen."""

import socket

from coordination.tests.services.waiting import wait_until


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Say whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int) -> None:
    """Wait until somebody listens on the port; raises TimeoutError."""
    if not wait_until(lambda: listens(port)):
        raise TimeoutError(f"nobody listens on {port}")
