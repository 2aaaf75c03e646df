"""Correct the record of a term that has begun.

Such a term is neither proposed nor confirmed: who chaired is history that others have published and
relied on. A correction names its source. An administrator's is applied at once, an agency's once a
second agency agrees. Nobody gets a mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.errors import Stale
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.rotation.actions import handover_terms, terms
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import RotationChange, TermState
from coordination.rotation.errors import (
    AdministratorNeeded,
    CorrectionClosed,
    NothingCorrected,
    SourceNeeded,
)
from coordination.rotation.models import ChairTerm, TermCorrection
from coordination.rotation.queries import chair, corrections


@dataclass(frozen=True, slots=True)
class Correction:
    """The input of a correction: what is right, by which source, and why.

    `proposed_for` is the agency for which the person speaks; None for an administrator.
    """

    agencies: Sequence[Agency]
    proposal: TermProposal
    source: str
    reason: str = ""
    proposed_for: Agency | None = None


@transaction.atomic
def correct_record(
    term: ChairTerm | None, correction: Correction, *, version: int, by: Person, at: datetime
) -> TermCorrection:
    """Correct the record of a term, or add a missing one.

    `term` is None for a term that the record lacks. An administrator's correction is applied;
    another waits for a second agency. Raises NotAllowed, SourceNeeded, NothingCorrected,
    AdministratorNeeded, Stale, LastDayBeforeFirst, FarFromToday, TermsOverlap, NobodyChairs,
    TooManyChairs.
    """
    terms.lock_rotation()
    day = day_in_group(at)
    require(by, "rotation.correct_record", On(day))
    term = term and chair.every_term().get(pk=term.pk)
    if term and term.version != version:
        raise Stale(
            _("Somebody changed this term meanwhile. Look at it, then correct."), current=term
        )
    is_final = correction.proposed_for is None
    if is_final:
        require(by, "rotation.apply_correction", On(day))
    else:
        require(by, "members.act_for", On(day, correction.proposed_for))
    refuse_correction(term, correction, is_final=is_final, at=at)
    proposal = correction.proposal
    record = TermCorrection(
        term=term,
        term_version=term.version if term else 0,
        first_day=proposal.first_day,
        last_day=proposal.last_day,
        kind=proposal.kind,
        theme=proposal.theme,
        agencies=[agency.pk for agency in correction.agencies],
        source=correction.source.strip(),
        reason=correction.reason.strip(),
        proposed_by=by,
        proposed_for=correction.proposed_for,
        proposed_at=at,
    )
    history.sign(record, by=by, reason=RotationChange.CORRECTION_PROPOSED)
    record.save()
    return apply(record, by=by, at=at) if is_final else record


def refuse_correction(
    term: ChairTerm | None, correction: Correction, *, is_final: bool, at: datetime
) -> None:
    """Raise the error of what makes a correction impossible."""
    day, proposal = day_in_group(at), correction.proposal
    if not correction.source.strip():
        raise SourceNeeded(_("Name the source that says so."), field="source")
    if proposal.first_day > day or (term and term.first_day > day):
        raise NothingCorrected(
            _("This term has not begun. Propose it, or correct its proposal."), field="first_day"
        )
    if term and term.state != TermState.CONFIRMED:
        raise NothingCorrected(_("Only a confirmed term is on record."), field=None)
    if term and says_the_same(term, correction):
        raise NothingCorrected(_("The record says so already."), field=None)
    # Two agencies do not take the chair from a third.
    if not is_final and max(proposal.last_day, term.last_day if term else day.min) >= day:
        raise AdministratorNeeded(
            _(
                "This would change who chairs today or later. Two agencies correct terms that "
                "are over; ask an administrator for this one."
            ),
            field="last_day",
        )
    refuse_impossible(term, correction.agencies, proposal, at=at)


def refuse_impossible(
    term: ChairTerm | None, agencies: Sequence[Agency], proposal: TermProposal, *, at: datetime
) -> None:
    """Refuse overlapping days and agencies that could not chair then.

    Raises TermsOverlap, NobodyChairs, TooManyChairs, FarFromToday.
    """
    terms.refuse_far_end(proposal, at=at)
    terms.refuse_overlap(proposal, other_than=term.pk if term else None)
    terms.refuse_chairs(agencies, proposal)


def says_the_same(term: ChairTerm, correction: Correction) -> bool:
    """Return whether the record matches the correction."""
    proposal = correction.proposal
    recorded = TermProposal(term.first_day, term.last_day, term.kind, term.theme)
    return proposal == recorded and [*chair.chairing_agencies(term)] == [*correction.agencies]


@transaction.atomic
def agree(
    correction: TermCorrection, *, agreed_for: Agency | None, by: Person, at: datetime
) -> TermCorrection:
    """Apply a correction that a second agency or an administrator agrees to.

    Raises NotAllowed, CorrectionClosed, TermsOverlap, NobodyChairs.
    """
    terms.lock_rotation()
    correction = lock_open(correction)
    day = day_in_group(at)
    require(by, "rotation.agree_correction", On(day, correction))
    if agreed_for is None:
        require(by, "rotation.apply_correction", On(day))
    else:
        require(by, "members.act_for", On(day, agreed_for))
    if agreed_for and agreed_for.pk == correction.proposed_for_id:
        raise CorrectionClosed(_("Another agency than the one that proposed it must agree."))
    correction.agreed_for = agreed_for
    return apply(correction, by=by, at=at)


@transaction.atomic
def withdraw(correction: TermCorrection, *, by: Person, at: datetime) -> TermCorrection:
    """Withdraw a correction that waits; it stays on record.

    Raises NotAllowed, CorrectionClosed.
    """
    correction = lock_open(correction)
    require(by, "rotation.withdraw_correction", On(day_in_group(at), correction))
    correction.withdrawn_at = at
    history.sign(correction, by=by, reason=RotationChange.CORRECTION_WITHDRAWN)
    correction.save(update_fields=["withdrawn_at", "version"])
    return correction


def lock_open(correction: TermCorrection) -> TermCorrection:
    """Lock a correction that waits, and return it as saved.

    Raises CorrectionClosed.
    """
    correction = TermCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if not correction.is_open:
        raise CorrectionClosed(_("This correction was applied or withdrawn already."))
    correction.version += 1
    return correction


def apply(correction: TermCorrection, *, by: Person, at: datetime) -> TermCorrection:
    """Apply a correction to the record in the caller's transaction."""
    term = chair.every_term().get(pk=correction.term.pk) if correction.term else None
    if term and term.version != correction.term_version:
        raise CorrectionClosed(
            _("The term was changed after this correction was proposed. Propose it anew.")
        )
    agencies = corrections.agencies_of(correction)
    proposal = TermProposal(
        correction.first_day, correction.last_day, correction.kind, correction.theme
    )
    refuse_impossible(term, agencies, proposal, at=at)
    handovers_before = handover_terms.handovers_before()
    correction.before = corrections.as_recorded(term) if term else {}
    correction.term = write_term(term, correction, agencies, proposal, by=by)
    correction.agreed_by, correction.applied_at = by, at
    history.sign(correction, by=by, reason=RotationChange.CORRECTION_APPLIED)
    correction.save()
    handover_terms.follow_terms(handovers_before, [correction.term], by=by, at=at)
    return correction


