"""Who wrote which words: kept as each draft is issued. Pure but for the one read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment, Block
from coordination.statements.queries.merged_text import IN_TEXT, own_words
from coordination.textkit import diffs, merging
from coordination.textkit.hunks import Hunk

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A run of words, who proposed it, and the draft that first had it.

    No agencies means the chair's team.
    """

    text: str
    agencies: tuple[str, ...]
    draft: int

    def kept(self) -> list[Any]:
        """Return it as a block keeps it."""
        return [self.text, list(self.agencies), self.draft]


def origins_of(block: Block) -> tuple[Origin, ...]:
    """Return who wrote the words of a block.

    Where nothing is stored, the chair wrote all of it in draft 1.
    """
    found = tuple(Origin(text, tuple(agencies), draft) for text, agencies, draft in block.origins)
    return (
        found
        if "".join(each.text for each in found) == block.text
        else (Origin(block.text, (), 1),)
    )


def origins_after(
    block: Block, text: str, amendments: Sequence[Amendment], number: int
) -> tuple[Origin, ...]:
    """Return who wrote `text`, which the block becomes in draft `number`.

    Pure.

    Words that stand keep their origin. What is new is of the agencies whose taken amendments put
    exactly that there; in a text that the chair wrote in place of amendments, the words that one of
    these has at that place are of its agencies, the others of the chair.
    """
    settled = [
        each
        for each in own_words(amendments)
        if each.state in IN_TEXT and each.kind == AmendmentKind.REPLACE
    ]
    hunks_of = {each.pk: diffs.close_diff(block.text, each.proposed_text) for each in settled}
    names = {each.pk: names_of(each) for each in settled}
    taken = {each.pk: hunks_of[each.pk] for each in settled if each.state == AmendmentState.TAKEN}
    merged = merging.merge(block.text, taken)
    if merged.text == text:
        pieces = [
            (hunk, [(hunk.text, joined(names[pk] for pk in ids))]) for hunk, ids in merged.agreed
        ]
    else:
        pieces = [
            (
                hunk,
                credited(
                    hunk.text,
                    [(names[pk], words_near(hunk, found)) for pk, found in hunks_of.items()],
                ),
            )
            for hunk in diffs.close_diff(block.text, text)
        ]
    return alike(laid(origins_of(block), pieces, number))


def words_near(hunk: Hunk, others: Iterable[Hunk]) -> str:
    """Return the words that other hunks put where `hunk` puts some.

    They go into the same words, or right beside them. Pure.
    """
    return " ".join(
        other.text for other in others if other.start <= hunk.end and hunk.start <= other.end
    )


def credited(text: str, sources: Iterable[tuple[Names, str]]) -> list[tuple[str, Names]]:
    """Return `text` in runs, each with the names whose source has its words.

    They are in order. Words with no name are the chair's. Pure.
    """
    owners: list[Names] = [()] * len(text)
    for names, source in sources:
        for start, end in kept_of(source, text):
            for place in range(start, end):
                owners[place] = joined([owners[place], names])
    runs = groupby(zip(text, owners, strict=True), key=lambda one: one[1])
    return [("".join(sign for sign, _ in run), names) for names, run in runs]


def kept_of(source: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of `text` that are words of `source`, in its order.

    Spaces and signs alone are not counted. Pure.
    """
    at = grown = 0
    for hunk in (*diffs.fine_diff(source, text), Hunk(len(source), len(source), "")):
        start, end = at + grown, hunk.start + grown
        if any(sign.isalnum() for sign in text[start:end]):
            yield start, end
        at, grown = hunk.end, grown + len(hunk.text) - (hunk.end - hunk.start)


def origins_of_new(amendments: Iterable[Amendment], number: int) -> tuple[Origin, ...]:
    """Return who wrote a new paragraph: those who proposed it in these words.

    If the chair adapted it, they wrote those of its words that stand. Pure.
    """
    found = list(amendments)
    text = found[0].text
    sources = [(names_of(each), each.proposed_text) for each in found]
    return tuple(Origin(run, names, number) for run, names in credited(text, sources))


def names_of(amendment: Amendment) -> Names:
    """Return the acronyms of the amendment's sponsors.

    Its co-sponsors must be fetched with it (`behind`).
    """
    return (amendment.agency.acronym, *(each.agency.acronym for each in amendment.cosponsoring))


def joined(names: Iterable[Names]) -> Names:
    """Return all names once, in order."""
    return tuple(dict.fromkeys(name for some in names for name in some))


def laid(
    runs: Sequence[Origin], hunks: Sequence[tuple[Hunk, Sequence[tuple[str, Names]]]], number: int
) -> list[Origin]:
    """Return the runs of a text after the hunks put their pieces into it.

    The hunks are in order and do not overlap.
    """
    found: list[Origin] = []
    at = 0
    for hunk, pieces in hunks:
        found += stretch(runs, at, hunk.start)
        found += [Origin(text, agencies, number) for text, agencies in pieces if text]
        at = hunk.end
    return [*found, *stretch(runs, at, sum(len(run.text) for run in runs))]


def stretch(runs: Sequence[Origin], start: int, end: int) -> list[Origin]:
    """Return the runs between two places of their text."""
    found, at = [], 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            found.append(Origin(text, run.agencies, run.draft))
        at += len(run.text)
    return found


def alike(runs: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return the runs with neighbours of one origin joined."""
    groups = groupby(runs, key=lambda run: (run.agencies, run.draft))
    return tuple(
        Origin("".join(run.text for run in same), agencies, draft)
        for (agencies, draft), same in groups
    )
