"""Meetings of published sources.

Loading twice changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coordination.core import history
from coordination.core.enums import CoreChange
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.members.models import Agency

FIELDS = (
    "title",
    "kind",
    "place",
    "time_zone",
    "first_precision",
    "sources",
    "note",
    "chair_name",
)


@transaction.atomic
def load(data: Mapping[str, Any], *, at: datetime) -> int:
    """Load the meetings of fixtures/meetings.json and return how many are new."""
    return sum(load_meeting(entry) for entry in data["meetings"])


def load_meeting(entry: Mapping[str, Any]) -> int:
    """Load one meeting and return 1 if it is new.

    Its hour is unknown, so it stands at noon and its precision is the day.
    """
    if Meeting.objects.filter(slug=entry["slug"]).exists():
        return 0
    chair = Agency.objects.filter(acronym=entry.get("chair")).first()
    values = {name: entry[name] for name in FIELDS if name in entry}
    meeting = Meeting(
        slug=entry["slug"],
        state=MeetingState.HELD,
        starts_at=datetime.fromisoformat(entry["starts_at"]),
        chair_agency=chair,
        **values,
    )
    history.sign(meeting, by=None, reason=CoreChange.LOADED_FROM_SOURCES)
    meeting.save()
    return 1
