"""The difference that a typed text makes is shown before it is saved, with and without JavaScript."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.enums import AmendmentKind, BlockKind, StatementState
from coordination.statements.models import Amendment, Settlement
from coordination.statements.tests.factories import AmendmentFactory, circulated
from coordination.statements.tests.pages import form_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CARE = "Call upon States to ensure that migrants in transit have access to health care;"


@pytest.fixture
def draft(terms):
    return circulated()


def htmx(target):
    return {"HX-Request": "true", "HX-Target": target}


def test_preview_shows_the_difference_saves_nothing_and_asks_for_nothing(draft, of_unfpa):
    address = url("amend", draft, "b3")
    typed = CARE.replace("migrants", "migrants and children")
    sent = form_of(of_unfpa.get(address), proposed_text=typed, rationale="")

    page = of_unfpa.post(address, sent | {"preview": "yes"})

    assert page.status_code == 200
    assert "and children" in page.content.decode().split('class="typed"')[1].split("</div>")[0]
    assert page.context["form"]["proposed_text"].value() == typed
    assert not page.context["form"].errors
    assert Amendment.objects.count() == 0
    # what was previewed is saved by the same form
    saved = of_unfpa.post(address, form_of(page, rationale="They travel together."))
    assert saved.status_code == 302
    assert Amendment.objects.get().proposed_text == typed


def test_while_somebody_types_the_difference_alone_comes(draft, of_unfpa):
    address = url("amend", draft, "b3")
    typed = CARE.replace("migrants", "migrants and children")

    answer = of_unfpa.post(
        address, {"proposed_text": typed, "preview": "yes"}, headers=htmx("typed-statements")
    )

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<ins>" in html
    assert "<form" not in html
    same = {"proposed_text": CARE + "\r\n", "preview": "yes"}
    assert "Nothing is changed yet." in text_of(
        of_unfpa.post(address, same, headers=htmx("typed-statements"))
    )
    assert Amendment.objects.count() == 0


def test_one_s_own_amendment_opens_with_its_difference(draft, unfpa, focal_point, of_unfpa):
    AmendmentFactory(
        block=draft.blocks.get(key="b3"), agency=unfpa, author=focal_point,
        proposed_text=CARE.replace("health", "primary health"),
    )  # fmt: skip

    page = of_unfpa.get(url("amend", draft, "b3"))

    typed = page.content.decode().split('class="typed"')[1].split("</div>")[0]
    assert "primary" in typed


def test_the_chair_s_own_text_has_its_difference_too(unfpa, of_chair, terms):
    draft = circulated(StatementState.CONSOLIDATION)
    new = AmendmentFactory(
        block=draft.blocks.get(key="b3"), agency=unfpa, proposed_text="Protect women;",
        kind=AmendmentKind.INSERT, block_kind=BlockKind.OPERATIVE,
    )  # fmt: skip
    for address, text in (
        (url("adapt", draft, "b3"), CARE.replace("health", "primary health")),
        (url("adapt_new", draft, new.pk), "Protect primary women;"),
    ):
        page = of_chair.post(
            address, form_of(of_chair.get(address), text=text) | {"preview": "yes"}
        )
        part = of_chair.post(
            address, {"text": text, "preview": "yes"}, headers=htmx("typed-statements")
        )
        place = of_chair.post(address, {"text": text, "preview": "yes"}, headers=htmx(""))

        for answer in (page, part, place):
            assert answer.status_code == 200
            assert "primary" in answer.content.decode()
            assert "<ins>" in answer.content.decode()
    assert Settlement.objects.count() == 0


def test_a_preview_is_for_those_who_may_write(draft, of_unfpa, client):
    sent = {"preview": "yes", "proposed_text": "x", "text": "x"}

    assert "/accounts/login/" in client.post(url("amend", draft, "b3"), sent)["Location"]
    assert of_unfpa.post(url("adapt", draft, "b3"), sent).status_code == 403
