"""The heads that the page of a term names, and the days that a proposal begins with."""

import re
from datetime import date

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_the_term_that_runs_names_its_heads_of_the_first_day_and_of_today(
    client, now, terms, unesco
):
    for name, first, last in (
        ("First Head", date(2020, 1, 1), date(2026, 9, 30)),
        ("Second Head", date(2026, 10, 1), None),
    ):
        head = PersonFactory(name=name, email=None)
        AppointmentFactory(
            person=head, agency=unesco, role="principal", first_day=first, last_day=last
        )
    address = reverse("rotation:term", args=["2026-H2"])

    page = text_of(client.get(address))
    now.move_to("2027-02-01 09:00Z")
    over = text_of(client.get(address))

    assert re.search(r"Head on the first day\s*</dt>\s*<dd>\s*First Head", page)
    assert re.search(r"Head today\s*</dt>\s*<dd>\s*Second Head", page)
    assert ("First Head" in over, "Second Head" in over) == (True, False)


@pytest.mark.parametrize(
    ("months", "last"), [(6, "2027-12-31"), (12, "2028-06-30"), (1, "2027-07-31")]
)
def test_a_proposal_has_the_usual_length_of_the_group(sign_in, now, chair, group, months, last):
    group.term_months = months
    group.save()

    page = text_of(sign_in(chair).get(reverse("rotation:propose")))

    assert ('value="2027-07-01"' in page, f'value="{last}"' in page) == (True, True)
