"""Which agencies wrote which words of a draft. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment, Block
from coordination.statements.queries.merged_text import IN_TEXT_STATES, without_insertions
from coordination.textkit import clauses, diffs, merging, moves
from coordination.textkit.hunks import Hunk, hunks_of

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A run of text, its agencies and its first draft.

    No agencies means that the chair's team wrote it.
    """

    text: str
    agencies: tuple[str, ...]
    draft: int

    def as_json(self) -> list[Any]:
        """Return the run as JSON for `Block.origins`."""
        return [self.text, list(self.agencies), self.draft]


def origins_of(block: Block) -> tuple[Origin, ...]:
    """Return the origins of a block's words.

    Without stored origins, the chair's team wrote all of it in draft 1.
    """
    stored = tuple(Origin(text, tuple(agencies), draft) for text, agencies, draft in block.origins)
    return (
        stored
        if "".join(origin.text for origin in stored) == block.text
        else (Origin(block.text, (), 1),)
    )


def origins_after(
    block: Block, text: str, amendments: Sequence[Amendment], number: int
) -> tuple[Origin, ...]:
    """Return the origins of `text`, the block's text in draft `number`.

    Pure. Words that stay keep their origin. New words belong to the agencies whose taken amendments
    proposed exactly them. In a text that the chair wrote, words that an amendment has at the same
    place belong to its agencies, the others to the chair.
    """
    replacements = [
        amendment
        for amendment in without_insertions(amendments)
        if amendment.state in IN_TEXT_STATES and amendment.kind == AmendmentKind.REPLACE
    ]
    changes_of = {
        amendment.pk: diffs.changes(block.text, amendment.proposed_text)
        for amendment in replacements
    }
    names = {amendment.pk: names_of(amendment) for amendment in replacements}
    taken = {
        amendment.pk: changes_of[amendment.pk]
        for amendment in replacements
        if amendment.state == AmendmentState.TAKEN
    }
    merged = merging.merge(block.text, taken)
    # the taken amendments explain the whole text; otherwise the chair wrote some of it
    if merged.as_read == text:
        pieces = [
            (hunk, [(hunk.text, unique_names(names[pk] for pk in ids))])
            for hunk, ids in merged.applied
        ]
    else:
        hunks_by_names = [
            (names[pk], list(hunks_of(changes))) for pk, changes in changes_of.items()
        ]
        pieces = [
            (hunk, attribute_hunk(hunk, hunks_by_names))
            for hunk in diffs.close_diff(block.text, text)
        ]
    return join_equal_runs(replace_hunks(origins_of(block), pieces, number))


def attribute_hunk(
    hunk: Hunk, hunks_by_names: Iterable[tuple[Names, Iterable[Hunk]]]
) -> list[tuple[str, Names]]:
    """Return the words of the chair's hunk with their sponsors. Pure."""
    sources = [(names, words_near(hunk, hunks)) for names, hunks in hunks_by_names]
    return attribute_words(hunk.text, sources)


def words_near(hunk: Hunk, others: Iterable[Hunk]) -> str:
    """Return the words of other hunks that overlap or touch `hunk`. Pure."""
    return " ".join(
        other.text for other in others if other.start <= hunk.end and hunk.start <= other.end
    )


def attribute_words(text: str, sources: Iterable[tuple[Names, str]]) -> list[tuple[str, Names]]:
    """Return `text` in runs, each with the names of its sources.

    A run without names is the chair's. Pure.
    """
    # one entry for each code point, because the words of several sources may overlap
    owners: list[Names] = [()] * len(text)
    for names, source in sources:
        for start, end in stretches_from(source, text):
            for index in range(start, end):
                owners[index] = unique_names([owners[index], names])
    runs = groupby(zip(text, owners, strict=True), key=lambda pair: pair[1])
    return [("".join(char for char, _ in run), names) for names, run in runs]


