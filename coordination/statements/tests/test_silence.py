"""The silence procedure: it passes, it is broken, the chair extends it; all are told, and adoption counts it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.core.clock import after_hours
from coordination.core.history import recorded_reason
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import amendments, drafts, positions, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput
from coordination.statements.due import clearance
from coordination.statements.enums import AmendmentState, PositionKind, StatementState, StepLevel
from coordination.statements.errors import (
    DeadlineNotAhead,
    PositionsMissing,
    ReasonMissing,
    StepClosed,
)
from coordination.statements.models import Position, StepTemplate
from coordination.statements.queries import statements
from coordination.statements.queries.positions import missing_positions_at
from coordination.statements.tests.factories import CIRCULATED, DEADLINE, circulated, in_clearance
from coordination.statements.tests.pages import LATER, form_of, required, url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW, appointed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AFTER = DEADLINE + HOUR


@pytest.fixture
def members(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    """Return who speaks for each member agency."""
    return {unfpa: focal_point, ohchr: other_agency, unesco: chair, who: incoming_chair}


@pytest.fixture
def step(members):
    return in_clearance(silence=True)


def say(step, agency, person, kind=PositionKind.APPROVE, reason="Why.", at=NOW):
    step.refresh_from_db()
    return positions.take_position(
        step, PositionInput(kind, step.draft.sha256, reason), agency=agency, by=person, at=at
    )


# when it ends


@pytest.mark.parametrize(
    ("begin", "hours", "working", "end"),
    [
        ("2026-11-23T09:00", 72, False, "2026-11-26T09:00"),
        # Monday 10:00 in Geneva: seven hours today, one tomorrow
        ("2026-11-23T09:00", 8, True, "2026-11-24T09:00"),
        # Friday 16:00: one hour, and one on Monday
        ("2026-11-27T15:00", 2, True, "2026-11-30T09:00"),
        ("2026-11-28T12:00", 1, True, "2026-11-30T09:00"),  # Saturday
        # before work: the whole day, to its last minute
        ("2026-11-23T03:00", 8, True, "2026-11-23T16:00"),
        ("2027-03-26T15:00", 2, True, "2027-03-29T08:00"),  # over the night in which clocks change
    ],
)
def test_hours_of_work_and_plain_hours(begin, hours, working, end):
    ends = after_hours(
        datetime.fromisoformat(begin).replace(tzinfo=UTC),
        hours,
        ZoneInfo("Europe/Zurich"),
        working=working,
    )

    assert ends == datetime.fromisoformat(end).replace(tzinfo=UTC)


# it passes


def test_who_does_not_speak_approves_once_the_deadline_has_come(step, members, unfpa, focal_point):
    say(step, unfpa, focal_point)

    assert [agency.acronym for agency in missing_positions_at(step, DEADLINE - HOUR).waiting] == [
        "OHCHR",
        "UNESCO",
        "WHO",
    ]
    state = missing_positions_at(step, DEADLINE)
    assert (state.complete, state.waiting, state.spoken, state.asked) == (True, (), 1, 4)
    assert (
        state.sentence
        == "Silence has passed: OHCHR, UNESCO and WHO did not speak and count as approving; nobody objects."
    )


def test_an_agency_that_joined_after_the_deadline_was_not_silent(step, members):
    late = AgencyFactory(acronym="LATE")
    MembershipFactory(agency=late, first_day=(DEADLINE + timedelta(days=1)).date())

    assert missing_positions_at(step, DEADLINE + timedelta(days=2)).waiting == (late,)


def test_an_agency_that_joined_after_the_deadline_speaks_and_is_waited_for_everywhere(
    step, members, now, chair, signed_in
):
    fao = AgencyFactory(acronym="FAO")
    MembershipFactory(agency=fao, first_day=AFTER.date() + timedelta(days=1))
    delegate = appointed("Lucía Prado", "lucia.prado@fao.example.org", fao)
    later = AFTER + timedelta(days=2)
    day = later.date()

    (ask,) = required([fao], day, later)
    assert (ask.deadline, ask.why) == (None, "FAO has not spoken yet.")
    (of_chair,) = required([], day, later, is_chair=True)
    assert (
        of_chair.why
        == missing_positions_at(step, later).sentence
        == "Waiting for FAO; nobody objects. FAO joined after the silence began and must speak."
    )
    with pytest.raises(PositionsMissing):
        positions.open_next_step(step.statement, deadline=later + HOUR, by=chair, at=later)
    now.move_to(later)
    browser = signed_in(delegate)
    page = browser.get(url("positions", step))
    assert browser.post(url("positions", step), form_of(page, kind="approve")).status_code == 302

    assert (
        positions.open_next_step(step.statement, deadline=later + HOUR, by=chair, at=later).position
        == 2
    )


def test_after_it_has_passed_nobody_speaks_in_the_step(step, members, unfpa, focal_point):
    with pytest.raises(StepClosed) as refused:
        say(step, unfpa, focal_point, PositionKind.OBJECT, at=DEADLINE)
    assert "UNFPA counts as approving" in refused.value.message
    assert Position.objects.count() == 0


def test_silence_counts_for_adoption_and_who_did_not_speak_signs(
    step, members, chair, ohchr, other_agency
):
    say(step, ohchr, other_agency, PositionKind.NOT_JOIN)
    with pytest.raises(PositionsMissing):
        positions.open_next_step(step.statement, deadline=AFTER, by=chair, at=NOW)

    principals = positions.open_next_step(step.statement, deadline=AFTER + HOUR, by=chair, at=AFTER)
    assert (principals.silence, principals.level) == (False, StepLevel.PRINCIPALS)
    for agency, person in members.items():
        say(
            principals,
            agency,
            person,
            PositionKind.NOT_JOIN if agency == ohchr else PositionKind.APPROVE,
            at=AFTER,
        )
    positions.adopt(step.statement, by=chair, at=AFTER)
    assert [(str(each), each.joined) for each in statements.signatories_of(step.statement)] == [
        ("OHCHR", False), ("UNESCO", True), ("UNFPA", True), ("WHO", True),
    ]  # fmt: skip


def test_a_last_step_under_silence_alone_makes_signatories(members, chair):
    StepTemplate.objects.create(position=1, level=StepLevel.PRINCIPALS, silence=True, hours=48)
    step = in_clearance(StepLevel.PRINCIPALS, silence=True)
    step.statement.plan = statements.plan_for_new()
    step.statement.save()

    positions.adopt(step.statement, by=chair, at=AFTER)

    assert [(str(each), each.joined) for each in statements.signatories_of(step.statement)] == [
        ("OHCHR", True), ("UNESCO", True), ("UNFPA", True), ("WHO", True),
    ]  # fmt: skip


def test_a_new_statement_keeps_the_plan_of_its_day(chair, terms):
    StepTemplate.objects.create(
        position=1, level=StepLevel.PRINCIPALS, silence=True, hours=48, working_hours=True
    )
    statement = drafts.start_statement("Transit", text="Words.", by=chair, at=NOW)
    StepTemplate.objects.all().delete()

    assert [
        (step.level, step.silence, step.hours, step.working_hours) for step in statement.planned
    ] == [("principals", True, 48, True)]
    other = drafts.start_statement("Other", text="Words.", by=chair, at=NOW)
    assert [(step.level, step.silence) for step in other.planned] == [
        ("working_level", True),
        ("principals", False),
    ]


# it is broken


def test_an_objection_stops_the_clock_also_once_it_is_lifted(step, members, ohchr, other_agency):
    say(step, ohchr, other_agency, PositionKind.OBJECT)
    say(step, ohchr, other_agency)
    step.refresh_from_db()

    assert (step.broken_at, step.silence_holds, step.silence_passed(AFTER)) == (NOW, False, False)
    assert [agency.acronym for agency in missing_positions_at(step, AFTER).waiting] == [
        "UNESCO",
        "UNFPA",
        "WHO",
    ]
    assert list(clearance.waiting_positions(NOW)) == []


def test_who_objects_writes_the_amendment_that_would_lift_it(
    step, members, ohchr, unfpa, other_agency, focal_point, chair
):
    block = step.draft.blocks.get(key="b3")
    proposal = AmendmentInput("Call upon all States;", "Then we approve.")
    with pytest.raises(Exception, match="clearance"):
        amendments.amend(block, proposal, agency=ohchr, by=other_agency, at=NOW)

    say(step, ohchr, other_agency, PositionKind.OBJECT)
    amendment = amendments.amend(block, proposal, agency=ohchr, by=other_agency, at=NOW)
    with pytest.raises(Exception, match="clearance"):
        amendments.amend(block, proposal, agency=unfpa, by=focal_point, at=NOW)
    positions.return_to_consolidation(step.statement, by=chair, at=NOW)
    assert settlements.take(amendment, version=1, by=chair, at=NOW).state == AmendmentState.TAKEN


def test_what_an_objector_proposed_lapses_when_the_text_is_adopted_as_it_stands(
    step, members, ohchr, other_agency, chair, now, of_unfpa
):
    say(step, ohchr, other_agency, PositionKind.OBJECT)
    proposal = AmendmentInput("Call upon all States;", "Then we approve.")
    amendment = amendments.amend(
        step.draft.blocks.get(key="b3"), proposal, agency=ohchr, by=other_agency, at=NOW
    )
    for agency, person in members.items():
        say(step, agency, person)
    last = positions.open_next_step(step.statement, deadline=AFTER, by=chair, at=NOW)
    for agency, person in members.items():
        say(last, agency, person)

    positions.adopt(step.statement, by=chair, at=NOW)

    amendment.refresh_from_db()
    assert (amendment.state, amendment.shown_reason, amendment.settled_by) == (
        "lapsed",
        "The text was approved as it stands.",
        chair,
    )
    assert "Lapsed" in of_unfpa.get(url("draft", step, 1)).content.decode()


# it is extended


def test_more_time_for_all_with_a_reason(step, members, chair):
    for bad, error in (
        ({"deadline": DEADLINE}, DeadlineNotAhead),
        ({"deadline": NOW}, DeadlineNotAhead),
        ({"reason": " "}, ReasonMissing),
    ):
        with pytest.raises(error):
            positions.extend_step(
                step.statement,
                **({"deadline": AFTER, "reason": "A holiday."} | bad),
                by=chair,
                at=NOW,
            )

    extended = positions.extend_step(
        step.statement, deadline=AFTER, reason="A holiday.", by=chair, at=NOW
    )

    assert (
        extended.deadline,
        extended.extended_at,
        extended.extension_reason,
        extended.silence_passed(DEADLINE),
    ) == (
        AFTER,
        NOW,
        "A holiday.",
        False,
    )
    assert recorded_reason(extended.history.first()) == "Extended: A holiday."
    with pytest.raises(StepClosed):
        positions.extend_step(
            step.statement, deadline=AFTER + 2 * HOUR, reason="Late.", by=chair, at=AFTER
        )


def test_a_broken_silence_begins_anew_once_nobody_objects(
    step, members, ohchr, other_agency, chair
):
    say(step, ohchr, other_agency, PositionKind.OBJECT)
    still = positions.extend_step(
        step.statement, deadline=DEADLINE, reason="We talk.", by=chair, at=NOW
    )
    assert still.broken_at == NOW
    say(step, ohchr, other_agency)

    anew = positions.extend_step(
        step.statement, deadline=DEADLINE, reason="OHCHR is content.", by=chair, at=NOW + HOUR
    )

    assert (anew.broken_at, anew.silence_passed(DEADLINE)) == (None, True)


# what is told


def test_the_chair_reads_on_my_desk_what_to_do_after_silence_was_broken(
    step, members, ohchr, other_agency, unfpa, focal_point, chair
):
    """Nobody is reminded while the clock stands still; of the agencies a position is asked without a deadline."""

    def desk(agencies, *, is_chair):
        return [
            (ask.title, ask.why, ask.url, ask.deadline)
            for ask in required(agencies, NOW.date(), NOW, is_chair=is_chair)
        ]

    title = step.statement.title
    say(step, ohchr, other_agency, PositionKind.OBJECT)

    assert desk([], is_chair=True) == [
        (
            f"Answer an objection: {title}",
            (
                "OHCHR objects. Take the text back, change it and issue another draft; or wait until the objection is lifted. "
                "Agencies get no reminders until then."
            ),
            url("act", step, "return"),
            None,
        )
    ]
    assert [
        (detail, deadline) for _title, detail, _url, deadline in desk([unfpa], is_chair=False)
    ] == [("UNFPA has not spoken yet.", None)]

    say(step, ohchr, other_agency)
    assert desk([], is_chair=True) == [
        (
            f"Move the deadline to restart the silence: {title}",
            (
                "Silence on draft 1 was broken, and nobody objects any more. Agencies get no reminders until you move the deadline. "
                "Waiting for UNESCO, UNFPA and WHO; nobody objects."
            ),
            url("extend", step),
            None,
        )
    ]
    assert list(clearance.waiting_positions(NOW)) == []

    positions.extend_step(
        step.statement, deadline=AFTER, reason="OHCHR is content.", by=chair, at=NOW
    )
    assert [each[0] for each in desk([], is_chair=True)] == [
        f"Hear from all, working-level clearance: {title}"
    ]
    assert [deadline for *_words, deadline in desk([unfpa], is_chair=False)] == [AFTER]


def stages(find, moment):
    return sorted({item.stage for item in find(moment)})


def test_reminders_of_the_last_two_days_and_again_for_a_new_deadline(step, members, chair):
    assert stages(clearance.waiting_positions, CIRCULATED) == ["opened"]
    assert stages(clearance.waiting_positions, DEADLINE - 47 * HOUR) == ["48 h before"]
    assert stages(clearance.waiting_positions, DEADLINE - 2 * HOUR) == ["3 h before"]
    before = {item.key for item in clearance.waiting_positions(DEADLINE - 2 * HOUR)}
    positions.extend_step(
        step.statement,
        deadline=DEADLINE + 96 * HOUR,
        reason="A holiday.",
        by=chair,
        at=DEADLINE - HOUR,
    )

    assert stages(clearance.waiting_positions, DEADLINE) == []
    reminders = list(clearance.waiting_positions(DEADLINE + 94 * HOUR))
    assert {item.stage for item in reminders} == {"3 h before"}
    assert before & {item.key for item in reminders} == set()


def test_all_are_told_in_writing_either_way(step, members, ohchr, other_agency, chair, group):
    assert list(clearance.changed_steps(NOW)) == []
    passed = list(clearance.changed_steps(DEADLINE))
    assert len({item.person_id for item in passed}) == 4
    subject, text, html = mail(passed[0], group)
    assert subject == f"Silence has passed: {step.statement}"
    assert "nobody broke it: the text stands" in text
    assert "See who has spoken on draft 1" in html

    say(step, ohchr, other_agency, PositionKind.OBJECT)
    [broken, *_rest] = clearance.changed_steps(NOW)
    assert mail(broken, group)[0] == f"Silence broken: {step.statement}"
    assert "OHCHR objects" in mail(broken, group)[1]
    say(step, ohchr, other_agency)
    positions.extend_step(
        step.statement, deadline=AFTER, reason="A holiday.", by=chair, at=NOW + HOUR
    )
    mails = list(clearance.changed_steps(NOW + HOUR))
    assert {item.stage[:8] for item in mails} == {"extended"}
    assert mail(mails[0], group)[0].startswith("New deadline, Mon 30 Nov 13:00")
    assert "A holiday." in mail(mails[0], group)[1]
    assert list(clearance.changed_steps(AFTER + timedelta(days=15))) == []


# its pages


@pytest.mark.usefixtures("now")
def test_the_chair_moves_the_deadline_on_a_page(step, members, of_chair, of_unfpa):
    path = url("extend", step)
    assert of_unfpa.get(path).status_code == 403
    assert path in of_chair.get(url("positions", step)).content.decode()

    refused = of_chair.post(path, {"deadline": LATER, "reason": "A holiday."})
    assert refused.status_code == 422
    done = of_chair.post(
        path, {"deadline": "2026-12-02T18:00", "reason": "A holiday."}, follow=True
    )
    assert "The new deadline stands" in done.content.decode()
    assert "A holiday." in of_unfpa.get(url("positions", step)).content.decode()


def test_the_pages_say_where_silence_stands(
    step, members, now, signed_in, chair, focal_point, of_unfpa, ohchr, other_agency
):
    assert (
        "Draft 1 is under silence: who does not speak approves."
        in of_unfpa.get(url("show", step)).content.decode()
    )
    page = of_unfpa.get(url("positions", step)).content.decode()
    assert "Silence until then counts as approval." in page

    now.move_to(AFTER)
    # the sessions of before have ended
    of_unfpa, of_chair = signed_in(focal_point), signed_in(chair)
    assert "Silence on draft 1 has passed" in of_unfpa.get(url("show", step)).content.decode()
    page = of_unfpa.get(url("positions", step)).content.decode()
    assert page.count("By silence") == 5
    assert 'id="take"' not in page
    chairs = of_chair.get(url("positions", step)).content.decode()
    assert "Open principals’ approval" in chairs
    assert "Silence has passed" in chairs

    now.move_to(NOW)
    say(step, ohchr, other_agency, PositionKind.OBJECT)
    page = of_unfpa.get(url("positions", step)).content.decode()
    assert "the clock stands still" in page
    assert "Silence on draft 1 was broken" in of_unfpa.get(url("show", step)).content.decode()
    assert "By silence" not in page


@pytest.mark.usefixtures("now")
def test_the_issue_page_begins_with_the_planned_deadline(members, of_chair):
    draft = circulated(StatementState.CONSOLIDATION)

    form = of_chair.get(url("issue", draft)).context["form"]

    # 24 hours of work after Monday, 10:00 in Geneva
    assert form["deadline"].value().isoformat() == "2026-11-26T10:00:00"
    assert "working-level clearance, silence approves" in str(form["to"])


@pytest.mark.usefixtures("now")
def test_what_changed_since_ones_agency_last_took_a_position(
    step, members, ohchr, other_agency, unfpa, focal_point, chair, of_unfpa
):
    say(step, unfpa, focal_point)
    say(step, ohchr, other_agency, PositionKind.OBJECT)
    assert "What changed since" not in of_unfpa.get(url("positions", step)).content.decode()
    statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)
    drafts.issue_draft(statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW)

    page = of_unfpa.get(url("positions", step)).content.decode()

    assert "?from=1&amp;to=2" in page
    assert "What changed since you last took a position, on draft 1" in page
