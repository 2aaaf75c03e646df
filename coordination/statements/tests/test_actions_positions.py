"""Clearance, adoption, release, withdrawal."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import drafts, positions
from coordination.statements.actions.positions import PositionInput
from coordination.statements.enums import PositionKind, StatementState, StepLevel
from coordination.statements.errors import (
    AlreadyReleased,
    DeadlineNotAhead,
    NobodyObjects,
    NobodySigns,
    NoStepLeft,
    NoSuchParagraph,
    OtherText,
    PositionsMissing,
    ReasonMissing,
    StepClosed,
    StepsLeft,
    WrongState,
)
from coordination.statements.models import Position, Signatory, Statement
from coordination.statements.queries.positions import (
    missing_positions_at,
    newest_positions,
    positions_matrix,
    steps_of,
)
from coordination.statements.tests.factories import (
    ClearanceStepFactory,
    DraftFactory,
    circulated,
    drafted,
    in_clearance,
)
from coordination.tests.cast import NOW, appointed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)


@pytest.fixture
def spoken_for(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    """Return who speaks for each member agency."""
    return {unfpa: focal_point, ohchr: other_agency, unesco: chair, who: incoming_chair}


def say(step, agency, person, kind=PositionKind.APPROVE, reason="", at=NOW, **changes):
    fields = {"kind": kind, "reason": reason, "sha256": step.draft.sha256} | changes
    return positions.take_position(step, PositionInput(**fields), agency=agency, by=person, at=at)


def all_say(step, spoken_for, **others):
    for agency, person in spoken_for.items():
        kind = others.get(agency.acronym, PositionKind.APPROVE)
        say(
            step,
            agency,
            person,
            kind,
            "" if kind in {PositionKind.APPROVE, PositionKind.NOT_JOIN} else "Because.",
        )


def test_a_position_is_bound_to_the_text_and_kept(unfpa, focal_point, terms):
    step = in_clearance()

    position = say(step, unfpa, focal_point)

    assert (position.sha256, position.person, position.taken_at) == (
        step.draft.sha256,
        focal_point,
        NOW,
    )


def test_the_office_speaks_for_its_agency(unfpa, principals_office, terms):
    assert (
        say(in_clearance(StepLevel.PRINCIPALS, 2), unfpa, principals_office).person
        == principals_office
    )


def test_positions_are_only_added_and_the_newest_counts(unfpa, focal_point, terms):
    step = in_clearance()
    say(step, unfpa, focal_point, PositionKind.OBJECT, "OP 3.")

    say(step, unfpa, focal_point)

    assert list(Position.objects.values_list("kind", flat=True)) == ["object", "approve"]
    assert newest_positions([step])[step.pk][unfpa.pk].kind == "approve"


def test_pressing_twice_is_one_position(unfpa, focal_point, terms):
    step = in_clearance()

    assert say(step, unfpa, focal_point) == say(step, unfpa, focal_point)


@pytest.mark.parametrize("kind", [PositionKind.OBJECT, PositionKind.RESERVE])
def test_an_objection_and_a_reservation_say_why(unfpa, focal_point, terms, kind):
    with pytest.raises(ReasonMissing) as refused:
        say(in_clearance(), unfpa, focal_point, kind)

    assert refused.value.field == "reason"


def test_a_position_is_about_paragraphs_that_the_text_has_in_their_order(unfpa, focal_point, terms):
    step = in_clearance()

    with pytest.raises(NoSuchParagraph) as refused:
        say(step, unfpa, focal_point, PositionKind.OBJECT, "Say children.", about=("OP 9",))
    position = say(
        step, unfpa, focal_point, PositionKind.OBJECT, "Say children.", about=("OP 2", "PP 1")
    )

    assert (refused.value.field, refused.value.message) == ("about", "Draft 1 has no OP 9.")
    assert position.about == "PP 1, OP 2"
    assert (
        say(step, unfpa, focal_point, PositionKind.OBJECT, "Say children.", about=("OP 1",))
        != position
    )
    assert say(step, unfpa, focal_point, PositionKind.APPROVE, "", about=("OP 2",)).about == ""


def test_nobody_speaks_for_another_agency_the_chair_included(
    unfpa, chair, former_focal_point, stranger
):
    step = in_clearance()

    for person in (chair, former_focal_point, stranger):
        with pytest.raises(NotAllowed):
            say(step, unfpa, person)


def test_an_observer_takes_no_position(focal_point, terms, unfpa):
    unfpa.memberships.update(standing="observer")

    with pytest.raises(NotAllowed):
        say(in_clearance(), unfpa, focal_point)


def test_a_position_never_lands_on_another_text(unfpa, focal_point, terms):
    step = in_clearance()

    with pytest.raises(OtherText):
        say(step, unfpa, focal_point, sha256="0" * 64)
    DraftFactory(statement=step.statement, number=2)
    with pytest.raises(OtherText) as refused:
        say(step, unfpa, focal_point)

    assert "Your position was on an older text" in refused.value.message
    assert Position.objects.count() == 0


def test_a_closed_step_takes_no_position(unfpa, focal_point, terms):
    step = in_clearance()
    step.closed_at = NOW
    step.save()

    with pytest.raises(StepClosed):
        say(step, unfpa, focal_point)


def test_a_statement_not_in_clearance_takes_no_position(unfpa, focal_point, terms):
    step = ClearanceStepFactory(draft=circulated(StatementState.WITHDRAWN))

    with pytest.raises(WrongState):
        say(step, unfpa, focal_point)


def open_next(step, chair, deadline=LATER):
    return positions.open_next_step(step.statement, deadline=deadline, by=chair, at=NOW)


def test_the_next_step_opens_on_the_same_text_when_all_have_spoken(spoken_for, chair):
    step = in_clearance()
    all_say(step, spoken_for)

    following = open_next(step, chair)

    step.refresh_from_db()
    assert step.closed_at == NOW
    assert (following.level, following.position, following.draft) == (
        StepLevel.PRINCIPALS,
        2,
        step.draft,
    )


def test_the_next_step_waits_for_the_silent_and_the_objectors(
    spoken_for, chair, unfpa, focal_point, ohchr, other_agency
):
    step = in_clearance()
    say(step, ohchr, other_agency, PositionKind.OBJECT, "OP 3.")

    with pytest.raises(PositionsMissing) as refused:
        open_next(step, chair)
    assert refused.value.message == "Waiting for UNESCO, UNFPA and WHO; OHCHR objects."
    all_say(step, spoken_for, OHCHR=PositionKind.OBJECT, WHO=PositionKind.OBJECT)
    with pytest.raises(PositionsMissing) as refused:
        open_next(step, chair)
    assert refused.value.message == "All have spoken; OHCHR and WHO object."


def test_the_next_step_has_a_deadline_ahead(chair):
    with pytest.raises(DeadlineNotAhead):
        open_next(in_clearance(), chair, deadline=NOW)


def test_after_the_last_step_there_is_none(chair):
    with pytest.raises(NoStepLeft):
        open_next(in_clearance(StepLevel.PRINCIPALS, 2), chair)


def test_an_objection_returns_the_text_and_the_next_draft_asks_again(spoken_for, chair):
    step = in_clearance()
    all_say(step, spoken_for, OHCHR=PositionKind.OBJECT)

    statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)

    assert statement.state == StatementState.CONSOLIDATION
    draft = drafts.issue_draft(
        statement, to=StatementState.CLEARANCE, deadline=LATER, by=chair, at=NOW
    )
    next_step = draft.steps.get()
    assert [agency.acronym for agency in missing_positions_at(next_step, NOW).waiting] == [
        "OHCHR",
        "UNESCO",
        "UNFPA",
        "WHO",
    ]


def test_nothing_returns_unless_somebody_objects(spoken_for, chair):
    step = in_clearance()
    all_say(step, spoken_for, OHCHR=PositionKind.RESERVE)

    with pytest.raises(NobodyObjects):
        positions.return_to_consolidation(step.statement, by=chair, at=NOW)


@pytest.fixture
def at_the_end(spoken_for, chair):
    """Return the principals' step after working level has cleared."""
    first = in_clearance()
    all_say(first, spoken_for)
    open_next(first, chair)
    return first.draft.steps.select_related("draft", "statement").get(position=2)


