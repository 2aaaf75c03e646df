"""Which agencies are in a statement: all members, or those that the chair names."""

import pytest
from django.utils.html import strip_tags

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import (
    amendments,
    drafts,
    participants,
    positions,
    preparing,
    sponsors,
)
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput
from coordination.statements.due import amending, clearance
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.errors import (
    InClearance,
    NobodySigns,
    NotParticipating,
    PutOutLater,
    WrongState,
)
from coordination.statements.models import Amendment, Draft, Position, Statement
from coordination.statements.queries import statements
from coordination.statements.queries.positions import (
    agencies_past_silence,
    missing_positions_at,
    positions_matrix,
    steps_of,
)
from coordination.statements.tests.factories import (
    DEADLINE,
    TEXT,
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
)
from coordination.statements.tests.pages import form_of, required, url
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def choose(draft: Draft, agencies, by) -> Statement:
    version = Statement.objects.get(pk=draft.statement_id).version
    return participants.choose_participants(
        draft.statement, agencies, version=version, by=by, at=NOW
    )


def participant_names(draft: Draft) -> list[str]:
    return [agency.acronym for agency in statements.participants_on(draft.statement.pk, TODAY)]


def kinds_owed(person) -> list[str]:
    dues = [
        *amending.open_to_amendments(NOW),
        *clearance.waiting_positions(NOW),
        *clearance.changed_steps(NOW),
    ]
    return [each.kind for each in dues if each.person_id == person.pk]


@pytest.fixture
def everybody(unfpa, ohchr, unesco, who):
    return [ohchr, unesco, unfpa, who]


def test_all_members_are_in_unless_the_chair_names_some(chair, everybody, unfpa, unesco):
    draft = drafted()
    assert participant_names(draft) == ["OHCHR", "UNESCO", "UNFPA", "WHO"]

    choose(draft, [unfpa, unesco], chair)

    assert participant_names(draft) == ["UNESCO", "UNFPA"]
    assert (
        recorded_reason(draft.statement.history.first()) == "Agencies that are in: UNESCO and UNFPA"
    )


def test_naming_all_means_the_members_of_each_day(chair, everybody):
    draft = drafted()
    choose(draft, everybody[:2], chair)

    choose(draft, everybody, chair)
    MembershipFactory(agency=AgencyFactory(acronym="IOM"), first_day=TODAY)

    assert participant_names(draft) == ["IOM", "OHCHR", "UNESCO", "UNFPA", "WHO"]
    assert recorded_reason(draft.statement.history.first()) == "Agencies that are in: all members"


def test_whoever_leaves_the_group_is_in_no_more(chair, everybody, unfpa, unesco):
    draft = drafted()
    choose(draft, [unfpa, unesco], chair)

    unfpa.memberships.update(last_day=NOW.date().replace(month=10))

    assert participant_names(draft) == ["UNESCO"]


def test_once_asked_agencies_are_only_added(chair, everybody, unfpa, unesco, ohchr):
    draft = circulated()
    draft.statement.participating.set([unfpa, unesco])

    with pytest.raises(PutOutLater) as refused:
        choose(draft, [unesco, ohchr], chair)
    assert (
        refused.value.message
        == "You cannot remove UNFPA after circulation. An agency may choose not to join."
    )
    choose(draft, [unfpa, unesco, ohchr], chair)

    assert participant_names(draft) == ["OHCHR", "UNESCO", "UNFPA"]


def test_at_least_one_is_in_and_only_the_chair_says_who(chair, focal_point, everybody):
    draft = drafted()

    with pytest.raises(NobodySigns):
        choose(draft, [], chair)
    with pytest.raises(NotAllowed):
        choose(draft, everybody, focal_point)
    with pytest.raises(WrongState):
        choose(circulated(StatementState.WITHDRAWN), everybody, chair)


def test_in_clearance_no_agency_is_added_as_it_would_be_silent_where_it_was_never_asked(
    chair, of_chair, everybody, unesco, ohchr
):
    step = in_clearance(silence=True)
    step.statement.participating.set([unesco])

    with pytest.raises(InClearance) as refused:
        choose(step.draft, [unesco, ohchr], chair)

    assert refused.value.message.endswith("Add it when the text is back in consolidation.")
    assert (
        participant_names(step.draft),
        [str(each) for each in agencies_past_silence(step, DEADLINE)],
    ) == (
        ["UNESCO"],
        ["UNESCO"],
    )
    refused = of_chair.post(
        url("participants", step), {"agencies": [unesco.pk, ohchr.pk], "version": 1}
    )
    assert (refused.status_code, "so you cannot add one now" in refused.content.decode()) == (
        422,
        True,
    )
    assert url("participants", step) not in of_chair.get(url("show", step)).content.decode()


