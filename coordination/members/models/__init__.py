"""The models of members, listed here for Django."""

from coordination.members.models.absences import Absence
from coordination.members.models.confirmations import RosterConfirmation
from coordination.members.models.feeds import FeedToken
from coordination.members.models.records import (
    RESET_OPEN_FOR,
    AddressChange,
    Agency,
    Appointment,
    Commission,
    Dated,
    FactorReset,
    Invitation,
    LimitHit,
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
