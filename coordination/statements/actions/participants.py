"""Choosing the agencies that take part in a statement."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import members_on
from coordination.statements.actions import guards
from coordination.statements.enums import BEFORE_CLEARANCE, StatementsChange, StatementState
from coordination.statements.errors import InClearance, NobodySigns, PutOutLater
from coordination.statements.models import Statement
from coordination.statements.queries import positions, statements


@transaction.atomic
def choose_participants(
    statement: Statement, agencies: Collection[Agency], *, version: int, by: Person, at: datetime
) -> Statement:
    """Choose the agencies that take part in a statement.

    Choosing all members of today also includes members that join later. Raises PutOutLater when an
    agency would be removed after circulation, InClearance while positions are taken, NobodySigns
    for an empty choice, and Stale when the statement is not at `version`.
    """
    statement = guards.lock_statement(statement.pk)
    day = day_in_group(at)
    permissions.require(by, "statements.edit", On(day, statement))
    # an agency added now would count as silent in a step in which it was never asked
    if statement.state == StatementState.CLEARANCE:
        raise InClearance(
            _(
                "The agencies are taking positions on this text, so you cannot add one now. Add "
                "it when the text is back in consolidation."
            )
        )
    guards.refuse_state(statement, *BEFORE_CLEARANCE)
    versions.claim(statement, version)
    current = list(statements.participants_on(statement.pk, day))
    members = list(members_on(day))
    # from the members of today, in their order: a form may send any agency
    chosen = [agency for agency in members if agency in agencies]
    if not chosen:
        raise NobodySigns(_("Choose at least one agency."), field="agencies")
    left_out = [agency for agency in current if agency not in chosen]
    if left_out and statement.state != StatementState.DRAFTING:
        raise PutOutLater(
            _("You cannot remove %(agencies)s after circulation. An agency may choose not to join.")
            % {"agencies": positions.list_agencies(left_out)},
            field="agencies",
        )
    write_participants(statement, chosen, members, by=by)
    wake_on_commit()
    return statement


def write_participants(
    statement: Statement, chosen: Collection[Agency], members: Collection[Agency], *, by: Person
) -> None:
    """Save the participating agencies; no rows mean all members."""
    has_all_members = len(chosen) == len(members)
    # no rows for all members, so that later members are in too
    statement.participating.set([] if has_all_members else chosen)
    if has_all_members:
        reason, values = StatementsChange.PARTICIPANTS_ALL, None
    else:
        acronyms = [agency.acronym for agency in chosen]
        reason, values = StatementsChange.PARTICIPANTS, {"agencies": acronyms}
    history.sign(statement, by=by, reason=reason, values=values)
    statement.save(update_fields=["version"])
