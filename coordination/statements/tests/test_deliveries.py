"""An adopted statement is spoken at an event: planned, changed, delivered, cancelled."""

from datetime import date, timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.core.tests.pages import text_of
from coordination.statements.actions import deliveries
from coordination.statements.actions.deliveries import DeliveryInput
from coordination.statements.enums import StatementState
from coordination.statements.errors import DeliveryAhead, DeliverySettled, WrongState
from coordination.statements.models import Delivery
from coordination.statements.queries import statements
from coordination.statements.tests.factories import circulated
from coordination.statements.tests.pages import form_of, url
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
THERE = DeliveryInput(
    "International Migrants Day",
    "Geneva",
    TODAY,
    "Élodie Marchand, UNESCO",
    "the Global Migration Group",
)


@pytest.fixture
def statement():
    return circulated(
        StatementState.ADOPTED,
        adopted_at=NOW,
        adopted_sha256="f" * 64,
        released_at=NOW,
        language="ar",
    ).statement


@pytest.fixture
def delivery(statement, chair):
    return deliveries.plan_delivery(statement, THERE, by=chair, at=NOW)


def test_it_is_planned_changed_and_noted_with_its_words(delivery, chair):
    moved = DeliveryInput(**{**vars_of(THERE), "place": "New York"})

    changed = deliveries.edit_delivery(delivery, moved, version=1, by=chair, at=NOW)
    with pytest.raises(Stale):
        deliveries.edit_delivery(delivery, THERE, version=1, by=chair, at=NOW)
    done = deliveries.note_delivered(
        changed, text=" Excellencies, migrants have rights. ", version=2, by=chair, at=NOW
    )

    assert (done.place, done.delivered_at, done.text) == (
        "New York",
        NOW,
        "Excellencies, migrants have rights.",
    )
    assert [recorded_reason(record) for record in done.history.all()] == [
        "Delivered",
        "Delivery changed",
        "Delivery planned",
    ]
    for act in (
        deliveries.cancel_delivery,
        lambda *a, **k: deliveries.edit_delivery(*a, THERE, **k),
    ):
        with pytest.raises(DeliverySettled):
            act(done, version=3, by=chair, at=NOW)


def vars_of(occasion) -> dict[str, object]:
    return {
        name: getattr(occasion, name)
        for name in ("event", "place", "day", "speaker", "on_behalf_of")
    }


def test_it_is_noted_on_its_day_in_the_groups_zone_and_not_before(statement, chair):
    tomorrow = DeliveryInput(**{**vars_of(THERE), "day": date(2026, 11, 24)})
    delivery = deliveries.plan_delivery(statement, tomorrow, by=chair, at=NOW)

    with pytest.raises(DeliveryAhead):
        deliveries.note_delivered(
            delivery, text="", version=1, by=chair, at=NOW + timedelta(hours=13, minutes=59)
        )
    assert (
        deliveries.note_delivered(
            delivery, text="", version=1, by=chair, at=NOW + timedelta(hours=14)
        ).text
        == ""
    )


def test_what_is_cancelled_stays_on_record_only(delivery, statement, chair):
    deliveries.cancel_delivery(delivery, version=1, by=chair, at=NOW)

    assert statements.deliveries_of(statement) == []
    assert Delivery.objects.get().cancelled_at == NOW


def test_only_the_chair_and_only_what_is_adopted(statement, focal_point, chair):
    with pytest.raises(NotAllowed):
        deliveries.plan_delivery(statement, THERE, by=focal_point, at=NOW)
    with pytest.raises(WrongState):
        deliveries.plan_delivery(circulated().statement, THERE, by=chair, at=NOW)


def plan_on_page(of_chair, statement):
    """Send the page on which a delivery is planned, and return the delivery."""
    fields = form_of(
        of_chair.get(url("plan_delivery", statement)),
        event="Migrants’ & others’ Day",
        place="Geneva",
        day="2026-11-23",
        speaker="Élodie Marchand",
    )
    assert of_chair.post(url("plan_delivery", statement), fields).status_code == 302
    return Delivery.objects.get()


