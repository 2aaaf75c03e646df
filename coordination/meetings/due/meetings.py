"""Which mails about meetings are due: invitations, moves, polls, late action items."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core import queries as core_queries
from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.meetings import queries
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.queries import announcements, calendars, polls
from coordination.meetings.queries import invitations as invitations_queries
from coordination.meetings.queries import series as series_queries
from coordination.meetings.queries.announcements import Announced
from coordination.meetings.queries.invitations import InvitedPeople
from coordination.meetings.queries.polls import PollLink
from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.queries import recipients
from coordination.members.queries.agencies import members_on
from coordination.rotation.queries import late

AHEAD = (timedelta(days=7), timedelta(days=1))


def invitations(at: datetime) -> Iterator[Due]:
    """Yield the invitation to each coming meeting, once per invited person.

    It is due once the call has settled. To a meeting of a series it is due two weeks before. Who
    comes into office later gets it on the morning of their first day.
    """
    coming = list(queries.upcoming(at).filter(starts_at__gt=at).prefetch_related("agenda"))
    if not coming:
        return
    facts = AnnouncedMeetings(coming, at)
    for meeting in coming:
        called_at = facts.announced[meeting.pk].called_at
        if called_at is None:
            continue
        invited_from = series_queries.invited_from(meeting, called_at)
        for pk in facts.invited.now():
            since = max(invited_from, facts.invited.since(pk))
            if since <= at:
                yield facts.calendar_due("invited", meeting, pk, stage="call", at=since)


def coming_meetings(at: datetime) -> Iterator[Due]:
    """Yield reminders seven days and one day before a meeting.

    They go to the invited people who have not answered, but not to whom the invitation or the mail
    about a move told the hour since the reminder was due. None go while such a mail settles.
    """
    soon = list(queries.upcoming(at).filter(starts_at__gt=at, starts_at__lte=at + AHEAD[0]))
    if not soon:
        return
    facts = AnnouncedMeetings(soon, at)
    for meeting in soon:
        if facts.announced[meeting.pk].is_settling:
            continue
        # After a pause only the nearest reminder is due.
        before = min(span for span in AHEAD if meeting.starts_at - span <= at)
        due_at = meeting.starts_at - before
        for pk in facts.invited.now():
            if (meeting.pk, pk) in facts.answers or facts.told_hours_at(meeting, pk) > due_at:
                continue
            yield Due(
                kind="meetings.coming",
                subject=subject_of(meeting),
                stage=f"{before.days}d",
                person_id=pk,
                at=due_at,
                url=invitations_queries.answer_path(meeting, pk),
                context={"meeting": meeting},
                until=meeting.starts_at,
            )


def moved_meetings(at: datetime) -> Iterator[Due]:
    """Yield a mail about the last move of each meeting to come.

    It goes to all who were invited then. The stage is the meeting's version, so each version is
    told once. Earlier moves stand in the mail too: their own may not have been facts. A change of a
    whole series is told by the mail about the series, except to who was invited to a meeting.
    """
    coming = list(queries.upcoming(at).filter(starts_at__gt=at).prefetch_related("agenda"))
    if not coming:
        return
    facts = AnnouncedMeetings(coming, at)
    for meeting in coming:
        announced = facts.announced[meeting.pk]
        if announced.called_at is None or not announced.moves:
            continue
        *earlier, last = announced.moves
        if series_queries.is_told_by_series(meeting, last, announced.called_at):
            continue
        for pk in facts.invited.when(last.at):
            if facts.invited.since(pk) <= last.at:
                mail = facts.calendar_due(
                    "moved", meeting, pk, stage=f"v{last.version}", at=last.at
                )
                context = {**mail.context, "move": last, "earlier": earlier}
                yield replace(mail, context=context)


def cancelled_meetings(at: datetime) -> Iterator[Due]:
    """Yield a mail about each meeting that was cancelled before it began.

    It goes at once to all who were invited then. Nobody is told of one that was not announced. The
    end of a series is one mail; only what people were invited to, or told moves of, is cancelled
    apart.
    """
    cancelled = list(queries.cancelled_to_come(at).prefetch_related("agenda"))
    if not cancelled:
        return
    facts = AnnouncedMeetings(cancelled, at)
    for meeting in cancelled:
        announced = facts.announced[meeting.pk]
        if announced.called_at and announced.cancelled_at:
            invited_from = series_queries.invited_from(meeting, announced.called_at)
            series = meeting.series
            was_moved = any(
                not series_queries.is_told_by_series(meeting, move, announced.called_at)
                for move in announced.moves
            )
            was_asked = invited_from <= announced.cancelled_at or was_moved
            if series and series.ended_at and not was_asked:
                continue
            for pk in facts.invited.when(announced.cancelled_at):
                if facts.invited.since(pk) <= announced.cancelled_at:
                    yield facts.calendar_due(
                        "cancelled", meeting, pk, stage="once", at=announced.cancelled_at
                    )


class AnnouncedMeetings:
    """What was announced of meetings until `at` (UTC), with readers and answers.

    Four queries, and one for each other day on which something happened.
    """

    def __init__(self, meetings: Sequence[Meeting], at: datetime) -> None:
        self.announced = defaultdict(Announced, announcements.announced(meetings, at))
        self.invited = InvitedPeople(at)
        self.answers = {
            (answer.meeting_id, answer.person_id): answer
            for answer in invitations_queries.answers_that_count(meetings)
        }

    def told_hours_at(self, meeting: Meeting, person_id: int) -> datetime:
        """Return when (UTC) the person was told the present hour.

        It is the moment of the last mail about it.
        """
        announced = self.announced[meeting.pk]
        since = self.invited.since(person_id)
        moments = [move.at for move in announced.moves if since <= move.at]
        if announced.called_at:
            moments.append(max(announced.called_at, since))
        return max(moments, default=datetime.min.replace(tzinfo=UTC))

    def calendar_due(
        self, name: str, meeting: Meeting, person_id: int, *, stage: str, at: datetime
    ) -> Due:
        """Return a mail with a calendar message about a meeting."""
        is_cancelled = meeting.state == MeetingState.CANCELLED
        page = reverse("meetings:meeting", args=[meeting.slug])
        return Due(
            kind=f"meetings.{name}",
            # a cancelled meeting is told of by its hour
            subject=subject_of(meeting) if is_cancelled else str(meeting.pk),
            stage=stage,
            person_id=person_id,
            at=at,
            url=page if is_cancelled else invitations_queries.answer_path(meeting, person_id),
            context={
                "meeting": meeting,
                "answer": self.answers.get((meeting.pk, person_id)),
                "sequence": self.announced[meeting.pk].sequence,
            },
            until=meeting.starts_at,
        )


def calendar_of(item: Due, person: Person) -> str:
    """Return the calendar message of a mail about a meeting in the person's language."""
    meeting: Any = item.context["meeting"]
    answer: Any = item.context["answer"]
    sequence: Any = item.context["sequence"]
    with translation.override(person.reading_language):
        return calendars.calendar_message(
            meeting,
            person,
            answer,
            organizer_name=core_queries.group().name,
            sequence=sequence,
            at=item.at,
        )


