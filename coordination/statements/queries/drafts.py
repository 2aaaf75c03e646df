"""The text of a draft, and of two drafts beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from coordination.statements import textkit
from coordination.statements.models import Block, Draft, Statement
from coordination.statements.textkit import Segment


@dataclass(frozen=True, slots=True)
class Pair:
    """One block of two drafts: unchanged, edited, new or gone, with the differences by words."""

    key: str
    label: str
    kind: str
    state: str
    segments: tuple[Segment, ...]


def latest_draft(statement: Statement) -> Draft:
    """Return the newest draft; raises Draft.DoesNotExist for an old statement of which the text is not here."""
    return statement.drafts.select_related("circulated_by").order_by("-number")[:1].get()


def circulated_drafts(statement: Statement) -> QuerySet[Draft]:
    """Return the drafts that were circulated, the first one first."""
    return statement.drafts.filter(circulated_at__isnull=False).order_by("number")


def blocks_of(draft: Draft) -> list[Block]:
    """Return the draft's blocks in order."""
    return list(draft.blocks.order_by("position", "pk"))


def text_of(draft: Draft) -> str:
    """Return the canonical plain text of a draft, whose SHA-256 is the one shown."""
    return textkit.canonical(blocks_of(draft))


def next_key(blocks: Iterable[Block]) -> int:
    """Return the next free number for a block's key ("b7")."""
    return max((int(block.key[1:]) for block in blocks), default=0) + 1


def compared(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """Return the blocks of two drafts, aligned by key, in the order of the new one; what is gone stands after what it followed."""
    before = {block.key: block for block in old}
    pairs = [_pair(before.get(block.key), block, label) for block, label in zip(new, textkit.label(new), strict=True)]
    kept = {block.key for block in new}
    place = 0
    for block, label in zip(old, textkit.label(old), strict=True):
        if block.key in kept:
            place = next(i for i, pair in enumerate(pairs) if pair.key == block.key) + 1
        else:
            pairs.insert(place, Pair(block.key, label, block.kind, "gone", (Segment("delete", block.text),)))
            place += 1
    return pairs


def _pair(old: Block | None, new: Block, label: str) -> Pair:
    if old is None:
        return Pair(new.key, label, new.kind, "new", (Segment("insert", new.text),))
    state = "same" if old.text == new.text else "edited"
    return Pair(new.key, label, new.kind, state, textkit.segments(old.text, new.text))
