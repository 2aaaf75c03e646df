"""All amendments in one text, as a secretariat compiles them.

It shows what stays, what somebody would take out or put in, and who.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import Generic, Literal

from .collisions import Id
from .hunks import Hunk, by_place, ordered

RunKind = Literal["keep", "insert", "delete"]


@dataclass(frozen=True, slots=True)
class CompiledRun(Generic[Id]):
    """A stretch of text of one kind.

    ``sponsors`` are the edits that propose it: none for what nobody touches.
    """

    text: str
    kind: RunKind
    sponsors: tuple[Id, ...]


def compile(base: str, edits: Mapping[Id, Iterable[Hunk]]) -> tuple[CompiledRun[Id], ...]:  # noqa: A001 - what drafters call it
    """Lay all hunks of ``edits`` into ``base``, those that collide too.

    The runs are in reading order; none is empty.

    Words that several would take out are one run with all of them; the words that replace others
    follow those. Sponsors stand in the order of ``edits``, as agencies are named in the order in
    which they came. Raises :class:`HunkError` as :func:`.merging.merge` does.
    """
    sponsors: dict[Hunk, list[Id]] = {}
    for id_, hunks in edits.items():
        for hunk in ordered(hunks, len(base)):
            sponsors.setdefault(hunk, []).append(id_)
    place = {id_: at for at, id_ in enumerate(edits)}
    runs = _runs(base, sorted(sponsors.items(), key=lambda item: by_place(item[0])), place)
    return tuple(
        CompiledRun("".join(run.text for run in alike), kind, who)
        for (kind, who), alike in groupby(runs, key=lambda run: (run.kind, run.sponsors))
    )


def accepted(runs: Iterable[CompiledRun[Id]]) -> str:
    """Return the text when all is taken; for one edit alone, what it proposes."""
    return "".join(run.text for run in runs if run.kind != "delete")


def rejected(runs: Iterable[CompiledRun[Id]]) -> str:
    """Return the text when nothing is taken: the base."""
    return "".join(run.text for run in runs if run.kind != "insert")


def bracketed(
    runs: Iterable[CompiledRun[Id]], names: Mapping[Id, tuple[str, ...]] | None = None
) -> str:
    """Write ``runs`` as United Nations drafters do.

    Such as ``[and children – UNICEF, OHCHR]`` or ``[delete: irregular – UNODC]``.

    What others propose inside words that somebody would take out stands inside that bracket.
    ``names`` says by which names each edit goes; without it the ids are the names. Spaces at the
    ends of a run stay outside the brackets; a run of nothing else is shown by ``␣`` for a space and
    ``¶`` for a line end.
    """
    parts: list[str] = []
    bracket_before = False
    for run in _nested(list(runs), names):
        before, words, after = _spaced(run.text)
        if run.kind == "keep":
            parts.append(run.text)
        else:
            verb = "delete: " if run.kind == "delete" else ""
            between = " " if bracket_before and not before else before
            parts.append(
                f"{between}[{verb}{words} – {', '.join(_named(run.sponsors, names))}]{after}"
            )
        bracket_before = run.kind != "keep" and not after
    return "".join(parts)


def _nested(
    runs: list[CompiledRun[Id]], names: Mapping[Id, tuple[str, ...]] | None
) -> Iterator[CompiledRun[Id]]:
    """Yield ``runs``, those that somebody takes out together as one.

    What is inside such a run is written in brackets already.
    """
    at = 0
    while at < len(runs):
        end, outer = _taken_out(runs, at)
        if outer:
            inside = [run if run.kind == "insert" else _but(run, outer) for run in runs[at:end]]
            yield CompiledRun(bracketed(inside, names), "delete", outer)
        else:
            yield runs[at]
        at = end


def _but(run: CompiledRun[Id], outer: Collection[Id]) -> CompiledRun[Id]:
    """Return what is left of a deletion without those who take out more."""
    left = tuple(id_ for id_ in run.sponsors if id_ not in outer)
    return CompiledRun(run.text, "delete" if left else "keep", left)


def _taken_out(runs: Sequence[CompiledRun[Id]], at: int) -> tuple[int, tuple[Id, ...]]:
    """Return up to where, and by whom, all is taken out from the run ``at`` on.

    There is nobody if it is one run, or if others reach out of it.
    """
    first = runs[at]
    ends = {id_: _end(runs, at, id_) for id_ in first.sponsors if first.kind == "delete"}
    end = max(ends.values(), default=at + 1)
    outer = tuple(id_ for id_, place in ends.items() if place == end > at + 1)
    before = {id_ for run in runs[max(at - 1, 0) : at] for id_ in run.sponsors}
    after = {
        id_ for run in takewhile(lambda run: run.kind != "keep", runs[end:]) for id_ in run.sponsors
    }
    reaching = before.intersection(first.sponsors) | after.intersection(runs[end - 1].sponsors)
    return (end, outer) if outer and reaching <= set(outer) else (at + 1, ())


def _end(runs: Sequence[CompiledRun[Id]], at: int, id_: Id) -> int:
    """Return up to which run ``id_`` takes out all from ``at`` on.

    What others put in the place of the last of these is included.
    """
    end, last = at + 1, runs[at]
    for place, run in enumerate(runs[at + 1 :], at + 1):
        if run.kind == "keep" or (id_ in run.sponsors) is (run.kind == "insert"):
            break
        if run.kind == "delete":
            end, last = place + 1, run
        elif last is not runs[at] and set(run.sponsors).intersection(last.sponsors):
            end = place + 1
    return end


def _runs(
    base: str, hunks: list[tuple[Hunk, list[Id]]], place: Mapping[Id, int]
) -> Iterator[CompiledRun[Id]]:
    """Yield the runs between every two places where a hunk begins or ends.

    What is put in at each place comes too.
    """
    cuts = sorted({0, len(base), *(cut for hunk, _ in hunks for cut in (hunk.start, hunk.end))})
    inserts: defaultdict[int, list[tuple[Hunk, list[Id]]]] = defaultdict(list)
    takers: list[list[Id]] = [[] for _ in cuts]
    for hunk, who in hunks:
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


def _spaced(text: str) -> tuple[str, str, str]:
    """Return the space before, the words, the space after.

    Spaces alone are made visible.
    """
    if text.isspace():
        return "", "".join("¶" if sign == "\n" else "␣" for sign in text), ""
    words = text.strip()
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def _named(sponsors: Iterable[Id], names: Mapping[Id, tuple[str, ...]] | None) -> list[str]:
    """Return the names of ``sponsors``, each once."""
    if names is None:
        return [str(id_) for id_ in sponsors]
    return list(dict.fromkeys(name for id_ in sponsors for name in names[id_]))
