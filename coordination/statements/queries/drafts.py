"""The text of a draft, and of two drafts beside each other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coordination.members.models import Agency
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind
from coordination.statements.models import (
    Amendment,
    Block,
    Draft,
    PreparedAmendment,
    Reading,
    Statement,
)
from coordination.statements.queries import labels
from coordination.statements.queries.amendments import amendments_of
from coordination.statements.queries.merged_text import IN_TEXT
from coordination.statements.queries.origins import Origin, origins_after, origins_of_new
from coordination.textkit import alignment, canon, diffs, hunks, rebasing, segmentation
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit.segmentation import Segment


@dataclass(frozen=True, slots=True)
class Pair:
    """One block of two drafts.

    Unchanged, edited, new or gone, with the differences by words, and whether it has another place.
    """

    key: str
    label: str
    kind: str
    state: str
    segments: tuple[Segment, ...]
    moved: bool = False

    @property
    def is_heading(self) -> bool:
        """Say whether it is the title or a heading."""
        return self.kind in {BlockKind.TITLE, BlockKind.HEADING}

    @property
    def changed(self) -> bool:
        """Say whether the second draft has it otherwise than the first."""
        return self.moved or self.state != "same"


def latest_draft(statement: Statement) -> Draft:
    """Return the newest draft.

    Raises Draft.DoesNotExist for an old statement of which the text is not here.
    """
    return statement.drafts.select_related("circulated_by").order_by("-number")[:1].get()


def last_reading(
    statement: Statement, agencies: Iterable[Agency], *, before: int
) -> Reading | None:
    """Return the last reading of an earlier draft by one of the agencies.

    Only drafts with a number lower than `before`. The draft and the agency come with it. One query.
    """
    found = Reading.objects.filter(
        draft__statement=statement, draft__number__lt=before, agency__in=list(agencies)
    )
    return found.select_related("draft", "agency").order_by("-draft__number", "pk").first()


def blocks_of(draft: Draft) -> list[Block]:
    """Return the draft's blocks in order."""
    return list(draft.blocks.order_by("position", "pk"))


def blocks_of_both(old: Draft, new: Draft) -> tuple[list[Block], list[Block]]:
    """Return the blocks of two drafts, each in order; one query."""
    blocks = list(Block.objects.filter(draft__in=[old, new]).order_by("position", "pk"))
    return [block for block in blocks if block.draft_id == old.pk], [
        block for block in blocks if block.draft_id == new.pk
    ]


def numbered(draft: Draft) -> dict[str, str]:
    """Return the keys of the draft's paragraphs by the code of their label ("PP 1", "OP 3").

    They are in order; paragraphs without a number are left out. One query.
    """
    blocks = blocks_of(draft)
    return {
        number: block.key
        for number, block in zip(blocks_textkit.label(blocks), blocks, strict=True)
        if number
    }


def labels_of(draft: Draft) -> dict[int, str]:
    """Return what each paragraph is called by block: its number, else what it is; one query."""
    blocks = blocks_of(draft)
    return {
        block.pk: label or str(block.get_kind_display())
        for label, block in zip(labels.block_labels(blocks), blocks, strict=True)
    }


def text_of(draft: Draft) -> str:
    """Return the canonical plain text of a draft, whose SHA-256 is the one shown."""
    return canon.canonical(blocks_of(draft))


def settled_blocks(draft: Draft) -> list[Block]:
    """Return the blocks of the next draft, not saved.

    They are as settled, without those deleted, with the new ones after theirs.

    New paragraphs get keys that no draft of the statement had; equal ones at one place are one.
    They stand in the chair's order (`place`), else as they were proposed. Each knows who wrote its
    words. Four queries.
    """
    blocks = list(draft.blocks.select_related("settlement").order_by("position", "pk"))
    settled = list(amendments_of(draft).filter(state__in=IN_TEXT))
    number = next_key(
        Block.objects.filter(draft__statement=draft.statement_id).values_list("key", flat=True)
    )
    following = draft.number + 1
    found: list[Block] = []
    amendments: defaultdict[int, list[Amendment]] = defaultdict(list)
    for each in settled:
        amendments[each.block_id].append(each)
    for block in blocks:
        here = amendments[block.pk]
        text = block.settlement.text if hasattr(block, "settlement") else block.text
        if text:
            found.append(
                written(block.key, block.kind, origins_after(block, text, here, following))
            )
        for (kind, _text), same in insertions_of(here).items():
            found.append(written(f"b{number}", kind, origins_of_new(same, following)))
            number += 1
    return found


