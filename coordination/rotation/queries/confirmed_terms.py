"""Load the confirmed terms once for a page.

It asks about several of them, in their order.
"""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair


@dataclass(frozen=True, slots=True)
class ConfirmedTerms:
    """All confirmed terms with their agencies, oldest first; its methods are pure."""

    terms: tuple[ChairTerm, ...]

    def before(self, day: date) -> ChairTerm | None:
        """Return the last term that ends before `day`, or None."""
        ended = [term for term in self.terms if term.last_day < day]
        return max(ended, key=lambda term: term.last_day, default=None)

    def after(self, day: date) -> ChairTerm | None:
        """Return the first term that begins after `day`, or None."""
        return next((term for term in self.terms if term.first_day > day), None)

    def with_slug(self, slug: str) -> ChairTerm | None:
        """Return the term with that slug, or None."""
        return next((term for term in self.terms if term.slug == slug), None)

    def run_of(self, term: ChairTerm) -> list[ChairTerm]:
        """Return the run of terms of one chair up to `term`.

        Newest first; `term` is confirmed. An agency hands nothing over to itself, so what
        it wrote in one of these terms counts in all.
        """
        rows = [row for row in reversed(self.terms) if row.first_day <= term.first_day]
        return list(takewhile(lambda row: chair.same_chair(row, rows[0]), rows))

    def other_chair_after(self, term: ChairTerm) -> ChairTerm | None:
        """Return the first term of another chair after `term`, or None.

        `term` is confirmed.
        """
        rows = [row for row in self.terms if row.first_day >= term.first_day]
        return next((row for row in rows if not chair.same_chair(row, rows[0])), None)


def load() -> ConfirmedTerms:
    """Return the confirmed terms, with the handover to each; two queries."""
    terms = chair.confirmed().select_related("handover").order_by("first_day")
    return ConfirmedTerms(tuple(terms))
