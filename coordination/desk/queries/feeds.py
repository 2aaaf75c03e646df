"""The contents of a person's calendar feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core import queries as core_queries
from coordination.core.models import Group
from coordination.core.permissions import On
from coordination.meetings.enums import MeetingKind
from coordination.meetings.models import ActionItem, AgendaItem, Meeting
from coordination.meetings.queries import feeds as meetings_feeds
from coordination.members.models import Agency, Person
from coordination.members.queries import feeds, held_roles, people
from coordination.rotation.models import HandoverItem, Selection
from coordination.rotation.queries import deadlines as rotation_deadlines
from coordination.rotation.queries import schedule
from coordination.rotation.queries.feed import Site, add_terms
from coordination.statements.models import ClearanceStep, Statement
from coordination.statements.queries import deadlines as statements_deadlines

# each shows at least the name of a meeting or an agency
OF_MEETINGS = (Meeting, AgendaItem, Agency, Group)
OF_DEADLINES = (Statement, ClearanceStep, Selection)
OF_AGENCY = (*OF_MEETINGS, *OF_DEADLINES, ActionItem, HandoverItem)


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """One feed on the page of its person.

    `path` contains the secret.
    """

    name: str
    says: str
    path: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar (iCalendar) and its last change (UTC)."""

    body: bytes
    changed_at: datetime


def may_read(person: Person, day: date, group: Group) -> bool:
    """Return whether the feeds of a person work on `day`.

    They stop when the person leaves office.
    """
    on = On(day, group=group)
    return people.may_have_session(person) and permissions.allowed(person, "members.read", on)


def agencies_of(person: Person, day: date) -> list[Agency]:
    """Return the agencies of a person's feeds on `day`.

    By acronym. One query.
    """
    return list(
        {held.agency.pk: held.agency for held in held_roles.held_roles(person, day)}.values()
    )


def addresses(token: str, agencies: Sequence[Agency]) -> list[FeedAddress]:
    """Return a person's feeds of these agencies with their addresses. Pure."""
    return [
        FeedAddress(
            _("All meetings"),
            _("Meetings of every kind, from a year back on."),
            reverse("desk:meetings_feed", args=[token]),
        ),
        *(
            FeedAddress(
                _("%(agency)s") % {"agency": agency.acronym},
                _("All meetings, and the action items and deadlines of %(agency)s.")
                % {"agency": agency.acronym},
                reverse("desk:agency_feed", args=[token, agency.slug]),
            )
            for agency in agencies
        ),
        *(
            FeedAddress(
                _("Meetings of one kind: %(kind)s") % {"kind": kind.label},
                _("Only the meetings of this kind."),
                reverse("desk:kind_feed", args=[token, kind.value]),
            )
            for kind in MeetingKind
        ),
        FeedAddress(
            _("Terms and deadlines"),
            _("Who chairs when, and the deadlines of statements and selections."),
            reverse("desk:terms_feed", args=[token]),
        ),
    ]


def of_meetings(group: Group, at: datetime, kind: str = "") -> Feed:
    """Return the feed of meetings of a kind ("" for all) as of `at` (UTC).

    Four queries.
    """
    changed_at = core_queries.newest_change(*OF_MEETINGS)
    name = MeetingKind(kind).label if kind else _("meetings")
    calendar = new_calendar(group, str(name))
    meetings_feeds.add_meetings(calendar, meetings_feeds.meetings_in_feed(at, kind), at, changed_at)
    return Feed(bytes(calendar.to_ical()), changed_at)


def of_agency(agency: Agency, group: Group, at: datetime, day: date) -> Feed:
    """Return the feed of an agency: its meetings and deadlines.

    All meetings are in it.
    """
    changed_at = core_queries.newest_change(*OF_AGENCY)
    calendar = new_calendar(group, agency.acronym)
    meetings_feeds.add_meetings(calendar, meetings_feeds.meetings_in_feed(at), at, changed_at)
    deadlines = [
        *meetings_feeds.item_deadlines([agency], day),
        *rotation_deadlines.item_deadlines([agency], day, group),
        *rotation_deadlines.selection_deadlines(),
        *statements_deadlines.deadlines([agency.pk]),
    ]
    feeds.add_deadlines(calendar, deadlines, changed_at)
    return Feed(bytes(calendar.to_ical()), changed_at)


def of_terms(group: Group, year: int) -> Feed:
    """Return the feed of terms and deadlines for one year.

    The year is that in which it is read.
    """
    found = schedule.schedule().read_in(year)
    changed_at = max(found.changed_at, core_queries.newest_change(*OF_DEADLINES))
    calendar = new_calendar(group, _("terms and deadlines"))
    add_terms(calendar, found, group, Site(feeds.host(), absolute), year)
    deadlines = [*rotation_deadlines.selection_deadlines(), *statements_deadlines.deadlines()]
    feeds.add_deadlines(calendar, deadlines, changed_at)
    return Feed(bytes(calendar.to_ical()), changed_at)


def new_calendar(group: Group, name: str) -> Any:
    """Return an empty calendar, named after the group."""
    title = _("%(group)s: %(name)s") % {"group": group.acronym or group.name, "name": name}
    return feeds.new_feed(title)


def absolute(path: str) -> str:
    """Return the absolute address of a path on this installation.

    It does not depend on the address of the request.
    """
    return f"{settings.SITE_URL}{path}"
