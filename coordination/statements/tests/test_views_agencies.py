"""What agencies amend and say on the pages, and what happens to a lost race."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.models import Amendment, Position
from coordination.statements.tests.factories import (
    DraftFactory,
    circulated,
    in_clearance,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# amending


def test_amend_edit_and_withdraw(of_unfpa, unfpa):
    draft = circulated()
    path = url("amend", draft, "b3")
    own = {"agency": unfpa.pk, "rationale": "Everybody."}

    assert (
        of_unfpa.get(path).context["form"]["proposed_text"].value()
        == draft.blocks.get(key="b3").text
    )
    assert (
        of_unfpa.post(path, {**own, "proposed_text": "One;", "version": 0})["Location"]
        == url("show", draft) + "?opened=b3#b3"
    )
    assert of_unfpa.get(path).context["form"].initial["version"] == 1
    assert of_unfpa.post(path, {**own, "proposed_text": "Two;", "version": 1}).status_code == 302
    amendment = Amendment.objects.get()
    title = f'id="withdraw-{amendment.pk}-title"'
    assert f"<h2 {title}>" in of_unfpa.get(path).content.decode()
    assert f"<h4 {title}>" in of_unfpa.get(path, headers={"HX-Request": "true"}).content.decode()
    assert (amendment.proposed_text, amendment.version) == ("Two;", 2)
    assert (
        of_unfpa.post(
            url("withdraw_amendment", draft, amendment.pk), {"version": amendment.version}
        ).status_code
        == 302
    )
    assert "Two;" not in of_unfpa.get(url("show", draft)).content.decode()


def test_the_first_and_the_last_paragraph_can_be_amended(of_unfpa):
    draft = circulated()

    assert of_unfpa.get(url("amend", draft, "b1")).context["before"] is None
    assert of_unfpa.get(url("amend", draft, "b4")).context["after"] is None
    assert of_unfpa.get(url("amend", draft, "b9")).status_code == 404


def test_amend_refuses_beside_the_field(of_unfpa, unfpa, ohchr):
    draft = circulated()
    text = draft.blocks.get(key="b3").text

    same = of_unfpa.post(
        url("amend", draft, "b3"),
        {"agency": unfpa.pk, "proposed_text": text, "rationale": "Why.", "version": 0},
    )
    other = of_unfpa.post(
        url("amend", draft, "b3"),
        {"agency": ohchr.pk, "proposed_text": "One;", "rationale": "Why.", "version": 0},
    )

    assert (same.status_code, list(same.context["form"].errors)) == (422, ["proposed_text"])
    assert (other.status_code, list(other.context["form"].errors)) == (422, ["agency"])


def test_a_colleague_was_first_and_both_texts_are_shown(of_unfpa, signed_in, colleague, unfpa):
    draft = circulated()
    own = {"agency": unfpa.pk, "rationale": "Why.", "version": 0}
    signed_in(colleague).post(url("amend", draft, "b3"), {**own, "proposed_text": "Of Tomás;"})

    answer = of_unfpa.post(url("amend", draft, "b3"), {**own, "proposed_text": "Of Nadia;"})

    assert answer.status_code == 409
    assert "Of Tomás;" in answer.content.decode()
    assert "Of Nadia;" in answer.content.decode()


def test_who_acts_for_nobody_cannot_amend_or_speak(signed_in, administrator):
    step = in_clearance()
    browser = signed_in(administrator)

    assert browser.get(url("amend", step, "b3")).status_code == 403
    assert browser.post(url("positions", step), {"kind": "approve"}).status_code == 403
    assert browser.get(url("positions", step)).context["form"] is None


# positions


def position(page, **changes):
    form = page.context["form"]
    return {
        bound.html_name: bound.value() or ([] if bound.name == "about" else "") for bound in form
    } | changes


def test_take_a_position_and_speak_again(of_unfpa, unfpa):
    step = in_clearance()
    path = url("positions", step)

    answer = of_unfpa.post(path, position(of_unfpa.get(path), kind="object"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert (
        of_unfpa.post(path, position(of_unfpa.get(path), kind="object", reason="OP 3.")).status_code
        == 302
    )
    page = text_of(of_unfpa.get(path))
    assert ("UNFPA objects" in page, "“OP 3.”</p>" in page) == (True, True)
    of_unfpa.post(path, position(of_unfpa.get(path), kind="approve"))
    assert list(Position.objects.values_list("kind", flat=True)) == ["object", "approve"]


def test_an_objection_to_one_paragraph_leads_to_it(of_unfpa, unfpa):
    step = in_clearance()
    path = url("positions", step)
    page = of_unfpa.get(path)
    assert [number for number, _label in page.context["form"].fields["about"].choices] == [
        "Title",
        "PP 1",
        "OP 1",
        "OP 2",
    ]

    answer = of_unfpa.post(
        path, position(page, kind="object", about=["OP 2", "OP 9"], reason="Say children.")
    )
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"about": ["Draft 1 has no OP 9."]},
    )
    answer = of_unfpa.post(
        path, position(page, kind="object", about=["OP 2"], reason="Say children."), follow=True
    )

    words = answer.content.decode()
    assert "UNFPA objects to OP 2." in words
    assert f'href="{url("show", step)}#b4"' in words
    assert "(OP 2): “Say children.”" in words
    assert "UNFPA objects (draft 1, OP 2)" in of_unfpa.get(url("history", step)).content.decode()


def test_a_form_opened_on_an_older_text_records_nothing(of_unfpa, of_chair, chair):
    step = in_clearance()
    stale = position(of_unfpa.get(url("positions", step)), kind="approve")
    DraftFactory(statement=step.statement, number=2, circulated_at=NOW)

    answer = of_unfpa.post(url("positions", step), stale)

    assert answer.status_code == 422
    assert "Your position was on an older text" in answer.content.decode()
    assert Position.objects.count() == 0


def test_an_unknown_step_is_not_found(of_unfpa):
    step = in_clearance()

    assert (
        of_unfpa.post(
            url("positions", step),
            position(of_unfpa.get(url("positions", step)), kind="approve", step=10**9),
        ).status_code
        == 404
    )
