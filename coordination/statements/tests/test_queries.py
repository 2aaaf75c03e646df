"""Reads: who sees what, what was proposed, what is missing, what is asked."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from coordination.core.permissions import On
from coordination.members.tests.factories import AgencyFactory
from coordination.statements.actions import amendments, drafts, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import (
    BlockKind,
    PositionKind,
    StatementState,
    StepLevel,
)
from coordination.statements.models import Draft, Settlement, Signatory
from coordination.statements.queries import lifecycle, positions, statements
from coordination.statements.queries.changes import preparation_changes, statement_changes
from coordination.statements.queries.drafts import (
    compared_blocks,
    latest_draft,
    text_of,
)
from coordination.statements.queries.positions import MissingPositions
from coordination.statements.queries.statements import Access
from coordination.statements.tests.factories import (
    CIRCULATED,
    DEADLINE,
    BlockFactory,
    ClearanceStepFactory,
    DraftFactory,
    StatementFactory,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.tests.cast import NOW, TODAY
from coordination.textkit.segmentation import Segment

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Zurich")


# who sees what


def test_reach_of_each_of_the_cast(
    focal_point, chair, stranger, administrator, former_focal_point, unfpa, unesco
):
    assert statements.access_of(AnonymousUser(), On(TODAY)) == Access()
    assert statements.access_of(stranger, On(TODAY)) == Access()
    assert statements.access_of(former_focal_point, On(TODAY)) == Access()
    assert statements.access_of(administrator, On(TODAY)) == Access(belongs=True)
    assert statements.access_of(focal_point, On(TODAY)) == Access(belongs=True, agencies=(unfpa,))
    assert statements.access_of(chair, On(TODAY)) == Access(
        chair=True, belongs=True, agencies=(unesco,)
    )


def test_an_observer_reads_and_acts_for_nobody(focal_point, unfpa, terms):
    unfpa.memberships.update(standing="observer")

    assert statements.access_of(focal_point, On(TODAY)) == Access(belongs=True)


@pytest.fixture
def three(db):
    """Return a statement in preparation, one circulated and one released."""
    return (
        drafted(title="Secret").statement,
        circulated(title="Circulated").statement,
        drafted(title="Public", released_at=NOW).statement,
    )


@pytest.mark.parametrize(
    ("access", "titles"),
    [
        (Access(), ["Public"]),
        (Access(belongs=True), ["Circulated", "Public"]),
        (Access(chair=True, belongs=True), ["Circulated", "Public", "Secret"]),
    ],
)
def test_visible(three, access, titles):
    visible = statements.visible_statements(access)

    assert sorted(visible.values_list("title", flat=True)) == titles


def test_statement_list_by_tab_and_words(three):
    access = Access(chair=True, belongs=True)

    assert {s.title for s in statements.statement_list(access, tab="work")} == {
        "Secret",
        "Circulated",
        "Public",
    }
    assert list(statements.statement_list(access, tab="adopted")) == []
    assert [s.title for s in statements.statement_list(access, text="circ")] == ["Circulated"]
    assert list(statements.visible_tabs(Access())) == [""]
    assert list(statements.visible_tabs(access)) == ["", "work", "adopted", "withdrawn"]


@pytest.mark.parametrize(
    "access", [Access(), Access(belongs=True), Access(chair=True, belongs=True)]
)
def test_statement_list_is_read_by_an_index_and_not_sorted(three, access):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # it sorts three rows rather than open an index
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    assert "statements_newest_first" in statements.statement_list(access).explain()


def test_public_statements_and_their_signatories(unfpa, ohchr):
    old = StatementFactory(released_at=NOW, adopted_at=NOW - timedelta(days=9))
    new = StatementFactory(released_at=NOW, adopted_at=NOW)
    StatementFactory(adopted_at=NOW)
    for agency in (unfpa, ohchr):
        Signatory.objects.create(statement=new, agency=agency)

    assert list(statements.public_statements()) == [new, old]
    assert [str(each) for each in statements.signatories_of(new)] == ["OHCHR", "UNFPA"]


# drafts


def test_latest_draft():
    draft = circulated()
    new = DraftFactory(statement=draft.statement, number=2)

    assert latest_draft(draft.statement) == new
    with pytest.raises(Draft.DoesNotExist):
        latest_draft(StatementFactory())


def test_text_of_a_draft():
    assert text_of(drafted()).startswith(
        "Joint statement on migrants in transit\n\n*Recalling* that every person"
    )


def block(draft, key, text, place, kind=BlockKind.BODY):
    return BlockFactory(draft=draft, key=key, text=text, position=place, kind=kind)


def test_compared_aligns_by_key():
    old, new = DraftFactory(), DraftFactory()
    before = [
        block(old, f"b{n}", text, n)
        for n, text in enumerate(("Gone.", "Same.", "Old words.", "Gone too."), 1)
    ]
    after = [
        block(new, key, text, n)
        for n, (key, text) in enumerate(
            (("b2", "Same."), ("b3", "New words."), ("b5", "Added.")), 1
        )
    ]

    pairs = compared_blocks(before, after)

    assert [(pair.key, pair.label, pair.state) for pair in pairs] == [
        ("b1", "¶ 1", "gone"),
        ("b2", "¶ 1", "same"),
        ("b3", "¶ 2", "edited"),
        ("b4", "¶ 4", "gone"),
        ("b5", "¶ 3", "new"),
    ]
    assert pairs[2].segments == (
        Segment("delete", "Old"),
        Segment("insert", "New"),
        Segment("keep", " words."),
    )
    assert not any(pair.moved for pair in pairs)


def test_compared_shows_what_moved():
    old, new = DraftFactory(), DraftFactory()
    before = [block(old, f"b{n}", f"Text {n}.", n) for n in range(1, 6)]
    after = [
        block(new, key, text, n)
        for n, (key, text) in enumerate(
            (("b5", "Text 5."), ("b1", "Text 1."), ("b4", "Four."), ("b3", "Text 3.")), 1
        )
    ]

    pairs = compared_blocks(before, after)

    shown = [
        (pair.key, pair.state, pair.moved, pair.changed) for pair in pairs if pair.state != "gone"
    ]
    assert shown == [
        ("b5", "same", True, True),
        ("b1", "same", False, False),
        ("b4", "edited", True, True),
        ("b3", "same", False, False),
    ]


# positions


@pytest.mark.parametrize(
    ("waiting", "objecting", "sentence"),
    [
        ([], [], "Nothing is missing: every agency that is asked has spoken and nobody objects."),
        (["WHO"], [], "Waiting for WHO; nobody objects."),
        (["FAO", "UNFPA", "WHO"], ["OHCHR"], "Waiting for FAO, UNFPA and WHO; OHCHR objects."),
        ([], ["ILO", "OHCHR"], "All have spoken; ILO and OHCHR object."),
        (["WHO"], ["OHCHR to OP 3"], "Waiting for WHO; OHCHR objects to OP 3."),
        (
            [],
            ["OHCHR to PP 1, OP 3, OP 4"],
            "All have spoken; OHCHR objects to PP 1, OP 3 and OP 4.",
        ),
        (
            [],
            ["ILO", "OHCHR to PP 1, OP 3"],
            "All have spoken; ILO and OHCHR (PP 1 and OP 3) object.",
        ),
    ],
)
def test_whats_missing_is_one_sentence(waiting, objecting, sentence):
    parts = [words.partition(" to ") for words in objecting]
    state = MissingPositions(
        tuple(AgencyFactory.build(acronym=name) for name in waiting),
        tuple(
            AgencyFactory.build(acronym=name, pk=key)
            for key, (name, _to, _about) in enumerate(parts)
        ),
        0,
        0,
        about={key: about for key, (_name, _to, about) in enumerate(parts)},
    )

    assert positions.missing_sentence(state) == state.sentence == sentence


def test_matrix_has_members_of_the_day_and_whoever_spoke(unfpa, ohchr, who, focal_point, terms):
    step = in_clearance()
    take_position(step, ohchr, focal_point, PositionKind.OBJECT)
    take_position(step, ohchr, focal_point, at=NOW + timedelta(hours=1))
    take_position(step, who, focal_point)
    who.memberships.update(last_day=date(2026, 11, 22))

    matrix = positions.positions_matrix(
        step.statement, positions.steps_of(step.statement), TODAY, NOW
    )

    assert [(row.agency.acronym, row.last and row.last.kind) for row in matrix.rows] == [
        ("OHCHR", "approve"), ("UNESCO", None), ("UNFPA", None), ("WHO", "approve"),
    ]  # fmt: skip
    assert (matrix.step, matrix.missing.spoken, matrix.missing.asked) == (step, 1, 3)
    assert dict(matrix.tally) == {"approve": 1, "reserve": 0, "object": 0, "not_join": 0}
    assert positions.open_step(step.statement) == step


def test_matrix_before_any_step(unfpa):
    matrix = positions.positions_matrix(circulated().statement, [], TODAY, NOW)

    assert (matrix.step, matrix.steps, [row.last for row in matrix.rows]) == (None, (), [None])
    assert positions.open_step(StatementFactory()) is None


# life


def states(statement, draft=None, steps=(), now=NOW):
    return [
        (step.state[0], step.when)
        for step in lifecycle.lifecycle_steps(
            statement, draft, steps, lifecycle.ReaderTime(ZONE, now, ZONE)
        )
    ]


def test_life_of_an_adopted_statement_of_which_the_day_is_not_known():
    statement = StatementFactory(state=StatementState.ADOPTED)

    assert [
        step.state
        for step in lifecycle.lifecycle_steps(
            statement, None, [], lifecycle.ReaderTime(ZONE, NOW, ZONE)
        )
    ] == ["done"] * 5 + ["now"]


def test_life_of_a_statement_from_drafting_to_release():
    draft = circulated()
    statement = draft.statement

    assert states(drafted().statement)[:2] == [("n", "Mon 2 Nov"), ("t", "")]
    assert states(statement, draft)[1:3] == [("n", "until Mon 30 Nov, 18:00"), ("t", "")]
    assert states(statement, draft, now=DEADLINE)[1] == ("n", "closed today, 18:00")
    statement.state = StatementState.CONSOLIDATION
    assert states(statement, draft)[1:3] == [("d", "closed Mon 30 Nov, 18:00"), ("n", "of draft 1")]
    statement.state, draft.number = StatementState.CLEARANCE, 2
    assert states(statement, draft)[2:4] == [
        ("d", "draft 2 issued Fri 20 Nov"),
        ("n", "silence approves"),
    ]
    first = ClearanceStepFactory(draft=draft)
    assert states(statement, draft, [first])[3:5] == [
        ("n", "to Mon 30 Nov, 18:00"),
        ("t", "of the final text"),
    ]
    first.closed_at = CIRCULATED
    second = ClearanceStepFactory(draft=draft, level=StepLevel.PRINCIPALS, position=2)
    assert states(statement, draft, [first, second])[3:5] == [
        ("d", "closed Fri 20 Nov"),
        ("n", "to Mon 30 Nov, 18:00"),
    ]
    statement.state, statement.adopted_at = StatementState.ADOPTED, NOW
    assert states(statement, draft)[5:] == [("n", "Mon 23 Nov, not released yet")]
    statement.released_at = NOW
    assert states(statement, draft)[5:] == [("d", "Mon 23 Nov")]
    statement.state, statement.released_at = StatementState.WITHDRAWN, None
    assert states(statement, draft) == []


# history


def reasons(changes):
    return [(change.what, change.reason) for change in changes]


def test_history_shows_what_happened_and_keeps_the_chairs_work_to_the_chair(
    chair, focal_point, unfpa, ohchr, now
):
    statement = drafts.start_statement("Transit", text="One.\n\nTwo.", by=chair, at=NOW)
    second = statement.drafts.get().blocks.get(key="b2")
    drafts.edit_block(second, text="2.", kind=BlockKind.BODY, version=1, by=chair, at=NOW)
    draft = drafts.circulate_draft(statement.drafts.get(), deadline=DEADLINE, by=chair, at=NOW)
    own = amendments.amend(
        draft.blocks.get(key="b1"),
        AmendmentInput("1.", "Why."),
        agency=unfpa,
        by=focal_point,
        at=NOW,
    )
    now.move_to(DEADLINE)
    amendments.close_amendments(statement, by=chair, at=DEADLINE)
    settlements.take(own, version=1, by=chair, at=DEADLINE)
    statement.refresh_from_db()

    outside, inside = (
        reasons(statement_changes(statement, latest_draft(statement), of_chair=value, cleared=True))
        for value in (False, True)
    )
    assert ("Amendment of UNFPA to “One.”", "Proposed") in outside
    assert ("Amendment of UNFPA to “One.”", "Taken") not in outside
    assert ("Amendment of UNFPA to “One.”", "Taken") in inside
    assert reasons(preparation_changes(statement)) == [
        ("Settled text", "Settled"),
        ("Draft 1", "Circulated"),
        ("Draft 1", "In preparation"),
        ("Paragraph", "Edited before circulation"),
    ]

    drafts.issue_draft(
        statement,
        to=StatementState.CLEARANCE,
        deadline=DEADLINE + timedelta(days=3),
        by=chair,
        at=DEADLINE,
    )
    statement.refresh_from_db()
    step = positions.open_step(statement)
    now.move_to(DEADLINE + timedelta(hours=1))
    take_position(step, ohchr, focal_point, PositionKind.OBJECT, at=DEADLINE + timedelta(hours=1))
    outside = reasons(
        statement_changes(statement, latest_draft(statement), of_chair=False, cleared=True)
    )
    assert outside[0] == ("Position", "OHCHR objects (draft 2)")
    assert {
        ("Amendment of UNFPA to “One.”", "Taken"), ("Working-level clearance", "Opened"), ("Statement", "Started"),
    } <= set(outside)  # fmt: skip
    assert Settlement.objects.count() == 1


def test_nobody_withdrew_a_statement_that_is_under_way(unfpa):
    assert statements.withdrawal_of(StatementFactory()) is None
