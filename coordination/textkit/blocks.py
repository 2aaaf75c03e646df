"""Recognising and numbering the blocks of a text.

The rules are those of the United Nations Editorial Manual (Resolutions and other formal decisions,
II.C, D and H). Preambular paragraphs have no number, open with a participle and end with a comma.
Operative paragraphs have arabic numerals, open with a verb and end with a semicolon, the last with
a full stop. Joint statements are freer: any other paragraph belongs to the body.

Title, headings and sub-paragraphs keep their numbering, as nothing else gives them one; bullets
under an operative or preambular paragraph become letters. All other numbering is taken off:
preambular, operative and body paragraphs are numbered by their place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from .lines import is_date_line, is_heading, may_be_title, paragraphs
from .numbering import Mark, as_written, follows, is_item, mark_of, next_letter
from .opening_words import opens_operative, opens_preambular

BlockKind = Literal["title", "heading", "preambular", "operative", "body"]
KINDS: tuple[BlockKind, ...] = get_args(BlockKind)
# a sub-paragraph is a paragraph of the body that keeps its letter
ChosenKind = Literal["title", "heading", "preambular", "operative", "body", "item"]
CHOSEN_KINDS: tuple[ChosenKind, ...] = get_args(ChosenKind)

_NAMES = {"title": "Title", "preambular": "PP {}", "operative": "OP {}", "body": "¶ {}"}
# the numbering that sub-paragraphs and headings keep
_BRACKETED = frozenset({"(1)", "（1）", "（一）"})
_ITEM_MARKS = frozenset({"letter", "bullet"})
_HEADING_MARKS = frozenset({"number", "letter", "capital"})
_KIND_OF_LABEL: dict[str, BlockKind] = {"P": "preambular", "O": "operative", "¶": "body"}


class _HasKind(Protocol):
    """Any block with a kind."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """A recognised block; ``text`` is clean.

    ``mark`` is the numbering, label or heading sign that was taken off, "" where none was.
    """

    kind: BlockKind
    text: str
    mark: str = field(default="", compare=False)

    @property
    def chosen_kind(self) -> ChosenKind:
        """Return the kind, "item" for a sub-paragraph."""
        return "item" if self.kind == "body" and is_item(self.text) else self.kind


def recognise(text: str) -> tuple[ParsedBlock, ...]:
    """Split a pasted text into clean blocks (see :func:`.cleaning.clean`).

    Blank lines separate paragraphs; without any, line ends do. Wrapped lines are joined. Numbering,
    labels and heading signs are removed, and nothing else. The kinds are guesses that a person can
    correct (see :func:`with_kinds`).
    """
    return tuple(_blocks(paragraphs(text)))


def with_kinds(
    blocks: Iterable[ParsedBlock], kinds: Iterable[ChosenKind | None]
) -> tuple[ParsedBlock, ...]:
    """Return the blocks with the kinds that a person chose.

    None leaves the kind as it is. A block that becomes a heading or a sub-paragraph gets back the
    numbering that was taken off; one that was a heading or a sub-paragraph loses it. A
    sub-paragraph without any is lettered.
    """
    changed: list[ParsedBlock] = []
    for block, kind in zip(blocks, kinds, strict=True):
        if kind is None or kind == block.chosen_kind:
            changed.append(block)
        else:
            changed.append(_with_kind(block, kind, changed[-1] if changed else None))
    return tuple(changed)


def _with_kind(block: ParsedBlock, kind: ChosenKind, before: ParsedBlock | None) -> ParsedBlock:
    kept = mark_of(block.text) if block.chosen_kind in {"heading", "item"} else None
    mark, words = (kept.text, block.text[kept.end :]) if kept else (block.mark, block.text)
    numbered = mark_of(f"{mark} X") if mark else None
    if kind == "item":
        if numbered and (numbered.kind in _ITEM_MARKS or numbered.shape in _BRACKETED):
            return ParsedBlock("body", f"{mark} {words}")
        letter = mark_of(before.text) if before and before.chosen_kind == "item" else None
        return ParsedBlock("body", f"{next_letter(letter.text if letter else '')} {words}", mark)
    if kind == "heading" and numbered and numbered.kind in _HEADING_MARKS:
        return ParsedBlock("heading", f"{mark} {words}")
    return ParsedBlock(kind, words, mark)


def label(blocks: Iterable[_HasKind]) -> tuple[str, ...]:
    """Return the label of each block: Title, PP 1, OP 3.

    Body paragraphs are ¶ 1, ¶ 2; a heading has the label "".
    """
    counted: Counter[str] = Counter()
    labels = []
    for block in blocks:
        counted[block.kind] += 1
        labels.append(_NAMES.get(block.kind, "").format(counted[block.kind]))
    return tuple(labels)


@dataclass(slots=True)
class _Context:
    """What stands before a paragraph, for the kind of the next one.

    `top` has the last mark of numbered paragraphs by shape, `items` that of the sub-paragraphs
    right before. The others tell of the last paragraph that is no sub-paragraph. `leads_in`: it is
    preambular or operative and ends with a colon. `is_numbered`: it has a number. `is_lettered`:
    bullets under it become letters; `letter` is the last one.
    """

    top: dict[str, Mark] = field(default_factory=dict)
    items: dict[str, Mark] = field(default_factory=dict)
    leads_in: bool = False
    is_numbered: bool = False
    is_lettered: bool = False
    letter: str = ""
    has_title: bool = False


def _blocks(texts: Iterable[str]) -> Iterator[ParsedBlock]:
    context = _Context()
    for text in texts:
        block = _block(text, context)
        mark = mark_of(text)
        context.has_title = context.has_title or not is_date_line(text)
        if mark and block.chosen_kind == "item":
            context.items[mark.shape] = mark
            context.is_lettered = context.is_lettered and mark.kind == "bullet"
            given = mark_of(block.text) if block.mark else None
            context.letter = given.text if given else ""
        else:
            context.items, context.letter = {}, ""
            context.is_lettered = block.kind in {"preambular", "operative"}
            context.leads_in = block.kind in {"preambular", "operative"} and text[-1] in ":："
            context.is_numbered = mark is not None and mark.kind in {"number", "label"}
            if mark:
                context.top[mark.shape] = mark
        yield block


def _block(text: str, context: _Context) -> ParsedBlock:
    mark = mark_of(text)
    if mark is None or mark.kind == "sign":
        words = text[mark.end :] if mark else text
        kind = _kind(words, first=not context.has_title)
        return ParsedBlock(kind, words, mark.text if mark else "")
    words = text[mark.end :]
    if mark.kind == "label":
        return ParsedBlock(_KIND_OF_LABEL[mark.text[0]], words, mark.text)
    if _is_sub_paragraph(mark, words, context):
        return _item(mark, words, context)
    return _numbered(mark, text, words, context)


def _numbered(mark: Mark, text: str, words: str, context: _Context) -> ParsedBlock:
    """Return a paragraph with numbering that stands under no other one."""
    opened, heading = _opened(words), is_heading(words)
    # "2. Call for action" is an act, "IV. Call for action" a heading
    if heading and (mark.kind == "capital" or (mark.kind == "number" and opened != "operative")):
        return ParsedBlock("heading", text)
    if opened or mark.kind == "number":
        return ParsedBlock(opened or "operative", words, mark.text)
    # a capital may be the initial of a name
    return ParsedBlock("body", text) if mark.kind == "capital" else _item(mark, words, context)


def _item(mark: Mark, words: str, context: _Context) -> ParsedBlock:
    """Return a sub-paragraph with its letter or bullet.

    All bullets that Word has become one sign. A bullet under an operative or preambular paragraph
    becomes a letter, by which others can name the sub-paragraph. Under a letter it stays.
    """
    if mark.kind == "bullet" and context.is_lettered:
        return ParsedBlock("body", f"{next_letter(context.letter)} {words}", mark.text)
    return ParsedBlock("body", f"{as_written(mark)}{words}")


def _is_sub_paragraph(mark: Mark, words: str, context: _Context) -> bool:
    """Whether a numbered paragraph belongs under the one that leads in.

    So do a list after a colon, and what continues it. What continues the numbers of the paragraphs
    themselves does not.
    """
    if mark.kind not in {"letter", "bullet", "number"}:
        return False
    if mark.kind != "bullet" and follows(mark, context.top.get(mark.shape)):
        return False
    if mark.kind == "number":
        restarts = 1 in mark.values and (context.is_numbered or mark.shape in _BRACKETED)
        return (context.leads_in and restarts) or (
            follows(mark, context.items.get(mark.shape)) and not is_heading(words)
        )
    return context.leads_in or bool(context.items)


def _kind(text: str, *, first: bool) -> BlockKind:
    if is_date_line(text):
        return "heading"
    if first and may_be_title(text):
        return "title"
    if is_heading(text):
        return "heading"
    return _opened(text) or "body"


def _opened(words: str) -> BlockKind | None:
    """Return the kind of a paragraph by its opening words."""
    if opens_preambular(words):
        return "preambular"
    return "operative" if opens_operative(words) else None
