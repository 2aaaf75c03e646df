"""Read a Word file: its words, their authors, and comments.

ECMA-376, 17.13. Made for the files of Word, LibreOffice and Google Docs. What gives no change of
words is counted.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from coordination.filekit.refusals import FileFault, Refused

from . import styles
from .document import (
    CommentPlace,
    FileComment,
    FileParagraph,
    ReadDocument,
    Revision,
    TrackedRun,
    accepts,
    groups,
)
from .numbering import Lists, Styles
from .opening import MATH, MC, PROPERTIES, W14, W15, W16DU, Package, W, open_package

_FORMATTING = tuple(
    W + name
    for name in (
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "numberingChange",
    )
)
_REVISIONS = tuple(W + name for name in ("ins", "del", "moveFrom", "moveTo"))
_CELL_CHANGES = tuple(W + name for name in ("cellIns", "cellDel", "cellMerge"))
_INSERTING, _DELETING = frozenset({W + "ins", W + "moveTo"}), frozenset({W + "del", W + "moveFrom"})
_OUTSIDE = {"header": "header", "footer": "footer", "footnotes": "footnotes"} | {
    "endnotes": "endnotes"
}
# what may stand around blocks or around runs
_AROUND = frozenset(
    W + name
    for name in ("smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo", "sdtContent")
) | {W + "sdt"}
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "\u2011",
    W + "softHyphen": "\u00ad",
}
_TEXTS = frozenset({W + "t", W + "delText", MATH + "t"})
_COMMENT_ENDS = frozenset({W + "commentRangeStart", W + "commentRangeEnd"})
ALTERNATE = MC + "AlternateContent"
_PICTURES = frozenset({W + "drawing", W + "pict", W + "object"})


def read_document(content: bytes) -> ReadDocument:
    """Read a .docx; raise Refused for any other, harmful or damaged file."""
    package = open_package(content)
    root = package.xml(package.main)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise Refused(FileFault.DAMAGED)
    reading = _Reading(Styles(package.parts_of("styles")))
    reading.blocks(body, _Around())
    ignored = _ignored(root, package)
    paragraphs = tuple(reading.paragraphs)
    return ReadDocument(
        paragraphs,
        _comments(package, paragraphs),
        _properties(package),
        _emails(package),
        dict(ignored),
        Lists(package.parts_of("numbering")).numbers(paragraphs),
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """The changes that stand around a piece, and its table cell."""

    inserted: Revision | None = None
    deleted: Revision | None = None
    cell: int = 0

    def inside(self, element: Element) -> "_Around":
        """Return what stands around the content of an element."""
        if element.tag in _INSERTING:
            return replace(self, inserted=self.inserted or revision(element))
        return replace(self, deleted=revision(element)) if element.tag in _DELETING else self


@dataclass(slots=True)
class _Own:
    """What is gathered of one paragraph."""

    segments: list[TrackedRun] = field(default_factory=list)
    comments: list[CommentPlace] = field(default_factory=list)
    length: int = 0


@dataclass(slots=True)
class _Reading:
    """A document while it is read.

    `fields` are those that are open, True for one in its code.
    """

    styles: Styles
    paragraphs: list[FileParagraph] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    in_code: bool = False
    cells: int = 0

    def blocks(self, parent: Element, around: _Around) -> None:
        """Read the blocks in an element, in order."""
        for child in parent:
            tag = child.tag
            if tag == W + "p":
                self.paragraph(child, around)
            elif tag == W + "tbl":
                self.table(child, around)
            elif tag == ALTERNATE:
                self.blocks(_branch(child), around.inside(child))
            elif tag in _AROUND or tag in _INSERTING or tag in _DELETING:
                self.blocks(child, around.inside(child))
            elif tag == W + "bookmarkStart":
                self.anchors.append(child.get(W + "name", ""))

    def table(self, table: Element, around: _Around) -> None:
        """Read a table; inserted and deleted rows wrap their cells."""
        for row in _inside(table, W + "tr"):
            inside = around.inside(row)
            marks = row.find(W + "trPr")
            for mark in () if marks is None else marks:
                inside = inside.inside(mark)
            for cell in _inside(row, W + "tc"):
                self.cells += 1
                self.blocks(cell, replace(inside, cell=self.cells))

    def paragraph(self, element: Element, around: _Around) -> None:
        """Read a paragraph and the changes of its end."""
        own, end, properties = _Own(), around, element.find(W + "pPr")
        mark = None if properties is None else properties.find(W + "rPr")
        for change in () if mark is None else mark:
            end = end.inside(change)
        self.inline(element, around, own)
        style = _value(properties, "pStyle")
        self.paragraphs.append(
            FileParagraph(
                tuple(own.segments),
                end.inserted,
                end.deleted,
                around.cell,
                style,
                self.styles.heading(style, properties),
                self.styles.list_place(style, properties),
                tuple(self.anchors),
                tuple(own.comments),
            )
        )
        self.anchors = []

    def inline(self, parent: Element, around: _Around, own: _Own) -> None:
        """Read what stands in a paragraph, in order."""
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self.run(child, around, own)
            elif tag in _AROUND or tag in _INSERTING or tag in _DELETING:
                self.inline(child, around.inside(child), own)
            elif tag == W + "bookmarkStart":
                self.anchors.append(child.get(W + "name", ""))
            elif tag in _COMMENT_ENDS:
                own.comments.append(
                    CommentPlace(child.get(W + "id", ""), own.length, tag.endswith("Start"))
                )
            elif tag in _TEXTS:  # of a formula
                self.add(child.text or "", around, own, italic=False)
            elif tag.startswith((MATH, ALTERNATE)):
                self.inline(_branch(child), around.inside(child), own)

    def run(self, run: Element, around: _Around, own: _Own) -> None:
        """Read a run; field codes give no words, their results do."""
        properties = run.find(W + "rPr")
        if _value(properties, "rStyle") == styles.LABEL:
            return
        italic = properties is not None and _is_on(properties.find(W + "i"))
        parts: list[str] = []
        for child in run:
            if child.tag == W + "fldChar":
                self.field(child.get(W + "fldCharType", ""))
            elif not self.in_code:
                parts.append(_text(child))
        self.add("".join(parts), around, own, italic=italic)

    def field(self, kind: str) -> None:
        """Note where a field's code and its result begin and end."""
        if kind == "begin":
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()
        self.in_code = any(self.fields)

    def add(self, text: str, around: _Around, own: _Own, *, italic: bool) -> None:
        """Add words; equal neighbours become one segment."""
        if not text:
            return
        if around.inserted is None:
            own.length += len(text)
        last = own.segments[-1] if own.segments else None
        if last and last[1:] == (around.inserted, around.deleted, italic):
            own.segments[-1] = last._replace(text=last.text + text)
        else:
            own.segments.append(TrackedRun(text, around.inserted, around.deleted, italic))