def adopt(step, chair, at=NOW) -> Statement:
    return positions.adopt(step.statement, by=chair, at=at)


def test_adopt_names_who_signs_who_reserves_and_who_does_not_join(at_the_end, spoken_for, chair):
    all_say(
        at_the_end,
        spoken_for,
        WHO=PositionKind.NOT_JOIN,
        OHCHR=PositionKind.RESERVE,
        UNFPA=PositionKind.RESERVE,
    )
    about = {agency.acronym: (agency, person) for agency, person in spoken_for.items()}["UNFPA"]
    say(at_the_end, *about, PositionKind.RESERVE, "Because.", about=("OP 2",))

    statement = adopt(at_the_end, chair)

    assert (statement.state, statement.adopted_at, statement.adopted_sha256) == (
        StatementState.ADOPTED,
        NOW,
        at_the_end.draft.sha256,
    )
    named = list(Signatory.objects.values_list("agency__acronym", "joined", "reservation"))
    assert named == [
        ("OHCHR", True, "Because."),
        ("UNESCO", True, ""),
        ("UNFPA", True, "OP 2: Because."),
        ("WHO", False, ""),
    ]
    at_the_end.refresh_from_db()
    assert at_the_end.closed_at == NOW


def test_adopt_waits_for_every_member(at_the_end, spoken_for, chair, who):
    others = {agency: person for agency, person in spoken_for.items() if agency != who}
    all_say(at_the_end, others)

    with pytest.raises(PositionsMissing) as refused:
        adopt(at_the_end, chair)

    assert refused.value.message == "Waiting for WHO; nobody objects."


