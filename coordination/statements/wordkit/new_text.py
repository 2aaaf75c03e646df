"""Read any Word document as the text of a new draft.

Its styles say what its paragraphs are.
"""

from typing import NamedTuple

from coordination.textkit import chosen_kinds
from coordination.textkit.blocks import ChosenKind, ParsedBlock, recognise
from coordination.textkit.numbering import mark_of

from .document import FileParagraph, ReadDocument, accepts, groups, is_seen, seen_text
from .matching import OWN_LINES, cleaned


class NewText(NamedTuple):
    """A text to paste, and the code of what its paragraphs are (`textkit.chosen_kinds`)."""

    text: str
    kinds: str = ""


class _ReadLine(NamedTuple):
    """A paragraph with its number, and the kind that its style gives it."""

    text: str
    kind: ChosenKind | None


def new_text(document: ReadDocument) -> NewText:
    """Return the text of a document with all changes accepted.

    Headings and the title are known by their styles, paragraphs by the numbers that Word counts,
    preambular and operative ones also by opening words in italics.
    """
    lines = [line for line in _lines(document) if line.text]
    text = "\n\n".join(line.text for line in lines)
    recognised = recognise(text)
    # a line that looks like two paragraphs, or two like one, leaves the kinds to be guessed
    if len(recognised) != len(lines):
        return NewText(text)
    kinds = [_kind(line, block) for line, block in zip(lines, recognised, strict=True)]
    return NewText(text, chosen_kinds.encode(recognised, kinds))


def _lines(document: ReadDocument) -> list[_ReadLine]:
    everything = accepts(None)
    lines: list[_ReadLine] = []
    for together in groups(document.paragraphs, everything):
        paragraphs = [document.paragraphs[place] for place in together]
        if paragraphs[0].style in OWN_LINES:
            continue
        # an empty line would part the paragraph
        words = cleaned("".join(seen_text(one, everything) for one in paragraphs))
        number = document.numbers[together[0]] if document.numbers else ""
        if words and number and mark_of(words) is None:
            words = f"{number} {words}"
        lines.append(_ReadLine(words, _kind_of_style(paragraphs[0])))
    return lines


def _kind_of_style(paragraph: FileParagraph) -> ChosenKind | None:
    """Return what the style of a paragraph says, None for nothing."""
    if paragraph.heading >= 0:
        return "heading" if paragraph.heading else "title"
    first = next(
        (
            segment
            for segment in paragraph.segments
            if is_seen(segment.inserted, segment.deleted, accepts(None)) and segment.text.strip()
        ),
        None,
    )
    if first is None or not first.italic:
        return None
    words = seen_text(paragraph, accepts(None)).strip()
    if len(first.text.strip()) >= len(words):
        return None  # all of it is in italics
    return "preambular" if words.endswith(",") else "operative" if words[-1] in ";." else None


def _kind(line: _ReadLine, block: ParsedBlock) -> ChosenKind | None:
    """Return a style's kind, unless the words say it better."""
    if line.kind in {"preambular", "operative"} and block.kind != "body":
        return None
    return line.kind
