"""Looks at the structure of pictures without drawing them.

A signature alone is easily put before anything.
"""

import struct
import zlib

PNG_HEAD, PNG_LAST = b"\x89PNG\r\n\x1a\n", b"IEND"
# a picture with program code in it, for servers that run what they store
CODE = (b"<?php", b"<script")


def is_png(content: bytes) -> bool:
    """Say whether a PNG file is whole.

    Each chunk has its length and its check sum, and nothing follows the last one.
    """
    at = len(PNG_HEAD)
    kinds: list[bytes] = []
    while at + 12 <= len(content) and kinds[-1:] != [PNG_LAST]:
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
    """Say whether a JPEG file has a frame and a scan, and an end.

    Cameras may add something after it.
    """
    at, framed = 2, False
    while content[at : at + 1] == b"\xff" and at + 4 <= len(content):
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        framed = framed or (0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC})  # noqa: PLR2004 - start of frame, ITU T.81
        if marker == 0xDA:  # noqa: PLR2004 - start of scan
            return framed and content.startswith(b"\xff\xd8") and content.find(b"\xff\xd9", at) > 0
        at += 1 if marker == 0xFF else 2 + max(length, 2)  # noqa: PLR2004 - fill bytes
    return False


def has_code(content: bytes) -> bool:
    """Say whether program code stands in a picture."""
    lower = content.lower()
    return any(mark in lower for mark in CODE)
