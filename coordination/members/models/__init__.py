"""The models of members, listed here for Django."""

from coordination.members.models.absences import Absence
from coordination.members.models.accounts import (
    RESET_OPEN_FOR,
    AddressChange,
    FactorReset,
    LimitHit,
)
from coordination.members.models.confirmations import RosterConfirmation
from coordination.members.models.feeds import FeedToken
from coordination.members.models.records import (
    Agency,
    Appointment,
    Commission,
    Dated,
    Invitation,
    Membership,
    Person,
    PersonManager,
    Representation,
    new_nonce,
    period_constraints,
)

__all__ = [
    "RESET_OPEN_FOR",
    "Absence",
    "AddressChange",
    "Agency",
    "Appointment",
    "Commission",
    "Dated",
    "FactorReset",
    "FeedToken",
    "Invitation",
    "LimitHit",
    "Membership",
    "Person",
    "PersonManager",
    "Representation",
    "RosterConfirmation",
    "new_nonce",
    "period_constraints",
]
