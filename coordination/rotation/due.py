"""Which mails of the rotation are due to whom.

They are about the days of a handover, late items, and a vacancy.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import due, queries
from coordination.core.clock import start_of
from coordination.core.due import Due
from coordination.core.models import Group
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency, Person
from coordination.members.queries import recipients
from coordination.members.queries.agencies import members_on
from coordination.rotation.models import ChairTerm, Handover
from coordination.rotation.queries import chair, handovers, late
from coordination.rotation.queries.handovers import HandoverTeam

HANDOVER_DAYS = (90, 60, 30, 14, 7, 1, 0)
VACANCY_DAYS = (30, 14, 7, 1, 0)
LAST_STAGE_LASTS = timedelta(days=7)
CONFIRMED_IS_NEWS = timedelta(days=8)


def newest_stage(
    stages: Sequence[int], first_day: date, zone: ZoneInfo, at: datetime
) -> tuple[int, datetime] | None:
    """Return the newest stage whose morning has come by `at`, with it.

    A stage is a number of days before `first_day`. None before the first stage, and a week after
    the last. Only the newest counts, so after a pause nobody gets three reminders at once.
    """
    for days in sorted(stages):
        morning = due.morning_of(first_day - timedelta(days=days), zone)
        if morning <= at:
            return (days, morning) if days or at - morning < LAST_STAGE_LASTS else None
    return None


def reachable_team(agencies: Sequence[Agency], day: date) -> list[Person]:
    """Return the reachable focal points of the agencies, each once.

    One query.
    """
    appointments = recipients.reachable_appointments(agencies, day, Role.FOCAL_POINT)
    return [appointment.person for appointment in recipients.once_per_person(appointments)]


def acronyms_of(agencies: Sequence[Agency]) -> str:
    """Return the agencies as a mail names them: "FAO + IOM"."""
    return " + ".join(agency.acronym for agency in agencies)


def zone_of(person: Person, group: Group) -> ZoneInfo:
    """Return the zone in which the person reads."""
    return person.zone or group.zone


def handover_reminders(at: datetime) -> Iterator[Due]:
    """Yield the reminders of each handover in progress.

    They go to each team that answers for a side, 90 to 1 days before, and on the day.
    """
    group, day = queries.group(), day_in_group(at)
    for handover in handovers.handovers_in_progress(day, group):
        for team in handovers.teams(handover, day, group):
            for person in reachable_team(team.side.agencies, day):
                stage = newest_stage(
                    HANDOVER_DAYS, handover.incoming_term.first_day, zone_of(person, group), at
                )
                if stage:
                    days_left = (handover.incoming_term.first_day - day).days
                    yield handover_due(handover, team, person, stage, days_left, group)


def handover_due(
    handover: Handover,
    team: HandoverTeam,
    person: Person,
    stage: tuple[int, datetime],
    days_left: int,
    group: Group,
) -> Due:
    """Return one reminder of the handover.

    It lists the open items for which the team answers.
    """
    return Due(
        kind="rotation.handover",
        subject=f"{handover.pk}:{team.side.key}",
        stage=f"{stage[0]}d",
        person_id=person.pk,
        at=stage[1],
        url=reverse("rotation:handover", args=[handover.incoming_term.slug]),
        # Useless a week after the first day of the term.
        until=stage[1] + timedelta(days=stage[0]) + LAST_STAGE_LASTS,
        context={
            "handover": handover,
            "side": team.side,
            "outgoing_side": team.outgoing,
            "outgoing": acronyms_of(team.outgoing.agencies) if team.outgoing else "",
            "open": team.open,
            "days_left": days_left,
            "first_day": handover.incoming_term.first_day,
            "begins_at": start_of(handover.incoming_term.first_day, group.zone),
            "incoming": acronyms_of(chair.chairing_agencies(handover.incoming_term)),
        },
    )


def overdue_items(at: datetime) -> Iterator[Due]:
    """Yield reminders of each late item, to those whom `late.LateReaders` names.

    Its owners are the agencies that answer for its side.
    """
    group, day = queries.group(), day_in_group(at)
    late_sides = [
        (handover, side)
        for handover in handovers.handovers_in_progress(day, group)
        for side in handovers.sides(handover, day, group)
        if side.late
    ]
    owners = [agency for _handover, side in late_sides for agency in side.answering]
    readers = late.late_readers(owners, day)
    for handover, side in late_sides:
        incoming = acronyms_of(chair.chairing_agencies(handover.incoming_term))
        for item in side.late:
            for person, reminder in readers.reminders(side.answering, item.due_day, group, at):
                yield Due(
                    kind="rotation.item_overdue",
                    subject=f"{item.pk}",
                    stage=reminder.stage,
                    person_id=person.pk,
                    at=reminder.at,
                    url=reverse("rotation:handover", args=[handover.incoming_term.slug])
                    + f"#item-{item.pk}",
                    context={
                        "item": item,
                        "owner": acronyms_of(side.answering),
                        "left": readers.have_left(side.answering),
                        "monthly": reminder.monthly,
                        "days_late": (day - item.due_day).days,
                        "incoming": incoming,
                    },
                )


def confirmations(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the news of each term that was confirmed.

    It goes to the focal points of all members, and in the agencies that will chair to their
    principal and the principal's office too. `since` is the moment at which it was news; it is
    `at` if not given. A term that was put on record by a correction is no news.
    """
    terms = chair.confirmed().filter(
        confirmed_at__gt=(since or at) - CONFIRMED_IS_NEWS, confirmed_at__lte=at
    )
    for term in terms:
        assert term.confirmed_at
        own, day = chair.chairing_agencies(term), day_in_group(term.confirmed_at)
        team = recipients.reachable_appointments(own, day, *Role)
        others = recipients.reachable_appointments(members_on(day), day, Role.FOCAL_POINT)
        ours = {appointment.person_id for appointment in team}
        for appointment in recipients.once_per_person([*team, *others]):
            yield Due(
                kind="rotation.confirmed",
                subject=f"term:{term.pk}",
                stage="confirmed",
                person_id=appointment.person_id,
                at=term.confirmed_at,
                url=reverse("rotation:term", args=[term.slug]),
                until=term.confirmed_at + CONFIRMED_IS_NEWS,
                context={
                    "term": term,
                    "chair": acronyms_of(own),
                    "joint": len(own) > 1,
                    "ours": appointment.person_id in ours,
                },
            )


