"""Runs worker and beat of the embedded run in one process.

On Celery's memory transport. `python -m gmgapp.embedded`.

No message leaves this process, so it needs no broker. It polls the outbox, and plans as soon as
another process touches WAKE_FILE.
"""

import os
import signal
import sys
import threading
import time

from celery import Celery
from celery.beat import Service
from celery.signals import worker_shutting_down
from celery.worker import WorkController, state
from django.conf import settings

from gmgapp.celery import app

# Planning has a thread of its own, so a slow mail server does not delay it.
QUEUES = {"planner": ["default", "plan"], "deliverer": ["mail"]}
STOP_SECONDS = 6  # ./run kills what has not ended after 8


def make_worker(name: str, queues: list[str]) -> WorkController:
    """Return a worker that runs its queues' tasks in sequence."""
    # A Celery application has one choice of queues, so each worker has its own application. All
    # share the tasks and the transport.
    own = Celery(name, set_as_current=False)
    own.config_from_object("django.conf:settings", namespace="CELERY")
    return WorkController(
        app=own,
        hostname=f"{name}@embedded",
        pool="solo",
        queues=queues,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
    )


def ask_to_stop(*_: object) -> None:
    """Let each worker end after its present task.

    A delivery finishes the mail in hand.
    """
    worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=os.EX_OK)
    state.should_stop = os.EX_OK  # type: ignore[assignment]  # the stubs know None alone


def last_wake() -> int:
    """Return the last wake by another process, in nanoseconds.

    It asked for planning. 0 if none did.
    """
    try:
        return settings.WAKE_FILE.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def watch(threads: list[threading.Thread]) -> int:
    """Plan at each wake until a signal comes.

    Returns 1 if a thread ends by itself before.
    """
    seen = last_wake()
    while state.should_stop is None:
        for thread in threads:
            if not thread.is_alive():
                sys.stderr.write(f"The thread “{thread.name}” ended.\n")
                return 1
        newest = last_wake()
        if newest != seen:
            seen = newest
            app.send_task("reminders.plan")
        time.sleep(0.2)
    return 0


def main() -> int:
    """Run until a signal comes; return the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    app.loader.import_default_modules()
    app.finalize()
    workers = [
        threading.Thread(target=make_worker(name, queues).start, name=name, daemon=True)
        for name, queues in QUEUES.items()
    ]
    beat = Service(app, scheduler_cls=app.conf.beat_scheduler)
    threads = [*workers, threading.Thread(target=beat.start, name="beat", daemon=True)]
    for thread in threads:
        thread.start()
    code = watch(threads)
    ask_to_stop()
    end = time.monotonic() + STOP_SECONDS
    for thread in workers:
        thread.join(max(0, end - time.monotonic()))
    return code


if __name__ == "__main__":
    sys.exit(main())
