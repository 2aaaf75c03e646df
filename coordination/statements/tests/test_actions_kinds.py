"""New paragraphs and deletions: proposed, taken, adapted, undone, issued."""

import pytest
from django.db import IntegrityError, transaction

from coordination.core.errors import NotAllowed, Stale
from coordination.statements.actions import amendments, drafts, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StatementState
from coordination.statements.errors import (
    AlreadyAmended,
    AmendmentsOpen,
    BlockSettled,
    NothingChanged,
    NothingRecognised,
    ReasonMissing,
)
from coordination.statements.models import Amendment, Settlement
from coordination.statements.queries import merged_text
from coordination.statements.queries.amendments import open_amendments, returned_amendments
from coordination.statements.queries.drafts import (
    blocks_with_settlements,
    next_draft_blocks,
    rebased_text,
)
from coordination.statements.queries.paragraphs import as_proposed, block_views
from coordination.statements.tests.factories import DEADLINE, AmendmentFactory, circulated
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
CARE = "Call upon States to ensure that migrants in transit have access to health care;"
CHILDREN = "Protect children first;"
INSERT = AmendmentInput(CHILDREN, "They are on the move too.", AmendmentKind.INSERT)
DELETE = AmendmentInput("", "Said elsewhere.", AmendmentKind.DELETE)


@pytest.fixture
def open_block(terms):
    return circulated().blocks.get(key="b3")


@pytest.fixture
def block(terms):
    return circulated(StatementState.CONSOLIDATION).blocks.get(key="b3")


def new_after(block, agency, text=CHILDREN, **fields):
    return AmendmentFactory(
        block=block,
        agency=agency,
        kind=AmendmentKind.INSERT,
        block_kind=BlockKind.OPERATIVE,
        proposed_text=text,
        **fields,
    )


def deletion(block, agency):
    return AmendmentFactory(block=block, agency=agency, kind=AmendmentKind.DELETE, proposed_text="")


def texts_issued(draft):
    return [block.text for block in next_draft_blocks(draft, blocks_with_settlements(draft))]


