"""Drafts, their blocks, and the comparison of two drafts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from coordination.members.models import Agency
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StandardReason
from coordination.statements.models import (
    Amendment,
    Block,
    Draft,
    ParagraphOrder,
    PreparedAmendment,
    Reading,
    Statement,
)
from coordination.statements.queries import labels
from coordination.statements.queries.amendments import amendments_of
from coordination.statements.queries.merged_text import IN_TEXT_STATES
from coordination.statements.queries.origins import (
    Origin,
    keep_moved_origins,
    origins_after,
    origins_of_new,
    split_runs,
)
from coordination.textkit import alignment, canonical, diffs, hunks, rebasing, segmentation
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit.hunks import Hunk
from coordination.textkit.segmentation import Segment


@dataclass(frozen=True, slots=True)
class BlockPair:
    """One block in two drafts; `state` is "same", "edited", "new" or "gone"."""

    key: str
    label: str
    kind: str
    state: str
    segments: tuple[Segment, ...]
    moved: bool = False

    @property
    def is_heading(self) -> bool:
        """Say whether the block is the title or a heading."""
        return self.kind in {BlockKind.TITLE, BlockKind.HEADING}

    @property
    def changed(self) -> bool:
        """Say whether the block differs between the drafts."""
        return self.moved or self.state != "same"


def latest_draft(statement: Statement) -> Draft:
    """Return the newest draft.

    Raises Draft.DoesNotExist for an old statement without a text.
    """
    return statement.drafts.select_related("circulated_by").order_by("-number")[:1].get()


def last_reading(
    statement: Statement, agencies: Iterable[Agency], *, before: int
) -> Reading | None:
    """Return the agencies' last reading of a draft before number `before`.

    It comes with its draft and agency. One query.
    """
    readings = Reading.objects.filter(
        draft__statement=statement, draft__number__lt=before, agency__in=list(agencies)
    )
    return readings.select_related("draft", "agency").order_by("-draft__number", "pk").first()


def blocks_of(draft: Draft) -> list[Block]:
    """Return the draft's blocks in order."""
    return list(draft.blocks.order_by("position", "pk"))


def blocks_of_both(old: Draft, new: Draft) -> tuple[list[Block], list[Block]]:
    """Return the blocks of two drafts, each in order; one query."""
    by_draft = blocks_of_drafts([old, new])
    return by_draft[old.pk], by_draft[new.pk]


def blocks_of_drafts(drafts: Iterable[Draft]) -> dict[int, list[Block]]:
    """Return the blocks of some drafts, in order, by key of the draft; one query."""
    by_draft: dict[int, list[Block]] = {draft.pk: [] for draft in drafts}
    for block in Block.objects.filter(draft__in=by_draft).order_by("position", "pk"):
        by_draft[block.draft_id].append(block)
    return by_draft


def blocks_by_draft(statement: int) -> dict[int, list[Block]]:
    """Return a statement's blocks in order, by draft key.

    One query.
    """
    by_draft: defaultdict[int, list[Block]] = defaultdict(list)
    for block in Block.objects.filter(draft__statement=statement).order_by("position", "pk"):
        by_draft[block.draft_id].append(block)
    return by_draft