def write_term(
    term: ChairTerm | None,
    correction: TermCorrection,
    agencies: Sequence[Agency],
    proposal: TermProposal,
    *,
    by: Person,
) -> ChairTerm:
    """Save the corrected term with its source."""
    fields: list[str] | None = None
    if term is None:
        term = ChairTerm(slug=terms.free_slug(proposal), state=TermState.CONFIRMED)
    else:
        fields = ["first_day", "last_day", "kind", "theme", "sources", "version"]
        term.version += 1
    term.first_day, term.last_day = proposal.first_day, proposal.last_day
    term.kind, term.theme = proposal.kind, proposal.theme
    if correction.source not in term.sources:
        term.sources = [*term.sources, correction.source]
    values: dict[str, Any] = {"source": correction.source, "agreed": agreed_text(correction)}
    history.sign(term, by=by, reason=RotationChange.RECORD_CORRECTED, values=values)
    terms.save_term(term, proposal, fields)
    terms.set_agencies(term, agencies, by=by)
    return term


def agreed_text(correction: TermCorrection) -> str:
    """Return who made and agreed to a correction: "FAO + ILO".

    A value of the reason in history.
    """
    names = [str(agency) for agency in (correction.proposed_for, correction.agreed_for) if agency]
    return " + ".join(names) or str(correction.proposed_by)
