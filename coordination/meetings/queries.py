"""Reads of meetings and action items."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.asks import Ask, Scope
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.models import ActionItem, Meeting
from coordination.members.models import Agency, Person

UNSETTLED = (ActionState.OPEN, ActionState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a meeting's form says: when (UTC), where, about what; the agenda as one title a line."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    place: str = ""
    video_url: str = ""
    agenda: str = ""


def upcoming(now: datetime) -> QuerySet[Meeting]:
    """Return the meetings that have not ended, the next first."""
    return Meeting.objects.filter(starts_at__gte=now, state=MeetingState.CONVENED).order_by("starts_at")


def past(now: datetime, kind: str = "") -> QuerySet[Meeting]:
    """Return the meetings that have begun or were cancelled, of a kind ("" for all), the newest first."""
    found = Meeting.objects.filter(starts_at__lt=now).select_related("chair_agency").order_by("-starts_at")
    return found.filter(kind=kind) if kind else found


def next_meeting(now: datetime) -> Meeting | None:
    """Return the next meeting with its agenda, or None."""
    return upcoming(now).prefetch_related("agenda__lead").first()


def meeting_record(slug: str) -> QuerySet[Meeting]:
    """Return the meeting at that address with all that its page shows; a handful of queries whatever its size."""
    return (
        Meeting.objects.filter(slug=slug)
        .select_related("chair_agency")
        .prefetch_related(
            "agenda__lead",
            "documents",
            "attendances__agency",
            "attendances__person",
            "decisions",
            "action_items__agency",
            "action_items__person",
        )
    )


def open_items() -> QuerySet[ActionItem]:
    """Return the unsettled action items with their meeting, agency and person, by due day."""
    return ActionItem.objects.filter(state__in=UNSETTLED).select_related("meeting", "agency", "person").order_by("due_day", "pk")


def items_of(agencies: list[Agency]) -> QuerySet[ActionItem]:
    """Return what the agencies owe."""
    return open_items().filter(agency__in=agencies)


def overdue(day: date) -> QuerySet[ActionItem]:
    """Return the unsettled action items that were due before `day`."""
    return open_items().filter(due_day__lt=day)


def address_of(item: ActionItem) -> str:
    """Return the address of the item on its meeting's page."""
    return f"{reverse('meetings:meeting', args=[item.meeting.slug])}#action-{item.pk}"


def asks(person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool) -> list[Ask]:
    """Return the action items of the person's agencies; one query."""
    return [
        Ask(
            title=item.title,
            detail=_("Action %(number)s of %(meeting)s") % {"number": item.number, "meeting": item.meeting.title},
            url=address_of(item),
            verb=_("Say where it stands"),
            kind="action",
            scope=Scope.ME if item.person_id == person.pk else Scope.AGENCY,
            day=item.due_day,
            owner=item.person,
        )
        for item in items_of(agencies)
    ]


def next_number(meeting: Meeting) -> int:
    """Return the number of the meeting's next action item."""
    return meeting.action_items.order_by("-number").annotate(following=F("number") + 1).values_list("following", flat=True).first() or 1
