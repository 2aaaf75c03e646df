"""The agreed record of a meeting.

Nobody changes it until it is opened again.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import formatting, history
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.core.versions import claim
from coordination.meetings.enums import MeetingChange, MeetingState, MinutesState
from coordination.meetings.errors import MeetingOver, MinutesFixed, RecordAgreed
from coordination.meetings.models import Meeting, Minutes
from coordination.members.models import Person

FIELDS = ["agreed_at", "agreed_by", "version"]


def agreed_sentence(meeting: Meeting) -> str:
    """Return the sentence that the record is agreed, or "".

    One query where it is.
    """
    if meeting.agreed_at is None:
        return ""
    return _(
        "This record is agreed since %(when)s. It is changed only after it is opened again, with a "
        "reason."
    ) % {"when": formatting.moment(meeting.agreed_at, group().zone)}


def refuse_agreed(meeting: Meeting) -> None:
    """Raise RecordAgreed if the record of the locked meeting is agreed.

    Every action that changes a meeting or a part of its record calls it.
    """
    if meeting.agreed_at:
        raise RecordAgreed(agreed_sentence(meeting))


def refuse_circulated(meeting: Meeting) -> None:
    """Raise MinutesFixed if the minutes of the locked meeting are circulated.

    Their paragraphs stand under the agenda, which nobody changes from then on.
    """
    if Minutes.objects.filter(meeting=meeting).exclude(state=MinutesState.DRAFT).exists():
        raise MinutesFixed(
            _("The minutes are circulated, and the agenda is a part of them."), field="agenda"
        )


@transaction.atomic
def agree_record(meeting: Meeting, *, version: int, by: Person, at: datetime) -> Meeting:
    """Agree the record of a held meeting, which locks it.

    Raises Stale, MeetingOver, RecordAgreed, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.agree_record", On(day_in_group(at), meeting))
    refuse_agreed(meeting)
    if meeting.state != MeetingState.HELD:
        raise MeetingOver(_("Only the record of a meeting that was held can be agreed."))
    claim(meeting, version)
    meeting.agreed_at, meeting.agreed_by = at, by
    history.sign(meeting, by=by, reason=MeetingChange.RECORD_AGREED)
    meeting.save(update_fields=FIELDS)
    return meeting


@transaction.atomic
def reopen_record(
    meeting: Meeting, reason: str, *, version: int, by: Person, at: datetime
) -> Meeting:
    """Open an agreed record again.

    History keeps the reason. A record that is open stays so. Raises Stale, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    require(by, "meetings.reopen_record", On(day_in_group(at), meeting))
    claim(meeting, version)
    meeting.agreed_at = meeting.agreed_by = None
    history.sign(meeting, by=by, reason=MeetingChange.RECORD_REOPENED, values={"why": reason})
    meeting.save(update_fields=FIELDS)
    return meeting
