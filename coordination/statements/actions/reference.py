"""Old statements, of which the record is kept without the text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from coordination.core.actions import load_record
from coordination.core.clock import start_of
from coordination.core.queries import group
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement


@transaction.atomic
def load(data: Mapping[str, Any]) -> int:
    """Put fixtures/statements.json on record; return how many statements are new or changed."""
    return sum(load_statement(record) for record in data["statements"])


def load_statement(record: Mapping[str, Any]) -> bool:
    """Put one old statement on record.

    Days become the first moment of the day in the group's zone.
    """
    zone = group().zone
    adopted = start_of(date.fromisoformat(record["adopted"]), zone)
    released = start_of(date.fromisoformat(record["released"]), zone)
    values = {
        name: record[name]
        for name in ("symbol", "title", "occasion", "signatory_count", "sources", "note")
    }
    values |= {
        "state": StatementState.ADOPTED,
        "started_at": adopted,
        "adopted_at": adopted,
        "released_at": released,
    }
    return load_record(Statement, {"slug": record["slug"]}, values)[1]
