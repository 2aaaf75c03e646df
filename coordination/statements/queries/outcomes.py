"""What became of amendments, as their agencies are told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements.enums import TOLD, AmendmentState
from coordination.statements.models import (
    Amendment,
    Draft,
)
from coordination.statements.queries import labels
from coordination.statements.queries.amendments import BEHIND
from coordination.statements.queries.margin import changed_words
from coordination.textkit.segmentation import Segment


def amendments_settled_in(
    drafts: Iterable[Draft], states: Iterable[AmendmentState] = TOLD
) -> QuerySet[Amendment]:
    """Return the settled amendments to the drafts.

    Settled are those in one of the states.
    """
    found = Amendment.objects.filter(
        block__draft__in=list(drafts), state__in=states
    ).select_related("agency", "author", "block__draft")
    found = found.prefetch_related(BEHIND)
    return found.order_by("block__position", "pk")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an amendment, as its agencies are told.

    `label` names the paragraph ("OP 3"), `segments` have the words that it changes.
    """

    label: str
    segments: tuple[Segment, ...]
    amendment: Amendment


def outcomes(draft: Draft, states: Iterable[AmendmentState] = TOLD) -> dict[Agency, list[Outcome]]:
    """Return what became of the amendments to a draft, by agency.

    The agencies are those that proposed or co-sponsored them. Three queries.
    """
    blocks = list(draft.blocks.order_by("position", "pk"))
    label_by_block = {
        block.pk: label for block, label in zip(blocks, labels.block_labels(blocks), strict=True)
    }
    found: dict[Agency, list[Outcome]] = {}
    for amendment in amendments_settled_in([draft], states):
        label = label_by_block[amendment.block_id] or amendment.block.get_kind_display()
        outcome = Outcome(label, changed_words(amendment, amendment.block), amendment)
        for agency in (amendment.agency, *(each.agency for each in amendment.cosponsoring)):
            found.setdefault(agency, []).append(outcome)
    return found
