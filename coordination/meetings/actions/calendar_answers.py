"""Answers that calendar programs send by mail."""

import re
from datetime import datetime
from email.message import Message

from django.db import transaction

from coordination.core.errors import NotAllowed
from coordination.meetings.actions import answers
from coordination.meetings.actions.answers import GivenAnswer
from coordination.meetings.enums import RefusalReason, Reply
from coordination.meetings.errors import MeetingMoved, MeetingOver
from coordination.meetings.mailbox import ReplyMailbox
from coordination.meetings.models import Meeting, MeetingAnswer, RefusedReply
from coordination.meetings.queries import announcements, calendar_replies, calendars, invitations
from coordination.meetings.queries.calendar_replies import CalendarReply, UnreadableReply
from coordination.members.models import Person

UID = re.compile(r"meeting-(\d{1,18})@")


class ReplyRefused(Exception):
    """An answer changes nothing, for a reason that the chair reads."""

    def __init__(self, reason: RefusalReason, meeting: Meeting | None = None) -> None:
        self.reason, self.meeting = reason, meeting
        super().__init__(str(reason))


def take_unread(mailbox: ReplyMailbox, *, at: datetime) -> None:
    """Take the answers of the unread mails.

    A mail is marked read after its answer is saved, so a crash in between reads it again, which
    changes nothing. One that cannot be dealt with is flagged for people; the errors are raised at
    the end.
    """
    failures = list[Exception]()
    for key, mail in mailbox.unread():
        try:
            take_mail(mail, at=at)
        except Exception as error:  # noqa: BLE001 - one mail must not stop the others
            failures.append(error)
            mailbox.leave_to_people(key)
        else:
            mailbox.mark_read(key)
    if failures:
        raise ExceptionGroup("some answers could not be taken", failures)


@transaction.atomic
def take_mail(mail: Message, *, at: datetime) -> int:
    """Record the answers of a mail and return their number.

    What is refused changes nothing and is listed for the chair, once for each mail. A mail without
    a calendar's answer, such as a bounce or an out-of-office note, changes nothing and is not
    listed.
    """
    try:
        replies = calendar_replies.calendar_replies(mail)
    except UnreadableReply:
        list_refused(mail, ReplyRefused(RefusalReason.UNREADABLE), at)
        return 0
    taken = 0
    for reply in replies:
        try:
            taken += take_reply(reply, mail, at)
        except ReplyRefused as refused:
            list_refused(mail, refused, at)
    return taken


def take_reply(reply: CalendarReply, mail: Message, at: datetime) -> bool:
    """Record one answer and return whether it is new.

    Raises ReplyRefused.
    """
    person = sender_of(reply, mail)
    meeting = meeting_of(reply, at)
    # a calendar program that repeats itself must not undo a note that was written on the page
    before = invitations.answer_of(meeting, person)
    if before and says_the_same(before, reply):
        return False
    given = GivenAnswer(
        reply.answer,
        invitations.shown_hours(meeting),
        reply.delegate[:200],
        " ".join(reply.comment.split())[:500],
    )
    try:
        answers.answer_invitation(meeting, given, by=person, at=at)
    except NotAllowed as error:
        raise ReplyRefused(RefusalReason.NOT_INVITED, meeting) from error
    except (MeetingOver, MeetingMoved) as error:
        raise ReplyRefused(RefusalReason.OUTDATED, meeting) from error
    return True


def sender_of(reply: CalendarReply, mail: Message) -> Person:
    """Return the person who answers, and who sent the mail. Raises ReplyRefused."""
    sender = calendar_replies.sender_of(mail)
    if reply.attendee != sender or calendar_replies.is_disowned(mail):
        raise ReplyRefused(RefusalReason.FORGED)
    person = Person.objects.filter(email__iexact=sender).first() if sender else None
    if person is None:
        raise ReplyRefused(RefusalReason.UNKNOWN_SENDER)
    return person


def meeting_of(reply: CalendarReply, at: datetime) -> Meeting:
    """Return the meeting that an answer is to. Raises ReplyRefused."""
    found = UID.match(reply.uid)
    meeting = Meeting.objects.filter(pk=int(found[1])).first() if found else None
    if meeting is None or calendars.uid_of(meeting) != reply.uid:
        raise ReplyRefused(RefusalReason.UNKNOWN_MEETING)
    if reply.answer not in Reply.values or (reply.answer == Reply.DELEGATED and not reply.delegate):
        raise ReplyRefused(RefusalReason.UNREADABLE, meeting)
    if is_outdated(reply, meeting, at):
        raise ReplyRefused(RefusalReason.OUTDATED, meeting)
    return meeting


def says_the_same(answer: MeetingAnswer, reply: CalendarReply) -> bool:
    """Return whether an answer on record says what a calendar program says."""
    is_same_colleague = reply.answer != Reply.DELEGATED or answer.colleague == reply.delegate
    return answer.reply == reply.answer and is_same_colleague and not reply.comment


def is_outdated(reply: CalendarReply, meeting: Meeting, at: datetime) -> bool:
    """Return whether an answer is to former hours.

    The meeting no longer has them.
    """
    announced = announcements.announced([meeting], at).get(meeting.pk)
    if announced is None or reply.sequence < announced.hours_sequence:
        return True
    return reply.starts_at is not None and reply.starts_at != meeting.starts_at


def list_refused(mail: Message, refused: ReplyRefused, at: datetime) -> None:
    """List a mail that changed nothing for the chair.

    Once, however often it is read.
    """
    RefusedReply.objects.get_or_create(
        message_id=str(mail.get("Message-ID", ""))[:250] or f"none at {at.isoformat()}",
        reason=refused.reason,
        defaults={
            "received_at": at,
            "sender": calendar_replies.sender_of(mail)[:320],
            "subject": calendar_replies.subject_of(mail)[:200],
            "meeting": refused.meeting,
        },
    )
