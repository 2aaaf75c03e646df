"""What was proposed to each block of a draft, as its page shows it."""

import pytest

from coordination.statements.actions import settlements
from coordination.statements.enums import (
    AmendmentState,
    StatementState,
)
from coordination.statements.queries.amendments import open_amendments, own_open_amendment
from coordination.statements.queries.block_views import AmendmentConflict, excerpt
from coordination.statements.queries.drafts import (
    blocks_with_settlements,
    next_draft_blocks,
)
from coordination.statements.queries.outcomes import settled_amendments
from coordination.statements.queries.paragraphs import amendment_counts, as_proposed, block_views
from coordination.statements.tests.factories import (
    AmendmentFactory,
    circulated,
)
from coordination.tests.cast import NOW
from coordination.textkit.segmentation import Segment

pytestmark = pytest.mark.django_db


# amendments


def test_amendments_by_block_shows_the_only_amendment_in_its_text(unfpa):
    draft = circulated()
    first = draft.blocks.get(key="b4")
    amendment = AmendmentFactory(
        block=first, agency=unfpa, proposed_text=first.text.replace("States", "all States")
    )
    AmendmentFactory(block=first, state=AmendmentState.WITHDRAWN)

    views = block_views(draft)

    assert [(view.label, len(view.notes)) for view in views] == [
        ("Title", 0),
        ("PP 1", 0),
        ("OP 1", 0),
        ("OP 2", 1),
    ]
    note = views[3].notes[0]
    assert (note.number, note.amendment, note.display_state, views[3].has_conflict) == (
        1,
        amendment,
        "open",
        False,
    )
    assert Segment("insert", "all ") in views[3].merged_segments
    assert amendment_counts(views) == {
        "all": 1, "agencies": 1, "conflicts": 0, "touching": 0, "typographic": 0, "clean": 1, "open": 1, "taken": 0, "adapted": 0, "declined": 0, "withdrawn": 0, "carried": 0, "returned": 0, "lapsed": 0,
    }  # fmt: skip


def test_two_open_amendments_to_a_block_are_a_conflict_equal_words_are_not(unfpa, ohchr, who):
    draft = circulated()
    meets, agrees = draft.blocks.get(key="b3"), draft.blocks.get(key="b4")
    AmendmentFactory(block=meets, agency=unfpa, proposed_text="One;")
    AmendmentFactory(block=meets, agency=ohchr, proposed_text="Two;")
    for agency in (unfpa, who):
        AmendmentFactory(block=agrees, agency=agency, proposed_text="Same.")

    views = block_views(draft)

    assert [view.has_conflict for view in views] == [False, False, True, False]
    assert [note.display_state for note in views[2].notes] == ["conflict", "conflict"]
    assert views[2].merged_segments == (Segment("keep", meets.text),)
    assert [amendment.agency for amendment in open_amendments(draft)] == [
        unfpa,
        ohchr,
        unfpa,
        who,
    ]
    assert own_open_amendment(meets, unfpa).proposed_text == "One;"
    assert own_open_amendment(meets, who) is None


def test_amendments_collide_by_words_not_by_blocks(unfpa, ohchr, who):
    draft = circulated()
    block = draft.blocks.get(key="b3")
    AmendmentFactory(
        block=block,
        agency=unfpa,
        proposed_text=block.text.replace("migrants", "women and other migrants"),
    )
    AmendmentFactory(
        block=block, agency=ohchr, proposed_text=block.text.replace("health care", "mental care")
    )
    AmendmentFactory(
        block=block, agency=who, proposed_text=block.text.replace("health care", "public services")
    )

    view = block_views(draft)[2]

    assert [note.display_state for note in view.notes] == ["open", "conflict", "conflict"]
    assert view.conflicts == (AmendmentConflict((2, 3), "health care"),)
    assert "".join(
        segment.text for segment in view.merged_segments if segment.kind != "delete"
    ) == block.text.replace("migrants", "women and other migrants")
    assert amendment_counts([view])["clean"] == 1


def test_what_the_chair_settles_is_not_shown_as_proposed(unfpa, ohchr, chair):
    draft = circulated(StatementState.CONSOLIDATION)
    here = draft.blocks.get(key="b3")
    taken = AmendmentFactory(block=here, agency=unfpa, proposed_text="Call upon all States;")
    declined = AmendmentFactory(block=draft.blocks.get(key="b4"), agency=ohchr, proposed_text="No.")
    settlements.take(taken, version=1, by=chair, at=NOW)
    settlements.decline(declined, reason="Not now.", version=1, by=chair, at=NOW)

    views = block_views(draft)
    assert views[2].settlement.text == "Call upon all States;"
    assert [note.display_state for view in views for note in view.notes] == ["settled", "declined"]
    settled = {
        block.key: block.text for block in next_draft_blocks(draft, blocks_with_settlements(draft))
    }
    assert (settled["b1"], settled["b3"]) == (views[0].block.text, "Call upon all States;")

    outside = as_proposed(views)
    assert [note.display_state for view in outside for note in view.notes] == ["open", "open"]
    assert outside[2].settlement is None
    assert [note.amendment.settled_reason for view in outside for note in view.notes] == ["", ""]
    assert list(settled_amendments([draft])) == [taken, declined]


@pytest.mark.parametrize(
    ("segments", "shown"),
    [
        (
            [("keep", "one two three four five "), ("insert", "new")],
            ["… two three four five ", "new"],
        ),
        (
            [("delete", "old"), ("keep", " one two three four five")],
            ["old", " one two three four …"],
        ),
        (
            [("insert", "a"), ("keep", " 1 2 3 4 5 6 7 8 9 "), ("insert", "b")],
            ["a", " 1 2 3 4 … 6 7 8 9 ", "b"],
        ),
        (
            [("keep", "one two "), ("insert", "new"), ("keep", " three")],
            ["one two ", "new", " three"],
        ),
    ],
)
def test_excerpt_keeps_some_words_around_a_change(segments, shown):
    assert [
        segment.text for segment in excerpt([Segment(kind, text) for kind, text in segments])
    ] == shown
