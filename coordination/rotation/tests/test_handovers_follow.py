"""Handovers follow changed terms: due days move, and signatures of replaced sides are void."""

from datetime import date, timedelta

import pytest

from coordination.core.history import recorded_reason
from coordination.core.periods import Period
from coordination.rotation.actions import handovers, operations, signatures
from coordination.rotation.due.handovers import handover_reminders, overdue_items
from coordination.rotation.enums import ItemState
from coordination.rotation.errors import HandoverSetAside
from coordination.rotation.models import Handover
from coordination.rotation.queries.handovers import handovers_in_progress, items_ahead
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.rotation.tests.schedule import DECIDED, H1_2028
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


@pytest.fixture
def item(handover):
    return HandoverItemFactory(handover=handover, due_day=date(2026, 12, 1))


def test_due_days_move_with_the_boundary(chair, terms, handover, item):
    done = HandoverItemFactory(
        handover=handover, due_day=date(2027, 1, 5), state=ItemState.DONE, settled_at=NOW
    )
    operations.move_boundary(terms[0], date(2027, 1, 31), DECIDED, by=chair, at=NOW)

    item.refresh_from_db()
    done.refresh_from_db()
    assert (item.due_day, done.due_day, done.state) == (
        date(2027, 1, 1),
        date(2027, 2, 5),
        ItemState.DONE,
    )
    assert (
        recorded_reason(item.history.first()) == "The due day moved with the first day of the term"
    )
    handover.refresh_from_db()
    assert handover.set_aside_at is None


def test_reminders_follow_the_new_first_day(chair, incoming_chair, terms, handover, item):
    at = NOW + timedelta(days=9)  # 30 days before 1 January, 61 before 1 February
    before = {(due.stage, due.person_id) for due in handover_reminders(at)}
    operations.move_boundary(terms[0], date(2027, 1, 31), DECIDED, by=chair, at=NOW)

    after = {(due.stage, due.person_id) for due in handover_reminders(at)}
    assert before == {("30d", chair.pk), ("30d", incoming_chair.pk)}
    stage = "90d 2027-02-01"
    assert after == {(stage, chair.pk), (stage, incoming_chair.pk)}


def test_a_withdrawn_term_has_no_handover_in_progress(
    chair, incoming_chair, terms, handover, item, group
):
    late = NOW + timedelta(days=20)
    assert list(overdue_items(late))
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)

    handover.refresh_from_db()
    assert (handover.set_aside_at, handover.items.count()) == (NOW, 1)
    assert list(handovers_in_progress(TODAY, group)) == []
    assert list(items_ahead([terms[0].agencies.get()], TODAY, group)) == []
    assert list(overdue_items(late)) == list(handover_reminders(late)) == []
    assert recorded_reason(handover.history.first()) == (
        "Set the handover aside: nothing is handed over"
    )


def test_nothing_is_settled_or_signed_in_a_handover_set_aside(chair, terms, handover, item):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)

    with pytest.raises(HandoverSetAside):
        handovers.mark_item(item, "done", note="", version=1, by=chair, at=NOW)
    handover.refresh_from_db()
    with pytest.raises(HandoverSetAside):
        signatures.sign_handover(handover, "outgoing", by=chair, at=NOW)


def test_an_agency_that_gets_the_next_turn_too_hands_nothing_to_itself(
    chair, terms, handover, unesco, who
):
    operations.set_chairs(terms[1], [unesco], DECIDED, by=chair, at=NOW)
    handover.refresh_from_db()
    assert handover.set_aside_at == NOW

    operations.set_chairs(terms[1], [who], DECIDED, by=chair, at=NOW)
    handover.refresh_from_db()
    assert handover.set_aside_at is None
    reasons = [recorded_reason(record) for record in handover.history.all()]
    assert "Took the handover up again" in reasons


def test_the_signature_of_another_incoming_chair_is_void(
    chair, incoming_chair, terms, handover, unfpa
):
    Handover.objects.filter(pk=handover.pk).update(
        incoming_signed_by=incoming_chair, incoming_signed_at=NOW
    )
    operations.set_chairs(terms[1], [unfpa], DECIDED, by=chair, at=NOW)

    handover.refresh_from_db()
    assert (handover.incoming_signed_by, handover.incoming_signed_at) == (None, None)
    assert recorded_reason(handover.history.first()) == (
        "The incoming chair is now UNFPA (2027-H1); the signature of the one before is void"
    )


def test_the_handover_after_a_changed_term_has_another_outgoing_chair(
    chair, incoming_chair, terms, later, unfpa, ohchr
):
    after = HandoverFactory(
        incoming_term=later[0], outgoing_signed_by=incoming_chair, outgoing_signed_at=NOW
    )
    operations.set_chairs(terms[1], [ohchr], DECIDED, by=chair, at=NOW)

    after.refresh_from_db()
    assert after.outgoing_signed_by is None
    assert recorded_reason(after.history.first()) == (
        "The outgoing chair is now OHCHR (2027-H1); the signature of the one before is void"
    )


def test_a_new_term_has_its_handover(chair, terms, unfpa):
    done = operations.name_substitute([unfpa], Period(*H1_2028), DECIDED, by=chair, at=NOW)

    assert Handover.objects.get().incoming_term == done.terms.get().term


def test_a_caretaker_of_the_same_agency_has_none(chair, terms, who):
    days = Period(date(2027, 7, 1), date(2027, 9, 30))
    operations.appoint_caretaker([who], days, DECIDED, by=chair, at=NOW)

    assert not Handover.objects.exists()


def test_a_caretaker_before_its_own_term_takes_over_the_handover(chair, terms, later, unfpa):
    handover = HandoverFactory(incoming_term=later[0])
    item = HandoverItemFactory(handover=handover, due_day=date(2027, 6, 1))
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    days = Period(date(2027, 1, 1), date(2027, 6, 30))
    done = operations.appoint_caretaker([unfpa], days, DECIDED, by=chair, at=NOW)

    handover.refresh_from_db()
    item.refresh_from_db()
    assert handover.incoming_term == done.terms.get().term
    assert item.due_day == date(2026, 12, 2)
