"""Time the pages under gunicorn on PostgreSQL, beside a floor in the same run.

    python -m bench.pages.run [--factors 1 10] [--requests 200]
    python -m bench.pages.run --database postgres://… --factors 10

Without --database each factor gets a private PostgreSQL and Redis. A database must be empty; it is
filled with made data. Reported: number of queries, p50 and p95 in ms at one client, requests a
second at four clients, and p50 as a multiple of the floor; then the same of a page whose readers
are each the first after a change of what is on record (see coordination.core.editions), and its
queries.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db.models import F

from coordination.tests.services.ports import free_port
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis

PAGES = {
    "floor": "/bench/floor/",
    "My desk": "/desk/",
    "timeline": "/rotation/",
    "statement list": "/statements/",
    "statement": "/statements/statement-1/",
    "64 amendments": "/statements/two-pages/",
    "compare": "/statements/statement-50/compare/?from=1&to=2",
    "compilation": "/statements/statement-1/compile/",
    "1,000 amendments": "/statements/workspace/",
    "one block of it": "/statements/workspace/paragraphs/b50/",
    "40 versions": "/statements/versions/history/",
    "agency": "/members/ag01/",
    "meetings": "/meetings/",
    "members": "/members/",
}

PIECES = {"one block of it"}  # asked for by htmx


def headers_of(name: str) -> dict[str, str]:
    """Return what the browser sends with a page, or with a piece of one."""
    return {"HX-Request": "true"} if name in PIECES else {}


def fetch(
    port: int, name: str, cookie: str, times: int, before_each: Callable[[], object] = int
) -> list[float]:
    """Return the seconds of each of `times` requests for a page, over one connection.

    The time that `before_each` takes is not counted.
    """
    path = PAGES[name]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for _ in range(times):
        before_each()
        before = time.perf_counter()
        connection.request(
            "GET",
            path,
            headers={"Cookie": f"sessionid={cookie}", "Host": "localhost", **headers_of(name)},
        )
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - before)
        if answer.status != 200:
            sys.exit(f"{path} answered {answer.status}")
    return taken


@contextmanager
def gunicorn(port: int) -> Iterator[None]:
    """Run the web server with two workers while the block runs."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "gmgapp.wsgi",
        "-w",
        "2",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def change() -> None:
    """Give what is on record another edition, as each act in a statement does."""
    from coordination.statements.models import Statement

    Statement.objects.filter(slug="statement-1").update(version=F("version"))


def prepare(factor: int) -> tuple[str, dict[str, tuple[int, int]]]:
    """Fill the database; return the reader's session cookie and the queries of each page.

    As a rule, and right after a change.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.pages.data import make

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    reader = make(factor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="coordination.members.adapter.AccountBackend")
    counts = {}
    for name, path in PAGES.items():
        client.get(path, headers=headers_of(name))
        client.get(path, headers=headers_of(name))  # the first may note that the draft was opened
        change()
        with CaptureQueriesContext(connection) as of_the_first:
            client.get(path, headers=headers_of(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(path, headers=headers_of(name))
        counts[name] = len(queries), len(of_the_first)
    return client.cookies[settings.SESSION_COOKIE_NAME].value, counts


def measure(factor: int, requests: int, port: int) -> None:
    """Fill the database of the environment, serve it, print a line a page."""
    cookie, counts = prepare(factor)
    floor = 0.0
    heads = f"{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'req/s c=4':>11}{'floors':>8}"
    print(
        f"{f'data x {factor}':<16}{heads}   after a change: "
        f"{'queries':>8}{'p50 ms':>9}{'floors':>8}"
    )
    with gunicorn(port):
        for name in PAGES:
            fetch(port, name, cookie, 20)
            taken = sorted(fetch(port, name, cookie, requests))
            p50, p95 = statistics.median(taken) * 1000, taken[int(len(taken) * 0.95)] * 1000
            floor = floor or p50
            before = time.perf_counter()
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda page: fetch(port, page, cookie, requests // 4), [name] * 4))
            rate = requests / (time.perf_counter() - before)
            first = (
                statistics.median(fetch(port, name, cookie, requests // 4, before_each=change))
                * 1000
            )
            kept, cold = counts[name]
            of_kept = f"{name:<16}{kept:>8}{p50:>9.1f}{p95:>9.1f}{rate:>11.0f}{p50 / floor:>8.1f}"
            print(f"{of_kept}{cold:>26}{first:>9.1f}{first / floor:>8.1f}", flush=True)


def on_private_servers(factor: int, requests: int) -> None:
    """Run this file again for one factor on servers that live as long."""
    postgres, redis = PrivatePostgres(), PrivateRedis()
    try:
        command = [
            sys.executable,
            "-m",
            "bench.pages.run",
            "--database",
            postgres.start().url,
            "--redis",
            redis.start().url,
        ]
        subprocess.run(
            [*command, "--factors", str(factor), "--requests", str(requests)], check=True
        )
    finally:
        postgres.stop()
        redis.stop()


def main() -> None:
    """Measure once a factor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database")
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/9")
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    if not options.database:
        for factor in options.factors:
            on_private_servers(factor, options.requests)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL=options.database,
            REDIS_URL=options.redis,
            EMAIL_URL="smtp://127.0.0.1:1",
            STATIC_ROOT=f"{folder}/static",
            MEDIA_ROOT=f"{folder}/media",
            DJANGO_SETTINGS_MODULE="bench.pages.settings",
            ENV_FILE="/dev/null",
            SECRET_KEY="b" * 60,
            ALLOW_HTTP="true",
            DEBUG="false",
            LOG_LEVEL="ERROR",
        )
        measure(options.factors[0], options.requests, free_port())


if __name__ == "__main__":
    main()
