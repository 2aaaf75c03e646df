"""Who has the chair's powers: by the date in the group's zone."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.permissions import On, allowed
from coordination.core.queries import day_in_group
from coordination.rotation import rules
from coordination.rotation.queries import handovers
from coordination.rotation.tests.factories import HandoverFactory
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


def test_powers_move_at_midnight_in_the_groups_zone(chair, incoming_chair):
    before, after = (
        datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    )

    def chairs(person, at):
        return allowed(person, "rotation.chair", On(day_in_group(at)))

    assert (chairs(chair, before), chairs(incoming_chair, before)) == (True, False)
    assert (chairs(chair, after), chairs(incoming_chair, after)) == (False, True)


def test_others_do_not_chair(chair, focal_point, administrator, former_focal_point, stranger):
    assert [
        allowed(p, "rotation.chair", On(TODAY))
        for p in (focal_point, administrator, former_focal_point, stranger)
    ] == [False] * 4


def test_a_closed_account_does_not_chair(chair):
    chair.is_active = False

    assert not allowed(chair, "rotation.chair", On(TODAY))


def test_sentences_say_who_may(chair, incoming_chair, focal_point, terms):
    assert (
        rules.who_chairs(focal_point, On(TODAY))
        == "Only the chair’s team may do this. The chair is UNESCO until 31 December 2026."
    )
    assert rules.who_chairs(chair, On(NEW_YEAR)) == (
        "The chair passed from UNESCO to WHO on 1 January 2027, 00:00 Geneva. What you sent was judged by the new day; nothing was changed."
    )
    assert (
        rules.who_chairs(chair, On(date(2028, 1, 1)))
        == "Only the chair’s team may do this, and nobody chairs on 1 January 2028."
    )
    assert (
        rules.who_keeps_terms(focal_point, On(TODAY))
        == "Only the chair’s team or an administrator may change terms."
    )
    assert (
        rules.who_reads(focal_point, On(TODAY))
        == "This is for people in office for an agency of the group."
    )


def test_handover_sides(chair, incoming_chair, terms, group):
    handover = HandoverFactory(incoming_term=terms[1])

    def terms_of(handover):
        return handovers.terms_of(handover, group)

    def may(person, side, day=TODAY):
        return allowed(person, "rotation.sign_handover", On(day, (terms_of(handover), side)))

    assert (may(chair, "outgoing"), may(chair, "incoming"), may(incoming_chair, "incoming")) == (
        True,
        False,
        True,
    )
    assert (
        may(chair, "outgoing", date(2027, 1, 30)),
        may(chair, "outgoing", date(2027, 1, 31)),
    ) == (True, False)
    assert (
        rules.who_answers(chair, On(TODAY, (terms_of(handover), "incoming")))
        == "Only the focal points of WHO may do this."
    )
