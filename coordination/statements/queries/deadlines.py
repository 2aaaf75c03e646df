"""The deadlines of statements, for calendar feeds."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.members.queries.feeds import Deadline
from coordination.statements.enums import StatementState
from coordination.statements.models import ClearanceStep
from coordination.statements.queries.statements import (
    Access,
    live_statements,
    named_agencies,
    visible_to,
)


def deadlines(agencies: Collection[int] | None = None) -> list[Deadline]:
    """Return until when agencies may amend or clear the circulated statements; three queries.

    `agencies` (keys) limits them to the statements in which one of these takes part. A step whose
    silence is broken has no deadline.
    """
    statements = list(live_statements().filter(visible_to(Access(belongs=True))))
    named = named_agencies(statements)
    theirs = {
        statement.pk: statement
        for statement in statements
        if agencies is None
        or statement.pk not in named
        or not named[statement.pk].isdisjoint(agencies)
    }
    amending = [
        Deadline(
            f"statement-{statement.pk}-amendments",
            statement.version,
            statement.amendments_until,
            _("Amendments close: %(statement)s") % {"statement": statement.title},
            reverse("statements:show", args=[statement.slug]),
        )
        for statement in theirs.values()
        if statement.state == StatementState.AMENDMENTS and statement.amendments_until
    ]
    steps = ClearanceStep.objects.filter(
        statement__in=theirs, closed_at=None, broken_at=None
    ).order_by("deadline", "pk")
    return amending + [
        Deadline(
            f"clearance-step-{step.pk}",
            step.version,
            step.deadline,
            _("%(step)s closes: %(statement)s")
            % {"step": step.get_level_display(), "statement": theirs[step.statement_id].title},
            reverse("statements:positions", args=[theirs[step.statement_id].slug]),
        )
        for step in steps
    ]
