"""Where seats sit and work, and their clocks. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY_AND_SUNDAY = frozenset({5, 6})
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)


@dataclass(frozen=True, slots=True)
class Station:
    """A duty station: a city with clocks, hours, days off.

    The hours are working hours. Work begins and ends on the clocks of the city, on the same day.
    `weekend` has weekdays (Monday is 0), `holidays` the name of each holiday by day.
    """

    city: str
    zone: ZoneInfo
    work_begins: time
    work_ends: time
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False)

    def works_on(self, day: date) -> bool:
        """Return whether people work there on `day`."""
        return day.weekday() not in self.weekend and day not in self.holidays


@dataclass(frozen=True, slots=True)
class Stay:
    """The days, both inclusive, of a seat at a station.

    Without a last day it stays.
    """

    station: Station
    first_day: date
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether `day` is one of its days."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Seat:
    """An agency's seat, and its places by day.

    A collective seat moves with whoever speaks for it. `key` is the key of the agency.
    """

    key: int
    name: str
    stays: tuple[Stay, ...]

    def station_on(self, day: date) -> Station | None:
        """Return its station on `day`, or None if it has none."""
        return next((stay.station for stay in self.stays if stay.covers(day)), None)


@dataclass(frozen=True, slots=True)
class LocalHour:
    """A meeting on the clocks of one station.

    `outside` are minutes outside working hours. `clock_shift` is how far the clocks there are then
    from where they are now. `holiday` is the name of the holiday on which it begins there, or "".
    """

    station: Station
    begins: datetime
    ends: datetime
    outside: int
    clock_shift: timedelta
    holiday: str

    @property
    def is_weekend(self) -> bool:
        """Return whether it begins on a weekend there."""
        return self.begins.weekday() in self.station.weekend

    @property
    def is_night(self) -> bool:
        """Return whether any of it is between 22:00 and 06:00 there."""
        is_over_midnight = self.ends.date() > self.begins.date() and self.ends.time() > time(0)
        return (
            is_over_midnight
            or self.begins.time() < NIGHT_ENDS
            or self.begins.time() >= NIGHT_BEGINS
            or self.ends.time() > NIGHT_BEGINS
            or self.ends.time() == time(0)
        )


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A day on which clocks change, and by how much."""

    day: date
    shift: timedelta


def first_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) at which clocks show `clock`.

    Or later, on `day`. An hour that clocks skip begins when they jump; of one that they repeat it
    is the first.
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(UTC)
    offset = moment.astimezone(zone).utcoffset()
    if offset != local.utcoffset():  # skipped: go back to the jump
        while (moment - MINUTE).astimezone(zone).utcoffset() == offset:
            moment -= MINUTE
    return moment


def last_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the last moment (UTC) of `day` at which clocks show `clock`.

    It is the second one of an hour that they repeat, and the jump for one that they skip.
    """
    second = datetime.combine(day, clock, tzinfo=zone).replace(fold=1)
    is_repeated = (second.utcoffset() or timedelta()) < (
        second.replace(fold=0).utcoffset() or timedelta()
    )
    return second.astimezone(UTC) if is_repeated else first_moment(day, clock, zone)


def working_spans(
    station: Station, begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working hours (UTC) of the touched local days.

    [begins, ends) touches them.
    """
    day, last = begins.astimezone(station.zone).date(), ends.astimezone(station.zone).date()
    while day <= last:
        if station.works_on(day):
            yield (
                first_moment(day, station.work_begins, station.zone),
                last_moment(day, station.work_ends, station.zone),
            )
        day += DAY


def outside_minutes(station: Station, begins: datetime, ends: datetime) -> int:
    """Return a meeting's minutes outside working hours at the station."""
    # Between two moments of one zone Python reckons on the wall clock.
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
    inside = sum(
        (
            max(min(ends, work_ends) - max(begins, work_begins), timedelta())
            for work_begins, work_ends in working_spans(station, begins, ends)
        ),
        timedelta(),
    )
    return (ends - begins - inside) // MINUTE


def local_hour(station: Station, begins: datetime, ends: datetime, now: datetime) -> LocalHour:
    """Return a meeting on the clocks of a station."""
    local = begins.astimezone(station.zone)
    return LocalHour(
        station,
        local,
        ends.astimezone(station.zone),
        outside_minutes(station, begins, ends),
        clock_shift(station.zone, now, begins),
        station.holidays.get(local.date(), ""),
    )


def clock_shift(zone: ZoneInfo, now: datetime, then: datetime) -> timedelta:
    """Return how far clocks are `then` ahead of where they are `now`."""
    before, after = now.astimezone(zone).utcoffset(), then.astimezone(zone).utcoffset()
    return (after or timedelta()) - (before or timedelta())


def clock_changes(zone: ZoneInfo, now: datetime, until: datetime) -> list[ClockChange]:
    """Return the days on which clocks in `zone` change.

    Between `now` and `until`.
    """
    changes: list[ClockChange] = []
    earlier, until = now.astimezone(UTC), until.astimezone(UTC)
    while earlier < until:
        later = min(earlier + DAY, until)
        shift = clock_shift(zone, earlier, later)
        if shift:
            changes.append(ClockChange(_first_with_offset_of(later, zone, earlier), shift))
        earlier = later
    return changes


def _first_with_offset_of(later: datetime, zone: ZoneInfo, earlier: datetime) -> date:
    """Return the first local day with the offset of `later`.

    It is at most a day before that of `later`.
    """
    offset = later.astimezone(zone).utcoffset()
    while later - earlier > MINUTE:
        middle = earlier + (later - earlier) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            later = middle
        else:
            earlier = middle
    return later.astimezone(zone).date()
