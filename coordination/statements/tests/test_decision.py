"""The one page on which a principal's office decides."""

import re
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from coordination.core.tests.pages import tidy
from coordination.members.enums import MembershipStatus, Role
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
)
from coordination.statements.actions import drafts, positions, readings, settlements
from coordination.statements.actions.positions import PositionInput
from coordination.statements.actions.sponsors import add_cosponsor
from coordination.statements.due import clearance
from coordination.statements.enums import AmendmentState, PositionKind, StatementState, StepLevel
from coordination.statements.models import ClearanceStep, PersonReading, Position
from coordination.statements.queries import decisions
from coordination.statements.queries.drafts import blocks_by_draft
from coordination.statements.tests.factories import (
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.statements.tests.pages import form_of, url
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
OLD = "Call upon States to ensure that migrants in transit have access to health care;"
NEW = "Call upon States to ensure that migrants in transit have access to primary health care;"


@pytest.fixture
def of_office(principals_office, signed_in, terms):
    return signed_in(principals_office)


@pytest.fixture
def objected(unfpa, ohchr, unesco, who, focal_point, chair):
    """Return the step on draft 1, to OP 1 of which UNFPA objected."""
    step = in_clearance(silence=True, title="Transit", slug="2026-transit")
    step.refresh_from_db()
    objection = PositionInput(PositionKind.OBJECT, step.draft.sha256, "Too vague.", ("OP 1",))
    positions.take_position(step, objection, agency=unfpa, by=focal_point, at=NOW)
    return step


def issued_again(step, chair, focal_point, unfpa) -> ClearanceStep:
    """Take an amendment of UNFPA into draft 2, decline another, and return the step on draft 2."""
    statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)
    block = step.draft.blocks.get(text=OLD)
    AmendmentFactory(
        block=step.draft.blocks.first(),
        agency=unfpa,
        author=focal_point,
        proposed_text="Joint statement",
        state=AmendmentState.DECLINED,
        settled_reason="The title stays.",
        number=7,
    )
    settlements.adapt(block, text=NEW, reason="", version=0, by=chair, at=NOW)
    draft = drafts.issue_draft(
        statement, to=StatementState.CLEARANCE, deadline=NOW + timedelta(days=4), by=chair, at=NOW
    )
    return ClearanceStep.objects.get(draft=draft)


def test_the_page_has_the_clean_text_and_the_two_answers(of_office, unfpa, unesco):
    step = in_clearance(silence=True)

    page = tidy(of_office.get(url("decision", step)).content.decode())

    assert "Draft 1 as it reads" in page
    assert OLD in strip_tags(page)
    assert "This is the first draft." in page
    assert "No position yet." in page
    assert "No amendment." in page
    assert ">Approve draft 1<" in page.replace("> ", ">").replace(" <", "<")
    assert "To object breaks the silence for all:" in page
    assert "Amend draft 1" not in page


def test_the_office_approves_on_the_page_and_stays_on_it(of_office, principals_office, unfpa):
    step = in_clearance()
    page = of_office.get(url("decision", step))

    sent = of_office.post(url("decision", step), form_of(page, kind="approve"))

    assert (sent.status_code, sent.url) == (302, url("decision", step))
    position = Position.objects.get()
    assert (position.agency, position.person, position.kind) == (
        unfpa,
        principals_office,
        PositionKind.APPROVE,
    )
    words = tidy(of_office.get(url("decision", step)).content.decode())
    assert "UNFPA approves" in words


def test_an_objection_without_a_reason_comes_back_on_the_page(of_office, unfpa):
    step = in_clearance(silence=True)
    page = of_office.get(url("decision", step))

    sent = of_office.post(url("decision", step), form_of(page, kind="object"))

    assert sent.status_code == 422
    assert "Draft 1 as it reads" in tidy(sent.content.decode())
    assert not Position.objects.exists()


