"""Answers of calendar programs by mail.

iTIP's REPLY, RFC 5546 and RFC 6047.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

CALENDAR_TYPES = ("text/calendar", "application/ics")
# what the receiving mail server says of a sender whose domain disowns the mail (RFC 8601)
DISOWNED = re.compile(r"\bdmarc=fail\b", re.IGNORECASE)


class UnreadableReply(ValueError):
    """A calendar part that cannot be read."""


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """One answer: of whom, to which event, and what.

    `answer` is the PARTSTAT in lower case. `starts_at` (UTC) is the beginning that the calendar
    program had, if it said. `delegate` is the address of who goes instead.
    """

    uid: str
    attendee: str
    answer: str
    sequence: int
    starts_at: datetime | None = None
    delegate: str = ""
    comment: str = ""


def calendar_replies(mail: Message) -> list[CalendarReply]:
    """Return the answers in a mail, each once.

    None for other mails, such as out-of-office ones. Calendar parts without a file name are read,
    and answers without an organizer. Raises UnreadableReply.
    """
    try:
        found = [
            reply
            for part in mail.walk()
            if part.get_content_type() in CALENDAR_TYPES
            for reply in replies_of_part(part)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
        raise UnreadableReply(str(error)) from error
    return list(dict.fromkeys(found))


def replies_of_part(part: Message) -> Iterator[CalendarReply]:
    """Yield the answers in one calendar part."""
    import icalendar

    content: Any = part.get_payload(decode=True)
    calendar: Any = icalendar.Calendar.from_ical(content)
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return
    for event in calendar.walk("VEVENT"):
        attendees = event.get("ATTENDEE", [])
        for attendee in attendees if isinstance(attendees, list) else [attendees]:
            yield reply_of(event, attendee)


def reply_of(event: Any, attendee: Any) -> CalendarReply:
    """Return the answer of one attendee of an event."""
    begins = event.start if "DTSTART" in event else None
    delegates = attendee.params.get("DELEGATED-TO", "")
    return CalendarReply(
        uid=str(event["UID"]),
        attendee=address_of(str(attendee)),
        answer=str(attendee.params.get("PARTSTAT", "")).lower(),
        sequence=int(event.get("SEQUENCE", 0)),
        starts_at=begins.astimezone(UTC)
        if isinstance(begins, datetime) and begins.tzinfo
        else None,
        delegate=address_of(delegates[0] if isinstance(delegates, list) else str(delegates)),
        comment=str(event.get("COMMENT", "")),
    )


def address_of(calendar_address: str) -> str:
    """Return the address of a "mailto:" in lower case."""
    return re.sub(r"^mailto:", "", calendar_address.strip(), flags=re.IGNORECASE).lower()


def sender_of(mail: Message) -> str:
    """Return the address in From in lower case.

    "" where there is none, or more than one.
    """
    senders = mail.get_all("From", [])
    return parseaddr(str(senders[0]))[1].lower() if len(senders) == 1 else ""


def is_disowned(mail: Message) -> bool:
    """Return whether the sender's domain disowns the mail.

    Our mail server found that out. Only the topmost header counts: others may have come with the
    mail.
    """
    return bool(DISOWNED.search(str(mail.get("Authentication-Results", ""))))


def subject_of(mail: Message) -> str:
    """Return the subject in plain text."""
    try:
        return str(make_header(decode_header(str(mail.get("Subject", "")))))
    except (LookupError, ValueError):
        return str(mail.get("Subject", ""))
