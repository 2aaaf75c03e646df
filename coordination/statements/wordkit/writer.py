"""Write a plan as a Word file with tracked changes.

Readers of the file find each paragraph of the draft by its bookmark, and the draft by a property of
the file. Programs that know no paragraph ids of Word keep both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import count

from coordination.statements.wordkit import package, styles
from coordination.statements.wordkit.markup import (
    Element,
    Look,
    add,
    add_paragraph,
    add_run,
    fit,
    qualified,
    root,
)
from coordination.statements.wordkit.plan import PlannedParagraph, PlanNote, PlanPiece, texts
from coordination.statements.wordkit.record import Cover, FiledDraft, FileRecord, Words
from coordination.textkit import italics

_STYLES = {"title": styles.TITLE, "heading": styles.HEADING}
_LONGEST_INITIALS = 9


def tracked_document(
    record: FileRecord,
    source: FiledDraft,
    cover: Cover,
    paragraphs: Iterable[PlannedParagraph],
    words: Words,
) -> bytes:
    """Return a .docx with a plan's changes under their agencies' names."""
    writer = _Writer(record, source, words)
    for line in cover.lines:
        writer.add_line(line, styles.COVER, cover.language)
    for paragraph in paragraphs:
        writer.add_planned(paragraph)
    # the mark of the last paragraph can be neither inserted nor deleted
    writer.add_line(cover.end, styles.END, cover.language)
    return package.packed(record, writer.body, writer.comments)


@dataclass(slots=True)
class _Writer:
    record: FileRecord
    source: FiledDraft
    words: Words
    body: Element = field(default_factory=package.new_body)
    comments: Element = field(default_factory=lambda: root("w:comments"))
    # one count for bookmarks and changes: Word wants each number once
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    comment_ids: Iterator[int] = field(default_factory=count)

    @property
    def plain(self) -> Look:
        return Look(right_to_left=self.record.right_to_left)

    def add_line(self, text: str, style: str, language: str) -> None:
        """Add a paragraph that is not of the text."""
        is_of_text = language in {"", self.record.language}
        # words of another language keep their own direction
        look = self.plain if is_of_text else Look(language=language)
        paragraph = add_paragraph(self.body, style, right_to_left=look.right_to_left)
        add_run(paragraph, fit(text), look)

    def add_planned(self, planned: PlannedParagraph) -> None:
        """Add a paragraph of the text with its changes and comments."""
        style = _STYLES.get(planned.kind, styles.TEXT)
        right_to_left = self.record.right_to_left
        paragraph = add_paragraph(self.body, style, right_to_left=right_to_left)
        if planned.mark != "keep":
            marks = add(paragraph[0], "rPr")
            self.changed(marks, planned.mark, planned.author, planned.at)
        number = str(next(self.ids)) if planned.key else ""
        if number:
            name = self.source.bookmark(planned.key)
            add(paragraph, "bookmarkStart", id=number, name=name)
        if planned.label and planned.kind not in _STYLES:
            look = Look(style=styles.LABEL, right_to_left=right_to_left)
            piece = PlanPiece(planned.mark, f"{planned.label}\t", planned.author, planned.at)
            self.add_piece(paragraph, piece, 0, look)
        self.add_pieces(paragraph, planned)
        if number:
            add(paragraph, "bookmarkEnd", id=number)

    def add_pieces(self, paragraph: Element, planned: PlannedParagraph) -> None:
        """Add the pieces of a paragraph, and the comments on them."""
        runs = texts(planned.pieces)
        lengths = iter(italics.of_changes(runs, planned.kind, self.record.language))
        starts: list[Element | None] = []
        for piece in planned.pieces:
            if isinstance(piece, PlanNote):
                self.add_comment(paragraph, planned, piece, starts[-piece.span])
            else:
                before = len(paragraph)
                self.add_piece(paragraph, piece, next(lengths), self.plain)
                starts.append(paragraph[before] if len(paragraph) > before else None)

    def add_piece(self, paragraph: Element, piece: PlanPiece, italic: int, look: Look) -> None:
        """Add a piece, its first `italic` characters in italics."""
        if not fit(piece.text):
            return
        parent = paragraph
        if piece.kind != "keep":
            parent = self.changed(paragraph, piece.kind, piece.author, piece.at)
        deleted = piece.kind == "delete"
        opening = Look(look.style, italic=True, right_to_left=look.right_to_left)
        add_run(parent, fit(piece.text[:italic]), opening, deleted=deleted)
        add_run(parent, fit(piece.text[italic:]), look, deleted=deleted)

    def changed(self, parent: Element, kind: str, author: str, at: datetime | None) -> Element:
        """Add the element of a change, with who made it and when."""
        change = add(parent, "ins" if kind == "insert" else "del", id=str(next(self.ids)))
        self.sign(change, author, at)
        if at is not None:
            # Word since 2023 reads this, and the date as the time of the clock on the wall
            change.set(qualified("w16du:dateUtc"), _moment(at, UTC))
        return change

    def sign(self, element: Element, author: str, at: datetime | None) -> None:
        """Say who made a change or comment, and when by the reader's clock."""
        element.set(qualified("w:author"), fit(author))
        if at is not None:
            element.set(qualified("w:date"), _moment(at, self.words.zone))

    def add_comment(
        self, paragraph: Element, planned: PlannedParagraph, note: PlanNote, first: Element | None
    ) -> None:
        """Add a comment on the runs from `first` on."""
        number = str(next(self.comment_ids))
        start = add(paragraph, "commentRangeStart", id=number)
        if first is not None:
            first.addprevious(start)
        add(paragraph, "commentRangeEnd", id=number)
        # in a paragraph that comes or goes, the comment comes and goes with it
        parent = (
            self.changed(paragraph, planned.mark, planned.author, planned.at)
            if planned.mark != "keep"
            else paragraph
        )
        mark = add(parent, "r")
        add(add(mark, "rPr"), "rStyle", val=styles.COMMENT_MARK)
        add(mark, "commentReference", id=number)
        comment = add(self.comments, "comment", id=number)
        self.sign(comment, note.author, note.at)
        comment.set(qualified("w:initials"), fit(note.author)[:_LONGEST_INITIALS])
        for place, line in enumerate(self.lines_of(note)):
            words = add_paragraph(comment, styles.COMMENT)
            if not place:
                mark = add(words, "r")
                add(add(mark, "rPr"), "rStyle", val=styles.COMMENT_MARK)
                add(mark, "annotationRef")
            add_run(words, fit(line), Look(language=self.words.language))

    def lines_of(self, note: PlanNote) -> list[str]:
        """Return what a comment says, at least one line."""
        sentence = self.words.notes[note.note]
        agencies = ", ".join(note.cosponsors)
        lines = (
            sentence % {"words": note.words, "text": note.text},
            note.reason,
            self.words.cosponsors % {"agencies": agencies} if agencies else "",
        )
        return [line for line in lines if line]


@lru_cache(maxsize=1024)
def _moment(at: datetime, zone: tzinfo) -> str:
    """Return a moment as Word writes it: with a Z, whatever the zone."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%SZ")
