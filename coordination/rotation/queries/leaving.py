"""The terms of the chair that end when an agency leaves the group."""

from collections.abc import Sequence
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.periods import Period, gaps
from coordination.members.models import Agency
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair


def lost_terms(agency: Agency, before: Sequence[Period], after: Sequence[Period]) -> list[str]:
    """Return a sentence for each confirmed term that loses days.

    The agency would chair on fewer days in it. `before` and `after` are its present and its new
    days as a member.
    """
    terms = chair.confirmed().filter(chairs__agency=agency).order_by("first_day")
    lost = [(term, first_lost_day(term.period, before, after)) for term in terms]
    return [lost_sentence(agency, term, day) for term, day in lost if day]


def first_lost_day(term: Period, before: Sequence[Period], after: Sequence[Period]) -> date | None:
    """Return a term's first day covered before but not after.

    Pure.
    """
    assert term.last
    lost = [
        max(gap.first, period.first)
        for gap in gaps(after, term.first, term.last)
        for period in before
        if period.overlaps(gap)
    ]
    return min(lost, default=None)


def lost_sentence(agency: Agency, term: ChairTerm, day: date) -> str:
    """Return when an agency would stop chairing, and who would chair."""
    others = [other for other in chair.chairing_agencies(term) if other != agency]
    values = {
        "agency": agency,
        "term": term.slug,
        "first": dateformat.format(term.first_day, "j F Y"),
        "last": dateformat.format(term.last_day, "j F Y"),
        "day": dateformat.format(day, "j F Y"),
        "others": formatting.list_of(other.acronym for other in others),
    }
    if others:
        sentence = _(
            "%(agency)s is confirmed to chair from %(first)s to %(last)s (%(term)s): from %(day)s "
            "on %(others)s would chair without it."
        )
    else:
        sentence = _(
            "%(agency)s is confirmed to chair from %(first)s to %(last)s (%(term)s): the chair "
            "would be vacant from %(day)s on."
        )
    return sentence % values
