"""The page that finds an hour.

Candidates in both orders, on the clocks of each city.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting, zones
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.periods import FIRST_DAY, LAST_DAY
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.queries.ledger import YEAR, Ledger, hours_of, ledger
from coordination.meetings.queries.seats import hours_text
from coordination.meetings.queries.stations import Stations
from coordination.meetings.slots.ranking import Candidate, HourRanking, HourWindow, rank
from coordination.meetings.slots.stations import (
    LocalHour,
    Seat,
    Station,
    clock_changes,
    first_moment,
    local_hour,
    working_spans,
)
from coordination.members.models import Agency

DAY = timedelta(days=1)
KEY = "%Y-%m-%dT%H:%M"  # of a moment in UTC, in an address
BURDEN, EQUAL = "burden", "equal"
TOP = 5  # lines of the two short lists
MOST_NAMES = 4  # that a line of them names


@dataclass(frozen=True, slots=True)
class HourQuestion:
    """The question: which days, how long, and which seats matter.

    No seats means all.
    """

    first_day: date
    last_day: date
    minutes: int
    slugs: frozenset[str] = frozenset()
    order: str = BURDEN
    proposed: frozenset[str] = frozenset()  # keys of the hours that a poll is to ask about


@dataclass(frozen=True, slots=True)
class CityColumn:
    """The seats that share a station."""

    station: Station
    seats: tuple[Seat, ...]
    hours: str  # "" unless another column has the same city

    @property
    def names(self) -> str:
        """Return the names of the seats."""
        return ", ".join(seat.name for seat in self.seats)


@dataclass(frozen=True, slots=True)
class CityHour:
    """A candidate in one city.

    `local` is None on a day on which no seat is there.
    """

    column: CityColumn
    local: LocalHour | None
    day: date  # of the candidate in the group's zone

    @property
    def clock(self) -> str:
        """Return the hour there: "Thu 02:30".

        With the day only if it is another one.
        """
        if self.local is None:
            return "–"
        is_same_day = self.local.begins.date() == self.day
        return dateformat.format(self.local.begins, "H:i" if is_same_day else "D H:i")

    @property
    def span(self) -> str:
        """Return begin and end there: "15:00 to 16:00".

        With the days where they are others.
        """
        assert self.local
        begins, ends = self.local.begins, self.local.ends
        style = "H:i" if begins.date() == ends.date() else "D H:i"
        return _("%(begins)s to %(ends)s") % {
            "begins": self.clock,
            "ends": dateformat.format(ends, style),
        }

    @property
    def zone(self) -> str:
        """Return the name of the zone then: "CET, UTC+1"."""
        assert self.local
        return zones.name_and_offset(self.local.begins)

    @property
    def why(self) -> str:
        """Return why it is outside: a holiday's name, "weekend", "night", or ""."""
        if self.local is None or not self.local.outside:
            return ""
        if self.local.holiday:
            return self.local.holiday
        if self.local.is_weekend:
            return _("weekend")
        return _("night") if self.local.is_night else ""

    @property
    def clock_shift(self) -> str:
        """Return the clock shift from the present: "+1 h", or ""."""
        if self.local is None or not self.local.clock_shift:
            return ""
        hours = self.local.clock_shift / timedelta(hours=1)
        return _("%(hours)s h") % {"hours": f"{hours:+g}"}


@dataclass(frozen=True, slots=True)
class HourRow:
    """A candidate as the page shows it; ranks begin with 1."""

    candidate: Candidate
    starts_at: datetime  # in the group's zone
    cities: tuple[CityHour, ...]
    outside: tuple[Seat, ...]
    burden_rank: int
    equal_rank: int
    seat_count: int
    is_proposed: bool
    proposals: str  # the hours that are proposed, as an address has them, with this one or without

    @property
    def key(self) -> str:
        """Return the candidate as an address has it."""
        return key_of(self.candidate.starts_at)

    @property
    def when(self) -> str:
        """Return day and hour in the group's zone: "Wed 16 Dec 15:00"."""
        return dateformat.format(self.starts_at, "D j M H:i")

    @property
    def clock(self) -> str:
        """Return the hour in the group's zone."""
        return f"{self.starts_at:%H:%M}"

    @property
    def names(self) -> str:
        """Return the names of the seats outside working hours."""
        return formatting.list_of(seat.name for seat in self.outside)

    @property
    def few_names(self) -> str:
        """Return the first of these names, and how many there are besides."""
        if len(self.outside) <= MOST_NAMES:
            return self.names
        named = ", ".join(seat.name for seat in self.outside[:MOST_NAMES])
        count = len(self.outside) - MOST_NAMES
        return ngettext(
            "%(names)s and %(count)s other", "%(names)s and %(count)s others", count
        ) % {"names": named, "count": count}


