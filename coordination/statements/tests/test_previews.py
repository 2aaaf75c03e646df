"""The text as it would read, before it is circulated, issued or adopted."""

import pytest
from django.utils.html import strip_tags

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import drafts, settlements
from coordination.statements.enums import AmendmentKind, BlockKind, PositionKind, StatementState
from coordination.statements.errors import TextChanged
from coordination.statements.models import Draft, Position
from coordination.statements.tests.factories import (
    CARE,
    DEADLINE,
    AmendmentFactory,
    amendment_to,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.statements.tests.pages import LATER, form_of, url
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
WITH_CHILDREN = CARE.replace("migrants", "migrants and children")


@pytest.fixture
def draft(terms):
    return circulated(StatementState.CONSOLIDATION)


def preview(page):
    """Return the words of the previewed text and of what stands beside it."""
    html = page.content.decode()
    return " ".join(strip_tags(html.split('id="preview"')[1].split("</main>")[0]).split())


def test_before_issuing_the_chair_reads_the_text_as_it_will_read(
    draft, unfpa, ohchr, who, chair, of_chair
):
    new = {"kind": AmendmentKind.INSERT, "block_kind": BlockKind.OPERATIVE}
    settlements.take(amendment_to(draft, "b3", unfpa, WITH_CHILDREN), version=1, by=chair, at=NOW)
    settlements.take(
        amendment_to(draft, "b3", who, "Protect women;", **new), version=1, by=chair, at=NOW
    )
    amendment_to(draft, "b4", ohchr, kind=AmendmentKind.DELETE)

    words = preview(of_chair.get(url("issue", draft)))

    assert "Draft 2 as it will read" in words
    assert "migrants and children in transit" in words
    assert "OP 2 Protect women;" in words
    assert "[added:" not in words
    assert "Whose words are in it UNFPA and WHO No words since draft 1:" in words
    assert "Still open OP 2, amendment 3 OHCHR" in words
    assert Draft.objects.count() == 1


def test_the_changes_can_be_marked(draft, unfpa, chair, of_chair):
    settlements.take(amendment_to(draft, "b3", unfpa, WITH_CHILDREN), version=1, by=chair, at=NOW)

    words = preview(of_chair.get(url("issue", draft) + "?changes=1"))

    assert "[added: and children" in words
    assert "1 of 4 paragraphs changes." in words


def test_what_is_previewed_is_what_is_issued(draft, unfpa, ohchr, chair, of_chair):
    settlements.take(amendment_to(draft, "b3", unfpa, WITH_CHILDREN), version=1, by=chair, at=NOW)
    late = amendment_to(draft, "b4", ohchr, kind=AmendmentKind.DELETE)
    page = of_chair.get(url("issue", draft))
    seen = page.context["preview"].sha256
    sent = form_of(page, to="amendments", deadline=LATER) | {"seen": seen}
    settlements.take(late, version=1, by=chair, at=NOW)

    again = of_chair.post(url("issue", draft), sent)

    assert again.status_code == 422
    assert "Somebody changed the text while you looked at it." in again.content.decode()
    assert "giving effect" not in preview(again)
    assert Draft.objects.count() == 1
    issued = of_chair.post(url("issue", draft), sent | {"seen": again.context["preview"].sha256})
    assert issued.status_code == 302
    assert Draft.objects.get(number=2).sha256 == again.context["preview"].sha256


def test_before_circulating_the_chair_reads_draft_1(terms, chair, of_chair):
    draft = drafted()
    page = of_chair.get(url("circulate", draft))
    sent = form_of(page, deadline=LATER) | {"seen": page.context["preview"].sha256}
    assert "PP 1" in preview(page)
    block = draft.blocks.get(key="b3")
    drafts.edit_block(
        block, text="Urge States;", kind=BlockKind.OPERATIVE, version=1, by=chair, at=NOW
    )

    refused = of_chair.post(url("circulate", draft), sent)

    assert refused.status_code == 422
    assert "Urge States;" in preview(refused)
    draft.refresh_from_db()
    assert draft.circulated_at is None


def test_an_action_without_a_preview_takes_the_text_as_it_is(draft, chair):
    with pytest.raises(TextChanged):
        drafts.issue_draft(
            draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE,
            confirmed=drafts.Confirmation(seen="0" * 64), by=chair, at=NOW,
        )  # fmt: skip
    assert Draft.objects.count() == 1
    drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )
    assert Draft.objects.count() == 2


def test_before_adoption_the_chair_reads_the_text_and_who_signs(
    terms, unfpa, ohchr, who, focal_point, of_chair
):
    step = in_clearance()
    take_position(step, unfpa, focal_point)
    take_position(step, who, focal_point, PositionKind.NOT_JOIN)
    Position.objects.create(
        step=step, agency=ohchr, person=focal_point, kind=PositionKind.RESERVE, about="OP 1",
        reason="Our mandate differs.", sha256=step.draft.sha256, taken_at=NOW,
    )  # fmt: skip

    words = preview(of_chair.get(url("act", step.draft, "adopt")))

    assert "retains their human rights" in words
    assert "Who signs Signs OHCHR and UNFPA" in words
    assert "Reservation OHCHR OP 1: Our mandate differs." in words
    assert "Does not join WHO" in words
    assert "In the way Waiting for" in words


def test_what_lapses_with_the_adoption_is_named(terms, ohchr, focal_point, of_chair):
    step = in_clearance()
    amendment_to(step.draft, "b3", ohchr, WITH_CHILDREN)

    words = preview(of_chair.get(url("act", step.draft, "adopt")))

    assert "OP 1, amendment 1 OHCHR They lapse when the text is adopted as it stands." in words


@pytest.mark.parametrize("rows", ROWS)
def test_previews_cost_the_same_whatever_they_show(
    draft, chair, of_chair, rows, django_assert_num_queries
):
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    many(
        AmendmentFactory, rows, block=draft.blocks.get(key="b3"), agency=agencies, author=chair,
        number=list(range(1, rows + 1)), proposed_text=[f"{CARE} {n}" for n in range(rows)],
    )  # fmt: skip
    of_chair.get(url("issue", draft))

    with django_assert_num_queries(12):
        of_chair.get(url("issue", draft))


@pytest.mark.parametrize("rows", ROWS)
def test_the_preview_of_an_adoption_costs_the_same(
    terms, chair, of_chair, rows, django_assert_num_queries
):
    step = in_clearance()
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    many(
        AmendmentFactory, rows, block=step.draft.blocks.get(key="b3"), agency=agencies, author=chair,
        number=list(range(1, rows + 1)), proposed_text=[f"{CARE} {n}" for n in range(rows)],
    )  # fmt: skip
    of_chair.get(url("act", step.draft, "adopt"))

    with django_assert_num_queries(13):
        of_chair.get(url("act", step.draft, "adopt"))
