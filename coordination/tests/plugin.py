"""Which servers a run has, what it skips for want of them, and the fixtures that own one.

DATABASE_URL and REDIS_URL name servers that exist; `./test` starts private ones and sets them. A test that kills its server
takes one of its own from `own_postgres`, `own_redis`, `smtp_sink`.
"""

import gc
import inspect
import logging
import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache, partialmethod
from itertools import count
from pathlib import Path
from time import process_time

import hypothesis
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresqlOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations as SqliteOperations
from django.forms import ModelChoiceField
from psycopg.pq import TransactionStatus
from simple_history.admin import SimpleHistoryAdmin
from simple_history.manager import HistoryManager
from slipcover import Slipcover
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from xdist.scheduler import LoadScopeScheduling
from zeal import zeal_ignore
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from coordination.core import models
from coordination.tests.parts import watch
from coordination.tests.services.imap import DOVECOT, PrivateDovecot
from coordination.tests.services.nginx import NGINX
from coordination.tests.services.office import SOFFICE
from coordination.tests.services.postgres import PrivatePostgres, binaries
from coordination.tests.services.redis import PrivateRedis
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import PATIENCE

# A busy machine draws examples slowly, which says nothing about the code
hypothesis.settings.register_profile(
    "any machine",
    parent=hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


TOGETHER = (
    "test_run.py",
    "test_proxy.py",
    "test_away.py",
    "test_browser.py",
    "test_turn_of_the_chair.py",
)
REMOVE_PROBES_EACH = 8.0  # seconds of work
ASKED_AGAIN = [
    # allauth looks for the same one before and after it is confirmed
    {"model": "account.EmailAddress", "field": "get()"},
    # allauth looks for the same key to show it and to remove it
    {"model": "mfa.Authenticator", "field": "get()"},
    {
        "model": "sessions.Session",
        "field": "get()",
    },  # a session that was ended is asked for twice; allauth asks for each of one's own sessions
    # two drafts are compared, however many there are
    {"model": "statements.Statement", "field": "drafts"},
    # the same, and what is open in one is carried on to the next
    {"model": "statements.Draft", "field": "blocks"},
]


def pytest_addoption(parser):
    """Let the second run of `./test`, on PostgreSQL, leave out what says the same as on SQLite."""
    parser.addoption(
        "--second-database", action="store_true", help="only what may differ by database"
    )


def on_postgres() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


# the program that tests with a marker, or with a fixture, need, and its Debian package
PROGRAMS = {
    "browser": (CHROMIUM, "chromium"),
    "dovecot": (DOVECOT, "dovecot-imapd"),
    "nginx": (NGINX, "nginx-light"),
    "libreoffice": (SOFFICE, "libreoffice-writer-nogui"),
    "jq": (shutil.which("jq") or "/usr/bin/jq", "jq"),
    "openssl": (shutil.which("openssl") or "/usr/bin/openssl", "openssl"),
}


def reasons() -> dict[str, str]:
    """Return, per marker or fixture that this machine cannot serve, what would add it."""
    missing = {}
    if not on_postgres():
        missing["postgres"] = "needs PostgreSQL, which ./test starts"
    if binaries() is None:
        missing["postgres"] = missing["own_postgres"] = "apt-get install postgresql"
    if shutil.which("redis-server") is None:
        missing["redis"] = missing["own_redis"] = "apt-get install redis-server"
    for marker, (program, package) in PROGRAMS.items():
        if not Path(program).exists():
            missing[marker] = f"apt-get install {package}"
    return missing


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Begin with a copy of the database that `./test` migrated once for all workers and named in MIGRATED, where it did."""
    made = os.environ.get("MIGRATED")
    if made and on_postgres():
        connection.settings_dict["TEST"]["TEMPLATE"] = made
        yield
    elif made:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                DatabaseWrapper.creation_class,
                "_create_test_db",
                partialmethod(copied_to_memory, made),
            )
            yield
    else:
        yield


@pytest.fixture(autouse=True, scope="session")
def patient_connections():
    """Wait for a connection as long as a busy machine needs; the two seconds of the settings are for people who wait for a page."""
    if on_postgres():
        connection.settings_dict["OPTIONS"]["connect_timeout"] = int(PATIENCE)


def copied_to_memory(creation, made: str, *_: object) -> str:
    """Fill SQLite's database in memory from a file; return its name."""
    wrapper = creation.connection
    wrapper.close()
    name = settings.DATABASES[wrapper.alias]["NAME"] = wrapper.settings_dict["NAME"] = (
        creation._get_test_db_name()
    )
    wrapper.ensure_connection()
    with closing(sqlite3.connect(made)) as source:
        source.backup(wrapper.connection)
    return name


MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def _flush_what_was_written():
    """Let the tests that commit empty afterwards the tables that have rows, and keep what `migrate` made.

    Truncating all of them, and making permissions, triggers and the index of the search again, takes longer than many a test. The
    triggers refuse it to everybody else.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteOperations, "sql_flush", emptied_on_sqlite)
        patch.setattr(PostgresqlOperations, "sql_flush", emptied_on_postgresql)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


def rows_of(operations, query: str) -> list[tuple]:
    with operations.connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def written(operations, tables) -> list[str]:
    """Return which of these tables have rows that `migrate` did not make."""
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {operations.quote_name(table)})"  # noqa: S608 - our own tables
        for table in sorted(set(tables) - MADE_BY_MIGRATE)
    ]
    return [table for (table,) in rows_of(operations, " UNION ALL ".join(asked))]


def emptied_on_postgresql(operations, style, tables, **_) -> list[str]:
    """Return the statements that empty the tables; no trigger and no foreign key is asked."""
    filled = written(operations, tables)
    return [
        "SET session_replication_role = 'replica';",
        *(f"DELETE FROM {operations.quote_name(table)};" for table in filled),  # noqa: S608 - our own tables
        "SET session_replication_role = 'origin';",
    ]


def emptied_on_sqlite(operations, style, tables, **_) -> list[str]:
    """Return the statements that empty the tables; their triggers are away meanwhile."""
    filled = written(operations, [*tables, "desk_searchterms"])
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({})"
    triggers = rows_of(operations, query.format(", ".join(f"'{table}'" for table in filled)))
    return [
        *(f"DROP TRIGGER {name};" for name, _sql in triggers),
        *(f"DELETE FROM {operations.quote_name(table)};" for table in filled),  # noqa: S608 - our own tables
        *(f"{sql};" for _name, sql in triggers),
    ]


@pytest.fixture
def dovecot():
    """Return a private IMAP server with one empty mailbox."""
    server = PrivateDovecot().start()
    yield server
    server.stop()


def uses_database(item) -> bool:
    return (
        bool({"db", "transactional_db"} & set(item.fixturenames))
        or item.get_closest_marker("django_db") is not None
    )


def asks_for_pages(item) -> bool:
    """Say whether a test, or another of its module, asks for pages as a browser does."""
    return bool({"client", "signed_in"} & set(item.fixturenames)) or bool(
        {"Client", "client_of"} & vars(item.module).keys()
    )


def runs_on_both(item) -> bool:
    """Say whether a test has more to say on the second database: what stands below the pages has.

    That the pages are there on PostgreSQL, and that their forms are taken, is what the tests marked `once` and those in the browser say.
    """
    if item.get_closest_marker("once") or item.get_closest_marker("both"):
        return True
    return uses_database(item) and not asks_for_pages(item)


def pytest_collection_finish():
    """Let the collector of garbage leave alone what is there for the whole run, and come more seldom.

    There are 100,000 objects that it would look at again and again; a test leaves little that only it can clear.
    """
    gc.freeze()
    gc.set_threshold(50_000)


class Together(LoadScopeScheduling):
    """Gives each test to the next worker that is free, but all of one file of TOGETHER to one: they share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return next((file for file in TOGETHER if f"/{file}::" in nodeid), nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Take Together where it is asked for by --dist=loadgroup, whose marks pytest 9.2 does not carry to the scheduler."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def time_given(item) -> float:
    """Return the seconds that a test takes for itself by its own time limit; 0 without one."""
    limit = item.get_closest_marker("timeout")
    return limit.args[0] if limit else 0.0


def pytest_collection_modifyitems(config, items):
    """Skip, with the command that would add them, the tests that this machine cannot run; stop the clock before anything is made.

    The long ones come first, so that at the end no worker waits for another.
    """
    missing = reasons()
    for item in items:
        if "now" in item.fixturenames:
            item.fixturenames.remove("now")
            item.fixturenames.insert(0, "now")
        for name, reason in missing.items():
            if item.get_closest_marker(name) or name in item.fixturenames:
                item.add_marker(pytest.mark.skip(reason=f"{name}: {reason}"))
    if config.getoption("--second-database"):
        config.hook.pytest_deselected(items=[item for item in items if not runs_on_both(item)])
        items[:] = [item for item in items if runs_on_both(item)]
    items.sort(key=time_given, reverse=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown():
    """Take back the connection of a test that timed out in the middle of a query, before anything else is cleared up, and after it."""
    end_unfinished_query()
    try:
        return (yield)
    finally:
        end_unfinished_query()


def end_unfinished_query() -> None:
    """End the query that a time limit interrupted; else each later test of this worker fails on the same connection.

    Django opens the connection again when it is asked for, and ends the transactions of one that was closed inside them.
    """
    made = connection.connection
    if on_postgres() and made and made.info.transaction_status == TransactionStatus.ACTIVE:
        made.cancel()  # else the server goes on, and keeps its locks
        connection.close()


class UnknownVariable:
    """What Django puts in the place of a variable that a template does not know: a failure, if the template is ours."""

    def __contains__(self, key: str) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        origin = self.origin()
        if origin.is_relative_to(settings.BASE_DIR / "templates"):
            pytest.fail(f"{origin.relative_to(settings.BASE_DIR)} does not know “{variable}”")
        return ""

    @staticmethod
    def origin() -> Path:
        """Return the template that is being rendered; the frames below this one know."""
        frame = inspect.currentframe()
        while frame := frame.f_back if frame else None:
            found = getattr(frame.f_locals.get("self"), "origin", None)
            if found is not None and frame.f_code.co_name.startswith("render"):
                return Path(str(found))
        return Path()


def record_meant(field, value, to_python=ModelChoiceField.to_python):
    """Return the record that a field of a form means; each field looks for its own, as many as the form has."""
    with zeal_ignore([{"model": field.queryset.model._meta.label, "field": "get()"}]):
        return to_python(field, value)


def version_shown(admin, *arguments, form_view=SimpleHistoryAdmin.history_form_view, **options):
    """Return an earlier version of one record; each field asks for its own person, as many as the record has."""
    with zeal_ignore([{"model": "members.Person", "field": "get()"}]):
        return form_view(admin, *arguments, **options)


@pytest.fixture(scope="session", autouse=True)
def one_query_for_all_rows():
    """Let a request that asks the database again for each of several rows fail the test; what a test itself does is not watched."""
    initialize_app_registry()
    patch()
    ModelChoiceField.to_python = record_meant
    SimpleHistoryAdmin.history_form_view = version_shown
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]
    settings.ZEAL_ALLOWLIST = ASKED_AGAIN


@pytest.fixture(scope="session", autouse=True)
def rendered_parts(worker_id):
    """Keep in the folder RENDERED, if there is one, which parts of our templates this worker rendered; the gate of coverage reads it."""
    folder, seen = os.environ.get("RENDERED"), set()
    if folder:
        watch(seen)
    yield
    if folder:
        Path(folder, f"{worker_id}-{os.getpid()}").write_text(
            "\n".join(sorted(seen)), encoding="utf-8"
        )


@pytest.fixture(scope="session", autouse=True)
def probes_removed_seldom():
    """Let the tracer remove what it has counted once in some seconds: before Python 3.12 it looks through all modules each time.

    It asks for that at each line that runs for the fiftieth time: for a third of all seconds while a worker is new. What it counts
    is the same: a probe that stays longer counts its line once.
    """
    if not hasattr(Slipcover, "deinstrument_seen"):
        yield
        return
    last = -REMOVE_PROBES_EACH

    def seldom(tracer, remove=Slipcover.deinstrument_seen):
        nonlocal last
        if process_time() - last >= REMOVE_PROBES_EACH:  # no test stops this clock
            remove(tracer)
            last = process_time()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Slipcover, "deinstrument_seen", seldom)
        yield


@pytest.fixture(scope="session", autouse=True)
def strict_templates():
    """Let an unknown variable in a template of ours fail the test."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once():
    """Let each client of the tests know the static files without looking for them again: that takes as long as a small page."""
    found: dict[str, StaticFile] = {}

    def add_files(middleware, look=WhiteNoiseMiddleware.add_files_from_finders):
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


@pytest.fixture(scope="session", autouse=True)
def made_once():
    """Make once what is made anew at each use, and is the same each time: the class of managers of history, the names of zones."""
    of_history = staticmethod(cache(HistoryManager.from_queryset))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HistoryManager, "from_queryset", of_history)
        patch.setattr(models, "available_timezones", cache(models.available_timezones))
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Hash passwords at once: the real way takes a third of a second each time, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def no_second_factor_needed():
    """Let the cast work without a second factor; the tests that are about it set what is required."""
    settings.SECOND_FACTOR_REQUIRED_FOR = []


MEDIA_FOLDERS = count()


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    """Keep each test's files in a folder of its own, which is made by the first file: few tests have one."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(MEDIA_FOLDERS)}"


@pytest.fixture
def quiet():
    """Keep silent about what a test asks for on purpose: hundreds of "not found" and "forbidden"."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def own_postgres():
    server = PrivatePostgres(durable=True)
    try:
        yield server.start()
    finally:
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
