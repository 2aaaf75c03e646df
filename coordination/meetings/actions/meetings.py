"""Meetings: convene, correct, cancel, record the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting, history
from coordination.core.actions import (
    create_with_history,
    delete_with_history,
    refuse_far_day,
    update_with_history,
)
from coordination.core.due import wake_on_commit
from coordination.core.models import Group
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.core.versions import claim
from coordination.meetings import queries
from coordination.meetings.actions.records import refuse_agreed, refuse_circulated
from coordination.meetings.enums import MEETING_LIFE, MeetingChange, MeetingState
from coordination.meetings.errors import (
    AgendaKept,
    EndsBeforeStart,
    MeetingOver,
    NotBegun,
    SamePaysAgain,
)
from coordination.meetings.models import AgendaItem, Meeting
from coordination.meetings.queries import agenda as agenda_queries
from coordination.meetings.queries import announcements, ledger
from coordination.meetings.queries.announcements import Announced
from coordination.members.models import Person


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """The input of a meeting's form.

    Moments are UTC. The agenda has one title a line.
    """

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    place: str = ""
    video_url: str = ""
    agenda: str = ""
    hour_reason: str = ""


HOURS = ("starts_at", "ends_at")
FIELDS = ("title", "kind", *HOURS, "time_zone", "place", "video_url", "hour_reason")


def refuse_end_before_start(invitation: MeetingDetails) -> None:
    """Raise EndsBeforeStart if the meeting ends before it starts."""
    if invitation.ends_at and invitation.ends_at <= invitation.starts_at:
        raise EndsBeforeStart(_("The meeting ends before it starts."), field="ends_at")


def refuse_same_payers(invitation: MeetingDetails, at: datetime) -> None:
    """Raise SamePaysAgain if an agency is burdened twice without a reason.

    The hour is outside its working hours, as at the last meeting.
    """
    if invitation.hour_reason.strip():
        return
    if not ledger.is_counted(invitation.kind, invitation.video_url):
        return
    agencies = ledger.paying_again(invitation.starts_at, invitation.ends_at, at, group())
    if agencies:
        raise SamePaysAgain(
            ngettext(
                "%(agencies)s sits outside its working hours, as at the last meeting. Say why; "
                "all agencies read it.",
                "%(agencies)s sit outside their working hours, as at the last meeting. Say why; "
                "all agencies read it.",
                len(agencies),
            )
            % {"agencies": formatting.list_of(agencies)},
            field="hour_reason",
        )


def moved_hours(meeting: Meeting, invitation: MeetingDetails) -> list[str]:
    """Return which hours of the meeting change, to the minute.

    Forms show minutes only. Raises MeetingOver if none may change any more.
    """
    moved = [
        name
        for name in HOURS
        if without_seconds(getattr(meeting, name)) != without_seconds(getattr(invitation, name))
    ]
    if moved and meeting.state == MeetingState.CANCELLED:
        raise MeetingOver(
            _("This meeting was cancelled and cannot be moved; convene another."), field="day"
        )
    if moved and meeting.state == MeetingState.HELD:
        raise MeetingOver(
            _("This meeting was held; its hour stands. An administrator can correct the record."),
            field="day",
        )
    return moved


def without_seconds(at: datetime | None) -> datetime | None:
    """Return a moment without its seconds."""
    return at and at.replace(second=0, microsecond=0)


def plain_slug(title: str, starts_at: datetime) -> str:
    """Return the slug of a meeting.

    Another meeting may have it.
    """
    # leaves room for a number within the 80 characters of the field
    return f"{starts_at:%Y-%m-%d}-{slugify(title)}"[:70].rstrip("-")


def free_slug(title: str, starts_at: datetime) -> str:
    """Return a slug that no other meeting has."""
    plain = slug = plain_slug(title, starts_at)
    number = 1
    while Meeting.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{plain}-{number}"
    return slug


@transaction.atomic
def convene(invitation: MeetingDetails, *, by: Person, at: datetime) -> Meeting:
    """Convene a meeting with its agenda (one title a line).

    One that has ended is put on record as held: nobody is invited to it. Its chair is not stored:
    it follows from the day (queries.chairs_of). Raises EndsBeforeStart, FarFromToday,
    SamePaysAgain, NotAllowed.
    """
    # the lock gives two meetings that are convened at once different slugs
    list(Group.objects.select_for_update(of=("self",)).values_list("pk", flat=True))
    require(by, "meetings.convene", On(day_in_group(at)))
    refuse_far_day(invitation.starts_at.date(), at=at, field="day")
    refuse_end_before_start(invitation)
    meeting = Meeting(slug=free_slug(invitation.title, invitation.starts_at))
    for name in FIELDS:
        setattr(meeting, name, getattr(invitation, name))
    is_over = meeting.ended(at)
    if not is_over:
        refuse_same_payers(invitation, at)
    meeting.state = MeetingState.HELD if is_over else MeetingState.CONVENED
    reason = MeetingChange.MEETING_RECORDED if is_over else MeetingChange.MEETING_CONVENED
    history.sign(meeting, by=by, reason=reason)
    meeting.save()
    write_agenda(meeting, invitation.agenda, by=by)
    wake_on_commit()
    return meeting


def write_agenda(meeting: Meeting, agenda: str, *, by: Person) -> bool:
    """Replace the agenda by these lines and return whether anything changed.

    A line that stays keeps its item, with lead and detail. Raises AgendaKept for an item that
    carries more than a title and has no line any more, MinutesFixed if the minutes are circulated.
    """
    unmatched = {item.title: item for item in meeting.agenda.all()}
    new: list[AgendaItem] = []
    moved: list[AgendaItem] = []
    for position, line in enumerate(agenda_lines(agenda), 1):
        # Popped, so that the same line twice gets two items.
        item = unmatched.pop(line, None)
        if item is None:
            new.append(AgendaItem(meeting=meeting, title=line, position=position))
        elif item.position != position:
            item.position = position
            moved.append(item)
    removed = list(unmatched.values())
    if not (new or moved or removed):
        return False
    refuse_circulated(meeting)
    refuse_removing(removed)
    for item in (*new, *moved, *removed):
        # no reason: the entry of the meeting says that the agenda was corrected
        history.sign(item, by=by, reason=None)
    create_with_history(new)
    update_with_history(moved, ["position"])
    delete_with_history(removed)
    return True


def refuse_removing(items: Sequence[AgendaItem]) -> None:
    """Raise AgendaKept for items that carry more than a title, such as papers."""
    kept = agenda_queries.carries_more(items)
    if kept:
        raise AgendaKept(
            ngettext(
                "“%(items)s” has more than a title, such as a paper or an agency. Change or remove "
                "it on the page of the agenda.",
                "%(items)s have more than a title, such as a paper or an agency. Change or remove "
                "them on the page of the agenda.",
                len(kept),
            )
            % {"items": formatting.list_of(item.title for item in kept)},
            field="agenda",
        )


def agenda_lines(agenda: str) -> list[str]:
    """Return the non-empty lines, cut to the length of an item."""
    return [line.strip()[:200] for line in agenda.splitlines() if line.strip()]


@transaction.atomic
def edit_meeting(
    meeting: Meeting, invitation: MeetingDetails, *, version: int, by: Person, at: datetime
) -> Meeting:
    """Correct a meeting's title, hour, place or agenda.

    A held or cancelled meeting is not moved. Raises Stale, EndsBeforeStart, MeetingOver,
    FarFromToday, SamePaysAgain, RecordAgreed, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    refuse_agreed(meeting)
    refuse_end_before_start(invitation)
    claim(meeting, version)
    moved = moved_hours(meeting, invitation)
    if moved:
        refuse_far_day(invitation.starts_at.date(), at=at, field="day")
        refuse_same_payers(invitation, at)
    # An hour that did not move keeps the seconds that a form does not show.
    for name in (name for name in FIELDS if name not in HOURS or name in moved):
        setattr(meeting, name, getattr(invitation, name))
    if moved:
        note_new_hours(meeting, at)
    agenda = write_agenda(meeting, invitation.agenda, by=by)
    history.sign(
        meeting,
        by=by,
        reason=(
            MeetingChange.MEETING_AND_AGENDA_CORRECTED
            if agenda
            else MeetingChange.MEETING_CORRECTED
        ),
    )
    meeting.save(update_fields=[*FIELDS, "hours_since", "version"])
    wake_on_commit()
    return meeting


