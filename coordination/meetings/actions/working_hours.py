"""When agencies work, which the hours of meetings are judged by."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.errors import Stale
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.enums import MeetingChange
from coordination.meetings.errors import NotWorkingHours
from coordination.meetings.models import WorkingHours
from coordination.meetings.queries import holidays
from coordination.members.actions.appointments import lock_agency
from coordination.members.models import Agency, Person

FIELDS = ("begins", "ends", "country", "part")
MOST_NAMED = 40  # parts of a country that a sentence lists


@dataclass(frozen=True, slots=True)
class HoursInput:
    """When an agency works, and whose holidays it keeps.

    Without hours they are the group's; without a country it is that of its time zone.
    """

    begins: time | None
    ends: time | None
    country: str = ""
    part: str = ""


def refuse_hours(hours: HoursInput) -> None:
    """Raise NotWorkingHours for hours or a country that cannot be reckoned with."""
    if (hours.begins is None) != (hours.ends is None):
        raise NotWorkingHours(
            _("Give both hours, or neither."), field="begins" if hours.ends else "ends"
        )
    if hours.begins and hours.ends and hours.ends <= hours.begins:
        raise NotWorkingHours(_("Work ends before it begins."), field="ends")
    if hours.part and not hours.country:
        raise NotWorkingHours(_("Choose the country of this part."), field="country")
    parts = holidays.parts_of(hours.country) if hours.country else []
    if parts is None:
        raise NotWorkingHours(
            _("The holidays of this country are not known here."), field="country"
        )
    if hours.part and hours.part not in parts:
        raise NotWorkingHours(unknown_part_sentence(hours.country, parts), field="part")


def unknown_part_sentence(country: str, parts: list[str]) -> str:
    """Return the sentence that names a country's parts.

    Those that have holidays of their own.
    """
    name = holidays.country_name(country)
    if not parts:
        return _("No part of %(country)s has holidays of its own.") % {"country": name}
    listed = ", ".join(parts[:MOST_NAMED]) + (" …" if len(parts) > MOST_NAMED else "")
    return _("The parts of %(country)s are: %(parts)s.") % {"country": name, "parts": listed}


@transaction.atomic
def set_working_hours(
    agency: Agency, hours: HoursInput, *, version: int, by: Person, at: datetime
) -> WorkingHours:
    """Set when an agency works.

    `version` is 0 where nothing was on record. Raises NotAllowed, NotWorkingHours, and Stale when
    somebody saved meanwhile.
    """
    # The lock lets one of two people at once write the first record.
    agency = lock_agency(agency)
    require(by, "meetings.set_hours", On(day_in_group(at), agency))
    refuse_hours(hours)
    record = WorkingHours.objects.filter(agency=agency).first()
    if record:
        claim(record, version)
    elif version:
        raise Stale(
            _("Somebody removed this while you wrote."), current=WorkingHours(agency=agency)
        )
    else:
        record = WorkingHours(agency=agency)
    for name in FIELDS:
        setattr(record, name, getattr(hours, name))
    history.sign(record, by=by, reason=MeetingChange.WORKING_HOURS_SET)
    record.save()
    return record
