"""Who chairs on a day, what is vacant, how the timeline is drawn."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from coordination.core.next_steps import Scope, by_name
from coordination.core.periods import Period, gaps
from coordination.members.enums import Role
from coordination.members.models import Commission, Representation
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.rotation.enums import HandoverSide, ItemState, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import handovers, next_steps
from coordination.rotation.queries.chair import (
    Sitting,
    chair_on,
    next_term,
    sittings_from,
    term_on,
)
from coordination.rotation.queries.terms import overlapping
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TermAgencyFactory,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_chair_on_names_term_agencies_spokesman_and_head(terms, unesco):
    commission = Commission.objects.create(
        agency=unesco, acronym="ESCAP", city="Bangkok", time_zone="Asia/Bangkok"
    )
    Representation.objects.create(commission=commission, first_day=date(2026, 1, 1))
    head = AppointmentFactory(
        agency=unesco, role=Role.PRINCIPAL, person=PersonFactory(name="Head", email=None)
    )

    chair = chair_on(TODAY)

    assert (chair.term, chair.agencies, chair.vacant) == (terms[0], (unesco,), False)
    assert [row.commission.acronym for row in chair.spoken_for] == ["ESCAP"]
    assert chair.heads == (head,)


def test_chair_on_a_vacant_day_names_the_vacancy(terms, unesco):
    TermAgencyFactory(
        term=ChairTermFactory(first_day=date(2028, 1, 1), last_day=date(2028, 6, 30)),
        agency=unesco,
    )

    chair = chair_on(date(2027, 9, 1))

    assert (chair.vacant, chair.first_day, chair.last_day) == (
        True,
        date(2027, 7, 1),
        date(2027, 12, 31),
    )


def test_chair_on_a_day_beyond_all_records_is_open_on_that_side(terms):
    before, after = chair_on(date(2000, 1, 1)), chair_on(date(2040, 1, 1))

    assert (before.first_day, before.last_day) == (None, date(2026, 6, 30))
    assert (after.first_day, after.last_day) == (date(2027, 7, 1), None)


def test_a_proposal_does_not_chair():
    ChairTermFactory(state=TermState.PROPOSED)

    assert term_on(TODAY) is None
    assert next_term(date(2026, 1, 1)) is None


def test_next_term_and_sittings_from(terms, unesco, who):
    assert next_term(TODAY) == terms[1]
    assert sittings_from(TODAY) == [
        Sitting(terms[0], (unesco,), terms[0].first_day, terms[0].last_day),
        Sitting(terms[1], (who,), terms[1].first_day, terms[1].last_day),
    ]


days = st.dates(date(2006, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(days, st.integers(0, 400)), max_size=8), days, st.integers(0, 2000))
def test_terms_and_vacancies_tile_any_range(starts, first, length):
    last = first + timedelta(days=length)
    periods = [Period(start, start + timedelta(days=days)) for start, days in starts]

    holes = gaps(periods, first, last)

    for offset in range(0, length + 1, 7):
        day = first + timedelta(days=offset)
        assert any(p.covers(day) for p in periods) != any(hole.covers(day) for hole in holes)
    assert all(left.last < right.first for left, right in pairwise(holes))


def test_an_open_period_has_no_gap_after_it():
    assert gaps([Period(date(2020, 1, 1))], date(2019, 12, 1), date(2021, 1, 1)) == [
        Period(date(2019, 12, 1), date(2019, 12, 31))
    ]
    with pytest.raises(ValueError, match="open period"):
        _ = Period(date(2020, 1, 1)).days


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_sides_show_what_is_open_late_and_settled(handover, unesco, who, group):
    late = HandoverItemFactory(handover=handover, due_day=date(2026, 11, 20))
    coming = HandoverItemFactory(handover=handover, due_day=date(2026, 12, 1))
    done = HandoverItemFactory(handover=handover, state=ItemState.DONE, settled_at=NOW)

    outgoing, incoming = handovers.sides(
        handovers.handover_of(handover.incoming_term), TODAY, group
    )

    assert (outgoing.agencies, outgoing.items, outgoing.late, outgoing.open, outgoing.settled) == (
        (unesco,),
        (late, coming, done),
        (late,),
        (late, coming),
        1,
    )
    assert (incoming.agencies, incoming.items) == ((who,), ())
    assert handovers.progress_of(
        handovers.items_ahead([], TODAY, group), handover.incoming_term
    ) == (
        1,
        3,
    )


def test_a_handover_is_in_progress_until_its_days_of_grace_end(handover, group):
    assert list(handovers.handovers_in_progress(TODAY, group)) == [handover]
    assert list(handovers.handovers_in_progress(date(2027, 1, 31), group)) == [handover]
    assert list(handovers.handovers_in_progress(date(2027, 2, 1), group)) == []
    assert handovers.handover_of(handover.incoming_term) == handover
    assert handovers.handover_of(handovers.outgoing_term(handover)) is None


def test_asks_of_the_sides(handover, chair, unesco, who, unfpa, group):
    near = HandoverItemFactory(handover=handover, due_day=date(2026, 12, 1))
    HandoverItemFactory(handover=handover, due_day=date(2027, 3, 1))
    into = HandoverItemFactory(
        handover=handover, side=HandoverSide.INCOMING, due_day=date(2026, 12, 2)
    )

    def asked(*agencies):
        return [
            ask.title
            for ask in next_steps.item_steps(handovers.items_ahead(agencies, TODAY, group), TODAY)
        ]

    assert (asked(unesco), asked(who), asked(unfpa)) == ([near.title], [into.title], [])
    [ask] = next_steps.item_steps(handovers.items_ahead([unesco], TODAY, group), TODAY)
    assert (ask.url, ask.scope, ask.day) == (
        f"/rotation/2027-H1/handover/#item-{near.pk}",
        Scope.AGENCY,
        date(2026, 12, 1),
    )


def test_where_nobody_chaired_before_the_incoming_side_is_asked_for_both(terms, unesco, group):
    item = HandoverItemFactory(
        handover=HandoverFactory(incoming_term=terms[0]), side=HandoverSide.OUTGOING
    )

    assert [
        ask.title
        for ask in next_steps.item_steps(handovers.items_ahead([unesco], TODAY, group), TODAY)
    ] == [item.title]


def test_overlapping_leaves_the_term_itself_out(terms):
    period = Period(date(2026, 7, 1), date(2026, 7, 2))

    assert list(overlapping(period)) == [terms[0]]
    assert list(overlapping(period, other_than=terms[0].pk)) == []


def test_the_history_of_the_fixture_has_the_vacancies_that_sources_tell_of(db):
    data = json.loads((settings.FIXTURES / "rotation.json").read_text())
    periods = [
        Period(date.fromisoformat(t["first_day"]), date.fromisoformat(t["last_day"]))
        for t in data["terms"]
    ]

    assert gaps(periods, date(2006, 7, 1), date(2018, 12, 31)) == [
        Period(date(2009, 1, 1), date(2009, 5, 31)),
        Period(date(2012, 6, 1), date(2012, 6, 30)),
    ]


@pytest.mark.parametrize(
    ("state", "first", "last", "names"),
    [
        ("proposed", 1, 180, ["confirm", "withdraw", "edit"]),
        ("confirmed", 1, 180, ["edit"]),
        ("confirmed", 0, 180, ["edit", "correct"]),
        ("confirmed", -180, 0, ["edit", "correct"]),
        ("confirmed", -180, -1, ["correct"]),
        ("withdrawn", 0, 180, []),
    ],
)
def test_steps_of_a_term_by_state_and_role(state, first, last, names):
    days = {"first_day": TODAY + timedelta(days=first), "last_day": TODAY + timedelta(days=last)}
    term = ChairTerm(slug="2027-H1", state=state, **days)

    steps = next_steps.term_steps(term, TODAY, may_edit=True, may_correct=True)
    assert list(by_name(steps)) == names
    assert next_steps.term_steps(term, TODAY, may_edit=False) == []


def test_a_side_may_sign_until_it_has(handover, chair, unesco, group):
    outgoing, incoming = handovers.sides(handover, TODAY, group)

    sign = next_steps.sign_step(handover.incoming_term, outgoing)
    signed = next_steps.sign_step(
        handover.incoming_term, replace(incoming, signed_at=NOW, signed_by=chair)
    )

    assert (sign.url, sign.agencies, signed) == (
        "/rotation/2027-H1/handover/sign/outgoing/",
        (unesco,),
        None,
    )