def test_an_agency_proposes_several_new_paragraphs_and_one_change_of_words(
    open_block, unfpa, focal_point
):
    first = amendments.amend(open_block, INSERT, agency=unfpa, by=focal_point, at=NOW)
    second = amendments.amend(open_block, INSERT, agency=unfpa, by=focal_point, at=NOW)
    gone = amendments.amend(open_block, DELETE, agency=unfpa, by=focal_point, at=NOW)

    assert [(each.kind, each.proposed_text, each.block_kind) for each in (first, second, gone)] == [
        ("insert", CHILDREN, open_block.kind),
        ("insert", CHILDREN, open_block.kind),
        ("delete", "", ""),
    ]
    with pytest.raises(AlreadyAmended):
        amendments.amend(
            open_block,
            AmendmentInput("Urge States;", "Why."),
            agency=unfpa,
            by=focal_point,
            at=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        deletion(open_block, unfpa)


def test_a_new_paragraph_after_the_title_is_no_title(open_block, unfpa, focal_point):
    title = open_block.draft.blocks.get(key="b1")

    assert (
        amendments.amend(title, INSERT, agency=unfpa, by=focal_point, at=NOW).block_kind
        == BlockKind.BODY
    )


@pytest.mark.parametrize(
    ("proposal", "error"),
    [
        (AmendmentInput(" ", "Why.", AmendmentKind.INSERT), NothingChanged),
        (AmendmentInput("New;", " ", AmendmentKind.INSERT), ReasonMissing),
        (AmendmentInput("", "", AmendmentKind.DELETE), ReasonMissing),
    ],
)
def test_words_and_a_reason_are_asked_for(open_block, unfpa, focal_point, proposal, error):
    with pytest.raises(error):
        amendments.amend(open_block, proposal, agency=unfpa, by=focal_point, at=NOW)
    assert Amendment.objects.count() == 0


def test_a_change_of_words_may_become_a_deletion_a_new_paragraph_stays_one(
    open_block, unfpa, focal_point
):
    words = amendments.amend(
        open_block, AmendmentInput("Urge States;", "Why."), agency=unfpa, by=focal_point, at=NOW
    )
    new = amendments.amend(open_block, INSERT, agency=unfpa, by=focal_point, at=NOW)

    words = amendments.edit_amendment(words, DELETE, version=words.version, by=focal_point, at=NOW)
    assert (words.kind, words.proposed_text, words.rationale) == ("delete", "", "Said elsewhere.")
    with pytest.raises(NothingChanged):
        amendments.edit_amendment(new, DELETE, version=new.version, by=focal_point, at=NOW)


def test_a_deletion_collides_with_every_change_of_words(block, unfpa, ohchr, chair):
    gone, words = (
        deletion(block, unfpa),
        AmendmentFactory(
            block=block, agency=ohchr, proposed_text=CARE.replace("Call upon", "Urge")
        ),
    )

    [clash] = merged_text.merge_amendments(block.text, [gone, words]).conflicts
    assert set(clash.ids) == {gone.pk, words.pk}
    settlements.take(words, version=1, by=chair, at=NOW)
    with pytest.raises(BlockSettled):
        settlements.take(gone, version=1, by=chair, at=NOW)


def test_two_deletions_are_one_and_undone_together(block, unfpa, ohchr, chair):
    one, other = deletion(block, unfpa), deletion(block, ohchr)

    settlements.take(one, version=1, by=chair, at=NOW)

    assert Settlement.objects.get().text == ""
    assert {each.state for each in Amendment.objects.all()} == {AmendmentState.TAKEN}
    assert CARE not in texts_issued(block.draft)
    settlements.unsettle(block, version=block.settlement.version, by=chair, at=NOW)
    assert {each.state for each in Amendment.objects.all()} == {AmendmentState.OPEN}
    assert CARE in texts_issued(block.draft)
    assert other.pk


def test_new_paragraphs_stand_where_they_were_proposed_equal_ones_once(
    block, unfpa, ohchr, who, chair
):
    first = new_after(block, unfpa)
    same, other = new_after(block, ohchr), new_after(block, who, "Protect women first;")

    settlements.take(first, version=1, by=chair, at=NOW)
    same.refresh_from_db()
    assert same.state == AmendmentState.TAKEN
    settlements.take(other, version=1, by=chair, at=NOW)
    [view] = [view for view in block_views(block.draft) if view.block == block]
    assert view.has_order_to_settle
    assert [(each.label, each.is_in_text) for each in view.insertions] == [
        ("OP 1 bis", True),
        ("OP 1 ter", True),
        ("OP 1 quater", True),
    ]

    new = drafts.issue_draft(
        block.draft.statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
    )
    assert [(b.key, b.text) for b in new.blocks.all()][2:] == [
        ("b3", CARE),
        ("b5", CHILDREN),
        ("b6", "Protect women first;"),
        ("b4", "Commit ourselves to support States in giving effect to the present statement."),
    ]


def test_the_chair_puts_rival_new_paragraphs_in_order(block, unfpa, ohchr, who, chair, focal_point):
    first, second, third = (
        new_after(block, agency, text)
        for agency, text in ((unfpa, "One;"), (ohchr, "Two;"), (who, "Three;"))
    )
    with pytest.raises(NotAllowed):
        settlements.move_insertion_up(third, version=1, by=focal_point, at=NOW)
    with pytest.raises(NothingChanged):
        settlements.move_insertion_up(first, version=1, by=chair, at=NOW)
    with pytest.raises(NothingChanged):
        settlements.move_insertion_up(
            AmendmentFactory(block=block, agency=who), version=1, by=chair, at=NOW
        )

    settlements.move_insertion_up(third, version=1, by=chair, at=NOW)

    with pytest.raises(Stale):
        settlements.move_insertion_up(third, version=1, by=chair, at=NOW)
    settlements.move_insertion_up(third, version=2, by=chair, at=NOW)
    places = {each.proposed_text: each.place for each in Amendment.objects.filter(kind="insert")}
    assert places == {"Three;": 1, "One;": 2, "Two;": 3}
    settlements.decline(second, reason="No.", version=1, by=chair, at=NOW)
    [view] = [view for view in block_views(block.draft) if view.block == block]
    order = [each.note.amendment.proposed_text for each in view.insertions]
    assert [each for each in order if each != "Two;"] == ["Three;", "One;"]
    as_they_came = next(
        view for view in as_proposed(block_views(block.draft)) if view.block == block
    )
    assert [each.note.amendment.proposed_text for each in as_they_came.insertions] == [
        "One;",
        "Two;",
        "Three;",
    ]
    for each in (first, third):
        each.refresh_from_db()
        settlements.take(each, version=each.version, by=chair, at=NOW)
    assert texts_issued(block.draft)[2:5] == [CARE, "Three;", "One;"]


def test_a_new_paragraph_outlives_the_one_before_it(block, unfpa, ohchr, chair):
    new_after(block, unfpa)
    deletion(block, ohchr)

    taken = settlements.take_all_mergeable(block.draft, by=chair, at=NOW)

    assert len(taken) == 2
    assert texts_issued(block.draft)[2:] == [
        CHILDREN,
        "Commit ourselves to support States in giving effect to the present statement.",
    ]


def test_take_all_takes_new_paragraphs_where_the_words_are_the_chairs_own(
    block, unfpa, ohchr, chair
):
    settlements.adapt(block, text="Urge all States;", reason="", version=0, by=chair, at=NOW)
    new, words = (
        new_after(block, unfpa),
        AmendmentFactory(block=block, agency=ohchr, proposed_text="Invite States;"),
    )

    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == [new]
    words.refresh_from_db()
    assert (words.state, Settlement.objects.get().text) == (AmendmentState.OPEN, "Urge all States;")


def test_the_chair_adapts_a_new_paragraph_and_undoes_it(block, unfpa, chair):
    new = new_after(block, unfpa)

    with pytest.raises(ReasonMissing):
        settlements.adapt_insertion(
            new, text="Protect all children;", reason=" ", version=1, by=chair, at=NOW
        )
    with pytest.raises(NothingChanged):
        settlements.adapt_insertion(new, text=CHILDREN, reason="Why.", version=1, by=chair, at=NOW)
    adapted = settlements.adapt_insertion(
        new, text="Protect all children;", reason="Shorter.", version=1, by=chair, at=NOW
    )

    assert (adapted.state, adapted.text, adapted.proposed_text) == (
        AmendmentState.ADAPTED,
        "Protect all children;",
        CHILDREN,
    )
    assert "Protect all children;" in texts_issued(block.draft)
    settlements.unsettle(block, version=0, by=chair, at=NOW)
    assert Amendment.objects.get().state == AmendmentState.ADAPTED
    undone = settlements.reopen(adapted, version=adapted.version, by=chair, at=NOW)
    assert (undone.state, undone.text) == (AmendmentState.OPEN, CHILDREN)


def test_outside_the_chair_nobody_sees_what_is_settled_of_a_new_paragraph(block, unfpa, chair):
    settlements.adapt_insertion(
        new_after(block, unfpa), text="Protect all;", reason="Shorter.", version=1, by=chair, at=NOW
    )

    [view] = [view for view in as_proposed(block_views(block.draft)) if view.block == block]

    [insertion] = view.insertions
    note = insertion.note
    assert (
        note.display_state,
        note.segments[0].text,
        note.amendment.shown_reason,
        insertion.is_in_text,
    ) == (
        "open",
        CHILDREN,
        "",
        False,
    )


def test_a_statement_keeps_a_paragraph(block, unfpa, chair):
    for each in block.draft.blocks.all():
        settlements.take(deletion(each, unfpa), version=1, by=chair, at=NOW)

    with pytest.raises(NothingRecognised):
        drafts.issue_draft(
            block.draft.statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
        )
    assert block.draft.statement.drafts.count() == 1


class TestCarriedOn:
    """What is open when the chair issues another draft for amendments."""

    @pytest.fixture(autouse=True)
    def _others(self, ohchr, chair, block):
        settlements.take(
            AmendmentFactory(
                block=block, agency=ohchr, proposed_text=CARE.replace("Call upon", "Urge")
            ),
            version=1,
            by=chair,
            at=NOW,
        )

    def issue(self, block, chair, to=StatementState.AMENDMENTS):
        return drafts.issue_draft(block.draft.statement, to=to, deadline=DEADLINE, by=chair, at=NOW)

    def test_other_words_are_carried_on_to_their_place(self, block, unfpa, chair, focal_point):
        old = AmendmentFactory(
            block=block,
            agency=unfpa,
            author=focal_point,
            proposed_text=CARE.replace("health care", "health care and education"),
        )

        new = self.issue(block, chair)

        [carried] = open_amendments(new)
        assert (
            carried.proposed_text
            == "Urge States to ensure that migrants in transit have access to health care and education;"
        )
        assert (carried.agency, carried.author, carried.rationale, carried.proposed_at) == (
            unfpa,
            focal_point,
            old.rationale,
            old.proposed_at,
        )
        assert carried.carried_from == old
        old.refresh_from_db()
        assert (old.state, old.settled_by) == (AmendmentState.CARRIED, chair)

    def test_what_changes_the_same_words_is_returned_and_can_be_proposed_anew(
        self, block, unfpa, chair, focal_point
    ):
        old = AmendmentFactory(
            block=block, agency=unfpa, proposed_text=CARE.replace("Call upon", "Request")
        )

        new = self.issue(block, chair)

        assert list(open_amendments(new)) == []
        [returned] = returned_amendments(new, [unfpa])
        assert (returned, returned.state, returned.shown_reason) == (
            old,
            AmendmentState.RETURNED,
            "The words that it changes have changed in the new draft.",
        )
        here = new.blocks.select_related("draft").get(key="b3")
        assert rebased_text(returned, [here])[0].startswith("Request States")
        again = AmendmentInput(rebased_text(returned, [here])[0], "Still.", renews=returned)
        renewed = amendments.amend(here, again, agency=unfpa, by=focal_point, at=NOW)
        assert renewed.carried_from == old
        assert returned_amendments(new, [unfpa]) == []

    def test_what_the_new_draft_has_already_is_taken(self, block, unfpa, chair):
        same = AmendmentFactory(
            block=block, agency=unfpa, proposed_text=CARE.replace("Call upon", "Urge")
        )

        self.issue(block, chair)

        same.refresh_from_db()
        assert (same.state, same.shown_reason) == (
            AmendmentState.TAKEN,
            "The new draft has it already.",
        )

    def test_deletions_and_new_paragraphs(self, block, unfpa, who, chair):
        kept = block.draft.blocks.get(key="b4")
        new_after(block, unfpa), deletion(kept, unfpa)
        changed, lost = deletion(block, who), new_after(kept, who, "Adopt this;")
        title = block.draft.blocks.get(key="b1")
        settlements.take(deletion(title, unfpa), version=1, by=chair, at=NOW)
        orphan = new_after(title, who, "In Geneva")

        new = self.issue(block, chair)

        assert [(each.kind, each.block.key, each.text) for each in open_amendments(new)] == [
            ("insert", "b3", CHILDREN),
            ("delete", "b4", ""),
            ("insert", "b4", "Adopt this;"),
        ]
        assert lost.pk
        assert [each.pk for each in returned_amendments(new, [who])] == [orphan.pk, changed.pk]

    def test_clearance_asks_to_settle_all_first(self, block, unfpa, chair):
        new_after(block, unfpa)

        with pytest.raises(AmendmentsOpen):
            self.issue(block, chair, StatementState.CLEARANCE)
