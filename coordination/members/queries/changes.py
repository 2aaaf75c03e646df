"""The history of an agency with its periods, people and commissions."""

from typing import Any

from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.core.queries import disagreement_changes
from coordination.members.models import (
    Agency,
    Appointment,
    Commission,
    Invitation,
    Membership,
    Representation,
)

# fields that the page or `name_of` shows anyway
KNOWN = ("agency", "commission", "acronym", "person", "role")


def agency_changes(agency: Agency, *, with_invitations: bool) -> list[HistoryEntry]:
    """Return the newest changes of an agency and its records, newest first.

    Six queries: the agency, its memberships, its people's appointments, its commissions, when these
    spoke for it, and where sources disagree. One more for invitations, for those who may invite.
    """
    commissions = Commission.history.filter(agency_id=agency.pk)
    records = [
        Membership.history.filter(agency_id=agency.pk),
        Appointment.history.filter(agency_id=agency.pk),
        commissions,
        Representation.history.filter(commission_id__in=commissions.order_by().values("id")),
        *([Invitation.history.filter(agency_id=agency.pk)] if with_invitations else []),
    ]
    return history.newest_first(
        history.changes(agency, most=history.MOST),
        disagreement_changes("membership", naming=agency.acronym),
        *(history.steps(rows, name=name_of, known=KNOWN) for rows in records),
    )


def name_of(record: Any) -> str:
    """Return the name of a historical record's object."""
    kind = record.instance_type
    if kind is Appointment:
        return f"{history.said(record, 'person')}, {record.get_role_display()}"
    if kind is Invitation:
        return _("invitation of %(name)s") % {"name": record.name}
    if kind is Commission:
        return _("commission %(acronym)s") % {"acronym": record.acronym}
    if kind is Representation:
        return _("representation by %(commission)s") % {
            "commission": history.said(record, "commission")
        }
    return _("membership from %(day)s") % {"day": history.said(record, "first_day")}
