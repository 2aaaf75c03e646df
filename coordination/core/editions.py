"""The edition of what is on record.

Another stamp after each change, so that what was worked out of it need not be worked out again.

There are two. That of the roster changes when the group, its agencies, their people or the rotation
do: a few times a month. That of the work changes with these, and with each act in a meeting or a
statement. An app says which is its own (`edition` of its configuration).

The database itself gives the stamp, in the transaction of the change, whoever made it: a trigger on
every table that a page is made of. `kept` holds what one process worked out under the stamp of now,
and drops it all when the stamp is another: it never answers with what was so before a change that
is committed. It is for pages. What an action checks, it asks of the database, inside its
transaction.

PostgreSQL stamps when a transaction ends (a deferred trigger), so that two that write do not wait
for each other until then; inside a transaction nothing is kept. The triggers are away, and the
stamps with them, while `migrate` applies something: SQLite drops triggers when it rebuilds a table,
PostgreSQL alters none of which a trigger is still to come. Should `migrate` fail, nothing is kept
until it does not.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from django.apps import apps
from django.db import connection, connections, models
from django.utils import timezone
from django.utils.translation import get_language
from simple_history.models import HistoricalChanges

Thing = TypeVar("Thing")
ROSTER, WORK = "roster", "work"
# things that a process keeps of one edition; the largest are the paragraphs of a statement with all
# their amendments
MOST = 500

ON_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} FOR EACH ROW BEGIN "
    "INSERT OR IGNORE INTO core_edition (kind, stamp) VALUES ('{kind}', ''); "
    "UPDATE core_edition SET stamp = lower(hex(randomblob(16))) WHERE kind = '{kind}'; END"
)
FIRST_ON_SQLITE = (
    "INSERT OR IGNORE INTO core_edition (kind, stamp) VALUES (%s, lower(hex(randomblob(16))))"
)
ON_POSTGRESQL = (
    "CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION core_new_edition('{kind}')"
)
# A stamp names the server's run and the transaction: one is enough for all rows of it, and none
# comes again after a restore
FIRST_ON_POSTGRESQL = (
    "INSERT INTO core_edition (kind, stamp) VALUES (%s, extract(epoch FROM "
    "pg_postmaster_start_time()) || '/' || txid_current()) "
    "ON CONFLICT (kind) DO NOTHING"
)
NEW_EDITION = (
    "CREATE OR REPLACE FUNCTION core_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "INSERT INTO core_edition (kind, stamp) "
    "VALUES (TG_ARGV[0], extract(epoch FROM pg_postmaster_start_time()) || '/' || txid_current()) "
    "ON CONFLICT (kind) DO UPDATE SET stamp = excluded.stamp WHERE core_edition.stamp <> "
    "excluded.stamp; RETURN NULL; END $$"
)


class Stamp(NamedTuple):
    """The stamp of one of the editions; without a value nothing is kept."""

    kind: str
    value: str


NO_EDITION = Stamp("", "")


@dataclass(slots=True)
class Shelf:
    """What this process worked out under one stamp."""

    stamp: Stamp
    things: dict[Hashable, object] = field(default_factory=dict)


_shelves: dict[str, Shelf] = {}


def kept(stamp: Stamp, *key: Hashable, make: Callable[[], Thing]) -> Thing:
    """Return what `make` gives, computed once per stamp, key, language and zone of the reader.

    Whatever else the thing depends on belongs into the key: who reads, the day; not the hour, nor
    what anybody may write into an address, of which there is too much. Those who get it share it:
    it is read, not written. Without a stamp, and inside a transaction, it is worked out each time.
    Raise what `make` raises; that is not kept.
    """
    if not stamp.value or connection.in_atomic_block:
        return make()
    shelf = _shelves.get(stamp.kind)
    if shelf is None or shelf.stamp != stamp or len(shelf.things) >= MOST:
        shelf = _shelves[stamp.kind] = Shelf(stamp)  # put down whole, so that threads need no lock
    whole = (key, get_language(), timezone.get_current_timezone_name())
    if whole not in shelf.things:
        shelf.things[whole] = make()
    return cast("Thing", shelf.things[whole])


def forget() -> None:
    """Drop what this process keeps."""
    _shelves.clear()


class Trigger(NamedTuple):
    """A trigger that gives an edition a new stamp on one event of one table."""

    name: str
    event: str
    table: str
    kind: str


def watched() -> Iterator[tuple[type[models.Model], str, str]]:
    """Yield each model whose changes give a new stamp, with its kind of edition and columns.

    Only an update of one of the columns counts; "" means any column. These are all models of the
    apps that name an `edition`, except records of history (each is written with the record that
    it describes) and models with `apart_from_editions = True`. Where that attribute names fields,
    no page shows these fields, and their columns do not count.
    """
    for app in apps.get_app_configs():
        kind = getattr(app, "edition", "")
        for model in app.get_models(include_auto_created=True) if kind else ():
            apart = getattr(model, "apart_from_editions", ())
            if apart is True or model._meta.proxy or issubclass(model, HistoricalChanges):
                continue
            columns = [
                each.column for each in model._meta.local_concrete_fields if each.name not in apart
            ]
            yield model, kind, ", ".join(f'"{column}"' for column in columns) if apart else ""


def triggers() -> Iterator[Trigger]:
    """Yield the triggers."""
    for model, kind, columns in watched():
        table = model._meta.db_table
        for event in ("INSERT", f"UPDATE OF {columns}" if columns else "UPDATE", "DELETE"):
            yield Trigger(f"{table}_edition_{event[:6].lower()}", event, table, kind)


def begin(*, using: str = "default", **_: Any) -> None:
    """Make the triggers that are not there, and the first stamps, after `migrate`.

    Before the tables are, nothing is done.
    """
    to = connections[using]
    with to.cursor() as cursor:
        if {"core_edition", *(trigger.table for trigger in triggers())} <= set(
            to.introspection.table_names(cursor)
        ):
            (_begin_on_postgresql if to.vendor == "postgresql" else _begin_on_sqlite)(cursor)


def _begin_on_postgresql(cursor: Any) -> None:
    cursor.execute(NEW_EDITION)
    cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    there = {name for (name,) in cursor.fetchall()}
    for trigger in triggers():
        if trigger.name not in there:
            cursor.execute(ON_POSTGRESQL.format(**trigger._asdict()))
    cursor.executemany(FIRST_ON_POSTGRESQL, [(ROSTER,), (WORK,)])


def _begin_on_sqlite(cursor: Any) -> None:
    for trigger in triggers():
        cursor.execute(ON_SQLITE.format(**trigger._asdict()))
    cursor.executemany(FIRST_ON_SQLITE, [(ROSTER,), (WORK,)])


def suspend(*, plan: Iterable[Any], using: str = "default", **_: Any) -> None:
    """Remove the triggers and stamps before `migrate` applies its plan.

    Do nothing when the plan is empty. `begin` makes them again.
    """
    if not plan:
        return
    to = connections[using]
    with to.cursor() as cursor:
        for trigger in triggers():
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {trigger.name}"
                + (f" ON {trigger.table}" if to.vendor == "postgresql" else "")
            )
        if "core_edition" in to.introspection.table_names(cursor):
            cursor.execute("DELETE FROM core_edition")