def subject_of(meeting: Meeting) -> str:
    """Return the subject of a mail about the hour.

    A meeting that is moved is announced again.
    """
    return f"{meeting.pk}:{meeting.starts_at.isoformat()}"


def people_told(at: datetime) -> int:
    """Return how many people a move or cancellation is told to.

    The meeting is to come, and changes at `at`.
    """
    return len(InvitedPeople(at).now())


def polls_to_answer(at: datetime) -> Iterator[Due]:
    """Yield a mail about each open poll, and a reminder.

    The reminder comes a day before the poll ends. They go to the focal points of each member that
    has not answered, with a link of their own.
    """
    open_polls = list(polls.open_polls(at).prefetch_related("slots"))
    if not open_polls:
        return
    day = day_in_group(at)
    people = list(recipients.reachable_appointments(members_on(day), day, Role.FOCAL_POINT))
    answered = polls.agencies_that_answered(open_polls)
    for poll in open_polls:
        reminded_at = poll.closes_at - AHEAD[-1]
        is_reminder = poll.opened_at < reminded_at <= at
        for row in people:
            if (poll.pk, row.agency_id) not in answered:
                link = PollLink(poll.pk, row.person_id, row.agency_id)
                yield Due(
                    kind="meetings.poll",
                    subject=str(poll.pk),
                    stage="1d" if is_reminder else "asked",
                    person_id=row.person_id,
                    part=str(row.agency_id),
                    at=reminded_at if is_reminder else poll.opened_at,
                    url=reverse("meetings:answer_poll_by_link", args=[link.token]),
                    context={"poll": poll, "agency": row.agency, "is_reminder": is_reminder},
                    until=poll.closes_at,
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
        kind="meetings.invited",
        label=_("Invitations to meetings"),
        can_be_off=False,
        find=invitations,
        changed=_("The meeting was cancelled, or it began."),
        calendar=calendar_of,
    )
)
due.register(
    due.Source(
        kind="meetings.coming",
        label=_("Meetings to come"),
        can_be_off=True,
        find=coming_meetings,
        changed=_("The person answered, or the meeting was moved or cancelled."),
    )
)
due.register(
    due.Source(
        kind="meetings.moved",
        label=_("Meetings that were moved"),
        can_be_off=False,
        find=moved_meetings,
        changed=_("The meeting was moved again or cancelled, or it began."),
        calendar=calendar_of,
    )
)
due.register(
    due.Source(
        kind="meetings.cancelled",
        label=_("Cancelled meetings"),
        can_be_off=False,
        find=cancelled_meetings,
        changed=_("The meeting is not cancelled any more, or it was moved."),
        calendar=calendar_of,
    )
)
due.register(
    due.Source(
        kind="meetings.poll",
        label=_("Polls on hours"),
        can_be_off=True,
        find=polls_to_answer,
        changed=_("The agency has answered, or the poll is closed."),
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
