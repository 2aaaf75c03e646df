"""Opens a Word file: its parts as XML, after it was inspected."""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from coordination.filekit import archives
from coordination.filekit.refusals import FileFault, Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
W16DU = "{http://schemas.microsoft.com/office/word/2023/wordml/word16du}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO/IEC 29500 Strict has other names for the same elements
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", MATH[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/customProperties", PROPERTIES[1:-1].encode()),
)
# of one part; libxml2 itself refuses a text of more than 10 million characters
LARGEST_PART = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file; `main` names the document."""

    parts: dict[str, bytes]
    main: str
    related: dict[str, list[str]] = field(default_factory=dict)

    def xml(self, name: str) -> Element | None:
        """Return a part as XML, or None; raise Refused if damaged."""
        content = self.parts.get(name)
        return None if content is None else parsed(content)

    def parts_of(self, kind: str) -> list[Element]:
        """Return the parts that the document refers to as `kind`, such as "comments"."""
        found = (self.xml(name) for name in self.related.get(kind, ()))
        return [root for root in found if root is not None]


def open_package(content: bytes) -> Package:
    """Return the parts of a .docx.

    Raises Refused for any other, harmful or damaged file.
    """
    if archives.is_encrypted(content):
        raise Refused(FileFault.ENCRYPTED)
    archives.inspect(content, "docx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {
                part.filename.replace("\\", "/"): archive.read(part)
                for part in archive.infolist()
                if part.filename.endswith((".xml", ".rels")) and part.file_size <= LARGEST_PART
            }
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError) as error:
        raise Refused(FileFault.DAMAGED) from error
    main = next(iter(_related(parts, "").get("officeDocument", ())), "")
    if main not in parts:
        raise Refused(FileFault.DAMAGED)
    return Package(parts, main, _related(parts, main))


def parsed(content: bytes) -> Element:
    """Parse XML without entities, network or comments.

    Raises Refused if it is no XML. libxml2 itself refuses more than 256 elements inside one
    another.
    """
    for strict, transitional in STRICT:
        content = content.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(FileFault.DAMAGED) from error
    return root


def _related(parts: dict[str, bytes], name: str) -> dict[str, list[str]]:
    """Return the names of a part's related parts, by kind.

    "" is the whole file.
    """
    folder, file = posixpath.split(name)
    content = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"))
    related: dict[str, list[str]] = {}
    if content is None:
        return related
    for relation in parsed(content).iter(RELATION):
        if relation.get("TargetMode") != "External":
            kind = relation.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            related.setdefault(kind, []).append(target.lstrip("/"))
    return related