def test_others_neither_amend_nor_speak(chair, everybody, unesco, unfpa, ohchr, focal_point):
    draft = circulated()
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    draft.statement.participating.set([unesco, ohchr])
    step = in_clearance()
    step.statement.participating.set([unesco])
    by = {"agency": unfpa, "by": focal_point, "at": NOW}
    proposal, position = (
        AmendmentInput("Words.", "Why."),
        PositionInput(PositionKind.APPROVE, step.draft.sha256),
    )

    acts = [
        lambda: amendments.amend(draft.blocks.get(key="b2"), proposal, **by),
        lambda: preparing.prepare_amendment(draft.blocks.get(key="b2"), proposal, **by),
        lambda: sponsors.add_cosponsor(amendment, version=1, **by),
        lambda: positions.take_position(step, position, **by),
        lambda: preparing.prepare_position(step, position, version=0, **by),
    ]
    for act in acts:
        with pytest.raises(NotParticipating) as refused:
            act()
        assert (
            refused.value.message
            == "UNFPA does not take part in this statement. The chair may add it until clearance begins."
        )
    assert (Amendment.objects.count(), Position.objects.count()) == (1, 0)


def test_only_those_who_are_in_are_asked_written_to_and_waited_for(
    chair, everybody, unesco, ohchr, unfpa, who, focal_point, other_agency
):
    open_now, step = circulated(), in_clearance(silence=True)
    assert sorted(kinds_owed(focal_point)) == ["statements.amend_open", "statements.position_due"]
    for statement in (open_now.statement, step.statement):
        statement.participating.set([unesco, ohchr])

    assert kinds_owed(focal_point) == []
    assert sorted(kinds_owed(other_agency)) == ["statements.amend_open", "statements.position_due"]
    asked = {agency: {step.kind for step in required([agency], TODAY, NOW)} for agency in everybody}
    assert asked == {
        unesco: {"statements.amend", "statements.position"},
        ohchr: asked[unesco],
        unfpa: set(),
        who: set(),
    }
    assert (
        missing_positions_at(step, NOW).sentence == "Waiting for OHCHR and UNESCO; nobody objects."
    )
    assert [
        row.agency.acronym
        for row in positions_matrix(step.statement, steps_of(step.statement), TODAY, NOW).rows
    ] == [
        "OHCHR",
        "UNESCO",
    ]
    positions.extend_step(
        step.statement,
        deadline=step.deadline.replace(day=2, month=12),
        reason="More time.",
        by=chair,
        at=NOW,
    )
    assert "statements.step_changed" in kinds_owed(other_agency)
    assert kinds_owed(focal_point) == []


def test_a_statement_of_some_is_adopted_by_these(chair, everybody, unesco, ohchr, other_agency):
    step = in_clearance(position=2)
    step.statement.plan = step.statement.plan[:1]
    step.position = 1
    step.statement.save()
    step.save()
    step.statement.participating.set([unesco, ohchr])
    for agency, person in ((unesco, chair), (ohchr, other_agency)):
        positions.take_position(
            step,
            PositionInput(PositionKind.APPROVE, step.draft.sha256),
            agency=agency,
            by=person,
            at=NOW,
        )

    positions.adopt(step.statement, by=chair, at=NOW)

    assert [str(each.agency) for each in statements.signatories_of(step.statement)] == [
        "OHCHR",
        "UNESCO",
    ]


