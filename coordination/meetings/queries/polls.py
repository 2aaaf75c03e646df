"""Reads of polls on hours, and the signed links of their mails."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.meetings.enums import PollState, SlotAnswer
from coordination.meetings.models import HourPoll, PollAnswer
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_on

SALT = "meetings.polls"


@dataclass(frozen=True, slots=True)
class PollLink:
    """The person, agency and poll of a link.

    With it the person answers for the agency.
    """

    poll_id: int
    person_id: int
    agency_id: int

    @property
    def token(self) -> str:
        """Return the link as a signed text."""
        return signing.Signer(salt=SALT).sign_object([self.poll_id, self.person_id, self.agency_id])


def read_link(token: str) -> PollLink | None:
    """Return the link of a token, or None if it is invalid.

    A valid one was signed here.
    """
    try:
        return PollLink(*signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class PollRow:
    """An agency's answers in the order of the slots.

    None where it has not answered.
    """

    agency: Agency
    answers: tuple[PollAnswer | None, ...]

    @property
    def has_answered(self) -> bool:
        """Return whether it answered about any hour."""
        return any(self.answers)


@dataclass(frozen=True, slots=True)
class SlotTally:
    """How many agencies chose each answer for an hour."""

    pk: int
    starts_at: datetime
    yes: int
    if_need_be: int
    no: int


def polls() -> QuerySet[HourPoll]:
    """Return the polls with their slots and answers, newest first.

    Three queries.
    """
    answers = PollAnswer.objects.select_related("agency", "answered_by")
    return HourPoll.objects.select_related("meeting").prefetch_related(
        "slots", Prefetch("slots__answers", answers)
    )


def open_polls(at: datetime) -> QuerySet[HourPoll]:
    """Return the polls that take answers at `at`.

    Those that close first come first.
    """
    return HourPoll.objects.filter(state=PollState.OPEN, closes_at__gt=at).order_by(
        "closes_at", "pk"
    )


def poll_rows(poll: HourPoll, day: date) -> list[PollRow]:
    """Return the members of `day` and others who answered.

    By acronym. One query.
    """
    slots = list(poll.slots.all())
    given: Mapping[tuple[int, int], PollAnswer] = {
        (answer.agency_id, slot.pk): answer for slot in slots for answer in slot.answers.all()
    }
    agencies = {agency.pk: agency for agency in members_on(day)}
    agencies |= {answer.agency_id: answer.agency for answer in given.values()}
    return [
        PollRow(agency, tuple(given.get((agency.pk, slot.pk)) for slot in slots))
        for agency in sorted(agencies.values(), key=lambda agency: agency.acronym)
    ]


def tallies(poll: HourPoll) -> list[SlotTally]:
    """Return the counted answers of each slot. Pure when prefetched.

    In the order of time.
    """
    counted = []
    for slot in poll.slots.all():
        counts = Counter(answer.answer for answer in slot.answers.all())
        counted.append(
            SlotTally(
                slot.pk,
                slot.starts_at,
                counts[SlotAnswer.YES],
                counts[SlotAnswer.IF_NEED_BE],
                counts[SlotAnswer.NO],
            )
        )
    return counted


def poll_steps(agencies: Collection[Agency], now: datetime, *, is_chair: bool) -> list[NextStep]:
    """Return the polls that ask the reader at `now` (UTC). One query.

    An agency is asked until it has answered, the chair's team for the hour once no more answers
    come. `agencies` are those of which the reader is a focal point.
    """
    answers = PollAnswer.objects.filter(slot__poll=OuterRef("pk"), agency__in=agencies)
    counted = answers.order_by().values("slot__poll").values(n=Count("agency", distinct=True))
    unsettled = HourPoll.objects.filter(state=PollState.OPEN, meeting=None)
    rows: Iterable[Any] = unsettled.annotate(answered=Coalesce(Subquery(counted), 0))
    steps = []
    for poll in rows:
        if poll.is_open(now) and poll.answered < len(agencies):
            steps.append(_answer_step(poll, agencies))
        elif is_chair and not poll.is_open(now):
            steps.append(_settle_step(poll))
    return steps


def _answer_step(poll: HourPoll, agencies: Iterable[Agency]) -> NextStep:
    return NextStep(
        kind="meetings.poll",
        what=_("Say which hour suits"),
        about=poll.title,
        why=_("The chair asks each agency."),
        verb=_("Answer"),
        url_name="meetings:poll",
        url_args=(poll.pk,),
        scope=Scope.AGENCY,
        deadline=poll.closes_at,
        agencies=tuple(agencies),
    )


def _settle_step(poll: HourPoll) -> NextStep:
    return NextStep(
        kind="meetings.settle_poll",
        what=_("Choose the hour"),
        about=poll.title,
        why=_("The poll takes no more answers. Convene the meeting, or close the poll."),
        verb=_("See the answers"),
        url_name="meetings:poll",
        url_args=(poll.pk,),
        anchor="answers",
        scope=Scope.CHAIR,
    )


def agencies_that_answered(polls: Iterable[HourPoll]) -> set[tuple[int, int]]:
    """Return (poll, agency) of each agency that answered.

    One query.
    """
    rows = PollAnswer.objects.filter(slot__poll__in=list(polls))
    return set(rows.values_list("slot__poll_id", "agency_id"))
