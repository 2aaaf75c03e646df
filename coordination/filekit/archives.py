"""Inspects Word, Excel and PowerPoint files without opening them.

Each is a ZIP archive of XML parts (ECMA-376). Sizes in the directory of an archive may be false, so
each part is unpacked in pieces and counted. Nothing is written.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers import expat

from coordination.filekit.refusals import FileFault, Refused

OF_TYPE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
CONTENT_TYPES = "[Content_Types].xml"
MOST_PARTS = 3000
MOST_BYTES = 100 * 1024 * 1024  # of all parts together; a report with pictures has some 30 MB
MOST_RATIO, SMALL = 250, 1024 * 1024  # XML is packed to a tenth; a bomb to a thousandth
PIECE, HEAD = 256 * 1024, 64 * 1024
LONGEST_TYPES = 1024 * 1024
DIRECTORY_ENTRY, ENCRYPTED = b"PK\x01\x02", 0x1
LOCAL_HEADER = struct.Struct("<4s22xHH")
XML_PARTS = (".xml", ".rels", ".vml", ".svg")
PACKED_PICTURES = (".emz", ".wmz")  # gzip, as Office writes them
ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
OLE, VBA = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "_VBA_PROJECT".encode("utf-16-le")
# Office wraps a file with a password in another container
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(slots=True)
class Budget:
    """The parts and unpacked bytes that an upload may still have."""

    # embedded files spend the budget of the file that they are in
    parts: int = MOST_PARTS
    unpacked: int = MOST_BYTES

    def spend(self, parts: list[zipfile.ZipInfo]) -> None:
        """Subtract what a directory declares.

        Raises Refused if the budget is spent.
        """
        self.parts -= len(parts)
        self.unpacked -= sum(part.file_size for part in parts)
        if self.parts < 0:
            raise Refused(FileFault.TOO_MANY_PARTS)
        if self.unpacked < 0:
            raise Refused(FileFault.TOO_LARGE)


class RootReached(Exception):
    """The parser reached the root element and found no DTD."""


def is_encrypted(content: bytes) -> bool:
    """Return whether an Office file has a password.

    Word, Excel or PowerPoint.
    """
    return content.startswith(OLE) and ENCRYPTED_PACKAGE in content


def inspect(content: bytes, ending: str, *, embedded_in: Budget | None = None) -> None:
    """Raise Refused unless `content` is a harmless file of type `ending`.

    `ending` is docx, xlsx or pptx. An embedded file spends the rest of the budget of the file that
    it is in. Otherwise a small upload with many embedded files would unpack to 100 MB for each.
    """
    budget = embedded_in or Budget()
    if content.count(DIRECTORY_ENTRY) > MOST_PARTS:  # before zipfile makes an object for each
        raise Refused(FileFault.TOO_MANY_PARTS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, struct.error) as error:
        raise Refused(FileFault.DAMAGED) from error
    refuse_directory(parts)
    budget.spend(parts)
    # one level of embedding is allowed: a file in an embedded file is refused
    inner = budget if embedded_in is None else None
    types = set()
    for part in parts:
        part_content = inspect_part(content, part, inner)
        if part.filename == CONTENT_TYPES:
            types = types_in(part_content)
    if any("macroenabled" in name or "vbaproject" in name for name in types):
        raise Refused(FileFault.MACROS)
    if OF_TYPE[ending] not in types:
        raise Refused(FileFault.OTHER_TYPE, ending=ending)


def refuse_directory(parts: list[zipfile.ZipInfo]) -> None:
    """Raise Refused for bad names, sizes or encryption in a directory."""
    names = [part.filename.replace("\\", "/") for part in parts]
    if any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names):
        raise Refused(FileFault.NAME_LEADS_OUT)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Refused(FileFault.ENCRYPTED)
    # Checked before anything is unpacked: the ratio alone tells.
    if any(is_bomb(part) for part in parts):
        raise Refused(FileFault.TOO_LARGE)
    if len(set(names)) < len(names) or overlap(parts):
        raise Refused(FileFault.DAMAGED)


def overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Return whether two parts share packed bytes.

    By that a small archive unpacks to a very large one.
    """
    in_order = sorted(parts, key=lambda part: part.header_offset)
    return any(
        a.header_offset + LOCAL_HEADER.size + a.compress_size > b.header_offset
        for a, b in pairwise(in_order)
    )


