"""What agencies proposed to each block of a draft, and what became of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements import textkit
from coordination.statements.enums import SETTLED, AmendmentState
from coordination.statements.models import Amendment, Block, Draft, Settlement
from coordination.statements.textkit import Segment

AROUND = 4  # words of what stays, on either side of a change


@dataclass(frozen=True, slots=True)
class Note:
    """One amendment in the margin: its number on the page, the words it changes, whether another changes the same block."""

    number: int
    amendment: Amendment
    segments: tuple[Segment, ...]
    conflict: bool

    @property
    def look(self) -> str:
        """Return how the note is drawn: open, conflict, settled, declined."""
        if self.amendment.state == AmendmentState.OPEN:
            return "conflict" if self.conflict else "open"
        return "declined" if self.amendment.state in {AmendmentState.DECLINED, AmendmentState.WITHDRAWN} else "settled"


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block with its label, its amendments and the text that the chair settled on, if there is one."""

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    shown: tuple[Segment, ...]

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes that the chair has not settled."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @property
    def conflict(self) -> bool:
        """Say whether two open amendments meet here, so that the chair settles them by hand."""
        return any(note.conflict for note in self.notes)


def amendments_of(draft: Draft) -> QuerySet[Amendment]:
    """Return every amendment to the draft, in the order of its blocks; none ever disappears."""
    found = Amendment.objects.filter(block__draft=draft).select_related("agency", "author", "block", "settled_by")
    return found.order_by("block__position", "proposed_at", "pk")


def open_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are neither settled nor withdrawn."""
    return amendments_of(draft).filter(state=AmendmentState.OPEN)


def own_open_amendment(block: Block, agency: Agency) -> Amendment | None:
    """Return the agency's open amendment to the block, or None."""
    return block.amendments.filter(agency=agency, state=AmendmentState.OPEN).select_related("agency", "author").first()


def amendments_settled_in(drafts: Iterable[Draft]) -> QuerySet[Amendment]:
    """Return the amendments to the drafts of which the chair settled what became of them."""
    found = Amendment.objects.filter(block__draft__in=list(drafts), state__in=SETTLED).select_related("agency", "author", "block__draft")
    return found.order_by("block__position", "pk")


def settled_text(block: Block) -> str:
    """Return the text with which the block goes into the next draft; its settlement must be fetched with it."""
    return block.settlement.text if hasattr(block, "settlement") else block.text


def amendments_by_block(draft: Draft) -> list[BlockView]:
    """Return the draft's blocks with what was proposed to each: two queries, however many there are."""
    blocks = list(draft.blocks.select_related("settlement__settled_by").order_by("position", "pk"))
    grouped: dict[int, list[tuple[int, Amendment]]] = {}
    shown = amendments_of(draft).exclude(state=AmendmentState.WITHDRAWN)
    for number, amendment in enumerate(shown, 1):
        grouped.setdefault(amendment.block_id, []).append((number, amendment))
    labels = textkit.label(blocks)
    return [
        _view(block, label, grouped.get(block.pk, []), getattr(block, "settlement", None))
        for block, label in zip(blocks, labels, strict=True)
    ]


def as_proposed(views: Iterable[BlockView]) -> list[BlockView]:
    """Return the blocks as the agencies proposed, without what the chair settles and may still undo."""
    found = []
    for view in views:
        for note in view.notes:
            note.amendment.state, note.amendment.settled_reason = AmendmentState.OPEN, ""
        found.append(_view(view.block, view.label, [(note.number, note.amendment) for note in view.notes], None))
    return found


def _view(block: Block, label: str, numbered: Sequence[tuple[int, Amendment]], settlement: Settlement | None) -> BlockView:
    """Return a block as the page shows it: as settled, or with the changes of its only amendment, or as circulated."""
    texts = {amendment.proposed_text for _, amendment in numbered if amendment.state == AmendmentState.OPEN}
    notes = tuple(_note(number, amendment, block, meets=len(texts) > 1) for number, amendment in numbered)
    text = settlement.text if settlement else next(iter(texts)) if len(texts) == 1 else block.text
    return BlockView(block, label, notes, settlement, textkit.segments(block.text, text))


def _note(number: int, amendment: Amendment, block: Block, *, meets: bool) -> Note:
    segments = excerpt(textkit.segments(block.text, amendment.proposed_text))
    return Note(number, amendment, segments, meets and amendment.state == AmendmentState.OPEN)


def excerpt(segments: Sequence[Segment], words: int = AROUND) -> tuple[Segment, ...]:
    """Return the changes with some words of what stays around them, an ellipsis for the rest."""
    last = len(segments) - 1
    return tuple(
        Segment("keep", _near(segment.text, words, first=i == 0, last=i == last)) if segment.kind == "keep" else segment
        for i, segment in enumerate(segments)
    )


def _near(text: str, words: int, *, first: bool, last: bool) -> str:
    """Return the words of `text` that stand beside a change."""
    pieces = re.findall(r"\s*\S+\s*", text)
    if len(pieces) <= (words if first or last else 2 * words):
        return text
    head = "" if first else "".join(pieces[:words]).rstrip()
    tail = "" if last else "".join(pieces[-words:]).lstrip()
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"


def work_left(views: Iterable[BlockView]) -> dict[str, int]:
    """Return how many amendments there are, from how many agencies, and how many are open, in conflict, taken, adapted, declined."""
    notes = [note for view in views for note in view.notes]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes),
        "agencies": len({note.amendment.agency_id for note in notes}),
        "conflicts": sum(note.conflict for note in notes),
        **{state.value: states.count(state) for state in AmendmentState},
    }
