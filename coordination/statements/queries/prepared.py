"""What colleagues of an agency prepare; nobody else may see it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements.models import (
    Draft,
    PreparedAmendment,
)


def left_behind(draft: Draft, agencies: Iterable[Agency]) -> list[PreparedAmendment]:
    """Return what the agencies prepare for paragraphs not in the draft any more.

    One query.
    """
    found = (
        prepared_by(agencies)
        .filter(block__draft__statement=draft.statement_id)
        .exclude(block__draft=draft)
    )
    return list(found.select_related("block__draft"))


def prepared_by(agencies: Iterable[Agency]) -> QuerySet[PreparedAmendment]:
    """Return what the agencies prepare, for their own people alone: neither sent nor discarded."""
    found = PreparedAmendment.objects.filter(
        agency__in=list(agencies), sent_as__isnull=True, discarded_at__isnull=True
    )
    return found.select_related("agency", "author").order_by("saved_at", "pk")


def prepared_in(
    draft: Draft, agencies: Iterable[Agency]
) -> dict[int, tuple[PreparedAmendment, ...]]:
    """Return what the agencies prepare, by the primary key of its block.

    One query.
    """
    found: dict[int, tuple[PreparedAmendment, ...]] = {}
    for each in prepared_by(agencies).filter(block__draft=draft):
        found[each.block_id] = (*found.get(each.block_id, ()), each)
    return found
