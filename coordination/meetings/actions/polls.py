"""Polls on hours: open, answer, close, convene at one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.actions import meetings
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import POLL_LIFE, MeetingChange, PollState, SlotAnswer
from coordination.meetings.errors import PollOver, WrongSlots
from coordination.meetings.models import HourPoll, Meeting, PollAnswer, PollSlot
from coordination.members.models import Agency, Person

MOST_SLOTS = 12


@dataclass(frozen=True, slots=True)
class PollInput:
    """The question of a poll: hours (UTC), `minutes`, and the end.

    Each meeting lasts `minutes`. Agencies answer until the end.
    """

    title: str
    minutes: int
    starts: Sequence[datetime]
    closes_at: datetime
    note: str = ""


def refuse_wrong_slots(asked: PollInput, at: datetime) -> None:
    """Raise WrongSlots for hours that nobody could answer about in time."""
    if not asked.starts:
        raise WrongSlots(_("Propose at least one hour."), field="slots")
    if len(set(asked.starts)) > MOST_SLOTS:
        raise WrongSlots(
            _("At most %(most)s hours are proposed at once.") % {"most": MOST_SLOTS}, field="slots"
        )
    if asked.closes_at <= at:
        raise WrongSlots(_("This moment has passed."), field="closes_at")
    if asked.closes_at >= min(asked.starts):
        raise WrongSlots(
            _("Answers must be in before the first hour that you propose."), field="closes_at"
        )


@transaction.atomic
def open_poll(asked: PollInput, *, by: Person, at: datetime) -> HourPoll:
    """Ask all members which hours suit them.

    Raises WrongSlots, FarFromToday, NotAllowed.
    """
    require(by, "meetings.convene", On(day_in_group(at)))
    refuse_wrong_slots(asked, at)
    refuse_far_day(max(asked.starts).date(), at=at, field="slots")
    poll = HourPoll(
        title=asked.title,
        minutes=asked.minutes,
        note=asked.note,
        opened_by=by,
        opened_at=at,
        closes_at=asked.closes_at,
    )
    history.sign(poll, by=by, reason=MeetingChange.POLL_OPENED)
    poll.save()
    PollSlot.objects.bulk_create(
        PollSlot(poll=poll, starts_at=starts_at) for starts_at in sorted(set(asked.starts))
    )
    wake_on_commit()
    return poll


@transaction.atomic
def answer_poll(
    poll: HourPoll,
    agency: Agency,
    answers: Mapping[int, SlotAnswer],
    *,
    by: Person,
    at: datetime,
    by_link: bool = False,
) -> HourPoll:
    """Record which hours suit an agency.

    `answers` are by key of the slot. The last answer counts. `by_link`: it was given by the link of
    a mail, which proves the person. Raises PollOver, NotAllowed.
    """
    # The lock lets one of two colleagues at once write after the other.
    poll = HourPoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    require(by, "members.act_for", On(day_in_group(at), agency))
    if not poll.is_open(at):
        raise PollOver(_("This poll is closed; it takes no more answers."))
    saved = {
        answer.slot_id: answer
        for answer in PollAnswer.objects.filter(slot__poll=poll, agency=agency)
    }
    for slot in poll.slots.all():
        answer = saved.get(slot.pk) or PollAnswer(slot=slot, agency=agency)
        chosen = answers.get(slot.pk)
        if chosen is None or answer.answer == chosen:
            continue
        answer.answer, answer.answered_by, answer.answered_at = chosen, by, at
        answer.by_link = by_link
        history.sign(answer, by=by, reason=MeetingChange.POLL_ANSWERED)
        answer.save()
    wake_on_commit()
    return poll


@transaction.atomic
def close_poll(poll: HourPoll, *, version: int, by: Person, at: datetime) -> HourPoll:
    """Close a poll.

    Its answers stay. Raises PollOver, Stale, NotAllowed.
    """
    poll = HourPoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    require(by, "meetings.convene", On(day_in_group(at), poll))
    if not POLL_LIFE.allows(poll.state, PollState.CLOSED):
        raise PollOver(_("This poll is closed already."))
    claim(poll, version)
    poll.state = PollState.CLOSED
    history.sign(poll, by=by, reason=MeetingChange.POLL_CLOSED)
    poll.save(update_fields=["state", "version"])
    wake_on_commit()
    return poll


@transaction.atomic
def convene_from_poll(
    poll: HourPoll, invitation: MeetingDetails, *, by: Person, at: datetime
) -> Meeting:
    """Convene the meeting of a poll.

    An open poll closes with it. Raises PollOver if a meeting was convened from it, and as
    `meetings.convene`.
    """
    poll = HourPoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if poll.meeting_id:
        raise PollOver(_("A meeting was convened from this poll already."))
    meeting = meetings.convene(invitation, by=by, at=at)
    claim(poll, poll.version)
    poll.state, poll.meeting = PollState.CLOSED, meeting
    history.sign(poll, by=by, reason=MeetingChange.POLL_SETTLED)
    poll.save(update_fields=["state", "meeting", "version"])
    return meeting
