"""Paragraphs that the chair moves, splits and joins after circulation."""

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import arrangement, drafts, settlements
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.errors import NothingChanged
from coordination.statements.models import ParagraphOrder, PreparedAmendment
from coordination.statements.queries import origins
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    circulated,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db

CARE = "Call upon States to ensure that migrants in transit have access to health care;"


@pytest.fixture
def draft(terms):
    return circulated(StatementState.CONSOLIDATION)


def block(draft, key):
    return draft.blocks.get(key=key)


def issue(draft, chair):
    return drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )


def texts(draft):
    return [each.text for each in draft.blocks.order_by("position")]


def move(each, chair, *, up, version=0):
    return arrangement.move_paragraph(each, up=up, version=version, by=chair, at=NOW)


def join(each, chair, version=0):
    return arrangement.join_to_previous(each, version=version, by=chair, at=NOW)


def split(each, chair, *words):
    text = each.text
    for word in words:
        text = text.replace(f" {word}", f"\n\n{word}")
    return settlements.adapt(each, text=text, reason="", version=0, by=chair, at=NOW)


def amendment(draft, agency, key, old, new):
    each = block(draft, key)
    return AmendmentFactory(block=each, agency=agency, proposed_text=each.text.replace(old, new))


def test_a_paragraph_moves_in_the_next_draft_with_its_amendments(draft, unfpa, chair):
    before = texts(draft)
    ours = amendment(draft, unfpa, "b4", "Commit", "Firmly commit")

    order = move(block(draft, "b4"), chair, up=True)
    assert texts(draft) == before
    assert recorded_reason(order.history.first()) == "Put in order"
    second = issue(draft, chair)

    assert texts(second) == [before[0], before[1], before[3], before[2]]
    carried = second.blocks.get(key="b4").amendments.get()
    assert (carried.carried_from, carried.proposed_text) == (ours, ours.proposed_text)


def test_the_order_is_restored(draft, chair):
    order = move(block(draft, "b4"), chair, up=True)

    arrangement.reset_order(draft, version=order.version, by=chair, at=NOW)

    assert not ParagraphOrder.objects.exists()
    assert texts(issue(draft, chair)) == texts(draft)


def test_the_title_stays_first_and_the_last_paragraph_last(draft, chair):
    for key, up in (("b1", True), ("b1", False), ("b2", True), ("b4", False)):
        with pytest.raises(NothingChanged, match="cannot move further"):
            move(block(draft, key), chair, up=up)


def test_of_two_who_move_at_once_the_second_sees_the_order_of_the_first(draft, chair):
    move(block(draft, "b4"), chair, up=True)

    with pytest.raises(ParagraphOrder.DoesNotExist):
        ParagraphOrder.objects.get(version=2)
    with pytest.raises(Stale):
        move(block(draft, "b3"), chair, up=True, version=7)


def test_only_the_chair_arranges(draft, focal_point):
    with pytest.raises(NotAllowed):
        move(block(draft, "b4"), focal_point, up=True)
    with pytest.raises(NotAllowed):
        join(block(draft, "b4"), focal_point)


def test_a_paragraph_joins_the_one_before_and_amendments_to_both_follow(draft, unfpa, ohchr, chair):
    before = texts(draft)
    one = amendment(draft, unfpa, "b3", "migrants", "all migrants")
    other = amendment(draft, ohchr, "b4", "support States", "support all States")

    join(block(draft, "b4"), chair)
    second = issue(draft, chair)

    joined = f"{before[2]} {before[3]}"
    assert texts(second) == [*before[:2], joined]
    assert [
        each.proposed_text for each in second.blocks.get(key="b3").amendments.order_by("pk")
    ] == [
        joined.replace("migrants in", "all migrants in"),
        joined.replace("support States", "support all States"),
    ]
    one.refresh_from_db()
    other.refresh_from_db()
    assert {one.state, other.state} == {AmendmentState.CARRIED}


def test_a_joined_paragraph_is_undone_beside_its_text(draft, chair):
    settlement = join(block(draft, "b4"), chair)

    settlements.unsettle(block(draft, "b4"), version=settlement.version, by=chair, at=NOW)

    assert texts(issue(draft, chair)) == texts(draft)


def test_only_a_paragraph_that_follows_another_is_joined(draft, chair):
    for key in ("b1", "b2"):
        with pytest.raises(NothingChanged, match="follows another"):
            join(block(draft, key), chair)


