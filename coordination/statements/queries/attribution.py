"""Who made each change between two drafts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coordination.members.models import Person
from coordination.statements.enums import AmendmentKind
from coordination.statements.models import Amendment, Block, Draft, Statement
from coordination.statements.queries.amendments import COSPONSORS, TEXT_ORDER
from coordination.statements.queries.drafts import BlockPair
from coordination.statements.queries.merged_text import IN_TEXT_STATES
from coordination.statements.queries.origins import (
    Names,
    Origin,
    names_of,
    origins_of,
    slice_runs,
    unique_names,
)
from coordination.textkit import alignment, diffs
from coordination.textkit.hunks import Hunk, moved_place
from coordination.textkit.segmentation import Segment


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change, with draft `number`, the first that had it.

    `agencies` by their `amendments`, and `person` for the chair's team if no agency did. `moved`:
    the words are older and stood elsewhere before.
    """

    number: int
    agencies: Names = ()
    amendments: tuple[Amendment, ...] = ()
    person: Person | None = None
    moved: bool = False

    @property
    def before(self) -> int:
        """Return the number of the draft to which the amendments were."""
        return self.number - 1


@dataclass(frozen=True, slots=True)
class AttributedSegment:
    """A run of a difference, with its author's number or 0."""

    segment: Segment
    number: int = 0


@dataclass(frozen=True, slots=True)
class AttributedPair:
    """A paragraph in two drafts, with who changed it; `moved_by` put it elsewhere."""

    pair: BlockPair
    marks: tuple[AttributedSegment, ...] = ()
    authors: tuple[Author, ...] = ()
    moved_by: Author | None = None


@dataclass(frozen=True)
class TextRecord:
    """What a statement's drafts were made of.

    `blocks` by number of the draft and key, in order; `amendments` that a text has, by number of
    their draft and key of their paragraph.
    """

    drafts: Mapping[int, Draft]
    blocks: Mapping[int, Mapping[str, Block]]
    amendments: Mapping[tuple[int, str], Sequence[Amendment]]

    def chair_of(self, number: int, key: str) -> Person | None:
        """Return who settled a paragraph for draft `number`, else who issued that draft."""
        before = self.blocks.get(number - 1, {}).get(key)
        settlement = getattr(before, "settlement", None)
        if settlement:
            person: Person = settlement.settled_by
            return person
        return self.drafts[number].circulated_by if number in self.drafts else None


def text_record(statement: Statement, first: int, last: int) -> TextRecord:
    """Return the record of the drafts `first` to `last`. Four queries."""
    numbers = range(first, last + 1)
    drafts = statement.drafts.filter(number__in=numbers).select_related(
        "circulated_by", "next_order__moved_by"
    )
    by_key = {draft.pk: draft for draft in drafts}
    rows = Block.objects.filter(draft__in=by_key).select_related("settlement__settled_by")
    blocks: defaultdict[int, dict[str, Block]] = defaultdict(dict)
    for block in rows.order_by("position", "pk"):
        block.draft = by_key[block.draft_id]
        blocks[block.draft.number][block.key] = block
    in_text = Amendment.objects.filter(block__draft__in=by_key, state__in=IN_TEXT_STATES)
    in_text = in_text.select_related("agency", "block").prefetch_related(COSPONSORS)
    amendments: defaultdict[tuple[int, str], list[Amendment]] = defaultdict(list)
    for amendment in in_text.order_by(*TEXT_ORDER):
        amendments[by_key[amendment.block.draft_id].number, amendment.block.key].append(amendment)
    return TextRecord({draft.number: draft for draft in by_key.values()}, blocks, amendments)


def attribute_pairs(
    pairs: Iterable[BlockPair], record: TextRecord, old: int, new: int
) -> list[AttributedPair]:
    """Return the compared paragraphs of two drafts with each change's author.

    Pure. `record` has both drafts and all between them.
    """
    return [
        AttributedPair(
            pair,
            *_attributed(pair, record, old, new),
            _mover(pair.key, record, old, new) if pair.moved else None,
        )
        for pair in pairs
    ]


def _attributed(
    pair: BlockPair, record: TextRecord, old: int, new: int
) -> tuple[tuple[AttributedSegment, ...], tuple[Author, ...]]:
    """Return a pair's runs with author numbers, and the authors."""
    if pair.state == "same":
        return tuple(AttributedSegment(segment) for segment in pair.segments), ()
    authors: list[Author] = []
    marks: list[AttributedSegment] = []
    for segment, author in _authored_runs(pair, record, old, new):
        if author and author not in authors:
            authors.append(author)
        marks.append(AttributedSegment(segment, authors.index(author) + 1 if author else 0))
    # words struck and words put in their place by the same author are one change, numbered once
    for place, (mark, following) in enumerate(pairwise(marks)):
        if mark.number == following.number and following.segment.kind == "insert":
            marks[place] = replace(mark, number=0)
    return tuple(marks), tuple(authors)