@dataclass(frozen=True, slots=True)
class CityBar:
    """A city's day as a bar.

    x and width in percent of the day in the group's zone.
    """

    city: CityHour
    work: tuple[tuple[str, str], ...]
    meeting: tuple[str, str]


class HourPage:
    """The answer to a question as of `now`.

    Candidates, ledger, and notes about them. Five queries, whatever the number of seats and
    candidates.
    """

    def __init__(self, question: HourQuestion, now: datetime, group: Group) -> None:
        self.question, self.now, self.group = question, now, group
        today = day_at(now, group.zone)
        first = min(day_at(now - YEAR, group.zone), question.first_day)
        self.stations = Stations(first, max(question.last_day, today), group)
        self.all_seats = self.stations.seats(question.first_day, question.last_day)
        chosen = [seat for seat in self.all_seats if self._is_chosen(seat)]
        self.unplaced = [self.agency(seat) for seat in chosen if not seat.stays]
        self.seats = [seat for seat in chosen if seat.stays]
        self.ledger: Ledger = ledger(self.stations, now, [self.agency(seat) for seat in chosen])
        self.busy = self._busy()
        self.ranking: HourRanking = rank(self._window(), self.seats, self.ledger.minutes)

    def _is_chosen(self, seat: Seat) -> bool:
        slugs = self.question.slugs
        return not slugs or self.agency(seat).slug in slugs

    def agency(self, seat: Seat) -> Agency:
        """Return the agency of a seat."""
        return self.stations.agencies[seat.key]

    def _busy(self) -> list[tuple[Meeting, datetime, datetime]]:
        """Return the convened meetings of these days with begin and end.

        One query.
        """
        zone, question = self.group.zone, self.question
        opens = first_moment(question.first_day, time(0), zone) - DAY
        closes = first_moment(question.last_day, time(0), zone) + 2 * DAY
        meetings = Meeting.objects.filter(
            state=MeetingState.CONVENED, starts_at__gt=opens, starts_at__lt=closes
        ).order_by("starts_at", "pk")
        return [(meeting, *hours_of(meeting)) for meeting in meetings]

    def _window(self) -> HourWindow:
        question = self.question
        return HourWindow(
            question.first_day,
            question.last_day,
            question.minutes,
            self.group.zone,
            self.now,
            tuple((begins, ends) for _meeting, begins, ends in self.busy),
        )

    @cached_property
    def columns(self) -> tuple[CityColumn, ...]:
        """Return the cities, those with the most seats first."""
        by_station: dict[Station, list[Seat]] = {}
        for seat in self.seats:
            for stay in seat.stays:
                by_station.setdefault(stay.station, []).append(seat)
        cities = [station.city for station in by_station]
        columns = [
            CityColumn(
                station,
                tuple(seats),
                hours_text(station.work_begins, station.work_ends)
                if cities.count(station.city) > 1
                else "",
            )
            for station, seats in by_station.items()
        ]
        columns.sort(key=lambda column: (-len(column.seats), column.station.city))
        return tuple(columns)

    @cached_property
    def _ranks(self) -> tuple[Mapping[datetime, int], Mapping[datetime, int]]:
        """Return the rank of each candidate in both orders, by its moment."""
        burden, equal = (
            {each.starts_at: place for place, each in enumerate(order, 1)}
            for order in (self.ranking.least_burden, self.ranking.most_equal)
        )
        return burden, equal

    def in_order(self, order: str) -> Sequence[Candidate]:
        """Return the candidates in one of the two orders."""
        return self.ranking.most_equal if order == EQUAL else self.ranking.least_burden

    def best_of_days(self, order: str) -> list[HourRow]:
        """Return the best candidate of each of the best days."""
        best: dict[date, Candidate] = {}
        for candidate in self.in_order(order):
            best.setdefault(candidate.day, candidate)
        return self.rows(list(best.values())[:TOP])

    def rows(self, candidates: Iterable[Candidate]) -> list[HourRow]:
        """Return candidates as the page shows them."""
        return [self.row(candidate) for candidate in candidates]

    def row(self, candidate: Candidate) -> HourRow:
        """Return a candidate as the page shows it."""
        burden, equal = self._ranks
        pairs = list(zip(self.seats, candidate.outside, strict=True))
        key, proposed = key_of(candidate.starts_at), self.question.proposed
        return HourRow(
            candidate,
            candidate.starts_at.astimezone(self.group.zone),
            tuple(self.city_hour(column, candidate) for column in self.columns),
            tuple(seat for seat, minutes in pairs if minutes),
            burden[candidate.starts_at],
            equal[candidate.starts_at],
            sum(seat.station_on(candidate.day) is not None for seat in self.seats),
            key in proposed,
            ",".join(sorted(proposed ^ {key})),
        )

    def city_hour(self, column: CityColumn, candidate: Candidate) -> CityHour:
        """Return a candidate in one city."""
        is_there = any(seat.station_on(candidate.day) == column.station for seat in column.seats)
        local = (
            local_hour(column.station, candidate.starts_at, candidate.ends_at, self.now)
            if is_there
            else None
        )
        return CityHour(column, local, candidate.day)

    def picked(self, key: str) -> Candidate | None:
        """Return the chosen candidate, else the first.

        The address names it. The first is that in the order asked for.
        """
        wanted = (each for each in self.ranking.by_time if key_of(each.starts_at) == key)
        return next(wanted, next(iter(self.in_order(self.question.order)), None))

    def pays_again(self, candidate: Candidate) -> list[str]:
        """Return the seats burdened as at the last meeting.

        Their names. They are outside working hours again.
        """
        pairs = zip(self.seats, candidate.outside, strict=True)
        last = self.ledger.last_payers
        return [seat.name for seat, minutes in pairs if minutes and seat.key in last]

    def suiting_all(self) -> int:
        """Return how many candidates are within the working hours of all."""
        return sum(not each.burden for each in self.ranking.by_time)

    def suits_nobody(self) -> bool:
        """Return whether all seats sit outside at each candidate, as on a weekend."""
        return bool(self.seats) and all(
            each.seats_outside == len(self.seats) for each in self.ranking.by_time
        )

    def bars(self, row: HourRow) -> list[CityBar]:
        """Return a candidate's day in each city as bars.

        In the cities where a seat is.
        """
        begins = first_moment(row.candidate.day, time(0), self.group.zone)
        ends = first_moment(row.candidate.day + DAY, time(0), self.group.zone)
        scale = Scale(begins, ends)
        return [
            CityBar(
                city,
                tuple(
                    scale.place(*span)
                    for span in working_spans(city.column.station, begins, ends)
                    if span[0] < ends and begins < span[1]
                ),
                scale.place(row.candidate.starts_at, row.candidate.ends_at),
            )
            for city in row.cities
            if city.local
        ]

    def clock_sentences(self) -> list[str]:
        """Return which clocks change between now and the last day, and when."""
        until = first_moment(self.question.last_day + DAY, time(0), self.group.zone)
        cities: dict[tuple[date, timedelta], list[str]] = {}
        for column in self.columns:
            for change in clock_changes(column.station.zone, self.now, until):
                named = cities.setdefault((change.day, change.shift), [])
                if column.station.city not in named:
                    named.append(column.station.city)
        return [
            (
                _("Clocks go forward by %(minutes)s minutes on %(day)s in %(cities)s.")
                if shift > timedelta()
                else _("Clocks go back by %(minutes)s minutes on %(day)s in %(cities)s.")
            )
            % {
                "minutes": abs(shift) // timedelta(minutes=1),
                "day": dateformat.format(day, "D j M Y"),
                "cities": ", ".join(named),
            }
            for (day, shift), named in sorted(cities.items())
        ]


@dataclass(frozen=True, slots=True)
class Scale:
    """A day as a line from 0 to 100 percent."""

    begins: datetime
    ends: datetime

    def place(self, first: datetime, last: datetime) -> tuple[str, str]:
        """Return x and width (percent) of a span, cut to the day."""
        length = self.ends - self.begins
        left = max(first - self.begins, timedelta()) / length
        right = min(last - self.begins, length) / length
        return f"{left:.3%}", f"{right - left:.3%}"


def key_of(moment: datetime) -> str:
    """Return a moment (UTC) as an address has it."""
    return moment.astimezone(UTC).strftime(KEY)


def moment_of(key: str) -> datetime | None:
    """Return the moment (UTC) of an address, or None for anything else."""
    try:
        moment = datetime.strptime(key, KEY).replace(tzinfo=UTC)
    except ValueError:
        return None
    # Python cannot reckon with the last hours of the year 9999.
    return moment if FIRST_DAY <= moment.date() <= LAST_DAY else None
