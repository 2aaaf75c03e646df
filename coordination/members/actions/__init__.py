"""What people do in the members domain; each state change is one function."""

from coordination.members.actions.accounts import (
    Powers,
    ask_for_address,
    change_address,
    note_password_set,
    note_second_factor_needed,
    set_open,
    set_powers,
    withdraw_address,
)
from coordination.members.actions.agencies import (
    Record,
    add_membership,
    end_membership,
    set_representation,
)
from coordination.members.actions.appointments import (
    Tenure,
    appoint,
    edit_appointment,
    end_appointment,
)
from coordination.members.actions.invitations import accept_invitation, invite, withdraw_invitation
from coordination.members.actions.mandates import edit_mandate
from coordination.members.actions.people import add_person, give_part, note_sign_in, update_profile
from coordination.members.actions.reference import load
from coordination.members.actions.second_factor import (
    ask_for_reset,
    confirm_reset,
    reset_by_command,
    withdraw_reset,
)

__all__ = [
    "Powers",
    "Record",
    "Tenure",
    "accept_invitation",
    "add_membership",
    "add_person",
    "appoint",
    "ask_for_address",
    "ask_for_reset",
    "change_address",
    "confirm_reset",
    "edit_appointment",
    "edit_mandate",
    "end_appointment",
    "end_membership",
    "give_part",
    "invite",
    "load",
    "note_password_set",
    "note_second_factor_needed",
    "note_sign_in",
    "reset_by_command",
    "set_open",
    "set_powers",
    "set_representation",
    "update_profile",
    "withdraw_address",
    "withdraw_invitation",
    "withdraw_reset",
]
