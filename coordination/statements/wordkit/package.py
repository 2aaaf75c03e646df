"""Build the package of a Word file: our A4 template and metadata.

Every file has it: styles, language, header and footer, title, and the same bytes for the same
input.
"""

from collections.abc import Mapping
from datetime import UTC
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from coordination.statements.wordkit import styles
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
from coordination.statements.wordkit.record import FileRecord

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS_OF_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# A4 in twentieths of a point, with margins of 2.5 cm
_WIDTH, _HEIGHT, _MARGIN = "11906", "16838", "1418"
# the earliest moment that a ZIP can say; the file itself says when it was made
_EPOCH = (1980, 1, 1, 0, 0, 0)
# what any set of custom properties is known by
_PROPERTIES_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"

_CONTENT = {
    "word/document.xml": f"{_PARTS_OF_WORD}.document.main+xml",
    "word/styles.xml": f"{_PARTS_OF_WORD}.styles+xml",
    "word/settings.xml": f"{_PARTS_OF_WORD}.settings+xml",
    "word/fontTable.xml": f"{_PARTS_OF_WORD}.fontTable+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "word/header1.xml": f"{_PARTS_OF_WORD}.header+xml",
    "word/footer1.xml": f"{_PARTS_OF_WORD}.footer+xml",
    "word/comments.xml": f"{_PARTS_OF_WORD}.comments+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}


def new_body() -> Element:
    """Return the body of a new file; its root is what `packed` takes."""
    return add(root("w:document"), "body")


def packed(record: FileRecord, body: Element, comments: Element | None = None) -> bytes:
    """Return the .docx bytes of a body with comments."""
    parts: dict[str, str | bytes] = {
        "word/document.xml": _document(record, body),
        "word/styles.xml": styles.styles(record.language, right_to_left=record.right_to_left),
        "word/settings.xml": styles.settings(tracked=record.tracked),
        "word/fontTable.xml": styles.font_table(),
        "word/theme/theme1.xml": styles.theme(),
        "word/header1.xml": _serialised(_header(record)),
        "word/footer1.xml": _serialised(_footer()),
        "docProps/core.xml": _core(record),
        "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    }
    if comments is not None and len(comments):
        parts["word/comments.xml"] = _serialised(comments)
    if record.properties:
        parts["docProps/custom.xml"] = _custom(record.properties)
    return _zipped(
        {
            "[Content_Types].xml": _content_types(parts),
            "_rels/.rels": _relationships(
                {
                    f"{_OFFICE}/relationships/officeDocument": "word/document.xml",
                    f"{_PACKAGE}/relationships/metadata/core-properties": "docProps/core.xml",
                    f"{_OFFICE}/relationships/extended-properties": "docProps/app.xml",
                    f"{_OFFICE}/relationships/custom-properties": "docProps/custom.xml",
                },
                parts,
                "",
            ),
            "word/_rels/document.xml.rels": _relationships(
                {
                    f"{_OFFICE}/relationships/{name}": f"word/{file}.xml"
                    for name, file in {
                        "header": "header1",
                        "footer": "footer1",
                        "styles": "styles",
                        "settings": "settings",
                        "fontTable": "fontTable",
                        "theme": "theme/theme1",
                        "comments": "comments",
                    }.items()
                },
                parts,
                "word/",
            ),
            **parts,
        }
    )


def _document(record: FileRecord, body: Element) -> bytes:
    """Return the main part, with the paper."""
    section = add(body, "sectPr")
    for place, name in enumerate(("headerReference", "footerReference"), 1):
        reference = add(section, name, type="default")
        reference.set(qualified("r:id"), f"rId{place}")
    add(section, "pgSz", w=_WIDTH, h=_HEIGHT)
    edges = dict.fromkeys(("top", "right", "bottom", "left"), _MARGIN)
    add(section, "pgMar", **edges, header="709", footer="709", gutter="0")
    if record.right_to_left:
        add(section, "bidi")
    return _serialised(body.getparent())


def _header(record: FileRecord) -> Element:
    """Return the header, in the reader's language."""
    header = root("w:hdr")
    paragraph = add_paragraph(header, "Header")
    add_run(paragraph, fit("\t".join(record.header)).strip("\t"), Look())
    return header


def _footer() -> Element:
    """Return the footer: the page and the number of pages."""
    footer = root("w:ftr")
    paragraph = add_paragraph(footer, "Footer")
    add_run(add(paragraph, "fldSimple", instr=" PAGE "), "1", Look())
    add_run(paragraph, " / ", Look())
    add_run(add(paragraph, "fldSimple", instr=" NUMPAGES "), "1", Look())
    return footer


def _core(record: FileRecord) -> str:
    moment = record.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(fit(record.title))}</dc:title>"
        f"<dc:creator>{escape(fit(record.author))}</dc:creator>"
        f"<dc:language>{escape(record.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        "</cp:coreProperties>"
    )


def _custom(properties: Mapping[str, str]) -> str:
    rows = "".join(
        f'<property fmtid="{_PROPERTIES_ID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(fit(value))}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return (
        f'<Properties xmlns="{_OFFICE}/custom-properties"'
        f' xmlns:vt="{_OFFICE}/docPropsVTypes">{rows}</Properties>'
    )


def _content_types(parts: Mapping[str, object]) -> str:
    rows = "".join(
        f'<Override PartName="/{name}" ContentType="{_CONTENT[name]}"/>' for name in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _relationships(kinds: Mapping[str, str], parts: Mapping[str, object], folder: str) -> str:
    """Return the links to the parts that there are, numbered in order."""
    links = [(kind, name) for kind, name in kinds.items() if name in parts]
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{name.removeprefix(folder)}"/>'
        for number, (kind, name) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _serialised(element: Element) -> bytes:
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)


def _zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP whose bytes follow from its parts alone."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            # the system that made it, else that of the machine
            entry.create_system = 3
            package.writestr(entry, _DECLARATION + part if isinstance(part, str) else part)
    return written.getvalue()