def insertions_of(amendments: Iterable[Amendment]) -> dict[tuple[str, str], list[Amendment]]:
    """Return the new paragraphs (kind and text) in order, each with the amendments that ask for it.

    Pure.
    """
    found: dict[tuple[str, str], list[Amendment]] = {}
    for each in amendments:
        if each.kind == AmendmentKind.INSERT:
            found.setdefault((each.block_kind, each.text), []).append(each)
    return found


def written(key: str, kind: str, origins: Iterable[Origin]) -> Block:
    """Return a block, not saved, of runs of words that know their origin. Pure."""
    runs = list(origins)
    return Block(
        key=key,
        kind=kind,
        text="".join(run.text for run in runs),
        origins=[run.kept() for run in runs],
    )


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of an open amendment when the next draft is issued.

    Its state, its text in that draft, and why.
    """

    state: AmendmentState
    text: str = ""
    why: str = ""


def carried(amendment: Amendment, block: Block | None) -> Carried:
    """Return what becomes of an open amendment in the next draft.

    `block` is its block there, or None if that is gone. Pure.
    """
    if block is None:
        return Carried(
            AmendmentState.RETURNED, why=_("The paragraph is not in the new draft any more.")
        )
    if amendment.kind == AmendmentKind.INSERT:
        return Carried(AmendmentState.CARRIED, amendment.proposed_text)
    if amendment.kind == AmendmentKind.DELETE:
        if amendment.block.text == block.text:
            return Carried(AmendmentState.CARRIED)
        return Carried(
            AmendmentState.RETURNED, why=_("The paragraph has other words in the new draft.")
        )
    return carried_words(amendment, block)


def carried_words(amendment: Amendment, block: Block) -> Carried:
    """Return what becomes of other words for a paragraph that is in the next draft. Pure."""
    old = amendment.block.text
    moved = rebasing.rebase(diffs.close_diff(old, amendment.proposed_text), old, block.text)
    if not moved.certain:
        return Carried(
            AmendmentState.RETURNED,
            why=_("The words that it changes have changed in the new draft."),
        )
    if not moved.hunks:
        return Carried(AmendmentState.TAKEN, why=_("The new draft has it already."))
    return Carried(AmendmentState.CARRIED, hunks.apply(block.text, moved.hunks))


def best_guess(amendment: Amendment | PreparedAmendment, block: Block) -> str:
    """Return the words that an amendment to an earlier draft has in this block.

    They are the most likely ones; its agency is to look at them. Pure.
    """
    if amendment.kind != AmendmentKind.REPLACE:
        return amendment.proposed_text
    old = amendment.block.text
    moved = rebasing.rebase(diffs.close_diff(old, amendment.proposed_text), old, block.text)
    return hunks.apply(block.text, moved.hunks)


def next_key(keys: Iterable[str]) -> int:
    """Return the next free number for a block's key ("b7").

    `keys` are all that the statement's drafts ever had.
    """
    return max((int(key[1:]) for key in keys), default=0) + 1


def compared(old: Sequence[Block], new: Sequence[Block]) -> tuple[Pair, ...]:
    """Return the blocks of two drafts, aligned by key, in the order of the new one.

    What is gone stands after what it followed.
    """
    before = {block.key: block for block in old}
    moved = alignment.moved([block.key for block in old], [block.key for block in new])
    pairs = [
        _pair(before.get(block.key), block, label, moved=block.key in moved)
        for block, label in zip(new, labels.block_labels(new), strict=True)
    ]
    kept = {block.key for block in new}
    place = 0
    for block, label in zip(old, labels.block_labels(old), strict=True):
        if block.key in kept:
            place = next(i for i, pair in enumerate(pairs) if pair.key == block.key) + 1
        else:
            pairs.insert(
                place, Pair(block.key, label, block.kind, "gone", (Segment("delete", block.text),))
            )
            place += 1
    return tuple(pairs)


def _pair(old: Block | None, new: Block, label: str, *, moved: bool) -> Pair:
    if old is None:
        return Pair(new.key, label, new.kind, "new", (Segment("insert", new.text),))
    state = "same" if old.text == new.text else "edited"
    return Pair(new.key, label, new.kind, state, segmentation.segments(old.text, new.text), moved)
