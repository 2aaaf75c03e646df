"""What the database itself keeps as it is.

These are circulated drafts, positions, adopted texts and their signatories (design.md 4.3 to 4.5).

Triggers on both databases. They are made after each `migrate`, not by a migration: SQLite rebuilds
a table to change it, and drops the triggers with it; before `migrate` those of SQLite are taken
away, as it refuses to rename a table that one of them reads.
"""

from typing import Any, NamedTuple

from django.db import connections

# of an adopted statement
KEPT = ("title", "symbol", "slug", "language", "state", "adopted_at", "adopted_sha256")
CIRCULATED = (
    "EXISTS (SELECT 1 FROM statements_draft d "
    "WHERE d.id = {row}.draft_id AND d.circulated_at IS NOT NULL)"
)
ADOPTED = (
    "EXISTS (SELECT 1 FROM statements_statement s "
    "WHERE s.id = {row}.statement_id AND s.adopted_sha256 <> '')"
)
DRAFT, SIGNED, TEXT = (
    "a circulated draft never changes",
    "the signatories of an adopted text stand",
    "an adopted text is frozen",
)


class Rule(NamedTuple):
    """What is refused: an event on a table under a condition, with a sentence."""

    name: str
    event: str
    table: str
    condition: str
    sentence: str


def either(condition: str) -> str:
    """Return the condition for a row as it was or as it would be.

    So nothing can be moved out or in.
    """
    return f"{condition.format(row='OLD')} OR {condition.format(row='NEW')}"


RULES = (
    Rule("block_put", "INSERT", "statements_block", CIRCULATED.format(row="NEW"), DRAFT),
    Rule("block_changed", "UPDATE", "statements_block", either(CIRCULATED), DRAFT),
    Rule("block_gone", "DELETE", "statements_block", CIRCULATED.format(row="OLD"), DRAFT),
    Rule("draft_changed", "UPDATE", "statements_draft", "OLD.circulated_at IS NOT NULL", DRAFT),
    Rule("draft_gone", "DELETE", "statements_draft", "OLD.circulated_at IS NOT NULL", DRAFT),
    Rule(
        "position_changed",
        "UPDATE",
        "statements_position",
        "1 = 1",
        "a position is never changed; the newest counts",
    ),
    Rule("position_gone", "DELETE", "statements_position", "1 = 1", "a position is never deleted"),
    Rule("signatory_put", "INSERT", "statements_signatory", ADOPTED.format(row="NEW"), SIGNED),
    Rule("signatory_changed", "UPDATE", "statements_signatory", either(ADOPTED), SIGNED),
    Rule("signatory_gone", "DELETE", "statements_signatory", ADOPTED.format(row="OLD"), SIGNED),
    Rule(
        "statement_changed",
        "UPDATE",
        "statements_statement",
        "OLD.adopted_sha256 <> '' AND ("
        + " OR ".join(f"OLD.{name} <> NEW.{name}" for name in KEPT)
        + " OR NEW.adopted_at IS NULL)",
        TEXT,
    ),
    Rule("statement_gone", "DELETE", "statements_statement", "OLD.adopted_sha256 <> ''", TEXT),
)


def made_on_sqlite(rule: Rule) -> str:
    """Return the SQL that makes the trigger of one rule."""
    return (
        f"CREATE TRIGGER IF NOT EXISTS statements_{rule.name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH ROW WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.sentence}'); END"
    )


def made_on_postgresql(rule: Rule) -> str:
    """Return the SQL that makes the trigger of one rule.

    Its condition reads other rows, so it stands in a function.
    """
    back = "OLD" if rule.event == "DELETE" else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION statements_{rule.name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN "
        f"IF {rule.condition} THEN RAISE EXCEPTION '{rule.sentence}' USING ERRCODE = "
        "'integrity_constraint_violation'; END IF; "
        f"RETURN {back}; END $$; "
        f"CREATE OR REPLACE TRIGGER statements_{rule.name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION statements_{rule.name}()"
    )


def freeze(*, using: str = "default", **_: Any) -> None:
    """Make the triggers, after `migrate`; those that are there stay.

    Does nothing before the tables exist.
    """
    connection = connections[using]
    make = made_on_postgresql if connection.vendor == "postgresql" else made_on_sqlite
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if {rule.table for rule in RULES} <= there:
            for rule in RULES:
                cursor.execute(make(rule))


def thaw(*, using: str = "default", **_: Any) -> None:
    """Take the triggers of SQLite away, before `migrate`; `freeze` makes them again."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            for rule in RULES:
                cursor.execute(f"DROP TRIGGER IF EXISTS statements_{rule.name}")
