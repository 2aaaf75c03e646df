"""Reads of series of meetings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core.clock import day_at
from coordination.meetings import queries
from coordination.meetings.enums import MeetingState, Repeats
from coordination.meetings.models import Meeting, MeetingSeries
from coordination.meetings.queries import Move
from coordination.meetings.queries.announcements import INVITED_AHEAD, SETTLING, Announced
from coordination.meetings.slots import recurrence
from coordination.meetings.slots.usual import REMEMBERED, shift_from_usual


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A meeting on the page of its series.

    `has_moved`: it is not at the hour of the rule.
    """

    meeting: Meeting
    has_moved: bool


def moments_of(series: MeetingSeries) -> list[datetime]:
    """Return when (UTC) the meetings begin by the rule. Pure."""
    days = recurrence.days_of(series.repeats, series.first_day, series.last_day)
    return [recurrence.moment_on(day, series.begins, series.zone) for day in days]


def end_of(series: MeetingSeries, starts_at: datetime) -> datetime | None:
    """Return the end (UTC) of a meeting by the rule. Pure.

    The meeting begins at `starts_at`.
    """
    return None if series.minutes is None else starts_at + timedelta(minutes=series.minutes)


def follows_hours(series: MeetingSeries, meeting: Meeting, moments: Collection[datetime]) -> bool:
    """Return whether a meeting is at an hour of the rule. Pure.

    `moments` are those of the rule.
    """
    return meeting.starts_at in moments and meeting.ends_at == end_of(series, meeting.starts_at)


def shift_for(meeting: Meeting, zone: ZoneInfo) -> timedelta:
    """Return how much later than usual a meeting is. Pure.

    A meeting of a series, by clocks in `zone`. Negative: earlier. Usual is the hour that the rule
    had there at most of the five days before. Zero for a meeting without a series, or whose hour is
    not known.
    """
    series = meeting.series
    if series is None or meeting.known_by_day:
        return timedelta()
    days = recurrence.former_days(series.repeats, series.first_day, day_at(meeting.starts_at, zone))
    former = [
        recurrence.moment_on(day, series.begins, series.zone) for day in islice(days, REMEMBERED)
    ]
    return shift_from_usual(meeting.starts_at, former, zone)


def rule_words(series: MeetingSeries) -> str:
    """Return the rule in words: "Third Wednesday of each month"."""
    weekday = {"weekday": dateformat.format(series.first_day, "l")}
    if series.repeats == Repeats.MONTHLY:
        words = {
            1: _("First %(weekday)s of each month"),
            2: _("Second %(weekday)s of each month"),
            3: _("Third %(weekday)s of each month"),
            4: _("Fourth %(weekday)s of each month"),
        }
        return words[recurrence.place_in_month(series.first_day)] % weekday
    return {
        Repeats.WEEKLY: _("Every %(weekday)s"),
        Repeats.FORTNIGHTLY: _("Every second %(weekday)s"),
        Repeats.MONTHLY_LAST: _("Last %(weekday)s of each month"),
    }[Repeats(series.repeats)] % weekday


def series_record(pk: int) -> QuerySet[MeetingSeries]:
    """Return the series with its meetings.

    The first in time first. Two queries.
    """
    meetings = Meeting.objects.select_related("series").order_by("starts_at", "pk")
    return MeetingSeries.objects.filter(pk=pk).prefetch_related(Prefetch("meetings", meetings))


def rows_of(series: MeetingSeries) -> list[SeriesRow]:
    """Return the meetings of a series, the first in time first."""
    moments = set(moments_of(series))
    return [
        SeriesRow(meeting, has_moved=not follows_hours(series, meeting, moments))
        for meeting in series.meetings.all()
    ]


def running(now: datetime) -> QuerySet[MeetingSeries]:
    """Return the series with a meeting to come, by title."""
    coming = Meeting.objects.filter(queries.to_come(now), series__isnull=False)
    return MeetingSeries.objects.filter(ended_at=None, pk__in=coming.values("series"))


def told_series(at: datetime) -> list[MeetingSeries]:
    """Return the series with news at `at` (UTC).

    People are told their dates or their end. Each has `.coming`: its meetings to come, convened or
    cancelled. Two queries.
    """
    is_settled = Q(dates_since__lte=at - SETTLING, ended_at=None) | Q(ended_at__lte=at)
    coming = Meeting.objects.filter(starts_at__gt=at).order_by("starts_at", "pk")
    coming = coming.select_related("series").prefetch_related("agenda")
    series: Any = (
        MeetingSeries.objects.filter(is_settled)
        .annotate(latest=Max("meetings__starts_at"))
        .filter(latest__gt=at)
        .prefetch_related(
            Prefetch(
                "meetings",
                coming.select_related("series").prefetch_related("agenda"),
                to_attr="coming",
            )
        )
    )
    return list(series)


def meetings_told(series: Any) -> list[Meeting]:
    """Return the meetings that a series mail names. Pure.

    The series is one of `told_series`.
    """
    state = MeetingState.CANCELLED if series.ended_at else MeetingState.CONVENED
    return [meeting for meeting in series.coming if meeting.state == state]


def is_told_by_series(meeting: Meeting, move: Move, called_at: datetime) -> bool:
    """Return whether the series mail tells a meeting's move. Pure.

    It does where the whole series changed and nobody was invited to that meeting yet.
    """
    return move.is_of_series and move.at < invited_from(meeting, called_at)


def changed_at(meetings: Iterable[Meeting], announced: Mapping[int, Announced]) -> datetime | None:
    """Return when (UTC) people learn of a series' last change. Pure.

    A change of the whole series. None if there is none.
    """
    return max(
        (
            move.at
            for meeting in meetings
            if meeting.pk in announced and (called_at := announced[meeting.pk].called_at)
            for move in announced[meeting.pk].moves
            if is_told_by_series(meeting, move, called_at)
        ),
        default=None,
    )


def invited_from(meeting: Meeting, called_at: datetime) -> datetime:
    """Return when (UTC) people are invited to a called meeting. Pure.

    It was called at `called_at`. To a meeting of a series they are invited two weeks before; its
    date they know from the mail about the series.
    """
    if meeting.series_id is None:
        return called_at
    return max(called_at, meeting.starts_at - INVITED_AHEAD)
