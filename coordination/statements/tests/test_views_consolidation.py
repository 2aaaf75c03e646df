"""What the chair's pages of consolidation do: take, decline, adapt, undo, issue."""

import pytest
from django.utils.html import strip_tags

from coordination.statements.enums import StatementState
from coordination.statements.models import Amendment, Block, Settlement
from coordination.statements.tests.factories import (
    AmendmentFactory,
    DraftFactory,
    circulated,
    in_clearance,
)
from coordination.statements.tests.pages import LATER, url
from coordination.tests.admin_pages import sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_consolidate_and_its_acts(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    first = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa, proposed_text="One;")
    second = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr, proposed_text="Two;")
    assert "The same words are changed" in of_chair.get(url("consolidate", draft)).content.decode()

    assert (
        of_chair.post(url("take", draft, first.pk), {"version": 1})["Location"]
        == url("consolidate", draft) + "?opened=b3#b3"
    )
    assert of_chair.post(url("take", draft, second.pk), {"version": 1}).status_code == 422
    assert of_chair.get(url("decline", draft, second.pk)).status_code == 200
    assert (
        of_chair.post(
            url("decline", draft, second.pk), {"reason": "\u200b", "version": 1}
        ).status_code
        == 422
    )
    assert (
        of_chair.post(url("decline", draft, second.pk), {"reason": "No.", "version": 9}).status_code
        == 409
    )
    assert (
        of_chair.post(url("decline", draft, second.pk), {"reason": "No.", "version": 1}).status_code
        == 302
    )
    assert "Settled by" in of_chair.get(url("consolidate", draft)).content.decode()
    second.refresh_from_db()
    assert (
        of_chair.post(url("reopen", draft, second.pk), {"version": second.version}).status_code
        == 302
    )
    assert of_chair.post(url("unsettle", draft, "b3")).status_code == 409
    assert of_chair.post(url("unsettle", draft, "b3"), {"version": 1}).status_code == 302
    assert [a.state for a in Amendment.objects.all()] == ["open", "open"]
    assert of_chair.post(url("take", draft, first.pk)).status_code == 409


