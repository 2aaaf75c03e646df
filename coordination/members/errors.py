"""Broken rules of the members domain."""

from datetime import datetime
from typing import Any

from coordination.core.errors import RuleBroken


class AlreadyAppointed(RuleBroken):
    """The person already has this role in a part of the period."""


class AlreadyBelongs(RuleBroken):
    """The agency already belongs in a part of the period."""


class AlreadyHasPrincipal(RuleBroken):
    """Another person is the agency's principal in a part of the period."""


class OutsideMembership(RuleBroken):
    """An appointment has days outside its agency's membership."""


class ChairEnds(RuleBroken):
    """The membership of a chair would end before its term.

    The agency chairs now or later.
    """


class TermNotCounted(RuleBroken):
    """A mandate term that no text, or almost every text, contains."""


class AlreadyRepresented(RuleBroken):
    """Another commission already speaks in a part of the period."""


class AlreadyInvited(RuleBroken):
    """An invitation to this address for this role is open."""


class InvitationNotOpen(RuleBroken):
    """The invitation was accepted, withdrawn, has expired, or never existed."""


class AccountClosed(RuleBroken):
    """An administrator closed the account of this address."""


class NameWithLink(RuleBroken):
    """A name that a mail program would show as a link."""


class LimitReached(RuleBroken):
    """A person has done this as often as an hour allows."""

    def __init__(self, message: str, *, field: str, kind: str, person: Any, at: datetime) -> None:
        super().__init__(message, field=field)
        self.kind, self.person, self.at = kind, person, at


class AddressTaken(RuleBroken):
    """Another person signs in with this address."""


class ResetNotOpen(RuleBroken):
    """The request for a reset is confirmed, withdrawn or expired."""


class ResetAlreadyAsked(RuleBroken):
    """A request for a reset of this person's factor is open."""


class NoSecondFactor(RuleBroken):
    """The person has no second factor."""


class OwnAppointment(RuleBroken):
    """An administrator may not appoint themselves."""


class WrongDays(RuleBroken):
    """Days away end before they begin, or are over."""


class AlreadyAway(RuleBroken):
    """The person is noted as away on one of these days."""


class NoColleague(RuleBroken):
    """The alternate is not in office for an agency of the person."""


class AbsenceOver(RuleBroken):
    """The days away are over, or were withdrawn."""


class StillInOffice(RuleBroken):
    """A person who is or will be in office is not erased."""
