"""Blocks as pages show them, with notes and conflicts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.queries.amendments import DROPPED_STATES
from coordination.statements.queries.merged_text import (
    IN_TEXT_STATES,
    STANDING_STATES,
    merge_amendments,
)
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

FATES_IN_BRIEF = 3  # as many fit in the line above them
CONTEXT_WORDS = 4  # words of what stays, on either side of a change


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class Note:
    """An amendment in the margin of its block.

    `has_conflict`: another open amendment changes the same words. `is_excluded`: one that the chair
    took does, or the text that the chair wrote. `touches`: an open or taken one changes words right
    beside, or in a clause that is negated, so that both are read together first.
    """

    amendment: Amendment
    block: Block
    has_conflict: bool
    touches: bool = False
    is_excluded: bool = False
    is_typographic: bool = False  # it changes the form of signs, no words
    # whose mandate would be named how many times more, where that was counted
    mandates: tuple[tuple[str, int], ...] = ()

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Return the words that the amendment changes; computed only where shown."""
        return changed_words(self.amendment, self.block)

    @property
    def kind_of_words(self) -> str:
        """Return the kind of the paragraph whose words the amendment proposes."""
        return self.amendment.block_kind or self.block.kind

    @property
    def number(self) -> int:
        """Return the number of the amendment in its draft."""
        return self.amendment.number

    @property
    def label(self) -> str:
        """Return the heading of the note: "Amendment 3, UNICEF"."""
        params = {"n": self.number, "agency": self.amendment.agency.acronym}
        return _("Amendment %(n)d, %(agency)s") % params

    @property
    def display_state(self) -> str:
        """Return the state for styling.

        "open", "touching", "conflict" or "excluded" if open, else "settled" or "declined".
        """
        if self.amendment.state == AmendmentState.OPEN:
            if self.has_conflict:
                return "conflict"
            return "excluded" if self.is_excluded else "touching" if self.touches else "open"
        return "declined" if self.amendment.state in DROPPED_STATES else "settled"


@dataclass(frozen=True, slots=True)
class AmendmentConflict:
    """Amendments that cannot all be taken, by their numbers.

    `words` are the circulated words that they change, "" where all of them add. `same_words`: they
    differ in punctuation or typography alone.
    """

    numbers: tuple[int, ...]
    words: str
    same_words: bool = False


@dataclass(frozen=True, slots=True)
class TouchingAmendments:
    """Amendments to read together before one is taken, by their numbers.

    `segments` have the changed words as they would read.
    """

    numbers: tuple[int, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Insertion:
    """A proposed new paragraph: its label ("OP3 bis") and its amendment."""

    label: str
    note: Note

    @property
    def key(self) -> str:
        """Return the anchor of the new paragraph on the page."""
        return f"new-{self.note.amendment.pk}"

    @property
    def is_in_text(self) -> bool:
        """Say whether the chair took or adapted it."""
        return self.note.amendment.state in IN_TEXT_STATES


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class Fate:
    """What became of an amendment to the draft before.

    `gone` is the label of its paragraph there, if the new draft does not have that paragraph.
    """

    amendment: Amendment
    block: Block
    gone: str = ""

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Return the words that the amendment changes; computed only where shown."""
        return changed_words(self.amendment, self.block)

    @property
    def carried_to(self) -> Amendment | None:
        """Return the amendment to the new draft that continues this one."""
        return getattr(self.amendment, "carried_to", None)


@dataclass(frozen=True, slots=True)
class BlockFates:
    """The fates to show beside one paragraph, and how many others there are.

    `key` is the paragraph of the draft before that has the others. `of_reader`: one of them is of
    the reader's agencies.
    """

    fates: tuple[Fate, ...] = ()
    others: int = 0
    key: str = ""
    of_reader: bool = False

    @property
    def count(self) -> int:
        """Return the number of amendments."""
        return len(self.fates) + self.others

    @property
    def in_brief(self) -> str:
        """Return a short line of fates, or "" if there are many.

        "UNFPA taken and WHO declined".
        """
        if self.count > FATES_IN_BRIEF:
            return ""
        return formatting.list_of(
            _("%(agency)s %(fate)s")
            % {
                "agency": fate.amendment.agency.acronym,
                "fate": fate.amendment.get_state_display(),
            }
            for fate in self.fates
        )


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class BlockView:
    """A block with its label, notes and the new paragraphs after it.

    `text` is the settled text, or the block with all amendments that merge.
    """

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    text: str
    conflicts: tuple[AmendmentConflict, ...] = ()
    touching: tuple[TouchingAmendments, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    # the number of amendments that are counted but not loaded until the reader opens the block
    folded: int = 0
    # the number of agencies with amendments to the whole draft, if some blocks are folded
    agencies: int = 0
    preparing: tuple[PreparedAmendment, ...] = ()  # of the reader's own agencies
    fates: BlockFates = BlockFates()

    @cached_property
    def merged_segments(self) -> tuple[Segment, ...]:
        """Return the changes from the circulated text; computed only where shown."""
        return segmentation.segments(self.block.text, self.text)

    @property
    def is_heading(self) -> bool:
        """Say whether the block is the title or a heading."""
        return self.block.is_heading

    @property
    def all_notes(self) -> tuple[Note, ...]:
        """Return the notes of the block and of its new paragraphs."""
        return (*self.notes, *(insertion.note for insertion in self.insertions))

    @property
    def has_order_to_settle(self) -> bool:
        """Say whether different new paragraphs compete for this place."""
        texts = {
            insertion.note.amendment.text
            for insertion in self.insertions
            if insertion.note.amendment.state in STANDING_STATES | IN_TEXT_STATES
        }
        return len(texts) > 1

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes of open amendments."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @cached_property
    def can_merge(self) -> bool:
        """Say whether amendments can still be merged into the block.

        They cannot once the chair has written a text for it.
        """
        taken = [
            note.amendment for note in self.notes if note.amendment.state == AmendmentState.TAKEN
        ]
        return self.settlement is None or (
            bool(taken) and merge_amendments(self.block.text, taken).as_read == self.settlement.text
        )

    @property
    def has_conflict(self) -> bool:
        """Say whether amendments to this block conflict."""
        return any(note.has_conflict for note in self.notes)


def changed_words(amendment: Amendment, block: Block) -> tuple[Segment, ...]:
    """Return the words that an amendment changes, with some context.

    For an inserted or deleted paragraph, these are all its words. Pure.
    """
    if amendment.kind == AmendmentKind.REPLACE:
        return excerpt(segmentation.segments(block.text, amendment.proposed_text))
    if amendment.kind == AmendmentKind.DELETE:
        return (Segment("delete", block.text),)
    return (Segment("insert", amendment.text),)


def excerpt(segments: Sequence[Segment], words: int = CONTEXT_WORDS) -> tuple[Segment, ...]:
    """Return the changes with a few words of context on either side."""
    last = len(segments) - 1
    return tuple(
        Segment("keep", _words_near_change(segment.text, words, first=i == 0, last=i == last))
        if segment.kind == "keep"
        else segment
        for i, segment in enumerate(segments)
    )


def _words_near_change(text: str, words: int, *, first: bool, last: bool) -> str:
    """Return the words of `text` that are next to a change."""
    limit = words if first or last else 2 * words
    if len(text.split(None, limit)) <= limit:
        return text
    rest, before = text.split(None, words)[-1], text.rsplit(None, words)[0]
    head = "" if first else text[: len(text) - len(rest)].rstrip()
    tail = "" if last else text[len(before) :].lstrip()
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"
