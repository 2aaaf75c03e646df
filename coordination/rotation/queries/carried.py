"""Who carried how much: terms and days in the chair, by agency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from coordination.core.periods import Period
from coordination.members.models import Agency
from coordination.rotation.planning import balance, months
from coordination.rotation.planning.situation import ChairedDays, EntryRule
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import planning
from coordination.rotation.queries.chair import Sitting
from coordination.rotation.queries.planning_words import signed_days


@dataclass(frozen=True, slots=True)
class ShareOfDays:
    """What one agency carried until a day.

    `days` are those on which it chaired, a joint day divided among those who chaired. `share` is
    its part of all days that were chaired. `last_day` is the last of them, None if it never
    chaired; `is_member` says whether it is a member on the day. `balance` is in days, plus for less
    than an equal share (see `planning.balance`).
    """

    agency: Agency
    terms: int
    days: Fraction
    share: Fraction
    last_day: date | None
    months_since: int | None
    chairs_now: bool
    is_member: bool
    balance: Fraction

    @property
    def shown_days(self) -> float:
        """Return the days as a number to show."""
        return float(self.days)

    @property
    def percent(self) -> float:
        """Return the share in percent, to show."""
        return float(100 * self.share)

    @property
    def shown_balance(self) -> str:
        """Return the balance as days with a sign."""
        return signed_days(self.balance)


def carried(
    sittings: Iterable[Sitting], memberships: Mapping[Agency, tuple[DaySpan, ...]], day: date
) -> list[ShareOfDays]:
    """Return what each agency carried until `day`, who carried least first. Pure.

    It lists the members of the day, and former ones that chaired. Days to come do not count.
    `memberships` are those of `planning.member_days`.
    """
    agencies = {
        agency.pk: agency
        for agency, spans in memberships.items()
        if any(span.first <= day <= span.last for span in spans)
    }
    member_keys = frozenset(agencies)
    chaired: list[ChairedDays] = []
    days: dict[int, Fraction] = {}
    terms: dict[int, set[int]] = {}
    last_days: dict[int, date] = {}
    for sitting in sittings:
        if sitting.first_day > day:
            continue
        until = min(sitting.last_day, day)
        chaired.append(
            ChairedDays(DaySpan(sitting.first_day, until), planning.keys_of(sitting.agencies))
        )
        share = Fraction(Period(sitting.first_day, until).days, len(sitting.agencies))
        for agency in sitting.agencies:
            agencies.setdefault(agency.pk, agency)
            days[agency.pk] = days.get(agency.pk, Fraction(0)) + share
            terms.setdefault(agency.pk, set()).add(sitting.term.pk)
            last_days[agency.pk] = until
    total = sum(days.values(), Fraction(0))
    balance_of = balance.balances(
        planning.planned_members(memberships, EntryRule.BALANCE), chaired, day
    )
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
            balance_of[pk],
        )
        for pk, agency in agencies.items()
    ]
    return sorted(rows, key=lambda row: (row.days, row.agency.acronym))


def carried_until(sittings: Iterable[Sitting], day: date) -> list[ShareOfDays]:
    """Return what each agency carried until `day`; one query."""
    return carried(sittings, planning.member_days(), day)