def test_one_amendment_of_one_agency_is_counted_as_one(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    block = draft.blocks.get(key="b3")
    pages = []

    for agency in (None, unfpa, unfpa, ohchr):
        if agency:
            AmendmentFactory(block=block, agency=agency, kind="insert", block_kind="body")
        read = (
            of_chair.get(url(name, draft)).content.decode() for name in ("consolidate", "compile")
        )
        pages.append(tuple(" ".join(page.split()) for page in read))

    counts = (
        "<b>0 amendments.</b>",
        "<b>1 amendment from 1 agency.</b>",
        "<b>2 amendments from 1 agency.</b>",
        "<b>3 amendments from 2 agencies.</b>",
    )
    text = (
        "to which nothing has been proposed yet.",
        "with its one amendment in brackets",
        "with all 2 amendments",
        "with all 3 amendments",
    )
    for (consolidate, compiled), count, words in zip(pages, counts, text, strict=True):
        assert (count in consolidate, words in compiled) == (True, True), count


def test_take_all_that_merge_says_what_it_did(of_chair, of_unfpa, unfpa, ohchr, who):
    draft = circulated(StatementState.CONSOLIDATION)
    care = draft.blocks.get(key="b3")
    AmendmentFactory(
        block=care,
        agency=unfpa,
        proposed_text=care.text.replace("migrants", "women and other migrants"),
    )
    AmendmentFactory(
        block=care,
        agency=ohchr,
        proposed_text=care.text.replace("health", "mental and other health"),
    )
    AmendmentFactory(
        block=care, agency=who, proposed_text=care.text.replace("health", "physical health")
    )
    path = url("take_all_that_merge", draft)
    assert (
        "Take the 1 that merges cleanly" in of_chair.get(url("consolidate", draft)).content.decode()
    )

    text = of_chair.post(path, follow=True).content.decode()

    assert "1 amendment taken: UNFPA, OP 1." in text
    assert "Amendments 2 and 3 add words at one place" in text
    assert "merges cleanly" not in text
    assert (
        "Nothing was left that merges cleanly" in of_chair.post(path, follow=True).content.decode()
    )
    assert of_unfpa.post(path).status_code == 403


def test_what_was_taken_excludes_its_rivals_and_asks_for_no_decision(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    care = draft.blocks.get(key="b3")
    one, _other = [
        AmendmentFactory(
            block=care, agency=agency, proposed_text=care.text.replace("health", f"{word} health")
        )
        for agency, word in ((unfpa, "mental"), (ohchr, "physical"))
    ]
    assert of_chair.get(url("consolidate", draft)).content.decode().count(">Conflicts<") == 2

    of_chair.post(url("take", draft, one.pk), {"version": 1})
    text = of_chair.get(url("consolidate", draft)).content.decode()

    assert "Open, not in the settled text" in text
    assert ">Conflicts<" not in text
    assert "The same words are changed" not in text


def test_the_balance_stands_beside_the_text(of_chair, unfpa):
    draft = circulated(StatementState.CONSOLIDATION)
    care = draft.blocks.get(key="b3")
    unfpa.mandate_terms = ["maternal health"]
    unfpa.save()
    AmendmentFactory(
        block=care, agency=unfpa, proposed_text=care.text.replace("health", "maternal health")
    )

    text = of_chair.get(url("consolidate", draft)).content.decode()

    balance = text.partition('id="balance"')[2].partition("</dl>")[0]
    assert "UNFPA" in balance
    assert "+1" in balance


def test_amendments_that_touch_are_shown_as_they_would_read(of_chair, unfpa, ohchr, who):
    draft = circulated(StatementState.CONSOLIDATION)
    care = draft.blocks.get(key="b3")
    for agency, old, new in (
        (unfpa, "that", "that most"),
        (ohchr, "migrants", "refugees"),
        (who, "health care", "health care"),
    ):
        AmendmentFactory(block=care, agency=agency, proposed_text=care.text.replace(old, new))

    text = of_chair.get(url("consolidate", draft)).content.decode()

    assert text.count("Touches another") == 2
    assert "Amendments 1 and 2 touch. Together they would read:" in " ".join(text.split())
    together = text.partition("Together")[2].partition("</p>")[0]
    assert all(word in together for word in ("most ", "migrants", "refugees"))
    assert "2 touch others: read them first." in " ".join(text.split())
    assert "Merges, typography only" in text
    assert "Take the 1 that merges cleanly" in text


def test_adapt_begins_from_what_merges(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    care = draft.blocks.get(key="b3")
    AmendmentFactory(
        block=care,
        agency=unfpa,
        proposed_text=care.text.replace("migrants", "women and other migrants"),
    )
    AmendmentFactory(
        block=care, agency=ohchr, proposed_text=care.text.replace("health", "mental health")
    )

    begun = of_chair.get(url("adapt", draft, "b3")).context["form"].initial["text"]

    assert begun == care.text.replace("migrants", "women and other migrants").replace(
        "health", "mental health"
    )


@pytest.mark.parametrize(
    ("key", "statuses"),
    [("9" * 18, (404, 404)), ("9" * 19, (404, 404)), ("9" * 5000, (404, 404)), ("²", (200, 422))],
    ids=["nobody's", "too long", "thousands of digits", "no digit"],
)
def test_a_key_that_nobody_has_is_no_fault(of_unfpa, key, statuses):
    path = url("amend", circulated(), "b3")

    assert (
        of_unfpa.get(path, {"prepared": key}).status_code,
        of_unfpa.post(path, {"prepared": key}).status_code,
    ) == statuses
    assert of_unfpa.post(url("positions", in_clearance()), {"step": key}).status_code == 422


def test_an_address_that_no_database_can_hold_is_that_of_no_earlier_statement(of_chair):
    # PostgreSQL refuses NUL
    assert of_chair.get("/statements/start/?from=%00").context["model"] is None


def test_adapt_begins_from_what_there_is(of_chair, unfpa):
    draft = circulated(StatementState.CONSOLIDATION)
    path = url("adapt", draft, "b3")
    assert of_chair.get(path).context["form"].initial["text"] == draft.blocks.get(key="b3").text
    AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa, proposed_text="One;")
    assert of_chair.get(path).context["form"].initial["text"] == "One;"

    assert of_chair.post(path, {"text": "Both;", "reason": "", "version": 0}).status_code == 422
    assert (
        of_chair.post(path, {"text": "Both;", "reason": "Both.", "version": 0}).status_code == 302
    )
    assert of_chair.get(path).context["form"].initial == {"text": "Both;", "version": 1}
    assert (
        of_chair.post(path, {"text": "Mine;", "reason": "Mine.", "version": 0}).status_code == 409
    )
    assert of_chair.post(url("unsettle", draft, "b3"), {"version": 1}).status_code == 302
    lost = of_chair.post(path, {"text": "Mine;", "reason": "Mine.", "version": 1})
    saved, _rest = lost.content.decode().split('<p class="block__text">', 1)[1].split("</p>", 1)
    assert (lost.status_code, strip_tags(saved).strip()) == (
        409,
        draft.blocks.get(key="b3").text,
    )
    assert of_chair.post(path, sent_by(lost, path)).status_code == 302
    assert of_chair.get(path).context["form"].initial == {"text": "Mine;", "version": 3}


def test_a_text_for_what_a_colleague_undid_stands_beside_the_paragraph_and_is_saved_again(of_chair):
    draft = circulated(StatementState.CONSOLIDATION)
    path, block = url("adapt", draft, "b3"), draft.blocks.get(key="b3")
    of_chair.post(path, {"text": "Both;", "reason": "Both.", "version": 0})
    of_chair.post(url("unsettle", draft, "b3"), {"version": 1})

    lost = of_chair.post(path, {"text": "Mine;", "reason": "", "version": 1})

    page = lost.content.decode()
    assert (lost.status_code, block.text in page, "Mine;" in page) == (409, True, True)
    assert (
        of_chair.post(
            path, {"text": "Mine;", "reason": "", "version": lost.context["version"]}
        ).status_code
        == 302
    )
    assert Settlement.objects.get(block=block).text == "Mine;"


def test_an_amendment_of_an_older_draft_is_declined_nowhere(of_chair):
    draft = circulated(StatementState.CONSOLIDATION)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"))
    later = DraftFactory(statement=draft.statement, number=2)
    Block.objects.create(draft=later, key="b9", position=1, text="Other.")

    assert of_chair.get(url("decline", draft, amendment.pk)).status_code == 200
    assert (
        of_chair.post(
            url("decline", draft, amendment.pk), {"reason": "No.", "version": 1}
        ).status_code
        == 422
    )


def test_issue_refuses_while_amendments_are_open(of_chair, unfpa):
    draft = circulated(StatementState.CONSOLIDATION)
    AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa)

    answer = of_chair.post(url("issue", draft), {"to": "clearance", "deadline": LATER})

    assert (answer.status_code, "1 are neither taken nor declined" in answer.content.decode()) == (
        422,
        True,
    )
    assert of_chair.get(url("issue", draft)).status_code == 200