def test_the_chair_says_on_a_page_who_is_in(of_chair, of_unfpa, everybody, unesco, unfpa):
    page = of_chair.get("/statements/start/")
    answer = of_chair.post(
        "/statements/start/",
        form_of(page, title="Transit", text=TEXT, agencies=[unesco.pk], language="fr"),
    )
    statement = Statement.objects.get()
    assert answer["Location"] == f"/statements/{statement.slug}/"
    assert (statement.language, [str(each) for each in statement.participating.all()]) == (
        "fr",
        ["UNESCO"],
    )

    page = of_chair.get(url("participants", statement))
    assert of_chair.post(url("participants", statement), {}).status_code == 422
    of_chair.post(url("participants", statement), form_of(page, agencies=[unesco.pk, unfpa.pk]))

    assert [str(each) for each in statement.participating.all()] == ["UNESCO", "UNFPA"]
    shown = text_of(of_chair.get(url("show", statement)))
    assert "<dd>UNESCO and UNFPA " in shown
    drafts.circulate_draft(
        statement.drafts.get(), deadline=NOW.replace(day=30), by=statement.started_by, at=NOW
    )
    page = of_chair.get(url("participants", statement))
    assert "Those that were asked already stay in" in page.content.decode()
    answer = of_chair.post(url("participants", statement), form_of(page, agencies=[unesco.pk]))
    assert (
        answer.status_code,
        "You cannot remove UNFPA after circulation" in answer.content.decode(),
    ) == (422, True)
    assert of_unfpa.get(url("participants", statement)).status_code == 403


def test_of_two_who_say_who_is_in_the_second_sees_what_changed(
    of_chair, signed_in, chair_colleague, everybody, unesco, unfpa, who
):
    draft = drafted()
    path = url("participants", draft)
    first, second = (
        form_of(of_chair.get(path), agencies=[unesco.pk, unfpa.pk]),
        form_of(of_chair.get(path), agencies=[unesco.pk, who.pk]),
    )
    assert of_chair.post(path, first).status_code == 302

    lost = signed_in(chair_colleague).post(path, second)

    page = lost.content.decode()
    assert (lost.status_code, participant_names(draft)) == (409, ["UNESCO", "UNFPA"])
    versions = [
        strip_tags(part.partition("</p>")[0]).strip()
        for part in page.split('<p class="block__text">')[1:]
    ]
    assert versions == ["UNESCO, UNFPA", "UNESCO, WHO"]
    assert page.count("checked") == 2  # the two that the second chose
    sent = sent_by(lost, path) | {"agencies": [unesco.pk, unfpa.pk, who.pk]}
    assert signed_in(chair_colleague).post(path, sent).status_code == 302
    assert participant_names(draft) == ["UNESCO", "UNFPA", "WHO"]


def test_what_else_was_done_meanwhile_is_said_too(of_chair, chair, everybody, unesco):
    draft = drafted()
    path = url("participants", draft)
    sent = form_of(of_chair.get(path), agencies=[agency.pk for agency in everybody])
    drafts.circulate_draft(draft, deadline=DEADLINE, by=chair, at=NOW)

    lost = of_chair.post(path, sent)

    assert (lost.status_code, "What you wrote is not touched by that" in lost.content.decode()) == (
        409,
        True,
    )


def test_the_chair_reads_whom_each_act_asks_or_tells(of_chair, everybody, unesco, ohchr):
    acts = [
        ("circulate", drafted()),
        ("reopen_amendments", circulated()),
        ("issue", circulated(StatementState.CONSOLIDATION)),
    ]
    acts += [("open_step", in_clearance()), ("extend", in_clearance())]
    says = [of_chair.get(url(act, thing)).context["says"] for act, thing in acts]
    assert ["all member agencies" in each for each in says] == [True] * 5
    assert (
        "Agencies asked in this step: 4."
        in of_chair.get(url("positions", acts[-1][1])).content.decode()
    )

    for _act, thing in acts:
        thing.statement.participating.set([unesco, ohchr])

    says = [of_chair.get(url(act, thing)).context["says"] for act, thing in acts]
    assert [each.partition(" OHCHR and UNESCO ")[0] for each in says] == [
        "This asks",
        "This tells",
        "This asks",
        "This asks",
        "This tells",
    ]
    assert (
        "Agencies asked in this step: 2."
        in of_chair.get(url("positions", acts[-1][1])).content.decode()
    )


def test_those_who_are_not_in_read_along(of_unfpa, everybody, unesco, unfpa):
    draft, step = circulated(), in_clearance()
    for statement in (draft.statement, step.statement):
        statement.participating.set([unesco])

    page = of_unfpa.get(url("show", draft))
    assert (page.status_code, page.context["may_amend"], page.context["may_sponsor"]) == (
        200,
        False,
        False,
    )
    for answer in (
        of_unfpa.get(url("amend", draft, "b3")),
        of_unfpa.post(url("positions", step), {}),
    ):
        assert answer.status_code == 422
        assert (
            "UNFPA does not take part in this statement. The chair may add it until clearance begins."
            in answer.content.decode()
        )
    assert of_unfpa.get(url("positions", step)).context["form"] is None
