"""Exchange terms: one agency offers, others agree, the group decides.

An offer hangs on two terms. It lapses at the end of its last day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.formatting import list_of, plain_day
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.rotation.actions import offer_following, operations, plans, recording, terms
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.enums import (
    OPERATION_LIFE,
    OperationKind,
    OperationState,
    RotationChange,
)
from coordination.rotation.errors import ConsentMissing, DayOutside, OfferClosed
from coordination.rotation.models import ChairTerm, OperationConsent, TermOperation
from coordination.rotation.models.letters import AgencyLetter, LetterChange
from coordination.rotation.queries import offers as offers_queries
from coordination.rotation.queries import operations as operations_queries


@dataclass(frozen=True, slots=True)
class ExchangeOffer:
    """The input of an offer to exchange two terms.

    `base` are the versions of the terms that the person looked at; empty if nobody looked.
    """

    term: ChairTerm
    other: ChairTerm
    offered_for: Agency
    lapses_on: date
    reason: str = ""
    base: str = ""


@transaction.atomic
def offer_exchange(offer: ExchangeOffer, *, by: Person, at: datetime) -> TermOperation:
    """Offer to exchange two terms; who offers has agreed.

    Raises NotAllowed, TermNotConfirmed, TermIsOver, NothingChanges, NobodyChairs, DayOutside,
    OfferClosed, ScheduleChanged.
    """
    terms.lock_rotation()
    day = day_in_group(at)
    term, other = operations.saved_pair(offer.term, offer.other)
    require(by, "rotation.offer_exchange", On(day, (term, offer.offered_for)))
    planned = plans.exchanged(term, other, at=at)
    operations.refuse_other_base(planned, offer.base)
    refuse_lapse(offer.lapses_on, min(term.first_day, other.first_day), day)
    if offers_queries.open_offers(day).filter(terms__term=term).filter(terms__term=other).exists():
        raise OfferClosed(_("An exchange of these two terms is offered already."), field="other")
    operation = TermOperation(
        kind=OperationKind.EXCHANGE,
        state=OperationState.OFFERED,
        offered_for=offer.offered_for,
        reason=offer.reason.strip(),
        lapses_on=offer.lapses_on,
        made_by=by,
        made_at=at,
        before=[operations_queries.as_stored(row) for row in (term, other)],
        after=[operations_queries.stored(row) for row in planned.terms],
    )
    history.sign(operation, by=by, reason=RotationChange.EXCHANGE_OFFERED)
    operation.save()
    recording.hang_on(operation, (term, other), by=by)
    add_consent(operation, offer.offered_for, by=by, at=at)
    wake_on_commit()
    return operation


def refuse_lapse(lapses_on: date, first_day: date, day: date) -> None:
    """Raise DayOutside unless an offer lapses before either term begins."""
    last = first_day - timedelta(days=1)
    if not day <= lapses_on <= last:
        raise DayOutside(
            _("Choose a day from %(first)s to %(last)s: before the first of the two terms begins.")
            % {"first": plain_day(day), "last": plain_day(last)},
            field="lapses_on",
        )


def lock_open(
    operation: TermOperation, *, version: int | None = None, at: datetime
) -> TermOperation:
    """Lock an offer that waits, and return it as saved.

    Raises OfferClosed, and Stale for another version than the given one.
    """
    terms.lock_rotation()
    operation = TermOperation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
    if not operation.is_open_on(day_in_group(at)):
        raise OfferClosed(_("This offer waits no more; its page says what became of it."))
    if version is not None:
        claim(operation, version)
    return operation


@transaction.atomic
def accept_offer(
    operation: TermOperation, agency: Agency, *, version: int, by: Person, at: datetime
) -> TermOperation:
    """Agree to the present offer for an agency of either term.

    Raises NotAllowed, OfferClosed, Stale.
    """
    operation = lock_open(operation, version=version, at=at)
    require(by, "rotation.answer_offer", On(day_in_group(at), (operation, agency)))
    return write_consent(operation, agency, by=by, at=at)


def write_consent(
    operation: TermOperation,
    agency: Agency,
    *,
    by: Person,
    at: datetime,
    letter: AgencyLetter | None = None,
) -> TermOperation:
    """Save an agency's consent to a locked offer.

    Raises OfferClosed.
    """
    if agency.pk in offers_queries.agreed(operation):
        raise OfferClosed(_("%(agency)s agreed already.") % {"agency": agency})
    add_consent(operation, agency, by=by, at=at, letter=letter)
    if not offers_queries.missing(operation):
        operation.state = OperationState.ACCEPTED
    reason = LetterChange.CONSENT if letter else RotationChange.OFFER_ACCEPTED
    values = {"letter": letter.document} if letter else None
    history.sign(operation, by=by, reason=reason, values=values)
    operation.save(update_fields=["state", "version"])
    wake_on_commit()
    return operation


def add_consent(
    operation: TermOperation,
    agency: Agency,
    *,
    by: Person,
    at: datetime,
    letter: AgencyLetter | None = None,
) -> OperationConsent:
    """Add an agency's consent to an offer's present number."""
    consent = OperationConsent(
        operation=operation,
        agency=agency,
        given_by=by,
        given_at=at,
        offer_number=operation.offer_number,
    )
    consent.keep_letter(letter)
    consent.sign(RotationChange.OFFER_ACCEPTED, LetterChange.CONSENT, by=by)
    consent.save()
    return consent


@transaction.atomic
def decline_offer(
    operation: TermOperation, reason: str, *, version: int, by: Person, at: datetime
) -> TermOperation:
    """Decline an offer for an agency or for the group.

    The offer stays on record. Raises NotAllowed, OfferClosed, Stale.
    """
    operation = lock_open(operation, version=version, at=at)
    require(by, "rotation.decline_offer", On(day_in_group(at), operation))
    operation.decision = reason.strip()
    offer_following.end(
        operation, OperationState.DECLINED, RotationChange.OFFER_DECLINED, by=by, at=at
    )
    wake_on_commit()
    return operation


@transaction.atomic
def withdraw_offer(
    operation: TermOperation, *, version: int, by: Person, at: datetime
) -> TermOperation:
    """Withdraw an offer, for the agency that offered it.

    Raises NotAllowed, OfferClosed, Stale.
    """
    operation = lock_open(operation, version=version, at=at)
    require(by, "rotation.withdraw_offer", On(day_in_group(at), operation))
    offer_following.end(
        operation, OperationState.WITHDRAWN, RotationChange.OFFER_WITHDRAWN, by=by, at=at
    )
    wake_on_commit()
    return operation


@transaction.atomic
def exchange_terms(
    operation: TermOperation, decision: GroupDecision, *, by: Person, at: datetime
) -> TermOperation:
    """Exchange the agencies of two terms as they and the group agreed.

    The days of the terms stay. Raises OfferClosed, ConsentMissing, DecisionNeeded, NotAllowed,
    ScheduleChanged, TermIsOver, NobodyChairs.
    """
    require(by, "rotation.operate", On(day_in_group(at)))
    operation = lock_open(operation, at=at)
    if not OPERATION_LIFE.allows(operation.state, OperationState.DECIDED):
        raise ConsentMissing(
            _("%(agencies)s did not agree yet to the offer as it is now.")
            % {"agencies": list_of(offers_queries.missing(operation))}
        )
    first, second = (row.term for row in operation.terms.select_related("term"))
    return operations.carry_out(
        lambda: plans.exchanged(*operations.saved_pair(first, second), at=at),
        decision,
        by=by,
        at=at,
        offer=operation,
    )
