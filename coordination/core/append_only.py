"""History is append-only: the database refuses to change or remove a row of it, whoever asks.

Triggers on the table of every historical model, on both databases. They are made after each
`migrate`, so that a model that is new is covered by itself, and those that SQLite drops when it
rebuilds a table come back. A migration that has to change history says so with `lifted`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections
from simple_history.models import HistoricalChanges

REFUSAL = "history is append-only"
FUNCTION = (
    "CREATE OR REPLACE FUNCTION core_refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql "
    "AS $$ BEGIN "
    f"RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME USING ERRCODE = "
    "'integrity_constraint_violation'; END $$"
)
ON_POSTGRESQL = {
    "kept": (
        "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION core_refuse_to_change_history()"
    ),
    "full": (
        "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION core_refuse_to_change_history()"
    ),
}
ON_SQLITE = {
    "kept": (
        "CREATE TRIGGER IF NOT EXISTS {name} BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    ),
    "full": (
        "CREATE TRIGGER IF NOT EXISTS {name} BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    ),
    # SQLite's INSERT OR REPLACE removes a row without a trigger on DELETE
    "once": (
        "CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table} "
        "WHEN EXISTS (SELECT 1 FROM {table} WHERE history_id = NEW.history_id) "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    ),
}


def tables() -> list[str]:
    """Return the tables of all historical models."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, HistoricalChanges)
    )


def trigger_name(table: str, kind: str) -> str:
    """Return the name of one trigger of a table."""
    return f"{table}_history_{kind}"


def install(*, using: str = "default", **_: Any) -> None:
    """Make the triggers that are missing, after `migrate`.

    A table that is not there yet is left out.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        wanted = set(tables()) & set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql" and wanted:
            cursor.execute(FUNCTION)
        there = existing(cursor, connection.vendor)
        for table in sorted(wanted):
            make(cursor, connection.vendor, table, there)


def existing(cursor: Any, vendor: str) -> set[str]:
    """Return the names of the triggers that are there."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger"
        if vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    return {name for (name,) in cursor.fetchall()}


def make(cursor: Any, vendor: str, table: str, there: set[str]) -> None:
    """Make the triggers of one table, but for those that are there."""
    for kind, sql in (ON_POSTGRESQL if vendor == "postgresql" else ON_SQLITE).items():
        name = trigger_name(table, kind)
        if name not in there:
            cursor.execute(sql.format(name=name, table=table, refusal=REFUSAL))


@contextmanager
def lifted(connection: Any, *models: type[Any]) -> Iterator[None]:
    """Let a migration, or a test, change the rows of historical models in this block.

    On PostgreSQL the triggers are disabled in the transaction of the caller, so that nobody else
    may change history meanwhile.
    """
    names = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in names:
            switch(cursor, connection.vendor, table, on=False)
        yield
        for table in names:
            switch(cursor, connection.vendor, table, on=True)


def switch(cursor: Any, vendor: str, table: str, *, on: bool) -> None:
    """Turn the triggers of one table off or on.

    Before the first `migrate` has ended there are none.
    """
    there = existing(cursor, vendor)
    kinds = [
        kind
        for kind in (ON_POSTGRESQL if vendor == "postgresql" else ON_SQLITE)
        if trigger_name(table, kind) in there
    ]
    if vendor == "postgresql" and kinds:
        # PostgreSQL alters no table of which a check is still to come
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for kind in kinds:
        name = trigger_name(table, kind)
        if vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    if vendor == "sqlite" and on:
        make(cursor, vendor, table, set())
