"""Match a Word file's paragraphs to blocks, and find its proposals.

A paragraph belongs to a block by the bookmark that our export gives it. Where there is none, the
texts are aligned (`textkit.alignment`), so any document will do. What differs from the draft
without being tracked is a proposal of nobody: of the person who sends the file.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from coordination.textkit import alignment, cleaning
from coordination.textkit.diffs import changes
from coordination.textkit.hunks import apply, hunks_of
from coordination.textkit.numbering import mark_of
from coordination.textkit.rebasing import rebase
from coordination.textkit.typography import is_same_but_typography

from . import styles
from .document import (
    PARAGRAPH_END,
    Accepts,
    FileComment,
    FileParagraph,
    ReadDocument,
    Stream,
    TrackedRun,
    accepts,
    is_seen,
    streams,
)
from .record import DRAFT_PROPERTY

ProposalKind = Literal["replace", "insert", "delete"]
# the bookmarks and the property of the files that we write
ANCHOR = re.compile(r"_st_(?P<key>\w+)_r(?P<draft>[0-9]{1,4})")
_DRAFT = re.compile(r"[0-9]{1,4}")
OWN_LINES = frozenset({styles.COVER, styles.END})
# the line below the text
_CLOSING = re.compile(r"—.{1,40}—")
_NUMBERS = frozenset({"number", "label"})


class DraftBlock(NamedTuple):
    """A block of the draft; its label is "OP 3", or ""."""

    key: str
    label: str
    kind: str
    text: str


class FileOrigin(NamedTuple):
    """The draft from which a file was made.

    All fields are empty where the file does not name it.
    """

    symbol: str = ""
    draft: int = 0
    sha256: str = ""


class FileProposal(NamedTuple):
    """What a file proposes to a block.

    `key` is the block; of an insertion the one before it, "" at the start. `heading`: a new
    paragraph has the style of a heading. `certain` is False where the words around the change
    differ from the draft, so that a person must look. `with_untracked` is the text with the changes
    that are not tracked, as the file shows it. `authors` tracked it.
    """

    kind: ProposalKind
    key: str
    text: str
    heading: bool = False
    certain: bool = True
    with_untracked: str = ""
    authors: frozenset[str] = frozenset()


class PlacedComment(NamedTuple):
    """A comment, its block key (or ""), and the words it is about."""

    key: str
    words: str
    comment: FileComment


@dataclass(frozen=True, slots=True)
class Placed:
    """A base paragraph of the file, and its block or None.

    None for a paragraph that the draft lacks.
    """

    stream: Stream
    block: DraftBlock | None
    cell: int
    heading: bool = False


@dataclass(slots=True)
class _SeenPiece:
    """A paragraph in a view: words, base length and authors."""

    text: str = ""
    kept: int = 0
    authors: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Written:
    """How a base paragraph reads in a view.

    One piece, or more if split.
    """

    placed: Placed
    pieces: list[_SeenPiece]
    is_joined: bool

    @property
    def is_unchanged(self) -> bool:
        """Return whether the view has the words of the base.

        Most paragraphs have.
        """
        return not (self.is_joined or len(self.pieces) > 1 or self.pieces[0].authors)

    def add(self, segment: TrackedRun, accepted: Accepts) -> None:
        """Add words to the last piece; a paragraph's end begins another piece."""
        piece = self.pieces[-1]
        for revision in (segment.inserted, segment.deleted):
            if revision is not None and accepted(revision):
                piece.authors |= {revision.author}
        if not is_seen(segment.inserted, segment.deleted, accepted):
            return
        if segment.text == PARAGRAPH_END:
            # who splits a paragraph changes both parts
            self.pieces.append(_SeenPiece(authors=piece.authors))
            return
        piece.text += segment.text
        piece.kept += 0 if segment.inserted else len(segment.text)


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class Matching:
    """A file beside a draft.

    `missing` are the blocks that the file does not have; `left_out` the lines above and below the
    text that are none of it. `own_line_changes` counts the lines of our export, which are no words
    of the text, that people changed.
    """

    document: ReadDocument
    origin: FileOrigin
    placed: tuple[Placed, ...]
    missing: tuple[DraftBlock, ...]
    left_out: tuple[str, ...]
    own_line_changes: int = 0

    @cached_property
    def _base_texts(self) -> dict[str, str]:
        """The texts of the file's blocks without tracked changes, by key."""
        return {
            placed.block.key: cleaned(placed.stream.base)
            for placed in self.placed
            if placed.block is not None
        }

    def untracked(self) -> tuple[FileProposal, ...]:
        """Return what differs from the draft without being tracked, in the file's order."""
        found: list[FileProposal] = []
        before = ""
        for placed in self.placed:
            text = cleaned(placed.stream.base)
            if placed.block is None:
                if text:
                    found.append(FileProposal("insert", before, text, placed.heading))
                continue
            before = placed.block.key
            if text != placed.block.text:
                kind: ProposalKind = "replace" if text else "delete"
                found.append(FileProposal(kind, before, text))
        return (*found, *(FileProposal("delete", block.key, "") for block in self.missing))

    def proposals(self, authors: Collection[str]) -> tuple[FileProposal, ...]:
        """Return what some authors propose together by tracked changes, in the file's order."""
        found: list[FileProposal] = []
        before = ""
        for written in _written(self.placed, accepts(authors)):
            block = written.placed.block
            if written.is_unchanged:
                before = before if block is None else block.key
                continue
            if block is None:
                found += _beside(written, before)
                continue
            pieces, home = written.pieces, _home(written)
            found += _insertions(pieces[:home], before, written.placed)
            before = block.key
            text = "" if written.is_joined else cleaned(pieces[home].text)
            change = self._change(block, text)
            if change is not None:
                found.append(change._replace(authors=pieces[home].authors))
            found += _insertions(pieces[home + 1 :], before, written.placed)
        return tuple(found)

    def _change(self, block: DraftBlock, text: str) -> FileProposal | None:
        """Return what tracked changes make of a block, None for nothing."""
        base = self._base_texts[block.key]
        if text == base:
            return None
        if not text:
            return FileProposal("delete", block.key, "", with_untracked="")
        if base == block.text:
            return FileProposal("replace", block.key, text, with_untracked=text)
        rebased = rebase(hunks_of(changes(base, text)), base, block.text)
        alone = cleaned(apply(block.text, rebased.hunks))
        return FileProposal(
            "replace", block.key, alone, certain=rebased.certain, with_untracked=text
        )

    def comments(self) -> tuple[PlacedComment, ...]:
        """Return the comments beside their blocks."""
        by_place = {placed.stream.places: placed for placed in self.placed}
        all_streams = streams(self.document.paragraphs)
        found = []
        for comment in self.document.comments:
            stream = None if comment.paragraph is None else all_streams[comment.paragraph]
            placed = None if stream is None else by_place.get(stream.places)
            key = "" if placed is None or placed.block is None else placed.block.key
            words = "" if stream is None else stream.base[comment.start : comment.end]
            found.append(PlacedComment(key, cleaned(words), comment))
        return tuple(found)


