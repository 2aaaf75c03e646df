"""The reference data and the demonstration in the test's database: told once by each worker, then copied from what was told.

What was told is kept in the folder TOLD, if there is one: `./test` has one for each state of the code, for all workers and later runs.
What was told at a moment at which a test stops the clock stays; what was told while the clock ran, as long as it holds.
"""

import os
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F

from coordination.core import clock
from coordination.core.models import Group
from coordination.statements.tests.factories import unfrozen

MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
FTS5 = "desk_searchterms"  # a virtual table of SQLite and those in which it keeps its rows
FROZEN_LATER = {"statements_draft", "statements_statement"}  # these freeze rows of other tables
STILL_TRUE_FOR = timedelta(minutes=30)


class Told(NamedTuple):
    """The rows of each table once the story was told, and when that was; on PostgreSQL as COPY writes them."""

    at: datetime
    rows: dict[str, Any]

    def holds(self) -> bool:
        """Say whether the story would be told the same now: it speaks of days, and of hours from now."""
        now = clock.now()
        return self.at.date() == now.date() and timedelta() <= now - self.at < STILL_TRUE_FOR


_told: dict[str, Told] = {}
_made: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}


def tell() -> None:
    """Load the reference data and the demonstration into an empty database, as `load_reference` and `load_demo` do."""
    kept = _told.get(connection.vendor)
    if kept and kept.holds():
        put(kept.rows)
        return
    at = clock.now()
    found = told_elsewhere(at)
    if found:
        _told[connection.vendor] = found
        put(found.rows)
        return
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    _told[connection.vendor] = Told(at, all_rows())
    if file := file_of(at):
        written = file.with_suffix(f".{os.getpid()}")  # another worker may write at the same time
        written.write_bytes(pickle.dumps(_told[connection.vendor].rows))
        written.replace(file)


def made_once(name: str, make: Callable[[], Any]) -> Any:
    """Fill an empty database by `make`, or, once this worker did so by that name, with the rows that it made; return what it returned."""
    key = (connection.vendor, name)
    if key in _made:
        answer, rows = _made[key]
        put(rows)
        return answer
    answer = make()
    _made[key] = answer, all_rows()
    return answer


def all_rows() -> dict[str, Any]:
    """Return the rows of each table that has any, without what `migrate` and FTS5 make."""
    tables = sorted(set(connection.introspection.table_names()) - MADE_BY_MIGRATE)
    return dict(rows_of(table for table in tables if not table.startswith(FTS5)))


def told_elsewhere(at: datetime) -> Told | None:
    """Return what another worker, or a run before, told at `at`, or shortly before while the clock ran; remove what does not hold."""
    file = file_of(at)
    if not file or file.exists() or is_stopped(at):
        return read(at, file) if file and file.exists() else None
    for other in file.parent.glob(f"{connection.vendor}-running-*.told"):
        moment = datetime.fromtimestamp(float(other.stem.rpartition("-")[2]), UTC)
        if not Told(moment, {}).holds():
            other.unlink(missing_ok=True)
            continue
        with suppress(FileNotFoundError):  # a worker whose clock differs removed it
            return read(moment, other)
    return None


def read(at: datetime, file: Path) -> Told:
    return Told(at, pickle.loads(file.read_bytes()))  # noqa: S301 - of our own writing


def is_stopped(at: datetime) -> bool:
    return at.second == at.microsecond == 0


def file_of(at: datetime) -> Path | None:
    """Return where the story is kept that was told at `at`; None where nothing is kept."""
    folder = os.environ.get("TOLD")
    name = f"{at:%Y%m%dT%H%M}" if is_stopped(at) else f"running-{at.timestamp()}.told"
    return Path(folder, f"{connection.vendor}-{name}") if folder else None


def rows_of(tables: Iterable[str]) -> Iterable[tuple[str, Any]]:
    """Yield the rows of each table that has any."""
    for table in tables:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                rows: Any = b"".join(out)
        else:
            with connection.cursor() as cursor:
                found = cursor.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - our own tables
                # SQLite takes no time of Python, as Django reads it from there
                rows = [
                    tuple(str(value) if isinstance(value, time) else value for value in row)
                    for row in found
                ]
        if rows:
            yield table, rows


def put(tables: dict[str, Any]) -> None:
    """Put the rows back; what is kept of pages is told that all has changed."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            put_on_postgresql(tables)
        else:
            put_on_sqlite(tables)
        Group.objects.update(version=F("version"))


def put_on_postgresql(tables: dict[str, Any]) -> None:
    with unfrozen(), connection.cursor() as cursor:
        for table, rows in tables.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(rows)
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.db_table in tables
        ]
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def put_on_sqlite(tables: dict[str, Any]) -> None:
    """Leave the triggers: after a change of the schema SQLite reads all of it again at each rollback to a savepoint.

    They refuse rows of what is frozen already, so these rows come before that.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in sorted(tables, key=FROZEN_LATER.__contains__):
            rows = tables[table]
            values = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({values})', rows)  # noqa: S608 - our own tables
        cursor.execute(
            "INSERT INTO desk_searchterms (rowid, title_terms, terms) "
            "SELECT id, title_terms, terms FROM desk_searchentry"
        )
