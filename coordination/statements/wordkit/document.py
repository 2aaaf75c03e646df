"""Represent a Word file as paragraphs, tracked changes and comments.

Values only. A *view* is the text as it reads when the changes of some authors are accepted and all
others are rejected. With no authors it is the rejected text, the base; with all of them the
accepted text.

Word keeps a tracked change of a paragraph's end with the paragraph itself. Where an end is not
there in a view, the paragraph goes on with the next one of the same table cell.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# a paragraph's end in the texts of edits; a line end inside a paragraph is "\n"
PARAGRAPH_END = "\u2029"


class Revision(NamedTuple):
    """Who tracked a change, and when.

    `date` is as in the file: ISO 8601, often local time although it ends in Z, "" if removed.
    """

    author: str
    date: str = ""


class TrackedRun(NamedTuple):
    """Words with the same changes; of the base if not `inserted`."""

    text: str
    inserted: Revision | None = None
    deleted: Revision | None = None
    italic: bool = False


class CommentPlace(NamedTuple):
    """A comment's begin or end, in code points of the base text."""

    id: str
    at: int
    begins: bool


@dataclass(frozen=True, slots=True)
class FileParagraph:
    """A paragraph of the file; `inserted` and `deleted` change its end.

    `cell` is 0 outside tables, else the number of the table cell. `list_place` is the number and
    level of its list, with `numbering` to read it by; `heading` is 1 to 9, 0 for the title, -1 for
    others. `anchors` are the names of bookmarks that begin in it.
    """

    segments: tuple[TrackedRun, ...]
    inserted: Revision | None = None
    deleted: Revision | None = None
    cell: int = 0
    style: str = ""
    heading: int = -1
    list_place: tuple[str, int] | None = None
    anchors: tuple[str, ...] = ()
    comments: tuple[CommentPlace, ...] = ()

    @property
    def base(self) -> str:
        """The words without any tracked change."""
        return "".join(segment.text for segment in self.segments if not segment.inserted)


class FileComment(NamedTuple):
    """A comment and where it stands: the base paragraph, from `start` to `end`.

    `paragraph` is the place in the rejected text, None for a comment without a place.
    """

    author: str
    date: str
    text: str
    paragraph: int | None = None
    start: int = 0
    end: int = 0
    done: bool = False


class Edit(NamedTuple):
    """What one author changes in one base paragraph: `base[start:end]` becomes `text`.

    A paragraph's end counts as one place after its last word. An edit that takes it out joins the
    paragraph to the next; PARAGRAPH_END in `text` splits it.
    """

    paragraph: int
    author: str
    date: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A Word file as read.

    `properties` are its custom properties, `emails` the e-mail addresses of authors by name.
    `ignored` counts what gives no text change: "formatting", "header", "footer", "footnotes",
    "endnotes", "text box", "table cell", "picture".
    """

    paragraphs: tuple[FileParagraph, ...]
    comments: tuple[FileComment, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()

    @property
    def authors(self) -> dict[str, int]:
        """The authors of tracked changes, with the number of their edits."""
        counted: dict[str, int] = {}
        for edit in edits(self.paragraphs):
            counted[edit.author] = counted.get(edit.author, 0) + 1
        return counted


Accepts = Callable[[Revision | None], bool]


def accepts(authors: Collection[str] | None) -> Accepts:
    """Return the test whether a view accepts a revision.

    By its author; None is everybody.
    """
    if authors is None:
        return lambda revision: revision is not None
    return lambda revision: revision is not None and revision.author in authors


def is_seen(inserted: Revision | None, deleted: Revision | None, accepted: Accepts) -> bool:
    """Say whether words, or a paragraph's end, are there in a view."""
    return (inserted is None or accepted(inserted)) and not accepted(deleted)


def seen_text(paragraph: FileParagraph, accepted: Accepts) -> str:
    """Return the words of a paragraph in a view."""
    return "".join(
        segment.text
        for segment in paragraph.segments
        if is_seen(segment.inserted, segment.deleted, accepted)
    )


