"""Propose, edit, confirm and withdraw terms.

Confirmed ones never overlap; proposals may. A confirmed term is changed by an operation: see
`operations`. The record of a term that has begun is corrected: see `corrections`.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting, history
from coordination.core.actions import constraint_as_error, refuse_far_day
from coordination.core.clock import day_at
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst
from coordination.core.models import Group
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import member_periods
from coordination.rotation.actions.handovers import begin_handover
from coordination.rotation.actions.recording import GroupDecision, record_decided, settle_owed_turns
from coordination.rotation.enums import (
    TERM_LIFE,
    OperationKind,
    RotationChange,
    TermKind,
    TermState,
)
from coordination.rotation.errors import (
    NobodyChairs,
    TermBegan,
    TermNotProposed,
    TermsOverlap,
    TooManyChairs,
)
from coordination.rotation.models import ChairTerm, TermAgency, TermOperation
from coordination.rotation.queries import chair, operations, terms

NOBODY_NAMED = GroupDecision()

MONTH = timedelta(days=31)
TROIKA = 3  # the previous, the present and the next chair


@dataclass(frozen=True, slots=True)
class TermProposal:
    """The input of a term: days (both inclusive), kind and theme."""

    first_day: date
    last_day: date
    kind: str = TermKind.TERM
    theme: str = ""

    @property
    def period(self) -> Period:
        """Return the days as a Period."""
        return Period(self.first_day, self.last_day)


def slug_for(first_day: date, last_day: date) -> str:
    """Return the slug of a term.

    "2013-H1" for a half-year, "2014" for a year, else "2009-06" or the whole first day.
    """
    halves = {((1, 1), (6, 30)): "-H1", ((7, 1), (12, 31)): "-H2", ((1, 1), (12, 31)): ""}
    if first_day.year == last_day.year:
        half = halves.get(((first_day.month, first_day.day), (last_day.month, last_day.day)))
        if half is not None:
            return f"{first_day.year}{half}"
    whole_months = (
        first_day.day == 1 and last_day.day == calendar.monthrange(last_day.year, last_day.month)[1]
    )
    return f"{first_day:%Y-%m}" if whole_months else first_day.isoformat()


def free_slug(proposal: TermProposal) -> str:
    """Return a slug that no other term has.

    A withdrawn term may have taken the plain one.
    """
    slug, number = slug_for(proposal.first_day, proposal.last_day), 1
    while ChairTerm.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{slug_for(proposal.first_day, proposal.last_day)}-{number}"
    return slug


def refuse_backward(proposal: TermProposal) -> None:
    """Raise LastDayBeforeFirst."""
    if proposal.last_day < proposal.first_day:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="last_day")


def refuse_overlap(proposal: TermProposal, *, other_than: int | None = None) -> None:
    """Raise LastDayBeforeFirst, or TermsOverlap, which names the other confirmed term."""
    refuse_backward(proposal)
    other = terms.overlapping(proposal.period, other_than=other_than).first()
    if other:
        raise TermsOverlap(overlap_sentence(other), field="first_day")


def refuse_far_days(proposal: TermProposal, *, at: datetime) -> None:
    """Raise FarFromToday for a day that is a typing error.

    The first or the last day.
    """
    refuse_far_day(proposal.first_day, at=at, field="first_day")
    refuse_far_day(proposal.last_day, at=at, field="last_day")


def refuse_far_end(proposal: TermProposal, *, at: datetime) -> None:
    """Raise FarFromToday for a last day that is a typing error."""
    if proposal.last_day > at.date():
        refuse_far_day(proposal.last_day, at=at, field="last_day")


def refuse_over(term: ChairTerm, *, at: datetime) -> None:
    """Raise TermBegan for a term over or withdrawn."""
    if term.state == TermState.WITHDRAWN or term.last_day < day_in_group(at):
        raise TermBegan(
            _("This term is over. Its record is corrected with a source: see “Correct the record”.")
        )


def refuse_begun(first_day: date, *, at: datetime, own_group: Group | None = None) -> None:
    """Raise TermBegan, which names the way, for a term that begins in the past.

    The message says how to correct the record. Who proposes and confirms such a term rewrites
    the record of who chaired.
    """
    if first_day < day_at(at, (own_group or group()).zone):
        raise TermBegan(
            _(
                "A term that begins in the past cannot be proposed or confirmed. Use “Correct the "
                "record” on the page of who chairs: it needs a source, and an administrator or "
                "two agencies."
            ),
            field="first_day",
        )


def overlap_sentence(other: ChairTerm) -> str:
    """Return the sentence that names the overlapping term."""
    return _("These days overlap with the term of %(agencies)s, %(first)s to %(last)s.") % {
        "agencies": formatting.list_of(agency.acronym for agency in chair.chairing_agencies(other)),
        "first": dateformat.format(other.first_day, "j F Y"),
        "last": dateformat.format(other.last_day, "j F Y"),
    }


def refuse_chairs(
    agencies: Sequence[Agency],
    proposal: TermProposal,
    own_group: Group | None = None,
    members: Mapping[int, Sequence[Period]] | None = None,
) -> None:
    """Raise NobodyChairs or TooManyChairs unless the agencies may chair.

    As many may chair together as the group has set; each must be a member on the first and the
    last day. An agency that leaves within the term cannot be confirmed: its focal points would lose
    the chair's powers with nobody in their place. A later change of membership is seen when it
    happens. `members` are the `member_periods` of the agencies. One query for each of the last two
    that is not loaded.
    """
    if not agencies:
        raise NobodyChairs(_("Name at least one agency."), field="agencies")
    most = TROIKA if proposal.kind == TermKind.TROIKA else (own_group or group()).chairs_max
    if len(agencies) > most:
        sentence = ngettext(
            "One agency chairs; these are %(n)s.",
            "At most %(most)s agencies chair together; these are %(n)s.",
            most,
        )
        raise TooManyChairs(sentence % {"most": most, "n": len(agencies)}, field="agencies")
    members = member_periods(agencies) if members is None else members
    for agency in agencies:
        for day in (proposal.first_day, proposal.last_day):
            if not any(period.covers(day) for period in members[agency.pk]):
                message = _("%(agency)s is not a member on %(day)s.") % {
                    "agency": agency,
                    "day": dateformat.format(day, "j F Y"),
                }
                raise NobodyChairs(message, field="agencies")


def save_term(term: ChairTerm, proposal: TermProposal, fields: list[str] | None = None) -> None:
    """Save; turn the database's refusal of an overlap into TermsOverlap."""
    race_error = TermsOverlap(
        _("Somebody confirmed a term for these days at the same moment."), field="first_day"
    )
    # PostgreSQL itself refuses an overlap (design.md 4.1)
    with constraint_as_error(
        "rotation_chairterm_no_overlap",
        lambda: refuse_overlap(proposal, other_than=term.pk),
        race_error,
    ):
        term.save(update_fields=fields)


