"""What people do in the members domain; each state change is one function."""

from coordination.members.actions.agencies import (
    Record,
    add_membership,
    end_membership,
    set_representation,
)
from coordination.members.actions.appointments import Tenure, appoint, edit_appointment, end_appointment
from coordination.members.actions.invitations import accept_invitation, invite, withdraw_invitation
from coordination.members.actions.mandates import edit_mandate
from coordination.members.actions.people import add_person, give_part, note_sign_in, update_profile
from coordination.members.actions.reference import load

__all__ = [
    "Record",
    "Tenure",
    "accept_invitation",
    "add_membership",
    "add_person",
    "appoint",
    "edit_appointment",
    "edit_mandate",
    "end_appointment",
    "end_membership",
    "give_part",
    "invite",
    "load",
    "note_sign_in",
    "set_representation",
    "update_profile",
    "withdraw_invitation",
]
