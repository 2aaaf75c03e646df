"""What agencies said, and a turn that is owed, reach the planner and the selection, each as a fact of its own."""

from datetime import date

import pytest

from coordination.rotation.actions import candidatures, operations
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.models import Unavailability
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import planning, selections
from coordination.rotation.tests.schedule import DECIDED
from coordination.rotation.tests.selections import opened
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def selection(chair, terms):
    return opened(chair)


def facts(selection, agency):
    loaded = selections.with_votes().get(pk=selection.pk)
    view = selections.view_of(loaded, TODAY)
    return [fact.code for line in view.lines if line.agency == agency for fact in line.facts]


def test_each_fact_stands_by_itself(selection, group, unfpa, focal_point, chair, terms, who):
    decline = AnswerInput("declines", "resources", words="Two posts are frozen.")
    candidatures.answer_call(selection, unfpa, decline, version=0, by=focal_point, at=NOW)
    away = DaySpan(date(2027, 7, 1), date(2027, 12, 31))
    Unavailability.objects.create(
        agency=who, first_day=away.first, last_day=away.last, noted_by=chair
    )
    operations.defer_term(terms[1], DECIDED, by=chair, at=NOW)

    said = planning.wishes_from(TODAY)

    term = selection.terms.get()
    assert said.declined == ((unfpa.pk, DaySpan(term.first_day, term.last_day)),)
    assert said.unavailable == ((who.pk, away),)
    assert said.owed == {who.pk: 1}
    assert len(planning.plan_base(TODAY, group).fingerprint) == 64
    assert facts(selection, unfpa) == ["declined"]
    assert facts(selection, who) == ["unavailable", "owed"]


def test_what_is_over_or_withdrawn_is_no_wish(selection, unfpa, chair):
    days = {"agency": unfpa, "noted_by": chair}
    past, ahead = date(2026, 1, 1), date(2027, 8, 1)
    Unavailability.objects.create(first_day=past, last_day=past, **days)
    Unavailability.objects.create(first_day=ahead, last_day=ahead, withdrawn_at=NOW, **days)

    assert planning.wishes_from(TODAY).unavailable == ()
