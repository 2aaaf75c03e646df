"""A text as it would read, before it is circulated, issued or adopted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from coordination.core.models import Group
from coordination.members.models import Agency
from coordination.statements.enums import AmendmentState, PositionKind
from coordination.statements.models import Amendment, Block, ClearanceStep, Draft, Position
from coordination.statements.queries import amendments, drafts, labels, origins, positions
from coordination.statements.queries.drafts import BlockPair
from coordination.statements.queries.labels import ReservedParagraphs
from coordination.statements.queries.positions import MissingPositions
from coordination.textkit import canonical


@dataclass(frozen=True, slots=True)
class OpenAmendment:
    """An open amendment with the label of its paragraph."""

    amendment: Amendment
    label: str


@dataclass(frozen=True, slots=True)
class TextPreview:
    """A preview of a text as draft `number`, with labelled paragraphs.

    `words_of` are the agencies that wrote words after draft 1, `no_words_of` the participants that
    did not. `open` is what is not settled, `changes` the paragraphs of the draft before and of this
    one.
    """

    number: int
    paragraphs: tuple[tuple[str, Block], ...]
    sha256: str
    words_of: tuple[str, ...] = ()
    no_words_of: tuple[Agency, ...] = ()
    open: tuple[OpenAmendment, ...] = ()
    changes: tuple[BlockPair, ...] = ()

    @property
    def changed(self) -> int:
        """Return how many paragraphs change."""
        return sum(pair.changed for pair in self.changes)


@dataclass(frozen=True, slots=True)
class SigningPreview:
    """Who would sign an adoption now; `missing` prevents it."""

    signing: tuple[Agency, ...]
    reserving: tuple[tuple[Agency, ReservedParagraphs], ...]
    not_joining: tuple[Agency, ...]
    missing: MissingPositions


def preview_draft(
    draft: Draft, participants: Sequence[Agency], blocks: Sequence[Block] | None = None
) -> TextPreview:
    """Return a draft as it reads: before it is circulated, or adopted.

    Three queries, two where its `blocks` are loaded.
    """
    blocks = drafts.blocks_of(draft) if blocks is None else blocks
    open_now = list(amendments.open_amendments(draft))
    return _preview(blocks, open_now, draft.number, participants, blocks)


def preview_next_draft(
    draft: Draft, standing: Sequence[Amendment], participants: Sequence[Agency]
) -> TextPreview:
    """Return the next draft as it would be issued now; `standing` has its amendments.

    They are those of `amendments.open_or_in_text`. Two queries, three where a paragraph is new.
    """
    open_now = [each for each in standing if each.state == AmendmentState.OPEN]
    settled = [each for each in standing if each.state != AmendmentState.OPEN]
    following = Draft(statement=draft.statement, number=draft.number + 1)
    before = drafts.blocks_with_settlements(draft)
    blocks = [
        drafts.new_block(following, place, planned)
        for place, planned in enumerate(drafts.next_draft_blocks(draft, before, settled), 1)
    ]
    changes = drafts.compared_blocks(before, blocks)
    return _preview(blocks, open_now, following.number, participants, before, changes)


def _preview(
    blocks: Sequence[Block],
    open_now: Sequence[Amendment],
    number: int,
    participants: Sequence[Agency],
    before: Sequence[Block],
    changes: tuple[BlockPair, ...] = (),
) -> TextPreview:
    """Return a text as a preview.

    `open_now` are the open amendments to the blocks `before`. Pure.
    """
    words_of = _agencies_of(blocks)
    names = {
        block.pk: label or str(block.get_kind_display())
        for label, block in zip(labels.block_labels(before), before, strict=True)
    }
    return TextPreview(
        number,
        tuple(zip(labels.block_labels(blocks), blocks, strict=True)),
        canonical.fingerprint(blocks),
        tuple(sorted(words_of)),
        tuple(agency for agency in participants if agency.acronym not in words_of),
        tuple(OpenAmendment(amendment, names[amendment.block_id]) for amendment in open_now),
        changes,
    )


def _agencies_of(blocks: Iterable[Block]) -> set[str]:
    """Return the acronyms of the agencies that wrote words of the blocks. Pure."""
    return {
        acronym for block in blocks for run in origins.origins_of(block) for acronym in run.agencies
    }


def preview_signing(
    step: ClearanceStep, at: datetime, group: Group, blocks: Sequence[Block]
) -> SigningPreview:
    """Return who would sign if the text of `step` were adopted at `at`.

    `blocks` are those of its draft. Two queries.
    """
    newest = positions.newest_positions([step]).get(step.pk, {})
    missing = positions.missing_positions_at(step, at, group, newest)
    taken = sorted(
        (each for each in newest.values() if each.agency_id in missing.keys),
        key=lambda each: each.agency.acronym,
    )
    by_kind: dict[str, list[Position]] = {kind: [] for kind in PositionKind.values}
    for position in taken:
        by_kind[position.kind].append(position)
    signing = [each.agency for each in (*by_kind["approve"], *by_kind["reserve"])]
    return SigningPreview(
        tuple(sorted((*signing, *missing.silent), key=lambda agency: agency.acronym)),
        tuple(
            (each.agency, labels.reserved_paragraphs(positions.reservation_text(each), blocks))
            for each in by_kind["reserve"]
        ),
        tuple(each.agency for each in by_kind["not_join"]),
        missing,
    )
