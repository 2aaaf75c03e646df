"""Meetings outside working hours over the last 12 months, by agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.queries.stations import Stations
from coordination.meetings.slots.stations import outside_minutes
from coordination.members.models import Agency

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An agency's minutes and meetings outside working hours.

    `last_day` is that of the last such meeting.
    """

    agency: Agency
    city: str
    minutes: int
    times: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The unsocial minutes of each member in 12 months.

    The most first. `last_payers` have the minutes of each agency at the last of these meetings.
    """

    lines: tuple[LedgerLine, ...]
    meetings: tuple[Meeting, ...]
    last_payers: Mapping[int, int]

    @property
    def minutes(self) -> dict[int, int]:
        """Return the minutes by key of the agency."""
        return {line.agency.pk: line.minutes for line in self.lines}

    @property
    def asked(self) -> list[LedgerLine]:
        """Return the agencies that were asked."""
        return [line for line in self.lines if line.times]

    @property
    def never_asked(self) -> list[Agency]:
        """Return the agencies that were never asked."""
        return [line.agency for line in self.lines if not line.times]

    @property
    def most(self) -> int:
        """Return the most minutes of one agency."""
        return max((line.minutes for line in self.lines), default=0)


def is_counted(kind: str, video_url: str) -> bool:
    """Return whether the ledger counts a meeting. Pure.

    It counts hours that are a burden. Working-level meetings are videoconferences. To a principals'
    meeting without a link people travel, so its hour is nobody's night at home. The other kinds are
    not for all members.
    """
    return kind == MeetingKind.WORKING_LEVEL or (kind == MeetingKind.PRINCIPALS and bool(video_url))


def counted_meetings(at: datetime) -> list[Meeting]:
    """Return the meetings that the ledger counts, the oldest first.

    Held in the 12 months before `at`. See `is_counted`; and the hour of a counted meeting is known.
    """
    meetings = Meeting.objects.filter(
        Q(kind=MeetingKind.WORKING_LEVEL) | (Q(kind=MeetingKind.PRINCIPALS) & ~Q(video_url="")),
        state=MeetingState.HELD,
        starts_at__gt=at - YEAR,
        starts_at__lte=at,
    ).order_by("starts_at", "pk")
    return [meeting for meeting in meetings if not meeting.known_by_day]


def hours_of(meeting: Meeting) -> tuple[datetime, datetime]:
    """Return begin and end (UTC) of a meeting whose hour is known.

    It lasts an hour by default.
    """
    ends_at = meeting.ends_at or meeting.starts_at + timedelta(hours=1)
    return meeting.starts_at, ends_at


def burdens(stations: Stations, starts_at: datetime, ends_at: datetime) -> dict[int, int]:
    """Return each agency's minutes outside working hours.

    By key. Only members of the day.
    """
    day = day_at(starts_at, stations.group.zone)
    by_agency = {}
    for seat in stations.seats(day, day):
        station = seat.station_on(day)
        if station:
            by_agency[seat.key] = outside_minutes(station, starts_at, ends_at)
    return by_agency


def ledger(stations: Stations, at: datetime, agencies: Sequence[Agency]) -> Ledger:
    """Return the ledger of `agencies` as of `at`.

    One query, beside those of `stations`. Whoever was a member on the day of a meeting was asked,
    also who did not come.
    """
    meetings = counted_meetings(at)
    asked: dict[int, list[tuple[date, int]]] = {}
    last: dict[int, int] = {}
    for meeting in meetings:
        starts_at, ends_at = hours_of(meeting)
        last = {
            key: minutes
            for key, minutes in burdens(stations, starts_at, ends_at).items()
            if minutes
        }
        for key, minutes in last.items():
            day = day_at(starts_at, stations.group.zone)
            asked.setdefault(key, []).append((day, minutes))
    today = day_at(at, stations.group.zone)
    cities = {
        seat.key: station.city
        for seat in stations.seats(today, today)
        if (station := seat.station_on(today))
    }
    lines = [
        LedgerLine(
            agency,
            cities.get(agency.pk, agency.city),
            sum(minutes for _day, minutes in asked.get(agency.pk, ())),
            len(asked.get(agency.pk, ())),
            max((day for day, _minutes in asked.get(agency.pk, ())), default=None),
        )
        for agency in agencies
    ]
    lines.sort(key=lambda line: (-line.minutes, line.agency.acronym))
    return Ledger(tuple(lines), tuple(meetings), last)


def paying_again(
    starts_at: datetime, ends_at: datetime | None, at: datetime, group: Group
) -> list[Agency]:
    """Return the agencies burdened as at the last meeting held.

    They sit outside working hours then and now. By acronym; four queries, one where no meeting of
    the last 12 months counts.
    """
    meetings = counted_meetings(at)
    if not meetings:
        return []
    last_starts, last_ends = hours_of(meetings[-1])
    days = (day_at(starts_at, group.zone), day_at(last_starts, group.zone))
    stations = Stations(min(days), max(days), group)
    last = burdens(stations, last_starts, last_ends)
    now = burdens(stations, starts_at, ends_at or starts_at + timedelta(hours=1))
    again = [stations.agencies[key] for key, minutes in now.items() if minutes and last.get(key)]
    return sorted(again, key=lambda agency: agency.acronym)
