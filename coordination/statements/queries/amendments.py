"""The amendments to a draft."""

import itertools
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from coordination.members.models import Agency
from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    CoSponsor,
    Draft,
    PreparedAmendment,
)
from coordination.statements.queries.merged_text import IN_TEXT_STATES

# these amendments are in no draft, so they have no place in the text
DROPPED_STATES = frozenset(
    {AmendmentState.DECLINED, AmendmentState.LAPSED, AmendmentState.WITHDRAWN}
)
# in an attribute of its own, because `cosponsors.all()` has those that left too
COSPONSORS = Prefetch(
    "cosponsors",
    CoSponsor.objects.filter(left_at__isnull=True).select_related("agency"),
    to_attr="prefetched_cosponsors",
)
TEXT_ORDER = ("block__position", "place", "proposed_at", "pk")


def amendments_of(draft: Draft) -> QuerySet[Amendment]:
    """Return every amendment to the draft, with its co-sponsors, in text order."""
    amendments = Amendment.objects.filter(block__draft=draft).select_related(
        "agency", "author", "block", "settled_by"
    )
    return amendments.prefetch_related(COSPONSORS).order_by(*TEXT_ORDER)


def standing_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments not withdrawn, in text order."""
    return (
        Amendment.objects.filter(block__draft=draft)
        .exclude(state=AmendmentState.WITHDRAWN)
        .order_by(*TEXT_ORDER)
    )


def with_agencies(queryset: QuerySet[Amendment]) -> list[Amendment]:
    """Return the amendments with their agencies and co-sponsors. Three queries."""
    amendments: list[Any] = list(queryset)
    if not amendments:
        return []
    # select_related would build an agency for each of 1,000 amendments; there are 16 agencies
    by_amendment: dict[int, list[CoSponsor]] = {}
    cosponsors = CoSponsor.objects.filter(left_at__isnull=True, amendment__in=queryset.order_by())
    for row in cosponsors:
        by_amendment.setdefault(row.amendment_id, []).append(row)
    proposing = {row.agency_id for row in amendments}
    cosponsoring = {row.agency_id for group in by_amendment.values() for row in group}
    agencies = Agency.objects.in_bulk(proposing | cosponsoring)
    for row in (*amendments, *itertools.chain(*by_amendment.values())):
        row.agency = agencies[row.agency_id]
    for row in amendments:
        row.prefetched_cosponsors = by_amendment.get(row.pk, [])
    return amendments


def next_amendment_number(draft: Draft) -> int:
    """Return the next free number; withdrawn amendments keep theirs."""
    # the highest plus one, not the count: a number is never given twice
    highest: int | None = Amendment.objects.filter(block__draft=draft).aggregate(
        highest=Max("number")
    )["highest"]
    return (highest or 0) + 1


def open_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are neither settled nor withdrawn."""
    return amendments_of(draft).filter(state=AmendmentState.OPEN)


def open_or_in_text(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are open, or whose words the next draft has."""
    return amendments_of(draft).filter(state__in=[AmendmentState.OPEN, *IN_TEXT_STATES])


def own_open_amendment(block: Block, agency: Agency) -> Amendment | None:
    """Return the agency's open replacement or deletion of the block, or None."""
    amendments = block.amendments.filter(agency=agency, state=AmendmentState.OPEN).exclude(
        kind=AmendmentKind.INSERT
    )
    return amendments.select_related("agency", "author").first()


def returned_amendments(draft: Draft, agencies: Iterable[Agency]) -> list[Amendment]:
    """Return amendments to the draft before that were returned to the agencies.

    Those already proposed again are left out. One query.
    """
    amendments = Amendment.objects.filter(
        block__draft__statement=draft.statement_id, block__draft__number=draft.number - 1
    )
    amendments = amendments.filter(
        agency__in=list(agencies), state=AmendmentState.RETURNED, carried_to__isnull=True
    )
    return list(amendments.select_related("agency", "block").order_by("block__position", "pk"))


# what colleagues of an agency prepare; nobody else may see it


def prepared_for(draft: Draft, agencies: Iterable[Agency]) -> list[PreparedAmendment]:
    """Return the agencies' prepared amendments to a draft, and to drafts before it; one query."""
    prepared = prepared_by(agencies).filter(block__draft__statement=draft.statement_id)
    return list(prepared.select_related("block__draft"))


def prepared_elsewhere(
    prepared: Iterable[PreparedAmendment], draft: Draft
) -> list[PreparedAmendment]:
    """Return those of `prepared_for` to paragraphs that the draft no longer has. Pure."""
    return [each for each in prepared if each.block.draft_id != draft.pk]


def prepared_by(agencies: Iterable[Agency]) -> QuerySet[PreparedAmendment]:
    """Return prepared amendments neither sent nor discarded."""
    unsent = PreparedAmendment.objects.filter(
        agency__in=list(agencies), sent_as__isnull=True, discarded_at__isnull=True
    )
    return unsent.select_related("agency", "author", "block").order_by("saved_at", "pk")


def prepared_in(
    draft: Draft, agencies: Iterable[Agency]
) -> dict[int, tuple[PreparedAmendment, ...]]:
    """Return the agencies' prepared amendments to a draft, by block key.

    One query.
    """
    return by_block(prepared_by(agencies).filter(block__draft=draft))


def by_block(
    prepared: Iterable[PreparedAmendment],
) -> dict[int, tuple[PreparedAmendment, ...]]:
    """Return prepared amendments by key of their block. Pure."""
    found: dict[int, tuple[PreparedAmendment, ...]] = {}
    for each in prepared:
        found[each.block_id] = (*found.get(each.block_id, ()), each)
    return found
