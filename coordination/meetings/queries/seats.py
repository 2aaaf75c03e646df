"""The seats of today and their hours, as a page lists them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.utils import dateformat

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.periods import Period
from coordination.meetings.models import WorkingHours
from coordination.meetings.queries import holidays
from coordination.meetings.queries.stations import Place, Stations
from coordination.meetings.slots.stations import Station
from coordination.members.models import Agency

AHEAD = timedelta(days=60)
NEXT_HOLIDAYS = 2


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Where an agency sits today and when it works.

    Without a station nobody speaks for it, or its zone is unknown here.
    """

    agency: Agency
    place: Place | None
    station: Station | None
    own: WorkingHours | None
    local: datetime | None
    country: str
    holidays: tuple[tuple[date, str], ...]

    @property
    def clock(self) -> str:
        """Return what clocks show there now: "Mon 15:12", or ""."""
        return dateformat.format(self.local, "D H:i") if self.local else ""

    @property
    def hours(self) -> str:
        """Return the working hours: "09:00 to 18:00", or ""."""
        return hours_text(self.station.work_begins, self.station.work_ends) if self.station else ""


def hours_text(begins: time, ends: time) -> str:
    """Return working hours: "09:00–18:00"."""
    return f"{begins:%H:%M}–{ends:%H:%M}"


def seat_rows(now: datetime, group: Group) -> list[SeatRow]:
    """Return the members of today with their seats, by acronym.

    Three queries.
    """
    day = day_at(now, group.zone)
    stations = Stations(day, day + AHEAD, group)
    rows = []
    for seat in stations.seats(day, day):
        place = next((place for place, _days in stations.places(seat.key, Period(day, day))), None)
        station = seat.station_on(day)
        country, part = stations.holiday_place(seat.key, place) if place else ("", "")
        name = holidays.country_name(country) if country else ""
        coming = (
            sorted(each for each in station.holidays.items() if day <= each[0] <= day + AHEAD)
            if station
            else []
        )
        rows.append(
            SeatRow(
                stations.agencies[seat.key],
                place,
                station,
                stations.hours.get(seat.key),
                now.astimezone(station.zone) if station else None,
                f"{name} ({part})" if part else name,
                tuple(islice(coming, NEXT_HOLIDAYS)),
            )
        )
    return rows
