"""Inside an agency: what colleagues prepare is seen by nobody else, on no page, in no list, in no mail."""

from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AppointmentFactory
from coordination.statements.actions import amendments, drafts, positions, preparing, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput
from coordination.statements.due import amending
from coordination.statements.enums import AmendmentKind, PositionKind, StatementState
from coordination.statements.errors import (
    AlreadySent,
    DeadlinePassed,
    NothingChanged,
    OtherText,
    StepClosed,
    WrongState,
)
from coordination.statements.models import (
    Amendment,
    ClearanceStep,
    Position,
    PreparedAmendment,
    PreparedPosition,
)
from coordination.statements.queries.amendments import prepared_by
from coordination.statements.queries.drafts import rebased_text
from coordination.statements.tests.factories import DEADLINE, circulated, drafted, in_clearance
from coordination.statements.tests.pages import form_of, url
from coordination.statements.tests.test_views_kinds import send
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
SECRET = "Call upon States, quietly;"
SECRET_SHOWN = ", quietly"  # among marks of what changes


@pytest.fixture
def block(unfpa, ohchr):
    return circulated().blocks.select_related("draft").get(key="b3")


@pytest.fixture
def prepared(block, unfpa, focal_point):
    return preparing.prepare_amendment(
        block, AmendmentInput(SECRET, ""), agency=unfpa, by=focal_point, at=NOW
    )


def test_a_colleague_goes_on_with_it_and_it_is_sent_once(prepared, focal_point, colleague):
    changed = preparing.edit_prepared(
        prepared, AmendmentInput(SECRET, "Softly."), version=1, by=colleague, at=NOW
    )
    assert (changed.version, changed.author, changed.rationale) == (2, colleague, "Softly.")
    with pytest.raises(Stale):
        preparing.edit_prepared(
            prepared, AmendmentInput("Mine;", ""), version=1, by=focal_point, at=NOW
        )

    amendment = preparing.send_prepared(
        changed, AmendmentInput(SECRET, "Softly."), version=2, by=focal_point, at=NOW
    )

    assert (amendment.proposed_text, amendment.author, Amendment.objects.count()) == (
        SECRET,
        focal_point,
        1,
    )
    with pytest.raises(AlreadySent):
        preparing.send_prepared(
            changed, AmendmentInput(SECRET, "Softly."), version=3, by=focal_point, at=NOW
        )
    assert list(prepared_by([prepared.agency])) == []


def test_nothing_is_sent_when_the_proposal_is_refused(prepared, focal_point):
    with pytest.raises(DeadlinePassed):
        preparing.send_prepared(
            prepared, AmendmentInput(SECRET, "Why."), version=1, by=focal_point, at=DEADLINE
        )

    prepared.refresh_from_db()
    assert (prepared.version, prepared.sent_as, Amendment.objects.count()) == (1, None, 0)


def test_it_is_for_ones_own_agency_and_has_words(
    block, prepared, unfpa, other_agency, focal_point, chair
):
    for person in (other_agency, chair):
        with pytest.raises(NotAllowed):
            preparing.prepare_amendment(
                block, AmendmentInput("Words;", ""), agency=unfpa, by=person, at=NOW
            )
        with pytest.raises(NotAllowed):
            preparing.edit_prepared(
                prepared, AmendmentInput("Words;", ""), version=1, by=person, at=NOW
            )
        with pytest.raises(NotAllowed):
            preparing.discard_prepared(prepared, version=1, by=person, at=NOW)
    with pytest.raises(NothingChanged):
        preparing.prepare_amendment(
            block, AmendmentInput(" ", "Why."), agency=unfpa, by=focal_point, at=NOW
        )


@pytest.mark.parametrize(
    "state", [StatementState.DRAFTING, StatementState.ADOPTED, StatementState.WITHDRAWN]
)
def test_nothing_is_prepared_for_a_text_that_is_not_with_the_agencies(chair, unesco, state):
    draft = drafted() if state == StatementState.DRAFTING else circulated(state)

    with pytest.raises(WrongState):
        preparing.prepare_amendment(
            draft.blocks.get(key="b3"),
            AmendmentInput(SECRET, ""),
            agency=unesco,
            by=chair,
            at=NOW,
        )
    assert list(PreparedAmendment.objects.all()) == []


def test_what_was_prepared_is_edited_no_more_once_the_statement_ended(
    prepared, block, chair, focal_point
):
    positions.withdraw_statement(
        block.draft.statement, reason="The event is off.", by=chair, at=NOW
    )

    with pytest.raises(WrongState):
        preparing.edit_prepared(
            prepared, AmendmentInput("Other;", ""), version=1, by=focal_point, at=NOW
        )
    preparing.discard_prepared(prepared, version=1, by=focal_point, at=NOW)


