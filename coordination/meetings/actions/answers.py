"""Answers to invitations."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.meetings.enums import MeetingChange, MeetingState, Reply
from coordination.meetings.errors import ColleagueMissing, MeetingMoved, MeetingOver
from coordination.meetings.models import Meeting, MeetingAnswer
from coordination.meetings.queries import invitations
from coordination.members.models import Person

REASONS = {
    Reply.ACCEPTED: MeetingChange.ANSWER_ACCEPTED,
    Reply.TENTATIVE: MeetingChange.ANSWER_TENTATIVE,
    Reply.DECLINED: MeetingChange.ANSWER_DECLINED,
    Reply.DELEGATED: MeetingChange.ANSWER_DELEGATED,
}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a person answers.

    `colleague` is who goes instead, kept for DELEGATED alone. `hours` are those that the person was
    shown, as `invitations.shown_hours` gives them.
    """

    reply: str
    hours: str
    colleague: str = ""
    note: str = ""


@transaction.atomic
def answer_invitation(
    meeting: Meeting, given: GivenAnswer, *, by: Person, at: datetime
) -> MeetingAnswer:
    """Record or change what an invited person answers, until the meeting begins.

    Raises MeetingOver, MeetingMoved, ColleagueMissing, NotAllowed.
    """
    # locked, so that an answer is never to hours that change in this moment
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.answer", On(day_in_group(at), meeting))
    if meeting.state != MeetingState.CONVENED or meeting.begun(at):
        raise MeetingOver(_("This meeting has begun or was cancelled; no answer is needed."))
    if given.hours != invitations.shown_hours(meeting):
        raise MeetingMoved(
            _("The meeting has moved since this page was shown. Look at the new hour, and answer.")
        )
    if given.reply == Reply.DELEGATED and not given.colleague:
        raise ColleagueMissing(_("Name the colleague who goes instead."), field="colleague")
    answer = MeetingAnswer.objects.filter(meeting=meeting, person=by).first()
    answer = answer or MeetingAnswer(meeting=meeting, person=by)
    answer.reply, answer.note = given.reply, given.note
    answer.colleague = given.colleague if given.reply == Reply.DELEGATED else ""
    answer.answered_at = at
    answer.starts_at, answer.ends_at = meeting.starts_at, meeting.ends_at
    history.sign(answer, by=by, reason=REASONS[Reply(given.reply)])
    answer.save()
    wake_on_commit()
    return answer
