"""How tests wait for other processes: as long as a busy machine may need, and not longer than necessary."""

import time
from collections.abc import Callable

# Seconds. A test that passes does not wait so long; one that fails says so after it.
PATIENCE = 120.0


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until the condition holds; return whether it did in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return condition()
