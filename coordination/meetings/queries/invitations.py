"""Who is invited to a meeting, and what they answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import queries as core_queries
from coordination.core.clock import day_at
from coordination.core.due import morning_of
from coordination.core.next_steps import NextStep, Scope
from coordination.meetings import queries
from coordination.meetings.enums import Reply
from coordination.meetings.models import Meeting, MeetingAnswer
from coordination.meetings.queries.announcements import INVITED_AHEAD
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import recipients
from coordination.members.queries.agencies import belonging_on

SALT = "meetings.answer"
# from the answer that counts most for an agency to the one that counts least
WEIGHT = (Reply.ACCEPTED, Reply.DELEGATED, Reply.TENTATIVE, Reply.DECLINED)
COMING = (Reply.ACCEPTED, Reply.DELEGATED)


class InvitedPeople:
    """The people invited to meetings as of `at` (UTC).

    They are the reachable focal points. Two queries, and one more for each other day on which
    something happened.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.zone = core_queries.group().zone
        self._by_day: dict[date, dict[int, date]] = {}

    def now(self) -> list[int]:
        """Return the keys of those who are invited now, in order."""
        return sorted(self._on(self.at))

    def since(self, person_id: int) -> datetime:
        """Return the start (UTC) of an invited person's time in office.

        It is the morning of their first day.
        """
        return morning_of(self._on(self.at)[person_id], self.zone)

    def when(self, moment: datetime) -> list[int]:
        """Return the keys of the people invited at `moment` who still are.

        Who came later was never told the former hour.
        """
        then, now = self._on(moment), self._on(self.at)
        return sorted(then.keys() & now.keys())

    def _on(self, moment: datetime) -> dict[int, date]:
        """Return the focal points of that day, with first days.

        The day is in the group's zone.
        """
        day = day_at(moment, self.zone)
        if day not in self._by_day:
            first_days: dict[int, date] = {}
            for row in recipients.reachable_appointments(belonging_on(day), day, Role.FOCAL_POINT):
                first = first_days.get(row.person_id, row.first_day)
                first_days[row.person_id] = min(first, row.first_day)
            self._by_day[day] = first_days
        return self._by_day[day]


def counts(prefix: str = "") -> Q:
    """Return the condition that an answer is to the present hours.

    Those of its meeting. `prefix` is the path from the answer to its meeting, with the trailing
    "__".
    """
    hours = Q(starts_at=F(f"{prefix}starts_at"))
    ends = Q(ends_at=F(f"{prefix}ends_at")) | Q(ends_at=None, **{f"{prefix}ends_at": None})
    is_later = Q(**{f"{prefix}hours_since": None}) | Q(answered_at__gte=F(f"{prefix}hours_since"))
    return hours & ends & is_later


def answers_that_count(meetings: Iterable[Meeting]) -> QuerySet[MeetingAnswer]:
    """Return the answers to the present hours, with their people.

    Those of these meetings.
    """
    answers = MeetingAnswer.objects.filter(counts("meeting__"), meeting__in=list(meetings))
    return answers.select_related("person").order_by("pk")


def who_answered(meetings: Iterable[Meeting]) -> set[tuple[int, int]]:
    """Return (meeting, person) of each answer that counts, by key.

    One query.
    """
    return set(answers_that_count(meetings).values_list("meeting_id", "person_id"))


def answer_of(meeting: Meeting, person: Person) -> MeetingAnswer | None:
    """Return what a person answered to the present hours, if anything."""
    return answers_that_count([meeting]).filter(person=person).first()


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """The answer of one agency.

    The answers of its focal points, and the one that counts most. `reply` is "" while nobody has
    answered. `people` are (person, their answer or None).
    """

    agency: Agency
    people: tuple[tuple[Person, MeetingAnswer | None], ...]

    @property
    def reply(self) -> str:
        """Return the answer that counts most: one person who comes is enough."""
        given = {answer.reply for _person, answer in self.people if answer}
        return next((reply for reply in WEIGHT if reply in given), "")

    @property
    def comes(self) -> bool:
        """Return whether somebody comes for the agency."""
        return self.reply in COMING


def seat_answers(meeting: Meeting, day: date) -> list[SeatAnswer]:
    """Return the answer of each agency that is invited on `day`.

    By acronym. Three queries. An agency without a reachable focal point is there too: nobody can
    answer for it.
    """
    return answers_of(list(belonging_on(day)), meeting, day)


def answers_of(agencies: Sequence[Agency], meeting: Meeting, day: date) -> list[SeatAnswer]:
    """Return the answer of each of these agencies, by acronym.

    Two queries. One that does not belong on `day` has nobody who answers.
    """
    people = recipients.appointments_by_agency(agencies, day, Role.FOCAL_POINT)
    answers = {answer.person_id: answer for answer in answers_that_count([meeting])}
    return [
        SeatAnswer(
            agency,
            tuple(
                (row.person, answers.get(row.person_id))
                for row in sorted(people.get(agency.pk, []), key=name_of_person)
            ),
        )
        for agency in sorted(agencies, key=lambda agency: agency.acronym)
    ]


def name_of_person(appointment: Appointment) -> str:
    """Return the name of an appointment's person."""
    return appointment.person.name


def answer_steps(person: Person, now: datetime) -> list[NextStep]:
    """Return a step for each coming meeting without an answer.

    The person is invited to it. One query. It asks for what is still to begin at `now` (UTC). A
    meeting of a series is asked about once people are invited to it.
    """
    own = MeetingAnswer.objects.filter(counts("meeting__"), meeting=OuterRef("pk"), person=person)
    is_called = Q(series=None) | Q(starts_at__lte=now + INVITED_AHEAD)
    meetings = queries.upcoming(now).filter(~Exists(own), is_called, starts_at__gt=now)
    return [
        NextStep(
            kind="meetings.answer",
            what=meeting.title,
            why=_("You are invited to this meeting"),
            verb=_("Say whether you will attend"),
            url_name="meetings:meeting",
            url_args=(meeting.slug,),
            anchor="answer",
            scope=Scope.ME,
            day=meeting.day,
        )
        for meeting in meetings
    ]


def answer_token(meeting: Meeting, person_id: int) -> str:
    """Return a signed token to answer one invitation without signing in."""
    return signing.dumps([meeting.pk, person_id], salt=SALT)


def read_answer_token(token: str) -> tuple[int, int] | None:
    """Return the keys of a token's meeting and person, or None."""
    try:
        meeting, person = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return meeting, person


def answer_path(meeting: Meeting, person_id: int) -> str:
    """Return the path to answer without signing in."""
    return reverse("meetings:answer_by_link", args=[answer_token(meeting, person_id)])


def shown_hours(meeting: Meeting) -> str:
    """Return the hours as a page with the question sends them.

    To the second.
    """
    ends = meeting.ends_at.isoformat() if meeting.ends_at else ""
    return f"{meeting.starts_at.isoformat()}/{ends}"


def count_seats(seats: Sequence[SeatAnswer]) -> dict[str, Any]:
    """Count the agencies that come, answered, are invited or silent. Pure.

    The silent ones are named. "unreachable" are those without a focal point who could answer.
    """
    return {
        "coming": sum(seat.comes for seat in seats),
        "answered": sum(bool(seat.reply) for seat in seats),
        "invited": len(seats),
        "silent": [seat.agency for seat in seats if seat.people and not seat.reply],
        "unreachable": [seat.agency for seat in seats if not seat.people],
    }
