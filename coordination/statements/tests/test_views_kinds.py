"""The pages of new paragraphs, deletions and returned amendments."""

import pytest

from coordination.statements.actions import drafts, settlements
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StatementState
from coordination.statements.models import Amendment
from coordination.statements.tests.factories import DEADLINE, AmendmentFactory, circulated
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CHILDREN = "Protect children first;"


def send(browser, path, **changes):
    """Send the form of a page with its hidden fields as they stand."""
    form = browser.get(path).context["form"]
    hidden = {field.html_name: "" if field.value() is None else field.value() for field in form}
    return browser.post(path, hidden | changes)


def new_after(draft, agency, **fields):
    here = draft.blocks.get(key="b3")
    return AmendmentFactory(
        block=here,
        agency=agency,
        kind=AmendmentKind.INSERT,
        block_kind=BlockKind.OPERATIVE,
        **fields,
    )


def test_a_new_paragraph_is_proposed_edited_and_withdrawn(of_unfpa, unfpa):
    draft = circulated()

    done = send(
        of_unfpa,
        url("insert", draft, "b3"),
        proposed_text=CHILDREN,
        rationale="They move too.",
        block_kind="heading",
    )

    assert done["Location"].endswith("#b3")
    amendment = Amendment.objects.get()
    assert (amendment.agency, amendment.kind, amendment.text, amendment.block_kind) == (
        unfpa,
        "insert",
        CHILDREN,
        "heading",
    )
    page = of_unfpa.get(url("show", draft)).content.decode()
    assert "OP 1 bis" in page
    edit = url("edit_amendment", draft, amendment.pk)
    assert edit in page
    assert send(of_unfpa, edit, proposed_text="Protect all children;").status_code == 302
    amendment.refresh_from_db()
    assert (amendment.text, amendment.rationale, amendment.version) == (
        "Protect all children;",
        "They move too.",
        2,
    )
    assert (
        of_unfpa.post(
            url("withdraw_amendment", draft, amendment.pk), {"version": amendment.version}
        ).status_code
        == 302
    )
    assert of_unfpa.get(edit).status_code == 404


def test_a_colleagues_save_meanwhile_shows_both(of_unfpa, unfpa):
    draft = circulated()
    amendment = new_after(draft, unfpa, proposed_text=CHILDREN)
    path = url("edit_amendment", draft, amendment.pk)
    sent = {
        "agency": unfpa.pk,
        "proposed_text": "Mine;",
        "rationale": "Mine.",
        "block_kind": "",
        "version": 1,
    }
    Amendment.objects.filter(pk=amendment.pk).update(proposed_text="Theirs;", version=2)

    both = of_unfpa.post(path, sent)

    assert both.status_code == 409
    assert ("Theirs;" in both.content.decode(), "Mine;" in both.content.decode()) == (True, True)


def test_a_deletion_is_proposed_with_its_reason(of_unfpa):
    draft = circulated()
    path = url("delete", draft, "b3")

    refused = send(of_unfpa, path, rationale="")
    assert refused.status_code == 422
    assert send(of_unfpa, path, rationale="Said in OP 2.").status_code == 302
    assert (Amendment.objects.get().kind, Amendment.objects.get().rationale) == (
        "delete",
        "Said in OP 2.",
    )
    assert "Delete the paragraph" in of_unfpa.get(url("show", draft)).content.decode()


def test_another_agencys_new_paragraph_is_not_edited(of_unfpa, ohchr):
    amendment = new_after(circulated(), ohchr)

    assert (
        of_unfpa.get(url("edit_amendment", amendment.block.draft, amendment.pk)).status_code == 404
    )


def test_the_chair_takes_adapts_and_undoes_a_new_paragraph(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    one, other = (
        new_after(draft, unfpa, proposed_text=CHILDREN),
        new_after(draft, ohchr, proposed_text="Protect women first;"),
    )
    page = of_chair.get(url("consolidate", draft)).content.decode()
    assert "Several new paragraphs are proposed at this place" in page

    assert of_chair.post(url("take", draft, one.pk), {"version": 1})["Location"].endswith("#b3")
    path = url("adapt_new", draft, other.pk)
    assert send(of_chair, path, text="Protect women first;", reason="Why.").status_code == 422
    assert send(of_chair, path, text="Protect women;", reason="Shorter.").status_code == 302
    assert of_chair.post(url("reopen", draft, one.pk), {"version": 3}).status_code == 302

    assert [(each.state, each.text) for each in Amendment.objects.order_by("pk")] == [
        (AmendmentState.OPEN, CHILDREN),
        (AmendmentState.ADAPTED, "Protect women;"),
    ]
    stale = of_chair.post(path, {"text": "Other;", "reason": "Why.", "version": 1})
    assert (stale.status_code, "Protect women;" in stale.content.decode()) == (409, True)


def test_a_returned_amendment_is_proposed_anew_from_the_best_guess(of_unfpa, unfpa, ohchr, chair):
    draft = circulated(StatementState.CONSOLIDATION)
    here = draft.blocks.get(key="b3")
    taken = AmendmentFactory(
        block=here, agency=ohchr, proposed_text=here.text.replace("Call upon", "Urge")
    )
    AmendmentFactory(
        block=here,
        agency=unfpa,
        proposed_text=here.text.replace("Call upon", "Request"),
        rationale="Softer.",
    )
    settlements.take(taken, version=1, by=chair, at=NOW)
    drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    page = of_unfpa.get(url("show", draft)).content.decode()
    returned = Amendment.objects.get(state=AmendmentState.RETURNED)
    path = f"{url('amend', draft, 'b3')}?returned={returned.pk}"
    assert path in page
    opened = of_unfpa.get(path)
    form = opened.context["form"]
    assert (form["proposed_text"].value()[:14], form["rationale"].value()) == (
        "Request States",
        "Softer.",
    )
    assert f'data-keep="amend-unfpa-returned-{returned.pk}"' in opened.content.decode()

    assert send(of_unfpa, path).status_code == 302
    assert Amendment.objects.get(state=AmendmentState.OPEN).carried_from == returned
    assert "Returned to your agency" not in of_unfpa.get(url("show", draft)).content.decode()


def test_the_chair_orders_new_paragraphs_and_begins_from_any_amendment_on_the_page(
    of_chair, unfpa, ohchr
):
    draft = circulated(StatementState.CONSOLIDATION)
    block = draft.blocks.get(key="b3")
    new = [
        AmendmentFactory(
            block=block, agency=a, kind="insert", block_kind="body", proposed_text=f"New of {a};"
        )
        for a in (unfpa, ohchr)
    ]
    words = [
        AmendmentFactory(block=block, agency=agency, proposed_text=f"Words of {agency};")
        for agency in (unfpa, ohchr)
    ]

    page = of_chair.get(url("consolidate", draft)).content.decode()
    assert (url("put_up", draft, new[0].pk) in page, url("put_up", draft, new[1].pk) in page) == (
        False,
        True,
    )
    answer = of_chair.post(url("put_up", draft, new[1].pk), {"version": 1})
    assert answer["Location"] == f"{url('consolidate', draft)}?opened=b3#new-{new[1].pk}"
    page = of_chair.get(url("consolidate", draft)).content.decode()
    assert page.index("New of OHCHR;") < page.index("New of UNFPA;")

    for amendment in words:
        path = f"{url('adapt', draft, 'b3')}?from={amendment.pk}"
        assert path in page
        assert of_chair.get(path).context["form"]["text"].value() == amendment.proposed_text
    assert (
        of_chair.get(f"{url('adapt', draft, 'b3')}?from=x").context["form"]["text"].value()
        == "Words of UNFPA;"
    )
