"""What agencies proposed to each block of a draft, and what became of it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from coordination.members.models import Agency
from coordination.statements import textkit
from coordination.statements.enums import SETTLED, AmendmentState
from coordination.statements.models import Amendment, Block, Draft, Settlement
from coordination.statements.textkit import Merged, Segment

AROUND = 4  # words of what stays, on either side of a change


@dataclass(frozen=True, slots=True)
class Note:
    """One amendment in the margin: its number on the page, the words it changes, whether another changes the same words."""

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
class Clash:
    """Amendments that cannot all be taken, by their numbers on the page, and the circulated words that they change; "" where all add."""

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block with its label, its amendments and the text that the chair settled on, if there is one."""

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    shown: tuple[Segment, ...]
    clashes: tuple[Clash, ...] = ()

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes that the chair has not settled."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @property
    def mergeable(self) -> bool:
        """Say whether amendments can be taken into the block as it stands: the chair wrote no text of its own for it."""
        return self.settlement is None or any(note.amendment.state == AmendmentState.TAKEN for note in self.notes)

    @property
    def conflict(self) -> bool:
        """Say whether amendments change the same words here, so that the chair settles them by hand."""
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


def laid_together(base: str, amendments: Iterable[Amendment]) -> Merged[int]:
    """Return the text of a block with all that does not collide, and what does; the amendments by their keys. Pure."""
    return textkit.merge(base, {amendment.pk: textkit.close_diff(base, amendment.proposed_text) for amendment in amendments})


def that_merge(base: str, amendments: Collection[Amendment]) -> list[Amendment]:
    """Return the open amendments of which no word collides with that of another that is open or taken. Pure."""
    live = [amendment for amendment in amendments if amendment.state in {AmendmentState.OPEN, AmendmentState.TAKEN}]
    colliding = {pk for conflict in laid_together(base, live).conflicts for pk in conflict.ids}
    return [amendment for amendment in live if amendment.state == AmendmentState.OPEN and amendment.pk not in colliding]


def _view(block: Block, label: str, numbered: Sequence[tuple[int, Amendment]], settlement: Settlement | None) -> BlockView:
    """Return a block as the page shows it: as settled, or with all that merges, or as circulated."""
    numbers = {a.pk: n for n, a in numbered if a.state in {AmendmentState.OPEN, AmendmentState.TAKEN}}
    merged = laid_together(block.text, (amendment for _, amendment in numbered if amendment.pk in numbers))
    colliding = {pk for conflict in merged.conflicts for pk in conflict.ids}
    notes = tuple(_note(number, amendment, block, meets=amendment.pk in colliding) for number, amendment in numbered)
    clashes = tuple(
        Clash(tuple(sorted(numbers[pk] for pk in conflict.ids)), block.text[conflict.start : conflict.end].strip())
        for conflict in merged.conflicts
    )
    text = settlement.text if settlement else merged.text
    return BlockView(block, label, notes, settlement, textkit.segments(block.text, text), clashes)


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
    """Return how many amendments there are, from how many agencies; how many are open, collide, merge cleanly; taken, adapted, declined."""
    views = list(views)
    notes = [note for view in views for note in view.notes]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes),
        "agencies": len({note.amendment.agency_id for note in notes}),
        "conflicts": sum(note.conflict for note in notes),
        "clean": sum(note.look == "open" for view in views if view.mergeable for note in view.notes),
        **{state.value: states.count(state) for state in AmendmentState},
    }
