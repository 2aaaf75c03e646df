"""What stands beside a paragraph, in plain values: notes, new paragraphs, clashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.queries.amendments import DROPPED
from coordination.statements.queries.laid import IN_TEXT, STANDING, laid_together
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

AROUND = 4  # words of what stays, on either side of a change


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an amendment says in the margin, in plain values.

    It says whose it is, with whom (by acronym), which words it changes, why, and what became of it.

    `look` is how the note is drawn: open, conflict, settled, declined. `behind_keys` are those of
    the agencies that co-sponsor it.
    """

    pk: int
    version: int
    number: int
    agency_key: int
    agency: str
    agency_name: str
    behind: tuple[str, ...]
    behind_keys: frozenset[int]
    kind: str
    state: str
    look: str
    rationale: str
    settled_reason: str
    segments: tuple[Segment, ...]

    @property
    def label(self) -> str:
        """Return what the note is called: "Amendment 3, UNICEF"."""
        return _("Amendment %(n)d, %(agency)s") % {"n": self.number, "agency": self.agency}


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph with what stands beside it, in plain values, whoever reads it.

    `new` are the paragraphs proposed after it.
    """

    key: str
    label: str
    kind: str
    kind_words: str
    text: str
    comments: int
    proposals: tuple[Proposal, ...]
    new: tuple["NewPlace", ...]
    folded: int
    conflict: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One amendment in the margin: the words it changes, whether another changes the same words."""

    amendment: Amendment
    segments: tuple[Segment, ...]
    conflict: bool
    # whose mandate would be named how many times more, where that was counted
    mandates: tuple[tuple[str, int], ...] = ()

    @property
    def number(self) -> int:
        """Return its number among the amendments to the draft."""
        return self.amendment.number

    @property
    def proposal(self) -> Proposal:
        """Return what the note says, whoever reads it."""
        amendment, agency = self.amendment, self.amendment.agency
        return Proposal(
            pk=amendment.pk,
            version=amendment.version,
            number=amendment.number,
            agency_key=amendment.agency_id,
            agency=agency.acronym,
            agency_name=agency.name,
            behind=tuple(each.agency.acronym for each in amendment.cosponsoring),
            behind_keys=frozenset(each.agency_id for each in amendment.cosponsoring),
            kind=amendment.kind,
            state=amendment.state,
            look=self.look,
            rationale=amendment.rationale,
            settled_reason=amendment.settled_reason,
            segments=self.segments,
        )

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
    def stands(self) -> bool:
        """Say whether the chair took it, as it is or adapted."""
        return self.note.amendment.state in IN_TEXT

    @property
    def place(self) -> "NewPlace":
        """Return what it shows, whoever reads it."""
        return NewPlace(
            self.label, self.note.proposal, self.stands, self.note.amendment.proposed_text
        )


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A proposed new paragraph, in plain values.

    `stands`: whether the chair took it.
    """

    label: str
    it: Proposal
    stands: bool
    words: str


@dataclass(frozen=True)
class BlockView:
    """One block with its label, amendments and the new paragraphs after it.

    `settlement` is the text that the chair settled on, if there is one.
    """

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    shown: tuple[Segment, ...]
    clashes: tuple[Clash, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    folded: int = 0  # so many amendments are counted only, until the reader opens the paragraph
    # from so many agencies the whole draft has amendments, where not all of them were read
    agencies: int = 0
    preparing: tuple[PreparedAmendment, ...] = ()  # what the reader's agencies prepare

    @cached_property
    def place(self) -> Place:
        """Return what it shows to those who read it, whoever they are."""
        block: Any = self.block
        return Place(
            key=block.key,
            label=self.label,
            kind=block.kind,
            kind_words=block.get_kind_display(),
            text=block.text,
            comments=block.comment_count or 0,
            proposals=tuple(note.proposal for note in self.notes),
            new=tuple(insertion.place for insertion in self.insertions),
            folded=self.folded,
            conflict=self.conflict,
        )

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

    @property
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
    pieces = re.findall(r"\s*\S+\s*", text)
    if len(pieces) <= (words if first or last else 2 * words):
        return text
    head = "" if first else "".join(pieces[:words]).rstrip()
    tail = "" if last else "".join(pieces[-words:]).lstrip()
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"
