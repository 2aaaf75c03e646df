"""Seconds from ./run to its first answer, cold (a fresh clone.

Environment, dependencies, data) and warm (the same folder again).

python -m bench.start.run [--rounds 3] [--warm-only]

Cold needs the package index. With --warm-only the environment of this checkout is used, with data
of its own.
"""

import argparse
import fcntl
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coordination.tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 600


def answers(port: int) -> bool:
    """Say whether the home page answers 200."""
    try:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        link.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return link.getresponse().status == 200
    except OSError:
        return False


def start(folder: Path, data: Path) -> float:
    """Start ./run in `folder` with its data in `data`, stop it at its first answer.

    Return the seconds that this took.
    """
    port, begun = free_port(), time.monotonic()
    environment = {**os.environ, "VAR_DIR": str(data), "ENV_FILE": os.devnull}
    process = subprocess.Popen(
        [sys.executable, "run", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    while (
        not answers(port) and process.poll() is None and time.monotonic() - begun < LONGEST_SECONDS
    ):
        time.sleep(0.05)
    taken, ended = time.monotonic() - begun, process.poll() is not None
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[0].decode(errors="replace").strip()[-400:]
    if ended or taken >= LONGEST_SECONDS:
        sys.exit(f"./run did not start: {said}")
    if process.returncode or held(data / "run.lock"):
        sys.exit(f"./run did not stop cleanly (exit code {process.returncode}): {said}")
    return taken


def held(lock: Path) -> bool:
    """Say whether a process that ./run left behind holds the lock on the data."""
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def main() -> None:
    """Clone, start, start again; print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-only", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, data = ROOT if options.warm_only else Path(name) / "clone", Path(name) / "var"
        if not options.warm_only:
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        first = start(folder, data)
        print(f"{'no data yet' if options.warm_only else 'cold':<12}{first:6.1f} s")
        again = [start(folder, data) for _ in range(options.rounds)]
        print(
            f"{'warm':<12}{statistics.median(again):6.1f} s   least {min(again):.1f} of "
            f"{[round(seconds, 1) for seconds in again]}"
        )


if __name__ == "__main__":
    main()