def origin_of(document: ReadDocument) -> FileOrigin:
    """Return a file's draft, from its property or else its bookmarks."""
    symbol, _, rest = document.properties.get(DRAFT_PROPERTY, "").rpartition(";")[0].rpartition(";")
    sha256 = document.properties.get(DRAFT_PROPERTY, "").rpartition(";")[2]
    if symbol and _DRAFT.fullmatch(rest):
        return FileOrigin(symbol, int(rest), sha256)
    drafts = {
        int(found["draft"])
        for paragraph in document.paragraphs
        for name in paragraph.anchors
        if (found := ANCHOR.fullmatch(name))
    }
    return FileOrigin("", drafts.pop() if len(drafts) == 1 else 0)


def match(document: ReadDocument, blocks: Sequence[DraftBlock]) -> Matching:
    """Match a file's paragraphs to the blocks of its draft."""
    by_key = {block.key: block for block in blocks}
    left_out: list[str] = []
    kept = [
        _without_label(stream)
        for stream in streams([_without_own_words(one) for one in document.paragraphs])
        if any(segment.text.strip() for segment in stream.segments)
    ]
    pairs = _pinned(document, kept, by_key)
    _align_rest(kept, blocks, pairs)
    if origin_of(document).draft:
        kept, pairs = _without_cover(kept, pairs, left_out)
    placed = tuple(
        _placed(document, stream, by_key.get(pairs.get(index, "")))
        for index, stream in enumerate(kept)
    )
    found = set(pairs.values())
    missing = tuple(block for block in blocks if block.key not in found)
    changed = sum(_is_own_line(one) and _is_changed(one) for one in document.paragraphs)
    return Matching(document, origin_of(document), placed, missing, tuple(left_out), changed)


