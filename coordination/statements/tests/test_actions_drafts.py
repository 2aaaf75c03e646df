"""Starting, preparing, circulating, issuing."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import amendments, drafts, settlements
from coordination.statements.actions.drafts import StatementInput
from coordination.statements.enums import AmendmentState, BlockKind, StatementState
from coordination.statements.errors import (
    AmendmentsOpen,
    DeadlineNotAhead,
    DraftCirculated,
    NothingRecognised,
    WrongState,
)
from coordination.statements.models import Block, Statement
from coordination.statements.queries.drafts import blocks_of, compared_blocks
from coordination.statements.tests.factories import (
    DEADLINE,
    TEXT,
    AmendmentFactory,
    BlockFactory,
    DraftFactory,
    circulated,
    drafted,
)
from coordination.tests.cast import NOW
from coordination.textkit import canonical

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)


def start(chair, text=TEXT) -> Statement:
    return drafts.start_statement("Migrants in transit", text=text, by=chair, at=NOW)


def test_start_recognises_blocks_and_keeps_draft_1_in_preparation(chair):
    statement = start(chair)

    draft = statement.drafts.get()
    assert (statement.symbol, statement.slug, statement.state) == (
        "GMG/2026/ST/1",
        "2026-01-migrants-in-transit",
        "drafting",
    )
    assert [(b.key, b.kind) for b in draft.blocks.all()] == [
        ("b1", "title"),
        ("b2", "preambular"),
        ("b3", "operative"),
        ("b4", "operative"),
    ]
    assert (draft.number, draft.circulated_at, draft.sha256) == (1, None, "")
    assert statement.history.get().history_user == chair


def test_start_numbers_each_year_on(chair):
    start(chair)

    assert start(chair).symbol == "GMG/2026/ST/2"


def test_start_before_reference_data_is_loaded(chair, group):
    group.delete()

    assert start(chair).symbol == "GROUP/2026/ST/1"


def test_start_needs_words(chair):
    with pytest.raises(NothingRecognised) as refused:
        start(chair, "\u200b \n ")

    assert refused.value.field == "text"


def test_title_and_occasion_are_kept_as_they_can_be_read(chair):
    framing = StatementInput(occasion="Migrants\x0bDay\uffff")

    statement = drafts.start_statement(
        "On transit:\x0bwomen \ufffefirst", text="", by=chair, at=NOW, details=framing
    )

    assert (statement.title, statement.occasion) == ("On transit: women first", "Migrants Day")
    assert statement.slug == "2026-01-on-transit-women-first"
    with pytest.raises(NothingRecognised) as refused:
        drafts.start_statement("\u200b", text="Words.", by=chair, at=NOW)
    assert refused.value.field == "title"


def test_a_statement_begins_with_its_title_alone(chair):
    draft = start(chair, "").drafts.get()

    assert [(block.kind, block.text) for block in draft.blocks.all()] == [
        ("title", "Migrants in transit")
    ]


def test_a_paragraph_is_added_after_another(chair):
    draft = start(chair).drafts.get()

    block = drafts.add_block(
        draft.blocks.get(key="b2"), text=" New one. ", kind=BlockKind.BODY, by=chair, at=NOW
    )

    assert [each.key for each in blocks_of(draft)] == ["b1", "b2", "b5", "b3", "b4"]
    assert (block.text, block.kind, recorded_reason(block.history.get())) == (
        "New one.",
        "body",
        "Added before circulation",
    )
    with pytest.raises(NothingRecognised):
        drafts.add_block(block, text=" ", kind=BlockKind.BODY, by=chair, at=NOW)


def test_only_the_chair_starts(focal_point, terms):
    with pytest.raises(NotAllowed) as refused:
        start(focal_point)

    assert "The chair is UNESCO until 31 December 2026." in refused.value.message


def test_powers_move_at_midnight_of_the_groups_zone(chair, incoming_chair):
    """UNESCO may until 23:59 of 31 December in Geneva, WHO from 00:00 of 1 January, which is 23:00 UTC."""
    last = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)

    assert drafts.start_statement("Before", text=TEXT, by=chair, at=last).started_by == chair
    with pytest.raises(NotAllowed):
        drafts.start_statement("Before", text=TEXT, by=incoming_chair, at=last)
    first = last + timedelta(seconds=1)
    with pytest.raises(NotAllowed) as refused:
        drafts.start_statement("After", text=TEXT, by=chair, at=first)
    assert "The chair passed from UNESCO to WHO on 1 January 2027" in refused.value.message
    assert (
        drafts.start_statement("After", text=TEXT, by=incoming_chair, at=first).symbol
        == "GMG/2027/ST/1"
    )


def edit(block, chair, **changes):
    fields = {"text": "Another text", "kind": BlockKind.HEADING, "version": block.version} | changes
    return drafts.edit_block(block, **fields, by=chair, at=NOW)


def test_edit_block_keeps_what_stood_before(chair):
    block = drafted().blocks.get(key="b2")

    saved = edit(block, chair)

    assert (saved.text, saved.kind, saved.version) == ("Another text", "heading", 2)
    assert [record.text for record in saved.history.all()] == ["Another text", block.text]


def test_edit_block_of_two_people_shows_the_second_what_is_saved(chair, chair_colleague):
    block = drafted().blocks.get(key="b2")
    edit(block, chair)

    with pytest.raises(Stale) as lost:
        edit(block, chair_colleague, text="Mine")

    assert lost.value.current.text == "Another text"


def test_edit_block_needs_words(chair):
    with pytest.raises(NothingRecognised):
        edit(drafted().blocks.get(key="b2"), chair, text="\n")


def test_a_circulated_draft_never_changes(chair):
    draft = circulated()
    block = draft.blocks.get(key="b2")

    for act in (
        lambda: edit(block, chair),
        lambda: drafts.remove_block(block, version=1, by=chair, at=NOW),
        lambda: drafts.paste_text(draft, text=TEXT, version=1, by=chair, at=NOW),
        lambda: drafts.circulate_draft(draft, deadline=LATER, by=chair, at=NOW),
    ):
        with pytest.raises(DraftCirculated):
            act()


def test_a_withdrawn_statement_is_not_prepared_further(chair):
    with pytest.raises(WrongState):
        edit(drafted(state=StatementState.WITHDRAWN).blocks.get(key="b2"), chair)


def test_remove_block_leaves_its_words_in_the_history(chair):
    draft = drafted()
    block = draft.blocks.get(key="b2")

    drafts.remove_block(block, version=1, by=chair, at=NOW)

    assert list(draft.blocks.values_list("key", flat=True)) == ["b1", "b3", "b4"]
    assert Block.history.filter(id=block.pk).latest().text == block.text


def test_the_last_block_stays(chair):
    block = BlockFactory(draft=DraftFactory())

    with pytest.raises(NothingRecognised):
        drafts.remove_block(block, version=1, by=chair, at=NOW)


def test_a_pasted_text_keeps_the_keys_of_what_it_has_too(chair):
    draft = drafted()
    title, recalling, call, commit = (block.text for block in draft.blocks.all())
    stale = draft.blocks.get(key="b3")

    edited = call.replace("health care", "health care and to schools")
    drafts.paste_text(
        draft,
        text=f"{title}\n\n{commit}\n\nA new paragraph.\n\n{edited}",
        version=1,
        by=chair,
        at=NOW,
    )

    assert list(draft.blocks.values_list("key", "text", "position")) == [
        ("b1", title, 1),
        ("b4", commit, 2),
        ("b5", "A new paragraph.", 3),
        ("b3", edited, 4),
    ]
    assert next(step.history_type for step in Block.history.filter(key="b2")) == "-"
    assert [step.text for step in Block.history.filter(key="b3")] == [edited, call]
    assert Block.history.filter(key="b1").count() == 1
    with pytest.raises(Stale):
        drafts.edit_block(
            stale, text="Mine;", kind=BlockKind.OPERATIVE, version=stale.version, by=chair, at=NOW
        )
    assert recalling not in [block.text for block in draft.blocks.all()]


def test_paste_text_recognises_anew_under_new_keys(chair):
    draft = drafted()

    saved = drafts.paste_text(draft, text="One.\n\nTwo.", version=1, by=chair, at=NOW)

    assert list(saved.blocks.values_list("key", "text")) == [("b5", "One."), ("b6", "Two.")]
    with pytest.raises(Stale):
        drafts.paste_text(draft, text="Three.", version=1, by=chair, at=NOW)


def test_circulate_fixes_the_hash_and_opens_amendments(chair):
    draft = drafts.circulate_draft(drafted(), deadline=LATER, by=chair, at=NOW)

    assert draft.sha256 == canonical.fingerprint(draft.blocks.all())
    assert (draft.circulated_at, draft.circulated_by) == (NOW, chair)
    assert (draft.statement.state, draft.statement.amendments_until) == (
        StatementState.AMENDMENTS,
        LATER,
    )


def test_the_deadline_lies_ahead(chair):
    with pytest.raises(DeadlineNotAhead) as refused:
        drafts.circulate_draft(drafted(), deadline=NOW, by=chair, at=NOW)

    assert refused.value.field == "deadline"


def test_only_the_chair_circulates(focal_point, terms):
    with pytest.raises(NotAllowed):
        drafts.circulate_draft(drafted(), deadline=LATER, by=focal_point, at=NOW)


def issue(draft, chair, to=StatementState.CLEARANCE):
    return drafts.issue_draft(draft.statement, to=to, deadline=LATER, by=chair, at=NOW)


def test_issue_for_clearance_opens_the_first_step(chair):
    draft = issue(circulated(StatementState.CONSOLIDATION), chair)

    step = draft.steps.get()
    assert (draft.number, draft.circulated_at, draft.statement.state) == (
        2,
        NOW,
        StatementState.CLEARANCE,
    )
    assert (step.level, step.position, step.deadline, step.closed_at) == (
        "working_level",
        1,
        LATER,
        None,
    )


def test_issue_keeps_keys_and_takes_the_settled_text(chair, focal_point, unfpa):
    old = circulated(StatementState.CONSOLIDATION)
    amendment = AmendmentFactory(
        block=old.blocks.get(key="b3"),
        agency=unfpa,
        author=focal_point,
        proposed_text="Call upon all States;",
    )
    settlements.take(amendment, version=1, by=chair, at=NOW)

    new = issue(old, chair)

    assert [b.key for b in new.blocks.all()] == ["b1", "b2", "b3", "b4"]
    assert new.blocks.get(key="b3").text == "Call upon all States;"
    assert old.blocks.get(key="b3").text.startswith("Call upon States to ensure")
    assert new.sha256 == canonical.fingerprint(new.blocks.all()) != old.sha256


def test_issue_for_another_round_of_amendments(chair):
    draft = issue(circulated(StatementState.CONSOLIDATION), chair, to=StatementState.AMENDMENTS)

    assert (draft.statement.state, draft.statement.amendments_until) == (
        StatementState.AMENDMENTS,
        LATER,
    )
    assert list(draft.steps.all()) == []


def test_issue_asks_to_settle_every_amendment_first(chair):
    draft = circulated(StatementState.CONSOLIDATION)
    AmendmentFactory(block=draft.blocks.get(key="b3"))
    AmendmentFactory(block=draft.blocks.get(key="b2"), state=AmendmentState.DECLINED)

    with pytest.raises(AmendmentsOpen) as refused:
        issue(draft, chair)

    assert (
        refused.value.message == "Settle every amendment first: 1 are neither taken nor declined."
    )


def test_issue_in_another_state_is_refused(chair):
    with pytest.raises(WrongState):
        issue(circulated(), chair)


def test_the_hash_can_be_computed_again_from_the_plain_text(chair):
    draft = drafts.circulate_draft(drafted(), deadline=DEADLINE, by=chair, at=NOW)
    same_draft = DraftFactory(number=9)
    for block in draft.blocks.all():
        BlockFactory(
            draft=same_draft, position=block.position, kind=BlockKind.BODY, text=block.text
        )

    assert canonical.fingerprint(same_draft.blocks.all()) == draft.sha256


def test_a_key_is_never_given_twice(chair, unfpa):
    """The last paragraph goes in draft 2; what comes in draft 3 is not taken for it."""
    draft = circulated(StatementState.CONSOLIDATION)
    last = AmendmentFactory(
        block=draft.blocks.get(key="b4"), agency=unfpa, kind="delete", proposed_text=""
    )
    settlements.take(last, version=1, by=chair, at=NOW)
    second = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=LATER, by=chair, at=NOW
    )
    amendments.close_amendments(draft.statement, by=chair, at=NOW)
    new = AmendmentFactory(
        block=second.blocks.get(key="b3"),
        agency=unfpa,
        kind="insert",
        proposed_text="New;",
        block_kind="operative",
    )
    settlements.take(new, version=1, by=chair, at=NOW)

    third = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=LATER, by=chair, at=NOW
    )

    assert [block.key for block in blocks_of(third)] == ["b1", "b2", "b3", "b5"]
    pairs = compared_blocks(blocks_of(draft), blocks_of(third))
    assert [(pair.key, pair.state) for pair in pairs][-2:] == [("b4", "gone"), ("b5", "new")]
