"""What each person must or may do next, in each state of a statement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from coordination.core.next_steps import Scope
from coordination.members.models import Agency
from coordination.statements.actions import positions as positions_actions
from coordination.statements.actions.positions import PositionInput
from coordination.statements.enums import PositionKind, StatementState, StepLevel
from coordination.statements.models import ClearanceStep, Position, Statement
from coordination.statements.queries import next_steps, positions
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.statements.tests.pages import required, url
from coordination.tests.cast import NOW, TODAY

A, B = Agency(pk=1, acronym="FAO"), Agency(pk=2, acronym="WHO")
APPROVE, OBJECT = PositionKind.APPROVE, PositionKind.OBJECT
AFTER = DEADLINE + timedelta(hours=1)


def facts(state, *, at=NOW, step=None, positions_by_agency=None, **more):
    """Return the facts of a statement of which nothing is saved; `said` are positions by agency."""
    statement = Statement(
        slug="transit", title="Transit", state=state, amendments_until=DEADLINE, **more
    )
    statement_facts = StatementFacts(statement=statement, number=1, at=at, step=step)
    if step is None:
        return statement_facts
    taken = {
        agency.pk: Position(kind=kind, agency=agency)
        for agency, kind in (positions_by_agency or {}).items()
    }
    heard = [A, B] if step.silence_passed(at) else []
    return replace(
        statement_facts,
        missing=positions.missing_positions(taken, [A, B], heard),
        past_silence=frozenset(agency.pk for agency in heard),
    )


def step(*, silence=True, broken=False, position=1):
    return ClearanceStep(
        level=StepLevel.WORKING_LEVEL,
        position=position,
        silence=silence,
        broken_at=NOW if broken else None,
        deadline=DEADLINE,
    )


def codes(statement_facts, agencies=(), *, is_chair=False):
    """Return the codes of the steps in order; those that must be taken with a "!"."""
    return " ".join(
        each.kind.removeprefix("statements.") + ("!" if each.must else "")
        for each in next_steps.next_steps(statement_facts, agencies, is_chair=is_chair)
    )


S = StatementState
IN_CLEARANCE = "extend letter call withdraw"
WAITING = "extend letter call write withdraw"


@pytest.mark.parametrize(
    ("statement_facts", "of_agency", "of_chair"),
    [
        (facts(S.DRAFTING), "", "circulate! paste withdraw"),
        (facts(S.AMENDMENTS), "amend!", "close reopen withdraw"),
        (replace(facts(S.AMENDMENTS), amended=[1]), "amend", "close reopen withdraw"),
        (replace(facts(S.AMENDMENTS), named=frozenset({2})), "", "close reopen withdraw"),
        (facts(S.AMENDMENTS, at=DEADLINE), "", "close! reopen withdraw"),
        (facts(S.CONSOLIDATION), "", "issue! consolidate reopen withdraw"),
        (
            replace(facts(S.CONSOLIDATION), objecting=("FAO",), changed=False),
            "",
            "settle! issue reopen withdraw",
        ),
        (
            replace(facts(S.CONSOLIDATION), objecting=("FAO",), changed=False, amended=[2]),
            "",
            "consolidate! issue reopen withdraw",
        ),
        (
            replace(facts(S.CONSOLIDATION), objecting=("FAO",)),
            "",
            "issue! consolidate reopen withdraw",
        ),
        (facts(S.CLEARANCE), "", "withdraw"),
        (facts(S.ADOPTED), "", "release! plan_release"),
        (facts(S.ADOPTED, released_at=NOW), "", ""),
        (facts(S.WITHDRAWN), "", ""),
        # under silence
        (facts(S.CLEARANCE, step=step()), "position!", f"hear! {WAITING}"),
        (
            facts(S.CLEARANCE, step=step(), positions_by_agency={A: APPROVE}),
            "position",
            f"hear! {WAITING}",
        ),
        (
            facts(S.CLEARANCE, step=step(), positions_by_agency={A: APPROVE, B: APPROVE}),
            "position",
            f"open_step! {IN_CLEARANCE}",
        ),
        (facts(S.CLEARANCE, step=step(), at=AFTER), "", "open_step! withdraw"),
        (facts(S.CLEARANCE, step=step(position=2), at=AFTER), "", "adopt! withdraw"),
        (
            facts(S.CLEARANCE, step=step(), at=AFTER, positions_by_agency={A: APPROVE}),
            "",
            "open_step! withdraw",
        ),
        # silence broken by an objection, which then is lifted
        (
            facts(S.CLEARANCE, step=step(broken=True), positions_by_agency={B: OBJECT}),
            "position!",
            f"return! {WAITING}",
        ),
        (
            facts(S.CLEARANCE, step=step(broken=True), positions_by_agency={A: OBJECT}),
            "position lift",
            f"return! {WAITING}",
        ),
        (
            facts(S.CLEARANCE, step=step(broken=True), positions_by_agency={B: APPROVE}),
            "position!",
            "extend! letter call write withdraw",
        ),
        (
            facts(S.CLEARANCE, step=step(broken=True), positions_by_agency={B: APPROVE}, at=AFTER),
            "position!",
            "extend! letter call write withdraw",
        ),
        (
            facts(
                S.CLEARANCE, step=step(broken=True), positions_by_agency={A: APPROVE, B: APPROVE}
            ),
            "position",
            f"open_step! {IN_CLEARANCE}",
        ),
        # every agency must speak
        (
            facts(S.CLEARANCE, step=step(silence=False), at=AFTER),
            "position!",
            f"hear! {WAITING}",
        ),
        (
            facts(
                S.CLEARANCE, step=step(silence=False), positions_by_agency={A: OBJECT, B: APPROVE}
            ),
            "position lift",
            f"return! {IN_CLEARANCE}",
        ),
        (
            facts(
                S.CLEARANCE,
                step=step(silence=False, position=2),
                positions_by_agency={A: APPROVE, B: APPROVE},
            ),
            "position",
            f"adopt! {IN_CLEARANCE}",
        ),
    ],
)
def test_steps_by_state_and_role(statement_facts, of_agency, of_chair):
    assert codes(statement_facts) == ""
    assert codes(statement_facts, [A]) == of_agency
    assert codes(statement_facts, is_chair=True) == of_chair
    assert codes(statement_facts, [A], is_chair=True) == f"{of_agency} {of_chair}".strip()


def test_one_step_for_all_agencies_of_a_person():
    statement_facts = facts(S.CLEARANCE, step=step(), positions_by_agency={A: APPROVE})

    [asked] = next_steps.next_steps(statement_facts, [A, B], is_chair=False)

    assert (asked.agencies, asked.must, asked.why) == (
        (A, B),
        True,
        "Silence approves. WHO has not spoken yet.",
    )
    assert (asked.title, asked.url, asked.deadline) == (
        "Approve or object, working-level clearance: Transit",
        "/statements/transit/positions/#take",
        DEADLINE,
    )


@pytest.mark.django_db
def test_who_joined_after_silence_had_passed_is_asked_without_a_deadline():
    statement_facts = facts(S.CLEARANCE, step=step(), at=AFTER)
    late = replace(
        statement_facts,
        missing=positions.missing_positions({}, [A, B], [B]),
        past_silence=frozenset({B.pk}),
    )

    [asked] = next_steps.next_steps(late, [A, B], is_chair=False)

    assert (asked.agencies, asked.deadline, asked.why) == ((A,), None, "FAO has not spoken yet.")
    assert codes(late, is_chair=True) == "hear! letter call write withdraw"


def title_of(steps):
    return [(each.title, each.why, each.scope) for each in steps]


@pytest.mark.django_db
def test_nothing_is_asked_where_nothing_is_under_way(unfpa):
    drafted()

    assert required([unfpa], TODAY, NOW) == []


@pytest.mark.django_db
def test_asked_to_amend_until_one_has_or_the_deadline_comes(unfpa, ohchr):
    draft = circulated(title="Transit")

    wanted = ("Amend draft 1: Transit", "UNFPA has proposed nothing yet.", Scope.AGENCY)
    assert title_of(required([unfpa], TODAY, NOW)) == [wanted]
    assert required([unfpa], TODAY, DEADLINE) == []
    AmendmentFactory(block=draft.blocks.first(), agency=unfpa)
    assert required([unfpa], TODAY, NOW) == []
    assert required([], TODAY, NOW) == []


@pytest.mark.django_db
def test_asked_for_a_position_until_one_has_spoken(focal_point, unfpa, terms):
    clearance_step = in_clearance(title="Transit")

    wanted = (
        "Approve or object, working-level clearance: Transit",
        "UNFPA has not spoken yet.",
        Scope.AGENCY,
    )
    assert title_of(required([unfpa], TODAY, NOW)) == [wanted]
    take_position(clearance_step, unfpa, focal_point)
    assert required([unfpa], TODAY, NOW) == []


def of_chair(now=NOW):
    return [each.title for each in required([], TODAY, now, is_chair=True)]


@pytest.mark.django_db
def test_asked_of_the_chair_in_each_state(chair, unesco, who, ohchr, unfpa):
    statement = drafted(title="Transit").statement
    assert of_chair() == ["Circulate draft 1: Transit"]
    statement.amendments_until = DEADLINE
    for state, now, wanted in (
        (StatementState.AMENDMENTS, NOW, []),
        (StatementState.AMENDMENTS, DEADLINE, ["Consolidate draft 1: Transit"]),
        (StatementState.CONSOLIDATION, NOW, ["Issue draft 2: Transit"]),
        (StatementState.CLEARANCE, NOW, []),
        (StatementState.ADOPTED, NOW, ["Release: Transit"]),
        (StatementState.WITHDRAWN, NOW, []),
    ):
        statement.state = state
        statement.save()
        assert of_chair(now) == wanted


@pytest.mark.django_db
def test_asked_of_the_chair_in_clearance(chair, unesco, who, ohchr, unfpa, focal_point):
    clearance_step = in_clearance(title="Transit")
    assert of_chair() == ["Hear from all, working-level clearance: Transit"]
    take_position(clearance_step, ohchr, focal_point, PositionKind.OBJECT)
    assert of_chair() == ["Answer an objection: Transit"]
    for agency in (unesco, who, ohchr, unfpa):
        take_position(clearance_step, agency, focal_point, at=NOW + timedelta(hours=1))
    assert of_chair() == ["Open the next step: Transit"]
    clearance_step.level, clearance_step.position = StepLevel.PRINCIPALS, 2
    clearance_step.save()
    assert of_chair() == ["Adopt: Transit"]


@pytest.mark.django_db
def test_steps_cost_the_same_whatever_their_number(unfpa, terms, django_assert_num_queries):
    for _ in range(20):
        circulated()
        in_clearance()

    with django_assert_num_queries(4):
        assert len(required([unfpa], TODAY, NOW)) == 40


@pytest.mark.django_db
def test_desk_bar_and_positions_page_agree_once_an_objection_is_lifted(
    now, signed_in, chair, unesco, who, ohchr, unfpa, other_agency, focal_point
):
    clearance_step = in_clearance(title="Transit", silence=True)
    for kind in (PositionKind.OBJECT, PositionKind.APPROVE):
        clearance_step.refresh_from_db()
        words = PositionInput(kind, clearance_step.draft.sha256, "Why.")
        positions_actions.take_position(
            clearance_step, words, agency=ohchr, by=other_agency, at=NOW
        )
    browser = signed_in(chair)
    link = f'href="{url("extend", clearance_step)}"'

    desk = browser.get("/desk/").content.decode()
    page = browser.get(url("positions", clearance_step))
    bar = browser.get(url("show", clearance_step)).context["bar"]

    assert desk.count(link) == 2
    # the page of positions offers two more, which are about those who are silent
    only_there = {"Record an approval given by telephone", "Write to the silent"}
    offered = page.context["bar"].links
    assert [each for each in offered if each.label not in only_there] == list(bar.links)
    assert only_there < {each.label for each in offered}
    assert page.content.decode().count(link) == 1
    assert [(each.label, each.main) for each in bar.links] == [
        ("Move the deadline", True),
        ("Take a position", False),
        ("Record a position that came by letter", False),
        ("Withdraw the statement", False),
    ]


def test_a_principals_office_decides_and_is_not_asked_to_amend():
    amending = facts(StatementState.AMENDMENTS)
    office = [A.pk]

    [read] = next_steps.next_steps(amending, [A], is_chair=False, offices=office)
    assert (read.kind, read.what, read.must, read.url) == (
        "statements.read",
        "Read draft 1",
        False,
        "/statements/transit/decision/",
    )
    # focal point of one agency, office of another
    [amend] = next_steps.next_steps(amending, [A, B], is_chair=False, offices=office)
    assert (amend.kind, amend.agencies) == ("statements.amend", (B,))


def test_a_principals_office_speaks_on_the_page_of_the_decision():
    clearance = facts(
        StatementState.CLEARANCE, step=step(), positions_by_agency={A: OBJECT, B: APPROVE}
    )

    def urls(*offices):
        steps = next_steps.next_steps(clearance, [A, B], is_chair=False, offices=offices)
        return [(each.kind, each.url) for each in steps]

    lift = ("statements.lift", "/statements/transit/#text")
    of_office = ("statements.position", "/statements/transit/decision/#take")
    of_team = ("statements.position", "/statements/transit/positions/#take")
    assert urls(A.pk, B.pk) == [of_office]
    assert urls(B.pk) == [of_team, lift]
    assert urls(A.pk) == [of_team]