def cleaned(text: str) -> str:
    """Clean a paragraph as drafts do, without empty lines."""
    return "\n".join(line for line in cleaning.clean(text).split("\n") if line.strip())


def is_typographic(proposal: FileProposal, text: str) -> bool:
    """Return whether a proposal changes only typography."""
    return proposal.kind == "replace" and is_same_but_typography(proposal.text, text)


def _pinned(
    document: ReadDocument, kept: Sequence[Stream], by_key: dict[str, DraftBlock]
) -> dict[int, str]:
    """Return the blocks of paragraphs by their bookmarks.

    Of two paragraphs with one bookmark, which a copy can make, the more similar one has it.
    """
    named: dict[str, list[int]] = {}
    for index, stream in enumerate(kept):
        for place in stream.places:
            for name in document.paragraphs[place].anchors:
                found = ANCHOR.fullmatch(name)
                if found and found["key"] in by_key and index not in named.get(found["key"], ()):
                    named.setdefault(found["key"], []).append(index)
    pairs: dict[int, str] = {}
    for key, indexes in named.items():
        best = min(indexes, key=lambda index: _unlike(kept[index].base, by_key[key].text))
        pairs.setdefault(best, key)
    return pairs


def _unlike(text: str, other: str) -> float:
    """Return how much two texts differ, 0 for not at all."""
    if text == other:
        return 0
    common = len(set(text.split()) & set(other.split()))
    return 1 - common / max(len(set(text.split())), len(set(other.split())), 1)


def _align_rest(
    kept: Sequence[Stream], blocks: Iterable[DraftBlock], pairs: dict[int, str]
) -> None:
    """Add to `pairs` what has no bookmark, by its text."""
    found = set(pairs.values())
    free = [index for index in range(len(kept)) if index not in pairs]
    rest = [(block.key, block.text) for block in blocks if block.key not in found]
    for aligned in alignment.align(rest, (kept[index].base for index in free)):
        if aligned.key is not None and aligned.place is not None:
            pairs[free[aligned.place]] = aligned.key


def _without_own_words(paragraph: FileParagraph) -> FileParagraph:
    """Empty a line that our export put around the text.

    What people put before such a line may have its style; it has no words of the base.
    """
    return replace(paragraph, segments=()) if _is_own_line(paragraph) else paragraph


def _is_own_line(paragraph: FileParagraph) -> bool:
    return paragraph.style in OWN_LINES and bool(paragraph.base)


def _is_changed(paragraph: FileParagraph) -> bool:
    return any(run.inserted or run.deleted for run in paragraph.segments)


def _without_label(stream: Stream) -> Stream:
    """Remove the label that our export writes before a paragraph, such as "OP 3"."""
    mark = mark_of(stream.base)
    return _cut(stream, mark.end) if mark is not None and mark.kind == "label" else stream


