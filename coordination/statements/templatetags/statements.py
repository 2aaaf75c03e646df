"""Tags of the statements domain.

They show the statement's words, their differences, and how a state or a position looks.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from html import escape

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from coordination.statements.enums import AmendmentState, PositionKind, StatementState
from coordination.statements.models import Amendment, Statement
from coordination.statements.queries import labels
from coordination.statements.queries.attribution import AttributedSegment
from coordination.statements.queries.compilation import NamedRun
from coordination.textkit import italics
from coordination.textkit.numbering import is_item
from coordination.textkit.opening_words import opening_length
from coordination.textkit.segmentation import Segment

register = template.Library()
register.filter("labels_in_words", labels.labels_in_words)

EMPHASIS = re.compile(r"\*([^*\n]+)\*")

STATE_LOOKS = {
    StatementState.DRAFTING: ("plain", "pencil"),
    StatementState.AMENDMENTS: ("action", "open"),
    StatementState.CONSOLIDATION: ("waits", "merge"),
    StatementState.CLEARANCE: ("waits", "silent"),
    StatementState.ADOPTED: ("settled", "approve"),
    StatementState.WITHDRAWN: ("plain", "minus"),
}
POSITION_LOOKS = {
    PositionKind.APPROVE: ("settled", "approve"),
    PositionKind.RESERVE: ("settled", "reserve"),
    PositionKind.OBJECT: ("blocks", "object"),
    PositionKind.NOT_JOIN: ("plain", "minus"),
}
AMENDMENT_LOOKS = {
    AmendmentState.OPEN: ("plain", "open"),
    AmendmentState.TAKEN: ("settled", "check"),
    AmendmentState.ADAPTED: ("settled", "pencil"),
    AmendmentState.DECLINED: ("plain", "minus"),
    AmendmentState.CARRIED: ("action", "open"),
    AmendmentState.RETURNED: ("waits", "undo"),
    AmendmentState.LAPSED: ("plain", "minus"),
    AmendmentState.WITHDRAWN: ("plain", "undo"),
}

Look = dict[str, str]


def _look(tone_and_icon: tuple[str, str], words: object) -> Look:
    tone, icon = tone_and_icon
    text = str(words)
    return {"tone": tone, "icon": icon, "words": text[:1].upper() + text[1:]}


@register.filter
def state_look(statement: Statement) -> Look:
    """Return how a statement's state is shown: tone, icon, words."""
    if statement.released_at is not None:
        return _look(("settled", "check"), _("released"))
    state = StatementState(statement.state)
    return _look(STATE_LOOKS[state], state.label)


@register.filter
def position_look(kind: str) -> Look:
    """Return how a position is shown."""
    return _look(POSITION_LOOKS[PositionKind(kind)], PositionKind(kind).label)


@register.filter
def amendment_look(amendment: Amendment) -> Look:
    """Return how what became of an amendment is shown."""
    state = AmendmentState(amendment.state)
    return _look(AMENDMENT_LOOKS[state], state.label)


@register.filter
def words(text: str) -> SafeString:
    """Return a statement's words as HTML, with emphasis and line breaks."""
    # escaped first: only the tags below are ours
    escaped = escape(text)
    if "*" in escaped:
        escaped = EMPHASIS.sub(r"<em>\1</em>", escaped)
    return mark_safe(escaped.replace("\n", "<br>"))


@register.simple_tag
def paragraph_words(text: str, kind: str, language: str) -> SafeString:
    """Return a paragraph's words with opening words in italics, as in UN texts.

    `kind` is that of its block.
    """
    return mark_safe(_opened(text, opening_length(text, kind, language)))


def _opened(text: str, length: int) -> str:
    """Return words of which the first characters, `length` of them, are an opening."""
    if not length:
        return words(text)
    return f"<em>{words(text[:length])}</em>{words(text[length:])}"


@register.filter
def layout(text: str) -> str:
    """Return the class of a paragraph: an item, "(a) …", is indented."""
    return "item" if is_item(text) else ""


def ours(text: str, kind: str = "") -> SafeString:
    """Return words in the page's language that stand among a statement's own.

    `dir="auto"` around them goes by the statement's words alone.
    """
    looks = format_html(' class="{}"', kind) if kind else ""
    return format_html(
        '<span{} lang="{}" dir="{}">{}</span>',
        looks,
        get_language(),
        "rtl" if get_language_bidi() else "ltr",
        text,
    )


