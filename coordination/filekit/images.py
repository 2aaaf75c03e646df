"""Checks the structure of pictures without drawing them.

A signature alone is not enough: it can be put before any other content.
"""

import re
import struct
import zlib

PNG_HEAD, PNG_LAST = b"\x89PNG\r\n\x1a\n", b"IEND"
# program code in a picture, meant for servers that run the files they store
CODE = (b"<?php", b"<script")
# more than any camera or program writes; each costs one turn of a loop
MOST_SEGMENTS = 100_000
# fill bytes, a marker, and the length after it (ITU T.81, B.1.1)
SEGMENT = re.compile(rb"\xff++([^\xff])(..)", re.DOTALL)


def is_png(content: bytes) -> bool:
    """Return whether a PNG file is complete.

    Each chunk has its length and checksum, and nothing follows the last one. A file of more than
    MOST_SEGMENTS chunks is refused.
    """
    at = len(PNG_HEAD)
    kinds: list[bytes] = []
    while at + 12 <= len(content) and kinds[-1:] != [PNG_LAST] and len(kinds) < MOST_SEGMENTS:
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 8 + length
        if end + 4 > len(content) or zlib.crc32(
            memoryview(content)[at + 4 : end]
        ) != int.from_bytes(content[end : end + 4]):
            return False
        kinds.append(kind)
        at = end + 4
    return (
        content.startswith(PNG_HEAD)
        and kinds[:1] == [b"IHDR"]
        and kinds[-1:] == [PNG_LAST]
        and at == len(content)
    )


def is_jpeg(content: bytes) -> bool:
    """Return whether a JPEG has a frame, scan and end.

    Cameras may add something after the end. A file of more than MOST_SEGMENTS segments before the
    scan is refused.
    """
    at, has_frame = 2, False
    for _segment in range(MOST_SEGMENTS):
        segment = SEGMENT.match(content, at)
        if segment is None:
            return False
        marker, length = segment[1][0], int.from_bytes(segment[2])
        has_frame = has_frame or (0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC})  # noqa: PLR2004 - start of frame, ITU T.81
        # After the start of scan comes compressed data without segments.
        if marker == 0xDA:  # noqa: PLR2004 - start of scan
            return (
                has_frame and content.startswith(b"\xff\xd8") and content.find(b"\xff\xd9", at) > 0
            )
        at = segment.end(1) + max(length, 2)
    return False


def has_code(content: bytes) -> bool:
    """Return whether a picture contains program code."""
    lower = content.lower()
    return any(mark in lower for mark in CODE)
