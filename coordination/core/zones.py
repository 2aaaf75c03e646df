"""Time zones by name, and the hours that clocks skip or repeat.

Pure: no clock, no settings.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

UTC_NAME = "UTC"


class HourSkipped(ValueError):
    """A wall-clock hour that does not exist.

    Clocks go forward from `before` to `after` (both without a zone).
    """

    def __init__(self, before: datetime, after: datetime) -> None:
        super().__init__(f"clocks go from {before:%H:%M} to {after:%H:%M}")
        self.before = before
        self.after = after


class HourRepeated(ValueError):
    """A wall-clock hour that comes twice, since clocks go back.

    `readings` are both, the earlier first.
    """

    def __init__(self, readings: tuple[datetime, datetime]) -> None:
        super().__init__(" or ".join(reading.isoformat(timespec="minutes") for reading in readings))
        self.readings = readings


def is_known(name: str) -> bool:
    """Return whether this machine's tzdata has the zone.

    Other machines, or later versions, may have others.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # not found; not a path inside the data; a folder such as "Europe"
        return False
    return True


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a name, or UTC if unknown here.

    Pages then tell the reader so (see `unknown`).
    """
    return ZoneInfo(name if is_known(name) else UTC_NAME)


def city_of(name: str) -> str:
    """Return the city in a zone's name: "New York" of "America/New_York".

    "UTC" where the zone is unknown here.
    """
    return name.rpartition("/")[2].replace("_", " ") if is_known(name) else UTC_NAME


def unknown(*names: str) -> list[str]:
    """Return the names that this machine does not know, without repeats."""
    return [name for name in dict.fromkeys(names) if name and not is_known(name)]


def is_repeated(at: datetime) -> bool:
    """Return whether the wall clock shows this hour twice."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def name_and_offset(at: datetime) -> str:
    """Return "CEST, UTC+2" for an aware moment.

    Zones without an abbreviation have the offset alone.
    """
    offset_from_utc = at.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset_from_utc.total_seconds())) // 60, 60)
    offset = f"UTC{'-' if offset_from_utc < timedelta() else '+'}{hours}" + (
        f":{minutes:02d}" if minutes else ""
    )
    name = at.tzname() or ""
    return f"{name}, {offset}" if name[:1].isalpha() and not name.startswith(UTC_NAME) else offset


def moment_at(local: datetime, zone: tzinfo) -> datetime:
    """Return the aware moment at which clocks in `zone` show `local`.

    Raises HourSkipped, HourRepeated. The offsets for fold 0 and 1 differ only there (PEP 495).
    """
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    # PEP 495: a repeated hour has the larger offset first, a skipped one the smaller.
    before, after = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
    if before > after:
        raise HourRepeated((first, second))
    if before < after:
        change = _change_between(local - after, local - before, zone, before)
        raise HourSkipped(change + before, change + after)
    return first


def _change_between(
    earliest: datetime, latest: datetime, zone: tzinfo, before: timedelta
) -> datetime:
    """Return the first second after `earliest` with an offset other than `before`.

    All moments are UTC, without a zone.
    """
    while latest - earliest > timedelta(seconds=1):
        # Bisection: tzdata offers no list of transitions.
        middle = earliest + (latest - earliest) // 2
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == before:
            earliest = middle
        else:
            latest = middle
    return latest.replace(microsecond=0)
