"""What the compilation text and the positions of a statement say on paper."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coordination.core import formatting, languages
from coordination.core.pdf import (
    Document,
    MarkedParagraph,
    MarkedRun,
    MarkedText,
    NamedValues,
    Paragraphs,
    Part,
    Section,
    Table,
)
from coordination.statements.enums import KINDS_WITH_REASON, PositionKind
from coordination.statements.models import ClearanceStep, Draft, Position, Statement
from coordination.statements.queries import labels
from coordination.statements.queries.compilation import CompilationBlock, NamedRun
from coordination.statements.queries.positions import MatrixCell, PositionMatrix
from coordination.textkit import italics


@dataclass(frozen=True, slots=True)
class PaperFrame:
    """The heading of every paper: whose it is, when it was made.

    Times are those of `zone`, in `city`.
    """

    group: str
    printed: str
    zone: ZoneInfo
    city: str


def printed_compilation(
    statement: Statement, draft: Draft, blocks: Iterable[CompilationBlock], frame: PaperFrame
) -> Document:
    """Return the compilation text: every amendment in brackets with its agencies. Pure."""
    line = _(
        "Draft %(number)s with all amendments in brackets, each with the agencies behind it."
    ) % {"number": draft.number}
    text = MarkedText(
        [
            MarkedParagraph(
                "" if block.title else block.label,
                list(marked_runs(block, statement.language)),
                heading=block.title,
            )
            for block in blocks
        ],
        statement.language,
        languages.is_right_to_left(statement.language),
    )
    return Document(
        title=_("Compilation: %(statement)s") % {"statement": statement.title},
        author=frame.group,
        sections=[Section("", [text])],
        subtitle=f"{statement.symbol}. {line}",
        footer=frame.printed,
    )


def marked_runs(block: CompilationBlock, language: str) -> Iterator[MarkedRun]:
    """Yield the runs of a block, its opening words in italics. Pure."""
    lengths = italics.of_changes(block.runs, block.kind, language)
    for run, length in zip(block.runs, lengths, strict=True):
        if run.kind == "keep":
            yield from _looks(run.text, length, "")
        else:
            yield from _in_brackets(run, length)


def _looks(text: str, length: int, look: str) -> Iterator[MarkedRun]:
    """Yield words; without another look the first of them, `length` characters, in italics."""
    if length and not look:
        yield MarkedRun(text[:length], "italic")
        text = text[length:]
    if text:
        yield MarkedRun(text, look)


def _in_brackets(run: NamedRun, length: int) -> Iterator[MarkedRun]:
    """Yield a change in brackets with its agencies.

    The spaces at its ends stay outside the brackets, as in the plain text.
    """
    words = run.text.strip()
    start = len(run.text) - len(run.text.lstrip())
    before, after = run.text[:start], run.text[len(run.text.rstrip()) :]
    yield MarkedRun(f"{before}[" if run.kind == "insert" else f"{before}[{_('delete:')} ")
    yield from _looks(words, max(length - start, 0), run.kind)
    yield MarkedRun(f" – {', '.join(run.sponsors)}]{after if words else ''}")


def printed_positions(statement: Statement, matrix: PositionMatrix, frame: PaperFrame) -> Document:
    """Return the positions of all agencies, a table for each step. Pure."""
    sections = [
        step_section(step, [(row.agency.acronym, row.cells[place]) for row in matrix.rows], frame)
        for place, step in enumerate(matrix.steps)
    ]
    return Document(
        title=_("Positions: %(statement)s") % {"statement": statement.title},
        author=frame.group,
        sections=sections or [Section("", [Paragraphs([_("No agency has been asked yet.")])])],
        subtitle=_("%(symbol)s. Times are those of %(city)s.")
        % {"symbol": statement.symbol, "city": frame.city},
        footer=frame.printed,
        landscape=True,
    )


def step_section(
    step: ClearanceStep, cells: Sequence[tuple[str, MatrixCell]], frame: PaperFrame
) -> Section:
    """Return the section of a step: text, period and positions.

    Pure.
    """
    level = str(step.get_level_display())
    facts = [
        (_("Opened"), formatting.moment(step.opened_at, frame.zone)),
        (_("Deadline"), formatting.moment(step.deadline, frame.zone)),
        (_("Closed"), formatting.moment(step.closed_at, frame.zone) if step.closed_at else ""),
        (_("Silence"), silence_of(step, frame)),
        (_("SHA-256 of the text"), step.draft.sha256),
    ]
    heads = (
        _("Agency"),
        _("Position"),
        _("When"),
        _("By whom and how"),
        _("About and why"),
    )
    lines = [position_line(acronym, cell, frame) for acronym, cell in cells]
    parts: list[Part] = [
        NamedValues([fact for fact in facts if fact[1]]),
        Table(heads, [2, 3, 3, 5, 6], lines),
    ]
    title = _("%(step)s, draft %(number)s") % {
        "step": level[:1].upper() + level[1:],
        "number": step.draft.number,
    }
    return Section(title, parts)


def silence_of(step: ClearanceStep, frame: PaperFrame) -> str:
    """Return what silence means in a step. Pure."""
    if not step.silence:
        return _("Does not count as approval")
    if step.broken_at is not None:
        return _("Broken, %(when)s") % {"when": formatting.moment(step.broken_at, frame.zone)}
    return _("Counts as approval")


def position_line(acronym: str, cell: MatrixCell, frame: PaperFrame) -> list[str]:
    """Return the line of an agency in a step. Pure."""
    position = cell.position
    if position is None:
        return [acronym, unspoken_words(cell), "", "", ""]
    label = str(PositionKind(position.kind).label)
    return [
        acronym,
        label[:1].upper() + label[1:],
        formatting.moment(position.taken_at, frame.zone),
        evidence_of(position, frame),
        reason_of(position),
    ]


def unspoken_words(cell: MatrixCell) -> str:
    """Return what the silence of an agency means. Pure."""
    if cell.past_silence:
        return _("By silence")
    return _("Had not spoken") if cell.step.closed_at else _("Has not spoken")


def evidence_of(position: Position, frame: PaperFrame) -> str:
    """Return who took a position, and how the group knows of it. Pure."""
    if position.letter:
        return _("By letter of %(who)s, recorded by %(by)s") % {
            "who": position.signed_by,
            "by": position.person,
        }
    if position.spoken_by and position.spoken_at:
        return _(
            "By telephone, %(spoken)s: %(who)s spoke, heard by %(heard)s, recorded by %(by)s"
        ) % {
            "spoken": formatting.moment(position.spoken_at, frame.zone),
            "who": position.spoken_by,
            "heard": position.heard_by,
            "by": position.person,
        }
    return str(position.person)


def reason_of(position: Position) -> str:
    """Return what a reservation or an objection is about, and why. Pure."""
    if position.kind not in KINDS_WITH_REASON:
        return position.reason
    about = labels.labels_in_words(position.about)
    return f"{about}: {position.reason}" if about else position.reason