def people_told(term: ChairTerm, day: date) -> int:
    """Return how many people are told when `term` is confirmed on `day`."""
    team = recipients.reachable_appointments(chair.chairing_agencies(term), day, *Role)
    others = recipients.reachable_appointments(members_on(day), day, Role.FOCAL_POINT)
    return len(recipients.once_per_person([*team, *others]))


def vacancy_near(day: date) -> date | None:
    """Return the first day of the vacancy that runs on `day`, or else of the next one.

    None before the first term on record.
    """
    current = chair.chair_on(day)
    if current.vacant:
        return current.first_day
    begins = day
    for sitting in chair.sittings():
        if sitting.period.covers(begins):
            begins = sitting.last_day + timedelta(days=1)
    return begins


def vacancy_warnings(at: datetime) -> Iterator[Due]:
    """Yield to every member's focal points that nobody will chair.

    They get it 30, 14, 7 and 1 days before the vacancy begins, and on its first day.
    """
    group, day = queries.group(), day_in_group(at)
    begins = vacancy_near(day)
    # No warning before the first term on record, or if it is too early.
    if begins is None or day < begins - timedelta(days=max(VACANCY_DAYS)):
        return
    for person in reachable_team(list(members_on(day)), day):
        stage = newest_stage(VACANCY_DAYS, begins, zone_of(person, group), at)
        if stage:
            yield Due(
                kind="rotation.vacancy",
                subject=begins.isoformat(),
                stage=f"{stage[0]}d",
                person_id=person.pk,
                at=stage[1],
                url=reverse("rotation:timeline"),
                until=stage[1] + timedelta(days=stage[0]) + LAST_STAGE_LASTS,
                context={"begins": begins},
            )


due.register(
    due.Source(
        kind="rotation.handover",
        label=_("Handover of the chair"),
        can_be_off=False,
        find=handover_reminders,
        changed=_("The handover is complete, or the term was changed."),
    )
)
due.register(
    due.Source(
        kind="rotation.item_overdue",
        label=_("Late items of a handover"),
        can_be_off=True,
        find=overdue_items,
        changed=_("The item is settled, or it has another due day."),
    )
)
due.register(
    due.Source(
        kind="rotation.vacancy",
        label=_("Nobody chairs"),
        can_be_off=True,
        find=vacancy_warnings,
        changed=_("A term covers these days now, or the vacancy begins on another day."),
    )
)
due.register(
    due.Source(
        kind="rotation.confirmed",
        label=_("A term is confirmed"),
        can_be_off=True,
        find=confirmations,
        find_since=confirmations,
        changed=_("The term is not confirmed any more."),
    )
)