def test_an_agency_that_joined_after_a_step_speaks_in_the_next(at_the_end, spoken_for, chair):
    """Page and adoption wait for it alike; in the step that was closed before it came it is not asked."""
    all_say(at_the_end, spoken_for)
    fao = AgencyFactory(acronym="FAO")
    MembershipFactory(agency=fao, first_day=date(2026, 11, 24))
    delegate = appointed("Lucía Prado", "lucia.prado@fao.example.org", fao)
    next_day = NOW + timedelta(days=1)

    with pytest.raises(PositionsMissing) as refused:
        adopt(at_the_end, chair, at=next_day)
    assert refused.value.message == "Waiting for FAO; nobody objects."
    assert (
        positions_matrix(
            at_the_end.statement, steps_of(at_the_end.statement), next_day.date(), next_day
        ).missing.sentence
        == refused.value.message
    )
    say(at_the_end, fao, delegate, at=next_day)
    adopt(at_the_end, chair, at=next_day)

    assert "FAO" in Signatory.objects.values_list("agency__acronym", flat=True)
    later = next_day + timedelta(days=400)
    MembershipFactory(agency=AgencyFactory(acronym="ILO"), first_day=later.date())
    rows = positions_matrix(
        at_the_end.statement, steps_of(at_the_end.statement), later.date(), later
    ).rows
    assert [row.agency.acronym for row in rows] == ["FAO", "OHCHR", "UNESCO", "UNFPA", "WHO"]


def test_an_agency_that_left_is_not_named(at_the_end, spoken_for, chair, who):
    all_say(at_the_end, spoken_for)
    who.memberships.update(last_day=date(2026, 11, 22))

    adopt(at_the_end, chair)

    assert list(Signatory.objects.values_list("agency__acronym", flat=True)) == [
        "OHCHR",
        "UNESCO",
        "UNFPA",
    ]


def test_adopt_asks_for_the_principals_first(spoken_for, chair):
    step = in_clearance()
    all_say(step, spoken_for)

    with pytest.raises(StepsLeft):
        adopt(step, chair)


def test_a_text_that_nobody_signs_is_not_adopted(at_the_end, spoken_for, chair):
    all_say(
        at_the_end,
        spoken_for,
        **dict.fromkeys(("UNFPA", "OHCHR", "UNESCO", "WHO"), PositionKind.NOT_JOIN),
    )

    with pytest.raises(NobodySigns):
        adopt(at_the_end, chair)


def test_the_day_of_adoption_is_judged_in_the_groups_zone(at_the_end, spoken_for, chair):
    all_say(at_the_end, spoken_for)

    with pytest.raises(NotAllowed):
        adopt(at_the_end, chair, at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC))


def test_release_makes_it_public_once(chair):
    statement = drafted(state=StatementState.ADOPTED).statement

    assert positions.release(statement, by=chair, at=NOW).released_at == NOW
    with pytest.raises(AlreadyReleased):
        positions.release(statement, by=chair, at=NOW)


def test_withdraw_closes_the_step_and_says_why(chair):
    step = in_clearance()

    statement = positions.withdraw_statement(
        step.statement, reason="The event was cancelled.", by=chair, at=NOW
    )

    step.refresh_from_db()
    assert (statement.state, step.closed_at) == (StatementState.WITHDRAWN, NOW)
    assert recorded_reason(statement.history.latest()) == "The event was cancelled."


def test_an_adopted_statement_is_not_withdrawn(chair):
    with pytest.raises(WrongState):
        positions.withdraw_statement(
            drafted(state=StatementState.ADOPTED).statement, reason="No.", by=chair, at=NOW
        )


def test_only_the_chair_clears_adopts_releases_and_withdraws(focal_point, terms):
    step = in_clearance()
    acts = (
        lambda: open_next(step, focal_point),
        lambda: positions.return_to_consolidation(step.statement, by=focal_point, at=NOW),
        lambda: adopt(step, focal_point),
        lambda: positions.release(step.statement, by=focal_point, at=NOW),
        lambda: positions.withdraw_statement(step.statement, reason="No.", by=focal_point, at=NOW),
    )

    for act in acts:
        with pytest.raises(NotAllowed):
            act()
