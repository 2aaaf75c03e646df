"""Which mails about meetings are due: coming meetings, polls, late action items."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core import queries as core_queries
from coordination.core.clock import day_at
from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.meetings import queries
from coordination.meetings.models import Meeting
from coordination.meetings.queries import polls
from coordination.meetings.queries.polls import PollLink
from coordination.members.enums import Role
from coordination.members.queries import recipients
from coordination.members.queries.agencies import belonging_on, members_on
from coordination.rotation.queries import late

AHEAD = (timedelta(days=7), timedelta(days=1))


class InvitedPeople:
    """Who is invited to meetings: the reachable focal points, as of `at`.

    Two queries, and one more for each other day on which something happened.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.zone = core_queries.group().zone
        self._by_day: dict[date, list[int]] = {}

    def when(self, moment: datetime) -> list[int]:
        """Return the keys of those who were invited at `moment`, and still are.

        Who came later was never told the former hour.
        """
        then, now = self.on(moment), set(self.on(self.at))
        return [pk for pk in then if pk in now]

    def on(self, moment: datetime) -> list[int]:
        """Return the keys of the focal points of that day in the group's zone."""
        day = day_at(moment, self.zone)
        if day not in self._by_day:
            people = recipients.reachable_appointments(belonging_on(day), day, Role.FOCAL_POINT)
            self._by_day[day] = sorted({appointment.person_id for appointment in people})
        return self._by_day[day]


def coming_meetings(at: datetime) -> Iterator[Due]:
    """Yield reminders seven days and one day before a meeting.

    They go to every agency's focal points, but not to whom the mail about a move told the hour
    since the reminder was due.
    """
    soon = list(queries.upcoming(at).filter(starts_at__gt=at, starts_at__lte=at + AHEAD[0]))
    if not soon:
        return
    invited = InvitedPeople(at)
    told = last_told(soon, invited)
    for meeting in soon:
        # After a pause only the nearest reminder is due.
        before = min(span for span in AHEAD if meeting.starts_at - span <= at)
        due_at = meeting.starts_at - before
        for pk in invited.on(at):
            if told.get((meeting.pk, pk), due_at) <= due_at:
                yield notice("coming", meeting, pk, stage=f"{before.days}d", at=due_at)


def last_told(
    meetings: Sequence[Meeting], invited: InvitedPeople
) -> dict[tuple[int, int], datetime]:
    """Return when the mail about its last move was due, by (meeting, person)."""
    return {
        (pk, person_id): moves[-1].at
        for pk, moves in queries.moves(meetings).items()
        for person_id in invited.when(moves[-1].at)
    }


def moved_meetings(at: datetime) -> Iterator[Due]:
    """Yield a mail about the last move of each meeting to come.

    It goes at once to all who were invited then. The stage is the meeting's version, so each
    version is told once. Earlier moves stand in the mail too: their own may not have been sent.
    """
    coming = list(queries.upcoming(at).filter(starts_at__gt=at))
    if not coming:
        return
    moves_by_meeting, invited = queries.moves(coming), InvitedPeople(at)
    for meeting in coming:
        if meeting.pk not in moves_by_meeting:
            continue
        *earlier, last = moves_by_meeting[meeting.pk]
        for pk in invited.when(last.at):
            yield Due(
                kind="meetings.moved",
                subject=str(meeting.pk),
                stage=f"v{last.version}",
                person_id=pk,
                at=last.at,
                url=reverse("meetings:meeting", args=[meeting.slug]),
                context={"meeting": meeting, "move": last, "earlier": earlier},
                until=meeting.starts_at,
            )


def cancelled_meetings(at: datetime) -> Iterator[Due]:
    """Yield a mail about each meeting that was cancelled before it began.

    It goes at once to all who were invited then.
    """
    cancelled = list(queries.cancelled_to_come(at))
    if not cancelled:
        return
    moments, invited = queries.cancelled_at(cancelled), InvitedPeople(at)
    for meeting in cancelled:
        # none for a record that was changed without history, as from a shell
        moment = moments.get(meeting.pk, at)
        for pk in invited.when(moment):
            yield notice("cancelled", meeting, pk, stage="once", at=moment)


def people_told(at: datetime) -> int:
    """Return how many people are told when a meeting to come is moved or cancelled at `at`."""
    return len(InvitedPeople(at).on(at))


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


def polls_to_answer(at: datetime) -> Iterator[Due]:
    """Yield a mail about each open poll, and a reminder a day before its end.

    They go to the focal points of each member that has not answered, with a link of their own.
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
                    url=reverse("meetings:answer_by_link", args=[link.token]),
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
        kind="meetings.coming",
        label=_("Meetings to come"),
        can_be_off=True,
        find=coming_meetings,
        changed=_("The meeting was moved or cancelled."),
    )
)
due.register(
    due.Source(
        kind="meetings.moved",
        label=_("Meetings that were moved"),
        can_be_off=True,
        find=moved_meetings,
        changed=_("The meeting was moved again or cancelled, or it began."),
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
