"""How an operation moves the balances of the agencies that it touches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from coordination.rotation.enums import TermState
from coordination.rotation.models import TermAgency
from coordination.rotation.planning import balance
from coordination.rotation.planning.situation import ChairedDays, EntryRule, Key
from coordination.rotation.queries import planning
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
    before: Sequence[ChairedDays], after: Sequence[ChairedDays], term_keys: Iterable[int]
) -> tuple[MovedBalance, ...]:
    """Return the balances of the agencies of an operation, by acronym; two queries.

    They are those at the end of the confirmed terms. `before` and `after` are the days in the chair
    of both sides of the operation; `term_keys` are the stored terms that it changes.
    """
    memberships = planning.member_days()
    members = planning.planned_members(memberships, EntryRule.BALANCE)
    others = confirmed_days(set(term_keys))
    balance_before = balance.balances(members, [*others, *before])
    balance_after = balance.balances(members, [*others, *after])
    touched = {key for term in (*before, *after) for key in term.holders}
    return tuple(
        MovedBalance(agency.acronym, balance_before[agency.pk], balance_after[agency.pk])
        for agency in memberships
        if agency.pk in touched
    )


def confirmed_days(but: set[int]) -> list[ChairedDays]:
    """Return the chaired days of confirmed terms, except some.

    `but` are keys of terms; one query.
    """
    rows = TermAgency.objects.filter(term__state=TermState.CONFIRMED).exclude(term__in=but)
    holders: dict[int, list[Key]] = {}
    days = {}
    for row in rows.select_related("term").order_by("term__first_day", "position"):
        days[row.term_id] = planning.span_of(row.term.period)
        holders.setdefault(row.term_id, []).append(row.agency_id)
    return [ChairedDays(days[key], tuple(keys)) for key, keys in holders.items()]
