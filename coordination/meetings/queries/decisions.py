"""The registers of decisions and of action items, over all meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.meetings.enums import ActionState
from coordination.meetings.models import ActionItem, Decision
from coordination.meetings.queries import UNSETTLED


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What a reader looks for among decisions.

    Empty values leave all.
    """

    words: str = ""
    year: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a reader looks for among action items.

    Empty values leave all. `state` is a state, or "late" for what is unsettled and was due before
    `day`.
    """

    day: date
    words: str = ""
    agency: str = ""
    state: str = ""


def register(chosen: DecisionFilter) -> QuerySet[Decision]:
    """Return the decisions that a reader looks for, the newest first.

    Each word must stand in the text, or be the permanent number.
    """
    decisions = Decision.objects.filter(serial__isnull=False).select_related("meeting", "paragraph")
    if chosen.year:
        decisions = decisions.filter(year=chosen.year)
    if chosen.kind:
        decisions = decisions.filter(meeting__kind=chosen.kind)
    for word in chosen.words.split():
        decisions = decisions.filter(Q(text__icontains=word) | number_is(word))
    return decisions.order_by("-year", "-serial")


def number_is(word: str) -> Q:
    """Return the condition that a word is a decision's number: "2026/4"."""
    year, slash, serial = word.partition("/")
    if not (slash and year.isdecimal() and serial.isdecimal() and len(year + serial) < 10):  # noqa: PLR2004 - longer ones are no numbers of ours
        return Q(pk__in=())
    return Q(year=int(year), serial=int(serial))


def years() -> list[int]:
    """Return the years in which something was decided, the newest first."""
    rows = Decision.objects.filter(serial__isnull=False).order_by("-year")
    return [year for year in rows.values_list("year", flat=True).distinct() if year]


def action_register(chosen: ActionFilter) -> QuerySet[ActionItem]:
    """Return the action items that a reader looks for.

    By due day, the newest first.
    """
    items: Any = ActionItem.objects.select_related("agency", "person", "meeting")
    if chosen.state == "late":
        items = items.filter(state__in=UNSETTLED, due_day__lt=chosen.day)
    elif chosen.state in ActionState.values:
        items = items.filter(state=chosen.state)
    if chosen.agency:
        items = items.filter(agency__slug=chosen.agency)
    for word in chosen.words.split():
        items = items.filter(Q(title__icontains=word) | Q(note__icontains=word))
    found: QuerySet[ActionItem] = items.order_by("-due_day", "-pk")
    return found


def owners() -> QuerySet[ActionItem, Any]:
    """Return the keys of the agencies with action items, for a subquery."""
    return ActionItem.objects.order_by().values("agency").distinct()


def decision_header() -> list[str]:
    """Return the column names of the register of decisions as a table."""
    return [_("Number"), _("Decision"), _("Meeting"), _("Day"), _("Taken out of the minutes")]


def decision_table(decisions: Iterable[Decision]) -> list[list[object]]:
    """Return decisions as lines of a table. Pure."""
    return [
        [
            decision.register_number,
            decision.text,
            decision.meeting.title,
            decision.meeting.day,
            _("yes") if decision.is_withdrawn else "",
        ]
        for decision in decisions
    ]


def action_header() -> list[str]:
    """Return the column names of the register of action items as a table."""
    return [
        _("What"),
        _("Agency"),
        _("Person"),
        _("Due"),
        pgettext("of an action item", "State"),
        pgettext("remark", "Note"),
        _("Meeting"),
        _("Number"),
    ]


def action_table(items: Iterable[ActionItem]) -> list[list[object]]:
    """Return action items as lines of a table. Pure."""
    return [
        [
            item.title,
            item.agency.acronym,
            str(item.person or ""),
            item.due_day,
            item.get_state_display(),
            item.note,
            item.meeting.title,
            item.number,
        ]
        for item in items
    ]