def stretches_from(source: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each stretch of `text` that comes from `source`.

    Stretches without a letter or digit are left out. Pure.
    """
    start = shift = 0
    for hunk in (*diffs.fine_diff(source, text), Hunk(len(source), len(source), "")):
        first, last = start + shift, hunk.start + shift
        if any(char.isalnum() for char in text[first:last]):
            yield first, last
        start, shift = hunk.end, shift + len(hunk.text) - (hunk.end - hunk.start)


def origins_of_new(amendments: Iterable[Amendment], number: int) -> tuple[Origin, ...]:
    """Return the origins of a new paragraph, from equal amendments. Pure.

    If the chair adapted it, the agencies keep the words that are still theirs.
    """
    proposals = list(amendments)
    text = proposals[0].text
    sources = [(names_of(amendment), amendment.proposed_text) for amendment in proposals]
    return tuple(Origin(run, names, number) for run, names in attribute_words(text, sources))


def keep_moved_origins(
    before: Sequence[tuple[Block, str]], after: Sequence[Sequence[Origin]], number: int
) -> list[tuple[Origin, ...]]:
    """Return the runs of draft `number`; moved words keep old origins.

    `before` has each block of the draft before with its next text, "" if it is gone; `after` the
    runs of each next block. So a sentence that moves, or a paragraph that is split or joined, keeps
    its authors. Pure.
    """
    removed = [runs for block, text in before for runs in _removed_runs(block, text)]
    texts = ["".join(run.text for run in runs) for runs in removed]
    return [
        join_equal_runs(
            piece
            for run in runs
            for piece in (_with_old_origins(run, removed, texts) if run.draft == number else [run])
        )
        for runs in after
    ]


def _removed_runs(block: Block, text: str) -> Iterator[list[Origin]]:
    """Yield the runs that a block's next text no longer has."""
    runs = origins_of(block)
    for hunk in diffs.diff(block.text, text):
        if hunk.start < hunk.end:
            yield slice_runs(runs, hunk.start, hunk.end)


def _with_old_origins(
    run: Origin, removed: Sequence[Sequence[Origin]], texts: Sequence[str]
) -> list[Origin]:
    """Split a new run; its moved pieces get their old origins."""
    pieces: list[Origin] = []
    end = 0
    old: Origin | None = None
    for word in moves.moved_words(texts, run.text):
        between = run.text[end : word.start]
        # a space between two words that moved belongs to them
        owner = old if old and not between.strip() else run
        pieces.append(Origin(between, owner.agencies, owner.draft))
        [old, *_rest] = slice_runs(removed[word.source], word.place, word.place + 1)
        pieces.append(Origin(run.text[word.start : word.end], old.agencies, old.draft))
        end = word.end
    pieces.append(Origin(run.text[end:], run.agencies, run.draft))
    return [piece for piece in pieces if piece.text]


def names_of(amendment: Amendment) -> Names:
    """Return the acronyms of an amendment's sponsors; co-sponsors are prefetched."""
    return (
        amendment.agency.acronym,
        *(cosponsor.agency.acronym for cosponsor in amendment.current_cosponsors),
    )


def unique_names(names: Iterable[Names]) -> Names:
    """Return all names in order, without duplicates."""
    return tuple(dict.fromkeys(name for group in names for name in group))


def replace_hunks(
    runs: Sequence[Origin], hunks: Sequence[tuple[Hunk, Sequence[tuple[str, Names]]]], number: int
) -> list[Origin]:
    """Return the runs after each hunk is replaced by its pieces.

    The hunks are in order and do not overlap. A lone article or conjunction belongs to the words
    before it.
    """
    replaced: list[Origin] = []
    position = 0
    for hunk, pieces in hunks:
        replaced += slice_runs(runs, position, hunk.start)
        for text, agencies in pieces:
            small = replaced and clauses.is_small_word(text)
            if text:
                replaced.append(
                    replace(replaced[-1], text=text) if small else Origin(text, agencies, number)
                )
        position = hunk.end
    return [*replaced, *slice_runs(runs, position, sum(len(run.text) for run in runs))]


def split_runs(runs: Sequence[Origin]) -> list[tuple[Origin, ...]]:
    """Split runs into paragraphs at empty lines.

    Pure.
    """
    parts, position = [], 0
    for paragraph in "".join(run.text for run in runs).split("\n\n"):
        parts.append(tuple(slice_runs(runs, position, position + len(paragraph))))
        position += len(paragraph) + len("\n\n")
    return parts


def slice_runs(runs: Sequence[Origin], start: int, end: int) -> list[Origin]:
    """Return the runs between two positions of their text."""
    sliced, position = [], 0
    for run in runs:
        text = run.text[max(start - position, 0) : max(end - position, 0)]
        if text:
            sliced.append(Origin(text, run.agencies, run.draft))
        position += len(run.text)
    return sliced


def join_equal_runs(runs: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return the runs with neighbours of the same origin joined."""
    groups = groupby(runs, key=lambda run: (run.agencies, run.draft))
    return tuple(
        Origin("".join(run.text for run in equal_runs), agencies, draft)
        for (agencies, draft), equal_runs in groups
    )
