"""Database triggers that keep texts and positions from changing.

They protect circulated drafts, positions, adopted texts and signatories (design.md 4.3 to 4.5).

No migration creates them, because SQLite drops them whenever it rebuilds a table; they are created
after each `migrate`. Before `migrate` those of SQLite are dropped, because SQLite refuses to
rename a table that a trigger reads.
"""

from typing import Any, NamedTuple

from django.db import connections

# fields of an adopted statement that cannot change
FROZEN_FIELDS = ("title", "symbol", "slug", "language", "state", "adopted_at", "adopted_sha256")
CIRCULATED = (
    "EXISTS (SELECT 1 FROM statements_draft d "
    "WHERE d.id = {row}.draft_id AND d.circulated_at IS NOT NULL)"
)
ADOPTED = (
    "EXISTS (SELECT 1 FROM statements_statement s "
    "WHERE s.id = {row}.statement_id AND s.adopted_sha256 <> '')"
)
PROOF = "the proof of an adoption never changes"
# tables whose rows are only added
ADDED_TO = (
    "statements_manifest",
    "statements_manifestfile",
    "statements_manifestenvelope",
    "statements_timestamp",
)
DRAFT, SIGNED, TEXT = (
    "a circulated draft never changes",
    "the signatories of an adopted text stand",
    "an adopted text is frozen",
)


class FreezeRule(NamedTuple):
    """An event on a table that is refused under a condition."""

    name: str
    event: str
    table: str
    condition: str
    sentence: str


def before_or_after(condition: str) -> str:
    """Return the condition on the old or the new row.

    An UPDATE could otherwise move a row out of a frozen text or into it.
    """
    return f"{condition.format(row='OLD')} OR {condition.format(row='NEW')}"


RULES = (
    FreezeRule("block_put", "INSERT", "statements_block", CIRCULATED.format(row="NEW"), DRAFT),
    FreezeRule("block_changed", "UPDATE", "statements_block", before_or_after(CIRCULATED), DRAFT),
    FreezeRule("block_gone", "DELETE", "statements_block", CIRCULATED.format(row="OLD"), DRAFT),
    FreezeRule(
        "draft_changed", "UPDATE", "statements_draft", "OLD.circulated_at IS NOT NULL", DRAFT
    ),
    FreezeRule("draft_gone", "DELETE", "statements_draft", "OLD.circulated_at IS NOT NULL", DRAFT),
    FreezeRule(
        "position_changed",
        "UPDATE",
        "statements_position",
        "1 = 1",
        "a position is never changed; the newest counts",
    ),
    FreezeRule(
        "position_gone", "DELETE", "statements_position", "1 = 1", "a position is never deleted"
    ),
    FreezeRule(
        "signatory_put", "INSERT", "statements_signatory", ADOPTED.format(row="NEW"), SIGNED
    ),
    FreezeRule(
        "signatory_changed", "UPDATE", "statements_signatory", before_or_after(ADOPTED), SIGNED
    ),
    FreezeRule(
        "signatory_gone", "DELETE", "statements_signatory", ADOPTED.format(row="OLD"), SIGNED
    ),
    FreezeRule(
        "statement_changed",
        "UPDATE",
        "statements_statement",
        "OLD.adopted_sha256 <> '' AND ("
        + " OR ".join(f"OLD.{name} <> NEW.{name}" for name in FROZEN_FIELDS)
        + " OR NEW.adopted_at IS NULL)",
        TEXT,
    ),
    FreezeRule(
        "statement_gone", "DELETE", "statements_statement", "OLD.adopted_sha256 <> ''", TEXT
    ),
    *(
        FreezeRule(f"{table.removeprefix('statements_')}_{name}", event, table, "1 = 1", PROOF)
        for table in ADDED_TO
        for name, event in (("changed", "UPDATE"), ("gone", "DELETE"))
    ),
    FreezeRule(
        "signingkey_changed",
        "UPDATE",
        "statements_signingkey",
        "OLD.key_id <> NEW.key_id OR OLD.public_key <> NEW.public_key",
        "a public key never changes",
    ),
    FreezeRule(
        "signingkey_gone",
        "DELETE",
        "statements_signingkey",
        "1 = 1",
        "a public key is never deleted",
    ),
)


def sqlite_trigger(rule: FreezeRule) -> str:
    """Return the SQL that creates the trigger of a rule on SQLite."""
    return (
        f"CREATE TRIGGER IF NOT EXISTS statements_{rule.name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH ROW WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.sentence}'); END"
    )


def postgresql_trigger(rule: FreezeRule) -> str:
    """Return the SQL that creates the trigger of a rule on PostgreSQL.

    The condition reads other rows, which PostgreSQL allows only in a function.
    """
    # NEW is NULL in a DELETE, and PostgreSQL would skip the row
    returned_row = "OLD" if rule.event == "DELETE" else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION statements_{rule.name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN "
        f"IF {rule.condition} THEN RAISE EXCEPTION '{rule.sentence}' USING ERRCODE = "
        "'integrity_constraint_violation'; END IF; "
        f"RETURN {returned_row}; END $$; "
        f"CREATE OR REPLACE TRIGGER statements_{rule.name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION statements_{rule.name}()"
    )


def create_triggers(*, using: str = "default", **_: Any) -> None:
    """Create the triggers, once their tables exist. Safe to run twice."""
    connection = connections[using]
    trigger_sql = postgresql_trigger if connection.vendor == "postgresql" else sqlite_trigger
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if {rule.table for rule in RULES} <= tables:
            for rule in RULES:
                cursor.execute(trigger_sql(rule))


def drop_triggers(*, using: str = "default", **_: Any) -> None:
    """Drop the triggers of SQLite."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            for rule in RULES:
                cursor.execute(f"DROP TRIGGER IF EXISTS statements_{rule.name}")
