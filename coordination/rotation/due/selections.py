"""Mails about a selection: stand, vote, decide, and the principals."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from coordination.core import queries
from coordination.core.clock import start_of
from coordination.core.due import Due
from coordination.core.periods import ONE_DAY
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import people, recipients
from coordination.members.queries.agencies import members_on
from coordination.rotation.due.stages import newest_stage, reachable_team, zone_of
from coordination.rotation.enums import SelectionStage, VoteState
from coordination.rotation.models import Selection, SelectionVote
from coordination.rotation.queries import chair
from coordination.rotation.queries import selections as selection_queries
from coordination.rotation.queries.selection_steps import title_of
from coordination.rotation.queries.votes import voters

STAND_DAYS = (14, 7, 3, 1, 0)
VOTE_DAYS = (3, 1, 0)
DECIDE_DAYS = (14, 7, 1, 0)
OPENED = "opened"


def stage_since(
    days: tuple[int, ...], until: date, zone: ZoneInfo, opened_at: datetime, at: datetime
) -> tuple[str, datetime] | None:
    """Return the newest reminder before `until`, with its moment.

    The mail of the opening is the first. None once the last one is a week old.
    """
    if at < opened_at:
        return None
    newest = newest_stage(days, until, zone, at)
    if newest is None:
        return (OPENED, opened_at) if at < start_of(until + ONE_DAY, zone) else None
    # What came before the opening is replaced by the mail of the opening.
    return (f"{newest[0]}d", newest[1]) if newest[1] > opened_at else (OPENED, opened_at)


def calls(at: datetime) -> Iterator[Due]:
    """Yield the call to focal points whose agency has not answered.

    When the selection opens, and 14, 7, 3, 1 and 0 days before the call ends; not after it. Whoever
    takes an answer back is asked again.
    """
    group, day = queries.group(), day_in_group(at)
    for selection in selection_queries.running():
        if selection_queries.stage_on(selection, day) != SelectionStage.CALL:
            continue
        silent = selection_queries.silent_in(selection, day)
        for person in reachable_team(silent, day):
            stage = stage_since(
                STAND_DAYS, selection.call_until, zone_of(person, group), selection.opened_at, at
            )
            if stage:
                yield selection_due("rotation.stand", selection, person, stage, "rotation:answer")


def selection_due(
    kind: str, selection: Selection, person: Person, stage: tuple[str, datetime], page: str
) -> Due:
    """Return one mail about a selection."""
    return Due(
        kind=kind,
        subject=f"selection:{selection.pk}",
        # a deadline that was moved is another occasion
        stage=f"{stage[0]} {deadline_of(kind, selection).isoformat()}",
        person_id=person.pk,
        at=stage[1],
        url=reverse(page, args=[selection.slug]),
        context={
            "selection": selection,
            "days": title_of(selection),
            "until": deadline_of(kind, selection),
        },
    )


def deadline_of(kind: str, selection: Selection) -> date:
    """Return by when a mail of this kind asks for an answer.

    Pure.
    """
    return selection.call_until if kind == "rotation.stand" else selection.decision_until


def votes(at: datetime) -> Iterator[Due]:
    """Yield open votes to focal points whose agency has not voted."""
    group, day = queries.group(), day_in_group(at)
    rows = SelectionVote.objects.filter(state=VoteState.OPEN).select_related("term__selection")
    for vote in rows.prefetch_related("open_votes__agency", "secret_voters__agency"):
        cast = voters(vote)
        waiting = [
            agency
            for agency in members_on(day)
            if agency.pk in vote.electorate and agency not in cast
        ]
        selection = vote.term.selection
        for person in reachable_team(waiting, day):
            zone = zone_of(person, group)
            stage = stage_since(VOTE_DAYS, vote.until, zone, vote.opened_at, at)
            if stage and day <= vote.until:
                yield Due(
                    kind="rotation.vote",
                    subject=f"vote:{vote.pk}",
                    stage=stage[0],
                    person_id=person.pk,
                    at=stage[1],
                    url=reverse("rotation:vote", args=[selection.slug, vote.pk]),
                    until=start_of(vote.until + ONE_DAY, group.zone),
                    context={"vote": vote, "days": title_of(selection), "until": vote.until},
                )


def decisions(at: datetime) -> Iterator[Due]:
    """Yield decision reminders to the chair's team.

    To the administrators while nobody chairs. 14, 7, 1 and 0 days before the day of the decision,
    in the stage of the decision.
    """
    group, day = queries.group(), day_in_group(at)
    for selection in selection_queries.running():
        if selection_queries.stage_on(selection, day) != SelectionStage.DECISION:
            continue
        begun = start_of(selection.consultation_until + ONE_DAY, group.zone)
        for person in deciders(day):
            zone = zone_of(person, group)
            stage = stage_since(DECIDE_DAYS, selection.decision_until, zone, begun, at)
            assert stage, "the stage of the decision has begun, and its last day is not over"
            yield selection_due("rotation.decide", selection, person, stage, "rotation:selection")


def deciders(day: date) -> list[Person]:
    """Return the chair's team of `day`, or else the administrators.

    They record decisions.
    """
    agencies = chair.agencies_on(day)
    if agencies:
        return reachable_team(agencies, day)
    return [person for person in people.administrators() if recipients.can_be_reached(person)]


def escalations(at: datetime) -> Iterator[Due]:
    """Yield current escalations to the principals and their offices.

    In an agency of which neither can be reached, to the focal points, for the principal by name. An
    escalation ends with a decision, with another deadline, or when somebody stands.
    """
    day = day_in_group(at)
    for selection in selection_queries.running().prefetch_related("escalations"):
        reason = selection_queries.escalation_due(selection, day)
        if reason is None:
            continue
        deadline = selection_queries.deadline_of(selection, reason)
        rows = list(selection.escalations.all())
        current = [row for row in rows if (row.reason, row.deadline) == (reason, deadline)]
        for escalation in current:
            number = rows.index(escalation) + 1
            facts = {
                "selection": selection,
                "days": title_of(selection),
                "reason": escalation.reason,
                "deadline": deadline,
                "stalls": max(selection.first_day, day),
                "number": number,
                "standing": selection_queries.agencies_by_key(
                    selection_queries.standing_in(selection, day)
                ),
            }
            yield from escalation_dues(selection, facts, escalation.at, day)


def escalation_dues(
    selection: Selection, facts: dict[str, Any], since: datetime, day: date
) -> Iterator[Due]:
    """Yield an escalation to each recipient, naming the principal."""
    heads = people.principals_on(day)
    answered = {row.agency_id for row in selection.principal_answers.all()}
    asked = [agency for agency in members_on(day) if agency.pk not in answered]
    for agency, appointment in principals_and_offices(asked, day):
        head = heads.get(agency.pk)
        yield Due(
            kind="rotation.escalation",
            subject=f"selection:{selection.pk}",
            stage=f"escalation {facts['number']}",
            person_id=appointment.person_id,
            part=str(agency.pk),
            at=since,
            url=f"{reverse('rotation:principals', args=[selection.slug])}?agency={agency.slug}",
            until=since + timedelta(days=90),
            context={
                **facts,
                "agency": agency,
                "principal": head.person.name if head else "",
                "is_principal": appointment.role == Role.PRINCIPAL,
            },
        )


def principals_and_offices(
    agencies: list[Agency], day: date
) -> Iterator[tuple[Agency, Appointment]]:
    """Yield each agency's recipients of a principals' question.

    Two queries.
    """
    seniors = recipients.appointments_by_agency(agencies, day, Role.PRINCIPAL, Role.OFFICE)
    teams = recipients.appointments_by_agency(agencies, day, Role.FOCAL_POINT)
    for agency in agencies:
        rows = seniors.get(agency.pk) or teams.get(agency.pk, [])
        for appointment in recipients.once_per_person(rows):
            yield agency, appointment
