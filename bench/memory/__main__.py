"""Measure the memory of the web server after 90 readers have read every page.

    python -m bench.memory [--factor 1] [-- --preload]

The data, the private servers and gunicorn are those of bench.pages; what comes after -- goes to
gunicorn. Each of the 90 people reads each page of a focal point once, four at a time. Reported for
the master and each worker, in MiB: RSS, where pages that processes share count in each of them, and
PSS, where a page that two share counts half in each.
"""

import argparse
import http.client
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.pages import run as pages
from coordination.tests.services.ports import free_port
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis


def memory_of(process: int) -> dict[str, float]:
    """Return the RSS and PSS of a process in MiB."""
    sizes = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, size = line.split()[:2]
        sizes[name.rstrip(":")] = int(size) / 1024
    return sizes


def report(server: int, when: str) -> None:
    """Print a line for each process of the web server, and their sum."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    sizes = {"master": memory_of(server)}
    sizes |= {f"worker {n}": memory_of(int(child)) for n, child in enumerate(children, 1)}
    print(f"{when:<22}{'RSS MiB':>9}{'PSS MiB':>9}")
    for name, size in sizes.items():
        print(f"    {name:<18}{size['Rss']:>9.0f}{size['Pss']:>9.0f}")
    rss, pss = (sum(size[kind] for size in sizes.values()) for kind in ("Rss", "Pss"))
    print(f"    {'together':<18}{rss:>9.0f}{pss:>9.0f}", flush=True)


def sessions() -> list[str]:
    """Return the session of each person, signed in."""
    from django.conf import settings
    from django.test import Client

    from coordination.members.models import Person

    keys = []
    for person in Person.objects.order_by("pk"):
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="coordination.members.adapter.AccountBackend")
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def read_all(port: int, session: str) -> None:
    """Read each page of a focal point once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for page in pages.PAGES:
        if page.reader == pages.MEMBER and not page.form:
            pages.ask(connection, page, {pages.MEMBER: session})
    connection.close()


def measure(factor: int, options: list[str]) -> None:
    """Fill the database of the environment, serve it, let everybody read."""
    pages.prepare(factor)
    readers = sessions()
    port = free_port()
    with pages.gunicorn(port, *options) as server:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        pages.ask(connection, pages.PAGES[0], {pages.MEMBER: readers[0]})
        report(server, "after one request")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda session: read_all(port, session), readers))
        report(server, f"after {len(readers)} readers")


def main() -> None:
    """Measure on servers that live as long."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--factor", type=int, default=1)
    parser.add_argument("--database", help="an empty one; default: a private PostgreSQL")
    parser.add_argument("--redis")
    parser.add_argument("gunicorn", nargs="*", help="options of gunicorn, after --")
    options = parser.parse_args()
    if options.database:
        with tempfile.TemporaryDirectory() as folder:
            pages.set_environment(options.database, options.redis, folder)
            measure(options.factor, options.gunicorn)
        return
    postgres, redis = PrivatePostgres(), PrivateRedis()
    command: list[Any] = [sys.executable, "-m", "bench.memory", "--factor", str(options.factor)]
    try:
        command += ["--database", postgres.start().url, "--redis", redis.start().url]
        subprocess.run([*command, "--", *options.gunicorn], check=True)
    finally:
        postgres.stop()
        redis.stop()


if __name__ == "__main__":
    main()
