"""The deadlines of statements, as calendar feeds have them."""

import pytest

from coordination.statements.queries import deadlines
from coordination.statements.tests.factories import DEADLINE, circulated

pytestmark = pytest.mark.django_db


def test_an_agency_has_the_deadlines_of_the_statements_in_which_it_takes_part(unfpa, ohchr):
    ours, theirs, of_all = (circulated(title=title) for title in ("Ours", "Theirs", "Of all"))
    ours.statement.participating.set([unfpa])
    theirs.statement.participating.set([ohchr])

    found = deadlines.deadlines([unfpa.pk])

    assert [(each.title, each.when) for each in found] == [
        ("Amendments close: Ours", DEADLINE),
        ("Amendments close: Of all", DEADLINE),
    ]
    assert len(deadlines.deadlines()) == 3
    assert of_all.statement.pk
