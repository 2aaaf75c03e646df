"""Permissions are asked by name; a name that nobody registered is a mistake, not a refusal."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from coordination.core.periods import Period
from coordination.core.permissions import On, allowed


def test_an_unknown_name_is_refused_loudly():
    with pytest.raises(LookupError, match=r"no\.such"):
        allowed(AnonymousUser(), "no.such", On(date(2026, 11, 23)))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2026, 6, 30), None), True),
        (Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2026, 7, 1), None), False),
        (Period(date(2026, 1, 1), None), Period(date(2027, 1, 1), date(2027, 2, 1)), True),
    ],
)
def test_periods_overlap_when_they_share_a_day(one, other, shared):
    assert (one.overlaps(other), other.overlaps(one)) == (shared, shared)


def test_days_count_both_ends():
    assert Period(date(2026, 1, 1), date(2026, 1, 31)).days == 31
