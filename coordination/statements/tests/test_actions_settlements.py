"""Take, decline, adapt, undo."""

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import settlements
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.errors import (
    AmendmentSettled,
    BlockSettled,
    NothingChanged,
    NotNewestDraft,
    ReasonMissing,
    WrongState,
)
from coordination.statements.models import Amendment, Settlement
from coordination.statements.queries import merged_text, paragraphs
from coordination.statements.tests.factories import (
    AmendmentFactory,
    DraftFactory,
    circulated,
    unfrozen,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(terms):
    return circulated(StatementState.CONSOLIDATION).blocks.get(key="b3")


@pytest.fixture
def two(block, unfpa, ohchr):
    """Return UNFPA's and OHCHR's amendments, which change the same words."""
    return (
        AmendmentFactory(block=block, agency=unfpa, proposed_text="Call upon all States;"),
        AmendmentFactory(block=block, agency=ohchr, proposed_text="Call upon most States;"),
    )


CARE = "Call upon States to ensure that migrants in transit have access to health care;"


@pytest.fixture
def apart(block, unfpa, ohchr):
    """Return UNFPA's and OHCHR's amendments to different words of one block."""
    return (
        AmendmentFactory(
            block=block,
            agency=unfpa,
            proposed_text=CARE.replace("migrants", "women and other migrants"),
        ),
        AmendmentFactory(
            block=block,
            agency=ohchr,
            proposed_text=CARE.replace("health", "mental and other health"),
        ),
    )


def take(amendment, chair):
    return settlements.take(amendment, version=amendment.version, by=chair, at=NOW)


def text_of(block):
    return Settlement.objects.get(block=block).text


def test_take_settles_the_block_on_its_text(block, two, chair):
    taken = take(two[0], chair)

    assert (taken.state, taken.settled_by, taken.settled_at) == (AmendmentState.TAKEN, chair, NOW)
    assert text_of(block) == "Call upon all States;"


def test_of_two_that_meet_the_second_cannot_be_taken(two, chair):
    take(two[0], chair)

    with pytest.raises(BlockSettled):
        take(two[1], chair)


def test_what_changes_other_words_is_taken_beside_the_first(block, apart, chair):
    take(apart[0], chair)
    assert text_of(block) == CARE.replace("migrants", "women and other migrants")

    take(apart[1], chair)

    assert text_of(block) == CARE.replace("migrants", "women and other migrants").replace(
        "health", "mental and other health"
    )


@pytest.fixture
def touching(block, unfpa, ohchr):
    """Return UNFPA's and OHCHR's amendments to words side by side."""
    return (
        AmendmentFactory(
            block=block, agency=unfpa, proposed_text=CARE.replace("migrants", "refugees")
        ),
        AmendmentFactory(
            block=block, agency=ohchr, proposed_text=CARE.replace("that", "that most")
        ),
    )


def test_amendments_that_touch_are_not_taken_with_all_others_but_one_by_one(block, touching, chair):
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []

    take(touching[0], chair)
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []
    take(touching[1], chair)

    assert text_of(block) == CARE.replace("that migrants", "that most refugees")
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []


def test_amendments_of_typography_alone_are_taken_as_one_group(block, apart, who, chair):
    quotes = AmendmentFactory(
        block=block, agency=who, proposed_text=CARE.replace("health care", "health care")
    )

    taken = settlements.take_all_mergeable(block.draft, by=chair, at=NOW, only_typography=True)

    assert taken == [quotes]
    assert text_of(block) == quotes.proposed_text
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == list(apart)


@pytest.fixture
def halves(block, unfpa, ohchr):
    """Return UNFPA's and OHCHR's amendments, of which each takes out the words that the other leaves; no space stands between them."""
    block.text = "保护人权"
    with unfrozen():
        block.save()
    return tuple(
        AmendmentFactory(block=block, agency=agency, proposed_text=text)
        for agency, text in ((unfpa, "保护"), (ohchr, "人权"))
    )


def test_what_would_leave_nothing_of_a_paragraph_is_not_taken(block, halves, chair):
    take(halves[0], chair)

    with pytest.raises(BlockSettled) as refused:
        take(halves[1], chair)

    assert "would empty the paragraph" in refused.value.message
    assert text_of(block) == halves[0].proposed_text


def test_all_that_merge_leaves_a_paragraph_alone_of_which_nothing_would_be_left(
    block, halves, chair
):
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []
    assert list(Settlement.objects.all()) == []


def test_nothing_is_taken_into_a_text_of_the_chairs_own(block, apart, chair):
    late = settlements.decline(apart[1], reason="No.", version=1, by=chair, at=NOW)
    adapt(block, chair)
    late = settlements.reopen(late, version=late.version, by=chair, at=NOW)

    with pytest.raises(BlockSettled):
        take(late, chair)

    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []


def test_all_that_merge_are_taken_and_what_collides_is_left(block, apart, who, chair):
    clash = AmendmentFactory(
        block=block, agency=who, proposed_text=CARE.replace("migrants", "all migrants")
    )
    alone = AmendmentFactory(
        block=block.draft.blocks.get(key="b4"), agency=who, proposed_text="Commit ourselves to act."
    )

    taken = settlements.take_all_mergeable(block.draft, by=chair, at=NOW)

    assert taken == [apart[1], alone]
    assert text_of(block) == CARE.replace("health", "mental and other health")
    assert recorded_reason(Amendment.history.filter(id=alone.pk).latest()) == "Taken"
    assert [one.state for one in block.amendments.order_by("pk")] == [
        AmendmentState.OPEN,
        AmendmentState.TAKEN,
        AmendmentState.OPEN,
    ]
    take(clash, chair)
    assert text_of(block) == CARE.replace("health", "mental and other health").replace(
        "migrants", "all migrants"
    )
    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []


def test_only_the_chair_takes_all_that_merge(block, apart, focal_point):
    with pytest.raises(NotAllowed):
        settlements.take_all_mergeable(block.draft, by=focal_point, at=NOW)


def test_all_that_merge_are_taken_in_the_newest_draft_alone(block, apart, chair):
    DraftFactory(statement=block.draft.statement, number=2)

    with pytest.raises(NotNewestDraft):
        settlements.take_all_mergeable(block.draft, by=chair, at=NOW)


def test_equal_words_of_two_agencies_are_agreement(block, unfpa, ohchr, who, chair):
    first, second, late = (
        AmendmentFactory(block=block, agency=agency, proposed_text="Urge States;")
        for agency in (unfpa, ohchr, who)
    )
    late.state = AmendmentState.DECLINED
    late.save()

    take(first, chair)

    second.refresh_from_db()
    assert second.state == AmendmentState.TAKEN
    late = settlements.reopen(late, version=1, by=chair, at=NOW)
    assert take(late, chair).state == AmendmentState.TAKEN


def test_decline_needs_a_reason_that_the_agency_reads(two, chair):
    with pytest.raises(ReasonMissing) as refused:
        settlements.decline(two[0], reason=" ", version=1, by=chair, at=NOW)
    declined = settlements.decline(two[0], reason="Said in OP 2.", version=1, by=chair, at=NOW)

    assert refused.value.field == "reason"
    assert (declined.state, declined.settled_reason) == (AmendmentState.DECLINED, "Said in OP 2.")


def test_reopen_undoes_a_decline(two, chair):
    declined = settlements.decline(two[0], reason="Said in OP 2.", version=1, by=chair, at=NOW)

    reopened = settlements.reopen(declined, version=declined.version, by=chair, at=NOW)

    assert (reopened.state, reopened.settled_reason, reopened.settled_by, reopened.settled_at) == (
        AmendmentState.OPEN,
        "",
        None,
        None,
    )


def test_what_is_settled_is_not_settled_again(two, chair):
    taken = take(two[0], chair)

    with pytest.raises(AmendmentSettled):
        take(taken, chair)


def test_two_of_the_chairs_team_the_second_is_told(two, chair, chair_colleague):
    take(two[0], chair)

    with pytest.raises(Stale):
        settlements.decline(two[0], reason="No.", version=1, by=chair_colleague, at=NOW)


def adapt(block, chair, **changes):
    fields = {
        "text": "Call upon and urge all States;",
        "reason": "Names both.",
        "version": 0,
    } | changes
    return settlements.adapt(block, **fields, by=chair, at=NOW)


def test_adapt_takes_the_place_of_both(block, two, chair):
    take(two[0], chair)

    adapt(block, chair, version=1)

    states = [(amendment.state, amendment.settled_reason) for amendment in block.amendments.all()]
    assert states == [(AmendmentState.ADAPTED, "Names both.")] * 2
    assert text_of(block) == "Call upon and urge all States;"


def test_what_the_chairs_text_has_in_full_is_taken(block, apart, chair, unfpa, ohchr):
    """A text of the chair's with all words of one agency: that amendment is taken, the other adapted; undone together."""
    first, second = apart
    both = merged_text.merge_amendments(block.text, apart).text

    with pytest.raises(ReasonMissing):
        adapt(block, chair, text=f"{first.proposed_text[:-1]} at once;", reason="")
    adapt(block, chair, text=f"{both[:-1]} at once;", reason="")

    assert [amendment.state for amendment in block.amendments.all()] == [AmendmentState.TAKEN] * 2
    [view] = [view for view in paragraphs.block_views(block.draft) if view.block == block]
    assert not view.can_merge
    adapt(block, chair, text=f"{first.proposed_text[:-1]} at once;", reason="Only that.", version=1)
    states = {
        amendment.pk: (amendment.state, amendment.settled_reason)
        for amendment in block.amendments.all()
    }
    assert states == {
        first.pk: (AmendmentState.TAKEN, "Only that."),
        second.pk: (AmendmentState.ADAPTED, "Only that."),
    }


def test_a_deletion_is_adapted_by_any_text(block, unfpa, chair):
    deletion = AmendmentFactory(block=block, agency=unfpa, kind="delete", proposed_text="")

    adapt(block, chair)

    deletion.refresh_from_db()
    assert deletion.state == AmendmentState.ADAPTED


def test_adapt_of_two_people_shows_the_second_what_is_saved(block, two, chair, chair_colleague):
    adapt(block, chair)

    with pytest.raises(Stale) as lost:
        adapt(block, chair_colleague, text="Mine;")

    assert lost.value.current.text == "Call upon and urge all States;"


def test_what_was_undone_meanwhile_is_not_settled_by_whoever_saw_it(
    block, two, chair, chair_colleague
):
    version = adapt(block, chair).version
    settlements.unsettle(block, version=version, by=chair_colleague, at=NOW)

    for act in (
        lambda: adapt(block, chair, text="Mine;", version=version),
        lambda: settlements.unsettle(block, version=version, by=chair, at=NOW),
    ):
        with pytest.raises(Stale) as lost:
            act()
        current = lost.value.current
        assert (current.text, current.version, current.history.first().history_user) == (
            block.text,
            0,
            chair_colleague,
        )
    assert list(Settlement.objects.all()) == []


def test_a_text_settled_anew_is_another_than_the_one_that_was_undone(
    block, two, chair, chair_colleague
):
    old_version = adapt(block, chair).version
    settlements.unsettle(block, version=old_version, by=chair_colleague, at=NOW)
    new_settlement = adapt(block, chair_colleague, text="Theirs;")

    for act in (
        lambda: adapt(block, chair, text="Mine;", version=old_version),
        lambda: settlements.unsettle(block, version=old_version, by=chair, at=NOW),
    ):
        with pytest.raises(Stale) as lost:
            act()
        assert lost.value.current == new_settlement
    assert (text_of(block), new_settlement.version) == ("Theirs;", 3)


def test_a_version_that_never_was_is_not_settled_on(block, chair):
    with pytest.raises(Stale) as lost:
        adapt(block, chair, version=7)

    assert (lost.value.current.text, list(Settlement.objects.all())) == (block.text, [])


def test_adapt_a_block_without_amendments_needs_no_reason(block, chair):
    adapt(block, chair, reason="")

    assert text_of(block) == "Call upon and urge all States;"


def test_adapt_needs_a_reason_where_it_replaces_amendments(block, two, chair):
    with pytest.raises(ReasonMissing):
        adapt(block, chair, reason="")


@pytest.mark.parametrize("text", ["", "as it stands"])
def test_adapt_changes_something(block, chair, text):
    with pytest.raises(NothingChanged):
        adapt(block, chair, text=text and block.text)


def test_undo_opens_what_was_taken_or_adapted(block, two, chair):
    adapt(block, chair)

    settlements.unsettle(block, version=block.settlement.version, by=chair, at=NOW)

    assert [amendment.state for amendment in block.amendments.all()] == [AmendmentState.OPEN] * 2
    assert list(Settlement.objects.all()) == []
    assert Settlement.history.latest().text == "Call upon and urge all States;"


def test_what_was_undone_is_not_taken_for_what_was_settled_later(
    block, two, chair, chair_colleague
):
    take(two[0], chair)
    old_version = block.settlement.version
    settlements.unsettle(block, version=old_version, by=chair, at=NOW)
    two[1].refresh_from_db()
    take(two[1], chair_colleague)

    with pytest.raises(Stale):
        settlements.unsettle(block, version=old_version, by=chair, at=NOW)
    with pytest.raises(Stale) as lost:
        adapt(block, chair, version=old_version)

    assert lost.value.current.text == text_of(block) == two[1].proposed_text


def test_adapt_of_what_a_colleague_undid_shows_that_the_paragraph_stands(
    block, two, chair, chair_colleague
):
    take(two[0], chair)
    settlements.unsettle(block, version=block.settlement.version, by=chair_colleague, at=NOW)

    with pytest.raises(Stale) as lost:
        adapt(block, chair, version=1)

    assert (lost.value.current.text, lost.value.current.version) == (block.text, 0)
    assert [amendment.state for amendment in block.amendments.all()] == [AmendmentState.OPEN] * 2


def test_undo_where_nothing_is_settled_changes_nothing(block, two, chair):
    settlements.unsettle(block, version=0, by=chair, at=NOW)

    assert [amendment.version for amendment in block.amendments.all()] == [1, 1]


def test_only_the_chair_settles(two, focal_point):
    with pytest.raises(NotAllowed):
        take(two[0], focal_point)


def test_nothing_is_settled_while_amendments_are_open(terms, unfpa, chair):
    amendment = AmendmentFactory(block=circulated().blocks.get(key="b3"), agency=unfpa)

    with pytest.raises(WrongState):
        take(amendment, chair)


def test_nothing_is_settled_in_an_older_draft(two, block, chair):
    DraftFactory(statement=block.draft.statement, number=2)

    with pytest.raises(NotNewestDraft):
        take(two[0], chair)


def test_an_amendment_that_leaves_no_words_is_not_taken_with_the_others(block, unfpa, chair):
    AmendmentFactory(block=block, agency=unfpa, proposed_text="")

    assert settlements.take_all_mergeable(block.draft, by=chair, at=NOW) == []
    assert not Settlement.objects.exists()
