"""From the lines of a pasted text to its paragraphs.

Word and web pages give one line for a paragraph, with soft line ends in it; a PDF or an e-mail
breaks each paragraph into lines of about one width, with or without blank lines between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import regex

from .cleaning import clean
from .numbering import Mark, begins_order, follows, mark_of
from .opening_words import opens_operative, opens_preambular
from .tokens import tokens

# longer paragraphs are not headings, whatever their signs; a longer line ends a paragraph
_MOST_WORDS_OF_TITLE = 30
_MOST_WORDS_OF_HEADING = 12
_LONGEST_WRAPPED_LINE, _SHORTEST_WRAPPED_LINE = 120, 40
# in a text of wrapped lines: how many lines are nearly full, and how full a line is before another
_FULL_LINES, _NEARLY_FULL, _FULL = 3, 0.8, 0.7
# before a number that continues no order a line of words alone is a heading up to this length
_LONGEST_HEADING_LINE = 45

# Word's paragraph ends are line ends or U+2029; its soft ones, \v and U+2028, stay in a paragraph,
# unless a clause begins after one
_HARD_END = regex.compile(r"\r\n|[\n\r\f\x85]")
_PHRASE_END = regex.compile(r"(?:[.,;:،؛。，；：]|[,;]\s+(?:and|or|et|ou|y|o|и|или))[*_\"”»\s]*$")
_SENTENCE_END = regex.compile(r"[.;:!?؛؟。；：！？][*_\"”»)\s]*$")
_DASH = regex.compile(r"[‐‑–—−-]$")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3001-\u303f\uff00-\uff65]")
# words that end no title and no sentence
_CONNECTOR = regex.compile(
    r"""(?<!\p{L})(?:of|the|on|and|or|for|to|in|by|with|from|at|an?
    |de|du|des|la|les?|et|sur|pour|par|aux?|en|dans|del|el|los|las|y|para|por|sobre|con
    |об?|и|в|на|по|для|от|из|со?|к|عن|في|من|على|إلى|بشأن)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
