"""Terms from an operator's file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from coordination.core import history
from coordination.core.actions import clean
from coordination.core.due import wake_on_commit
from coordination.core.enums import CoreChange
from coordination.core.queries import day_in_group
from coordination.members.actions.imports import refuse_other_values
from coordination.members.models import Agency
from coordination.rotation.actions import handover_terms, handovers, terms
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair


@transaction.atomic
def import_term(
    agencies: Sequence[Agency],
    proposal: TermProposal,
    sources: list[str],
    *,
    file: str,
    at: datetime,
) -> bool:
    """Add a confirmed term; return whether it is new.

    It gets its handover, unless it is over or the same agencies chaired before. Raises
    FieldRefused, LastDayBeforeFirst, TermsOverlap, NobodyChairs, TooManyChairs.
    """
    stored = ChairTerm.objects.filter(
        first_day=proposal.first_day, state=TermState.CONFIRMED
    ).first()
    if stored and [each.pk for each in chair.chairing_agencies(stored)] == [
        agency.pk for agency in agencies
    ]:
        refuse_other_values(
            stored, {"last_day": proposal.last_day, "theme": proposal.theme, "sources": sources}
        )
        return False
    terms.refuse_overlap(proposal)
    terms.refuse_chairs(agencies, proposal)
    term = ChairTerm(
        slug=terms.free_slug(proposal),
        first_day=proposal.first_day,
        last_day=proposal.last_day,
        kind=proposal.kind,
        theme=proposal.theme,
        state=TermState.CONFIRMED,
        sources=sources,
    )
    clean(term)
    handovers_before = handover_terms.handovers_before()
    history.sign(term, by=None, reason=CoreChange.IMPORTED, values={"file": file})
    terms.save_term(term, proposal)
    terms.set_agencies(term, agencies, by=None)
    if term.last_day >= day_in_group(at) and not handover_terms.goes_on(term):
        handovers.open_handover(term, by=None, at=at)
    handover_terms.follow_terms(handovers_before, [term], by=None, at=at)
    wake_on_commit()
    return True