def _authored_runs(
    pair: BlockPair, record: TextRecord, old: int, new: int
) -> Iterator[tuple[Segment, Author | None]]:
    """Yield a pair's runs in reading order, each of one author."""
    key = pair.key
    block = record.blocks[new].get(key)
    runs = origins_of(block) if block else ()
    old_place = new_place = 0
    for segment in pair.segments:
        length = len(segment.text)
        if segment.kind == "insert":
            for run in _runs_with_words(slice_runs(runs, new_place, new_place + length)):
                yield Segment("insert", run.text), author_of(run, record, key, since=old)
        elif segment.kind == "delete":
            span = (old_place, old_place + length)
            yield segment, _striker(key, span, record, old, new)
        else:
            yield segment, None
        old_place += 0 if segment.kind == "insert" else length
        new_place += 0 if segment.kind == "delete" else length


def _runs_with_words(runs: Iterable[Origin]) -> list[Origin]:
    """Join the runs without letters or digits to the previous run."""
    joined: list[Origin] = []
    for run in runs:
        if joined and not any(char.isalnum() for char in run.text):
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined


def author_of(run: Origin, record: TextRecord, key: str, *, since: int = 0) -> Author:
    """Return who wrote a run of a paragraph. Pure.

    One that draft `since` had too was moved here.
    """
    if run.draft <= since:
        return Author(run.draft, run.agencies, moved=True)
    if not run.agencies:
        return Author(run.draft, person=record.chair_of(run.draft, key))
    proposals = _proposals(record, run.draft - 1, key, run.agencies)
    return Author(run.draft, run.agencies, tuple(proposals))


def _proposals(record: TextRecord, number: int, key: str, agencies: Names) -> list[Amendment]:
    """Return the amendments that gave a paragraph its words.

    Amendments of agencies to draft `number`. Those to the paragraph, or those that proposed it
    as a new one.
    """
    block = record.blocks[number + 1].get(key)
    if block is None:
        return []  # the words stood in another paragraph then
    if key in record.blocks.get(number, {}):
        proposals = [
            amendment
            for amendment in record.amendments.get((number, key), ())
            if amendment.kind != AmendmentKind.INSERT
        ]
    else:
        proposals = [
            amendment
            for (place, _), amendments in record.amendments.items()
            for amendment in (amendments if place == number else ())
            if amendment.kind == AmendmentKind.INSERT and amendment.text == block.text
        ]
    return [each for each in proposals if not set(agencies).isdisjoint(names_of(each))]


def _striker(
    key: str, span: tuple[int, int], record: TextRecord, old: int, new: int
) -> Author | None:
    """Return who struck the words at `span` of draft `old`.

    `span` is (start, end) in a paragraph. The words are followed from draft to draft until one
    does not have them.
    """
    start, end = span
    for number in range(old, new):
        block, following = record.blocks[number][key], record.blocks[number + 1].get(key)
        if following is None:
            return _remover(block, record, number)
        hunks = diffs.close_diff(block.text, following.text)
        if _strikes(hunks, start, end):
            return _striker_at(block, (start, end), record, number)
        # words added right after the span are not in it
        before_end = [hunk for hunk in hunks if hunk.start < end]
        start, end = moved_place(hunks, start), moved_place(before_end, end)
    return None


def _strikes(hunks: Iterable[Hunk], start: int, end: int) -> bool:
    """Say whether one of the hunks strikes words between two places."""
    return any(hunk.start < hunk.end and hunk.start < end and start < hunk.end for hunk in hunks)


def _remover(block: Block, record: TextRecord, number: int) -> Author:
    """Return who took a paragraph of draft `number` out."""
    deletions = [
        amendment
        for amendment in record.amendments.get((number, block.key), ())
        if amendment.kind == AmendmentKind.DELETE
    ]
    return _as_author(deletions, record, number, block.key)


def _striker_at(block: Block, span: tuple[int, int], record: TextRecord, number: int) -> Author:
    """Return who struck words of draft `number` at `span`."""
    start, end = span
    striking = [
        amendment
        for amendment in record.amendments.get((number, block.key), ())
        if amendment.kind == AmendmentKind.REPLACE
        and _strikes(diffs.close_diff(block.text, amendment.proposed_text), start, end)
    ]
    return _as_author(striking, record, number, block.key)


def _as_author(
    amendments: Sequence[Amendment], record: TextRecord, number: int, key: str
) -> Author:
    """Return agencies as an author, or else the chair's person.

    Agencies of amendments to draft `number`.
    """
    agencies = unique_names(names_of(amendment) for amendment in amendments)
    person = None if agencies else record.chair_of(number + 1, key)
    return Author(number + 1, agencies, tuple(amendments), person)


def _mover(key: str, record: TextRecord, old: int, new: int) -> Author | None:
    """Return who moved a paragraph between two drafts."""
    for number in range(old, new):
        order = getattr(record.drafts[number], "next_order", None)
        before, after = (list(record.blocks[each]) for each in (number, number + 1))
        if order and key in alignment.moved(before, after):
            return Author(number + 1, person=order.moved_by)
    return None
