"""What of meetings a person leaves whose time for an agency ends."""

from datetime import date

from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.meetings import queries
from coordination.members.models import Agency, Person
from coordination.members.queries.leavers import LeftMatter


def left_items(person: Person, agency: Agency, _day: date) -> list[LeftMatter]:
    """Return the person's unsettled action items for the agency.

    Those that they took on. One query.
    """
    items = queries.open_items().filter(agency=agency, person=person)
    return [
        LeftMatter(
            _("Action item “%(title)s”, due %(day)s: falls to %(agency)s.")
            % {
                "title": item.title,
                "day": formatting.plain_day(item.due_day),
                "agency": agency,
            },
            queries.address_of(item),
        )
        for item in items
    ]
