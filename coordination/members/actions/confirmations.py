"""An agency says that its people are as recorded."""

from datetime import datetime

from django.db import transaction

from coordination.core import queries as core_queries
from coordination.core.clock import day_at, start_of
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.members.models import Agency, Person, RosterConfirmation


@transaction.atomic
def confirm_roster(
    agency: Agency, *, by: Person, at: datetime, by_link: bool = False
) -> RosterConfirmation:
    """Record that the agency's people are right.

    Once a day for a person. Raises NotAllowed.
    """
    group = core_queries.group()
    day = day_at(at, group.zone)
    # locked, so that a button pressed twice records it once
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    require(by, "members.confirm_roster", On(day, agency, group))
    row, is_new = RosterConfirmation.objects.get_or_create(
        agency=agency,
        person=by,
        confirmed_at__gte=start_of(day, group.zone),
        defaults={"confirmed_at": at, "by_link": by_link},
    )
    if is_new:
        wake_on_commit()
    return row
