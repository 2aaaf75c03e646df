"""Meetings as events, and action items as deadlines, for calendars."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coordination.meetings import queries
from coordination.meetings.models import Meeting
from coordination.meetings.queries import announcements, calendars
from coordination.meetings.queries.announcements import Announced
from coordination.members.models import Agency
from coordination.members.queries.feeds import BACK, Deadline


def meetings_in_feed(at: datetime, kind: str = "") -> QuerySet[Meeting]:
    """Return the meetings of a feed, of a kind.

    "" for all kinds. Ordered by their beginning. They are those from a year before `at` (UTC) on. A
    cancelled one stays, so that calendars strike it out.
    """
    meetings = Meeting.objects.filter(Q(starts_at__gte=at - BACK) | Q(ends_at__gte=at - BACK))
    if kind:
        meetings = meetings.filter(kind=kind)
    return meetings.prefetch_related("agenda").order_by("starts_at", "pk")


def add_meetings(calendar: Any, meetings: Iterable[Meeting], at: datetime, stamp: datetime) -> None:
    """Add meetings to a calendar with the mails' UIDs and sequences.

    `stamp` (UTC) is the last change that the feed tells of. Three queries.
    """
    shown = list(meetings)
    announced = announcements.announced(shown, at)
    for meeting in shown:
        sequence = announced.get(meeting.pk, Announced()).sequence
        calendar.add_component(calendars.event_of(meeting, sequence=sequence, at=stamp))


def item_deadlines(agencies: Sequence[Agency], day: date) -> list[Deadline]:
    """Return the due days of the agencies' unsettled action items.

    One query.
    """
    items = queries.open_items().filter(agency__in=agencies, due_day__gte=day - BACK)
    return [
        Deadline(
            f"action-item-{item.pk}",
            item.version,
            item.due_day,
            _("%(agency)s: %(title)s") % {"agency": item.agency, "title": item.title},
            queries.address_of(item),
            _("Action item of “%(meeting)s”") % {"meeting": item.meeting},
        )
        for item in items
    ]
