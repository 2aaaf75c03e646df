"""Who wrote which words: kept as each draft is issued. Pure but for the one read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from coordination.statements import textkit
from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment, Block
from coordination.statements.queries.laid import own_words
from coordination.statements.textkit import Hunk


@dataclass(frozen=True, slots=True)
class Origin:
    """A run of words, the agencies that proposed it (none: the chair's team) and the draft that first had it."""

    text: str
    agencies: tuple[str, ...]
    draft: int

    def kept(self) -> list[Any]:
        """Return it as a block keeps it."""
        return [self.text, list(self.agencies), self.draft]


def origins_of(block: Block) -> tuple[Origin, ...]:
    """Return who wrote the words of a block; all of it the chair, of draft 1, where nothing is kept."""
    found = tuple(Origin(text, tuple(agencies), draft) for text, agencies, draft in block.origins)
    return found if "".join(each.text for each in found) == block.text else (Origin(block.text, (), 1),)


def origins_after(block: Block, text: str, amendments: Sequence[Amendment], number: int) -> tuple[Origin, ...]:
    """Return who wrote `text`, which the block becomes in draft `number`, given its amendments. Pure.

    Words that stand keep their origin. What is new is of the agencies whose taken amendments put exactly that there; what the chair wrote
    in place of amendments is of the chair.
    """
    taken = [each for each in own_words(amendments) if each.state == AmendmentState.TAKEN and each.kind == AmendmentKind.REPLACE]
    merged = textkit.merge(block.text, {each.pk: textkit.close_diff(block.text, each.proposed_text) for each in taken})
    names = {each.pk: names_of(each) for each in taken}
    if merged.text == text:
        hunks = [(hunk, joined(names[pk] for pk in ids)) for hunk, ids in merged.agreed]
    else:
        hunks = [(hunk, ()) for hunk in textkit.close_diff(block.text, text)]
    return alike(laid(origins_of(block), hunks, number))


def origins_of_new(amendments: Iterable[Amendment], number: int) -> tuple[Origin, ...]:
    """Return who wrote a new paragraph: those who proposed it in these words, or the chair, who adapted it. Pure."""
    found = list(amendments)
    agencies = joined(names_of(each) for each in found if each.state == AmendmentState.TAKEN)
    return (Origin(found[0].text, agencies, number),)


def names_of(amendment: Amendment) -> tuple[str, ...]:
    """Return the acronyms of the amendment's sponsors; its co-sponsors must be fetched with it (`behind`)."""
    return (amendment.agency.acronym, *(each.agency.acronym for each in amendment.cosponsoring))


def joined(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return all names once, in order."""
    return tuple(dict.fromkeys(name for some in names for name in some))


def laid(runs: Sequence[Origin], hunks: Sequence[tuple[Hunk, tuple[str, ...]]], number: int) -> list[Origin]:
    """Return the runs of a text after the hunks, which are in order and do not overlap, changed it."""
    found: list[Origin] = []
    at = 0
    for hunk, agencies in hunks:
        found += stretch(runs, at, hunk.start)
        found += [Origin(hunk.text, agencies, number)] if hunk.text else []
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
    return tuple(Origin("".join(run.text for run in same), agencies, draft) for (agencies, draft), same in groups)
