"""`migrate` while the previous release still answers (docs/develop/migrations.md)."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from coordination.tests.e2e.machinery import Machinery
from coordination.tests.house.source import ROOT
from coordination.tests.services.waiting import PATIENCE

pytestmark = [pytest.mark.process, pytest.mark.timeout(720)]

NO_RELEASE = "no release yet, so today's code"
# Runs in the previous release, on a database that today's code has migrated
LOOK = """
import json
from django.apps import apps
from django.db import connection
problems = []
with connection.cursor() as cursor:
    cursor.execute("SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' "
                   "FROM information_schema.columns WHERE table_schema = current_schema()")
    required = {}
    for table, column, needed in cursor.fetchall():
        required.setdefault(table, {})[column] = needed
for model in apps.get_models(include_auto_created=True):
    table = model._meta.db_table
    if not model._meta.managed or model._meta.proxy:
        continue
    known = {field.column for field in model._meta.local_concrete_fields}
    now = required.get(table, {})
    problems += [f"{table}.{column} is gone" for column in sorted(known - set(now))]
    problems += [f"{table}.{column} is required, and the previous release does not fill it" for column in sorted(set(now) - known) if now[column]]
print(json.dumps(problems))
"""
USE = """
import json
from django.conf import settings
from django.test import Client
from coordination.members.models import Person
settings.ALLOWED_HOSTS = ["*"]
person = Person.objects.create_superuser(email="someone@example.org", password="a long password", name="Someone")
client = Client()
client.force_login(person)
pages = ["/", "/members/", "/rotation/", "/meetings/", "/statements/", "/desk/", "/profile/", "/admin/members/person/", "/health/"]
print(json.dumps({page: client.get(page, follow=True).status_code for page in pages}))
"""


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def previous_release() -> str:
    """Return the newest tag before today's commit."""
    newest_first = git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split()
    today = git("tag", "--list", "v*", "--points-at", "HEAD").split()
    return next((tag for tag in newest_first if tag not in today), NO_RELEASE)


def checked_out(release: str, folder: Path) -> Path:
    """Return the folder of the code of a release."""
    if release == NO_RELEASE:
        return ROOT
    archive = subprocess.run(
        ["git", "archive", release], cwd=ROOT, capture_output=True, check=True
    ).stdout
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    return folder


class Release:
    """The code of one release on one database."""

    def __init__(self, code: Path, machinery: Machinery) -> None:
        self.code = code
        self.environment = machinery.environment | {"DJANGO_SETTINGS_MODULE": "gmgapp.settings"}

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.code,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, script: str) -> object:
        return json.loads(
            self.run("-c", f"import django; django.setup()\n{script}").splitlines()[-1]
        )


@pytest.fixture
def machinery(own_postgres, tmp_path):
    made = Machinery(tmp_path, DATABASE_URL=own_postgres.url, WAKE_PLANNER="false")
    yield made
    made.stop()


@pytest.mark.parametrize("release", [previous_release()])
def test_the_previous_release_runs_on_the_new_schema(machinery, own_postgres, tmp_path, release):
    previous, today = (
        Release(checked_out(release, tmp_path / "previous"), machinery),
        Release(ROOT, machinery),
    )
    if release == NO_RELEASE:
        machinery.migrate()
    else:
        previous.run("manage.py", "migrate", "--verbosity", "0")
    previous.run("manage.py", "load_reference")
    today.run("manage.py", "migrate", "--verbosity", "0")

    problems, pages = previous.ask(LOOK), previous.ask(USE)

    assert problems == []
    assert {
        page: status for page, status in pages.items() if status >= 500 and page != "/health/"
    } == {}
    # and what the rule forbids is found
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("ALTER TABLE members_agency DROP COLUMN city")
        connection.execute("ALTER TABLE meetings_meeting ADD COLUMN room text NOT NULL DEFAULT ''")
        connection.execute("ALTER TABLE meetings_meeting ALTER COLUMN room DROP DEFAULT")
    assert previous.ask(LOOK) == [
        "members_agency.city is gone",
        "meetings_meeting.room is required, and the previous release does not fill it",
    ]


def test_pages_do_not_wait_behind_a_migration_that_waits_for_a_lock(machinery, own_postgres):
    machinery.migrate()
    # migrate makes the triggers on this table anew at its end (statements.triggers); an INSERT locks so
    tables = "LOCK TABLE statements_block IN ROW EXCLUSIVE MODE"
    with psycopg.connect(own_postgres.url) as long_one, psycopg.connect(own_postgres.url) as page:
        long_one.execute(tables)
        migration = subprocess.Popen(
            [sys.executable, "manage.py", "migrate"],
            cwd=ROOT,
            env=machinery.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        end = time.monotonic() + PATIENCE
        while page.execute(waits).fetchone() == (0,) and time.monotonic() < end:
            page.rollback()
            time.sleep(0.05)
        page.execute("SET lock_timeout = '90s'")
        begun = time.monotonic()
        page.execute(tables)
        waited = time.monotonic() - begun
        page.rollback()
        threading.Timer(1, long_one.rollback).start()
        words = migration.communicate(timeout=PATIENCE)

    assert waited < 30  # the long one goes on until after that
    assert migration.returncode == 0, words
    assert "A table is in use; the next try is in 1 s." in words[1]
