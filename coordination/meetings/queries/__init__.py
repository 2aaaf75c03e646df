"""Reads of meetings and action items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core import clock, formatting, history
from coordination.core.history import HistoryEntry
from coordination.core.next_steps import NextStep, Scope
from coordination.meetings.enums import (
    MEETING_LIFE,
    ActionState,
    Level,
    MeetingChange,
    MeetingState,
)
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingDocument,
    MeetingVisitor,
    PaperPin,
)
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import people, periods
from coordination.members.queries.agencies import belonging_on, in_membership, members_on
from coordination.rotation.queries import chair
from coordination.rotation.queries.chair import Sitting

# My desk shows only the first lines of an agenda
MOST_LINES = 12
# 15:00 in Geneva is 09:00 in New York and 21:00 in Bangkok
USUAL_HOURS = (time(15), time(16))
PRESENT = (Level.PRINCIPAL, Level.DEPUTY, Level.DELEGATE, Level.FOCAL_POINT)
UNSETTLED = (ActionState.OPEN, ActionState.IN_PROGRESS)
# what people must know to be there: a change of it is a move
WHEREABOUTS: dict[str, tuple[str, ...]] = {
    "hour": ("starts_at", "ends_at"),
    "place": ("place",),
    "link": ("video_url",),
}
# parts of a meeting with a history of their own: their label, and the field that fills it in
PARTS: dict[Any, tuple[Any, str]] = {
    AgendaItem: (gettext_lazy("agenda item “%(part)s”"), "title"),
    MeetingDocument: (gettext_lazy("paper “%(part)s”"), "title"),
    PaperPin: (gettext_lazy("paper “%(part)s”"), "version"),
    Attendance: (gettext_lazy("attendance of %(part)s"), "agency"),
    MeetingVisitor: (gettext_lazy("visitor %(part)s"), "name"),
    Decision: (gettext_lazy("decision %(part)s"), "number"),
    ActionItem: (gettext_lazy("action item “%(part)s”"), "title"),
}


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line of an agenda.

    `lead` is an agency's acronym, or "".
    """

    position: int
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a convened meeting's hour, place or link.

    `at` (UTC) is from when people are told of it, `version` the meeting's after it. `before` and
    `after` are the meeting's records of history: what was told before, and what is told now.
    """

    at: datetime
    version: int
    before: Any
    after: Any

    @property
    def changed(self) -> frozenset[str]:
        """Return what changed: "hour", "place", "link"."""
        return frozenset(
            name
            for name, fields in WHEREABOUTS.items()
            if any(getattr(self.before, field) != getattr(self.after, field) for field in fields)
        )

    @property
    def is_of_series(self) -> bool:
        """Return whether a change of the whole series made it."""
        reason: str = self.after.history_change_reason
        return reason == MeetingChange.SERIES_CHANGED


@dataclass(frozen=True, slots=True)
class AttendanceValues:
    """The attendance of an agency on a page.

    Each value is "" without a record.
    """

    level: str
    name: str
    where: str = ""
    reason: str = ""
    delegate_for: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One agency in the attendance of a meeting.

    `principal` is its executive head of that day, if on record. An agency that is no member of that
    day is a visitor.
    """

    agency: Agency
    record: Attendance | None
    principal: Appointment | None
    is_member: bool

    @property
    def principal_name(self) -> str:
        """Return the principal's name and title as on that day, or ""."""
        head = self.principal
        return ", ".join(filter(None, [head.person.name, head.title])) if head else ""

    @property
    def seen(self) -> AttendanceValues:
        """Return what a page shows of the record."""
        if self.record is None:
            return AttendanceValues("", "")
        record, person = self.record, self.record.person
        name = record.name_on_day or (person.name if person else "")
        return AttendanceValues(
            record.level, name, record.where, record.reason, record.delegate_for
        )


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting, with the first lines of its agenda."""

    meeting: Meeting
    agenda: tuple[AgendaLine, ...]


def to_come(now: datetime) -> Q:
    """Return the condition of a convened meeting that has not ended.

    Without an end it counts as over when it begins.
    """
    return Q(state=MeetingState.CONVENED) & (
        Q(ends_at__gt=now) | Q(ends_at__isnull=True, starts_at__gt=now)
    )


def upcoming(now: datetime) -> QuerySet[Meeting]:
    """Return the meetings that have not ended, the next first."""
    meetings = Meeting.objects.filter(to_come(now)).select_related("series")
    return meetings.order_by("starts_at", "pk")


def past(now: datetime, kind: str = "") -> QuerySet[Meeting]:
    """Return the other meetings of a kind ("" for all), newest first."""
    meetings = Meeting.objects.exclude(to_come(now)).select_related("chair_agency")
    return (meetings.filter(kind=kind) if kind else meetings).order_by("-starts_at", "-pk")


def chairs_of(
    meetings: Iterable[Meeting], zone: ZoneInfo, sittings: Sequence[Sitting] | None = None
) -> list[tuple[Meeting, tuple[Agency, ...]]]:
    """Return each meeting with the agencies that chair it.

    It is the agency that its record names, else who chairs the group on its day in `zone`. So a
    meeting that moves past the turn of the chair gets the next chair. Joint chairs are both named.
    One query, none where every record names an agency or the sittings are loaded.
    """
    # The group's zone decides on which day it is, and so who chairs.
    days = [(meeting, clock.day_at(meeting.starts_at, zone)) for meeting in meetings]
    chairing = chair.agencies_chairing(
        {day for meeting, day in days if meeting.chair_agency is None}, sittings
    )
    return [
        (meeting, (meeting.chair_agency,) if meeting.chair_agency else chairing[day])
        for meeting, day in days
    ]


def not_begun_sentence(meeting: Meeting, zone: ZoneInfo) -> str:
    """Return the sentence that a coming meeting has no outcome yet.

    It names the hour in the reader's zone, or the day where only that is known.
    """
    when = (
        formatting.plain_day(meeting.day)
        if meeting.known_by_day
        else formatting.moment(meeting.starts_at, zone)
    )
    return _("This meeting is on %(when)s: its outcome is written once it has begun.") % {
        "when": when
    }


def cancelled_to_come(now: datetime) -> QuerySet[Meeting]:
    """Return the cancelled meetings that were to begin after `now`."""
    meetings = Meeting.objects.filter(state=MeetingState.CANCELLED, starts_at__gt=now)
    return meetings.select_related("series").order_by("starts_at", "pk")


def usual_meeting(day: date) -> dict[str, date | time]:
    """Return the usual day and hours of a new meeting. Pure.

    Who convenes on `day` begins with them. It is a weekday at least a week ahead, so the first
    reminder leaves a week too.
    """
    ahead = clock.next_weekday(day + timedelta(days=8))
    return {"day": ahead, "begins": USUAL_HOURS[0], "ends": USUAL_HOURS[1]}


def next_meeting(now: datetime) -> NextMeeting | None:
    """Return the next meeting with some agenda lines, or None.

    One query.
    """
    lines = upcoming(now).annotate(
        position=F("agenda__position"), what=F("agenda__title"), lead=F("agenda__lead__acronym")
    )
    rows: list[Any] = list(
        # One joined query: the rows of the first meeting come first.
        lines.order_by("starts_at", "pk", "agenda__position", "agenda__pk")[:MOST_LINES]
    )
    if not rows:
        return None
    agenda = (row for row in rows if row.pk == rows[0].pk and row.what)
    return NextMeeting(
        rows[0], tuple(AgendaLine(row.position, row.what, row.lead or "") for row in agenda)
    )


def meeting_record(slug: str, person: Person, day: date) -> QuerySet[Meeting]:
    """Return the meeting with that slug for any meeting's page.

    Five queries whatever its size. Each action item has `ours`: whether `person` is on `day` a
    focal point of the agency that owes it; and `in_office`: whether who took it on still is there.
    """
    focal = Appointment.objects.filter(
        periods.running(day), person=person, role=Role.FOCAL_POINT, agency=OuterRef("agency")
    )
    items = (
        ActionItem.objects.select_related("agency", "person")
        .annotate(ours=Exists(focal), in_office=owner_in_office(day))
        .order_by("number")
    )
    return (
        Meeting.objects.filter(slug=slug)
        .select_related("chair_agency", "series", "minutes")
        .prefetch_related(
            Prefetch(
                "agenda",
                AgendaItem.objects.select_related("lead").prefetch_related(
                    Prefetch("pins", PaperPin.objects.select_related("version"))
                ),
            ),
            Prefetch("documents", MeetingDocument.objects.select_related("uploaded_by")),
            Prefetch("action_items", items),
        )
    )


def load_what_happened(meeting: Meeting) -> None:
    """Load the further content of a meeting that has begun.

    Its page shows it. One query.
    """
    prefetch_related_objects([meeting], "decisions")


def attendance_rows(meeting: Meeting) -> list[AttendanceRow]:
    """Return members of the meeting's day and others who came.

    By acronym. Three queries.
    """
    records = meeting.attendances.select_related("agency", "person")
    by_agency = {record.agency_id: record for record in records}
    members = {agency.pk: agency for agency in members_on(meeting.day)}
    heads = people.principals_on(meeting.day)
    all_agencies = members | {pk: record.agency for pk, record in by_agency.items()}
    return [
        AttendanceRow(agency, by_agency.get(agency.pk), heads.get(agency.pk), agency.pk in members)
        for agency in sorted(all_agencies.values(), key=lambda agency: agency.acronym)
    ]


def represented(rows: Iterable[AttendanceRow]) -> tuple[int, int]:
    """Return (members that were represented, members of that day). Pure."""
    members = [row for row in rows if row.is_member]
    return sum(bool(row.record and row.record.level in PRESENT) for row in members), len(members)


def meeting_changes(meeting: Meeting) -> list[HistoryEntry]:
    """Return the newest changes of a meeting and its parts, newest first.

    Seven queries. Removed parts are included.
    """
    parts = (
        history.entries(
            records_of(model, meeting),
            name=name_of,
            known=("meeting", "item", field, "is_withdrawn"),
        )
        for model, (_label, field) in PARTS.items()
    )
    return history.newest_first(history.changes(meeting, most=history.MOST), *parts)


def records_of(model: Any, meeting: Meeting) -> QuerySet[Any]:
    """Return one kind of history records of a meeting.

    Those of a kind of part of it.
    """
    if model is PaperPin:
        # also of items that are gone
        items: Any = AgendaItem.history.filter(meeting_id=meeting.pk)
        pins: Any = PaperPin.history
        return cast("QuerySet[Any]", pins.filter(item_id__in=items.values("id")))
    return cast("QuerySet[Any]", model.history.filter(meeting_id=meeting.pk))


def name_of(record: Any) -> str:
    """Return the name of a historical record's part."""
    words, field = PARTS[record.instance_type]
    return str(words) % {"part": history.field_text(record, field)}


