"""Query exchange offers: consents, missing agencies, and answerable offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.rotation.enums import OFFER_OPEN, OperationState
from coordination.rotation.models import OperationConsent, TermOperation
from coordination.rotation.queries import operations


@dataclass(frozen=True, slots=True)
class Party:
    """An agency of either term, and its consent to the present offer.

    `earlier` is its consent to an earlier number of the offer, which does not count.
    """

    key: int
    acronym: str
    consent: OperationConsent | None
    earlier: OperationConsent | None = None


def party_keys(operation: TermOperation) -> dict[int, str]:
    """Return the agencies of the two terms, by key: the acronym. Pure."""
    return {
        key: acronym
        for row in operation.before
        for key, acronym in zip(row["keys"], row["agencies"], strict=True)
    }


def agreed(operation: TermOperation) -> set[int]:
    """Return the keys of agencies that agreed to the present offer.

    One query.
    """
    consents = operation.consents.filter(offer_number=operation.offer_number)
    return set(consents.values_list("agency", flat=True))


def missing(operation: TermOperation) -> list[str]:
    """Return the acronyms of the agencies that are waited for; one query."""
    known = agreed(operation)
    return [acronym for key, acronym in party_keys(operation).items() if key not in known]


def parties(operation: TermOperation) -> list[Party]:
    """Return the agencies of an offer from `operations.operations()`, with their consents."""
    newest: dict[int, OperationConsent] = {}
    for consent in operation.consents.all():
        newest[consent.agency_id] = consent
    found = []
    for key, acronym in party_keys(operation).items():
        last = newest.get(key)
        counts = last is not None and last.offer_number == operation.offer_number
        found.append(
            Party(key, acronym, last if counts else None, earlier=None if counts else last)
        )
    return found


def open_offers(day: date) -> QuerySet[TermOperation]:
    """Return the offers that wait on `day`, oldest first."""
    return (
        operations.operations()
        .filter(state__in=OFFER_OPEN, lapses_on__gte=day)
        .order_by("made_at", "pk")
    )


def offers_in_short(day: date) -> QuerySet[TermOperation]:
    """Return the offers that wait on `day` for a list, without what belongs to them; one query."""
    return open_offers(day).select_related(None).prefetch_related(None)


def is_open(operation: TermOperation, day: date) -> bool:
    """Return whether an offer waits on `day`. Pure."""
    return operation.state in OFFER_OPEN and bool(
        operation.lapses_on and operation.lapses_on >= day
    )


def waited_for(operation: TermOperation, agencies: Iterable[Agency]) -> list[Agency]:
    """Return those of `agencies` that an open offer waits for.

    Pure for a loaded offer.
    """
    if operation.state != OperationState.OFFERED:
        return []
    asked = {party.key for party in parties(operation) if party.consent is None}
    return [agency for agency in agencies if agency.pk in asked]