@transaction.atomic
def propose_term(
    agencies: Sequence[Agency], proposal: TermProposal, *, by: Person, at: datetime
) -> ChairTerm:
    """Propose that agencies chair for a period.

    Other proposals may exist for the same days. Raises FarFromToday, TermBegan,
    LastDayBeforeFirst, NobodyChairs, TooManyChairs, NotAllowed.
    """
    lock_rotation()
    require(by, "rotation.edit_term", On(day_in_group(at)))
    refuse_begun(proposal.first_day, at=at)
    refuse_far_days(proposal, at=at)
    refuse_backward(proposal)
    refuse_chairs(agencies, proposal)
    term = ChairTerm(
        slug=free_slug(proposal),
        first_day=proposal.first_day,
        last_day=proposal.last_day,
        kind=proposal.kind,
        theme=proposal.theme,
    )
    history.sign(term, by=by, reason=RotationChange.TERM_PROPOSED)
    save_term(term, proposal)
    set_agencies(term, agencies, by=by)
    wake_on_commit()
    return term


def lock_rotation() -> None:
    """Lock the group's row to serialise changes of the rotation."""
    # PostgreSQL only; on SQLite a transaction begins with the write lock
    list(Group.objects.select_for_update().values_list("pk", flat=True))


def set_agencies(term: ChairTerm, agencies: Sequence[Agency], *, by: Person | None) -> None:
    """Set exactly these agencies as chairs, in this order.

    One that keeps its place gets no entry in history.
    """
    unmatched = {row.agency_id: row for row in term.chairs.all()}
    for position, agency in enumerate(agencies, 1):
        # Position 0 differs from every real one, so a new row is saved below.
        row = unmatched.pop(agency.pk, None) or TermAgency(term=term, agency=agency, position=0)
        if row.position != position:
            history.sign(
                row,
                by=by,
                reason=RotationChange.CHAIR_MOVED if row.pk else RotationChange.CHAIR_ADDED,
            )
            row.position = position
            row.save()
    for row in unmatched.values():
        history.sign(row, by=by, reason=RotationChange.CHAIR_REMOVED)
        row.delete()


