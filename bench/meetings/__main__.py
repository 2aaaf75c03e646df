"""Time the ranking of a meeting's hours.

    python -m bench.meetings [--repeat 9] [--seed 1]

- rank: every half hour of 14 and 31 days for 16 and 40 seats, each seat at a station of its own
  (the worst case: no two share a computation), with holidays, a ledger and three busy spans;
- cities: the local hours of all stations at 60 candidates, more than a page shows.

Reported: the least of the repetitions in ms of CPU time of this process. Aim: 50 ms for 40 seats
and 14 days.
"""

import argparse
import time as system_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from coordination.meetings.slots.ranking import HourRanking, HourWindow, rank
from coordination.meetings.slots.stations import Seat, Station, Stay, local_hour

ZONES = (
    "Europe/Zurich",
    "America/New_York",
    "Europe/Vienna",
    "Europe/Paris",
    "Asia/Bangkok",
    "Africa/Addis_Ababa",
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Adelaide",
    "Africa/Cairo",
)
SIZES = ((16, 14), (40, 14), (40, 31))
FIRST = date(2026, 10, 19)
NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
SHOWN = 30


def least_ms(work: Callable[[], object], repeat: int) -> float:
    """Return the milliseconds of the quickest of `repeat` runs, in time of this process."""
    best = float("inf")
    for _ in range(repeat):
        before = system_time.process_time()
        work()
        best = min(best, system_time.process_time() - before)
    return best * 1000


def seats(random: Random, count: int) -> list[Seat]:
    """Return seats of which no two have the same station."""
    return [
        Seat(
            key,
            f"A{key}",
            (
                Stay(
                    Station(
                        f"City {key}",
                        ZoneInfo(ZONES[key % len(ZONES)]),
                        time(8 + key % 3, key % 2 * 30),
                        time(16 + key % 3),
                        holidays={
                            date(2026, random.randint(1, 12), random.randint(1, 28)): "Holiday"
                            for _ in range(12)
                        },
                    ),
                    date(2000, 1, 1),
                ),
            ),
        )
        for key in range(count)
    ]


def window(days: int) -> HourWindow:
    """Return a window of `days`, in which clocks change."""
    busy = tuple(
        (NOW + timedelta(days=10 + number, hours=5), NOW + timedelta(days=10 + number, hours=6))
        for number in range(3)
    )
    return HourWindow(FIRST, FIRST + timedelta(days=days - 1), 75, ZoneInfo(ZONES[0]), busy=busy)


def all_local_hours(ranking: HourRanking) -> None:
    """Work out the local hours of all seats at the first candidates of both orders."""
    for candidate in (*ranking.least_burden[:SHOWN], *ranking.most_equal[:SHOWN]):
        for seat in ranking.seats:
            station = seat.station_on(candidate.day)
            if station:
                local_hour(station, candidate.starts_at, candidate.ends_at, NOW)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = Random(options.seed)
    print(f"{'seats x days':<16}{'rank':>8}{'cities':>9}  ms")
    for count, days in SIZES:
        given, ledger = seats(random, count), {key: random.randrange(900) for key in range(count)}
        ranking = rank(window(days), given, ledger)
        figures = (
            least_ms(partial(rank, window(days), given, ledger), options.repeat),
            least_ms(partial(all_local_hours, ranking), options.repeat),
        )
        print(f"{f'{count} x {days}':<16}{figures[0]:8.1f}{figures[1]:9.1f}")


if __name__ == "__main__":
    main()
