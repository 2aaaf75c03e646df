"""Memberships, and commissions that speak for an agency.

Administrators keep them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core import queries as core_queries
from coordination.core.actions import constraint_as_error
from coordination.core.due import wake_on_commit
from coordination.core.enums import Precision
from coordination.core.periods import Period
from coordination.core.permissions import On
from coordination.members.actions.appointments import lock_agency, refuse_backward_period
from coordination.members.actions.leaving import end_with_membership
from coordination.members.enums import MembersChange, MembershipStatus
from coordination.members.errors import AlreadyBelongs, AlreadyRepresented, ChairEnds
from coordination.members.models import Agency, Commission, Membership, Person, Representation
from coordination.members.queries import agencies, leaving


@dataclass(frozen=True, slots=True)
class RecordedPeriod:
    """The input of a period on record."""

    first_day: date
    last_day: date | None = None
    first_precision: Precision = Precision.DAY
    sources: tuple[str, ...] = ()
    note: str = ""


def refuse_second_membership(membership: Membership) -> None:
    """Raise AlreadyBelongs if a membership overlaps this one."""
    period = Period(membership.first_day, membership.last_day)
    other = (
        agencies.overlapping_memberships(membership.agency, period)
        .exclude(pk=membership.pk)
        .first()
    )
    if other:
        raise AlreadyBelongs(
            _("%(agency)s already belongs to the group from %(first)s.")
            % {
                "agency": membership.agency,
                "first": other.first_day.isoformat(),
            },
            field="first_day",
        )


def refuse_second_representation(representation: Representation) -> None:
    """Raise AlreadyRepresented if a representation overlaps this one."""
    period = Period(representation.first_day, representation.last_day)
    agency = representation.commission.agency
    other = (
        agencies.overlapping_representations(agency, period).exclude(pk=representation.pk).first()
    )
    if other:
        raise AlreadyRepresented(
            _("%(commission)s already speaks for %(agency)s from %(first)s.")
            % {
                "commission": other.commission,
                "agency": agency,
                "first": other.first_day.isoformat(),
            },
            field="first_day",
        )


def refuse_silent_end(membership: Membership) -> None:
    """Raise ChairEnds if the change would end a chair's term.

    The error says which terms end, and from which day.
    """
    sentences = leaving.consequences_of(membership)
    if sentences:
        raise ChairEnds(" ".join(sentences), field="chair_ends")


def write_membership(membership: Membership, fields: list[str] | None = None) -> None:
    """Save; turn the database's refusal of an overlap into AlreadyBelongs."""
    race_error = AlreadyBelongs(
        _("Somebody put the same on record for these days at the same moment."), field="first_day"
    )
    with constraint_as_error(
        "members_membership_no_overlap", lambda: refuse_second_membership(membership), race_error
    ):
        membership.save(update_fields=fields)


def write_representation(representation: Representation) -> None:
    """Save; turn the database's refusal into AlreadyRepresented."""
    race_error = AlreadyRepresented(
        _("Somebody put the same on record for these days at the same moment."), field="first_day"
    )
    with constraint_as_error(
        "members_representation_no_overlap",
        lambda: refuse_second_representation(representation),
        race_error,
    ):
        representation.save()


@transaction.atomic
def add_membership(
    agency: Agency, standing: MembershipStatus, days: RecordedPeriod, *, by: Person, at: datetime
) -> Membership:
    """Add a membership or observer status for a period.

    Raises NotAllowed, LastDayBeforeFirst, AlreadyBelongs.
    """
    agency = lock_agency(agency)
    permissions.require(by, "members.edit_membership", On(core_queries.day_in_group(at), agency))
    refuse_backward_period(days.first_day, days.last_day)
    membership = Membership(agency=agency, standing=standing, **_as_fields(days))
    refuse_second_membership(membership)
    history.sign(membership, by=by, reason=MembersChange.MEMBER_JOINED)
    write_membership(membership)
    wake_on_commit()
    return membership


@transaction.atomic
def end_membership(
    membership: Membership,
    last_day: date,
    *,
    version: int,
    by: Person,
    at: datetime,
    chair_ends: bool = False,
) -> Membership:
    """End a membership with `last_day`, inclusive.

    What the agency said and signed stays. `chair_ends`: the person has read that the agency would
    not chair any more. Raises NotAllowed, LastDayBeforeFirst, Stale, ChairEnds.
    """
    agency = lock_agency(membership.agency)
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    permissions.require(by, "members.edit_membership", On(core_queries.day_in_group(at), agency))
    refuse_backward_period(membership.first_day, last_day)
    versions.claim(membership, version)
    membership.agency, membership.last_day = agency, last_day
    refuse_second_membership(membership)
    if not chair_ends:
        refuse_silent_end(membership)
    history.sign(membership, by=by, reason=MembersChange.MEMBER_LEFT)
    write_membership(membership, ["last_day"])
    end_with_membership(agency, by=by, at=at)
    wake_on_commit()
    return membership


@transaction.atomic
def set_representation(
    commission: Commission, days: RecordedPeriod, *, by: Person, at: datetime
) -> Representation:
    """Let `commission` speak for its agency for a period.

    Raises NotAllowed, LastDayBeforeFirst, AlreadyRepresented.
    """
    agency = lock_agency(commission.agency)
    permissions.require(by, "members.edit_roster", On(core_queries.day_in_group(at), agency))
    refuse_backward_period(days.first_day, days.last_day)
    representation = Representation(commission=commission, **_as_fields(days))
    refuse_second_representation(representation)
    history.sign(
        representation, by=by, reason=MembersChange.SPEAKS_FOR, values={"agency": str(agency)}
    )
    write_representation(representation)
    wake_on_commit()
    return representation


def _as_fields(days: RecordedPeriod) -> dict[str, object]:
    return {
        "first_day": days.first_day,
        "last_day": days.last_day,
        "first_precision": days.first_precision,
        "sources": list(days.sources),
        "note": days.note,
    }