@transaction.atomic
def edit_term(
    term: ChairTerm,
    agencies: Sequence[Agency],
    proposal: TermProposal,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> ChairTerm:
    """Edit a proposal, or the theme of a confirmed term.

    A term that is over cannot be edited. Raises Stale, LastDayBeforeFirst, NobodyChairs,
    TooManyChairs, TermNotProposed, TermBegan, NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    claim(term, version)
    chairs_before = list(term.chairs.order_by("position").values_list("agency", flat=True))
    is_changed = (
        proposal.period != term.period
        or proposal.kind != term.kind
        or [agency.pk for agency in agencies] != chairs_before
    )
    # the chair's powers follow from the days of a confirmed term (design.md 4.2)
    if is_changed and term.state != TermState.PROPOSED:
        raise TermNotProposed(
            _(
                "The days and agencies of a confirmed term are changed by a decision: see “Change "
                "the schedule” on its page. Here only its theme can be corrected."
            )
        )
    if term.state != TermState.PROPOSED:
        refuse_over(term, at=at)
    if is_changed:
        refuse_begun(proposal.first_day, at=at)
        refuse_far_days(proposal, at=at)
        refuse_backward(proposal)
        refuse_chairs(agencies, proposal)
        set_agencies(term, agencies, by=by)
    term.first_day, term.last_day, term.kind, term.theme = (
        proposal.first_day,
        proposal.last_day,
        proposal.kind,
        proposal.theme,
    )
    history.sign(term, by=by, reason=RotationChange.TERM_CORRECTED)
    save_term(term, proposal, ["first_day", "last_day", "kind", "theme", "version"])
    wake_on_commit()
    return term


def refuse_unconfirmable(term: ChairTerm, *, at: datetime, own_group: Group | None = None) -> None:
    """Raise TermBegan, TermsOverlap, NobodyChairs or TooManyChairs.

    Since the term was proposed, memberships may have ended, the first day may have come, and a
    rival may have been confirmed.
    """
    refuse_begun(term.first_day, at=at, own_group=own_group)
    proposal = TermProposal(term.first_day, term.last_day, term.kind)
    refuse_overlap(proposal, other_than=term.pk)
    refuse_chairs(chair.chairing_agencies(term), proposal, own_group)


@transaction.atomic
def confirm_term(
    term: ChairTerm,
    *,
    version: int,
    by: Person,
    at: datetime,
    decision: GroupDecision = NOBODY_NAMED,
) -> ChairTerm:
    """Confirm a proposal, record its decision, and open its handover.

    The next handover is then from this term. Raises TermNotProposed, TermBegan, Stale,
    TermsOverlap, NobodyChairs, TooManyChairs, NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    if not TERM_LIFE.allows(term.state, TermState.CONFIRMED):
        raise TermNotProposed(_("This term is not a proposal any more."))
    claim(term, version)
    refuse_unconfirmable(term, at=at)
    before = operations.as_stored(term)
    term.state, term.confirmed_at = TermState.CONFIRMED, at
    history.sign(term, by=by, reason=RotationChange.TERM_CONFIRMED)
    fields = ["state", "confirmed_at", "version"]
    save_term(term, TermProposal(term.first_day, term.last_day), fields)
    begin_handover(term, by=by, at=at)
    operation = TermOperation(
        kind=OperationKind.CONFIRM,
        decision=decision.decision.strip(),
        decided_how=dict(decision.how),
        document=decision.document.strip(),
        reason=decision.reason.strip(),
        before=[before],
        after=[operations.as_stored(term)],
    )
    record_decided(operation, [term], by=by, at=at)
    settle_owed_turns(operation, (), [term], by=by)
    wake_on_commit()
    return term


@transaction.atomic
def withdraw_term(term: ChairTerm, *, version: int, by: Person, at: datetime) -> ChairTerm:
    """Withdraw a proposal.

    It stays on record, and its days are free. Raises TermNotProposed, Stale, NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    # a confirmed term is withdrawn by an operation, with its decision
    if term.state != TermState.PROPOSED:
        raise TermNotProposed(_("Only a proposal can be withdrawn."))
    claim(term, version)
    term.state = TermState.WITHDRAWN
    history.sign(term, by=by, reason=RotationChange.TERM_WITHDRAWN)
    term.save(update_fields=["state", "version"])
    wake_on_commit()
    return term
