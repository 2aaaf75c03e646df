"""How an operation moves the balances of the agencies that it touches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.planning import balance
from coordination.rotation.planning.situation import ChairedDays, EntryRule, Key
from coordination.rotation.queries import chair, planning
from coordination.rotation.queries.planning_words import signed_days


@dataclass(frozen=True, slots=True)
class MovedBalance:
    """An agency's balance in days without and with an operation.

    At the end of the confirmed terms.
    """

    agency: str
    before: Fraction
    after: Fraction

    @property
    def shown_before(self) -> str:
        """Return the balance before, as days with a sign."""
        return signed_days(self.before)

    @property
    def shown_after(self) -> str:
        """Return the balance after, as days with a sign."""
        return signed_days(self.after)


def moved_balances(
    before: Sequence[ChairedDays], after: Sequence[ChairedDays], others: Sequence[ChairedDays]
) -> tuple[MovedBalance, ...]:
    """Return the balances of the agencies of an operation, by acronym; one query.

    They are those at the end of the confirmed terms. `before` and `after` are the days in the chair
    of both sides of the operation; `others` those by the terms that it leaves as they are.
    """
    memberships = planning.member_days()
    members = planning.planned_members(memberships, EntryRule.BALANCE)
    balance_before = balance.balances(members, [*others, *before])
    balance_after = balance.balances(members, [*others, *after])
    touched = {key for term in (*before, *after) for key in term.holders}
    return tuple(
        MovedBalance(agency.acronym, balance_before[agency.pk], balance_after[agency.pk])
        for agency in memberships
        if agency.pk in touched
    )


def days_of(terms: Iterable[ChairTerm], but: Collection[int]) -> list[ChairedDays]:
    """Return the days of loaded terms with agencies, without those of some keys. Pure."""
    return [
        ChairedDays(planning.span_of(term.period), planning.keys_of(chair.chairing_agencies(term)))
        for term in terms
        if term.pk not in but
    ]


def confirmed_days(but: Collection[int]) -> list[ChairedDays]:
    """Return the days of the confirmed terms, without those of some keys; one query."""
    rows = TermAgency.objects.filter(term__state=TermState.CONFIRMED).exclude(term__in=but)
    holders: dict[int, list[Key]] = {}
    days = {}
    for row in rows.select_related("term").order_by("term__first_day", "position"):
        days[row.term_id] = planning.span_of(row.term.period)
        holders.setdefault(row.term_id, []).append(row.agency_id)
    return [ChairedDays(days[key], tuple(keys)) for key, keys in holders.items()]
