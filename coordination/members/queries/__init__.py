"""Reads of the members domain: who belongs, who is who, as of a day."""

from coordination.members.queries.agencies import (
    Place,
    Step,
    belonging_on,
    disagreements_about,
    is_member_on,
    member_steps,
    members_on,
    memberships_in_order,
    overlapping_memberships,
    overlapping_representations,
    representation_on,
    zone_and_city,
)
from coordination.members.queries.changes import agency_changes
from coordination.members.queries.flags import Flag, flag_of, judge, shortage_or_excess
from coordination.members.queries.invitations import invitation_of, invitations_of, open_invitations, token_of
from coordination.members.queries.people import (
    acting_agencies,
    agencies_of,
    appointments_of,
    appointments_on,
    belongs_on,
    cast,
    focal_points_of,
    may_act,
    overlapping_appointments,
    people_for,
    principal_on,
)
from coordination.members.queries.periods import running
from coordination.members.queries.roster import AgencyRecord, RosterEntry, agency_record, roster

__all__ = [
    "AgencyRecord",
    "Flag",
    "Place",
    "RosterEntry",
    "Step",
    "acting_agencies",
    "agencies_of",
    "agency_changes",
    "agency_record",
    "appointments_of",
    "appointments_on",
    "belonging_on",
    "belongs_on",
    "cast",
    "disagreements_about",
    "flag_of",
    "focal_points_of",
    "invitation_of",
    "invitations_of",
    "is_member_on",
    "judge",
    "may_act",
    "member_steps",
    "members_on",
    "memberships_in_order",
    "open_invitations",
    "overlapping_appointments",
    "overlapping_memberships",
    "overlapping_representations",
    "people_for",
    "principal_on",
    "representation_on",
    "roster",
    "running",
    "shortage_or_excess",
    "token_of",
    "zone_and_city",
]
