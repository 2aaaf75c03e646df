"""Amendments that agencies prepare; only their own people may see them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements.models import (
    Draft,
    PreparedAmendment,
)


def prepared_elsewhere(draft: Draft, agencies: Iterable[Agency]) -> list[PreparedAmendment]:
    """Return prepared amendments to paragraphs that the draft no longer has.

    One query.
    """
    prepared = (
        prepared_by(agencies)
        .filter(block__draft__statement=draft.statement_id)
        .exclude(block__draft=draft)
    )
    return list(prepared.select_related("block__draft"))


def prepared_by(agencies: Iterable[Agency]) -> QuerySet[PreparedAmendment]:
    """Return the prepared amendments that are neither sent nor discarded."""
    unsent = PreparedAmendment.objects.filter(
        agency__in=list(agencies), sent_as__isnull=True, discarded_at__isnull=True
    )
    return unsent.select_related("agency", "author").order_by("saved_at", "pk")


def prepared_in(
    draft: Draft, agencies: Iterable[Agency]
) -> dict[int, tuple[PreparedAmendment, ...]]:
    """Return the agencies' prepared amendments to a draft, by block key.

    One query.
    """
    by_block: dict[int, tuple[PreparedAmendment, ...]] = {}
    for prepared in prepared_by(agencies).filter(block__draft=draft):
        by_block[prepared.block_id] = (*by_block.get(prepared.block_id, ()), prepared)
    return by_block
