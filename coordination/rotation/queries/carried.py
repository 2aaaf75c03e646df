"""Who carried how much: terms and days in the chair, by agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from coordination.core.periods import Period
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_on
from coordination.rotation.planning import months
from coordination.rotation.queries.chair import Sitting


@dataclass(frozen=True, slots=True)
class ShareOfDays:
    """What one agency carried until a day.

    `days` are those on which it chaired, a joint day divided among those who chaired. `share` is
    its part of all days that were chaired. `last_day` is the last of them, None if it never
    chaired; `is_member` says whether it is a member on the day.
    """

    agency: Agency
    terms: int
    days: Fraction
    share: Fraction
    last_day: date | None
    months_since: int | None
    chairs_now: bool
    is_member: bool

    @property
    def shown_days(self) -> float:
        """Return the days as a number to show."""
        return float(self.days)

    @property
    def percent(self) -> float:
        """Return the share in percent, to show."""
        return float(100 * self.share)


def carried(sittings: Iterable[Sitting], members: Iterable[Agency], day: date) -> list[ShareOfDays]:
    """Return what each agency carried until `day`, who carried least first. Pure.

    It lists the members of the day, and former ones that chaired. Days to come do not count.
    """
    agencies = {agency.pk: agency for agency in members}
    member_keys = frozenset(agencies)
    days: dict[int, Fraction] = {}
    terms: dict[int, set[int]] = {}
    last_days: dict[int, date] = {}
    for sitting in sittings:
        if sitting.first_day > day:
            continue
        until = min(sitting.last_day, day)
        share = Fraction(Period(sitting.first_day, until).days, len(sitting.agencies))
        for agency in sitting.agencies:
            agencies.setdefault(agency.pk, agency)
            days[agency.pk] = days.get(agency.pk, Fraction(0)) + share
            terms.setdefault(agency.pk, set()).add(sitting.term.pk)
            last_days[agency.pk] = until
    total = sum(days.values(), Fraction(0))
    rows = [
        ShareOfDays(
            agency,
            len(terms.get(pk, ())),
            days.get(pk, Fraction(0)),
            days.get(pk, Fraction(0)) / total if total else Fraction(0),
            last_days.get(pk),
            months.between(last_days[pk], day) if pk in last_days else None,
            last_days.get(pk) == day,
            pk in member_keys,
        )
        for pk, agency in agencies.items()
    ]
    return sorted(rows, key=lambda row: (row.days, row.agency.acronym))


def carried_until(sittings: Iterable[Sitting], day: date) -> list[ShareOfDays]:
    """Return what each agency carried until `day`; one query."""
    return carried(sittings, members_on(day), day)
