"""Mails about positions, clearance steps and objections."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries.agencies import members_on
from coordination.rotation.queries import chair
from coordination.statements.due.recipients import (
    appointments_of,
    of_agencies,
    one_per_person,
    one_per_person_and_agency,
)
from coordination.statements.due.stages import POSITION_BEFORE, RECENT, stages_due
from coordination.statements.enums import PositionKind, StepLevel
from coordination.statements.models import ClearanceStep
from coordination.statements.queries import next_steps, positions
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.objections import objections_to_meet
from coordination.statements.queries.statements import named_agencies


def waiting_positions(moment: datetime) -> Iterator[Due]:
    """Yield the mails that ask agencies for a position.

    They go out when the step opens, and 48, 24 and 3 hours before its deadline. None go out while
    silence is broken. After an extension `changed_steps` sends the first mail instead. Once silence
    has passed, those that joined after it began are asked once more.
    """
    steps = ClearanceStep.objects.filter(
        Q(deadline__gt=moment) | Q(silence=True),
        closed_at__isnull=True,
        opened_at__lte=moment,
        broken_at__isnull=True,
    )
    for step in steps.select_related("statement", "draft"):
        missing = positions.missing_positions_at(step, moment)
        objections = objections_to_meet(step, missing.waiting)
        facts = StatementFacts(
            statement=step.statement,
            number=step.draft.number,
            at=moment,
            step=step,
            missing=missing,
            objected=frozenset(objections),
        )
        asked = next_steps.next_steps(facts, missing.waiting, is_chair=False)
        next_step = next_steps.step_of_kind(asked, "statements.position")
        if next_step is None:
            continue
        people = appointments_of(next_step.agencies, moment, *who_speaks(step))
        speaking = of_agencies(people, people)
        urls = _position_urls(facts, speaking)
        over = step.silence_passed(moment)
        for stage, at in _position_stages(step, moment):
            for due in one_per_person_and_agency(
                speaking,
                kind="statements.position_due",
                # an extension has keys of its own, so the reminders begin anew
                subject=f"step:{step.pk}"
                + (f"/{step.extended_at:%Y%m%d%H%M%S}" if step.extended_at else ""),
                stage=stage,
                at=at,
                url="",
                context=step_context(step) | {"missing": missing, "over": over},
                until=None if over else step.deadline,
            ):
                key: int = due.context["agency"].pk  # type: ignore[attr-defined]  # an Agency
                yield replace(
                    due,
                    url=urls[due.person_id, key],
                    context={**due.context, "again": objections.get(key)},
                )


def _position_stages(step: ClearanceStep, moment: datetime) -> list[tuple[str, datetime]]:
    """Return the stages of position mails as of `moment`.

    Pure.
    """
    if step.silence_passed(moment):
        return [("after silence", step.deadline)]
    stages = stages_due(step.extended_at or step.opened_at, step.deadline, POSITION_BEFORE, moment)
    # `changed_steps` sends the mail about a new deadline
    return [(stage, at) for stage, at in stages if not (step.extended_at and stage == "opened")]


def _position_urls(
    facts: StatementFacts, speaking: Iterable[Appointment]
) -> dict[tuple[int, int], str]:
    """Return position addresses by person and agency (keys).

    A principal's office gets the one page of the decision. Pure.
    """
    by_key: dict[tuple[int, int], list[Appointment]] = {}
    for appointment in speaking:
        by_key.setdefault((appointment.person_id, appointment.agency_id), []).append(appointment)
    urls = {}
    for key, appointments in by_key.items():
        agency = appointments[0].agency
        in_office = all(each.role != Role.FOCAL_POINT for each in appointments)
        steps = next_steps.next_steps(
            facts, [agency], is_chair=False, offices=[agency.pk] if in_office else ()
        )
        step = next_steps.step_of_kind(steps, "statements.position")
        urls[key] = step.url if step else ""
    return urls


def who_speaks(step: ClearanceStep) -> tuple[Role, ...]:
    """Return the roles that get the mails of a step."""
    return (
        (Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL)
        if step.level == StepLevel.PRINCIPALS
        else (Role.FOCAL_POINT,)
    )


def changed_steps(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield mails about changed silence and new deadlines.

    Silence was broken or has passed. They go to all participating agencies.
    """
    after = (since or moment) - RECENT
    changed = (
        Q(broken_at__gt=after) | Q(extended_at__gt=after) | Q(deadline__gt=after, silence=True)
    )
    steps = list(
        ClearanceStep.objects.filter(changed, opened_at__lte=moment).select_related(
            "statement", "draft"
        )
    )
    agencies = list(members_on(day_in_group(moment))) if steps else []
    people = {
        role: appointments_of(agencies, moment, *role)
        for role in {who_speaks(step) for step in steps}
    }
    named = named_agencies(step.statement for step in steps) if steps else {}
    for step in steps:
        addressed = people[who_speaks(step)]
        readers = of_agencies(addressed, named.get(step.statement_id, addressed))
        for stage, at in changes_of(step, moment, after):
            yield from one_per_person(
                readers,
                kind="statements.step_changed",
                subject=f"step:{step.pk}",
                # the moment is part of the key, because a deadline may move several times
                stage=f"{stage} {at:%Y%m%d%H%M%S}",
                at=at,
                url=reverse("statements:positions", args=[step.statement.slug]),
                context=step_context(step)
                | {"change": stage, "missing": positions.missing_positions_at(step, moment)},
            )


def changes_of(
    step: ClearanceStep, moment: datetime, after: datetime
) -> list[tuple[str, datetime]]:
    """Return the events of a step between two moments.

    After `after`, up to `moment`. Pure. The names are "broken", "extended" and "passed".
    """
    events = [
        ("broken", step.broken_at),
        ("extended", step.extended_at),
        ("passed", step.deadline if step.silence_passed(moment) else None),
    ]
    return [(stage, at) for stage, at in events if at is not None and after < at <= moment]


def step_context(step: ClearanceStep) -> dict[str, object]:
    """Return what every mail about a step shows."""
    return {
        "statement": step.statement,
        "draft": step.draft,
        "step": step,
        "deadline": step.deadline,
    }


def objections(moment: datetime) -> Iterator[Due]:
    """Yield mails about objections to the chair's team."""
    steps = list(
        ClearanceStep.objects.filter(closed_at__isnull=True).select_related("statement", "draft")
    )
    newest = positions.newest_positions(steps)
    standing = [
        (step, position)
        for step in steps
        for position in newest.get(step.pk, {}).values()
        if position.kind == PositionKind.OBJECT and position.taken_at <= moment
    ]
    # the chair of today: the step may have been opened under another one
    chairing = chair.agencies_on(day_in_group(moment)) if standing else ()
    people = appointments_of(chairing, moment, Role.FOCAL_POINT) if chairing else {}
    team = of_agencies(people, people)
    for step, position in standing:
        yield from one_per_person(
            team,
            kind="statements.objection",
            subject=f"position:{position.pk}",
            stage="objected",
            at=position.taken_at,
            url=reverse("statements:positions", args=[step.statement.slug]),
            context=step_context(step) | {"position": position},
        )
