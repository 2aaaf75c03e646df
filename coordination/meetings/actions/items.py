"""Action items: what agencies took on, and its state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import create_with_history, refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings import queries
from coordination.meetings.enums import ACTION_LIFE, ActionState, MeetingChange
from coordination.meetings.errors import ItemSettled
from coordination.meetings.models import ActionItem, Meeting, MinutesParagraph
from coordination.members.models import Agency, Person


@dataclass(frozen=True, slots=True)
class Task:
    """What an agency takes on.

    `person` None: any of its focal points. `due_day` is the last day for it.
    """

    title: str
    agency: Agency
    due_day: date
    person: Person | None = None


CHANGE_TO = {
    ActionState.OPEN: MeetingChange.ACTION_ITEM_OPEN,
    ActionState.IN_PROGRESS: MeetingChange.ACTION_ITEM_IN_PROGRESS,
    ActionState.DONE: MeetingChange.ACTION_ITEM_DONE,
    ActionState.DROPPED: MeetingChange.ACTION_ITEM_DROPPED,
}


@transaction.atomic
def add_action_item(meeting: Meeting, task: Task, *, by: Person, at: datetime) -> ActionItem:
    """Add an action item to a meeting.

    Raises FarFromToday, NotAllowed.
    """
    refuse_far_day(task.due_day, at=at, field="due_day")
    # The lock gives two items that are added at once different numbers.
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    number = queries.next_number(meeting)
    item = ActionItem(
        meeting=meeting,
        number=number,
        title=task.title,
        agency=task.agency,
        person=task.person,
        due_day=task.due_day,
    )
    history.sign(item, by=by, reason=MeetingChange.ACTION_ITEM_NOTED)
    item.save()
    wake_on_commit()
    return item


def note_actions(
    meeting: Meeting, paragraphs: Iterable[MinutesParagraph], *, by: Person
) -> list[ActionItem]:
    """Create action items from paragraphs of circulated minutes.

    One for each agency that acts by a paragraph. So each agency says for itself where it stands.
    The meeting is locked.
    """
    owed = [
        (paragraph, agency, paragraph.due_day)
        for paragraph in paragraphs
        for agency in paragraph.owners.all()
        if paragraph.due_day
    ]
    noted = [
        ActionItem(
            meeting=meeting,
            number=number,
            title=paragraph.text,
            agency=agency,
            due_day=due_day,
            paragraph=paragraph,
        )
        for number, (paragraph, agency, due_day) in enumerate(owed, queries.next_number(meeting))
    ]
    for item in noted:
        history.sign(item, by=by, reason=MeetingChange.ACTION_ITEM_NOTED)
    create_with_history(noted)
    return noted


def follow_paragraph(paragraph: MinutesParagraph, *, by: Person, at: datetime) -> None:
    """Copy the text of a corrected paragraph to its action items.

    They are dropped with a removed paragraph.
    """
    for item in ActionItem.objects.select_for_update(of=("self",)).filter(paragraph=paragraph):
        item.title = paragraph.text
        if paragraph.is_removed and ACTION_LIFE.allows(item.state, ActionState.DROPPED):
            item.state, item.settled_at = ActionState.DROPPED, at
        claim(item, item.version)
        history.sign(item, by=by, reason=MeetingChange.DECISION_CORRECTED)
        item.save(update_fields=["title", "state", "settled_at", "version"])


@transaction.atomic
def update_action_item(
    item: ActionItem, state: str, *, note: str, version: int, by: Person, at: datetime
) -> ActionItem:
    """Set the state of an action item.

    Raises Stale, ItemSettled, NotAllowed.
    """
    item = (
        ActionItem.objects.select_for_update(of=("self",)).select_related("agency").get(pk=item.pk)
    )
    require(by, "meetings.update_action_item", On(day_in_group(at), item))
    claim(item, version)
    if not ACTION_LIFE.allows(item.state, state):
        raise ItemSettled(
            _("This item is “%(state)s” now; open it again first.")
            % {"state": ActionState(item.state).label}
        )
    is_settled = state in {ActionState.DONE, ActionState.DROPPED}
    item.state, item.note, item.settled_at = ActionState(state), note, at if is_settled else None
    history.sign(item, by=by, reason=CHANGE_TO[item.state])
    item.save(update_fields=["state", "note", "settled_at", "version"])
    wake_on_commit()
    return item
