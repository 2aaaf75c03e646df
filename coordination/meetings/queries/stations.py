"""The duty stations of seats on any day, and working hours."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coordination.core import zones
from coordination.core.models import Group
from coordination.core.periods import Period
from coordination.meetings.models import WorkingHours
from coordination.meetings.queries import holidays
from coordination.meetings.queries.holidays import DaysOff
from coordination.meetings.slots.stations import Seat, Station, Stay
from coordination.members.enums import MembershipStatus
from coordination.members.models import Agency, Membership, Representation
from coordination.members.queries.periods import sharing_a_day


@dataclass(frozen=True, slots=True)
class Place:
    """A city and its zone by name.

    From an agency or the commission that speaks for it.
    """

    city: str
    time_zone: str
    commission: str = ""


class Stations:
    """The seats of the members and their stations from `first` to `last`.

    Three queries. The holidays of each country are worked out once.
    """

    def __init__(self, first: date, last: date, group: Group) -> None:
        self.days, self.group = Period(first, last), group
        # A meeting on 31 December may reach the next year, there or here.
        self.years = range(first.year - 1, last.year + 2)
        self.agencies: dict[int, Agency] = {}
        self._memberships = self._load_memberships()
        self._representations = self._load_representations()
        self.hours = {row.agency_id: row for row in WorkingHours.objects.order_by()}
        self._stations: dict[tuple[int, Place], Station] = {}
        self._days_off: dict[tuple[str, str], DaysOff] = {}

    def _load_memberships(self) -> Mapping[int, list[Membership]]:
        """Load the memberships that overlap the period.

        By agency, by acronym.
        """
        by_agency: dict[int, list[Membership]] = defaultdict(list)
        rows = (
            Membership.objects.filter(sharing_a_day(self.days), standing=MembershipStatus.MEMBER)
            .select_related("agency")
            .order_by("agency__acronym", "first_day")
        )
        for row in rows:
            self.agencies[row.agency_id] = row.agency
            by_agency[row.agency_id].append(row)
        return by_agency

    def _load_representations(self) -> Mapping[int, list[Representation]]:
        """Load the representations that overlap the period.

        By represented agency, the oldest first.
        """
        by_agency: dict[int, list[Representation]] = defaultdict(list)
        rows = (
            Representation.objects.filter(sharing_a_day(self.days))
            .select_related("commission")
            .order_by("first_day")
        )
        for row in rows:
            by_agency[row.commission.agency_id].append(row)
        return by_agency

    def seats(self, first: date, last: date) -> list[Seat]:
        """Return the seats of the members from `first` to `last`, by acronym.

        One that has no station on any of these days has no stays.
        """
        days = Period(first, last)
        seats = []
        for pk, memberships in self._memberships.items():
            periods = [each.period for each in memberships if each.period.overlaps(days)]
            if periods:
                stays = [stay for period in periods for stay in self._stays(pk, period)]
                within = (
                    stay for stay in stays if Period(stay.first_day, stay.last_day).overlaps(days)
                )
                seats.append(Seat(pk, self.agencies[pk].acronym, tuple(within)))
        return seats

    def places(self, pk: int, period: Period) -> list[tuple[Place, Period]]:
        """Return the places of an agency in a period.

        Each with the days on which it sits there. Its own seat, else that of whoever speaks for it;
        none for a zone that is unknown here.
        """
        agency = self.agencies[pk]
        if agency.time_zone:
            places = [(Place(agency.city, agency.time_zone), period)]
        else:
            places = [
                (
                    Place(row.commission.city, row.commission.time_zone, row.commission.acronym),
                    _shared(row.period, period),
                )
                for row in self._representations.get(pk, ())
                if row.period.overlaps(period)
            ]
        return [each for each in places if zones.is_known(each[0].time_zone)]

    def _stays(self, pk: int, period: Period) -> list[Stay]:
        """Return where an agency sits during a membership."""
        return [
            Stay(self.station(pk, place), days.first, days.last)
            for place, days in self.places(pk, period)
        ]

    def holiday_place(self, pk: int, place: Place) -> tuple[str, str]:
        """Return the country and part with an agency's holidays.

        Those at a place.
        """
        own = self.hours.get(pk)
        if own and own.country:
            return own.country, own.part
        return holidays.country_of(place.time_zone), ""

    def station(self, pk: int, place: Place) -> Station:
        """Return the station of an agency at a place."""
        key = (pk, place)
        if key not in self._stations:
            own = self.hours.get(pk) or WorkingHours()
            off = self._off(*self.holiday_place(pk, place))
            self._stations[key] = Station(
                place.city or zones.city_of(place.time_zone),
                zones.zone_of(place.time_zone),
                own.begins or self.group.work_begins,
                own.ends or self.group.work_ends,
                off.weekend,
                off.holidays,
            )
        return self._stations[key]

    def _off(self, country: str, part: str) -> DaysOff:
        """Return the days off of a country or its part."""
        key = (country, part)
        if key not in self._days_off:
            self._days_off[key] = holidays.days_off(country, part, self.years)
        return self._days_off[key]


def _shared(one: Period, other: Period) -> Period:
    """Return the days of two periods that overlap which both have."""
    ends = [period.last for period in (one, other) if period.last]
    return Period(max(one.first, other.first), min(ends) if ends else None)
