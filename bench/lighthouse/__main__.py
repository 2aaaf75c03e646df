"""Let Lighthouse judge the largest pages as a phone shows them.

    python -m bench.lighthouse [--command "npx --yes lighthouse@12"] [--chromium PATH] [--runs 3]

Lighthouse is a program of Node.js. It is no dependency: the command above fetches it. The page of
64 amendments and the consolidation of 1,000 are served by gunicorn behind nginx with our
configuration, on a private PostgreSQL. Reported: the score for performance (the middle one of the
runs), first and largest contentful paint and total blocking time in ms, layout shift, the elements
of the page, and kB that the page and its files take on the way.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.pages import run as pages
from coordination.tests.services.nginx import Proxy
from coordination.tests.services.ports import free_port
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis

PAGES = {
    "64 amendments": ("member", "/statements/two-pages/"),
    "64 amendments, chair": ("chair", "/statements/two-pages/"),
    "1,000 amendments": ("member", "/statements/workspace/"),
    "consolidate 1,000": ("chair", "/statements/consolidated-1000/consolidate/"),
}
AUDITS = {
    "FCP": "first-contentful-paint",
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "shift": "cumulative-layout-shift",
    "elements": "dom-size",
    "kB": "total-byte-weight",
}


def prepare() -> dict[str, str]:
    """Fill the database with the pages; return the sessions of a focal point and of the chair."""
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bench.pages import data
    from coordination.core.models import Group

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    Group.objects.create(name="Benchmark group", acronym="BENCH")
    readers = data.people(now)
    data.terms(now)
    data.workspace(now, "two-pages", paragraphs=16, words_in_each=56, amendments=4)
    data.workspace(now, "workspace", paragraphs=100, words_in_each=180, amendments=10)
    data.consolidated(data.workspace(now, "consolidated-1000", 100, 180, 10))
    sessions = {}
    for name, person in (
        ("member", readers[20]),
        ("chair", data.chair_of(now.date(), readers)),
    ):
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="coordination.members.adapter.AccountBackend")
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def judge(command: str, url: str, session: str, report: Path) -> dict[str, Any]:
    """Return the report of Lighthouse for one visit of a phone."""
    headers = json.dumps({"Cookie": f"sessionid={session}"})
    flags = "--headless=new --no-sandbox --disable-gpu --disable-quic"
    subprocess.run(
        [
            *shlex.split(command),
            url,
            "--only-categories=performance",
            "--output=json",
            f"--output-path={report}",
            f"--extra-headers={headers}",
            f"--chrome-flags={flags}",
            "--quiet",
        ],
        check=True,
    )
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def score(report: dict[str, Any]) -> float:
    """Return the score for performance, 0 to 1."""
    return float(report["categories"]["performance"]["score"])


def measure(options: argparse.Namespace, folder: Path) -> None:
    """Serve the database of the environment; print a line for each page."""
    sessions, app = prepare(), free_port()
    print(f"{'':<22}{'score':>7}" + "".join(f"{name:>10}" for name in AUDITS))
    with pages.gunicorn(app):
        proxy = Proxy(folder, app)
        try:
            for name, (reader, path) in PAGES.items():
                url = f"http://localhost:{proxy.port}{path}"
                visits = [
                    judge(options.command, url, sessions[reader], folder / f"{n}.json")
                    for n in range(options.runs)
                ]
                middle = sorted(visits, key=score)[options.runs // 2]
                values = [middle["audits"][audit]["numericValue"] for audit in AUDITS.values()]
                values[-1] /= 1000
                print(
                    f"{name:<22}{score(middle):>7.2f}" + "".join(f"{v:>10.4g}" for v in values),
                    flush=True,
                )
        finally:
            proxy.stop()


def main() -> None:
    """Measure on servers that live as long."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--command", default="npx --yes lighthouse@12", help="runs Lighthouse")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--database", help="an empty one; default: a private PostgreSQL")
    parser.add_argument("--redis")
    options = parser.parse_args()
    if options.database:
        with tempfile.TemporaryDirectory() as folder:
            pages.set_environment(options.database, options.redis, folder)
            os.environ["CHROME_PATH"] = options.chromium
            measure(options, Path(folder))
        return
    postgres, redis = PrivatePostgres(), PrivateRedis()
    command = [sys.executable, "-m", "bench.lighthouse", *sys.argv[1:]]
    try:
        command += ["--database", postgres.start().url, "--redis", redis.start().url]
        subprocess.run(command, check=True)
    finally:
        postgres.stop()
        redis.stop()


if __name__ == "__main__":
    main()