@register.simple_tag
def word_diff(segments: Sequence[Segment], kind: str = "", language: str = "") -> SafeString:
    """Return word-level differences, with words for a screen reader.

    Those words are in the page's language, not the statement's, which is `language`. `kind` is that
    of the block; without it no opening is in italics.
    """
    marks = _marks(get_language())
    lengths = italics.of_change(segments, kind, language)
    return mark_safe(
        "".join(
            _piece(segment, length, marks)
            for segment, length in zip(segments, lengths, strict=True)
        )
    )


@register.simple_tag
def attributed_diff(marks: Sequence[AttributedSegment], kind: str, language: str) -> SafeString:
    """Return word-level differences, each change with the number of its author.

    `kind` and `language` are as of `word_diff`.
    """
    around = _marks(get_language())
    lengths = italics.of_change([mark.segment for mark in marks], kind, language)
    return mark_safe(
        "".join(
            _piece(mark.segment, length, around, mark.number)
            for mark, length in zip(marks, lengths, strict=True)
        )
    )


@register.simple_tag
def origin_words(text: str, number: int) -> SafeString:
    """Return words with their author's number; 0 is draft 1."""
    if not number:
        return words(text)
    kept = text.rstrip()
    tail = f"{_raised(number)}{words(text[len(kept) :])}"
    return mark_safe(f'<mark class="origin">{words(kept)}{tail}</mark>')


@cache
def _marks(language: str | None) -> dict[str, tuple[str, str]]:
    """Return what stands before and after words that are kept, added or deleted."""
    end = '<span class="sr">]</span>'
    return {
        "insert": ("<ins>" + ours(f"[{_('added:')} ", kind="sr"), end + "</ins>"),
        "delete": ("<del>" + ours(f"[{_('deleted:')} ", kind="sr"), end + "</del>"),
        "keep": ("", ""),
    }


def _piece(
    segment: Segment, length: int, marks: dict[str, tuple[str, str]], number: int = 0
) -> str:
    """Return a run of a difference, its opening of `length` characters in italics."""
    before, after = marks[segment.kind]
    # the number stands before the space at the end: else it could begin a line
    kept = segment.text.rstrip() if number else segment.text
    text = _opened(kept, min(length, len(kept)))
    return f"{before}{text}{_raised(number)}{words(segment.text[len(kept) :])}{after}"


def _raised(number: int) -> str:
    """Return the number of an author, nothing for 0."""
    return f'<sup class="origin__no">{number}</sup>' if number else ""


@register.filter
def marked(segments: Iterable[Segment]) -> str:
    """Return word-level differences as plain text.

    Such as "access to [delete: basic] [primary] health care".
    """
    found = ""
    for segment in segments:
        words = segment.text.strip()
        if segment.kind != "keep" and words:
            sign = f"[{words}]" if segment.kind == "insert" else f"[{_('delete:')} {words}]"
            found += (" " if found.endswith("]") else "") + segment.text.replace(words, sign, 1)
        else:
            found += segment.text
    return found


@register.simple_tag
def compiled_words(runs: Sequence[NamedRun], kind: str = "", language: str = "") -> SafeString:
    """Return a paragraph of the compilation text.

    What stays, and in brackets what some would put in or take out, with their acronyms. `kind` and
    `language` are as in `word_diff`.
    """
    verb = f"{ours(_('delete:'))} "
    lengths = italics.of_changes(runs, kind, language)
    return mark_safe(
        "".join(_run(run, length, verb) for run, length in zip(runs, lengths, strict=True))
    )


def _run(run: NamedRun, length: int, verb: str) -> str:
    """Return a run of words; `verb` stands before what some would take out.

    Its first characters, `length` of them, are opening words.
    """
    if run.kind == "keep":
        return _opened(run.text, length)
    text = run.text.strip()
    before = run.text[: len(run.text) - len(run.text.lstrip())]
    after = run.text[len(run.text.rstrip()) :]
    tag = "ins" if run.kind == "insert" else "del"
    who = escape(", ".join(run.sponsors))
    shown = _opened(text, min(max(length - len(before), 0), len(text)))
    return (
        f'{before}<span class="bracket">[{"" if run.kind == "insert" else verb}<{tag}>{shown}'
        f"</{tag}> – {who}]</span>{after}"
    )


@register.simple_tag(takes_context=True)
def group_day(context: template.Context, at: datetime) -> SafeString:
    """Return a moment's day in the group's zone as a time element.

    "30 September 2010".
    """
    day = at.astimezone(context["group"].zone).date()
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_format(day, "j F Y"))


@register.filter
def signed(value: int) -> str:
    """Return a number with its sign, a true minus: "+2", "−1"."""
    return f"{value:+d}".replace("-", "−")


@register.filter
def grouped_hash(value: str) -> str:
    """Return a hash in groups of eight for comparison by eye."""
    return " ".join(value[i : i + 8] for i in range(0, len(value), 8))
