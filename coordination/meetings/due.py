"""What meetings want reminded: a meeting that comes, an action item that is late."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core.due import Due
from coordination.core.queries import day_in_group, group
from coordination.meetings import queries
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries import belonging_on, periods

AHEAD = (timedelta(days=7), timedelta(days=1))
MORNING = time(8)
WEEK = 7


def coming_meetings(at: datetime) -> Iterator[Due]:
    """Yield, to the focal points of every agency, a reminder seven days and one day before each meeting."""
    day = day_in_group(at)
    soon = [meeting for meeting in queries.upcoming(at) if meeting.starts_at - AHEAD[0] <= at]
    rows = Appointment.objects.filter(periods.running(day), role=Role.FOCAL_POINT, agency__in=belonging_on(day)) if soon else ()
    people = {row.person_id for row in rows}
    for meeting in soon:
        before = min(span for span in AHEAD if meeting.starts_at - span <= at)
        for pk in sorted(people):
            yield Due(
                kind="meetings.coming",
                subject=f"{meeting.pk}:{meeting.starts_at.isoformat()}",
                stage=f"{before.days}d",
                person_id=pk,
                at=meeting.starts_at - before,
                url=reverse("meetings:meeting", args=[meeting.slug]),
                context={"meeting": meeting},
            )


def late_items(at: datetime) -> Iterator[Due]:
    """Yield a reminder of each late action item on the morning after its due day and every seven days, to its agency's focal points."""
    house, day = group(), day_in_group(at)
    items = list(queries.overdue(day))
    rows = Appointment.objects.filter(
        periods.running(day), role=Role.FOCAL_POINT, agency__in={item.agency_id for item in items}
    ).select_related("person")
    people: dict[int, list[Appointment]] = {}
    for row in rows if items else ():
        people.setdefault(row.agency_id, []).append(row)
    for item in items:
        weeks = ((day - item.due_day).days - 1) // WEEK
        for row in people.get(item.agency_id, ()):
            morning = datetime.combine(item.due_day + timedelta(days=1 + weeks * WEEK), MORNING, tzinfo=row.person.zone or house.zone)
            if morning <= at:
                yield Due(
                    kind="meetings.item_late",
                    subject=str(item.pk),
                    stage=f"week {weeks}",
                    person_id=row.person_id,
                    at=morning,
                    url=queries.address_of(item),
                    context={"item": item, "days_late": (day - item.due_day).days},
                )


due.register(due.Source(kind="meetings.coming", label=_("Meetings to come"), can_be_off=True, find=coming_meetings))
due.register(due.Source(kind="meetings.item_late", label=_("Late action items"), can_be_off=True, find=late_items))
