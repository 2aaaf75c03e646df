"""Minutes in each of their states, for tests."""

from datetime import date, datetime, timedelta

from coordination.meetings.actions import minutes as acts
from coordination.meetings.actions.minutes import ParagraphInput
from coordination.meetings.enums import ParagraphKind
from coordination.meetings.models import Meeting, Minutes, MinutesParagraph
from coordination.meetings.tests.factories import AgendaItemFactory, MeetingFactory
from coordination.tests.cast import NOW

HELD_AT = NOW - timedelta(days=5)
UNTIL = NOW + timedelta(days=10)
DUE = date(2026, 12, 15)
INFORMATION = ParagraphInput("The chair reported on remittances.")
DECISION = ParagraphInput("The group decided to meet in Turin.", ParagraphKind.DECISION)


def held_meeting(**fields) -> Meeting:
    """Return a meeting that was held five days ago, with two agenda items."""
    meeting = MeetingFactory(**{"slug": "held", "starts_at": HELD_AT, **fields})
    AgendaItemFactory(meeting=meeting, position=1, title="Remittances")
    AgendaItemFactory(meeting=meeting, position=2, title="Next meeting")
    return meeting


def action(*owners, text: str = "Write to the host.", due_day: date = DUE) -> ParagraphInput:
    """Return a paragraph that records an action of these agencies."""
    return ParagraphInput(text, ParagraphKind.ACTION, owners, due_day)


def written(meeting: Meeting, by, *inputs: ParagraphInput) -> list[MinutesParagraph]:
    """Return paragraphs under the first agenda item, one for each input."""
    item = meeting.agenda.order_by("position").first()
    return [acts.add_paragraph(meeting, item, each, by=by, at=NOW) for each in inputs]


def circulated_minutes(by, *inputs: ParagraphInput, until: datetime = UNTIL) -> Minutes:
    """Return circulated minutes of a held meeting with these paragraphs."""
    meeting = held_meeting()
    written(meeting, by, *(inputs or (INFORMATION,)))
    minutes = Minutes.objects.get(meeting=meeting)
    return acts.circulate_minutes(minutes, until, version=minutes.version, by=by, at=NOW)


def adopted_minutes(by, *inputs: ParagraphInput) -> Minutes:
    """Return minutes that a meeting of today adopted; their time for corrections is over."""
    minutes = circulated_minutes(by, *inputs, until=NOW + timedelta(minutes=1))
    later = MeetingFactory(slug="later", starts_at=NOW - timedelta(hours=1), outcome="Met.")
    at = NOW + timedelta(hours=1)
    return acts.adopt_minutes(minutes, later, version=minutes.version, by=by, at=at)