def test_the_page_on_which_it_is_planned(of_chair, client, statement, group):
    page = of_chair.get(url("plan_delivery", statement))
    assert '<p class="stepper__now"><b>Adopted</b>' in text_of(page), (
        "what a narrow screen shows of the steps, all done"
    )
    assert (
        of_chair.post(url("plan_delivery", statement), form_of(page, event="")).status_code == 422
    )
    delivery = plan_on_page(of_chair, statement)
    public = client.get(url("show", statement)).content.decode()
    assert "Élodie Marchand, on behalf of the Global Migration Group" in public
    assert ("Check against delivery" in public, "As delivered" in public, "Cancel" in public) == (
        True,
        False,
        False,
    )
    assert '<article class="statement" lang="ar"' in public

    page = text_of(of_chair.get(url("show", statement)))
    assert (
        f'<h3 id="cancel-{delivery.pk}-title">Cancel the delivery: Migrants’ &amp; others’ Day</h3>'
        in page
    )
    assert (
        'Cancel the delivery<span class="sr"> Migrants’ &amp; others’ Day</span></button>' in page
    )


def test_the_pages_on_which_it_is_changed_and_noted(of_chair, of_unfpa, client, statement, group):
    delivery = plan_on_page(of_chair, statement)

    page = of_chair.get(url("edit_delivery", statement, delivery.pk))
    assert (
        of_chair.post(
            url("edit_delivery", statement, delivery.pk), form_of(page, place="Paris")
        ).status_code
        == 302
    )
    lost = of_chair.post(url("edit_delivery", statement, delivery.pk), form_of(page, place="Rome"))
    assert (
        lost.status_code,
        "Rome" in lost.content.decode(),
        "Paris" in lost.content.decode(),
    ) == (409, True, True)
    page = of_chair.get(url("note_delivered", statement, delivery.pk))
    lost = of_chair.post(url("note_delivered", statement, delivery.pk), form_of(page, version=1))
    assert lost.status_code == 409
    assert (
        of_chair.post(
            url("note_delivered", statement, delivery.pk), form_of(page, text="As spoken.")
        ).status_code
        == 302
    )

    public = client.get(url("show", statement)).content.decode()
    assert (
        "As delivered" in public,
        "As spoken." in public,
        "Check against delivery" in public,
    ) == (True, True, False)
    assert "Delivered" in of_unfpa.get(url("history", statement)).content.decode()
    for name in ("edit_delivery", "note_delivered"):
        page = of_chair.get(url(name, statement, delivery.pk))
        assert (
            of_chair.post(url(name, statement, delivery.pk), form_of(page, version=3)).status_code
            == 422
        )
    assert (
        of_chair.post(url("cancel_delivery", statement, delivery.pk), {"version": 3}).status_code
        == 422
    )
    for name in ("edit_delivery", "note_delivered"):
        assert of_unfpa.get(url(name, statement, delivery.pk)).status_code == 403


def test_a_delivery_is_cancelled_on_the_page_and_not_twice(of_chair, of_unfpa, delivery, statement):
    assert (
        of_unfpa.post(url("cancel_delivery", statement, delivery.pk), {"version": 1}).status_code
        == 403
    )
    assert of_chair.post(url("cancel_delivery", statement, delivery.pk)).status_code == 409

    assert (
        of_chair.post(url("cancel_delivery", statement, delivery.pk), {"version": 1}).status_code
        == 302
    )

    assert "Not spoken at any event yet." in of_chair.get(url("show", statement)).content.decode()


def test_a_plan_sent_after_the_statement_was_left_is_refused_with_a_sentence(of_chair, chair):
    draft = circulated()
    page = of_chair.get(url("plan_delivery", draft))

    answer = of_chair.post(
        url("plan_delivery", draft), form_of(page, event="Day", day="2026-11-23", speaker="E")
    )

    assert (answer.status_code, "This cannot be done now" in answer.content.decode()) == (422, True)
