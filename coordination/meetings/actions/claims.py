"""Claims to have attended.

A focal point makes a claim, and the keepers of the minutes settle it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.meetings.actions.records import refuse_agreed
from coordination.meetings.enums import CLAIM_LIFE, ClaimState, Level, MeetingChange
from coordination.meetings.errors import ClaimRefused, ClaimSettled
from coordination.meetings.models import Attendance, AttendanceClaim, Meeting
from coordination.meetings.queries import PRESENT, roll
from coordination.members.models import Person


@transaction.atomic
def claim_presence(meeting: Meeting, where: str, *, by: Person, at: datetime) -> AttendanceClaim:
    """Record that a focal point says they attended, for their agency of that day.

    Raises ClaimRefused where it is too late or too early, said before, or on the roll already;
    NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    day = day_in_group(at)
    require(by, "meetings.claim_presence", On(day, meeting))
    why = roll.why_not_claimable(meeting, at, day)
    seat = roll.claimable_seats(by, meeting).first()
    if not why and seat is None:
        why = _("You were no focal point of an agency of the group on that day.")
    if not why and roll.claim_of(meeting, by):
        why = _("You said so before.")
    if why or seat is None:
        raise ClaimRefused(why)
    claim = AttendanceClaim(
        meeting=meeting, agency=seat.agency, person=by, where=where, claimed_at=at
    )
    history.sign(claim, by=by, reason=MeetingChange.PRESENCE_CLAIMED)
    claim.save()
    return claim


@transaction.atomic
def confirm_claim(claim: AttendanceClaim, *, by: Person, at: datetime) -> AttendanceClaim:
    """Confirm a claim, which names the person on the roll.

    A seat that was not represented is then, by a focal point. Raises ClaimSettled, RecordAgreed,
    NotAllowed.
    """
    claim = locked(claim, by=by, at=at)
    record = Attendance.objects.filter(meeting=claim.meeting, agency=claim.agency).first()
    record = record or Attendance(meeting=claim.meeting, agency=claim.agency, level=Level.ABSENT)
    name = claim.person.name
    if record.level not in PRESENT:
        record.level, record.name_on_day, record.person = Level.FOCAL_POINT, name, claim.person
        record.where, record.reason, record.delegate_for = claim.where, "", ""
    else:
        names = roll.names_of(record.name_on_day)
        record.name_on_day = roll.joined(dict.fromkeys([*names, name]))
    history.sign(record, by=by, reason=MeetingChange.CLAIM_CONFIRMED)
    record.save()
    return settle(claim, ClaimState.CONFIRMED, by=by, at=at)


@transaction.atomic
def decline_claim(claim: AttendanceClaim, why: str, *, by: Person, at: datetime) -> AttendanceClaim:
    """Decline a claim with a reason, which its person reads.

    Raises ClaimSettled, RecordAgreed, NotAllowed.
    """
    claim = locked(claim, by=by, at=at)
    claim.why_declined = why
    return settle(claim, ClaimState.DECLINED, by=by, at=at)


def locked(claim: AttendanceClaim, *, by: Person, at: datetime) -> AttendanceClaim:
    """Return the claim with its meeting locked.

    Raises ClaimSettled, RecordAgreed, NotAllowed.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=claim.meeting_id)
    require(by, "meetings.record_outcome", On(day_in_group(at), meeting))
    refuse_agreed(meeting)
    claim = roll.claims_of(meeting).get(pk=claim.pk)
    if not CLAIM_LIFE.allows(claim.state, ClaimState.CONFIRMED):
        raise ClaimSettled(
            _("This was settled before: %(state)s.") % {"state": claim.get_state_display()}
        )
    claim.meeting = meeting
    return claim


def settle(
    claim: AttendanceClaim, state: ClaimState, *, by: Person, at: datetime
) -> AttendanceClaim:
    """Write the new state of a locked claim."""
    reason = {
        ClaimState.CONFIRMED: MeetingChange.CLAIM_CONFIRMED,
        ClaimState.DECLINED: MeetingChange.CLAIM_DECLINED,
    }[state]
    claim.state, claim.settled_at = state, at
    history.sign(claim, by=by, reason=reason)
    claim.save(update_fields=["state", "settled_at", "why_declined"])
    return claim
