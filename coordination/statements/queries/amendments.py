"""The amendments to drafts, as rows."""

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
)

DROPPED = frozenset({AmendmentState.DECLINED, AmendmentState.LAPSED, AmendmentState.WITHDRAWN})
BEHIND = Prefetch(
    "cosponsors",
    CoSponsor.objects.filter(left_at__isnull=True).select_related("agency"),
    to_attr="behind",
)
IN_ORDER = ("block__position", "place", "proposed_at", "pk")


def amendments_of(draft: Draft) -> QuerySet[Amendment]:
    """Return every amendment to the draft, in the order of its blocks.

    None ever disappears. Each has its co-sponsors in `behind`.
    """
    found = Amendment.objects.filter(block__draft=draft).select_related(
        "agency", "author", "block", "settled_by"
    )
    return found.prefetch_related(BEHIND).order_by(*IN_ORDER)


def standing_in(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that a page shows.

    These are all but the withdrawn, in the order of the text.
    """
    return (
        Amendment.objects.filter(block__draft=draft)
        .exclude(state=AmendmentState.WITHDRAWN)
        .order_by(*IN_ORDER)
    )


def with_agencies(found: QuerySet[Amendment]) -> list[Amendment]:
    """Return the amendments with their agencies, and their co-sponsors in `behind`; three queries.

    Each agency is read once, however many amendments it has.
    """
    amendments: list[Any] = list(found)
    if not amendments:
        return []
    behind: dict[int, list[CoSponsor]] = {}
    joined = CoSponsor.objects.filter(left_at__isnull=True, amendment__in=found.order_by())
    for each in joined:
        behind.setdefault(each.amendment_id, []).append(each)
    own = {each.agency_id for each in amendments}
    others = {each.agency_id for several in behind.values() for each in several}
    agencies = Agency.objects.in_bulk(own | others)
    for each in (*amendments, *itertools.chain(*behind.values())):
        each.agency = agencies[each.agency_id]
    for each in amendments:
        each.behind = behind.get(each.pk, [])
    return amendments


def next_amendment_number(draft: Draft) -> int:
    """Return the number of the next amendment to the draft; those withdrawn keep theirs."""
    highest: int | None = Amendment.objects.filter(block__draft=draft).aggregate(
        highest=Max("number")
    )["highest"]
    return (highest or 0) + 1


def open_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are neither settled nor withdrawn."""
    return amendments_of(draft).filter(state=AmendmentState.OPEN)


def own_open_amendment(block: Block, agency: Agency) -> Amendment | None:
    """Return the agency's open amendment to the block's own words, or None.

    New paragraphs after the block do not count; there may be several.
    """
    found = block.amendments.filter(agency=agency, state=AmendmentState.OPEN).exclude(
        kind=AmendmentKind.INSERT
    )
    return found.select_related("agency", "author").first()


def returned_to(draft: Draft, agencies: Iterable[Agency]) -> list[Amendment]:
    """Return the returned amendments that the agencies have not proposed anew.

    They are to the draft before this one. One query.
    """
    found = Amendment.objects.filter(
        block__draft__statement=draft.statement_id, block__draft__number=draft.number - 1
    )
    found = found.filter(
        agency__in=list(agencies), state=AmendmentState.RETURNED, carried_to__isnull=True
    )
    return list(found.select_related("agency", "block").order_by("block__position", "pk"))
