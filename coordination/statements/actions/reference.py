"""Loading old statements, which have a record but no text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from coordination.core.actions import load_record
from coordination.core.clock import start_of
from coordination.core.queries import group
from coordination.meetings.models import Meeting
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement


@transaction.atomic
def load(data: Mapping[str, Any]) -> int:
    """Load fixtures/statements.json; return the number of new or changed statements."""
    return sum(load_statement(record) for record in data["statements"])


def load_statement(record: Mapping[str, Any]) -> bool:
    """Load an old statement; return whether anything changed.

    Whether it is new or changed. A day is stored as its first moment in the group's zone.
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
    meeting = Meeting.objects.filter(slug=record.get("meeting")).first()
    if meeting:
        values["meeting"] = meeting
    return load_record(Statement, {"slug": record["slug"]}, values)[1]
