"""Which servers a run has, what it skips for want of them, and the fixtures that own one.

DATABASE_URL and REDIS_URL name servers that exist; `./test` starts private ones and sets them. A test that kills its server
takes one of its own from `own_postgres`, `own_redis`, `smtp_sink`.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from coordination.tests.services.postgres import PrivatePostgres, binaries
from coordination.tests.services.redis import PrivateRedis
from coordination.tests.services.smtp import SmtpSink

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def on_postgres() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def reasons() -> dict[str, str]:
    """Return, per marker that this machine cannot serve, what would add it."""
    missing = {}
    if not on_postgres():
        missing["postgres"] = "runs on PostgreSQL only: ./test starts one"
    if shutil.which("redis-server") is None:
        missing["redis"] = "apt-get install redis-server"
    if not Path(CHROMIUM).exists():
        missing["browser"] = "apt-get install chromium"
    if binaries() is None:
        missing["process"] = "apt-get install postgresql"
    return missing


def pytest_collection_modifyitems(items):
    """Skip, with the command that would add them, the tests that this machine cannot run."""
    missing = reasons()
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{marker}: {reason}"))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Keep each test's files in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def own_postgres():
    server = PrivatePostgres(durable=True).start()
    yield server
    server.stop()


@pytest.fixture
def own_redis():
    server = PrivateRedis().start()
    yield server
    server.stop()


@pytest.fixture
def smtp_sink(tmp_path):
    sink = SmtpSink(tmp_path).start()
    yield sink
    sink.stop()
