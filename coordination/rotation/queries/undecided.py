"""Days ahead on which nobody chairs, as far as the record goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coordination.core.formatting import list_of
from coordination.core.periods import gaps
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import Sitting, chairing_agencies, sittings_from
from coordination.rotation.queries.terms import terms_holding_days

# as far as the flags of focal points look ahead
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class UndecidedDays:
    """The first days ahead without a chair, both inclusive.

    `term` is the first term on them: one that is confirmed and whose agencies are no members then,
    or else one that is proposed; None where none is planned. `rivals` are the other proposals.
    """

    first_day: date
    last_day: date
    term: ChairTerm | None
    rivals: tuple[ChairTerm, ...] = ()

    @property
    def agencies(self) -> str:
        """Return the agencies of the term for a sentence, or ""."""
        if self.term is None:
            return ""
        return list_of(agency.acronym for agency in chairing_agencies(self.term))

    @property
    def proposals(self) -> str:
        """Return the proposals that stand against each other: "FAO; IOM and WHO"."""
        rivals = [self.term, *self.rivals] if self.term and self.rivals else []
        return "; ".join(
            list_of(agency.acronym for agency in chairing_agencies(each)) for each in rivals
        )


def undecided_days(day: date, sittings: Sequence[Sitting] | None = None) -> UndecidedDays | None:
    """Return the first days from `day` on which nobody chairs, or None.

    They begin within 90 days. One query, three where there are such days; one less where the
    sittings are loaded.
    """
    sat = [sitting.period for sitting in (sittings_from(day) if sittings is None else sittings)]
    free = gaps(sat, day, day + AHEAD)
    if not free:
        return None
    first, last = free[0].first, free[0].last or free[0].first
    terms = terms_holding_days().filter(first_day__lte=last, last_day__gte=first)
    # "confirmed" comes before "proposed"
    planned = list(terms.order_by("state", "first_day", "pk"))
    if not planned:
        return UndecidedDays(first, last, None)
    is_proposal = planned[0].state == TermState.PROPOSED
    return UndecidedDays(first, last, planned[0], tuple(planned[1:]) if is_proposal else ())
