"""Time the acts on many amendments, by the chair's POST, on PostgreSQL and beside a floor.

    python -m bench.acts.run [--repeat 5]

A private PostgreSQL and Redis are started. Each act is timed in this process, without a web server,
as is the floor (a GET of bench/pages). Reported: queries, the median in ms, and its multiple of the
floor.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis

FLOOR = "/bench/floor/"
# name: paragraphs, words in each, amendments to each
SIZES = {"64 amendments": (16, 56, 4), "1,000 amendments": (100, 180, 10)}
ACTS = {"take all that merge": "take_all_that_merge", "issue with open amendments": "issue"}


def timed(client: Any, method: str, path: str, data: dict[str, str]) -> tuple[float, int]:
    """Return the milliseconds and the queries of one request."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        before = time.perf_counter()
        answer = getattr(client, method)(path, data)
        taken = time.perf_counter() - before
    if answer.status_code >= 400:
        sys.exit(f"{path} answered {answer.status_code}")
    return taken * 1000, len(queries)


def prepare() -> Any:
    """Migrate, and make a group whose first agency chairs; return one of its people."""
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.core.management import call_command

    from bench.pages import data
    from coordination.core.models import Group
    from coordination.members.models import Person
    from coordination.rotation.models import ChairTerm

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    Group.objects.create(name="Benchmark group", acronym="BENCH")
    now = datetime.now(UTC)
    data.people(now)
    data.terms(now)
    term = ChairTerm.objects.get(first_day__lte=now.date(), last_day__gte=now.date())
    agency = term.chairs.get().agency
    return Person.objects.filter(appointments__agency=agency).first()


def measure(repeat: int) -> None:
    """Print a line for each act and size."""
    chair = prepare()
    from datetime import UTC, datetime, timedelta

    from django.test import Client
    from django.urls import reverse

    from bench.pages.data import workspace
    from coordination.statements.models import Statement

    client = Client(headers={"host": "localhost"})
    client.force_login(chair, backend="coordination.members.adapter.AccountBackend")
    floors = [timed(client, "get", FLOOR, {})[0] for _ in range(50)]
    floor = statistics.median(floors[10:])
    print(f"{'floor':<50}{'':>8}{floor:>10.1f} ms{1:>8.1f} floors")
    now = datetime.now(UTC)
    deadline = {"deadline": f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}", "to": "amendments"}
    for size, (paragraphs, words, amendments) in SIZES.items():
        for act, name in ACTS.items():
            taken = []
            for number in range(repeat):
                slug = f"{name}-{paragraphs}-{number}"
                workspace(now, slug, paragraphs, words, amendments)
                Statement.objects.filter(slug=slug).update(state="consolidation")
                path = reverse(f"statements:{name}", args=[slug])
                taken.append(timed(client, "post", path, deadline if name == "issue" else {}))
            ms = statistics.median(each for each, _queries in taken)
            queries = max(queries for _each, queries in taken)
            print(f"{act + ', ' + size:<50}{queries:>8}{ms:>10.1f} ms{ms / floor:>8.1f} floors")


def main() -> None:
    """Run this file again on servers that live as long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(options.repeat)
        return
    postgres, redis = PrivatePostgres(), PrivateRedis()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "DATABASE_URL": postgres.start().url,
                "REDIS_URL": redis.start().url,
                "EMAIL_URL": "smtp://127.0.0.1:1",
                "STATIC_ROOT": f"{folder}/static",
                "MEDIA_ROOT": f"{folder}/media",
                "DJANGO_SETTINGS_MODULE": "bench.pages.settings",
                "ENV_FILE": "/dev/null",
                "SECRET_KEY": "b" * 60,
                "ALLOW_HTTP": "true",
                "DEBUG": "false",
                "LOG_LEVEL": "ERROR",
            }
            command = [sys.executable, "-m", "bench.acts.run", "--here"]
            subprocess.run(
                [*command, "--repeat", str(options.repeat)], env=os.environ | settings, check=True
            )
    finally:
        postgres.stop()
        redis.stop()


if __name__ == "__main__":
    main()