def test_a_position_is_prepared_in_an_open_step_alone(unfpa, focal_point, chair):
    step, silent, ended = in_clearance(), in_clearance(silence=True), in_clearance()
    positions.withdraw_statement(ended.statement, reason="The event is off.", by=chair, at=NOW)
    ClearanceStep.objects.filter(pk=step.pk).update(closed_at=NOW)

    for each, error, at in (
        (step, StepClosed, NOW),
        (silent, StepClosed, DEADLINE),
        (ended, WrongState, NOW),
    ):
        with pytest.raises(error):
            preparing.prepare_position(
                each,
                PositionInput(PositionKind.APPROVE, each.draft.sha256),
                version=0,
                agency=unfpa,
                by=focal_point,
                at=at,
            )
    assert list(PreparedPosition.objects.all()) == []


def test_nobody_else_learns_of_it(
    prepared, client, signed_in, other_agency, chair, administrator, block, of_unfpa
):
    paths = [
        url(name, block.draft)
        for name in ("show", "compile", "compile_plain", "balance", "history", "origins")
    ]
    paths += [url("amend", block.draft, "b3"), "/desk/", "/search/?q=States", "/statements/"]
    assert SECRET_SHOWN in of_unfpa.get(paths[0]).content.decode()

    for browser in (client, signed_in(other_agency), signed_in(chair), signed_in(administrator)):
        for path in paths:
            assert "quietly" not in browser.get(path).content.decode(), path
    for path in ("/admin/statements/amendment/?q=quietly", "/admin/statements/", "/admin/"):
        page = signed_in(administrator).get(path).content.decode()
        assert (SECRET in page, "preparedamendment" in page) == (False, False), path
    assert (
        signed_in(administrator)
        .get(f"/admin/statements/preparedamendment/{prepared.pk}/change/")
        .status_code
        == 404
    )
    assert (
        signed_in(other_agency)
        .get(f"{url('amend', block.draft, 'b3')}?prepared={prepared.pk}")
        .status_code
        == 404
    )
    assert (
        signed_in(other_agency)
        .post(url("discard_prepared", block.draft, prepared.pk), {"version": 1})
        .status_code
        == 404
    )
    assert [item for item in amending.open_to_amendments(NOW) if SECRET in str(item.context)] == []


def test_the_pages_keep_edit_propose_and_discard(block, of_unfpa, signed_in, colleague):
    path = url("amend", block.draft, "b3")
    # else a browser asks for the reason
    assert 'name="keep" value="yes" formnovalidate' in of_unfpa.get(path).content.decode()
    response = send(of_unfpa, path, proposed_text=SECRET, rationale="", keep="yes")
    assert response.status_code == 302
    prepared = PreparedAmendment.objects.get()
    of_colleague, prepared_path = signed_in(colleague), f"{path}?prepared={prepared.pk}"
    shown = of_colleague.get(url("show", block.draft)).content.decode()
    assert (prepared_path in shown, 'aria-label="OP 1: In preparation by UNFPA, 1"' in shown) == (
        True,
        True,
    )

    form = of_colleague.get(prepared_path).context["form"]
    assert (form["proposed_text"].value(), form["version"].value()) == (SECRET, 1)
    assert (
        f'data-keep="amend-unfpa-prepared-{prepared.pk}"'
        in of_colleague.get(prepared_path).content.decode()
    )
    assert 'data-keep="amend-unfpa"' in of_colleague.get(path).content.decode()
    assert send(of_colleague, prepared_path, rationale="Softly.", keep="yes").status_code == 302
    stale = of_unfpa.post(path, {"agency": prepared.agency_id, "proposed_text": "Mine;", "rationale": "", "version": 1, "prepared": prepared.pk, "keep": "yes"})  # fmt: skip
    assert (
        stale.status_code,
        SECRET in stale.content.decode(),
        "Mine;" in stale.content.decode(),
    ) == (409, True, True)
    assert of_unfpa.post(path, sent_by(stale, path) | {"proposed_text": SECRET}).status_code == 302
    # kept, as was pressed
    assert (PreparedAmendment.objects.get().author.name, Amendment.objects.count()) == (
        "Nadia Ferreira",
        0,
    )
    assert send(of_colleague, prepared_path, rationale="").status_code == 422
    assert send(of_colleague, prepared_path, rationale="Softly.").status_code == 302
    assert (Amendment.objects.get().proposed_text, Amendment.objects.get().rationale) == (
        SECRET,
        "Softly.",
    )

    send(of_unfpa, url("insert", block.draft, "b3"), proposed_text="New;", rationale="", keep="yes")
    other = PreparedAmendment.objects.get(kind=AmendmentKind.INSERT)
    assert [
        of_unfpa.post(path, {"prepared": key}).status_code for key in (other.pk + 1, "9" * 5000)
    ] == [404, 404]
    assert (
        of_unfpa.post(url("discard_prepared", block.draft, other.pk), {"version": 1}).status_code
        == 302
    )
    assert "New;" not in of_unfpa.get(url("show", block.draft)).content.decode()


