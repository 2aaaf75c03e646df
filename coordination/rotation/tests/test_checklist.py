"""The checklist: its template, its versions, what its items open, and days that move."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from coordination.core.history import recorded_reason
from coordination.core.permissions import On, allowed
from coordination.core.tests.pages import text_of
from coordination.rotation.actions import handovers
from coordination.rotation.due.handovers import overdue_items
from coordination.rotation.enums import HandoverSide, ItemPage, RotationChange
from coordination.rotation.models import ChecklistTemplateItem
from coordination.rotation.queries import templates
from coordination.rotation.queries.handovers import terms_of
from coordination.rotation.queries.item_pages import page_url
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    TemplateItemFactory,
)
from coordination.tests.cast import NOW
from coordination.tests.story import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
EDITED = {"title": "Hand over the lists", "side": "outgoing", "due_offset_days": -5, "position": 1}


def edited_in_the_records(client, administrator, item):
    client.force_login(administrator)
    address = reverse("admin:rotation_checklisttemplateitem_change", args=[item.pk])
    answer = client.post(address, {**EDITED, "key": item.key, "page": "places", "active": "on"})
    assert answer.status_code == 302


def test_an_edit_in_the_records_makes_a_new_version_and_leaves_open_handovers(
    client, terms, chair, administrator
):
    item = TemplateItemFactory(key="lists", title="Lists", page=ItemPage.ROSTER)
    handover = handovers.open_handover(terms[1], by=chair, at=NOW)
    before = templates.version()

    edited_in_the_records(client, administrator, item)

    handover.refresh_from_db()
    assert (before, templates.version(), handover.template_version) == (1, 2, 1)
    assert [(row.title, row.page) for row in handover.items.all()] == [("Lists", "roster")]
    page = text_of(client.get(reverse("rotation:handover", args=["2027-H1"])))
    assert "From version 1 of the checklist’s template. It is now version 2;" in page


def test_a_handover_from_before_versions_names_none(sign_in, terms, chair):
    HandoverFactory(incoming_term=terms[1], template_version=0)

    assert "of the checklist’s template" not in text_of(
        sign_in(chair).get(reverse("rotation:handover", args=["2027-H1"]))
    )


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("", ""),
        (ItemPage.STATE_OF_PLAY, "/rotation/2026-H2/state-of-play/"),
        (ItemPage.PROMISES, "/rotation/2026-H2/state-of-play/#promise"),
        (ItemPage.PLACES, "/rotation/2026-H2/state-of-play/#place"),
        (ItemPage.LESSONS, "/rotation/lessons/#2026-H2"),
        (ItemPage.EARLIER_LESSONS, "/rotation/lessons/"),
        (ItemPage.STATEMENTS, "/statements/"),
        (ItemPage.MEETINGS, "/meetings/"),
        (ItemPage.ROSTER, "/members/"),
        (ItemPage.TERM, "/rotation/2027-H1/"),
    ],
)
def test_an_item_links_to_the_thing_itself(sign_in, terms, chair, group, page, url):
    handover = HandoverFactory(incoming_term=terms[1])
    item = HandoverItemFactory(handover=handover, page=page)

    address = page_url(item, terms_of(handover, group))

    html = sign_in(chair).get(reverse("rotation:handover", args=["2027-H1"])).content.decode()
    assert address == url
    assert not url or f'href="{url}"' in html
    if url:
        assert sign_in(chair).get(url).status_code == 200


def test_nobody_before_has_no_page_of_an_outgoing_chair(terms, group):
    handover = HandoverFactory(incoming_term=terms[0])

    pages = {
        page: page_url(HandoverItemFactory(handover=handover, page=page), terms_of(handover, group))
        for page in (ItemPage.STATE_OF_PLAY, ItemPage.LESSONS, ItemPage.PLACES)
    }

    assert set(pages.values()) == {""}


def test_every_page_of_an_item_is_known(terms, group):
    handover = HandoverFactory(incoming_term=terms[1])
    known = terms_of(handover, group)

    assert all(
        page_url(HandoverItemFactory(handover=handover, page=page), known) for page in ItemPage
    )


def test_the_first_term_has_items_of_the_incoming_side_alone(terms, chair):
    for side in HandoverSide:
        TemplateItemFactory(key=side, side=side)

    handover = handovers.open_handover(terms[0], by=chair, at=NOW)

    assert [item.side for item in handover.items.all()] == ["incoming"]


def test_a_term_put_on_record_before_the_first_gives_the_items_of_its_side(terms, chair):
    for side in HandoverSide:
        TemplateItemFactory(key=side, side=side)
    handover = handovers.open_handover(terms[0], by=chair, at=NOW)

    handovers.record_outgoing(handover, terms[1], by=chair, at=NOW)

    assert sorted(item.side for item in handover.items.all()) == ["incoming", "outgoing"]


def test_due_days_and_reminders_follow_a_moved_first_day(terms, chair, chair_colleague):
    handover = HandoverFactory(incoming_term=terms[1])
    item = HandoverItemFactory(handover=handover, due_day=date(2026, 11, 20))
    before = {due.context["days_late"] for due in overdue_items(NOW)}

    handovers.move_due_days(
        handover,
        timedelta(days=31),
        by=chair,
        reason=RotationChange.HANDOVER_MOVED,
        term=terms[1],
    )

    item.refresh_from_db()
    assert (before, list(overdue_items(NOW))) == ({3}, [])
    assert item.due_day == date(2026, 12, 21)
    assert recorded_reason(item.history.first()) == (
        "The handover is now to the earlier term of the same chair (2027-H1)"
    )


def test_who_answers_for_a_side_settles_and_a_principal_does_not(terms, chair, group):
    handover = HandoverFactory(incoming_term=terms[1])
    subject = (terms_of(handover, group), HandoverSide.OUTGOING)

    assert allowed(chair, "rotation.answer_for_side", On(NOW.date(), subject, group))


def test_the_delivered_template_names_a_page_where_there_is_one(db):
    made_once("load_reference", lambda: call_command("load_reference", verbosity=0))
    pages = dict(ChecklistTemplateItem.objects.values_list("key", "page"))

    assert pages["state-of-play"] == "state_of_play"
    assert pages["lessons"] == "lessons"
    assert {key for key, page in pages.items() if not page} == {
        "funds",
        "principals",
        "working-groups",
    }