def note_new_hours(meeting: Meeting, at: datetime) -> None:
    """Set, without saving, since when a meeting has its hours.

    The meeting was just given new hours. Earlier answers do not count any more. They still count if
    the meeting is moved back to the hours that people know before they were told of others.
    """
    known = announcements.announced([meeting], at).get(meeting.pk, Announced()).known
    note_hours_since(meeting, known, at)


def note_hours_since(meeting: Meeting, known: Any, at: datetime) -> None:
    """Set the same from the history record that people know.

    `told` is that record, None if there is none.
    """
    is_known = known and all(getattr(known, name) == getattr(meeting, name) for name in HOURS)
    meeting.hours_since = known.hours_since if is_known else at


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, version: int, by: Person, at: datetime) -> Meeting:
    """Cancel a convened meeting.

    It stays on record. Raises MeetingOver, Stale, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    if not MEETING_LIFE.allows(meeting.state, MeetingState.CANCELLED):
        raise MeetingOver(_("Only a meeting that is to come can be cancelled."))
    claim(meeting, version)
    meeting.state = MeetingState.CANCELLED
    history.sign(meeting, by=by, reason=MeetingChange.MEETING_CANCELLED)
    meeting.save(update_fields=["state", "version"])
    wake_on_commit()
    return meeting


def state_on_record(
    meeting: Meeting, at: datetime, *, has_new_outcome: bool, is_new: bool = False
) -> str:
    """Return the state of a meeting that is saved at `at`. Pure.

    It counts as held once its outcome is recorded, or if it began before it was put on record. If
    its hour is corrected to the future, it is convened again.
    """
    has_begun = meeting.begun(at)
    if meeting.state == MeetingState.CONVENED and (has_new_outcome or (has_begun and is_new)):
        return MeetingState.HELD
    if not has_begun and MEETING_LIFE.allows(meeting.state, MeetingState.CONVENED):
        return MeetingState.CONVENED
    return meeting.state


@transaction.atomic
def record_outcome(
    meeting: Meeting, outcome: str, *, version: int, by: Person, at: datetime
) -> Meeting:
    """Record or correct the outcome of a meeting that has begun.

    It then counts as held. Raises Stale, MeetingOver, NotBegun, RecordAgreed, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.record_outcome", On(day_in_group(at), meeting))
    if not MEETING_LIFE.allows(meeting.state, MeetingState.HELD):
        raise MeetingOver(_("This meeting was cancelled; it has no outcome."))
    refuse_agreed(meeting)
    if not meeting.begun(at):
        raise NotBegun(
            queries.not_begun_sentence(meeting, by.zone or group().zone), field="outcome"
        )
    claim(meeting, version)
    meeting.outcome = outcome
    meeting.state = state_on_record(meeting, at, has_new_outcome=True)
    history.sign(meeting, by=by, reason=MeetingChange.OUTCOME_RECORDED)
    meeting.save(update_fields=["outcome", "state", "version"])
    wake_on_commit()
    return meeting


def count_as_held(meeting: Meeting, *, by: Person, at: datetime) -> None:
    """Count a locked meeting that has begun as held.

    Its minutes are circulated.
    """
    state = state_on_record(meeting, at, has_new_outcome=True)
    if state == meeting.state:
        return
    claim(meeting, meeting.version)
    meeting.state = state
    history.sign(meeting, by=by, reason=MeetingChange.MINUTES_CIRCULATED)
    meeting.save(update_fields=["state", "version"])
