"""Co-sponsoring another agency's amendment."""

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


def lock_open_amendment(
    amendment: Amendment, agency: Agency, *, by: Person, at: datetime
) -> Amendment:
    """Lock an open amendment for joining or leaving agencies.

    Raises NotAllowed, NotParticipating, WrongState or AmendmentSettled.
    """
    statement = guards.lock_statement(amendment.block.draft.statement_id)
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
def add_cosponsor(
    amendment: Amendment, *, version: int, agency: Agency, by: Person, at: datetime
) -> CoSponsor:
    """Record an agency as co-sponsor of another's amendment.

    Raises OwnAmendment, or Reworded when the amendment is not at `version`, which `by` saw. Doing
    so twice changes nothing.
    """
    amendment = lock_open_amendment(amendment, agency, by=by, at=at)
    if amendment.agency_id == agency.pk:
        raise OwnAmendment(_("%(agency)s proposed this amendment itself.") % {"agency": agency})
    # not versions.claim: co-sponsoring does not change the amendment, so it takes no new version
    if amendment.version != version:
        raise Reworded(
            _("%(agency)s has changed the amendment since you opened it. Read the new words.")
            % {"agency": amendment.agency}
        )
    # the statement is locked, so two requests cannot both create the row
    cosponsor, is_new = CoSponsor.objects.get_or_create(
        amendment=amendment, agency=agency, left_at=None, defaults={"person": by, "joined_at": at}
    )
    if is_new:
        wake_on_commit()
    return cosponsor


@transaction.atomic
def leave_cosponsors(amendment: Amendment, *, agency: Agency, by: Person, at: datetime) -> None:
    """End an agency's co-sponsorship; the row stays on record."""
    amendment = lock_open_amendment(amendment, agency, by=by, at=at)
    amendment.cosponsors.filter(agency=agency, left_at__isnull=True).update(left_at=at)


def end_cosponsorships(amendment: Amendment, *, at: datetime) -> None:
    """End all co-sponsorships because the amendment's words changed.

    The agencies get a mail and may join again.
    """
    # `reworded` tells the planner that these agencies did not leave by themselves
    amendment.cosponsors.filter(left_at__isnull=True).update(left_at=at, reworded=True)
