"""The compilation: all amendments and sponsors in one text."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse, groupby, pairwise, takewhile
from typing import Generic, Literal

from .collisions import Id
from .hunks import Hunk, place_sort_key, sort_hunks

RunKind = Literal["keep", "insert", "delete"]

# brackets inside brackets inside brackets: nobody reads more of them
_MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class CompiledRun(Generic[Id]):
    """A run of one kind; ``sponsors`` are the edits that propose it."""

    text: str
    kind: RunKind
    sponsors: tuple[Id, ...]


def compile(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> tuple[CompiledRun[Id], ...]:  # noqa: A001 - what drafters call it
    """Return ``base`` with all hunks of ``edits``, conflicting ones too.

    The runs are in reading order, and none is empty. Words that several edits delete are one run
    with all sponsors; a replacement follows the words that it replaces. Sponsors are in the order
    of ``edits``. Raises :class:`HunkError` as :func:`.merging.merge` does.
    """
    sponsors: dict[Hunk, list[Id]] = {}
    for id_, hunks in edits.items():
        for hunk in sort_hunks(hunks, len(base)):
            sponsors.setdefault(hunk, []).append(id_)
    # agencies are named in the order in which they proposed, which is that of `edits`
    place = {id_: index for index, id_ in enumerate(edits)}
    runs = _split_runs(
        base, sorted(sponsors.items(), key=lambda item: place_sort_key(item[0])), place
    )
    return tuple(
        CompiledRun("".join(run.text for run in equal_runs), kind, run_sponsors)
        for (kind, run_sponsors), equal_runs in groupby(
            runs, key=lambda run: (run.kind, run.sponsors)
        )
    )


def accepted(runs: Iterable[CompiledRun[Id]]) -> str:
    """Return the text with everything accepted."""
    return "".join(run.text for run in runs if run.kind != "delete")


def rejected(runs: Iterable[CompiledRun[Id]]) -> str:
    """Return the text with everything rejected: the base."""
    return "".join(run.text for run in runs if run.kind != "insert")


def bracketed(
    runs: Iterable[CompiledRun[Id]],
    names: Mapping[Id, tuple[str, ...]] | None = None,
    depth: int = 0,
) -> str:
    """Return ``runs`` as United Nations drafters write them.

    For instance ``[and children – UNICEF, OHCHR]`` or ``[delete: irregular – UNODC]``. Proposals
    inside deleted words are inside that bracket, five deep at most. ``names`` has the names of each
    edit; the default is its id. Spaces at the ends of a run stay outside the brackets. A run of
    spaces alone is shown as ``␣`` for a space and ``¶`` for a line end. ``depth`` is the number of
    brackets around ``runs``.
    """
    parts: list[str] = []
    bracket_before = False
    joined = _join_deletions(list(runs), names, depth) if depth < _MAX_DEPTH else runs
    for run in joined:
        before, text, after = _split_spaces(run.text)
        if run.kind == "keep":
            parts.append(run.text)
        else:
            verb = "delete: " if run.kind == "delete" else ""
            # two brackets without a space between them are hard to read
            between = " " if bracket_before and not before else before
            parts.append(
                f"{between}[{verb}{text} – {', '.join(_sponsor_names(run.sponsors, names))}]{after}"
            )
        bracket_before = run.kind != "keep" and not after
    return "".join(parts)


def _join_deletions(
    runs: list[CompiledRun[Id]], names: Mapping[Id, tuple[str, ...]] | None, depth: int
) -> Iterator[CompiledRun[Id]]:
    """Yield ``runs``, with runs that one edit deletes together joined into one.

    The text of such a run has brackets for the proposals inside.
    """
    at = 0
    while at < len(runs):
        end, outer = _joint_deletion(runs, at)
        if outer:
            deleters = frozenset(outer)
            inside = [
                run if run.kind == "insert" else _without_sponsors(run, deleters)
                for run in runs[at:end]
            ]
            yield CompiledRun(bracketed(inside, names, depth + 1), "delete", outer)
        else:
            yield runs[at]
        at = end


def _without_sponsors(run: CompiledRun[Id], outer: Collection[Id]) -> CompiledRun[Id]:
    """Return a deletion without the sponsors in ``outer``."""
    remaining = tuple(filterfalse(outer.__contains__, run.sponsors))
    return CompiledRun(run.text, "delete" if remaining else "keep", remaining)


def _joint_deletion(runs: Sequence[CompiledRun[Id]], at: int) -> tuple[int, tuple[Id, ...]]:
    """Return the end and sponsors of a deletion of several runs.

    It begins at the run ``at``. There are no sponsors if it is a single run, or if another edit
    extends beyond it.
    """
    first = runs[at]
    ends = {id_: _deletion_end(runs, at, id_) for id_ in first.sponsors if first.kind == "delete"}
    # the longest deletion becomes the outer bracket; shorter ones go inside it
    end = max(ends.values(), default=at + 1)
    outer = tuple(id_ for id_, place in ends.items() if place == end > at + 1)
    before = {id_ for run in runs[max(at - 1, 0) : at] for id_ in run.sponsors}
    after = {
        id_ for run in takewhile(lambda run: run.kind != "keep", runs[end:]) for id_ in run.sponsors
    }
    # an edit that deletes words on both sides of an end cannot be written in nested brackets
    reaching = before.intersection(first.sponsors) | after.intersection(runs[end - 1].sponsors)
    return (end, outer) if outer and reaching <= set(outer) else (at + 1, ())


def _deletion_end(runs: Sequence[CompiledRun[Id]], at: int, id_: Id) -> int:
    """Return the end of the runs that the edit ``id_`` deletes.

    They begin at the run ``at``. Replacements of the last of them are included.
    """
    end, last = at + 1, runs[at]
    for place, run in enumerate(runs[at + 1 :], at + 1):
        # the deletion ends at kept words, at words that `id_` keeps, and at its own replacement
        if run.kind == "keep" or (id_ in run.sponsors) is (run.kind == "insert"):
            break
        if run.kind == "delete":
            end, last = place + 1, run
        elif last is not runs[at] and set(run.sponsors).intersection(last.sponsors):
            end = place + 1
    return end


def _split_runs(
    base: str, hunks: list[tuple[Hunk, list[Id]]], place: Mapping[Id, int]
) -> Iterator[CompiledRun[Id]]:
    """Yield the runs between the ends of hunks, and the insertions."""
    cuts = sorted({0, len(base), *(cut for hunk, _ in hunks for cut in (hunk.start, hunk.end))})
    inserts: defaultdict[int, list[tuple[Hunk, list[Id]]]] = defaultdict(list)
    takers: list[list[Id]] = [[] for _ in cuts]
    for hunk, who in hunks:
        # the replacement comes after the deleted words
        if hunk.text:
            inserts[hunk.end].append((hunk, who))
        for at in range(bisect_left(cuts, hunk.start), bisect_left(cuts, hunk.end)):
            takers[at] += who
    for at, (start, end) in enumerate(pairwise([*cuts, len(base)])):
        for hunk, who in inserts[start]:
            yield CompiledRun(hunk.text, "insert", tuple(who))
        if start < end:
            who = sorted(set(takers[at]), key=place.__getitem__)
            yield CompiledRun(base[start:end], "delete" if who else "keep", tuple(who))


def _split_spaces(text: str) -> tuple[str, str, str]:
    """Return (space before, words, space after); spaces alone are made visible."""
    if text.isspace():
        return "", "".join("¶" if char == "\n" else "␣" for char in text), ""
    words = text.strip()
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def _sponsor_names(sponsors: Iterable[Id], names: Mapping[Id, tuple[str, ...]] | None) -> list[str]:
    if names is None:
        return [str(id_) for id_ in sponsors]
    return list(dict.fromkeys(chain.from_iterable(map(names.__getitem__, sponsors))))