def is_bomb(part: zipfile.ZipInfo) -> bool:
    """Return whether a part is packed tighter than any document."""
    return part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def inspect_part(content: bytes, part: zipfile.ZipInfo, budget: Budget | None) -> bytes:
    """Unpack one part and raise Refused for harmful content.

    `budget` is what an embedded file may spend; None forbids embedded files. Returns the content if
    `is_kept_whole`, else b"".
    """
    head, size, checksum, tail = b"", 0, 0, b""
    nested = io.BytesIO()
    for piece in pieces(content, part):
        size += len(piece)
        # The directory lied: stop at once, whatever else would come.
        if size > part.file_size:
            raise Refused(FileFault.TOO_LARGE)
        checksum = zlib.crc32(piece, checksum)
        # The head is enough to know the type and to read an XML prolog.
        head = head if len(head) >= HEAD else head + piece[:HEAD]
        if head.startswith(OLE) and VBA in tail + piece:
            raise Refused(FileFault.MACROS)
        tail = (tail + piece)[-len(VBA) :]  # a piece may be shorter than the mark
        if is_kept_whole(part, head):
            nested.write(piece)
    if size != part.file_size or checksum != part.CRC:
        raise Refused(FileFault.DAMAGED)
    refuse_content(part.filename.lower(), head, nested.getvalue(), budget)
    return nested.getvalue()


def is_kept_whole(part: zipfile.ZipInfo, head: bytes) -> bool:
    """Return whether a part is read as a whole.

    Once it is unpacked. These are the list of types and archives inside the archive.
    """
    return (part.filename == CONTENT_TYPES and part.file_size < LONGEST_TYPES) or is_archive(
        part.filename, head
    )


def is_archive(name: str, head: bytes) -> bool:
    """Return whether a part is an archive itself."""
    return head.startswith(ARCHIVES) and not name.lower().endswith(PACKED_PICTURES)


def refuse_content(name: str, head: bytes, whole: bytes, budget: Budget | None) -> None:
    """Raise Refused for a DTD and for an archive inside.

    An embedded Word, Excel or PowerPoint file is inspected within `budget`; None forbids it.
    """
    if name.endswith(XML_PARTS):
        refuse_dtd(head)
    if is_archive(name, head):
        ending = name.rpartition(".")[2]
        if budget is None or ending not in OF_TYPE:
            raise Refused(FileFault.ARCHIVE_INSIDE)
        inspect(whole, ending, embedded_in=budget)


def pieces(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked content of a part in pieces.

    It is unpacked from where the directory says it is, as office programs do.
    """
    start = part.header_offset
    # zipfile shifts the offsets by a value of the end record, so they may be negative
    if start < 0 or start + LOCAL_HEADER.size > len(content):
        raise Refused(FileFault.DAMAGED)
    mark, name, extra = LOCAL_HEADER.unpack_from(content, start)
    start += LOCAL_HEADER.size + name + extra
    if mark != b"PK\x03\x04" or start + part.compress_size > len(content):
        raise Refused(FileFault.DAMAGED)
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from inflated(packed)
    else:
        raise Refused(FileFault.DAMAGED)


def inflated(packed: memoryview) -> Iterator[bytes]:
    """Yield the inflated bytes in pieces.

    Raises Refused for broken data and for bytes after its end.
    """
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), HEAD):
            waiting: bytes | memoryview = packed[at : at + HEAD]
            if unpacker.eof:
                raise Refused(FileFault.DAMAGED)
            # at the end of the stream `unconsumed_tail` may still hold what `unused_data` has
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, PIECE)
                waiting = unpacker.unconsumed_tail
        # zlib may have taken the last input before it gave all output
        while not unpacker.eof and (rest := unpacker.decompress(b"", PIECE)):
            yield rest
    except zlib.error as error:
        raise Refused(FileFault.DAMAGED) from error
    if not unpacker.eof or unpacker.unused_data:
        raise Refused(FileFault.DAMAGED)


def refuse_dtd(head: bytes) -> None:
    """Raise Refused unless an XML part reaches its root without a DTD.

    `head` is the beginning of the part, in any encoding. A DTD can define entities that expand
    without end.
    """

    def refuse(*_declaration: object) -> None:
        raise Refused(FileFault.DTD)

    def stop(*_element: object) -> None:
        raise RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
    try:
        # False: the document goes on after the head.
        parser.Parse(head, False)
    except RootReached:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(FileFault.DAMAGED) from error
    raise Refused(FileFault.DAMAGED)


def types_in(whole: bytes) -> set[str]:
    """Return the declared content types in lower case.

    `whole` is [Content_Types].xml. It has no DTD, so expat is safe.
    """
    types: set[str] = set()

    def add_type(_name: str, attributes: dict[str, str]) -> None:
        types.add(attributes.get("ContentType", "").lower())

    parser = expat.ParserCreate()
    parser.StartElementHandler = add_type
    try:
        parser.Parse(whole, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(FileFault.DAMAGED) from error
    return types