def test_a_position_is_prepared_by_colleagues_and_recorded_once(
    unfpa, ohchr, focal_point, colleague, other_agency, of_unfpa, signed_in
):
    step = in_clearance()
    position = PositionInput(
        PositionKind.OBJECT, step.draft.sha256, "A secret reason.", ("OP 2", "OP 1")
    )
    prepared = preparing.prepare_position(
        step, position, version=0, agency=unfpa, by=focal_point, at=NOW
    )
    with pytest.raises(Stale):
        preparing.prepare_position(step, position, version=0, agency=unfpa, by=colleague, at=NOW)
    with pytest.raises(NotAllowed):
        preparing.prepare_position(step, position, version=1, agency=unfpa, by=other_agency, at=NOW)
    with pytest.raises(OtherText):
        preparing.prepare_position(
            step,
            PositionInput(PositionKind.APPROVE, "0" * 64),
            version=1,
            agency=unfpa,
            by=focal_point,
            at=NOW,
        )

    path = url("positions", step)
    assert "secret reason" not in signed_in(other_agency).get(path).content.decode()
    browser = signed_in(colleague)
    form = browser.get(path).context["form"]
    assert (form["kind"].value(), form["reason"].value(), form["version"].value()) == (
        "object",
        "A secret reason.",
        prepared.version,
    )
    assert form["about"].value() == ["OP 1", "OP 2"]
    sent = {
        "agency": unfpa.pk,
        "kind": "approve",
        "reason": "",
        "sha256": step.draft.sha256,
        "step": step.pk,
    }
    assert browser.post(path, sent | {"version": 1, "keep": "yes"}).status_code == 302
    late = sent | {
        "version": 1,
        "keep": "yes",
        "kind": "reserve",
        "about": ["OP 1", "OP 2"],
        "reason": "Late.",
    }
    lost = browser.post(path, late)
    assert (lost.status_code, "OP 1, OP 2" in lost.content.decode()) == (409, True)
    assert (PreparedPosition.objects.get().kind, Position.objects.count()) == ("approve", 0)
    assert browser.post(path, sent_by(lost, path) | {"about": ["OP 1", "OP 2"]}).status_code == 302
    # kept, as was pressed
    assert (PreparedPosition.objects.get().reason, Position.objects.count()) == ("Late.", 0)
    assert browser.post(path, sent).status_code == 302
    assert Position.objects.get().kind == "approve"


def test_after_its_agency_has_spoken_a_position_is_prepared_anew(
    unfpa, focal_point, terms, of_unfpa, now
):
    step = in_clearance()
    path = url("positions", step)
    of_unfpa.post(path, form_of(of_unfpa.get(path), kind="object", reason="First.", keep="yes"))
    of_unfpa.post(path, form_of(of_unfpa.get(path)))
    assert Position.objects.get().reason == "First."
    now.move_to(NOW + timedelta(hours=1))
    assert of_unfpa.get(path).context["prepared"] is None

    assert (
        of_unfpa.post(
            path, form_of(of_unfpa.get(path), kind="reserve", reason="Second thoughts.", keep="yes")
        ).status_code
        == 302
    )

    page = of_unfpa.get(path)
    assert (page.context["form"]["kind"].value(), page.context["form"]["reason"].value()) == (
        "reserve",
        "Second thoughts.",
    )
    assert of_unfpa.post(path, form_of(page, reason="Third.", keep="yes")).status_code == 302
    assert PreparedPosition.objects.get().reason == "Third."


def test_who_acts_for_two_agencies_sees_what_each_prepares(
    unfpa, ohchr, focal_point, other_agency, terms, of_unfpa
):
    AppointmentFactory(person=focal_point, agency=ohchr)
    step = in_clearance()
    for agency, by, reason in (
        (unfpa, focal_point, "Of UNFPA."),
        (ohchr, other_agency, "Of OHCHR."),
    ):
        position = PositionInput(PositionKind.OBJECT, step.draft.sha256, reason)
        preparing.prepare_position(step, position, version=0, agency=agency, by=by, at=NOW)

    page = of_unfpa.get(url("positions", step))
    assert page.context["form"]["reason"].value() == "Of OHCHR."
    assert 'href="?for=unfpa#take">UNFPA has a position in preparation too' in text_of(page)
    other = of_unfpa.get(url("positions", step) + "?for=unfpa")
    assert (other.context["form"]["agency"].value(), other.context["form"]["reason"].value()) == (
        unfpa.pk,
        "Of UNFPA.",
    )
    assert ['data-keep="position-ohchr"' in each.content.decode() for each in (page, other)] == [
        True,
        False,
    ]
    assert 'data-keep="position-unfpa"' in other.content.decode()
    assert [list(each.context["form"].agencies.values()) for each in (page, other)] == [
        [ohchr],
        [unfpa],
    ]
    assert "The position of UNFPA on draft 1" in other.content.decode()
    refused = of_unfpa.post(
        url("positions", step), form_of(other, reason="", keep="yes") | {"kind": "nonsense"}
    )
    assert (
        refused.status_code,
        "The position of UNFPA on draft 1" in refused.content.decode(),
    ) == (422, True)


