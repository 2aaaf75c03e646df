"""The chosen kinds of pasted paragraphs, as a code.

A page carries the code of what a person chose. Each entry names a paragraph by its words, so that
it holds while other paragraphs of the text are edited, moved or removed: "5d41402a.0=heading
7d793037.1=item".
"""

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from .blocks import CHOSEN_KINDS, ChosenKind, ParsedBlock

_KINDS: dict[str, ChosenKind] = {kind: kind for kind in CHOSEN_KINDS}


def decode(blocks: Sequence[ParsedBlock], code: str) -> tuple[ChosenKind | None, ...]:
    """Return the chosen kind of each recognised block.

    None for the kind that it has. An entry that names no block, or no kind, says nothing.
    """
    chosen = dict(entry.rpartition("=")[::2] for entry in code.split())
    return tuple(_KINDS.get(chosen.get(name, "")) for name in _names(blocks))


def encode(blocks: Sequence[ParsedBlock], kinds: Sequence[ChosenKind | None]) -> str:
    """Return the code of chosen kinds.

    A kind that a block has anyway is left out.
    """
    return " ".join(
        f"{name}={kind}"
        for name, block, kind in zip(_names(blocks), blocks, kinds, strict=True)
        if kind is not None and kind != block.chosen_kind
    )


def choose(
    blocks: Sequence[ParsedBlock], code: str, places: Collection[int], kind: ChosenKind
) -> str:
    """Return the code with another kind for some blocks.

    Those at `places`, from 0.
    """
    kinds = decode(blocks, code)
    return encode(blocks, [kind if i in places else before for i, before in enumerate(kinds)])


def _names(blocks: Sequence[ParsedBlock]) -> list[str]:
    """Return a name for each block.

    A checksum of its words, and its number among those with the same.
    """
    counted: Counter[str] = Counter()
    names = []
    for block in blocks:
        checksum = sha256(block.text.encode()).hexdigest()[:8]
        names.append(f"{checksum}.{counted[checksum]}")
        counted[checksum] += 1
    return names
