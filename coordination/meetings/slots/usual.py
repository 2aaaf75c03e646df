"""Compares meetings of a series with their usual hour. Pure.

The hour at which people there are used to them.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# a meeting a week: more than the two or three weeks between the clock changes of two continents
REMEMBERED = 5
DAY = timedelta(days=1)


def usual_local_hour(former: Iterable[datetime], zone: ZoneInfo) -> time | None:
    """Return the usual local hour of former meetings.

    Clocks in `zone` showed it at most of the last five. Of hours that came equally often it is the
    latest to be shown. None without a former meeting.
    """
    shown = [moment.astimezone(zone).time() for moment in sorted(former)[-REMEMBERED:]]
    # Counter keeps the order of first sight, so the latest comes first for `max`.
    counts = Counter(reversed(shown))
    return max(counts, key=lambda hour: counts[hour]) if counts else None


def shift_from_usual(moment: datetime, former: Iterable[datetime], zone: ZoneInfo) -> timedelta:
    """Return how much later than usual a meeting is.

    By clocks in `zone`. Negative: earlier. It is at most twelve hours: 00:30 instead of 23:30 is an
    hour later. Zero without a former one.
    """
    usual = usual_local_hour(former, zone)
    if usual is None:
        return timedelta()
    shown = moment.astimezone(zone)
    shift = shown.replace(tzinfo=None) - datetime.combine(shown.date(), usual)
    return (shift + DAY / 2) % DAY - DAY / 2
