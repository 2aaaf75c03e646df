"""Standing behind another agency's amendment."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.enums import StatementState
from coordination.statements.errors import OwnAmendment, Reworded
from coordination.statements.models import Amendment, CoSponsor


def held_open(amendment: Amendment, agency: Agency, *, by: Person, at: datetime) -> Amendment:
    """Lock an open amendment for an agency that joins or leaves its sponsors.

    Raises WrongState or AmendmentSettled.
    """
    statement = guards.lock(amendment.block.draft.statement_id)
    permissions.require(by, "statements.amend", On(day_in_group(at), amendment.block.draft))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_state(statement, StatementState.AMENDMENTS)
    amendment = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=amendment.pk)
    )
    guards.refuse_settled(amendment)
    return amendment


@transaction.atomic
def cosponsor(
    amendment: Amendment, *, version: int, agency: Agency, by: Person, at: datetime
) -> CoSponsor:
    """Record an agency as co-sponsor of another's amendment.

    It co-sponsors the words of `version`, which `by` saw. Doing so twice changes nothing.
    """
    amendment = held_open(amendment, agency, by=by, at=at)
    if amendment.agency_id == agency.pk:
        raise OwnAmendment(_("%(agency)s proposed this amendment itself.") % {"agency": agency})
    if amendment.version != version:
        raise Reworded(
            _("%(agency)s has changed the amendment meanwhile; read it as it is now.")
            % {"agency": amendment.agency}
        )
    sponsor, made = CoSponsor.objects.get_or_create(
        amendment=amendment, agency=agency, left_at=None, defaults={"person": by, "joined_at": at}
    )
    if made:
        wake_on_commit()
    return sponsor


@transaction.atomic
def leave_sponsors(amendment: Amendment, *, agency: Agency, by: Person, at: datetime) -> None:
    """Stand behind another's amendment no longer; that one did stays on record."""
    amendment = held_open(amendment, agency, by=by, at=at)
    amendment.cosponsors.filter(agency=agency, left_at__isnull=True).update(left_at=at)


def release_sponsors(amendment: Amendment, *, at: datetime) -> None:
    """Let all co-sponsors go, because the words of the amendment changed.

    They are told, and may join again.
    """
    amendment.cosponsors.filter(left_at__isnull=True).update(left_at=at, reworded=True)
