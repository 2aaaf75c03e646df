"""The outcomes of amendments, as mails and pages tell their agencies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements.enums import OUTCOME_STATES, AmendmentState
from coordination.statements.models import (
    Amendment,
    Draft,
)
from coordination.statements.queries import labels
from coordination.statements.queries.amendments import COSPONSORS
from coordination.statements.queries.block_views import changed_words
from coordination.textkit.segmentation import Segment


def settled_amendments(
    drafts: Iterable[Draft], states: Iterable[AmendmentState] = OUTCOME_STATES
) -> QuerySet[Amendment]:
    """Return the amendments to the drafts in one of the states."""
    amendments = Amendment.objects.filter(
        block__draft__in=list(drafts), state__in=states
    ).select_related("agency", "author", "block__draft")
    amendments = amendments.prefetch_related(COSPONSORS)
    return amendments.order_by("block__position", "pk")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an amendment.

    `label` names the paragraph ("OP 3"); `segments` have the words that the amendment changes.
    """

    label: str
    segments: tuple[Segment, ...]
    amendment: Amendment


def outcomes(
    draft: Draft, states: Iterable[AmendmentState] = OUTCOME_STATES
) -> dict[Agency, list[Outcome]]:
    """Return the outcomes of the amendments to a draft, by agency.

    An agency gets those that it proposed or co-sponsored. Three queries.
    """
    blocks = list(draft.blocks.order_by("position", "pk"))
    label_by_block = {
        block.pk: label for block, label in zip(blocks, labels.block_labels(blocks), strict=True)
    }
    by_agency: dict[Agency, list[Outcome]] = {}
    # a heading has no label, so its kind names it
    for amendment in settled_amendments([draft], states):
        label = label_by_block[amendment.block_id] or amendment.block.get_kind_display()
        outcome = Outcome(label, changed_words(amendment, amendment.block), amendment)
        for agency in (
            amendment.agency,
            *(cosponsor.agency for cosponsor in amendment.current_cosponsors),
        ):
            by_agency.setdefault(agency, []).append(outcome)
    return by_agency
