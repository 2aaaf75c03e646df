"""History is append-only: the database refuses to change or delete its rows.

The table of every historical model has triggers, on both databases. They are created after each
`migrate`, so a new model is covered, and triggers that SQLite dropped with a rebuilt table come
back. A migration that must change history does so inside `lifted`.
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


def history_tables() -> list[str]:
    """Return the tables of all historical models, sorted."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, HistoricalChanges)
    )


def trigger_name(table: str, kind: str) -> str:
    return f"{table}_history_{kind}"


def install_triggers(*, using: str = "default", **_: Any) -> None:
    """Create the missing triggers, after `migrate`.

    A table that does not exist yet is left out.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        # During the first `migrate` some tables do not exist yet.
        wanted = set(history_tables()) & set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql" and wanted:
            cursor.execute(FUNCTION)
        # PostgreSQL has no CREATE TRIGGER IF NOT EXISTS
        present = existing_triggers(cursor, connection.vendor)
        for table in sorted(wanted):
            create_triggers(cursor, connection.vendor, table, present)


def existing_triggers(cursor: Any, vendor: str) -> set[str]:
    """Return the names of all triggers in the database."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger"
        if vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    return {name for (name,) in cursor.fetchall()}


def create_triggers(cursor: Any, vendor: str, table: str, present: set[str]) -> None:
    """Create the triggers of one table that are not in `present`."""
    for kind, sql in (ON_POSTGRESQL if vendor == "postgresql" else ON_SQLITE).items():
        name = trigger_name(table, kind)
        if name not in present:
            cursor.execute(sql.format(name=name, table=table, refusal=REFUSAL))


@contextmanager
def lifted(connection: Any, *models: type[Any]) -> Iterator[None]:
    """Allow a migration, or a test, to change history in this block.

    On PostgreSQL the triggers are disabled within the caller's transaction, so nobody else may
    change history meanwhile.
    """
    names = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in names:
            switch_triggers(cursor, connection.vendor, table, on=False)
        yield
        for table in names:
            switch_triggers(cursor, connection.vendor, table, on=True)


def switch_triggers(cursor: Any, vendor: str, table: str, *, on: bool) -> None:
    """Turn the triggers of one table off or on.

    There are none before the first `migrate` has ended.
    """
    present = existing_triggers(cursor, vendor)
    kinds = [
        kind
        for kind in (ON_POSTGRESQL if vendor == "postgresql" else ON_SQLITE)
        if trigger_name(table, kind) in present
    ]
    if vendor == "postgresql" and kinds:
        # PostgreSQL refuses to alter a table with a deferred check that is still pending
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for kind in kinds:
        name = trigger_name(table, kind)
        if vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    # SQLite cannot disable a trigger, so `lifted` drops it and this creates it again.
    if vendor == "sqlite" and on:
        create_triggers(cursor, vendor, table, set())
