"""Word files as programs write them, with tracked changes, for tests; all are built here."""

import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from docx import Document

from coordination.filekit.archives import CONTENT_TYPES
from coordination.statements.tests.factories import CARE

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DATE = "2026-11-24T10:00:00Z"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def ins(author: str, text: str, date: str = DATE) -> str:
    return f"<w:ins {who(author, date)}>{run(text)}</w:ins>"


def dele(author: str, text: str, date: str = DATE) -> str:
    return f"<w:del {who(author, date)}>{run(text, 'delText')}</w:del>"


def who(author: str, date: str = DATE) -> str:
    return f'w:id="1" w:author={quoteattr(author)} w:date="{date}"'


def run(text: str, tag: str = "t", properties: str = "") -> str:
    """Return a run; tabs and line ends are elements of their own."""
    inside = ""
    for line_number, line in enumerate(text.split("\n")):
        inside += "<w:br/>" if line_number else ""
        inside += "<w:tab/>".join(
            f'<w:{tag} xml:space="preserve">{escape(part)}</w:{tag}>' if part else ""
            for part in line.split("\t")
        )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def par(
    *pieces: str, anchor: str = "", mark: str = "", style: str = "", properties: str = ""
) -> str:
    """Return a paragraph; a piece without a tag is a run of words. `mark` is in its rPr."""
    inner = "".join(piece if piece.startswith("<") else run(piece) for piece in pieces)
    if anchor:
        inner = f'<w:bookmarkStart w:id="9" w:name="{anchor}"/>{inner}<w:bookmarkEnd w:id="9"/>'
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    mark = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{style}{properties}{mark}</w:pPr>{inner}</w:p>"


def mark(kind: str, author: str) -> str:
    """Return the change of a paragraph's end, for `par`."""
    return f"<w:{kind} {who(author)}/>"


def cell(*paragraphs: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(paragraphs)}</w:tc>"


def row(*cells: str, change: str = "") -> str:
    return f"<w:tr><w:trPr>{change}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


@dataclass
class WordDocument:
    """A Word file in parts; `body` is the XML of its blocks, `parts` those beside it by kind."""

    body: str
    parts: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    main: str = "word/document.xml"
    namespace: str = W

    def bytes(self) -> bytes:
        kinds = {kind: f"{kind}.xml" for kind in self.parts}
        relations = "".join(
            f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{name}"/>'
            for n, (kind, name) in enumerate(kinds.items())
        )
        custom = "".join(
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name={quoteattr(name)}>'
            f'<vt:lpwstr xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{escape(value)}</vt:lpwstr></property>'
            for n, (name, value) in enumerate(self.properties.items(), 2)
        )
        folder, _, name = self.main.rpartition("/")
        main_type = (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                CONTENT_TYPES,
                f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/{self.main}" ContentType="{main_type}"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="{self.main}"/></Relationships>',
            )
            archive.writestr(
                self.main,
                f'<?xml version="1.0"?><w:document {NAMES.replace(W, self.namespace)}><w:body>{self.body}</w:body></w:document>',
            )
            archive.writestr(
                f"{folder}/_rels/{name}.rels",
                f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
            )
            if custom:
                archive.writestr(
                    "docProps/custom.xml",
                    f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">{custom}</Properties>',
                )
            for kind, content in self.parts.items():
                root = ROOTS.get(kind, kind)
                archive.writestr(f"{folder}/{kind}.xml", f"<{root} {NAMES}>{content}</{root}>")
        return out.getvalue()


NAMES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:w16du="http://schemas.microsoft.com/office/word/2023/wordml/word16du"'
)
ROOTS = {
    "comments": "w:comments",
    "commentsExtended": "w15:commentsEx",
    "people": "w15:people",
    "numbering": "w:numbering",
    "styles": "w:styles",
    "header": "w:hdr",
    "footnotes": "w:footnotes",
}


def word(*blocks: str, **fields) -> bytes:
    """Return a Word file with these blocks."""
    return WordDocument("".join(blocks), **fields).bytes()


def edited(author: str, old: str = "migrants", new: str = "all migrants") -> str:
    """Return paragraph b3 with one tracked replacement."""
    before, _, after = CARE.partition(old)
    return run(before) + dele(author, old) + ins(author, new) + run(after)


def of_draft(draft, changed: dict[str, str] | None = None, *more: str) -> bytes:
    """Return a draft as our export writes it; `changed` has other XML for some paragraphs."""
    blocks = []
    for block in draft.blocks.order_by("position"):
        anchor = f"_st_{block.key}_r{draft.number}"
        pieces = (changed or {}).get(block.key, run(block.text))
        blocks.append(pieces if pieces.startswith("<w:p>") else par(pieces, anchor=anchor))
    origin = f"{draft.statement.symbol};{draft.number};{draft.sha256}"
    cover, end = par("Draft 1", style="CoverLine"), par("— end of text —", style="EndOfText")
    return word(cover, *blocks, *more, end, properties={"StatementDraft": origin})


def saved_by_library(*paragraphs: str) -> bytes:
    """Return paragraphs as python-docx writes them, with its styles and parts."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
