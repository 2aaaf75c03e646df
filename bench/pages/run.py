"""Time the pages and two acts under gunicorn on PostgreSQL, beside a floor in the same run.

    python -m bench.pages [--factors 1 10] [--requests 200] [--only "My desk" agency]
    python -m bench.pages --database postgres://… --factors 10

Without --database each factor gets a private PostgreSQL and Redis. A database must be empty; it is
filled with made data. gunicorn runs as in docker-compose.yml. Reported for each page and reader:
number of queries, p50 and p95 in ms at one client, requests a second at four clients, p50 as a
multiple of the floor, the CPU of the web server in ms and as a multiple of the floor's, and the
size of the page. Acts are sent by one client only. On a busy machine trust the CPU.
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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from coordination.tests.services.ports import free_port
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis

CHAIR, MEMBER, OTHER, PUBLIC = "chair", "focal point", "another agency", "anonymous"
TOKEN = "t" * 32  # of the check against forged requests: the cookie and the header agree
AT_ONCE = 4
TODAY = datetime.now(UTC).date()
TERM = f"/rotation/{TODAY.year}-H{1 if TODAY.month <= 6 else 2}/"
COMMENT = {"about": "b1", "agency": "1", "text": "So."}  # of the first agency that was made


@dataclass(frozen=True)
class Page:
    """A page, or an act if it has a form, with who asks for it."""

    name: str
    path: str
    reader: str = MEMBER
    htmx: bool = False
    form: dict[str, str] = field(default_factory=dict)


PAGES = [
    Page("floor", "/bench/floor/"),
    Page("My desk", "/desk/"),
    Page("My desk", "/desk/", CHAIR),
    Page("timeline", "/rotation/"),
    Page("timeline", "/rotation/", PUBLIC),
    Page("term", TERM),
    Page("term", TERM, CHAIR),
    Page("state of play", f"{TERM}state-of-play/", CHAIR),
    Page("selection", "/rotation/selections/next/"),
    Page("selection", "/rotation/selections/next/", CHAIR),
    Page("statement list", "/statements/"),
    Page("statement list", "/statements/", PUBLIC),
    Page("statement", "/statements/statement-1/"),
    Page("64 amendments", "/statements/two-pages/"),
    Page("64 amendments", "/statements/two-pages/", CHAIR),
    Page("64 amendments", "/statements/two-pages/", OTHER),
    Page("compare", "/statements/statement-50/compare/?from=1&to=2"),
    Page("compilation", "/statements/statement-1/compile/"),
    Page("compilation of 64", "/statements/two-pages/compile/"),
    Page("1,000 amendments", "/statements/workspace/"),
    Page("one block of it", "/statements/workspace/paragraphs/b50/", htmx=True),
    Page("consolidate 64", "/statements/consolidated-64/consolidate/", CHAIR),
    Page("consolidate 1,000", "/statements/consolidated-1000/consolidate/", CHAIR),
    Page("40 versions", "/statements/versions/history/"),
    Page("agency", "/members/ag01/"),
    Page("own agency", "/members/ag00/"),
    Page("agency", "/members/ag01/", PUBLIC),
    Page("meetings", "/meetings/"),
    Page("large meeting", "/meetings/large/"),
    Page("large meeting", "/meetings/large/", CHAIR),
    Page("its minutes", "/meetings/large/minutes/"),
    Page("its minutes", "/meetings/large/minutes/", CHAIR),
    Page("members", "/members/"),
    Page("members", "/members/", PUBLIC),
    Page("search, one hit", "/search/?q=meeting+217"),
    Page("search, all texts", "/search/?q=migrant+protecting"),
    Page("search, all texts", "/search/?q=migrant+protecting", PUBLIC),
    Page("search, misspelt", "/search/?q=diginty"),
    Page("search, misspelt", "/search/?q=diginty", PUBLIC),
    Page("discussion", "/statements/two-pages/discuss/"),
    Page("of 1,000 comments", "/statements/discussed/discuss/"),
    Page("comment", "/statements/two-pages/discuss/", form=COMMENT),
    Page("the 1,001st", "/statements/discussed/discuss/", form=COMMENT),
]


def ask(connection: http.client.HTTPConnection, page: Page, cookies: dict[str, str]) -> bytes:
    """Return the answer to a page or an act; end the program at an unexpected status."""
    cookie = "; ".join(
        f"{name}={value}"
        for name, value in (("sessionid", cookies.get(page.reader)), ("csrftoken", TOKEN))
        if value
    )
    headers = {"Cookie": cookie, "Host": "localhost"}
    headers |= {"HX-Request": "true"} if page.htmx else {}
    if page.form:
        headers |= {
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "http://localhost",
        }
    method, body = ("POST", urlencode(page.form)) if page.form else ("GET", None)
    connection.request(method, page.path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != (302 if page.form else 200):
        sys.exit(f"{page.path} answered {answer.status} to {page.reader}")
    return text


def fetch(port: int, page: Page, cookies: dict[str, str], times: int) -> list[float]:
    """Return the seconds of each of `times` requests, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        ask(connection, page, cookies)
        taken.append(time.perf_counter() - before)
    connection.close()
    return taken


