"""The terms of a plan are proposed exactly as they were shown, or not at all."""

import threading
from datetime import date

import pytest
from django.db import connections

from coordination.core.errors import NotAllowed
from coordination.rotation.actions.planning import apply_plan
from coordination.rotation.errors import NothingToPropose, PlanChanged
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import planning, what_if
from coordination.rotation.queries.what_if import WhatIf
from coordination.rotation.tests.test_planning_queries import SUMMER_2027, WINTER_2028, proposed
from coordination.tests.cast import NOW, TODAY
from coordination.tests.services.waiting import PATIENCE

pytestmark = pytest.mark.django_db
SUMMER, WINTER = SUMMER_2027.first, WINTER_2028.first


@pytest.fixture
def three(group, chair, unfpa, ohchr):
    return WhatIf(3)


def shown(group, changes):
    return planning.plan_base(TODAY, group, count=changes.count).fingerprint


def planned_terms():
    return [
        (term.first_day, term.last_day, term.state, [str(a) for a in term.agencies.all()])
        for term in ChairTerm.objects.filter(first_day__gte=SUMMER).order_by("first_day")
    ]


def test_the_plan_is_proposed_and_nothing_is_confirmed(group, three, chair):
    apply_plan(three, shown_base=shown(group, three), by=chair, at=NOW)

    assert planned_terms() == [
        (SUMMER, SUMMER_2027.last, "proposed", ["OHCHR"]),
        (WINTER, WINTER_2028.last, "proposed", ["UNFPA"]),
        (date(2028, 7, 1), date(2028, 12, 31), "proposed", ["UNESCO"]),
    ]
    assert {term.history.latest().history_user for term in ChairTerm.objects.all()[:3]} == {chair}


def test_what_was_shown_is_what_is_written(group, three, chair):
    changes = WhatIf(3, puts=((WINTER, "who"),), swaps=((SUMMER, date(2028, 7, 1)),))
    base = planning.plan_base(TODAY, group, count=3)
    lines = what_if.comparison(base, changes).lines

    apply_plan(changes, shown_base=base.fingerprint, by=chair, at=NOW)

    assert planned_terms() == [
        (line.days.first, line.days.last, "proposed", [str(agency) for agency in line.changed])
        for line in lines
    ]


def test_proposals_of_others_are_changed_or_withdrawn_and_those_of_the_plan_stay(
    group, three, chair, unfpa, ohchr
):
    proposed(SUMMER, SUMMER_2027.last, ohchr)
    moved = proposed(WINTER, WINTER_2028.last, unfpa)
    moved.theme = "Youth"
    moved.save()
    left = proposed(date(2028, 7, 1), date(2028, 12, 31), unfpa)
    changes = WhatIf(3, puts=((WINTER, "who"), (left.first_day, "")))

    written = apply_plan(changes, shown_base=shown(group, changes), by=chair, at=NOW)

    assert [line.days.first for line in written] == [WINTER, left.first_day]
    assert [(state, names) for _first, _last, state, names in planned_terms()] == [
        ("proposed", ["OHCHR"]),
        ("proposed", ["WHO"]),
        ("withdrawn", ["UNFPA"]),
    ]
    moved.refresh_from_db()
    assert (moved.theme, moved.version) == ("Youth", 2)


def test_a_plan_for_other_terms_or_members_is_refused_and_nothing_is_written(
    group, three, chair, unfpa
):
    base = shown(group, three)
    unfpa.memberships.update(last_day=date(2028, 1, 1))

    with pytest.raises(PlanChanged, match="The terms or members have changed"):
        apply_plan(three, shown_base=base, by=chair, at=NOW)

    assert planned_terms() == []


def test_of_a_plan_that_breaks_a_rule_nothing_is_written(group, three, chair, unfpa):
    changes = WhatIf(3, puts=((date(2028, 7, 1), "nobody"),))

    with pytest.raises(Exception, match="is no agency of this group"):
        apply_plan(changes, shown_base=shown(group, three), by=chair, at=NOW)

    assert planned_terms() == []


def test_a_plan_that_is_proposed_is_not_proposed_again(group, three, chair):
    apply_plan(three, shown_base=shown(group, three), by=chair, at=NOW)

    with pytest.raises(NothingToPropose):
        apply_plan(three, shown_base=shown(group, three), by=chair, at=NOW)
    assert len(planned_terms()) == 3


def test_others_may_not_propose_a_plan(group, three, focal_point):
    with pytest.raises(NotAllowed, match="Only the chair’s team or an administrator"):
        apply_plan(three, shown_base=shown(group, three), by=focal_point, at=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_at_once_one_sees_that_the_plan_has_changed(group, three, chair):
    base, outcome = shown(group, three), []
    ready = threading.Barrier(2)

    def propose():
        try:
            ready.wait(PATIENCE)
            apply_plan(three, shown_base=base, by=chair, at=NOW)
            outcome.append("written")
        except PlanChanged:
            outcome.append("changed")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=propose) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(outcome) == ["changed", "written"]
    assert len(planned_terms()) == 3
