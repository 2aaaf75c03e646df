"""Ranks the hours of a window in two orders. Pure.

By whom they suit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import add
from zoneinfo import ZoneInfo

from coordination.meetings.slots.stations import (
    DAY,
    MINUTE,
    Seat,
    Station,
    first_moment,
    working_spans,
)

STEP = 30  # minutes from candidate to candidate


@dataclass(frozen=True, slots=True)
class HourWindow:
    """The days, both inclusive, on which a meeting of `minutes` may begin.

    Days and half hours are those of the clocks in `zone`. No meeting begins before `opens` or while
    one of the `busy` spans (begin and end) runs.
    """

    first_day: date
    last_day: date
    minutes: int
    zone: ZoneInfo
    opens: datetime | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An hour for the meeting.

    `day` is its day in the zone of the window. `outside` are the minutes of each seat outside
    working hours, in the order of the seats; 0 for a seat that has no station on that day.
    `greatest` and `spread` are those of `most_equal`.
    """

    starts_at: datetime
    ends_at: datetime
    day: date
    outside: tuple[int, ...]
    burden: int
    greatest: int
    spread: int

    @property
    def seats_outside(self) -> int:
        """Return how many seats sit outside working hours for any of it."""
        return sum(map(bool, self.outside))


@dataclass(frozen=True, slots=True)
class HourRanking:
    """The candidates in time order and both orders of preference."""

    seats: tuple[Seat, ...]
    by_time: tuple[Candidate, ...]
    least_burden: tuple[Candidate, ...]
    most_equal: tuple[Candidate, ...]


def rank(window: HourWindow, seats: Sequence[Seat], ledger: Mapping[int, int]) -> HourRanking:
    """Return the candidates of a window in two orders.

    There is one at every half hour. `ledger` has the unsocial minutes of the last 12 months by key
    of a seat; without an entry: 0.

    - least burden: the fewest minutes outside working hours, of all seats together;
    - most equal: the total of a seat is its ledger and this meeting. The smallest greatest total
      comes first, then the smallest spread.

    The spread is the sum of the squared totals. Of equal sums of minutes the more equal has the
    smaller spread. Burdening another seat too never makes it smaller. A variance would call an
    hour fair at which everybody gets up at night.

    Equal candidates are in the order of time: the earlier day first, then the earlier hour.
    """
    by_time = tuple(_candidates(window, seats, ledger))
    # Sorting is stable: equal candidates keep the order of time.
    return HourRanking(
        tuple(seats),
        by_time,
        tuple(sorted(by_time, key=lambda each: each.burden)),
        tuple(sorted(by_time, key=lambda each: (each.greatest, each.spread))),
    )


def _candidates(
    window: HourWindow, seats: Sequence[Seat], ledger: Mapping[int, int]
) -> list[Candidate]:
    """Return the candidates in the order of time."""
    starts = _starts_of_days(window)
    opens = starts[window.first_day]
    count = (starts[window.last_day + DAY] - opens) // MINUTE // STEP
    days = _days_of(starts, opens, count)
    columns = _columns(window, seats, starts, count)
    rows = zip(*columns, strict=True) if columns else (() for _ in range(count))
    before = tuple(ledger.get(seat.key, 0) for seat in seats)
    length = timedelta(minutes=window.minutes)
    candidates = []
    for place, row in enumerate(rows):
        starts_at = opens + place * STEP * MINUTE
        if not _is_free(window, starts_at, starts_at + length):
            continue
        totals = list(map(add, before, row))
        candidates.append(
            Candidate(
                starts_at,
                starts_at + length,
                days[place],
                tuple(row),
                sum(row),
                max(totals, default=0),
                sum(total * total for total in totals),
            )
        )
    return candidates


def _starts_of_days(window: HourWindow) -> dict[date, datetime]:
    """Return the first moment (UTC) of each day of the window.

    And of the day after it.
    """
    length = (window.last_day - window.first_day).days + 2
    days = (window.first_day + number * DAY for number in range(length))
    return {day: first_moment(day, time(0), window.zone) for day in days}


def _days_of(starts: Mapping[date, datetime], opens: datetime, count: int) -> list[date]:
    """Return the day of each half hour.

    Days have 46 to 50 of them where clocks change.
    """
    *days, _after = starts
    ends = list(starts.values())[1:]
    sizes = [(end - starts[day]) // MINUTE // STEP for day, end in zip(days, ends, strict=True)]
    return [day for day, size in zip(days, sizes, strict=True) for _ in range(size)][:count]


def _columns(
    window: HourWindow, seats: Sequence[Seat], starts: Mapping[date, datetime], count: int
) -> list[list[int]]:
    """Return each seat's minutes outside working hours at each half hour.

    Seats at the same station share one computation.
    """
    opens = starts[window.first_day]
    known: dict[Station, list[int]] = {}
    columns = []
    for seat in seats:
        column = [0] * count
        for stay in seat.stays:
            first = max(stay.first_day, window.first_day)
            last = min(stay.last_day or window.last_day, window.last_day)
            if first > last:
                continue
            station = stay.station
            if station not in known:
                known[station] = _outside(station, opens, count, window.minutes)
            begin, end = ((starts[day] - opens) // MINUTE // STEP for day in (first, last + DAY))
            column[begin:end] = known[station][begin:end]
        columns.append(column)
    return columns


def _outside(station: Station, opens: datetime, count: int, minutes: int) -> list[int]:
    """Return the minutes outside working hours of each half hour.

    At each of `count` half hours after `opens`. It walks over the working hours and takes them from
    the meetings that they touch, which costs some twenty steps a day.
    """
    outside = [minutes] * count
    closes = opens + (count * STEP + minutes) * MINUTE
    for work_begins, work_ends in working_spans(station, opens, closes):
        begin, end = (work_begins - opens) // MINUTE, (work_ends - opens) // MINUTE
        first = max(0, (begin - minutes) // STEP + 1)
        for place in range(first, min(count, (end - 1) // STEP + 1)):
            start = place * STEP
            outside[place] -= min(end, start + minutes) - max(begin, start)
    return outside


def _is_free(window: HourWindow, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether the meeting begins late enough and meets no busy span."""
    if window.opens and starts_at < window.opens:
        return False
    return not any(starts_at < end and begin < ends_at for begin, end in window.busy)
