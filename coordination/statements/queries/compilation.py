"""The compilation text of a draft and the balance of mandates.

The compilation text is the draft with every amendment in brackets with its sponsors. The balance
says what amendments do to how often each agency's mandate is named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coordination.members.models import Agency
from coordination.statements.enums import AmendmentKind
from coordination.statements.models import Amendment
from coordination.statements.queries.block_views import BlockView, Note
from coordination.statements.queries.merged_text import without_insertions
from coordination.statements.queries.origins import names_of, unique_names
from coordination.textkit import compilation as compilation_textkit
from coordination.textkit import diffs, rivals
from coordination.textkit.balances import TermCounter
from coordination.textkit.compilation import CompiledRun, RunKind, compile  # noqa: A004 - what drafters call it
from coordination.textkit.hunks import Change, Hunk


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run of text, its kind and the acronyms of its sponsors."""

    text: str
    kind: RunKind
    sponsors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompilationBlock:
    """A block of the compilation; `new` marks a proposed paragraph."""

    key: str
    label: str
    title: bool
    runs: tuple[NamedRun, ...]
    new: bool = False
    kind: str = ""


def compilation(views: Iterable[BlockView]) -> list[CompilationBlock]:
    """Return the compilation text of a draft. Pure.

    A proposed new paragraph is a block of its own, after the block that it follows.
    """
    compiled: list[CompilationBlock] = []
    for view in views:
        title = view.block.kind in {"title", "heading"}
        compiled.append(
            CompilationBlock(
                view.block.key,
                view.label,
                title,
                named_runs(view.block.text, [note.amendment for note in view.notes]),
                kind=view.block.kind,
            )
        )
        for insertion in view.insertions:
            amendment = insertion.note.amendment
            run = NamedRun(amendment.text, "insert", names_of(amendment))
            compiled.append(
                CompilationBlock(
                    f"new-{amendment.pk}",
                    insertion.label,
                    title=False,
                    runs=(run,),
                    new=True,
                    kind=insertion.note.kind_of_words,
                )
            )
    return compiled


def named_runs(text: str, amendments: Sequence[Amendment]) -> tuple[NamedRun, ...]:
    """Return a block's text with all amendments and their sponsors. Pure."""
    names = {amendment.pk: names_of(amendment) for amendment in without_insertions(amendments)}
    whole = (Change((Hunk(0, len(text), ""),)),)
    edits = {
        amendment.pk: whole
        if amendment.kind == AmendmentKind.DELETE
        else diffs.changes(text, amendment.proposed_text)
        for amendment in without_insertions(amendments)
    }
    runs = compile(text, rivals.expand_rivals(text, edits))
    return tuple(
        NamedRun(run.text, run.kind, unique_names(names[pk] for pk in run.sponsors)) for run in runs
    )


def compilation_text(blocks: Iterable[CompilationBlock]) -> str:
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
class MandateCount:
    """How often a text names an agency's mandate.

    `percent` is the share among all agencies; `more` is the difference from an earlier text.
    """

    agency: Agency
    count: int
    percent: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """The effect of one amendment on the mandate balance.

    `changes` has (acronym, difference) for each agency whose count would change.
    """

    view: BlockView
    number: int
    amendment: Amendment
    changes: tuple[tuple[str, int], ...]


def mandate_counter(agencies: Iterable[Agency]) -> TermCounter[Agency]:
    """Return what counts the mandate terms of the agencies that list some. Pure.

    One for each page: it counts what two texts share once.
    """
    return TermCounter(
        {agency: agency.mandate_terms for agency in agencies if agency.mandate_terms}
    )


def mandate_counts(
    paragraphs: Iterable[str], counter: TermCounter[Agency], before: Iterable[str] | None = None
) -> tuple[list[MandateCount], float]:
    """Return the count of each agency and the evenness. Pure.

    The highest count comes first; the evenness goes from 0 to 1. With the paragraphs `before`, each
    row has its difference from them.
    """
    counted = counter.balance(paragraphs)
    earlier = counted.counts if before is None else counter.balance(before).counts
    rows = [
        MandateCount(
            agency,
            count := counted.counts[agency],
            round(100 * counted.share[agency]),
            count - earlier[agency],
        )
        for agency in counter.agencies
    ]
    return sorted(rows, key=lambda row: (-row.count, row.agency.acronym)), counted.evenness


def mandate_changes(
    views: Iterable[BlockView], counter: TermCounter[Agency]
) -> list[BalanceChange]:
    """Return the effect of each amendment that would change a count. Pure."""
    counted = with_mandates(views, counter)
    return [
        BalanceChange(view, note.number, note.amendment, note.mandates)
        for view in counted
        for note in view.all_notes
        if note.mandates
    ]


def with_mandates(views: Iterable[BlockView], counter: TermCounter[Agency]) -> list[BlockView]:
    """Return the views with each amendment's effect in its note. Pure."""
    weighed = []
    for view in views:
        base = counter.counts(view.block.text)
        notes = tuple(_with_mandates(note, base, counter) for note in view.notes)
        insertions = tuple(
            replace(insertion, note=_with_mandates(insertion.note, base, counter))
            for insertion in view.insertions
        )
        weighed.append(replace(view, notes=notes, insertions=insertions))
    return weighed


def _with_mandates(note: Note, base: Sequence[int], counter: TermCounter[Agency]) -> Note:
    """Return a note with its amendment's effect on the block's counts, `base`."""
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