def revision(element: Element) -> Revision:
    """Return who made a tracked change and when.

    The moment is in UTC where the file says it.
    """
    return Revision(
        element.get(W + "author", ""),
        element.get(W16DU + "dateUtc") or element.get(W + "date") or "",
    )


def _branch(element: Element) -> Element:
    """Return the first branch of alternative content.

    The others have the same words.
    """
    choice = element.find(MC + "Choice") if element.tag == ALTERNATE else None
    return element if choice is None else choice


def _inside(parent: Element, tag: str) -> Iterable[Element]:
    """Yield a table's rows or a row's cells, even wrapped ones."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND or child.tag in _INSERTING or child.tag in _DELETING:
            yield from _inside(child, tag)


def _value(properties: Element | None, name: str) -> str:
    found = None if properties is None else properties.find(W + name)
    return "" if found is None else found.get(W + "val", "")


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get(W + "val", "1") not in {"0", "false", "off"}


def _text(element: Element) -> str:
    """Return the words or the sign of a run's element, or ""."""
    if element.tag in _TEXTS:
        return element.text or ""
    return _symbol(element) if element.tag == W + "sym" else _SIGNS.get(element.tag, "")


def _symbol(element: Element) -> str:
    """Return a symbol font's sign, or "" if only the font shows it."""
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return ""
    sign = chr(code) if 0 <= code <= sys.maxunicode else ""
    # surrogates, control characters and the area for private use
    return sign if sign.isprintable() else ""


def _comments(package: Package, paragraphs: tuple[FileParagraph, ...]) -> tuple[FileComment, ...]:
    """Return the comments in the order of the part that has them."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, together in enumerate(groups(paragraphs, accepts(()))):
        before = 0
        for place in together:
            for mark in paragraphs[place].comments:
                places.setdefault(mark.id, []).append((number, before + mark.at))
            before += len(paragraphs[place].base)
    done = {
        extended.get(W15 + "paraId", ""): extended.get(W15 + "done") == "1"
        for root in package.parts_of("commentsExtended")
        for extended in root
    }
    found = []
    for root in package.parts_of("comments"):
        for element in root.iter(W + "comment"):
            lines = list(element.iter(W + "p"))
            text = "\n".join("".join(_words(line)) for line in lines)
            (paragraph, start), *rest = places.get(element.get(W + "id", ""), [(-1, 0)])
            last = rest[-1] if rest and rest[-1][0] == paragraph else (paragraph, start)
            found.append(
                FileComment(
                    *revision(element),
                    text.strip(),
                    None if paragraph < 0 else paragraph,
                    start,
                    last[1],
                    any(done.get(line.get(W14 + "paraId", ""), False) for line in lines),
                )
            )
    return tuple(found)


def _words(paragraph: Element) -> Iterable[str]:
    for element in paragraph.iter(W + "t", W + "br", W + "tab"):
        yield element.text or "" if element.tag == W + "t" else _SIGNS[element.tag]


def _properties(package: Package) -> dict[str, str]:
    """Return the custom properties of the file, as texts."""
    root = package.xml("docProps/custom.xml")
    return {
        element.get("name", ""): "".join(value.text or "" for value in element)
        for element in (() if root is None else root.iter(PROPERTIES + "property"))
    }


def _emails(package: Package) -> dict[str, str]:
    """Return the e-mail addresses of authors: Word 365 writes "S::name@domain::id"."""
    found = {}
    for root in package.parts_of("people"):
        for person in root.iter(W15 + "person"):
            presence = person.find(W15 + "presenceInfo")
            user = "" if presence is None else presence.get(W15 + "userId", "")
            address = next((part for part in user.split("::") if "@" in part), "")
            if address:
                found[person.get(W15 + "author", "")] = address.lower()
    return found


def _ignored(root: Element, package: Package) -> Counter[str]:
    """Count what gives no change of words in the body."""
    counted: Counter[str] = Counter()
    counted["formatting"] = sum(1 for _ in root.iter(*_FORMATTING))
    counted["table cell"] = sum(1 for _ in root.iter(*_CELL_CHANGES))
    counted["picture"] = sum(1 for _ in root.iter(*_PICTURES))
    counted["text box"] = sum(
        1 for box in root.iter(W + "txbxContent") for _ in box.iter(*_REVISIONS)
    )
    for kind, name in _OUTSIDE.items():
        counted[name] = sum(1 for part in package.parts_of(kind) for _ in part.iter(*_REVISIONS))
    return +counted