def test_an_empty_line_splits_a_paragraph_and_amendments_follow_their_words(
    draft, unfpa, ohchr, who, chair
):
    first = amendment(draft, unfpa, "b3", "Call upon", "Urge")
    second_half = amendment(draft, ohchr, "b3", "health care", "mental health care")
    both = AmendmentFactory(
        block=block(draft, "b3"),
        agency=who,
        proposed_text=CARE.replace("States", "all States").replace("care", "services"),
    )

    split(block(draft, "b3"), chair, "have")
    first.refresh_from_db()
    assert first.state == AmendmentState.OPEN
    second = issue(draft, chair)

    parts = ["Call upon States to ensure that migrants in transit", "have access to health care;"]
    assert texts(second)[2:4] == parts
    assert [each.kind for each in second.blocks.order_by("position")][2:4] == ["operative"] * 2
    carried = {
        each.agency: (each.block.text, each.proposed_text)
        for block in second.blocks.all()
        for each in block.amendments.select_related("agency", "block")
    }
    assert carried == {
        unfpa: (parts[0], parts[0].replace("Call upon", "Urge")),
        ohchr: (parts[1], parts[1].replace("health", "mental health")),
    }
    both.refresh_from_db()
    second_half.refresh_from_db()
    assert (both.state, second_half.state) == (AmendmentState.RETURNED, AmendmentState.CARRIED)


def test_a_private_draft_follows_its_words_into_a_split_paragraph(draft, unfpa, focal_point, chair):
    prepared = PreparedAmendment.objects.create(
        block=block(draft, "b3"),
        agency=unfpa,
        author=focal_point,
        proposed_text=CARE.replace("health care", "mental health care"),
        saved_at=NOW,
    )

    split(block(draft, "b3"), chair, "have")
    issue(draft, chair)

    prepared.refresh_from_db()
    assert prepared.block.text == "have access to health care;"
    assert prepared.proposed_text == "have access to mental health care;"


def test_words_keep_their_authors_when_paragraphs_are_split_and_joined(draft, unfpa, chair):
    ours = amendment(draft, unfpa, "b3", "health care", "sexual and reproductive health care")
    settlements.take(ours, version=1, by=chair, at=NOW)
    settlement = block(draft, "b3").settlement
    settlements.adapt(
        block(draft, "b3"),
        text=settlement.text.replace(" have", "\n\nhave"),
        reason="",
        version=settlement.version,
        by=chair,
        at=NOW,
    )
    ours.refresh_from_db()
    assert ours.state == AmendmentState.TAKEN
    join(block(draft, "b4"), chair)

    part = issue(draft, chair).blocks.order_by("position").last()

    assert part.text.startswith("have access to sexual and reproductive health care; Commit")
    assert [run.text.strip() for run in origins.origins_of(part) if run.agencies] == [
        "sexual and reproductive"
    ]


def test_the_chair_arranges_on_a_page_of_the_paragraph(of_chair, draft, now):
    page = url("arrange", draft, "b4")
    assert "Arrange" in of_chair.get(url("consolidate", draft)).content.decode()
    assert "Where OP 2 stands in the next draft" in of_chair.get(page).content.decode()

    versions = {"order": 0, "settlement": 0}
    assert of_chair.post(page, {"act": "up", **versions}).status_code == 302
    assert "Restore the order of this draft" in of_chair.get(page).content.decode()
    late = of_chair.post(page, {"act": "up", **versions})
    assert late.status_code == 409
    last = of_chair.post(page, {"act": "down", "order": 1, "settlement": 0})
    assert last.status_code == 302
    refused = of_chair.post(page, {"act": "down", "order": 2, "settlement": 0})
    assert refused.status_code == 422
    assert "This paragraph cannot move further." in refused.content.decode()
    joined = of_chair.post(page, {"act": "join", "order": 2, "settlement": 0}, follow=True)
    assert "It continues the paragraph before" in joined.content.decode()
    assert of_chair.post(page, {"act": "reset", "order": 2, "settlement": 0}).status_code == 302
    assert not ParagraphOrder.objects.exists()


def test_an_order_that_a_colleague_undid_is_not_moved_on(draft, chair):
    with pytest.raises(Stale, match="undid the order"):
        move(block(draft, "b4"), chair, up=True, version=1)


def test_without_an_order_there_is_nothing_to_restore(draft, chair):
    arrangement.reset_order(draft, version=0, by=chair, at=NOW)

    assert not ParagraphOrder.history.exists()


def test_a_settled_paragraph_is_joined_as_it_is_settled(draft, unfpa, chair):
    ours = amendment(draft, unfpa, "b4", "Commit", "Firmly commit")
    settlements.take(ours, version=1, by=chair, at=NOW)

    joined = join(block(draft, "b4"), chair, block(draft, "b4").settlement.version)

    assert joined.text.startswith("Firmly commit")


def test_a_private_draft_that_is_in_both_parts_of_a_split_paragraph_stays_whole(
    draft, unfpa, focal_point, chair
):
    text = CARE.replace("States", "all States").replace("care", "services")
    prepared = PreparedAmendment.objects.create(
        block=block(draft, "b3"), agency=unfpa, author=focal_point, proposed_text=text, saved_at=NOW
    )

    split(block(draft, "b3"), chair, "have")
    issue(draft, chair)

    prepared.refresh_from_db()
    assert (prepared.block.key, prepared.proposed_text) == ("b3", text)
