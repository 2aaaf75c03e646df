"""Collect a draft's paragraphs and visible proposals for a Word file.

The amendments are those of the page of the compilation. What an agency prepares goes into its own
file alone, where its people ask for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.text import Truncator

from coordination.statements.enums import AmendmentKind
from coordination.statements.models import Amendment, Block, PreparedAmendment
from coordination.statements.queries import labels
from coordination.statements.queries.block_views import BlockView
from coordination.statements.queries.paragraphs import insertion_label
from coordination.statements.wordkit.plan import AgencyProposal, BaseParagraph, ProposalKind
from coordination.textkit import diffs

_KINDS: dict[str, ProposalKind] = {
    AmendmentKind.REPLACE: "edit",
    AmendmentKind.DELETE: "delete",
    AmendmentKind.INSERT: "insert",
}
_WORDS_OF_HEADING = 5


def clean_paragraphs(blocks: Sequence[Block]) -> list[BaseParagraph]:
    """Return the paragraphs of a draft without proposals. Pure."""
    return [
        BaseParagraph(block.key, block.kind, label, block.text)
        for label, block in zip(labels.block_labels(blocks), blocks, strict=True)
    ]


def amended_paragraphs(
    views: Iterable[BlockView],
    prepared: Mapping[int, Sequence[PreparedAmendment]] | None = None,
) -> list[BaseParagraph]:
    """Return the paragraphs of a draft with all amendments. Pure.

    `prepared` has what an agency prepares, by block (see `amendments.prepared_in`). It replaces
    the agency's own amendment to the paragraph, as it does once it is sent.
    """
    return [
        BaseParagraph(
            view.block.key,
            view.block.kind,
            view.label,
            view.block.text,
            _proposals(view, (prepared or {}).get(view.block.pk, ())),
        )
        for view in views
    ]


def proposing_agencies(views: Iterable[BlockView]) -> list[str]:
    """Return the acronyms of the agencies with amendments, sorted. Pure."""
    return sorted({note.amendment.agency.acronym for view in views for note in view.all_notes})


def places_by_agency(paragraphs: Iterable[BaseParagraph]) -> dict[str, list[str]]:
    """Return the labels of the paragraphs to which each agency proposes something. Pure.

    Agencies are in alphabetical order; a heading is told by its first words.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    for paragraph in paragraphs:
        own = paragraph.label or f"“{Truncator(paragraph.text).words(_WORDS_OF_HEADING)}”"
        for proposal in paragraph.proposals:
            label = proposal.label or own
            if label not in places[proposal.agency]:
                places[proposal.agency].append(label)
    return dict(sorted(places.items()))


def _proposals(
    view: BlockView, prepared: Sequence[PreparedAmendment]
) -> tuple[AgencyProposal, ...]:
    renewed = {each.agency_id for each in prepared if each.kind != AmendmentKind.INSERT}
    found = [
        _of_amendment(view.block, note.amendment)
        for note in view.notes
        if note.amendment.agency_id not in renewed
    ]
    found += (
        _of_amendment(view.block, insertion.note.amendment, insertion.label, place)
        for place, insertion in enumerate(view.insertions)
    )
    place = len(view.insertions)
    for each in prepared:
        label = insertion_label(view.label, place) if each.kind == AmendmentKind.INSERT else ""
        found.append(_of_prepared(view.block, each, label, place))
        place += each.kind == AmendmentKind.INSERT
    return tuple(found)


def _of_amendment(
    block: Block, amendment: Amendment, label: str = "", place: int = 0
) -> AgencyProposal:
    is_edit = amendment.kind == AmendmentKind.REPLACE
    return AgencyProposal(
        amendment.agency.acronym,
        amendment.proposed_at,
        _KINDS[amendment.kind],
        diffs.changes(block.text, amendment.proposed_text) if is_edit else (),
        "" if is_edit else amendment.text,
        amendment.rationale,
        tuple(each.agency.acronym for each in amendment.current_cosponsors),
        amendment.block_kind or block.kind,
        label,
        place,
    )


def _of_prepared(
    block: Block, prepared: PreparedAmendment, label: str, place: int
) -> AgencyProposal:
    is_edit = prepared.kind == AmendmentKind.REPLACE
    return AgencyProposal(
        prepared.agency.acronym,
        prepared.saved_at,
        _KINDS[prepared.kind],
        diffs.changes(block.text, prepared.proposed_text) if is_edit else (),
        "" if is_edit else prepared.proposed_text,
        prepared.rationale,
        block_kind=prepared.block_kind or block.kind,
        label=label,
        place=place,
    )
