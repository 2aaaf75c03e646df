"""What the agenda and the record of a meeting say on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.pdf import (
    Document,
    Item,
    Items,
    NamedValues,
    Paragraphs,
    Part,
    Section,
    Table,
)
from coordination.meetings.models import ActionItem, AgendaItem, Meeting
from coordination.meetings.queries import AttendanceRow, roll
from coordination.meetings.queries.agenda import papers_of
from coordination.meetings.queries.outcomes import StatementOfMeeting
from coordination.members.models import Agency


@dataclass(frozen=True, slots=True)
class Frame:
    """The heading of every paper of a meeting.

    The group, the hours of the meeting, and the chair. `agreed` says since when the record is
    agreed, or "".
    """

    group: str
    when: str
    chairs: Sequence[Agency]
    printed: str
    agreed: str = ""


def meeting_to_print(slug: str) -> QuerySet[Meeting]:
    """Return the meeting with that slug and what its papers say.

    Five queries.
    """
    return (
        Meeting.objects.filter(slug=slug)
        .select_related("chair_agency")
        .prefetch_related(
            Prefetch("agenda", AgendaItem.objects.select_related("lead")),
            "documents",
            "decisions",
            Prefetch(
                "action_items",
                ActionItem.objects.select_related("agency", "person").order_by("number"),
            ),
        )
    )


def agenda(meeting: Meeting, frame: Frame) -> Document:
    """Return the agenda of a meeting with its papers. Pure."""
    return Document(
        title=_("Agenda: %(meeting)s") % {"meeting": meeting.title},
        author=frame.group,
        sections=[about(meeting, frame), agenda_section(meeting), papers_section(meeting)],
        footer=frame.printed,
    )


def record(
    meeting: Meeting,
    frame: Frame,
    rows: Sequence[AttendanceRow],
    statements: Iterable[StatementOfMeeting],
) -> Document:
    """Return the record of a meeting: attendance, agenda, outcome, decisions, papers.

    Reads the visitors of the meeting: one query.
    """
    sections = [
        about(meeting, frame),
        attendance_section(meeting, rows),
        agenda_section(meeting),
        section(_("Outcome"), paragraphs(meeting.outcome)),
        section(
            _("Decisions"),
            items(Item(f"{each.number}. {each.text}") for each in meeting.decisions.all()),
        ),
        section(_("Action items"), items(action_item(each) for each in meeting.action_items.all())),
        section(_("Statements"), items(Item(each.title) for each in statements)),
        papers_section(meeting),
    ]
    return Document(
        title=_("Record: %(meeting)s") % {"meeting": meeting.title},
        author=frame.group,
        sections=sections,
        subtitle=frame.agreed,
        footer=frame.printed,
    )


def section(title: str, parts: Sequence[Part]) -> Section:
    """Return a section of a paper. Pure.

    Without parts it says that nothing is on record.
    """
    return Section(title, parts or [Paragraphs([_("Nothing is on record.")])])


def items(lines: Iterable[Item]) -> list[Part]:
    """Return lines as a list, or nothing. Pure."""
    lines = list(lines)
    return [Items(lines)] if lines else []


def paragraphs(text: str) -> list[Part]:
    """Return a text as paragraphs, which empty lines separate, or nothing. Pure."""
    texts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return [Paragraphs(texts)] if texts else []


def about(meeting: Meeting, frame: Frame) -> Section:
    """Return kind, hours, place and chair. Pure."""
    chairs = formatting.list_of(frame.chairs)
    rows = [
        (_("Kind"), str(meeting.get_kind_display())),
        (_("When"), frame.when),
        (_("Place"), meeting.place),
        (_("Join"), meeting.video_url),
        (_("Chair"), ", ".join(filter(None, [chairs, meeting.chair_name]))),
    ]
    return Section(_("About"), [NamedValues([row for row in rows if row[1]])])


def agenda_section(meeting: Meeting) -> Section:
    """Return the agenda as a section. Pure.

    Each item has its lead agency, minutes and detail.
    """
    return section(
        _("Agenda"), items(Item(item_line(item), item.detail) for item in meeting.agenda.all())
    )


def item_line(item: AgendaItem) -> str:
    """Return an agenda item: "2. The draft (UNFPA), 20 min". Pure.

    With its agency and minutes.
    """
    lead = f" ({item.lead})" if item.lead else ""
    minutes = _(", %(minutes)s min") % {"minutes": item.minutes} if item.minutes else ""
    return f"{item.position}. {item.title}{lead}{minutes}"


def papers_section(meeting: Meeting) -> Section:
    """Return the newest version of each paper. Pure.

    With its link if it is one.
    """
    papers = [paper.newest for paper in papers_of(meeting.documents.all())]
    return section(_("Papers"), items(Item(paper.title, paper.link) for paper in papers))


def action_item(item: ActionItem) -> Item:
    """Return an action item as a printed line. Pure.

    Number and words, then who, until when, and its state.
    """
    who = ", ".join(filter(None, [str(item.agency), str(item.person or "")]))
    note = _("%(who)s, due %(day)s, %(state)s") % {
        "who": who,
        "day": formatting.plain_day(item.due_day),
        "state": item.get_state_display(),
    }
    return Item(f"{item.number}. {item.title}", note)


def attendance_section(meeting: Meeting, rows: Sequence[AttendanceRow]) -> Section:
    """Return how many were represented, then the roll as a table."""
    visitors = list(roll.visitors_of(meeting))
    count = roll.roll_count(rows, visitors)
    if not count.is_kept:
        return section(_("Attendance"), [])
    _agency, _seat, _represented, *names = roll.header()
    lines = [
        [str(cell) for cell in (agency, level, who, for_whom, where, reason)]
        for agency, _seat, _is_in, level, where, who, for_whom, reason in roll.table(rows, visitors)
    ]
    level, where, who, for_whom, reason = names
    table = Table([_agency, level, who, for_whom, where, reason], [3, 3, 6, 4, 3, 4], lines)
    return Section(_("Attendance"), [Paragraphs([roll.represented_sentence(count)]), table])
