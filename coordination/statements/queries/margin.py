"""What stands beside a paragraph: notes, new paragraphs, clashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind
from coordination.statements.models import (
    Amendment,
    Block,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.queries.amendments import DROPPED
from coordination.statements.queries.merged_text import IN_TEXT, STANDING, laid_together
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

AROUND = 4  # words of what stays, on either side of a change


@dataclass(frozen=True)
class Note:
    """One amendment in the margin of its block; whether another changes the same words."""

    amendment: Amendment
    block: Block
    conflict: bool
    # whose mandate would be named how many times more, where that was counted
    mandates: tuple[tuple[str, int], ...] = ()

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Return the words that it changes; worked out where they are shown."""
        return changed_words(self.amendment, self.block)

    @property
    def number(self) -> int:
        """Return its number among the amendments to the draft."""
        return self.amendment.number

    @property
    def label(self) -> str:
        """Return what the note is called: "Amendment 3, UNICEF"."""
        words = {"n": self.number, "agency": self.amendment.agency.acronym}
        return _("Amendment %(n)d, %(agency)s") % words

    @property
    def look(self) -> str:
        """Return how the note is drawn: open, conflict, settled, declined."""
        if self.amendment.state == AmendmentState.OPEN:
            return "conflict" if self.conflict else "open"
        return "declined" if self.amendment.state in DROPPED else "settled"


@dataclass(frozen=True, slots=True)
class Clash:
    """Amendments that cannot all be taken, by their numbers.

    `words` are the circulated words that they change, "" where all of them add.
    """

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """A proposed new paragraph: its label ("OP3 bis") and its amendment."""

    label: str
    note: Note

    @property
    def key(self) -> str:
        """Return what the page calls the place where it would stand."""
        return f"new-{self.note.amendment.pk}"

    @property
    def stands(self) -> bool:
        """Say whether the chair took it, as it is or adapted."""
        return self.note.amendment.state in IN_TEXT


@dataclass(frozen=True)
class BlockView:
    """One block with its label, amendments and the new paragraphs after it.

    `settlement` is the text that the chair settled on, if there is one.
    """

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    text: str  # as settled, or with all that merges
    clashes: tuple[Clash, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    folded: int = 0  # so many amendments are counted only, until the reader opens the paragraph
    # from so many agencies the whole draft has amendments, where not all of them were read
    agencies: int = 0
    preparing: tuple[PreparedAmendment, ...] = ()  # what the reader's agencies prepare

    @cached_property
    def shown(self) -> tuple[Segment, ...]:
        """Return the differences from the circulated text; worked out where they are shown."""
        return segmentation.segments(self.block.text, self.text)

    @property
    def is_heading(self) -> bool:
        """Say whether the block is the title or a heading."""
        return self.block.kind in {BlockKind.TITLE, BlockKind.HEADING}

    @property
    def every(self) -> tuple[Note, ...]:
        """Return all notes: those to the paragraph, and those of new ones after it."""
        return (*self.notes, *(insertion.note for insertion in self.insertions))

    @property
    def order_to_settle(self) -> bool:
        """Say whether the chair should look at the order of the new paragraphs.

        That is so where different ones stand at this place.
        """
        return (
            len(
                {
                    each.note.amendment.text
                    for each in self.insertions
                    if each.note.amendment.state in STANDING | IN_TEXT
                }
            )
            > 1
        )

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes that the chair has not settled."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @cached_property
    def mergeable(self) -> bool:
        """Say whether amendments can be taken into the block as it stands.

        They can where the chair wrote no text of its own for it.
        """
        taken = [
            note.amendment for note in self.notes if note.amendment.state == AmendmentState.TAKEN
        ]
        return self.settlement is None or (
            bool(taken) and laid_together(self.block.text, taken).text == self.settlement.text
        )

    @property
    def conflict(self) -> bool:
        """Say whether amendments change the same words here.

        The chair then settles them by hand.
        """
        return any(note.conflict for note in self.notes)


def changed_words(amendment: Amendment, block: Block) -> tuple[Segment, ...]:
    """Return the words that an amendment changes, with some around them.

    For a paragraph that it inserts or deletes, these are all words. Pure.
    """
    if amendment.kind == AmendmentKind.REPLACE:
        return excerpt(segmentation.segments(block.text, amendment.proposed_text))
    if amendment.kind == AmendmentKind.DELETE:
        return (Segment("delete", block.text),)
    return (Segment("insert", amendment.text),)


def excerpt(segments: Sequence[Segment], words: int = AROUND) -> tuple[Segment, ...]:
    """Return the changes with some words of what stays around them, an ellipsis for the rest."""
    last = len(segments) - 1
    return tuple(
        Segment("keep", _near(segment.text, words, first=i == 0, last=i == last))
        if segment.kind == "keep"
        else segment
        for i, segment in enumerate(segments)
    )


def _near(text: str, words: int, *, first: bool, last: bool) -> str:
    """Return the words of `text` that stand beside a change."""
    limit = words if first or last else 2 * words
    if len(text.split(None, limit)) <= limit:
        return text
    rest, before = text.split(None, words)[-1], text.rsplit(None, words)[0]
    head = "" if first else text[: len(text) - len(rest)].rstrip()
    tail = "" if last else text[len(before) :].lstrip()
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"
