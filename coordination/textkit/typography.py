"""Typography: signs that look different and mean the same.

Curly and straight quotes, no-break and double spaces, hyphens and dashes, and NFC and NFD count as
equal when texts are compared.
"""

import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import regex

_LIKE = {
    "'": "‘’‚‛′ʼ`´",
    '"': "“”„‟″",
    "-": "‐‑‒–—―−﹘﹣－",
    " ": "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f",
}
_PLAIN = {sign: plain for plain, signs in _LIKE.items() for sign in signs}
_VARIANT = regex.compile(f"[{regex.escape(''.join(_PLAIN))}]")
_PIECE = regex.compile(r"[ \t\p{Zs}]+|\X", regex.V1)


class PlainText(NamedTuple):
    """A text with plain signs.

    ``places[i]`` is where the sign ``i`` is in the original, with its end last; None if all are at
    their own places.
    """

    text: str
    places: Sequence[int] | None

    def place(self, at: int) -> int:
        """Return where the sign at ``at`` is in the original text."""
        return at if self.places is None else self.places[at]


def plain(text: str) -> PlainText:
    """Return ``text`` in NFC with straight quotes, hyphens and single plain spaces."""
    if text.isascii():
        if "  " not in text and "\t" not in text:
            return PlainText(text, None)
    elif unicodedata.is_normalized("NFC", text):
        for sign in set(_VARIANT.findall(text)):
            text = text.replace(sign, _PLAIN[sign])
        if "  " not in text:
            return PlainText(text, None)
    pieces = _PIECE.findall(text)
    plain_pieces = [_plain_piece(piece) for piece in pieces]
    places: list[int] = []
    for start, piece in zip(accumulate(map(len, pieces), initial=0), plain_pieces, strict=False):
        places += [start] * len(piece)
    return PlainText("".join(plain_pieces), [*places, len(text)])


def is_same_but_typography(text: str, other: str) -> bool:
    """Say whether two texts differ at most in typography."""
    return text == other or plain(text).text == plain(other).text


def _plain_piece(piece: str) -> str:
    if piece.isspace() and piece[0] not in "\n\r":
        return " "
    composed = unicodedata.normalize("NFC", piece)
    return "".join(_PLAIN.get(sign, sign) for sign in composed)