def _cut(stream: Stream, length: int) -> Stream:
    """Return a paragraph without its first base characters."""
    segments = []
    for segment in stream.segments:
        taken = 0 if segment.inserted else min(length, len(segment.text))
        length -= taken
        if taken < len(segment.text):
            segments.append(segment._replace(text=segment.text[taken:]))
    return stream._replace(segments=tuple(segments))


def _placed(document: ReadDocument, stream: Stream, block: DraftBlock | None) -> Placed:
    """Return a paragraph beside its block, its numbering as the block has it."""
    first = document.paragraphs[stream.places[0]]
    if block is not None:
        mark, own = mark_of(stream.base), mark_of(block.text)
        number = document.numbers[stream.places[0]] if document.numbers else ""
        if mark and mark.kind in _NUMBERS and own is None:
            stream = _cut(stream, mark.end)
        elif own and number and mark is None:
            # a sub-paragraph has its letter in its words, which Word may count by itself
            before = TrackedRun(block.text[: own.end])
            stream = stream._replace(segments=(before, *stream.segments))
    return Placed(stream, block, first.cell, first.heading >= 0)


def _without_cover(
    kept: list[Stream], pairs: dict[int, str], left_out: list[str]
) -> tuple[list[Stream], dict[int, str]]:
    """Remove the lines around the blocks in a file of ours.

    A program that saved the file may have taken the style of these lines. What is tracked stays.
    """
    first, last = min(pairs, default=0), max(pairs, default=0)
    gone = [
        index
        for index, stream in enumerate(kept)
        if (index < first or (index > last and _CLOSING.fullmatch(stream.base)))
        and not any(segment.inserted or segment.deleted for segment in stream.segments)
    ]
    left_out += [kept[index].base for index in gone]
    stay = [index for index in range(len(kept)) if index not in gone]
    moved = {index: place for place, index in enumerate(stay)}
    return (
        [kept[index] for index in stay],
        {moved[index]: key for index, key in pairs.items()},
    )


def _written(placed: Sequence[Placed], accepted: Accepts) -> list[_Written]:
    """Return how each paragraph reads in a view.

    One that joins the previous has no words.
    """
    found: list[_Written] = []
    target: _Written | None = None
    joiner: frozenset[str] = frozenset()
    for index, one in enumerate(placed):
        own = _Written(one, [_SeenPiece(authors=joiner)], is_joined=target is not None)
        found.append(own)
        target = target or own
        for segment in one.stream.segments:
            target.add(segment, accepted)
        deleted, after = one.stream.end.deleted, placed[index + 1 : index + 2]
        goes_on = after and after[0].cell == one.cell and any(each.text for each in target.pieces)
        if deleted is not None and accepted(deleted) and goes_on:
            joiner = frozenset({deleted.author})
            target.pieces[-1].authors |= joiner
        else:
            target, joiner = None, frozenset()
    return found


def _home(written: _Written) -> int:
    """Return the index of the piece with most words of the base.

    That piece is the block itself.
    """
    kept = [piece.kept for piece in written.pieces]
    return kept.index(max(kept))


def _beside(written: _Written, before: str) -> Iterator[FileProposal]:
    """Yield what a view makes of a paragraph that the draft has not.

    Its base words are not tracked. Where tracked changes are in them, a person must look.
    """
    base = cleaned(written.placed.stream.base)
    changed = [piece for piece in written.pieces if not piece.kept or cleaned(piece.text) != base]
    for proposal in _insertions(changed, before, written.placed):
        yield proposal._replace(certain=not base)


def _insertions(
    pieces: Iterable[_SeenPiece], before: str, placed: Placed
) -> Iterator[FileProposal]:
    for piece in pieces:
        if words := cleaned(piece.text):
            yield FileProposal(
                "insert",
                before,
                words,
                placed.heading,
                with_untracked=words,
                authors=piece.authors,
            )
