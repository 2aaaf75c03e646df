"""A pasted text as it is shown before it is saved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from coordination.statements.enums import BlockKind
from coordination.statements.queries import labels
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit import chosen_kinds
from coordination.textkit.blocks import ParsedBlock

# what a pasted paragraph can be; a sub-paragraph is a paragraph of the body with its letter
PASTED_KINDS = [
    *BlockKind.choices,
    ("item", pgettext_lazy("kind of paragraph", "sub-paragraph")),
]


@dataclass(frozen=True, slots=True)
class PastedParagraph:
    """A pasted paragraph with its label and its kind in words.

    `place` counts from 0; `is_chosen` says that a person changed its kind.
    """

    place: int
    block: ParsedBlock
    label: str
    kind: str
    is_chosen: bool

    @property
    def is_heading(self) -> bool:
        """Say whether it is the title or a heading."""
        return self.block.kind in {BlockKind.TITLE, BlockKind.HEADING}


def pasted_paragraphs(recognised: Sequence[ParsedBlock], code: str) -> list[PastedParagraph]:
    """Return the paragraphs of a recognised text with the kinds of `code` (`chosen_kinds`)."""
    kinds = chosen_kinds.decode(recognised, code)
    blocks = blocks_textkit.with_kinds(recognised, kinds)
    names = dict(PASTED_KINDS)
    return [
        PastedParagraph(
            place,
            block,
            "" if block.chosen_kind == "item" else label,
            str(names[block.chosen_kind]),
            kind is not None,
        )
        for place, (block, label, kind) in enumerate(
            zip(blocks, labels.block_labels(blocks), kinds, strict=True)
        )
    ]
