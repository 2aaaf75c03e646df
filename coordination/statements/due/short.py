"""Derive mails about times shorter than the group's least."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group, group
from coordination.members.enums import Role
from coordination.members.queries.agencies import members_on
from coordination.statements.due.recipients import appointments_of, of_agencies, one_per_person
from coordination.statements.enums import StatementState
from coordination.statements.models import ClearanceStep, Statement
from coordination.statements.queries.statements import named_agencies


def short_deadlines(moment: datetime) -> Iterator[Due]:
    """Yield mails to all focal points about short deadlines.

    With the reason and who set it. They are about silence and about time for amendments, until
    the deadline.
    """
    steps = list(
        ClearanceStep.objects.filter(
            closed_at__isnull=True,
            broken_at__isnull=True,
            opened_at__lte=moment,
            deadline__gt=moment,
            short_by__isnull=False,
        ).select_related("statement", "short_by", "draft")
    )
    statements = list(
        Statement.objects.filter(
            state=StatementState.AMENDMENTS, amendments_until__gt=moment, short_by__isnull=False
        ).select_related("short_by")
    )
    if not steps and not statements:
        return
    agencies = list(members_on(day_in_group(moment)))
    people = appointments_of(agencies, moment, Role.FOCAL_POINT)
    named = named_agencies([*statements, *(step.statement for step in steps)])
    own_group = group()
    for statement in statements:
        yield from one_per_person(
            of_agencies(people, named.get(statement.pk, people)),
            kind="statements.short_deadline",
            subject=f"statement:{statement.pk}/{statement.amendments_until:%Y%m%d%H%M}",
            stage="amendments",
            at=moment,
            url=reverse("statements:show", args=[statement.slug]),
            context={
                "statement": statement,
                "deadline": statement.amendments_until,
                "short": statement,
                "hours": own_group.amendment_hours_min,
            },
            until=statement.amendments_until,
        )
    for step in steps:
        yield from one_per_person(
            of_agencies(people, named.get(step.statement_id, people)),
            kind="statements.short_deadline",
            subject=f"step:{step.pk}/{step.deadline:%Y%m%d%H%M}",
            stage="silence",
            at=step.extended_at or step.opened_at,
            url=reverse("statements:positions", args=[step.statement.slug]),
            context={
                "statement": step.statement,
                "draft": step.draft,
                "deadline": step.deadline,
                "short": step,
                "hours": own_group.silence_hours_min,
            },
            until=step.deadline,
        )
