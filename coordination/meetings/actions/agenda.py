"""The agenda, item by item: add, change, move, remove."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import delete_with_history, update_with_history
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.actions.records import refuse_agreed, refuse_circulated
from coordination.meetings.enums import MeetingChange, MeetingState
from coordination.meetings.errors import AgendaKept, MeetingOver
from coordination.meetings.models import AgendaItem, Meeting
from coordination.meetings.queries import agenda
from coordination.members.models import Agency, Person

FIELDS = ("title", "detail", "lead", "minutes", "link")


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """The values of an agenda item.

    `link` is the path of a page in this app.
    """

    title: str
    detail: str = ""
    lead: Agency | None = None
    minutes: int | None = None
    link: str = ""


def locked_for_chair(meeting: Meeting, *, by: Person, at: datetime) -> Meeting:
    """Return the locked meeting, whose agenda the chair may change.

    Raises MeetingOver for a cancelled one, RecordAgreed, MinutesFixed, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingOver(_("This meeting was cancelled; its agenda stands."))
    refuse_agreed(meeting)
    refuse_circulated(meeting)
    return meeting


@transaction.atomic
def add_agenda_item(
    meeting: Meeting, entry: AgendaEntry, *, by: Person, at: datetime
) -> AgendaItem:
    """Put an item at the end of the agenda.

    Raises MeetingOver, NotAllowed.
    """
    meeting = locked_for_chair(meeting, by=by, at=at)
    last = meeting.agenda.order_by("-position").values_list("position", flat=True).first()
    item = AgendaItem(meeting=meeting, position=(last or 0) + 1)
    for name in FIELDS:
        setattr(item, name, getattr(entry, name))
    history.sign(item, by=by, reason=MeetingChange.AGENDA_ITEM_ADDED)
    item.save()
    wake_on_commit()
    return item


@transaction.atomic
def edit_agenda_item(
    item: AgendaItem, entry: AgendaEntry, *, version: int, by: Person, at: datetime
) -> AgendaItem:
    """Change what an agenda item says.

    Raises Stale, MeetingOver, NotAllowed.
    """
    locked_for_chair(item.meeting, by=by, at=at)
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    claim(item, version)
    for name in FIELDS:
        setattr(item, name, getattr(entry, name))
    history.sign(item, by=by, reason=MeetingChange.AGENDA_ITEM_CHANGED)
    item.save(update_fields=[*FIELDS, "version"])
    wake_on_commit()
    return item


@transaction.atomic
def move_agenda_item(
    item: AgendaItem, *, up: bool, version: int, by: Person, at: datetime
) -> AgendaItem:
    """Move an item one place up or down.

    At the end of the agenda nothing happens. Raises Stale, MeetingOver, NotAllowed.
    """
    meeting = locked_for_chair(item.meeting, by=by, at=at)
    items = list(meeting.agenda.select_for_update(of=("self",)))
    item = next(each for each in items if each.pk == item.pk)
    claim(item, version)
    place = items.index(item)
    other = max(place - 1, 0) if up else min(place + 1, len(items) - 1)
    items[place], items[other] = items[other], items[place]
    moved = []
    # positions are numbered anew: an administrator may have given two items the same
    for position, each in enumerate(items, 1):
        if each.position != position:
            each.position = position
            moved.append(each)
            history.sign(
                each, by=by, reason=MeetingChange.AGENDA_ITEM_MOVED if each == item else None
            )
    update_with_history(moved, ["position"])
    wake_on_commit()
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, version: int, by: Person, at: datetime) -> None:
    """Take an item off the agenda of a meeting not yet held.

    Its papers stay. Raises Stale, MeetingOver, AgendaKept, NotAllowed.
    """
    meeting = locked_for_chair(item.meeting, by=by, at=at)
    if meeting.state == MeetingState.HELD:
        raise MeetingOver(_("This meeting was held; its agenda is a record."))
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    claim(item, version)
    pins = list(item.pins.all())
    for each in (*pins, item):
        history.sign(each, by=by, reason=MeetingChange.AGENDA_ITEM_REMOVED)
    delete_with_history(pins)
    if agenda.pointed_to([item]):
        raise AgendaKept(_("Something was written about this item; it stays on the agenda."))
    delete_with_history([item])
    close_ranks(meeting, by=by)
    wake_on_commit()


def close_ranks(meeting: Meeting, *, by: Person) -> None:
    """Give the items of an agenda positions without gaps."""
    moved = []
    for position, item in enumerate(meeting.agenda.all(), 1):
        if item.position != position:
            item.position = position
            history.sign(item, by=by, reason=None)
            moved.append(item)
    update_with_history(moved, ["position"])