def groups(
    paragraphs: Sequence[FileParagraph], accepted: Accepts, *, whole: bool = False
) -> Iterator[list[int]]:
    """Yield the places of paragraphs that read as one in a view.

    What vanishes at the end of a table cell, or of the document, is left out unless `whole`.
    """
    together: list[int] = []
    for place, paragraph in enumerate(paragraphs):
        together.append(place)
        ends = is_seen(paragraph.inserted, paragraph.deleted, accepted)
        last = place + 1 == len(paragraphs) or paragraphs[place + 1].cell != paragraph.cell
        if ends or last:
            if ends or whole or any(seen_text(paragraphs[one], accepted) for one in together):
                yield together
            together = []


def texts(paragraphs: Sequence[FileParagraph], authors: Collection[str] | None) -> list[str]:
    """Return a view's paragraphs; None accepts everything, () nothing."""
    accepted = accepts(authors)
    return [
        "".join(seen_text(paragraphs[place], accepted) for place in together)
        for together in groups(paragraphs, accepted)
    ]


class Stream(NamedTuple):
    """A base paragraph as one run of segments.

    A changed paragraph's end inside is one of them. `places` are the paragraphs of the file
    that it is made of, and `end` is the change of the last one's end.
    """

    places: tuple[int, ...]
    segments: tuple[TrackedRun, ...]
    end: TrackedRun

    @property
    def base(self) -> str:
        """The words without any tracked change."""
        return "".join(segment.text for segment in self.segments if not segment.inserted)


def streams(paragraphs: Sequence[FileParagraph]) -> list[Stream]:
    """Return the base paragraphs of a text, those of `texts` without authors.

    What is inserted after the last paragraph of a cell stands at the end of that paragraph.
    """
    found: list[Stream] = []
    for together in groups(paragraphs, accepts(()), whole=True):
        run: list[TrackedRun] = []
        for place in together:
            run += [*paragraphs[place].segments, _end(paragraphs[place])]
        stream = Stream(tuple(together), tuple(run[:-1]), run[-1])
        if is_seen(stream.end.inserted, stream.end.deleted, accepts(())) or stream.base:
            found.append(stream)
        elif found and paragraphs[together[0]].cell == paragraphs[together[0] - 1].cell:
            before = found[-1]
            added = (stream.end, *stream.segments)
            found[-1] = before._replace(segments=(*before.segments, *added))
    return found


def _end(paragraph: FileParagraph) -> TrackedRun:
    return TrackedRun(PARAGRAPH_END, paragraph.inserted, paragraph.deleted)


def edits(paragraphs: Sequence[FileParagraph]) -> Iterator[Edit]:
    """Yield the edits of each author to each base paragraph, in order.

    What one author deletes of another's insertion is no edit of the base: see `texts`.
    """
    for number, stream in enumerate(streams(paragraphs)):
        found: dict[str, list[Edit]] = {}
        for edit in _raw_edits(number, stream):
            own = found.setdefault(edit.author, [])
            if own and own[-1].end == edit.start:
                own[-1] = own[-1]._replace(
                    end=edit.end, text=own[-1].text + edit.text, date=own[-1].date or edit.date
                )
            else:
                own.append(edit)
        yield from sorted(
            (edit for own in found.values() for edit in own), key=lambda edit: edit[3:5]
        )


def _raw_edits(number: int, stream: Stream) -> Iterator[Edit]:
    """Yield the edits of one base paragraph, not yet joined."""
    at = 0
    ends = () if stream.end.inserted else (stream.end,)
    for segment in (*stream.segments, *ends):
        length = 0 if segment.inserted else len(segment.text)
        inserted, deleted = segment.inserted, segment.deleted
        if inserted:
            if deleted is None or deleted.author != inserted.author:
                yield Edit(number, inserted.author, inserted.date, at, at, segment.text)
        elif deleted:
            yield Edit(number, deleted.author, deleted.date, at, at + length, "")
        at += length
