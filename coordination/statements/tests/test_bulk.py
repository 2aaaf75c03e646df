"""Acts on many rows cost the same number of queries whatever their number, at most 40."""

from datetime import timedelta

import pytest

from coordination.core.history import recorded_reason
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import amendments as amendments_actions
from coordination.statements.actions import drafts, participants, positions, settlements
from coordination.statements.enums import AmendmentState, BlockKind, StatementState
from coordination.statements.models import (
    Amendment,
    Block,
    CoSponsor,
    Position,
    PreparedAmendment,
    Settlement,
    Signatory,
)
from coordination.statements.queries import positions as positions_queries
from coordination.statements.tests.factories import (
    AmendmentFactory,
    BlockFactory,
    ClearanceStepFactory,
    circulated,
    drafted,
    unfrozen,
)
from coordination.tests.cast import NOW
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]

# SQLite takes 999 values a statement: from some 38 amendments on Django writes more statements there
ROWS = (8, 36)
AHEAD = NOW + timedelta(days=3)
TEXT = "Paragraph {n} calls upon States to give every migrant in transit access to health care."


def members(rows):
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    return agencies


def amended(rows, author, *, draft=None):
    """Return the draft in consolidation with `rows` open amendments that merge, four to a paragraph."""
    draft = draft or circulated(StatementState.CONSOLIDATION)
    texts = [TEXT.format(n=n) for n in range(rows // 4)]
    with unfrozen():
        blocks = many(
            BlockFactory,
            len(texts),
            draft=draft,
            kind=BlockKind.OPERATIVE,
            position=[20 + n for n in range(len(texts))],
            text=texts,
        )
    words = ["calls", "every", "transit", "health"]
    return draft, many(
        AmendmentFactory,
        rows,
        block=[blocks[n // 4] for n in range(rows)],
        agency=members(rows),
        author=author,
        number=list(range(1, rows + 1)),
        proposed_text=[
            texts[n // 4].replace(words[n % 4], f"{words[n % 4]} and more") for n in range(rows)
        ],
    )


@pytest.mark.parametrize("rows", ROWS)
def test_take_all(chair, focal_point, django_assert_num_queries, rows):
    draft, _open = amended(rows, focal_point)

    with django_assert_num_queries(15):
        taken = settlements.take_all_mergeable(draft, by=chair, at=NOW)

    assert len(taken) == rows
    assert Settlement.objects.count() == rows // 4


def test_take_all_writes_the_history_that_single_acts_write(chair, focal_point):
    draft, amendments = amended(8, focal_point)
    amendments[0].version = 5
    amendments[0].save(update_fields=["version"])

    taken = settlements.take_all_mergeable(draft, by=chair, at=NOW)

    entries = Amendment.history.filter(history_user=chair)
    assert {
        (e.history_type, recorded_reason(e), e.state, e.settled_by_id, e.settled_at)
        for e in entries
    } == {("~", "Taken", "taken", chair.pk, NOW)}
    assert sorted(e.id for e in entries) == sorted(each.pk for each in taken)
    assert {e.history_source for e in entries} == {""}
    assert {e.history_date for e in entries} == {NOW}
    assert Amendment.objects.get(pk=amendments[0].pk).version == 6
    assert entries.get(id=amendments[0].pk).version == 6
    settled = Settlement.history.all()
    assert {(e.history_type, e.history_user, recorded_reason(e)) for e in settled} == {
        ("+", chair, "Settled")
    }
    assert {e.text for e in settled} == set(Settlement.objects.values_list("text", flat=True))


def test_take_all_after_an_undone_text_goes_on_with_its_versions(chair, focal_point):
    draft, amendments = amended(8, focal_point)
    settlements.take_all_mergeable(draft, by=chair, at=NOW)
    block = amendments[0].block
    settlements.unsettle(block, version=1, by=chair, at=NOW)

    settlements.take_all_mergeable(draft, by=chair, at=NOW)

    assert Settlement.objects.get(block=block).version == 3
    assert Settlement.objects.exclude(block=block).get().version == 1


@pytest.mark.parametrize("rows", ROWS)
def test_adapt_and_unsettle(chair, focal_point, django_assert_num_queries, rows):
    draft = circulated(StatementState.CONSOLIDATION)
    block = draft.blocks.get(key="b3")
    many(
        AmendmentFactory,
        rows,
        block=block,
        agency=members(rows),
        author=focal_point,
        proposed_text=[f"Call upon {n} States;" for n in range(rows)],
    )

    with django_assert_num_queries(15):
        settlements.adapt(
            block, text="Call upon all States.", reason="So.", version=0, by=chair, at=NOW
        )
    adapted = Amendment.objects.filter(state=AmendmentState.ADAPTED).count()
    with django_assert_num_queries(14):
        settlements.unsettle(block, version=1, by=chair, at=NOW)

    assert adapted == rows
    assert Amendment.objects.filter(state=AmendmentState.OPEN).count() == rows


@pytest.mark.parametrize("rows", ROWS)
def test_issue_with_open_amendments(chair, focal_point, django_assert_num_queries, rows):
    draft, amendments = amended(rows, focal_point)
    CoSponsor.objects.bulk_create(
        CoSponsor(
            amendment=each,
            agency=amendments[(n + 1) % rows].agency,
            person=focal_point,
            joined_at=NOW,
        )
        for n, each in enumerate(amendments)
    )
    PreparedAmendment.objects.bulk_create(
        PreparedAmendment(
            block=each.block,
            agency=each.agency,
            author=focal_point,
            proposed_text=f"{each.block.text} {n}",
            saved_at=NOW,
        )
        for n, each in enumerate(amendments)
    )

    with django_assert_num_queries(30):
        issued = drafts.issue_draft(
            draft.statement, to=StatementState.AMENDMENTS, deadline=AHEAD, by=chair, at=NOW
        )

    carried = Amendment.objects.filter(block__draft=issued)
    assert carried.count() == rows
    assert CoSponsor.objects.filter(amendment__in=carried).count() == rows
    assert PreparedAmendment.objects.filter(block__draft=issued).count() == rows


def test_issue_writes_the_history_that_single_acts_write(chair, focal_point):
    draft, amendments = amended(8, focal_point)

    issued = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=AHEAD, by=chair, at=NOW
    )

    old = Amendment.history.filter(id__in=[each.pk for each in amendments])
    new = Amendment.history.filter(block__in=issued.blocks.all())
    assert {(e.history_type, e.history_user, recorded_reason(e), e.state) for e in old} == {
        ("~", chair, "Carried on", "carried")
    }
    assert {(e.history_type, e.history_user, recorded_reason(e), e.state) for e in new} == {
        ("+", chair, "Carried on to draft 2", "open")
    }
    assert sorted(e.carried_from_id for e in new) == sorted(each.pk for each in amendments)
    blocks = Block.history.filter(draft=issued)
    assert [(e.history_type, recorded_reason(e)) for e in blocks] == [("+", "Issued")] * len(
        issued.blocks.all()
    )


@pytest.mark.parametrize("rows", ROWS)
def test_start_and_replace_the_text(chair, group, django_assert_num_queries, rows):
    old = "\n\n".join(["A joint statement", *(TEXT.format(n=n) for n in range(rows))])
    new = "\n\n".join(
        ["A joint statement", *(TEXT.format(n=n) + " Now." for n in range(rows // 2, rows))]
        + [f"Altogether different words, number {n}, stand in this one." for n in range(rows)]
    )

    with django_assert_num_queries(13):
        statement = drafts.start_statement("A joint statement", text=old, by=chair, at=NOW)
    draft = statement.drafts.get()
    with django_assert_num_queries(18):
        drafts.paste_text(draft, text=new, version=1, by=chair, at=NOW)

    assert draft.blocks.count() == 1 + rows // 2 + rows
    gone = Block.history.filter(history_type="-")
    assert {(e.history_user, recorded_reason(e)) for e in gone} == {
        (chair, "Not in the pasted text")
    }
    assert gone.count() == rows - rows // 2


@pytest.mark.parametrize("rows", ROWS)
def test_circulate(chair, django_assert_num_queries, rows):
    draft = drafted()
    many(BlockFactory, rows, draft=draft, position=[20 + n for n in range(rows)])

    with django_assert_num_queries(14):
        drafts.circulate_draft(draft, deadline=AHEAD, by=chair, at=NOW)


@pytest.mark.parametrize("rows", ROWS)
def test_participants(chair, django_assert_num_queries, rows):
    draft = drafted()
    agencies = members(rows)

    with django_assert_num_queries(12):
        participants.choose_participants(draft.statement, agencies, version=1, by=chair, at=NOW)

    assert draft.statement.participating.count() == rows


@pytest.mark.parametrize("rows", ROWS)
def test_close_and_reopen(chair, focal_point, django_assert_num_queries, rows):
    draft, _open = amended(rows, focal_point, draft=circulated(StatementState.AMENDMENTS))

    with django_assert_num_queries(7):
        amendments_actions.close_amendments(draft.statement, by=chair, at=NOW)
    with django_assert_num_queries(10):
        amendments_actions.reopen_amendments(draft.statement, deadline=AHEAD, by=chair, at=NOW)


@pytest.mark.parametrize("rows", ROWS)
def test_adopt(chair, focal_point, django_assert_num_queries, rows):
    draft, _open = amended(rows, focal_point, draft=circulated(StatementState.CLEARANCE))
    steps = [ClearanceStepFactory(draft=draft, position=n, silence=True) for n in (1, 2)]
    steps[0].closed_at = NOW
    steps[0].save()
    asked = positions_queries.missing_positions_at(steps[0], NOW).keys
    Position.objects.bulk_create(
        Position(
            step=step,
            agency_id=agency,
            person=focal_point,
            kind="approve",
            sha256=draft.sha256,
            taken_at=NOW,
        )
        for step in steps
        for agency in asked
    )

    with django_assert_num_queries(47):
        positions.adopt(draft.statement, by=chair, at=NOW)

    assert Signatory.objects.count() == len(asked)
    lapsed = Amendment.history.filter(history_type="~", history_user=chair)
    assert {(e.state, recorded_reason(e)) for e in lapsed} == {("lapsed", "Lapsed")}
    assert lapsed.count() == rows
