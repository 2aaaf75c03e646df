"""Pages of the members domain."""

from coordination.members.views.accounts import accept, demo_sign_in, profile
from coordination.members.views.agencies import agency, agency_history, directory
from coordination.members.views.roster import appointment, invite, mandate, withdraw_invitation

__all__ = [
    "accept",
    "agency",
    "agency_history",
    "appointment",
    "demo_sign_in",
    "directory",
    "invite",
    "mandate",
    "profile",
    "withdraw_invitation",
]
