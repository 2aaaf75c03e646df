"""What agencies propose for an agenda: propose, withdraw, take, decline."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.actions import agenda
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.enums import (
    PROPOSAL_LIFE,
    MeetingChange,
    MeetingState,
    ProposalState,
)
from coordination.meetings.errors import DeclinedWithoutReason, MeetingOver, ProposalSettled
from coordination.meetings.models import AgendaItem, AgendaProposal, Meeting
from coordination.members.models import Agency, Person


@dataclass(frozen=True, slots=True)
class ProposedItem:
    """A topic that an agency wants to discuss.

    Without a meeting, at any that is to come.
    """

    title: str
    why: str = ""
    minutes: int | None = None
    meeting: Meeting | None = None


def refuse_over(meeting: Meeting, at: datetime) -> None:
    """Raise MeetingOver for a meeting that has begun, or is not convened."""
    if meeting.state != MeetingState.CONVENED or meeting.begun(at):
        raise MeetingOver(_("Choose a meeting that is to come."), field="meeting")


@transaction.atomic
def propose(item: ProposedItem, agency: Agency, *, by: Person, at: datetime) -> AgendaProposal:
    """Propose an item for an agenda.

    Raises MeetingOver, NotAllowed.
    """
    require(by, "meetings.propose", On(day_in_group(at), agency))
    if item.meeting:
        refuse_over(item.meeting, at)
    proposal = AgendaProposal(
        agency=agency,
        title=item.title,
        why=item.why,
        minutes=item.minutes,
        meeting=item.meeting,
        proposed_by=by,
        proposed_at=at,
    )
    history.sign(proposal, by=by, reason=MeetingChange.PROPOSAL_MADE)
    proposal.save()
    wake_on_commit()
    return proposal


def claimed(proposal: AgendaProposal, version: int, state: ProposalState) -> AgendaProposal:
    """Return the locked proposal, claimed at `version`, which may become `state`.

    Raises ProposalSettled, Stale.
    """
    proposal = (
        AgendaProposal.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=proposal.pk)
    )
    if not PROPOSAL_LIFE.allows(proposal.state, state):
        raise ProposalSettled(
            _("This proposal is settled: %(state)s.") % {"state": proposal.get_state_display()}
        )
    claim(proposal, version)
    proposal.state = state
    return proposal


@transaction.atomic
def withdraw_proposal(
    proposal: AgendaProposal, *, version: int, by: Person, at: datetime
) -> AgendaProposal:
    """Withdraw what the person's agency proposed, before the chair decides.

    Raises ProposalSettled, Stale, NotAllowed.
    """
    require(by, "meetings.propose", On(day_in_group(at), proposal.agency))
    proposal = claimed(proposal, version, ProposalState.WITHDRAWN)
    proposal.decided_by, proposal.decided_at = by, at
    history.sign(proposal, by=by, reason=MeetingChange.PROPOSAL_WITHDRAWN)
    proposal.save(update_fields=["state", "decided_by", "decided_at", "version"])
    wake_on_commit()
    return proposal


@transaction.atomic
def accept_proposal(
    proposal: AgendaProposal, meeting: Meeting, *, version: int, by: Person, at: datetime
) -> AgendaItem:
    """Put a proposal on the agenda of a meeting to come.

    Its agency leads the item. Raises ProposalSettled, MeetingOver, Stale, NotAllowed.
    """
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    refuse_over(meeting, at)
    proposal = claimed(proposal, version, ProposalState.ACCEPTED)
    entry = AgendaEntry(proposal.title, proposal.why, proposal.agency, proposal.minutes)
    item = agenda.add_agenda_item(meeting, entry, by=by, at=at)
    proposal.meeting, proposal.decided_by, proposal.decided_at = meeting, by, at
    history.sign(proposal, by=by, reason=MeetingChange.PROPOSAL_ACCEPTED)
    proposal.save(update_fields=["state", "meeting", "decided_by", "decided_at", "version"])
    wake_on_commit()
    return item


@transaction.atomic
def decline_proposal(
    proposal: AgendaProposal, reason: str, *, version: int, by: Person, at: datetime
) -> AgendaProposal:
    """Decline what was proposed.

    Its agency reads the reason. Raises DeclinedWithoutReason, ProposalSettled, Stale, NotAllowed.
    """
    require(by, "meetings.convene", On(day_in_group(at), proposal))
    if not reason.strip():
        raise DeclinedWithoutReason(
            _("Say why it is declined; the agency reads it."), field="reason"
        )
    proposal = claimed(proposal, version, ProposalState.DECLINED)
    proposal.reason, proposal.decided_by, proposal.decided_at = reason, by, at
    history.sign(proposal, by=by, reason=MeetingChange.PROPOSAL_DECLINED)
    proposal.save(update_fields=["state", "reason", "decided_by", "decided_at", "version"])
    wake_on_commit()
    return proposal
