"""The labels of paragraphs ("PP 1", "OP 3") in the reader's language.

Positions store the labels that `textkit.blocks.label` gives as codes; nothing translated is
stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core import formatting
from coordination.textkit import blocks as blocks_textkit

LABELS = {
    "Title": pgettext_lazy("label of a paragraph", "Title"),
    "PP": _("PP %(number)s"),
    "OP": _("OP %(number)s"),
    "¶": _("¶ %(number)s"),
}


def block_labels(blocks: Iterable[Any]) -> tuple[str, ...]:
    """Return the label of each block, in order; "" for a heading."""
    return tuple(label_in_words(code) for code in blocks_textkit.label(blocks))


def label_in_words(code: str) -> str:
    """Return the translated label for a code ("OP 3")."""
    kind, _space, number = code.partition(" ")
    return str(LABELS[kind]) % {"number": number} if kind in LABELS else code


def labels_in_words(codes: str) -> str:
    """Return the translated labels for the codes of a position.

    For instance "PP 1 and OP 3" for "PP 1, OP 3".
    """
    return formatting.list_of(map(label_in_words, codes.split(", "))) if codes else ""


@dataclass(frozen=True, slots=True)
class ReservedParagraphs:
    """A reservation: its words, and its paragraphs as (label, key)."""

    paragraphs: tuple[tuple[str, str], ...]
    words: str


def reserved_paragraphs(reservation: str, blocks: Sequence[Any]) -> ReservedParagraphs:
    """Split a stored reservation into its paragraphs and words.

    "OP 3: Our mandate differs." One without paragraphs of this text is all words.
    """
    keys = dict(zip(blocks_textkit.label(blocks), (block.key for block in blocks), strict=True))
    about, colon, words = reservation.partition(": ")
    codes = about.split(", ")
    if not colon or not all(code and code in keys for code in codes):
        return ReservedParagraphs((), reservation)
    return ReservedParagraphs(tuple((label_in_words(code), keys[code]) for code in codes), words)
