"""Who chairs next, on the state of play: the selection that runs, each matter once."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.tests.pages import text_of
from coordination.desk.queries import succession
from coordination.desk.queries.matters import AsOf
from coordination.rotation.actions import selections, votes
from coordination.rotation.models import MatterJudgement
from coordination.rotation.queries.chair import sittings
from coordination.rotation.tests.selections import DECLINES, answered, opened
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
STATE = "/rotation/2026-H2/state-of-play/"
TITLE = "Selection: who chairs from 1 Jul 2027 to 31 Dec 2027"


def matters(group, on=TODAY):
    return [
        (one.title, one.facts, one.is_late)
        for one in succession.succession_matters(AsOf(on, NOW, group, sittings()))
    ]


def test_a_selection_tells_its_stage_who_stands_and_who_is_silent(
    group, chair, incoming_chair, other_agency, focal_point, unfpa, ohchr, who
):
    selection = opened(chair)
    nobody = matters(group)
    answered(selection, unfpa, focal_point)
    answered(selection, who, incoming_chair)
    answered(selection, ohchr, other_agency, DECLINES)
    votes.open_vote(
        selection.terms.get(),
        is_secret=True,
        quorum=3,
        until=date(2026, 12, 4),
        by=chair,
        at=NOW,
    )

    call = "Call for candidatures until 11 Dec 2026; decision by 29 Jan 2027."
    assert nobody == [
        (
            TITLE,
            (call, "Nobody stands.", "Has not said: OHCHR, UNESCO, UNFPA and WHO."),
            False,
        )
    ]
    assert matters(group) == [
        (
            TITLE,
            (
                call,
                "Stands: UNFPA and WHO.",
                "Has not said: UNESCO.",
                "Declined or withdrew: OHCHR.",
                "A vote is open until 4 Dec 2026.",
                "Has not voted: OHCHR, UNESCO, UNFPA and WHO.",
            ),
            False,
        )
    ]
    [(_title, facts, _late)] = matters(group, date(2026, 12, 15))
    assert facts[0] == "Consultation until 30 Dec 2026; decision by 29 Jan 2027."
    assert not [fact for fact in facts if "vote" in fact]


def test_a_late_selection_tells_whom_it_waits_for_and_the_days_without_a_chair_once(group, chair):
    selection = opened(chair)
    late = date(2027, 4, 20)
    selections.escalate_overdue(at=datetime(2027, 1, 30, 9, tzinfo=UTC))

    assert matters(group, late) == [
        (
            TITLE,
            (
                "Nobody chairs from 1 Jul 2027.",
                "The decision was due on 29 Jan 2027.",
                "Nobody stands.",
                "Has not said: UNESCO and WHO.",
                "With the principals since 30 Jan 2027: The deadline of the decision has passed.",
                "Their principals have not answered: UNESCO and WHO.",
            ),
            True,
        )
    ]
    selections.close_selection(selection, "So.", version=selection.version, by=chair, at=NOW)
    assert [title for title, *_rest in matters(group, late)] == ["Nobody chairs from 1 Jul 2027"]


def test_the_chair_judges_a_selection_and_two_cost_as_much_as_one(
    group, sign_in, chair, django_assert_num_queries
):
    selection = opened(chair)
    later = selections.SelectionPlan(
        selections.Period(date(2028, 1, 1), date(2028, 6, 30)),
        1,
        selections.SelectionDates(date(2026, 12, 11), date(2026, 12, 30), date(2027, 1, 29)),
    )
    with django_assert_num_queries(7):
        assert len(matters(group)) == 1
    selections.open_selection(later, by=chair, at=NOW)
    with django_assert_num_queries(7):
        assert len(matters(group)) == 2

    browser = sign_in(chair)
    address = f"{STATE}succession/selection-{selection.pk}/"
    browser.post(address, {"outlook": "urgent", "words": "WHO hesitates."})

    assert MatterJudgement.objects.get().words == "WHO hesitates."
    assert "WHO hesitates." in text_of(browser.get(STATE))
    assert f'href="/rotation/selections/{selection.slug}/"' in browser.get(STATE).content.decode()