def focal_points(day: date) -> QuerySet[Appointment]:
    """Return the focal points of `day`, by agency and name.

    They are the people who can take on action items.
    """
    appointments = Appointment.objects.filter(
        periods.running(day), role=Role.FOCAL_POINT, agency__in=belonging_on(day)
    )
    return appointments.select_related("agency", "person").order_by(
        "agency__acronym", "person__name"
    )


def open_items() -> QuerySet[ActionItem]:
    """Return the unsettled action items, by due day."""
    return (
        ActionItem.objects.filter(state__in=UNSETTLED)
        .select_related("meeting", "agency", "person")
        .order_by("due_day", "pk")
    )


def owner_in_office(day: date) -> Exists:
    """Return the condition that an item's person is in office for its agency on `day`."""
    appointed = Appointment.objects.filter(
        periods.running(day), person=OuterRef("person"), agency=OuterRef("agency")
    )
    return Exists(appointed)


def items_of(agencies: list[Agency], day: date, *, is_chair: bool) -> QuerySet[ActionItem]:
    """Return the unsettled action items of the agencies.

    For the chair also those of agencies that do not belong to the group on `day`.
    """
    is_theirs = Q(agency__in=agencies)
    if is_chair:
        is_theirs |= ~Q(in_membership(day))
    return open_items().filter(is_theirs)


