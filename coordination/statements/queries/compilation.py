"""The compilation text of a draft and the balance of mandates.

The compilation text is the draft with every amendment in brackets with its sponsors. The balance
says what amendments do to how often each agency's mandate is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coordination.members.models import Agency
from coordination.statements.enums import AmendmentKind
from coordination.statements.models import Amendment
from coordination.statements.queries.margin import BlockView, Note
from coordination.statements.queries.merged_text import own_words
from coordination.statements.queries.origins import joined, names_of
from coordination.textkit import balances, diffs, rivalry
from coordination.textkit import compilation as compilation_textkit
from coordination.textkit.compilation import CompiledRun, RunKind, compile  # noqa: A004 - what drafters call it
from coordination.textkit.hunks import Hunk


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run of words: what stays, what some would put in or take out, and their acronyms."""

    text: str
    kind: RunKind
    sponsors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One block of the compilation text, with its label; `new` is one that is proposed."""

    key: str
    label: str
    title: bool
    runs: tuple[NamedRun, ...]
    new: bool = False


def compilation(views: Iterable[BlockView]) -> list[Compiled]:
    """Return the compilation text of a draft as its views show it.

    It has all that is proposed to each block, and the new blocks after it. Pure.
    """
    found: list[Compiled] = []
    for view in views:
        title = view.block.kind in {"title", "heading"}
        found.append(
            Compiled(
                view.block.key,
                view.label,
                title,
                runs_of(view.block.text, [note.amendment for note in view.notes]),
            )
        )
        for insertion in view.insertions:
            amendment = insertion.note.amendment
            run = NamedRun(amendment.text, "insert", names_of(amendment))
            found.append(
                Compiled(f"new-{amendment.pk}", insertion.label, title=False, runs=(run,), new=True)
            )
    return found


def runs_of(text: str, amendments: Sequence[Amendment]) -> tuple[NamedRun, ...]:
    """Return a block's words with all that is proposed to them, and by whom. Pure."""
    names = {each.pk: names_of(each) for each in own_words(amendments)}
    whole = (Hunk(0, len(text), ""),)
    edits = {
        each.pk: whole
        if each.kind == AmendmentKind.DELETE
        else diffs.close_diff(text, each.proposed_text)
        for each in own_words(amendments)
    }
    runs = compile(text, rivalry.rivals(text, edits))
    return tuple(
        NamedRun(run.text, run.kind, joined(names[pk] for pk in run.sponsors)) for run in runs
    )


def bracketed(blocks: Iterable[Compiled]) -> str:
    """Return the compilation as plain text, a blank line between blocks. Pure."""
    return (
        "\n\n".join(
            compilation_textkit.bracketed(
                [CompiledRun(run.text, run.kind, run.sponsors) for run in block.runs]
            )
            for block in blocks
        )
        + "\n"
    )


@dataclass(frozen=True, slots=True)
class Named:
    """How often an agency's terms are counted in a text.

    `percent` is its part of all that is counted; `more` is how many more than before.
    """

    agency: Agency
    count: int
    percent: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """What one amendment would do to the balance.

    `changes` has each agency for which more or fewer terms would be counted, and by how many.
    """

    view: BlockView
    number: int
    amendment: Amendment
    changes: tuple[tuple[str, int], ...]


def vocabularies(agencies: Iterable[Agency]) -> dict[Agency, list[str]]:
    """Return the mandate terms of the agencies that list some. Pure."""
    return {agency: agency.mandate_terms for agency in agencies if agency.mandate_terms}


def named(
    text: str, words: Mapping[Agency, Sequence[str]], before: str | None = None
) -> tuple[list[Named], float]:
    """Return how often each agency's terms are counted in a text.

    The agency with the most comes first. Also how even that is (0 to 1). With the text `before`,
    each row says how many more than in that one. Pure.
    """
    counted = balances.balance(text, words)
    earlier = counted.counts if before is None else balances.balance(before, words).counts
    rows = [
        Named(
            agency,
            count := counted.counts[agency],
            round(100 * counted.share[agency]),
            count - earlier[agency],
        )
        for agency in words
    ]
    return sorted(rows, key=lambda row: (-row.count, row.agency.acronym)), counted.evenness


def mandate_changes(
    views: Iterable[BlockView], words: Mapping[Agency, Sequence[str]]
) -> list[BalanceChange]:
    """Return what each amendment would do to the counts, those that change none left out. Pure."""
    counted = with_mandates(views, words)
    return [
        BalanceChange(view, note.number, note.amendment, note.mandates)
        for view in counted
        for note in view.every
        if note.mandates
    ]


def with_mandates(
    views: Iterable[BlockView], words: Mapping[Agency, Sequence[str]]
) -> list[BlockView]:
    """Return the views with what each amendment would do to the counts in its note. Pure."""
    counter, found = balances.Counter(words), []
    for view in views:
        base = counter.counts(view.block.text)
        notes = tuple(_weighed(note, base, counter) for note in view.notes)
        new = tuple(
            replace(each, note=_weighed(each.note, base, counter)) for each in view.insertions
        )
        found.append(replace(view, notes=notes, insertions=new))
    return found


def _weighed(note: Note, base: Sequence[int], counter: balances.Counter[Agency]) -> Note:
    """Return a note with by how many its amendment changes the count of each agency's terms.

    Compared with its paragraph (`base`). Agencies whose count stays the same are left out.
    """
    amendment = note.amendment
    nothing = [0] * len(base)
    before = nothing if amendment.kind == AmendmentKind.INSERT else base
    after = nothing if amendment.kind == AmendmentKind.DELETE else counter.counts(amendment.text)
    changes = tuple(
        (agency.acronym, more - less)
        for agency, less, more in zip(counter.agencies, before, after, strict=True)
        if more != less
    )
    return replace(note, mandates=changes) if changes else note