def test_what_changed_is_counted_from_the_draft_that_this_person_opened(
    objected, of_office, of_unfpa, chair, focal_point, unfpa
):
    of_office.get(url("decision", objected))
    of_office.get(url("decision", objected))  # only the first time counts
    step = issued_again(objected, chair, focal_point, unfpa)

    page = tidy(of_office.get(url("decision", step)).content.decode())

    assert "You opened draft 1" in page
    assert "1 paragraph changed." in page
    assert re.search("<ins>[^/]*(<span[^>]*>[^<]*</span>)?primary", page)
    assert "You opened draft 1" in tidy(of_office.get(url("decision", step)).content.decode())
    # her colleague has opened no draft here
    other = tidy(of_unfpa.get(url("decision", step)).content.decode())
    assert "You have opened no earlier draft here." in other
    assert [
        (reading.draft.number, reading.person.name)
        for reading in PersonReading.objects.select_related("draft", "person")
    ] == [
        (1, "Office of the Executive Director"),
        (2, "Office of the Executive Director"),
        (2, "Nadia Ferreira"),
    ]


def test_a_text_that_did_not_change_has_no_marked_paragraph(objected, principals_office, chair):
    draft, by_draft = objected.draft, blocks_by_draft(objected.statement_id)
    readings.note_reading_by(objected.draft, by=principals_office, at=NOW)
    reading = PersonReading.objects.get()

    assert decisions.changed_since(reading, draft, by_draft).pairs == ()
    assert decisions.changed_since(None, draft, by_draft) is None
    assert str(reading).startswith("Office of the Executive Director: ")


def test_a_head_request_is_no_reading(of_office, unfpa):
    step = in_clearance()

    of_office.head(url("decision", step))

    assert not PersonReading.objects.exists()


def test_the_page_says_what_the_agency_said_and_what_became_of_it(
    objected, of_office, chair, focal_point, unfpa
):
    step = issued_again(objected, chair, focal_point, unfpa)

    page = tidy(of_office.get(url("decision", step)).content.decode())

    said = page[page.index('id="said"') :]
    assert "draft 1, working-level clearance" in said
    assert "“Too vague.”" in said
    assert "amendment 7 to draft 1" in said
    assert "Declined" in said or "declined" in said
    assert "The chair: The title stays." in said
    assert "Does draft 2 meet the objection of UNFPA?" in page


def test_the_page_hides_what_the_chair_may_still_undo(of_office, unfpa, ohchr, focal_point):
    draft = circulated(StatementState.CONSOLIDATION)
    block = draft.blocks.get(text=OLD)
    AmendmentFactory(
        block=block,
        agency=unfpa,
        author=focal_point,
        proposed_text=NEW,
        state=AmendmentState.DECLINED,
        settled_reason="Not now.",
    )
    AmendmentFactory(block=block, agency=ohchr, proposed_text="All else;")

    page = tidy(of_office.get(url("decision", draft)).content.decode())

    assert "Not now." not in page
    assert "All else;" not in page
    [(of_draft, outcome)] = decisions.amendments_by(
        [unfpa], draft, blocks_by_draft(draft.statement_id), provisional=True
    )
    assert (of_draft, outcome.label, outcome.amendment.state) == (
        draft,
        "OP 1",
        AmendmentState.OPEN,
    )
    [(_draft, outcome)] = decisions.amendments_by(
        [unfpa], draft, blocks_by_draft(draft.statement_id), provisional=False
    )
    assert (outcome.amendment.state, outcome.amendment.shown_reason) == (
        AmendmentState.DECLINED,
        "Not now.",
    )


def test_amendments_count_for_co_sponsors_and_a_carried_one_counts_once(unfpa, ohchr, focal_point):
    draft = circulated()
    block = draft.blocks.get(text=OLD)
    amendment = AmendmentFactory(block=block, agency=ohchr, proposed_text=NEW)
    AmendmentFactory(
        block=block, agency=unfpa, proposed_text="Gone", state=AmendmentState.CARRIED, number=9
    )
    add_cosponsor(amendment, version=1, agency=unfpa, by=focal_point, at=NOW)

    assert [
        outcome.amendment
        for _draft, outcome in decisions.amendments_by(
            [unfpa], draft, blocks_by_draft(draft.statement_id), provisional=False
        )
    ] == [amendment]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (circulated, "Your agency approves or objects here when the chair opens the next step"),
        (
            lambda: circulated(StatementState.ADOPTED, adopted_at=NOW, released_at=NOW),
            "The statement is adopted.",
        ),
    ],
)
def test_without_a_decision_the_page_says_when_there_is_one(of_office, make, words):
    page = tidy(of_office.get(url("decision", make())).content.decode())

    assert "Nothing is to be decided now" in page
    assert words in page


