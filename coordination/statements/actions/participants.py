"""Which agencies are in a statement: all members, unless the chair names some."""

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
    """Say which agencies are in.

    All members of the day means the members of each day, whoever joins or leaves.

    Once draft 1 is circulated agencies can only be added: raises PutOutLater for one that would be
    left out, as nobody is put out of what it was asked about. In clearance none is added either
    (InClearance): it would count as silent, or as missing, where it was never asked.
    Raises NobodySigns without any, and Stale when the statement is not as it was at `version`.
    """
    statement = guards.lock(statement.pk)
    day = day_in_group(at)
    permissions.require(by, "statements.edit", On(day, statement))
    if statement.state == StatementState.CLEARANCE:
        raise InClearance(
            _(
                "The agencies are asked for their positions on this text, so that none can be "
                "added now. "
                "Add it once the text is back in consolidation: the next draft asks it too."
            )
        )
    guards.refuse_state(statement, *BEFORE_CLEARANCE)
    versions.claim(statement, version)
    before = list(statements.participants_on(statement.pk, day))
    everybody = list(members_on(day))
    chosen = [agency for agency in everybody if agency in agencies]
    if not chosen:
        raise NobodySigns(_("Choose at least one agency."), field="agencies")
    left_out = [agency for agency in before if agency not in chosen]
    if left_out and statement.state != StatementState.DRAFTING:
        raise PutOutLater(
            _("%(agencies)s was asked already and stays in; it may say that it does not join.")
            % {"agencies": positions.listed(left_out)},
            field="agencies",
        )
    name(statement, chosen, everybody, by=by)
    wake_on_commit()
    return statement


def name(
    statement: Statement, chosen: Collection[Agency], everybody: Collection[Agency], *, by: Person
) -> None:
    """Write down which agencies are in.

    The history has which they are now: none where all are.
    """
    of_all = len(chosen) == len(everybody)
    statement.participating.set([] if of_all else chosen)
    if of_all:
        reason, values = StatementsChange.PARTICIPANTS_ALL, None
    else:
        acronyms = [agency.acronym for agency in chosen]
        reason, values = StatementsChange.PARTICIPANTS, {"agencies": acronyms}
    history.sign(statement, by=by, reason=reason, values=values)
    statement.save(update_fields=["version"])