def test_who_acts_for_two_agencies_speaks_for_each(unfpa, ohchr, focal_point, of_unfpa):
    AppointmentFactory(person=focal_point, agency=ohchr)
    step = in_clearance()
    path = url("positions", step)

    page = of_unfpa.get(path)
    assert 'href="?for=unfpa#take">Speak for UNFPA</a>' in text_of(page)
    assert of_unfpa.post(path, form_of(page, kind="approve")).status_code == 302
    assert of_unfpa.post(path, form_of(of_unfpa.get(path), kind="not_join")).status_code == 302

    assert list(Position.objects.order_by("agency__acronym").values_list("agency", "kind")) == [
        (ohchr.pk, "approve"),
        (unfpa.pk, "not_join"),
    ]


def test_what_is_prepared_is_edited_as_it_is_beside_what_a_colleague_proposed(
    prepared, block, of_unfpa, unfpa, colleague
):
    amendments.amend(block, AmendmentInput("Of Tomás;", "Why."), agency=unfpa, by=colleague, at=NOW)

    form = of_unfpa.get(f"{url('amend', block.draft, 'b3')}?prepared={prepared.pk}").context["form"]

    assert (form["proposed_text"].value(), form["version"].value(), form["prepared"].value()) == (
        SECRET,
        1,
        prepared.pk,
    )


def test_what_was_not_sent_goes_on_to_the_next_draft_for_its_agency(
    block, prepared, chair, focal_point, of_unfpa, signed_in, other_agency
):
    statement = block.draft.statement
    new = AmendmentInput("A new one;", "", AmendmentKind.INSERT)
    preparing.prepare_amendment(
        block.draft.blocks.get(key="b4"), new, agency=prepared.agency, by=prepared.author, at=NOW
    )
    gone = amendments.amend(
        block.draft.blocks.get(key="b4"),
        AmendmentInput("", "Gone.", AmendmentKind.DELETE),
        agency=prepared.agency,
        by=prepared.author,
        at=NOW,
    )
    amendments.close_amendments(statement, by=chair, at=NOW)
    page = of_unfpa.get(url("show", statement)).content.decode()
    assert (
        SECRET_SHOWN in page,
        "Not sent, and amendments are closed" in page,
        "Edit and propose" in page,
    ) == (True, True, False)
    settlements.take(gone, version=1, by=chair, at=NOW)
    block = block.draft.blocks.get(key="b3")
    settlements.adapt(
        block, text=f"{block.text[:-1]} at once;", reason="", version=0, by=chair, at=NOW
    )

    second = drafts.issue_draft(
        statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    prepared.refresh_from_db()
    moved = prepared.history.first()
    assert (prepared.block.draft, prepared.version, prepared.author) == (second, 2, focal_point)
    assert (moved.history_user, recorded_reason(moved)) == (chair, "Carried on to draft 2")
    assert (prepared.proposed_text, prepared.block) == rebased_text(
        PreparedAmendment(block=block, proposed_text=SECRET), [prepared.block]
    )
    page = of_unfpa.get(url("show", statement)).content.decode()
    assert (
        SECRET_SHOWN in page,
        "Edit and propose" in page,
        "Prepared, and not sent" in page,
        "A new one;" in page,
    ) == (True,) * 4
    assert "A new one;" not in signed_in(other_agency).get(url("show", statement)).content.decode()
    path = f"{url('amend', statement, 'b3')}?prepared={prepared.pk}"
    assert of_unfpa.post(path, form_of(of_unfpa.get(path), rationale="Why.")).status_code == 302
    assert Amendment.objects.get(block__draft=second).proposed_text == prepared.proposed_text


def test_a_new_paragraph_in_preparation_goes_on_as_it_is(block, prepared, chair):
    new = AmendmentInput("A new one;", "", AmendmentKind.INSERT)
    saved = preparing.prepare_amendment(
        block, new, agency=prepared.agency, by=prepared.author, at=NOW
    )
    amendments.close_amendments(block.draft.statement, by=chair, at=NOW)

    second = drafts.issue_draft(
        block.draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    saved.refresh_from_db()
    assert (saved.block.draft, saved.proposed_text, saved.kind) == (second, "A new one;", "insert")
