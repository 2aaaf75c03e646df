"""My desk: what is asked of a person and their agency.

It also shows the next meeting, agencies that have not answered, and the handover.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q

from coordination.core.models import Group
from coordination.core.next_steps import NextStep, Scope, by_deadline, latest
from coordination.desk.queries.recent_changes import RecentChange, recent_changes
from coordination.meetings import queries as meetings
from coordination.meetings.queries import NextMeeting, agenda, invitations, minutes, polls, roll
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.members.queries import flags, periods
from coordination.members.queries.flags import Flag
from coordination.members.queries.people import agencies_of
from coordination.rotation.queries import handovers, offers, selection_steps
from coordination.rotation.queries import next_steps as rotation_steps
from coordination.rotation.queries.chair_now import ChairNow
from coordination.statements.models import ClearanceStep, Statement
from coordination.statements.queries import comments, preparing
from coordination.statements.queries.next_steps import LOOK
from coordination.statements.queries.statuses import StatementStatus as StandingStatement
from coordination.statements.queries.statuses import required_steps, statement_statuses


@dataclass(frozen=True, slots=True)
class AgencyTeam:
    """An agency of the reader, with its focal points.

    `flag` is what is unusual about their number. `by_office`: the reader is none of them, so acts
    from the principal's office.
    """

    agency: Agency
    is_member: bool
    people: tuple[Appointment, ...]
    flag: Flag | None
    by_office: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """A clearance step in which some agencies have not answered."""

    statement: Statement
    step: ClearanceStep
    agencies: tuple[Agency, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class Desk:
    """All that My desk shows.

    `first` is the step that is due first for the reader: the only primary button. `settled` of
    `items` items of the handover to the following term are done.
    """

    agencies: tuple[Agency, ...] = ()
    asked: tuple[NextStep, ...] = ()
    owed: tuple[NextStep, ...] = ()
    of_chair: tuple[NextStep, ...] = ()
    late: int = 0
    owed_late: int = 0
    chair_late: int = 0
    first: NextStep | None = None
    meeting: NextMeeting | None = None
    silent: tuple[Silence, ...] = ()
    teams: tuple[AgencyTeam, ...] = ()
    recent_changes: tuple[RecentChange, ...] = ()
    settled: int = 0
    items: int = 0

    @property
    def count(self) -> int:
        """Return the number of rows in the three lists of the page."""
        return len(self.of_chair) + len(self.asked) + len(self.owed)

    @property
    def all_late(self) -> int:
        """Return how many of these rows are late."""
        return self.chair_late + self.late + self.owed_late


def desk_of(person: Person, group: Group, day: date, now: datetime, chair: ChairNow) -> Desk:
    """Return the desk of `person` at `now` (UTC).

    `day` is that of `now` in the group's zone, `chair` the chair as the person sees it then. At
    most fourteen queries, more where exchanges wait or a selection runs. A person who is in office
    for no agency that belongs has an empty desk, for one query.
    """
    is_chair, following = chair.ours, chair.next_term
    own_teams = teams(person, group, day)
    if not own_teams:
        return Desk()
    agencies = [team.agency for team in own_teams]
    member_agencies = [team.agency for team in own_teams if team.is_member]
    standing = statement_statuses(day, now, is_chair=is_chair, group=group)
    statuses = preparing.with_preparation(standing, member_agencies)
    items = list(handovers.items_ahead(agencies, day, group))
    actions = by_deadline(meetings.item_steps(person, agencies, day, is_chair=is_chair))
    offices = [team.agency.pk for team in own_teams if team.by_office]
    of_statements = required_steps(statuses, member_agencies, is_chair=is_chair, offices=offices)
    of_comments = comments.mention_steps(member_agencies)
    of_offers = rotation_steps.offer_steps(
        offers.open_offers(day),
        [team.agency for team in own_teams if team.is_member and not team.by_office],
        may_operate=is_chair,
    )
    of_selections = (
        selection_steps.required_steps(person.pk, member_agencies, day, may_run=is_chair)
        if chair.selection
        else []
    )
    of_items = rotation_steps.item_steps(items, day)
    of_meetings = meeting_steps(person, own_teams, now, is_chair=is_chair)
    claims = roll.claim_steps(focal_agencies(own_teams), day, group, is_chair=is_chair)
    steps = by_deadline(
        [*of_statements, *of_comments, *of_items, *of_offers, *of_selections, *of_meetings, *claims]
    )
    asked = tuple(step for step in steps if step.scope != Scope.CHAIR)
    of_chair = tuple(step for step in steps if step.scope == Scope.CHAIR)
    settled, item_count = handovers.progress_of(items, following) if following else (0, 0)
    return Desk(
        agencies=tuple(agencies),
        asked=asked,
        owed=tuple(actions),
        of_chair=of_chair,
        late=sum(is_late(step, day, now) for step in asked),
        owed_late=sum(is_late(step, day, now) for step in actions),
        chair_late=sum(is_late(step, day, now) for step in of_chair),
        first=first_due([*steps, *actions]),
        meeting=meetings.next_meeting(now),
        silent=silences(statuses),
        teams=own_teams,
        recent_changes=recent_changes(now),
        settled=settled,
        items=item_count,
    )


def meeting_steps(
    person: Person, own_teams: Sequence[AgencyTeam], now: datetime, *, is_chair: bool
) -> list[NextStep]:
    """Return a focal point's open answers and the chair's tasks.

    The answers are to invitations and polls. Two queries, two more for the chair: minutes and
    proposals.
    """
    is_invited = any(not team.by_office for team in own_teams)
    answers = invitations.answer_steps(person, now) if is_invited else []
    polled = [team.agency for team in own_teams if team.is_member and not team.by_office]
    answers += polls.poll_steps(polled, now, is_chair=is_chair)
    if not is_chair:
        return answers
    return [*answers, *minutes.minutes_steps(now), *agenda.proposal_steps()]


def focal_agencies(own_teams: Sequence[AgencyTeam]) -> list[Agency]:
    """Return the agencies with the reader as focal point. Pure."""
    return [team.agency for team in own_teams if not team.by_office]


def first_due(steps: Iterable[NextStep]) -> NextStep | None:
    """Return the step that is due first for the reader. Pure.

    None if there is none. A step that a colleague took on is not the reader's; one that asks the
    chair only to look comes after all that asks for an act.
    """
    own = [step for step in steps if step.scope == Scope.ME or step.owner is None]
    return min(own, key=lambda step: (step.kind in LOOK, latest(step)), default=None)


def is_late(step: NextStep, day: date, now: datetime) -> bool:
    """Return whether the deadline or day of a step has passed. Pure."""
    return step.deadline < now if step.deadline else step.day is not None and step.day < day


def silences(statuses: Iterable[StandingStatement]) -> tuple[Silence, ...]:
    """Return the steps in which somebody has not answered, by deadline. Pure."""
    steps = [
        Silence(status.statement, status.step, status.missing.waiting, len(status.asked))
        for status in statuses
        if status.step and status.missing.waiting
    ]
    return tuple(sorted(steps, key=lambda silence: silence.step.deadline))


def teams(person: Person, group: Group, day: date) -> tuple[AgencyTeam, ...]:
    """Return the agencies of `person` on `day` with their focal points.

    One query. They are the agencies that belong on `day` and for which the person is in office
    then.
    """
    # An agency that left asks nothing of its people any more.
    belonging = Membership.objects.filter(periods.running(day), agency=OuterRef("agency"))
    rows = (
        Appointment.objects.filter(
            Exists(belonging),
            Q(role=Role.FOCAL_POINT) | Q(person=person),
            agency__in=agencies_of(person, day),
        )
        .annotate(is_member=Exists(belonging.filter(standing=MembershipStatus.MEMBER)))
        .select_related("agency", "person")
        .order_by("agency__acronym", "agency", "first_day", "person__name")
    )
    return tuple(
        team(list(team_rows), person, group, day)
        for _agency, team_rows in groupby(rows, key=lambda row: row.agency_id)
    )


def team(rows: Sequence[Any], person: Person, group: Group, day: date) -> AgencyTeam:
    """Return one agency's team from its appointments, for `person`. Pure.

    Each appointment has `is_member`.
    """
    people = tuple(
        row
        for row in rows
        if row.role == Role.FOCAL_POINT and row.period.covers(day) and row.person.is_active
    )
    is_member = rows[0].is_member
    flag = flags.flag_of(rows, day, group) if is_member else None
    by_office = all(row.person_id != person.pk for row in people)
    return AgencyTeam(rows[0].agency, is_member, people, flag, by_office)
