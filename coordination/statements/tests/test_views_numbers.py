"""Paragraphs have their numbers on every text; reservations lead to them; no member is left out."""

import re

import pytest
from django.utils.html import strip_tags

from coordination.statements.enums import BlockKind, StatementState
from coordination.statements.models import Block, Signatory
from coordination.statements.tests.factories import circulated, drafted, unfrozen
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def text_of(page):
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


@pytest.fixture
def adopted(unfpa, ohchr, who):
    draft = circulated(StatementState.ADOPTED, released_at=NOW, adopted_at=NOW)
    for agency, joined, reservation in (
        (unfpa, True, "OP 1, PP 1: Our mandate: differs."),
        (ohchr, True, ""),
        (who, False, ""),
    ):
        Signatory.objects.create(
            statement=draft.statement, agency=agency, joined=joined, reservation=reservation
        )
    draft.statement.adopted_sha256 = draft.sha256
    draft.statement.save()
    return draft


def test_an_adopted_text_has_numbers_and_reservations_lead_to_them(adopted, client):
    page = client.get(url("show", adopted))

    assert "PP 1 Recalling that every person" in text_of(page)
    assert "OP 1 Call upon States" in text_of(page)
    html = page.content.decode()
    assert 'id="b3"' in html
    assert '<a href="#b3">OP 1</a>' in html
    assert '<a href="#b2">PP 1</a>' in html
    assert "Our mandate: differs." in text_of(page)


def test_a_reservation_without_paragraphs_is_all_words(adopted, client):
    with unfrozen():
        Signatory.objects.filter(reservation__gt="").update(reservation="Note: OP 1, as read.")

    [(_agency, reservation)] = client.get(url("show", adopted)).context["reserved"]

    assert (reservation.paragraphs, reservation.words) == ((), "Note: OP 1, as read.")


def test_every_member_of_the_day_stands_on_an_adopted_statement(adopted, client, unesco):
    page = client.get(url("show", adopted))
    assert [agency.acronym for agency in page.context["not_among"]] == ["UNESCO"]
    assert "Was not asked 1 UNESCO" in text_of(page)

    with unfrozen():
        adopted.statement.adopted_sha256 = ""
        adopted.statement.save()
    assert "Members that did not sign 1 UNESCO" in text_of(client.get(url("show", adopted)))

    Signatory.objects.all().delete()
    assert client.get(url("show", adopted)).context["not_among"] == []


def test_an_item_is_indented(of_unfpa, client, adopted):
    texts = {adopted: client, circulated(): of_unfpa}
    for draft, browser in texts.items():
        last = draft.blocks.last()
        item = Block(draft=draft, key="b9", kind=BlockKind.BODY, position=9, text="(a) First;")
        with unfrozen():
            Block.objects.bulk_create([item])

        page = browser.get(url("show", draft)).content.decode()

        assert re.findall(r'<p\s+class="(\w*)"[^>]*>\s*\(a\) First;', page) == ["item"]
        assert last.text in strip_tags(page)


def test_a_change_of_kind_in_place_renumbers_what_follows(of_chair):
    draft = drafted()
    page = of_chair.get(url("edit_block", draft, "b3"), headers={"HX-Request": "true"})
    form = page.context["form"]
    fields = {bound.html_name: bound.value() for bound in form}

    answer = of_chair.post(
        url("edit_block", draft, "b3"),
        fields | {"kind": "preambular"},
        headers={"HX-Request": "true"},
    ).content.decode()

    assert re.findall(r'id="l-(\w+)"( hx-swap-oob="true")?>([^<]+)<', answer) == [
        ("b3", "", "PP 2"),
        ("b4", ' hx-swap-oob="true"', "OP 1"),
    ]
    assert 'id="acts-b4" hx-swap-oob="true"' in answer
    same = of_chair.get(url("edit_block", draft, "b3"), headers={"HX-Request": "true"})
    fields = {bound.html_name: bound.value() for bound in same.context["form"]}
    again = of_chair.post(
        url("edit_block", draft, "b3"), fields, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="l-b4"' not in again
