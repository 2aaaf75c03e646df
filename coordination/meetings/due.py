"""Which mails about meetings are due: coming meetings, late action items."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core import queries as core_queries
from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.meetings import queries
from coordination.meetings.models import Meeting
from coordination.members.enums import Role
from coordination.members.queries import recipients
from coordination.members.queries.agencies import belonging_on
from coordination.rotation.queries import late

AHEAD = (timedelta(days=7), timedelta(days=1))


def coming_meetings(at: datetime) -> Iterator[Due]:
    """Yield reminders seven days and one day before a meeting.

    They go to every agency's focal points.
    """
    soon = list(queries.upcoming(at).filter(starts_at__gt=at, starts_at__lte=at + AHEAD[0]))
    people = reachable_focal_points(at) if soon else []
    for meeting in soon:
        # After a pause only the nearest reminder is due.
        before = min(span for span in AHEAD if meeting.starts_at - span <= at)
        for pk in people:
            yield notice(
                "coming", meeting, pk, stage=f"{before.days}d", at=meeting.starts_at - before
            )


def cancelled_meetings(at: datetime) -> Iterator[Due]:
    """Yield a mail about each cancelled meeting of the next seven days.

    It goes to those who may have been reminded of the meeting.
    """
    cancelled = list(queries.cancelled_between(at, at + AHEAD[0]))
    people = reachable_focal_points(at) if cancelled else []
    for meeting in cancelled:
        for pk in people:
            yield notice("cancelled", meeting, pk, stage="once", at=meeting.starts_at - AHEAD[0])


def reachable_focal_points(at: datetime) -> list[int]:
    """Return the keys of the day's reachable focal points."""
    day = day_in_group(at)
    appointments = recipients.reachable_appointments(belonging_on(day), day, Role.FOCAL_POINT)
    return sorted({appointment.person_id for appointment in appointments})


def notice(name: str, meeting: Meeting, person_id: int, *, stage: str, at: datetime) -> Due:
    """Return the mail to one person about a meeting.

    The subject has the hour, so a meeting that is moved is announced again.
    """
    return Due(
        kind=f"meetings.{name}",
        subject=f"{meeting.pk}:{meeting.starts_at.isoformat()}",
        stage=stage,
        person_id=person_id,
        at=at,
        url=reverse("meetings:meeting", args=[meeting.slug]),
        context={"meeting": meeting},
        until=meeting.starts_at,
    )


def late_items(at: datetime) -> Iterator[Due]:
    """Yield reminders of each late action item, to those whom `late.LateReaders` names."""
    group, day = core_queries.group(), day_in_group(at)
    items = list(queries.overdue(day))
    readers = late.late_readers([item.agency for item in items], day)
    for item in items:
        for person, reminder in readers.reminders([item.agency], item.due_day, group, at):
            yield Due(
                kind="meetings.item_late",
                subject=str(item.pk),
                stage=reminder.stage,
                person_id=person.pk,
                at=reminder.at,
                url=queries.address_of(item),
                context={
                    "item": item,
                    "owner": item.agency.acronym,
                    "left": readers.have_left([item.agency]),
                    "monthly": reminder.monthly,
                    "days_late": (day - item.due_day).days,
                },
            )


due.register(
    due.Source(
        kind="meetings.coming",
        label=_("Meetings to come"),
        can_be_off=True,
        find=coming_meetings,
        changed=_("The meeting was moved or cancelled."),
    )
)
due.register(
    due.Source(
        kind="meetings.cancelled",
        label=_("Cancelled meetings"),
        can_be_off=True,
        find=cancelled_meetings,
        changed=_("The meeting is not cancelled any more, or it was moved."),
    )
)
due.register(
    due.Source(
        kind="meetings.item_late",
        label=_("Late action items"),
        can_be_off=True,
        find=late_items,
        changed=_("The action item is settled, or it has another due day."),
    )
)
