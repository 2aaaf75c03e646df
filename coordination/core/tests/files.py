"""Files as office programs write them, and as attackers make them; all are built here, and stored nowhere."""

import io
import struct
import zipfile
import zlib
from functools import cache

from docx import Document

from coordination.filekit.archives import CONTENT_TYPES, OF_TYPE

PDF = b"%PDF-1.7\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>\nendobj\n%%EOF\n"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"
)
ROOT = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><document/>'
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG_END = chunk(b"IEND", b"")
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + PNG_END
)


def jpeg_of_fill_bytes() -> bytes:
    """Return the head of a picture, then nothing but the bytes that may stand before a marker."""
    return JPEG[:20] + b"\xff" * 19_000_000


def jpeg_of_empty_segments() -> bytes:
    """Return a picture with nearly five million comments before its frame."""
    return JPEG[:20] + b"\xff\xfe\x00\x02" * 4_750_000 + JPEG[20:]


def png_of_empty_chunks() -> bytes:
    """Return a picture with a million and a half chunks without content."""
    return PNG[: -len(PNG_END)] + chunk(b"teXt", b"") * 1_580_000 + PNG_END


def types(*content_types: str) -> bytes:
    overrides = "".join(
        f'<Override PartName="/part{n}" ContentType="{each}"/>'
        for n, each in enumerate(content_types)
    )
    return f'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{overrides}</Types>'.encode()


def office(
    ending: str = "docx",
    more: dict[str, bytes] | None = None,
    *content_types: str,
    packed: int = zipfile.ZIP_DEFLATED,
    list_of_types: bytes = b"",
) -> bytes:
    """Return a file of a type with more parts and content types in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        archive.writestr(CONTENT_TYPES, list_of_types or types(OF_TYPE[ending], *content_types))
        archive.writestr("word/document.xml", ROOT)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def of_python_docx() -> bytes:
    """Return a text as a library writes it."""
    document = Document()
    document.add_paragraph("Joint statement on migrants in transit")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def bomb() -> bytes:
    """Return ten parts of a hundred megabytes each, in one megabyte or a few."""
    zeros, out = bytes(1024 * 1024), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(CONTENT_TYPES, types(OF_TYPE["docx"]))
        for n in range(10):
            with archive.open(f"word/media/image{n}.bin", "w", force_zip64=True) as part:
                for _ in range(1024 // 10):
                    part.write(zeros)
    return out.getvalue()


@cache
def lying_bomb() -> bytes:
    """Return a part of 200 megabytes whose directory says that it has a hundred bytes."""
    content = bytearray(office(more={"word/media/image.bin": bytes(200 * 1024 * 1024)}))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 100)
    return bytes(content)


@cache
def embedded_bomb() -> bytes:
    """Return a text of 40 kB with twenty sheets of 98 MB each, no part of which is over 1 MB."""
    sheet = office("xlsx", {f"xl/media/image{n}.bin": bytes(1024 * 1024) for n in range(98)})
    return office(more={f"word/embeddings/Sheet{n}.xlsx": sheet for n in range(20)})


def many_embedded_parts() -> bytes:
    """Return a text with four sheets of a thousand parts each."""
    sheet = office("xlsx", {f"xl/part{n}.bin": b"" for n in range(1000)})
    return office(more={f"word/embeddings/Sheet{n}.xlsx": sheet for n in range(4)})


def many_parts(count: int) -> bytes:
    return office(more={f"word/part{n}.bin": b"" for n in range(count)})


def renamed_part(before: str, after: str) -> bytes:
    """Return a file in which a part has a name that no library would write."""
    assert len(before) == len(after)
    return office(more={before: b"words"}).replace(before.encode(), after.encode())


def encrypted() -> bytes:
    content = bytearray(office())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 8, 1)
    return bytes(content)


def with_local_header(mark: bytes) -> bytes:
    """Return a file whose last part begins with other bytes than a part does."""
    content = office()
    at = content.rfind(b"PK\x03\x04")
    return content[:at] + mark + content[at + len(mark) :]


def with_part_beyond_the_end() -> bytes:
    """Return a file whose directory says that the last part begins where the file ends."""
    content = bytearray(office())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 42, len(content) - 8)
    return bytes(content)


def with_directory_shifted(by: int) -> bytes:
    """Return a file whose end record says that the directory begins later than it does."""
    content = bytearray(office())
    at = content.rfind(b"PK\x05\x06") + 16
    struct.pack_into("<I", content, at, struct.unpack_from("<I", content, at)[0] + by)
    return bytes(content)


def with_bytes_after_the_last(unpacked: int) -> bytes:
    """Return a file in which deflated bytes end, and the part goes on with others."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(bytes(unpacked)) + packer.flush()
    content = bytearray(office(more={"word/a.bin": packed + bytes(400_000)}, packed=0))
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.rfind(mark) + method, zipfile.ZIP_DEFLATED)
    return bytes(content)


def with_first_byte(byte: bytes) -> bytes:
    """Return a file in which the packed bytes of the first part begin with another one."""
    content = office()
    start = 30 + len(CONTENT_TYPES)
    return content[:start] + byte + content[start + 1 :]


def overlapping() -> bytes:
    """Return a file whose directory names the same packed bytes again and again."""
    content = office(more={f"word/media/{n}.bin": bytes(90_000) for n in range(9)})
    start = content.index(b"PK\x01\x02")
    entries, first = bytearray(content[start:]), None
    at = 0
    while entries[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", entries, at + 28)
        if b".bin" in entries[at + 46 : at + 46 + name]:
            first = struct.unpack_from("<I", entries, at + 42)[0] if first is None else first
            struct.pack_into("<I", entries, at + 42, first)
        at += 46 + name + extra + comment
    return content[:start] + bytes(entries)
