"""Vacancies: how the group is reminded of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

pytestmark = pytest.mark.django_db
BEGINS = date(2027, 7, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def confirmed(agency, first_day: date, last_day: date) -> None:
    """Confirm a term of an agency that is a member since then at least."""
    term = ChairTermFactory(
        slug=str(first_day), first_day=first_day, last_day=last_day, state="confirmed"
    )
    TermAgencyFactory(term=term, agency=agency)


def stages(on: date) -> set[str]:
    return {due.stage for due in vacancy_warnings(noon(on))}


def test_the_mails_go_on_while_nobody_chairs(terms, chair):
    days = {n: stages(BEGINS + timedelta(days=n)) for n in (0, 6, 7, 13, 14, 30, 59, 60, 61, 400)}

    assert days == {
        0: {"0d"},
        6: {"0d"},
        7: {"day 7"},
        13: {"day 7"},
        14: {"day 14"},
        30: {"day 30"},
        59: {"day 30"},
        60: {"day 60"},
        61: {"day 60"},
        400: {"day 390"},
    }


def test_a_vacancy_that_is_over_raises_no_alarm(terms, who, chair):
    confirmed(who, date(2027, 9, 1), date(2027, 12, 31))

    assert stages(date(2027, 8, 31)) == {"day 60"}
    assert stages(date(2027, 9, 1)) == set()