def keys_by_number(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the keys of a draft's paragraphs by label ("PP 1").

    Pure.
    """
    return {
        number: block.key
        for number, block in zip(blocks_textkit.label(blocks), blocks, strict=True)
        if number
    }


def labels_of(draft: Draft) -> dict[int, str]:
    """Return each block's number, else its kind, by primary key.

    One query.
    """
    blocks = blocks_of(draft)
    return {
        block.pk: label or str(block.get_kind_display())
        for label, block in zip(labels.block_labels(blocks), blocks, strict=True)
    }


def text_of(draft: Draft) -> str:
    """Return the canonical text of a draft, the input of its hash."""
    return canonical.canonical(blocks_of(draft))


def next_order(draft: Draft) -> ParagraphOrder | None:
    """Return the chair's paragraph order for the next draft, or None."""
    return ParagraphOrder.objects.filter(draft=draft).first()


def blocks_in_next_order(draft: Draft) -> list[Block]:
    """Return the blocks, with settlements, in the next draft's order.

    Two queries.
    """
    return in_next_order(blocks_with_settlements(draft), next_order(draft))


def blocks_with_settlements(draft: Draft) -> list[Block]:
    """Return the draft's blocks in order, with their settlements; one query."""
    return list(draft.blocks.select_related("settlement").order_by("position", "pk"))


def in_next_order(blocks: Sequence[Block], order: ParagraphOrder | None) -> list[Block]:
    """Sort blocks by the chair's order, if there is one.

    Pure.
    """
    if order is None:
        return list(blocks)
    places = {key: place for place, key in enumerate(order.keys)}
    return sorted(blocks, key=lambda block: places[block.key])


def previous_in_next_order(block: Block) -> Block | None:
    """Return the block before `block` in the next draft, or None."""
    blocks = blocks_in_next_order(block.draft)
    place = next(place for place, each in enumerate(blocks) if each.pk == block.pk)
    return blocks[place - 1] if place else None


@dataclass(slots=True)
class NextBlock:
    """A paragraph of the next draft; `sources` are its old keys."""

    key: str
    kind: str
    origins: tuple[Origin, ...]
    sources: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return its text."""
        return "".join(run.text for run in self.origins)


def next_draft_blocks(
    draft: Draft, present: Sequence[Block], settled: Iterable[Amendment] | None = None
) -> list[NextBlock]:
    """Return the blocks of the next draft, as settled and arranged.

    `present` are those of `draft`, from `blocks_with_settlements`; `settled` its amendments that
    are in the next text, in text order, where they are loaded.

    A new paragraph gets a key that no draft of the statement has had. Equal new paragraphs at one
    place become one block. They are in the chair's order (`place`), else in order of proposal. A
    paragraph that joins another continues it after a space; an empty line begins a new one. One
    query, another where a paragraph is new, and one or two without `settled`.
    """
    blocks = in_next_order(present, next_order(draft))
    if settled is None:
        settled = amendments_of(draft).filter(state__in=IN_TEXT_STATES)
    keys = new_keys(draft.statement_id)
    number = draft.number + 1
    before: list[tuple[Block, str]] = []
    after: list[NextBlock] = []
    by_block: defaultdict[int, list[Amendment]] = defaultdict(list)
    for amendment in settled:
        by_block[amendment.block_id].append(amendment)
    for block in blocks:
        of_block = by_block[block.pk]
        settlement = getattr(block, "settlement", None)
        text = settlement.text if settlement else block.text
        before.append((block, text))
        if text:  # an empty settlement deletes the block
            runs = origins_after(block, text, of_block, number)
            first, *others = split_runs(runs)
            if after and settlement and settlement.joins_previous:
                after[-1].origins += (Origin(" ", (), number), *first)
                after[-1].sources += (block.key,)
            else:
                after.append(NextBlock(block.key, block.kind, first, (block.key,)))
            after += [NextBlock(next(keys), block.kind, part, (block.key,)) for part in others]
        for (kind, _text), equal in insertions_of(of_block).items():
            after.append(NextBlock(next(keys), kind, origins_of_new(equal, number)))
    kept = keep_moved_origins(before, [each.origins for each in after], number)
    for each, origins in zip(after, kept, strict=True):
        each.origins = origins
    return after


def new_keys(statement: int) -> Iterator[str]:
    """Yield keys that no draft of the statement has had ("b7"); one query, at the first."""
    every = Block.objects.filter(draft__statement=statement).values_list("key", flat=True)
    yield from map("b{}".format, count(next_key(every)))


def insertions_of(amendments: Iterable[Amendment]) -> dict[tuple[str, str], list[Amendment]]:
    """Return the insertions by (kind, text). Pure."""
    by_content: dict[tuple[str, str], list[Amendment]] = {}
    for amendment in amendments:
        if amendment.kind == AmendmentKind.INSERT:
            by_content.setdefault((amendment.block_kind, amendment.text), []).append(amendment)
    return by_content


def new_block(draft: Draft, position: int, planned: NextBlock) -> Block:
    """Return an unsaved block of the next draft. Pure."""
    return Block(
        draft=draft,
        position=position,
        key=planned.key,
        kind=planned.kind,
        text=planned.text,
        origins=[run.as_json() for run in planned.origins],
    )


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What happens to an open amendment when the next draft is issued.

    `text` is its text in the next draft, if its state is CARRIED.
    """

    state: AmendmentState
    text: str = ""
    why: str = ""  # a StandardReason
    block: Block | None = None  # its paragraph in the next draft, if it is carried


def carry_over_of(amendment: Amendment, blocks: Sequence[Block]) -> CarryOver:
    """Return what happens to an open amendment in the next draft. Pure.

    `blocks` has what its paragraph became: none if it is gone, several if it was split.
    """
    if not blocks:
        return CarryOver(AmendmentState.RETURNED, why=StandardReason.PARAGRAPH_GONE)
    if amendment.kind == AmendmentKind.INSERT:
        return CarryOver(AmendmentState.CARRIED, amendment.proposed_text, block=blocks[-1])
    if amendment.kind == AmendmentKind.DELETE:
        if [amendment.block.text] == [block.text for block in blocks]:
            return CarryOver(AmendmentState.CARRIED, block=blocks[0])
        return CarryOver(AmendmentState.RETURNED, why=StandardReason.PARAGRAPH_CHANGED)
    return carry_over_of_replacement(amendment, blocks)


def carry_over_of_replacement(amendment: Amendment, blocks: Sequence[Block]) -> CarryOver:
    """Return what happens to a replacement whose paragraph still exists. Pure."""
    rebased, block = rebased_onto(amendment, blocks)
    if not rebased.certain or block is None:
        return CarryOver(AmendmentState.RETURNED, why=StandardReason.WORDS_CHANGED)
    if not rebased.hunks:
        return CarryOver(AmendmentState.TAKEN, why=StandardReason.IN_NEW_DRAFT)
    return CarryOver(AmendmentState.CARRIED, hunks.apply(block.text, rebased.hunks), block=block)


def rebased_onto(
    amendment: Amendment | PreparedAmendment, blocks: Sequence[Block]
) -> tuple[rebasing.Rebased, Block | None]:
    """Return a replacement rebased onto the one of `blocks` that has its words.

    No block if its changes are in several of them. Pure.
    """
    old = amendment.block.text
    given = diffs.close_diff(old, amendment.proposed_text)
    rebased = rebasing.rebase(given, old, " ".join(block.text for block in blocks))
    start = 0
    for block in blocks:
        end = start + len(block.text)
        if all(start <= hunk.start and hunk.end <= end for hunk in rebased.hunks):
            shifted = tuple(
                Hunk(hunk.start - start, hunk.end - start, hunk.text) for hunk in rebased.hunks
            )
            return rebasing.Rebased(shifted, rebased.certain), block
        start = end + 1
    return rebased, None


def rebased_text(
    amendment: Amendment | PreparedAmendment, blocks: Sequence[Block]
) -> tuple[str, Block]:
    """Rebase a proposed text onto its new paragraph; return both.

    Pure. It may be wrong where the same words changed, so its agency must read it.
    """
    if amendment.kind != AmendmentKind.REPLACE:
        return amendment.proposed_text, blocks[-1]
    rebased, block = rebased_onto(amendment, blocks)
    if block is None:
        # its changes are in several parts of a split paragraph: the agency sees its whole text
        return amendment.proposed_text, blocks[0]
    return hunks.apply(block.text, rebased.hunks), block


def next_key(keys: Iterable[str]) -> int:
    """Return the next free number for a block key ("b7").

    `keys` are all keys in the drafts of the statement.
    """
    return max((int(key[1:]) for key in keys), default=0) + 1


def compared_blocks(old: Sequence[Block], new: Sequence[Block]) -> tuple[BlockPair, ...]:
    """Return the blocks of two drafts, paired by key, in new order.

    A removed block comes after the block that it followed.
    """
    # blocks keep their keys from draft to draft, so no texts are compared to pair them
    old_by_key = {block.key: block for block in old}
    moved = alignment.moved([block.key for block in old], [block.key for block in new])
    pairs = [
        _pair(old_by_key.get(block.key), block, label, moved=block.key in moved)
        for block, label in zip(new, labels.block_labels(new), strict=True)
    ]
    new_keys = {block.key for block in new}
    index = 0
    for block, label in zip(old, labels.block_labels(old), strict=True):
        if block.key in new_keys:
            index = next(i for i, pair in enumerate(pairs) if pair.key == block.key) + 1
        else:
            pairs.insert(
                index,
                BlockPair(block.key, label, block.kind, "gone", (Segment("delete", block.text),)),
            )
            index += 1
    return tuple(pairs)


def _pair(old: Block | None, new: Block, label: str, *, moved: bool) -> BlockPair:
    if old is None:
        return BlockPair(new.key, label, new.kind, "new", (Segment("insert", new.text),))
    state = "same" if old.text == new.text else "edited"
    return BlockPair(
        new.key, label, new.kind, state, segmentation.segments(old.text, new.text), moved
    )
