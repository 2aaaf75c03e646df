"""The roll of a meeting, with offered answers and totals."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import clock, formatting
from coordination.core.models import Group
from coordination.core.next_steps import NextStep, Scope
from coordination.core.periods import ONE_DAY, Period
from coordination.meetings.enums import ClaimState, Level, MeetingState, Reply, Where
from coordination.meetings.models import Attendance, AttendanceClaim, Meeting, MeetingVisitor
from coordination.meetings.queries import PRESENT, AttendanceRow, AttendanceValues, invitations
from coordination.meetings.queries.invitations import SeatAnswer
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import people, periods
from coordination.members.queries.agencies import belonging_on, in_membership, members_on
from coordination.rotation.queries import chair

CLAIM_DAYS = 5
BETWEEN_NAMES = ";"


@dataclass(frozen=True, slots=True)
class RollCount:
    """The totals of a roll.

    `seats` are the members of the meeting's day. `unknown` are those of whom nothing is on record,
    `guests` the agencies and people who came and are no members.
    """

    seats: int
    present: tuple[Agency, ...]
    apologies: tuple[AttendanceRow, ...]
    absent: tuple[Agency, ...]
    unknown: tuple[Agency, ...]
    guests: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        """Return whether anything is on record."""
        return len(self.unknown) < self.seats or bool(self.guests)


def last_claim_day(day: date) -> date:
    """Return the fifth working day (Monday to Friday) after `day`. Pure."""
    left = CLAIM_DAYS
    while left:
        day += ONE_DAY
        left -= day.weekday() < clock.SATURDAY
    return day


def names_of(text: str) -> list[str]:
    """Return the people of one seat, which semicolons separate. Pure."""
    return [name.strip() for name in text.split(BETWEEN_NAMES) if name.strip()]


def joined(names: Iterable[str]) -> str:
    """Return people of one seat as the roll keeps them. Pure."""
    return f"{BETWEEN_NAMES} ".join(names)


def seat_rows(meeting: Meeting) -> list[AttendanceRow]:
    """Return members of the meeting's day and other recorded agencies.

    By acronym. Two queries. Members come first; their principals are not read.
    """
    records = records_of(meeting)
    members = {agency.pk: agency for agency in members_on(meeting.day)}
    others = {pk: record.agency for pk, record in records.items() if pk not in members}
    return in_order(
        AttendanceRow(agency, records.get(pk), None, pk in members)
        for pk, agency in (members | others).items()
    )


def roll_rows(meeting: Meeting, *, with_heads: bool = True) -> list[AttendanceRow]:
    """Return members, then observers and other agencies that came.

    Members are those of the meeting's day. Three queries, two without the principals
    (`with_heads`). Each part is by acronym.
    """
    is_member = in_membership(meeting.day, MembershipStatus.MEMBER, agency="pk")
    belonging = belonging_on(meeting.day).annotate(seat=is_member)
    agencies: dict[int, Any] = {agency.pk: agency for agency in belonging}
    records = records_of(meeting)
    heads = people.principals_on(meeting.day) if with_heads else {}
    for pk, record in records.items():
        agencies.setdefault(pk, record.agency)
    return in_order(
        AttendanceRow(agency, records.get(pk), heads.get(pk), getattr(agency, "seat", False))
        for pk, agency in agencies.items()
    )


def people_of(meeting: Meeting) -> dict[int, list[str]]:
    """Return the focal points of the meeting's day.

    By key of the agency, for its row. One query.
    """
    rows = Appointment.objects.filter(periods.running(meeting.day), role=Role.FOCAL_POINT)
    names: dict[int, list[str]] = {}
    for agency, name in rows.order_by("person__name").values_list("agency_id", "person__name"):
        names.setdefault(agency, []).append(name)
    return names


def records_of(meeting: Meeting) -> dict[int, Attendance]:
    """Return the attendance on record by key of the agency.

    One query.
    """
    return {row.agency_id: row for row in meeting.attendances.select_related("agency", "person")}


def in_order(rows: Iterable[AttendanceRow]) -> list[AttendanceRow]:
    """Return the members, then the others, each by acronym. Pure."""
    return sorted(rows, key=lambda row: (not row.is_member, row.agency.acronym))


def visitors_of(meeting: Meeting) -> QuerySet[MeetingVisitor]:
    """Return the visitors of a meeting, by name."""
    return meeting.visitors.order_by("name", "pk")


def offers(meeting: Meeting, rows: Iterable[AttendanceRow]) -> dict[int, AttendanceValues]:
    """Return what the answers offer for the rows of a roll.

    By key of the agency. Two queries. Not for a principals' meeting: focal points answer, and other
    people come.
    """
    where = usual_where(meeting)
    seats = invitations.answers_of([row.agency for row in rows], meeting, meeting.day)
    return {seat.agency.pk: offer(seat, where) for seat in seats if seat.reply}


def offer(seat: SeatAnswer, where: str) -> AttendanceValues:
    """Return what the answers of a seat offer for the roll. Pure."""
    given = [(person, answer) for person, answer in seat.people if answer]
    if seat.reply == Reply.ACCEPTED:
        names = [person.name for person, answer in given if answer.reply == Reply.ACCEPTED]
        return AttendanceValues(Level.FOCAL_POINT, joined(names), where)
    if seat.reply == Reply.DELEGATED:
        going = [(person, each) for person, each in given if each.reply == Reply.DELEGATED]
        return AttendanceValues(
            Level.DELEGATE,
            joined(answer.colleague for _person, answer in going),
            where,
            delegate_for=formatting.list_of([person.name for person, _answer in going]),
        )
    if seat.reply == Reply.DECLINED:
        return AttendanceValues(
            Level.APOLOGIES, "", reason=joined(each.note for _who, each in given if each.note)
        )
    return AttendanceValues("", "")


def usual_where(meeting: Meeting) -> str:
    """Return how people take part, where there is only one way. Pure."""
    if meeting.video_url and not meeting.place:
        return Where.VIDEO
    return Where.ROOM if meeting.place and not meeting.video_url else ""


def roll_count(rows: Iterable[AttendanceRow], visitors: Iterable[MeetingVisitor]) -> RollCount:
    """Return what a roll comes to. Pure."""
    rows = list(rows)
    members = [row for row in rows if row.is_member]
    came = [row for row in rows if row.record and row.record.level in PRESENT]
    return RollCount(
        seats=len(members),
        present=tuple(row.agency for row in came if row.is_member),
        apologies=tuple(row for row in members if row.seen.level == Level.APOLOGIES),
        absent=tuple(row.agency for row in members if row.seen.level == Level.ABSENT),
        unknown=tuple(row.agency for row in members if row.record is None),
        guests=(
            *(str(row.agency) for row in came if not row.is_member),
            *(str(visitor) for visitor in visitors),
        ),
    )


def presence(meeting: Meeting) -> RollCount:
    """Return what the roll of a meeting comes to.

    Three queries.
    """
    return roll_count(seat_rows(meeting), visitors_of(meeting))


def represented_sentence(count: RollCount) -> str:
    """Return "13 of 16 members were represented."."""
    return ngettext(
        "%(present)d of %(seats)d member was represented.",
        "%(present)d of %(seats)d members were represented.",
        count.seats,
    ) % {"present": len(count.present), "seats": count.seats}


def presence_line(count: RollCount) -> str:
    """Return the line of who attended.

    How many were represented, who sent apologies, who was absent, and who visited. The minutes open
    with it. "" while nothing is on record.
    """
    if not count.is_kept:
        return ""
    excused = [
        _("%(agency)s (%(reason)s)") % {"agency": row.agency, "reason": row.seen.reason}
        if row.seen.reason
        else str(row.agency)
        for row in count.apologies
    ]
    parts = [
        (_("Apologies: %(names)s."), excused),
        (_("Absent: %(names)s."), [str(agency) for agency in count.absent]),
        (_("Not on record: %(names)s."), [str(agency) for agency in count.unknown]),
        (_("Visitors: %(names)s."), list(count.guests)),
    ]
    sentences = [words % {"names": formatting.list_of(names)} for words, names in parts if names]
    return " ".join([represented_sentence(count), *sentences])


def claimable_seats(person: Person, meeting: Meeting) -> QuerySet[Appointment]:
    """Return the seats that a person may claim.

    The person was their focal point on the meeting's day.
    """
    return (
        person.appointments.filter(
            periods.running(meeting.day),
            in_membership(meeting.day, MembershipStatus.MEMBER, MembershipStatus.OBSERVER),
            role=Role.FOCAL_POINT,
        )
        .select_related("agency")
        .order_by("agency__acronym")
    )


def why_not_claimable(meeting: Meeting, at: datetime, day: date) -> str:
    """Return why a claim is not possible, or "". Pure.

    At `at`, on the group's `day`.
    """
    if meeting.state == MeetingState.CANCELLED:
        return _("This meeting was cancelled.")
    if not meeting.begun(at):
        return _("This meeting has not begun.")
    if meeting.agreed_at:
        return _("The record of this meeting is agreed.")
    last = last_claim_day(meeting.day)
    if day > last:
        return _(
            "Who attended says so until %(day)s, five working days after the meeting. Write to the "
            "chair."
        ) % {"day": formatting.plain_day(last)}
    return ""


def is_named(person: Person, rows: Iterable[AttendanceRow]) -> bool:
    """Return whether the roll names the person as present. Pure."""
    return any(
        person.pk == row.record.person_id or person.name in names_of(row.record.name_on_day)
        for row in rows
        if row.record and row.record.level in PRESENT
    )


def claims_of(meeting: Meeting) -> QuerySet[AttendanceClaim]:
    """Return the claims of a meeting, the first before."""
    return meeting.claims.select_related("person", "agency")


def waiting_claims() -> QuerySet[AttendanceClaim]:
    """Return the claims that nobody settled, the first before."""
    claims = AttendanceClaim.objects.filter(state=ClaimState.WAITING)
    return claims.select_related("person", "agency", "meeting")


def claim_steps(
    agencies: Collection[Agency], day: date, group: Group, *, is_chair: bool
) -> list[NextStep]:
    """Return a step for each meeting with open claims.

    For those who keep its minutes. `agencies` are those of which the person is a focal point on
    `day`. One query; two for who does not chair, where a claim waits.
    """
    by_meeting: dict[Meeting, list[AttendanceClaim]] = {}
    for claim in waiting_claims():
        by_meeting.setdefault(claim.meeting, []).append(claim)
    if by_meeting and not is_chair:
        chaired = days_chaired(agencies, day, group.handover_grace_days)
        by_meeting = {
            meeting: claims
            for meeting, claims in by_meeting.items()
            if any(period.covers(clock.day_at(meeting.starts_at, group.zone)) for period in chaired)
        }
    return [claim_step(meeting, claims) for meeting, claims in by_meeting.items()]


def days_chaired(agencies: Collection[Agency], day: date, grace_days: int) -> list[Period]:
    """Return the days that the agencies chaired recently.

    In terms that ended at most `grace_days` ago.
    """
    rows = chair.chairing_rows().filter(
        agency__in=agencies,
        term__last_day__lt=day,
        term__last_day__gte=day - timedelta(days=grace_days),
    )
    return [Period(row.from_day, row.to_day) for row in rows]


def claim_step(meeting: Meeting, claims: Sequence[AttendanceClaim]) -> NextStep:
    """Return the step to settle the claims of one meeting. Pure."""
    return NextStep(
        kind="meetings.claim",
        what=meeting.title,
        why=ngettext(
            "%(people)s says that they attended",
            "%(people)s say that they attended",
            len(claims),
        )
        % {"people": formatting.list_of([str(claim) for claim in claims])},
        verb=_("Settle the roll"),
        url_name="meetings:roll",
        url_args=(meeting.slug,),
        anchor="claims",
        scope=Scope.CHAIR,
    )


def header() -> list[str]:
    """Return the names of the columns of a roll as a table."""
    return [
        _("Agency"),
        _("Seat"),
        _("Represented"),
        _("Level"),
        _("Where"),
        _("Names"),
        _("Delegate for"),
        _("Reason of the apologies"),
    ]


def table(rows: Iterable[AttendanceRow], visitors: Iterable[MeetingVisitor]) -> list[list[object]]:
    """Return the roll as lines of a table, the visitors last. Pure.

    "Represented" is 1 or 0, so that its sum is the count.
    """
    lines: list[list[object]] = []
    for row in rows:
        seen = row.seen
        lines.append(
            [
                row.agency.acronym,
                _("member") if row.is_member else _("visitor"),
                int(row.is_member and seen.level in PRESENT),
                str(Level(seen.level).label) if seen.level else _("not on record"),
                where_label(seen.where),
                seen.name,
                seen.delegate_for,
                seen.reason,
            ]
        )
    for visitor in visitors:
        where = where_label(visitor.where)
        lines.append([visitor.body, _("visitor"), 0, "", where, visitor.name, "", ""])
    return lines


def where_label(where: str) -> str:
    """Return the words of a way to take part, or "". Pure."""
    return str(Where(where).label) if where else ""


def summary(count: RollCount) -> list[list[object]]:
    """Return the counts of a roll as lines of a table. Pure."""
    return [
        [_("Represented"), len(count.present)],
        [_("Members of that day"), count.seats],
        [_("Apologies"), len(count.apologies)],
        [_("Absent"), len(count.absent)],
        [_("Not on record"), len(count.unknown)],
        [_("Visitors"), len(count.guests)],
    ]


def claim_of(meeting: Meeting, person: Person) -> AttendanceClaim | None:
    """Return what a person said of their attendance, if anything."""
    return claims_of(meeting).filter(person=person).first()