# words before a number that is not that of a paragraph
_REFERENCE = regex.compile(
    r"""(?<!\p{L})(?:art(?:icles?|\.)|para(?:graphs?|s?\.)|resolutions?|sections?|chapters?|pages?
    |no\.|art[íi]culos?|párrafos?|resoluci[óo]n(?:es)?|paragraphes?|résolutions?|chapitres?
    |стать\p{L}*|пункт\p{L}*|резолюци\p{L}*|المادة|الفقرة|القرار)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CYRILLIC = regex.compile(r"\p{Cyrillic}")

_DATE = r"""
    \d{1,2}(?:er|st|nd|rd|th|º|°)?\.?\s+(?:de\s+)?\p{L}[\p{L}/]*\.?\s+(?:de\s+)?\d{4}
  | \p{L}+\s+\d{1,2},?\s+\d{4} | \d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日
  | \d{1,2}[./]\d{1,2}[./]\d{4} | \d{4}-\d{2}-\d{2}"""
_DATE_LINE = regex.compile(
    rf"""[(\[]?(?:\p{{L}}[\p{{L}}'’.\ -]{{0,30}}[,،，]\s*){{0,3}}(?:(?:le|el|the|on)\s+)?
    (?:{_DATE})(?:\s*(?:года|г\.))?\s*[.)\]]?""",
    regex.VERBOSE | regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A clean line.

    `soft` if no hard line end stands before it, `apart` if a blank line does.
    """

    text: str
    soft: bool
    apart: bool


@dataclass(slots=True)
class _Layout:
    """What is known of a text while its lines are read.

    `width` is that of its wrapped lines, 0 if they are not wrapped. `last` has the last mark of
    each shape. `heads`: all lines so far are in capitals or a date. `begun`: the line before began
    its paragraph.
    """

    blank_lines: bool
    width: int
    last: dict[str, Mark] = field(default_factory=dict)
    heads: bool = True
    begun: bool = True


def paragraphs(text: str) -> Iterator[str]:
    """Yield the clean paragraphs of a pasted text.

    Each is one line. No word is lost.
    """
    lines = list(_lines(text))
    blank_lines = any(line.apart for line in lines)
    layout = _Layout(blank_lines, 0 if blank_lines else _width([line.text for line in lines]))
    paragraph, previous = "", ""
    for line in lines:
        layout.heads = layout.heads and (line.text.isupper() or is_date_line(line.text))
        apart = line.apart and not (layout.heads and _continues_title(previous, line.text))
        if not paragraph or apart or _begins_paragraph(line, previous, layout):
            if paragraph:
                yield paragraph
            paragraph = line.text
        else:
            paragraph = _join_lines(paragraph, line.text)
        previous, layout.begun = line.text, paragraph == line.text
        mark = mark_of(line.text)
        if mark and layout.begun:
            layout.last[mark.shape] = mark
    if paragraph:
        yield paragraph


def _continues_title(previous: str, line: str) -> bool:
    """Whether a line after a blank one continues a title.

    "STATEMENT" / "ON MIGRATION".
    """
    first, last = line.split(maxsplit=1)[0], previous.rsplit(maxsplit=1)[-1:]
    return any(_CONNECTOR.fullmatch(word) for word in (first, *last))


def is_date_line(text: str) -> bool:
    """Whether a line is only a day, with or without place."""
    return _DATE_LINE.fullmatch(text) is not None


def is_heading(text: str) -> bool:
    """Whether `text` is a heading: in capitals, or short without end sign.

    A text that opens in italics is a preambular paragraph.
    """
    if text.isupper():
        return word_count(text) <= _MOST_WORDS_OF_TITLE
    if text[0] in "*_" or text[0].islower():
        return False
    return not ends_phrase(text) and word_count(text) <= _MOST_WORDS_OF_HEADING


def may_be_title(text: str) -> bool:
    """Whether `text` can be the title, if it stands first."""
    return not ends_phrase(text) and word_count(text) <= _MOST_WORDS_OF_TITLE


def ends_phrase(text: str) -> bool:
    """Whether `text` ends a sentence, clause or preambular paragraph."""
    return _PHRASE_END.search(text) is not None


def word_count(text: str) -> int:
    """Return the number of words."""
    return sum(token[0].isalnum() for token in tokens(text))


def _lines(text: str) -> Iterator[_Line]:
    apart = False
    first = True
    for hard in _HARD_END.split(text.replace("\u2029", "\n\n")):
        parts = [part for part in clean(hard).split("\n") if part]
        for i, part in enumerate(parts):
            yield _Line(part, soft=i > 0, apart=apart and i == 0)
            first = False
        apart = not parts and not first


def _width(lines: Sequence[str]) -> int:
    """Return the width of wrapped lines.

    0 where each line is a paragraph.
    """
    widest = max(map(len, lines), default=0)
    full = sum(len(line) >= _NEARLY_FULL * widest for line in lines)
    fits = _SHORTEST_WRAPPED_LINE <= widest <= _LONGEST_WRAPPED_LINE
    return widest if fits and full >= _FULL_LINES else 0


def _begins_paragraph(line: _Line, previous: str, layout: _Layout) -> bool:
    """Whether a line begins a paragraph.

    Else it continues the line `previous`.
    """
    text, mark = line.text, mark_of(line.text)
    if mark and _mark_begins(mark, text, previous, layout):
        return True
    if is_date_line(text) or is_date_line(previous):
        return True
    goes_on = _CONNECTOR.search(previous) or _REFERENCE.search(previous)
    is_title_over_lines = layout.heads and not line.soft and not mark_of(previous)
    if goes_on or is_title_over_lines:
        return False
    # a soft line end stays in a paragraph, but some set each clause of a preamble so
    if line.soft:
        return _opens_after(previous, text)
    if _is_marked_heading(text) or _is_marked_heading(previous):
        return True
    return _stands_alone(text, previous, layout)


def _stands_alone(text: str, previous: str, layout: _Layout) -> bool:
    """Whether a line without numbering begins a paragraph.

    By its words and the layout.
    """
    if layout.blank_lines and len(previous) <= _LONGEST_WRAPPED_LINE:
        return _opens_after(previous, text)
    opens = opens_preambular(text) or opens_operative(text)
    # no paragraph begins with a lower-case letter; without blank lines each other line is one,
    # unless the lines are wrapped and the one before is full and ends no sentence
    if text[0].islower():
        # but Russian preambles
        is_new = opens and not layout.width and ends_phrase(previous)
        return is_new and _CYRILLIC.match(text) is not None
    full = layout.width and len(previous) >= _FULL * layout.width
    return opens or not full or _SENTENCE_END.search(previous) is not None


def _opens_after(previous: str, text: str) -> bool:
    """Whether a line's words open a paragraph.

    It stands after one that ends a phrase.
    """
    opens = opens_preambular(text) or opens_operative(text)
    return opens and ends_phrase(previous) and not text[0].islower()


def _mark_begins(mark: Mark, text: str, previous: str, layout: _Layout) -> bool:
    """Whether numbering at the start of a line is real.

    It may be part of the sentence before. "Convention, article" / "12. States shall" has none,
    unless 11 stands before it.
    """
    if mark.kind == "number" and _REFERENCE.search(previous):
        return False
    if mark.kind in {"label", "sign"} or follows(mark, layout.last.get(mark.shape)):
        return True
    if ends_phrase(previous):
        return True
    if mark.kind == "bullet":
        return not _DASH.search(mark.text)
    if mark.kind == "capital":
        return _is_marked_heading(text)
    short = layout.begun and len(previous) <= _LONGEST_HEADING_LINE
    return begins_order(mark) or (short and is_heading(previous))


def _is_marked_heading(line: str) -> bool:
    """Whether a line has the capitals, sign or number of a heading."""
    mark = mark_of(line)
    if mark and mark.kind in {"sign", "capital"}:
        return is_heading(line[mark.end :])
    return line.isupper() and is_heading(line)


def _join_lines(paragraph: str, line: str) -> str:
    """Join two wrapped lines, with a space where the script writes one."""
    if (paragraph[-1] == "-" and line[0].islower()) or (
        _UNSPACED.match(paragraph[-1]) and _UNSPACED.match(line)
    ):
        return paragraph + line
    return f"{paragraph} {line}"
