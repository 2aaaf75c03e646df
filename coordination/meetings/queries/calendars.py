"""Meetings as iCalendar (RFC 5545).

Files to download, and messages to attendees (RFC 5546).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting, MeetingAnswer
from coordination.members.models import Person

PRODUCT = "-//Coordination//Meetings//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def calendar_file(meeting: Meeting, *, sequence: int, at: datetime) -> bytes:
    """Return the meeting as a calendar file, written at `at` (UTC).

    `sequence` is that of `announcements.Announced`. The agenda is prefetched.
    """
    calendar = new_calendar()
    calendar.add_component(event_of(meeting, sequence=sequence, at=at))
    return bytes(calendar.to_ical())


def calendar_message(
    meeting: Meeting,
    person: Person,
    answer: MeetingAnswer | None,
    *,
    organizer_name: str,
    sequence: int,
    at: datetime,
) -> str:
    """Return the calendar message to a person about a meeting.

    It invites them, or tells them of a change or a cancellation. It names that person alone as
    attendee, with their answer so far; the others are not told who is invited. The organizer is the
    address from which the app sends.
    """
    import icalendar

    assert person.email
    is_cancelled = meeting.state == MeetingState.CANCELLED
    event = event_of(meeting, sequence=sequence, at=at)
    event.organizer = icalendar.vCalAddress.new(
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1], cn=organizer_name
    )
    event.attendees = [
        icalendar.vCalAddress.new(
            person.email,
            cn=person.name,
            partstat=answer.reply.upper() if answer else "NEEDS-ACTION",
            role="REQ-PARTICIPANT",
            # answers to a mailbox that nobody reads would be lost
            rsvp=bool(settings.IMAP_URL) and not is_cancelled,
        )
    ]
    calendar = new_calendar()
    calendar.add("method", CANCEL if is_cancelled else REQUEST)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def calendar_of_dates(
    meetings: Iterable[Meeting], sequences: Mapping[int, int], *, at: datetime
) -> str:
    """Return the dates of a series for people's calendars.

    Nobody is asked for an answer. RFC 5546 (section 3.2.1): only a publication may have several
    events. Each has the UID of its meeting, so that its invitation takes the place of the entry.
    `sequences` are by key.
    """
    calendar = new_calendar()
    calendar.add("method", PUBLISH)
    for meeting in meetings:
        sequence = sequences.get(meeting.pk, 0)
        calendar.add_component(event_of(meeting, sequence=sequence, at=at))
    return str(calendar.to_ical().decode())


def new_calendar() -> Any:
    """Return an empty calendar."""
    import icalendar  # 2 MiB of each web process that writes none

    calendar = icalendar.Calendar()  # `Calendar.new` would add a random UID
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    return calendar


def uid_of(meeting: Meeting) -> str:
    """Return the UID of a meeting.

    It never changes, or a moved meeting would appear twice.
    """
    return f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def event_of(meeting: Meeting, *, sequence: int, at: datetime) -> Any:
    """Return the meeting as an event."""
    import icalendar

    begins, ends = calendar_hours(meeting)
    is_cancelled = meeting.state == MeetingState.CANCELLED
    event = icalendar.Event.new(
        uid=uid_of(meeting),
        # calendars replace an event only by one with a higher sequence, or a later stamp
        sequence=sequence,
        stamp=at,
        start=begins,
        end=ends,
        status=icalendar.STATUS.CANCELLED if is_cancelled else icalendar.STATUS.CONFIRMED,
        summary=meeting.title,
        location=meeting.place or meeting.video_url,
        description=calendar_description(meeting),
        url=settings.SITE_URL + reverse("meetings:meeting", args=[meeting.slug]),
    )
    if meeting.video_url:
        # RFC 7986; other programs show the link in the description
        label = _("Videoconference")
        link = icalendar.Conference(meeting.video_url, feature="VIDEO", label=label)
        event.conferences = [link]
    return event


def calendar_description(meeting: Meeting) -> str:
    """Return the agenda, and the link of the videoconference.

    The link is added only where the place is the event's location.
    """
    lines = [f"{item.position}. {item.title}" for item in meeting.agenda.all()]
    if meeting.place and meeting.video_url:
        link = _("Videoconference: %(link)s") % {"link": meeting.video_url}
        lines = [*lines, "", link] if lines else [link]
    return "\n".join(lines)


def calendar_hours(meeting: Meeting) -> tuple[date, date]:
    """Return (begin, end): two moments (UTC) or two days. Pure.

    It takes an hour where no end is known, and the whole day where no hour is known.
    """
    if meeting.known_by_day:
        return meeting.day, meeting.day + timedelta(days=1)
    ends = meeting.ends_at or meeting.starts_at + timedelta(hours=1)
    return meeting.starts_at.astimezone(UTC), ends.astimezone(UTC)
