"""What is owed in clearance: a position to take, a changed step, an objection to answer."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.queries.agencies import members_on
from coordination.rotation.queries import chair
from coordination.statements.due.occasions import POSITION_BEFORE, RECENT, due_stages
from coordination.statements.due.recipients import people_of, to_each, to_each_for_agency
from coordination.statements.enums import PositionKind, StepLevel
from coordination.statements.models import ClearanceStep
from coordination.statements.queries import next_steps, positions
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.statements import named_in


def waiting_positions(moment: datetime) -> Iterator[Due]:
    """Yield for each open step the question to agencies that have not spoken.

    It goes out when the step opens, and 48, 24 and 3 hours before its end.

    Once silence is broken the clock stands still; a new deadline makes new occasions, but its
    opening is told by `changed_steps`.
    """
    steps = ClearanceStep.objects.filter(
        closed_at__isnull=True, opened_at__lte=moment, deadline__gt=moment, broken_at__isnull=True
    )
    for step in steps.select_related("statement", "draft"):
        state = positions.missing_in(step, moment)
        facts = StatementFacts(
            statement=step.statement, number=step.draft.number, at=moment, step=step, missing=state
        )
        asked = next_steps.next_steps(facts, state.waiting, is_chair=False)
        call = next_steps.first_of(asked, "statements.position")
        if call is None:
            continue
        people = people_of(call.agencies, moment, *who_speaks(step))
        for stage, at in due_stages(
            step.extended_at or step.opened_at, step.deadline, POSITION_BEFORE, moment
        ):
            if step.extended_at and stage == "opened":
                continue
            yield from to_each_for_agency(
                [appointment for appointments in people.values() for appointment in appointments],
                kind="statements.position_due",
                subject=f"step:{step.pk}"
                + (f"/{step.extended_at:%Y%m%d%H%M%S}" if step.extended_at else ""),
                stage=stage,
                at=at,
                url=call.url,
                context=_step(step) | {"missing": state},
                until=step.deadline,
            )


def who_speaks(step: ClearanceStep) -> tuple[Role, ...]:
    """Return the roles that are written to in a step."""
    return (
        (Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL)
        if step.level == StepLevel.PRINCIPALS
        else (Role.FOCAL_POINT,)
    )


def changed_steps(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield to all agencies what the chair tells in writing either way.

    That is that silence was broken or passed, or that the deadline is a new one.

    The scheduler only sends; whether silence has passed is read from the step itself.
    """
    after = (since or moment) - RECENT
    told = Q(broken_at__gt=after) | Q(extended_at__gt=after) | Q(deadline__gt=after, silence=True)
    steps = list(
        ClearanceStep.objects.filter(told, opened_at__lte=moment).select_related(
            "statement", "draft"
        )
    )
    agencies = list(members_on(day_in_group(moment))) if steps else []
    people = {
        role: people_of(agencies, moment, *role) for role in {who_speaks(step) for step in steps}
    }
    named = named_in(step.statement for step in steps) if steps else {}
    for step in steps:
        there = people[who_speaks(step)]
        everybody = [
            one
            for pk, appointments in there.items()
            if pk in named.get(step.statement_id, there)
            for one in appointments
        ]
        for stage, at in changes_of(step, moment, after):
            yield from to_each(
                everybody,
                kind="statements.step_changed",
                subject=f"step:{step.pk}",
                stage=f"{stage} {at:%Y%m%d%H%M%S}",
                at=at,
                url=reverse("statements:positions", args=[step.statement.slug]),
                context=_step(step)
                | {"change": stage, "missing": positions.missing_in(step, moment)},
            )


def changes_of(
    step: ClearanceStep, moment: datetime, after: datetime
) -> list[tuple[str, datetime]]:
    """Return what happened to a step after `after`, up to `moment`.

    All agencies are told of it: broken, extended, passed. Pure.
    """
    found = [
        ("broken", step.broken_at),
        ("extended", step.extended_at),
        ("passed", step.deadline if step.passed(moment) else None),
    ]
    return [(stage, at) for stage, at in found if at is not None and after < at <= moment]


def _step(step: ClearanceStep) -> dict[str, object]:
    return {
        "statement": step.statement,
        "draft": step.draft,
        "step": step,
        "deadline": step.deadline,
    }


def objections(moment: datetime) -> Iterator[Due]:
    """Yield each standing objection of an open step to the chair's team."""
    steps = list(
        ClearanceStep.objects.filter(closed_at__isnull=True).select_related("statement", "draft")
    )
    said = positions.newest_positions(steps)
    standing = [
        (step, p)
        for step in steps
        for p in said.get(step.pk, {}).values()
        if p.kind == PositionKind.OBJECT and p.taken_at <= moment
    ]
    term = chair.term_on(day_in_group(moment)) if standing else None
    people = people_of(chair.chairing_agencies(term), moment, Role.FOCAL_POINT) if term else {}
    team = [appointment for appointments in people.values() for appointment in appointments]
    for step, position in standing:
        yield from to_each(
            team,
            kind="statements.objection",
            subject=f"position:{position.pk}",
            stage="objected",
            at=position.taken_at,
            url=reverse("statements:positions", args=[step.statement.slug]),
            context=_step(step) | {"position": position},
        )
