"""Pages of the members domain."""

from coordination.members.views.accounts import accept, demo_sign_in, profile
from coordination.members.views.agencies import agency, agency_history, directory
from coordination.members.views.roster import appointment, invite, mandate, withdraw_invitation
from coordination.members.views.security import address, confirm_address, own_sessions

__all__ = [
    "accept",
    "address",
    "agency",
    "agency_history",
    "appointment",
    "confirm_address",
    "demo_sign_in",
    "directory",
    "invite",
    "mandate",
    "own_sessions",
    "profile",
    "withdraw_invitation",
]
