"""What the minutes of a meeting say on paper."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.pdf import Document, Item, Items, Paragraphs, Part, Section
from coordination.meetings.enums import MinutesState, ParagraphKind
from coordination.meetings.models import Corrigendum, Meeting, Minutes, MinutesParagraph
from coordination.meetings.queries.minutes import MinutesLine, MinutesPage, MinutesSection
from coordination.meetings.queries.printed import Frame, about, section


def printed_minutes(meeting: Meeting, frame: Frame, page: MinutesPage, presence: str) -> Document:
    """Return the minutes with attendance and corrigenda. Pure.

    `presence` is the line of who was present.
    """
    numbers = {line.paragraph.pk: line.number for each in page.sections for line in each.lines}
    sections = [
        about(meeting, frame),
        section(_("Attendance"), [Paragraphs([presence])] if presence else []),
        *(item_section(each) for each in page.sections if each.item or each.lines),
    ]
    if page.corrigenda:
        lines = [corrigendum_item(each, numbers) for each in page.corrigenda]
        sections.append(Section(_("Corrigenda"), [Items(lines)]))
    return Document(
        title=_("Minutes: %(meeting)s") % {"meeting": meeting.title},
        author=frame.group,
        sections=sections,
        subtitle=state_sentence(page.minutes),
        footer=frame.printed,
    )


def state_sentence(minutes: Minutes | None) -> str:
    """Return whether the minutes are a draft, circulated or adopted. Pure."""
    if minutes is None or minutes.state == MinutesState.DRAFT:
        return _("Draft, not circulated")
    if minutes.adopted_by_meeting is None:
        return _("Circulated for corrections, not adopted")
    adopting = minutes.adopted_by_meeting
    return _("Adopted at %(meeting)s, %(day)s") % {
        "meeting": adopting.title,
        "day": formatting.plain_day(adopting.day),
    }


def item_section(each: MinutesSection) -> Section:
    """Return the paragraphs of one agenda item. Pure."""
    if each.item is None:
        return section(_("Other matters"), list(parts_of(each)))
    return section(f"{each.item.position}. {each.item.title}", list(parts_of(each)))


def parts_of(each: MinutesSection) -> Iterator[Part]:
    """Yield the paragraphs; decisions and actions with what came of them."""
    for line in each.lines:
        words = f"{line.number}. {text_of(line.paragraph)}"
        if line.paragraph.kind in {ParagraphKind.INFORMATION, ParagraphKind.ABSENT}:
            yield Paragraphs([words])
        else:
            yield Items([Item(words, outcome_of(line))])


def text_of(paragraph: MinutesParagraph) -> str:
    """Return the words of a paragraph. Pure.

    With the names in one about absence.
    """
    if paragraph.kind != ParagraphKind.ABSENT:
        return paragraph.text
    names = formatting.list_of(paragraph.owners.all())
    return " ".join(
        filter(None, [_("Not there for this item: %(names)s.") % {"names": names}, paragraph.text])
    )


def outcome_of(line: MinutesLine) -> str:
    """Return the number of a decision, or who acts until when. Pure."""
    paragraph = line.paragraph
    if paragraph.kind == ParagraphKind.DECISION:
        number = line.decision.register_number if line.decision else ""
        return _("Decision %(number)s") % {"number": number} if number else _("Decision")
    return _("Action: %(agencies)s, due %(day)s") % {
        "agencies": formatting.list_of(paragraph.owners.all()),
        "day": formatting.plain_day(paragraph.due_day) if paragraph.due_day else "",
    }


def corrigendum_item(corrigendum: Corrigendum, numbers: dict[int, int]) -> Item:
    """Return how a paragraph of adopted minutes reads, and why. Pure."""
    title = _("Corrigendum %(number)s to paragraph %(paragraph)s: %(text)s") % {
        "number": corrigendum.number,
        "paragraph": numbers[corrigendum.paragraph_id],
        "text": corrigendum.text,
    }
    return Item(title, corrigendum.reason)
