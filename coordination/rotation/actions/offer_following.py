"""Update open offers of an exchange when their terms change."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from coordination.core import history
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.rotation.actions import recording
from coordination.rotation.enums import OFFER_OPEN, OperationState, RotationChange, TermState
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import chair
from coordination.rotation.queries import operations as operations_queries


def follow_terms(
    terms: Iterable[ChairTerm], *, by: Person | None, at: datetime, left: bool = False
) -> None:
    """Update the open offers on these terms in the caller's transaction.

    Where a term was withdrawn or has other agencies, the offer is void; also where an agency of a
    term has `left` within it. Where days moved, it is offered again, and each agency is asked anew.
    """
    keys = [term.pk for term in terms]
    offers = TermOperation.objects.select_for_update(of=("self",)).filter(
        state__in=OFFER_OPEN, pk__in=TermOperation.objects.filter(terms__term__in=keys)
    )
    for offer in offers.order_by("pk"):
        if not offer.has_lapsed_on(day_in_group(at)):
            follow(offer, by=by, at=at, left=left)


def follow(offer: TermOperation, *, by: Person | None, at: datetime, left: bool) -> None:
    """Void one offer, or renew it with the present days."""
    hangs_on = [row.term_id for row in offer.terms.all()]
    by_key = chair.every_term().in_bulk(hangs_on)
    terms = [by_key[key] for key in hangs_on]
    rows = [operations_queries.as_stored(term) for term in terms]
    last = min(term.first_day for term in terms) - timedelta(days=1)
    assert offer.lapses_on
    offer.version += 1
    gone = any(term.state != TermState.CONFIRMED for term in terms) or last < day_in_group(at)
    others = any(row["keys"] != was["keys"] for row, was in zip(rows, offer.before, strict=True))
    # the agencies agreed to an exchange with each other, so with others there is no offer
    if gone or others or left:
        end(offer, OperationState.VOID, RotationChange.OFFER_VOID, by=by, at=at)
        return
    offer.state, offer.moved_at = OperationState.OFFERED, at
    offer.offer_number += 1
    offer.lapses_on = min(offer.lapses_on, last)
    offer.before, offer.after = rows, after_exchange(rows)
    history.sign(offer, by=by, reason=RotationChange.OFFER_FOLLOWED)
    offer.save()
    recording.hang_on(offer, terms, by=by)


def after_exchange(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Exchange the agencies of two stored rows.

    Pure.
    """
    first, second = rows
    who = ("agencies", "keys")
    return [
        {**first, **{name: second[name] for name in who}},
        {**second, **{name: first[name] for name in who}},
    ]


def end(
    offer: TermOperation,
    state: OperationState,
    reason: RotationChange,
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Save an offer as ended; the caller has counted its version up."""
    offer.state, offer.ended_at = state, at
    history.sign(offer, by=by, reason=reason)
    offer.save()