def overdue(day: date) -> QuerySet[ActionItem]:
    """Return the unsettled action items that were due before `day`."""
    return open_items().filter(due_day__lt=day)


def address_of(item: ActionItem) -> str:
    """Return the address of the item on its meeting's page."""
    return f"{reverse('meetings:meeting', args=[item.meeting.slug])}#action-{item.pk}"


def item_steps(
    person: Person, agencies: list[Agency], day: date, *, is_chair: bool
) -> list[NextStep]:
    """Return the next steps for the action items of `items_of`.

    One query.
    """
    items: Any = items_of(agencies, day, is_chair=is_chair).annotate(in_office=owner_in_office(day))
    return [
        NextStep(
            kind="meetings.item",
            what=item.title,
            why=describe_item(item)
            if item.agency in agencies
            else _("%(item)s; %(agency)s left the group")
            % {"item": describe_item(item), "agency": item.agency},
            verb=_("Say where it stands"),
            url_name="meetings:meeting",
            url_args=(item.meeting.slug,),
            anchor=f"action-{item.pk}",
            scope=Scope.ME if item.person_id == person.pk else Scope.AGENCY,
            day=item.due_day,
            # what a leaver took on is the agency's
            owner=item.person if item.in_office else None,
        )
        for item in items
    ]


def meeting_steps(
    meeting: Meeting, at: datetime, *, is_chair: bool, keeps_minutes: bool
) -> list[NextStep]:
    """Return what may be done with a meeting at `at`. Pure.

    `is_chair` and `keeps_minutes` tell whose steps they are.
    """
    is_cancelled = meeting.state == MeetingState.CANCELLED
    is_open = meeting.agreed_at is None
    keeps_record = keeps_minutes and is_open and meeting.begun(at) and not is_cancelled
    steps = [
        ("edit", _("Correct"), is_chair and is_open),
        ("roll", _("Keep the roll"), keeps_record),
        ("add_item", _("Add an action item"), is_chair and not is_cancelled),
        (
            "minutes",
            _("Write the minutes"),
            keeps_minutes and meeting.begun(at) and not is_cancelled,
        ),
        ("outcome", _("Record the outcome"), keeps_record),
        (
            "cancel",
            _("Cancel the meeting"),
            is_chair and MEETING_LIFE.allows(meeting.state, MeetingState.CANCELLED),
        ),
    ]
    return [
        NextStep(
            kind=f"meetings.{name}",
            what=verb,
            verb=verb,
            must=False,
            scope=Scope.CHAIR,
            url_name=f"meetings:{name}",
            url_args=(meeting.slug,),
        )
        for name, verb, is_possible in steps
        if is_possible
    ]


def describe_item(item: ActionItem) -> str:
    """Return which item it is, and whether it is in progress."""
    label = _("Action %(number)s of %(meeting)s") % {
        "number": item.number,
        "meeting": item.meeting.title,
    }
    return (
        _("%(item)s, in progress") % {"item": label}
        if item.state == ActionState.IN_PROGRESS
        else label
    )


def next_number(meeting: Meeting) -> int:
    """Return the number of the meeting's next action item."""
    return (
        meeting.action_items.order_by("-number")
        .annotate(following=F("number") + 1)
        .values_list("following", flat=True)
        .first()
        or 1
    )
