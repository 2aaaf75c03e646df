"""Papers of a meeting: add, renew and pin to items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, allowed, require
from coordination.core.queries import day_in_group
from coordination.meetings.actions.records import refuse_agreed
from coordination.meetings.enums import MeetingChange, MeetingState
from coordination.meetings.errors import MeetingOver, SamePaper
from coordination.meetings.models import AgendaItem, Meeting, MeetingDocument, PaperPin
from coordination.members.models import Person


@dataclass(frozen=True, slots=True)
class PaperInput:
    """A version of a paper: a checked file (`core.uploads.checked`), or a link."""

    title: str
    file: Any = None
    link: str = ""


def locked_open(meeting: Meeting) -> Meeting:
    """Return the locked meeting.

    Raises MeetingOver for a cancelled one, RecordAgreed for one whose record is agreed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingOver(_("This meeting was cancelled; it takes no papers."))
    refuse_agreed(meeting)
    return meeting


def require_papers(
    items: Iterable[AgendaItem], meeting: Meeting, *, by: Person, at: datetime
) -> None:
    """Raise NotAllowed unless the person may add papers.

    Leads of one of the items and the chair's team may.
    """
    day = day_in_group(at)
    if not any(allowed(by, "meetings.add_paper", On(day, item)) for item in items):
        require(by, "meetings.convene", On(day, meeting))


@transaction.atomic
def add_paper(
    meeting: Meeting,
    paper: PaperInput,
    *,
    by: Person,
    at: datetime,
    item: AgendaItem | None = None,
) -> MeetingDocument:
    """Add a paper to a meeting.

    It is pinned to an item of the agenda if one is given. Raises MeetingOver, NotAllowed.
    """
    meeting = locked_open(meeting)
    require_papers([item] if item else [], meeting, by=by, at=at)
    document = MeetingDocument(
        meeting=meeting,
        title=paper.title,
        file=paper.file or "",
        link=paper.link,
        uploaded_by=by,
        uploaded_at=at,
    )
    history.sign(document, by=by, reason=MeetingChange.PAPER_ADDED)
    document.save()
    if item:
        new_pin(item, document, by=by)
    wake_on_commit()
    return document


@transaction.atomic
def renew_paper(
    document: MeetingDocument, paper: PaperInput, *, by: Person, at: datetime
) -> MeetingDocument:
    """Add a version of a paper.

    The items that discuss an earlier version keep it. Raises MeetingOver, NotAllowed.
    """
    # the lock gives two versions that are added at once different numbers
    meeting = locked_open(document.meeting)
    versions = versions_of(document)
    first = versions[0]
    items = AgendaItem.objects.filter(pins__version__in=versions).select_related("lead")
    require_papers(items, meeting, by=by, at=at)
    version = MeetingDocument(
        meeting=meeting,
        paper=first,
        number=versions[-1].number + 1,
        title=paper.title,
        file=paper.file or "",
        link=paper.link,
        uploaded_by=by,
        uploaded_at=at,
    )
    history.sign(version, by=by, reason=MeetingChange.PAPER_RENEWED)
    version.save()
    wake_on_commit()
    return version


def versions_of(document: MeetingDocument) -> list[MeetingDocument]:
    """Return all versions of the paper, the first one first."""
    first = document.paper or document
    return [first, *first.later_versions.order_by("number")]


@transaction.atomic
def pin_paper(item: AgendaItem, document: MeetingDocument, *, by: Person, at: datetime) -> PaperPin:
    """Pin a version of a paper to an item.

    The item is to discuss it. Raises SamePaper, MeetingOver, NotAllowed.
    """
    meeting = locked_open(item.meeting)
    require_papers([item], meeting, by=by, at=at)
    first = document.paper_id or document.pk
    same = [pin for pin in pins_of(item) if (pin.version.paper_id or pin.version_id) == first]
    if same or document.meeting_id != meeting.pk:
        raise SamePaper(_("The item has this paper already."), field="existing")
    pin = new_pin(item, document, by=by)
    wake_on_commit()
    return pin


def pins_of(item: AgendaItem) -> list[PaperPin]:
    """Return the pins of an item with their versions."""
    return list(item.pins.select_related("version"))


def new_pin(item: AgendaItem, document: MeetingDocument, *, by: Person) -> PaperPin:
    """Pin a version to an item."""
    pin = PaperPin(item=item, version=document)
    history.sign(pin, by=by, reason=MeetingChange.PAPER_PINNED)
    pin.save()
    return pin


@transaction.atomic
def move_pin(pin: PaperPin, document: MeetingDocument, *, by: Person, at: datetime) -> PaperPin:
    """Let an item discuss another version of the same paper.

    Raises SamePaper, MeetingOver, NotAllowed.
    """
    meeting = locked_open(pin.item.meeting)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    pin = PaperPin.objects.select_related("version").get(pk=pin.pk)
    first = pin.version.paper_id or pin.version_id
    if (document.paper_id or document.pk) != first:
        raise SamePaper(_("This is a version of another paper."))
    pin.version = document
    history.sign(pin, by=by, reason=MeetingChange.PIN_MOVED)
    pin.save(update_fields=["version"])
    wake_on_commit()
    return pin


@transaction.atomic
def unpin_paper(pin: PaperPin, *, by: Person, at: datetime) -> None:
    """Take a paper off an item.

    The paper stays with the meeting. Raises MeetingOver, NotAllowed.
    """
    meeting = locked_open(pin.item.meeting)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    pin = PaperPin.objects.get(pk=pin.pk)
    history.sign(pin, by=by, reason=MeetingChange.PIN_REMOVED)
    pin.delete()
    wake_on_commit()
