"""Rules of the members domain that an act can break."""

from datetime import datetime
from typing import Any

from coordination.core.errors import RuleBroken


class AlreadyAppointed(RuleBroken):
    """The person already has this role for this agency in a part of the period."""


class AlreadyBelongs(RuleBroken):
    """The agency already belongs to the group in a part of the period."""


class TermNotCounted(RuleBroken):
    """A mandate term that could never be found in a text, or would be found everywhere."""


class AlreadyRepresented(RuleBroken):
    """Another commission already speaks for the agency in a part of the period."""


class AlreadyInvited(RuleBroken):
    """An invitation to the same address for the same role is open."""


class InvitationNotOpen(RuleBroken):
    """The invitation was accepted, withdrawn, has expired, or never was."""


class AccountClosed(RuleBroken):
    """An administrator closed the account that this address belongs to."""


class NameWithLink(RuleBroken):
    """A name that a mail program would show as a link."""


class LimitReached(RuleBroken):
    """A person has done this as often as is possible within an hour."""

    def __init__(self, message: str, *, field: str, kind: str, person: Any, at: datetime) -> None:
        """Keep the sentence, and what the record of it says."""
        super().__init__(message, field=field)
        self.kind, self.person, self.at = kind, person, at


class AddressTaken(RuleBroken):
    """Another person signs in with this address."""


class ResetNotOpen(RuleBroken):
    """The request to reset a second factor was confirmed, withdrawn, or has expired."""


class ResetAlreadyAsked(RuleBroken):
    """A request to reset the second factor of this person is open."""


class NoSecondFactor(RuleBroken):
    """The person has no second factor that could be reset."""


class OwnAppointment(RuleBroken):
    """An administrator does not appoint themselves."""
