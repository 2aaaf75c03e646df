"""What the desk says of the schedule: rivals that nobody decided, and exchanges that wait."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.desk.queries.problems import problems
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.models import TermOperation
from coordination.rotation.queries.undecided import undecided_days
from coordination.rotation.tests.schedule import H1_2028, H2_2027, term_of
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(terms, unfpa, ohchr):
    """Return two turns after WHO's: UNFPA's and OHCHR's."""
    return term_of([unfpa], H2_2027, slug="2027-H2"), term_of([ohchr], H1_2028, slug="2028-H1")


def test_rivals_are_named_where_nobody_is_confirmed(chair, terms, unfpa, ohchr, group):
    day = date(2027, 5, 1)
    for agencies in ([unfpa], [ohchr]):
        propose_term(agencies, TermProposal(*H2_2027), by=chair, at=NOW)

    undecided = undecided_days(day)

    assert (undecided.proposals, len(undecided.rivals)) == ("UNFPA; OHCHR", 1)
    at = datetime(2027, 5, 1, 9, tzinfo=UTC)
    words = [problem.why for problem in problems(group, day, at)]
    assert "Several terms are proposed for these days: UNFPA; OHCHR. None is confirmed." in words


def test_the_desk_asks_for_the_answer_and_the_chair_for_the_decision(
    sign_in, now, chair, terms, later, focal_point, other_agency
):
    sent = {
        "other": "2028-H1",
        "offered_for": later[0].agencies.get().pk,
        "lapses_on": "2026-12-15",
    }
    sign_in(focal_point).post(reverse("rotation:offer_exchange", args=["2027-H2"]), sent)

    assert "Answer the exchange" in text_of(sign_in(other_agency).get(reverse("desk:desk")))
    assert "Answer the exchange" not in text_of(sign_in(focal_point).get(reverse("desk:desk")))

    operation = TermOperation.objects.get()
    accept = reverse("rotation:accept_offer", args=[operation.pk])
    sign_in(other_agency).post(accept, {"agency": later[1].agencies.get().pk, "version": 1})
    assert "Decide the exchange" in text_of(sign_in(chair).get(reverse("desk:desk")))