def test_an_agency_that_is_not_asked_reads_the_page_and_has_no_form(of_office, ohchr, unfpa):
    step = in_clearance()
    step.statement.participating.add(ohchr)

    page = tidy(of_office.get(url("decision", step)).content.decode())

    assert "Your agency is not asked in this step" in page
    assert "Approve draft 1" not in page


def test_an_observer_reads_the_page_and_says_nothing(signed_in, group, terms, unfpa):
    observer = AgencyFactory(acronym="ICRC")
    MembershipFactory(agency=observer, standing=MembershipStatus.OBSERVER)
    person = AppointmentFactory(agency=observer, role=Role.OFFICE).person
    step = in_clearance()
    client = signed_in(person)

    page = tidy(client.get(url("decision", step)).content.decode())

    assert "You are in office for no agency that takes a position." in page
    assert 'id="said"' not in page
    sent = {"agency": unfpa.pk, "kind": "approve", "step": step.pk, "sha256": step.draft.sha256}
    assert client.post(url("decision", step), sent).status_code == 403
    assert not Position.objects.exists()


def test_the_office_of_one_agency_does_not_speak_for_another(of_office, unfpa, ohchr):
    step = in_clearance()

    sent = {"agency": ohchr.pk, "kind": "approve", "step": step.pk, "sha256": step.draft.sha256}

    assert of_office.post(url("decision", step), sent).status_code == 422
    assert not Position.objects.exists()


def test_outsiders_and_a_draft_in_preparation_have_no_page(
    client, signed_in, stranger, of_office, of_chair, unfpa
):
    step, draft = in_clearance(), drafted()

    assert client.get(url("decision", step)).status_code == 302
    assert signed_in(stranger).get(url("decision", step)).status_code == 404
    assert of_office.get(url("decision", draft)).status_code == 404
    assert of_chair.get(url("decision", draft)).status_code == 404


def test_a_principals_office_finds_the_page_from_each_page_of_the_statement(
    of_office, of_unfpa, unfpa
):
    step, draft = in_clearance(), circulated()

    for name in ("show", "positions"):
        assert (
            f'href="{url("decision", step)}#take"'
            in of_office.get(url(name, step)).content.decode()
        )
        assert url("decision", step) not in of_unfpa.get(url(name, step)).content.decode()
    page = of_office.get(url("show", draft)).content.decode()
    assert f'href="{url("decision", draft)}"' in page
    assert "Read and amend" not in page


@pytest.mark.parametrize("rows", ROWS)
def test_the_page_costs_the_same_whatever_was_said(
    objected, of_office, chair, focal_point, unfpa, rows, django_assert_num_queries
):
    of_office.get(url("decision", objected))
    step = issued_again(objected, chair, focal_point, unfpa)
    many(
        AmendmentFactory,
        rows,
        block=objected.draft.blocks.first(),
        agency=unfpa,
        author=focal_point,
        state=AmendmentState.DECLINED,
        number=[100 + n for n in range(rows)],
    )
    take_position(step, unfpa, focal_point)

    of_office.get(url("decision", step))
    with django_assert_num_queries(14):
        of_office.get(url("decision", step))


def test_the_mail_to_a_principals_office_leads_to_the_page(
    principals_office, focal_point, unfpa, terms
):
    step = in_clearance(StepLevel.PRINCIPALS)

    urls = {mail.person_id: mail.url for mail in clearance.waiting_positions(NOW)}

    assert urls[principals_office.pk] == f"{url('decision', step)}#take"
    assert urls[focal_point.pk] == f"{url('positions', step)}#take"
