"""The edition of what is on record: another stamp after each change, so that what was worked out of it need not be worked out again.

The database itself gives the stamp, in the transaction of the change, whoever made it: a trigger on every table that a page is made of.
`kept` holds what one process worked out under the stamp of now, and drops it all when the stamp is another: it never answers with what
was so before a change that is committed. It is for pages. What an action checks, it asks of the database, inside its transaction.

PostgreSQL stamps when a transaction ends (a deferred trigger), so that two that write do not wait for each other until then; inside a
transaction nothing is kept. Like those of `statements.frozen` the triggers are made after `migrate`: SQLite drops them when it rebuilds a
table.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import connection, connections, models
from django.utils import timezone
from django.utils.translation import get_language
from simple_history.models import HistoricalChanges

Thing = TypeVar("Thing")
MOST = 500  # things that a process keeps of one edition; the largest are the paragraphs of a statement with all their amendments

ON_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} FOR EACH ROW BEGIN "
    "INSERT OR IGNORE INTO core_edition (id, stamp) VALUES (1, ''); "
    "UPDATE core_edition SET stamp = lower(hex(randomblob(16))) WHERE id = 1; END"
)
FIRST_ON_SQLITE = "INSERT OR IGNORE INTO core_edition (id, stamp) VALUES (1, lower(hex(randomblob(16))))"
ON_POSTGRESQL = (
    "CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION core_new_edition()"
)
# A stamp names the server's run and the transaction: one is enough for all rows of it, and none comes again after a restore
FIRST_ON_POSTGRESQL = (
    "INSERT INTO core_edition (id, stamp) VALUES (1, extract(epoch FROM pg_postmaster_start_time()) || '/' || txid_current()) "
    "ON CONFLICT (id) DO "
)
NEW_EDITION = (
    "CREATE OR REPLACE FUNCTION core_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + FIRST_ON_POSTGRESQL
    + "UPDATE SET stamp = excluded.stamp WHERE core_edition.stamp <> excluded.stamp; RETURN NULL; END $$"
)


@dataclass(slots=True)
class Shelf:
    """What this process worked out under one stamp."""

    stamp: str = ""
    things: dict[Hashable, object] = field(default_factory=dict)


_shelf = Shelf()


def kept(stamp: str, *key: Hashable, make: Callable[[], Thing]) -> Thing:
    """Return what `make` gives, worked out once under each stamp for each key, language and zone of the reader.

    Whatever else the thing depends on belongs into the key: who reads, the day; not the hour, nor what anybody may write into an address,
    of which there is too much. Those who get it share it: it is read, not written. Without a stamp, and inside a transaction, it is
    worked out each time. Raise what `make` raises; that is not kept.
    """
    global _shelf  # noqa: PLW0603 - put down whole and taken up whole, so that threads need no lock
    if not stamp or connection.in_atomic_block:
        return make()
    shelf = _shelf
    if shelf.stamp != stamp or len(shelf.things) >= MOST:
        shelf = _shelf = Shelf(stamp)
    whole = (key, get_language(), timezone.get_current_timezone_name())
    if whole not in shelf.things:
        shelf.things[whole] = make()
    return cast("Thing", shelf.things[whole])


def watched() -> Iterator[tuple[type[models.Model], str]]:
    """Yield each model of which a change gives a new stamp, and the columns for which an update does ("": any).

    All those of the apps that say `in_editions`, but for the records of history (each is written with what it is a record of) and
    for those that say themselves `in_editions = False`; `apart_from_editions` names fields that no page shows.
    """
    for app in apps.get_app_configs():
        for model in app.get_models(include_auto_created=True) if getattr(app, "in_editions", False) else ():
            if model._meta.proxy or issubclass(model, HistoricalChanges) or not getattr(model, "in_editions", True):  # noqa: SLF001 - Django's public name
                continue
            apart = getattr(model, "apart_from_editions", ())
            columns = [each.column for each in model._meta.local_concrete_fields if each.name not in apart]  # noqa: SLF001 - Django's public name
            yield model, ", ".join(f'"{column}"' for column in columns) if apart else ""


def triggers() -> Iterator[tuple[str, str, str]]:
    """Yield the name, the event and the table of each trigger."""
    for model, columns in watched():
        table = model._meta.db_table  # noqa: SLF001 - Django's public name
        for event in ("INSERT", f"UPDATE OF {columns}" if columns else "UPDATE", "DELETE"):
            yield f"{table}_edition_{event[:6].lower()}", event, table


def begin(*, using: str = "default", **_: Any) -> None:
    """Make the triggers that are not there, and the first stamp, after `migrate`; before the tables are, nothing is done."""
    to = connections[using]
    with to.cursor() as cursor:
        if {"core_edition", *(table for _name, _event, table in triggers())} <= set(to.introspection.table_names(cursor)):
            (_begin_on_postgresql if to.vendor == "postgresql" else _begin_on_sqlite)(cursor)


def _begin_on_postgresql(cursor: Any) -> None:
    cursor.execute(NEW_EDITION)
    cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    there = {name for (name,) in cursor.fetchall()}
    for name, event, table in triggers():
        if name not in there:
            cursor.execute(ON_POSTGRESQL.format(name=name, event=event, table=table))
    cursor.execute(FIRST_ON_POSTGRESQL + "NOTHING")


def _begin_on_sqlite(cursor: Any) -> None:
    for name, event, table in triggers():
        cursor.execute(ON_SQLITE.format(name=name, event=event, table=table))
    cursor.execute(FIRST_ON_SQLITE)


def suspend(*, using: str = "default", **_: Any) -> None:
    """Take the triggers of SQLite away, before `migrate`: it rebuilds no table while one of them names it; `begin` makes them again."""
    to = connections[using]
    if to.vendor != "postgresql":
        with to.cursor() as cursor:
            for name, _event, _table in triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