def requests_a_second(port: int, page: Page, cookies: dict[str, str], each: int) -> float:
    """Return how many requests a second four clients get answered, one client for an act."""
    clients = 1 if page.form else AT_ONCE
    before = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda one: fetch(port, one, cookies, each), [page] * clients))
    return each * clients / (time.perf_counter() - before)


def cpu_of(server: int) -> float:
    """Return the seconds of CPU that the children of the process `server` have used."""
    ticks = 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def gunicorn(port: int, *options: str) -> Iterator[int]:
    """Run the web server as docker-compose.yml does; yield the number of its process."""
    command = [sys.executable, "-m", "gunicorn", "gmgapp.wsgi", "--workers", "2", "--threads", "2"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "error", *options]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def prepare(factor: int) -> dict[str, Any]:
    """Fill the database; return a signed-in test client for each kind of reader."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from bench.pages.data import make

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    people = dict(zip((MEMBER, OTHER, CHAIR), make(factor), strict=True))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    clients = {PUBLIC: Client(headers={"host": "localhost"})}
    for reader, person in people.items():
        clients[reader] = Client(headers={"host": "localhost"})
        clients[reader].force_login(person, backend="coordination.members.adapter.AccountBackend")
    return clients


def queries_of(page: Page, client: Any) -> int:
    """Return how many queries a page or an act makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    headers = {"HX-Request": "true"} if page.htmx else {}
    client.get(page.path, headers=headers)  # the first visit notes that the draft was opened
    with CaptureQueriesContext(connection) as queries:
        if page.form:
            client.post(page.path, page.form)
        else:
            client.get(page.path, headers=headers)
    return len(queries)


def measure(factor: int, requests: int, only: list[str]) -> None:
    """Fill the database of the environment, serve it, print a line a page."""
    from django.conf import settings

    clients = prepare(factor)
    wanted = [page for page in PAGES if not only or page.name in {"floor", *only}]
    counts = [queries_of(page, clients[page.reader]) for page in wanted]
    cookies = {
        reader: client.cookies[settings.SESSION_COOKIE_NAME].value
        for reader, client in clients.items()
        if settings.SESSION_COOKIE_NAME in client.cookies
    }
    port, floor, floor_cpu = free_port(), 0.0, 0.0
    print(
        f"{f'data x {factor}':<18}{'reader':<16}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}"
        f"{'req/s c=4':>11}{'floors':>8}{'CPU ms':>8}{'floors':>8}{'kB':>6}"
    )
    with gunicorn(port) as server:
        for page, queries in zip(wanted, counts, strict=True):
            size = len(ask(http.client.HTTPConnection("127.0.0.1", port), page, cookies)) / 1000
            fetch(port, page, cookies, 10)
            used = cpu_of(server)
            taken = sorted(fetch(port, page, cookies, requests))
            cpu = (cpu_of(server) - used) / requests * 1000
            p50, p95 = statistics.median(taken) * 1000, taken[int(len(taken) * 0.95)] * 1000
            floor, floor_cpu = floor or p50, floor_cpu or cpu
            rate = requests_a_second(port, page, cookies, requests // AT_ONCE)
            print(
                f"{page.name:<18}{page.reader:<16}{queries:>8}{p50:>9.1f}{p95:>9.1f}"
                f"{rate:>11.0f}{p50 / floor:>8.1f}{cpu:>8.1f}{cpu / floor_cpu:>8.1f}{size:>6.0f}",
                flush=True,
            )


def set_environment(database: str, redis: str, folder: str) -> None:
    """Set what the app reads at its start; its files go to `folder`."""
    os.environ.update(
        DATABASE_URL=database,
        REDIS_URL=redis,
        EMAIL_URL="smtp://127.0.0.1:1",
        STATIC_ROOT=f"{folder}/static",
        MEDIA_ROOT=f"{folder}/media",
        DJANGO_SETTINGS_MODULE="bench.pages.settings",
        ENV_FILE="/dev/null",
        SECRET_KEY="b" * 60,
        ALLOW_HTTP="true",
        DEBUG="false",
        LOG_LEVEL="ERROR",
        HOURLY_LIMITS="comments=1000000",
        MALLOC_ARENA_MAX="1",  # as the Dockerfile sets it
    )


def on_private_servers(factor: int, options: argparse.Namespace) -> None:
    """Run this file again for one factor on servers that live as long."""
    postgres, redis = PrivatePostgres(), PrivateRedis()
    try:
        command = [sys.executable, "-m", "bench.pages", "--database", postgres.start().url]
        command += ["--redis", redis.start().url, "--factors", str(factor)]
        command += ["--requests", str(options.requests), "--only", *options.only]
        subprocess.run(command, check=True)
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
    parser.add_argument("--only", nargs="*", default=[], help="names of pages; default: all")
    options = parser.parse_args()
    if not options.database:
        for factor in options.factors:
            on_private_servers(factor, options)
        return
    with tempfile.TemporaryDirectory() as folder:
        set_environment(options.database, options.redis, folder)
        measure(options.factors[0], options.requests, options.only)


if __name__ == "__main__":
    main()
