"""Standing behind another's amendment; a position that came by letter."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.core.errors import NotAllowed
from coordination.core.tests import files
from coordination.statements.actions import amendments, drafts, positions, sponsors
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.positions import PositionInput, PositionLetter
from coordination.statements.due import amending
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.errors import (
    AmendmentSettled,
    LetterMissing,
    NotAMember,
    OwnAmendment,
    Reworded,
    WrongState,
)
from coordination.statements.models import CoSponsor, Position
from coordination.statements.queries.amendments import open_amendments
from coordination.statements.queries.paragraphs import block_views
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    circulated,
    in_clearance,
)
from coordination.statements.tests.pages import url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 words"


@pytest.fixture
def amendment(unfpa, focal_point, terms):
    block = circulated().blocks.get(key="b3")
    return AmendmentFactory(
        block=block, agency=unfpa, author=focal_point, proposed_text="Call upon all States;"
    )


def behind(amendment):
    [note] = [
        n
        for view in block_views(amendment.block.draft)
        for n in view.notes
        if n.amendment == amendment
    ]
    return [each.agency.acronym for each in note.amendment.prefetched_cosponsors]


def test_an_agency_stands_behind_anothers_words_and_leaves_again(amendment, ohchr, other_agency):
    for _ in range(2):
        sponsors.add_cosponsor(amendment, version=1, agency=ohchr, by=other_agency, at=NOW)

    assert (behind(amendment), CoSponsor.objects.count()) == (["OHCHR"], 1)
    sponsors.leave_cosponsors(amendment, agency=ohchr, by=other_agency, at=NOW)
    assert (behind(amendment), CoSponsor.objects.get().left_at) == ([], NOW)


def test_only_words_that_were_seen_and_only_for_ones_own_agency(
    amendment, unfpa, ohchr, focal_point, other_agency, chair
):
    with pytest.raises(OwnAmendment):
        sponsors.add_cosponsor(amendment, version=1, agency=unfpa, by=focal_point, at=NOW)
    with pytest.raises(NotAllowed):
        sponsors.add_cosponsor(amendment, version=1, agency=ohchr, by=chair, at=NOW)
    with pytest.raises(Reworded):
        sponsors.add_cosponsor(amendment, version=2, agency=ohchr, by=other_agency, at=NOW)
    amendments.withdraw_amendment(amendment, version=amendment.version, by=focal_point, at=NOW)
    with pytest.raises(AmendmentSettled):
        sponsors.add_cosponsor(amendment, version=2, agency=ohchr, by=other_agency, at=NOW)
    assert CoSponsor.objects.count() == 0


def test_other_words_let_the_sponsors_go_and_tell_them_another_reason_does_not(
    amendment, ohchr, focal_point, other_agency, group
):
    sponsors.add_cosponsor(amendment, version=1, agency=ohchr, by=other_agency, at=NOW)
    same = AmendmentInput("Call upon all States;", "A better reason.")
    amendment = amendments.edit_amendment(amendment, same, version=1, by=focal_point, at=NOW)
    assert (behind(amendment), list(amending.reworded_amendments(NOW))) == (["OHCHR"], [])

    amendment = amendments.edit_amendment(
        amendment, AmendmentInput("Urge States;", "Why."), version=2, by=focal_point, at=NOW
    )

    assert behind(amendment) == []
    [due] = amending.reworded_amendments(NOW)
    subject, text, _html = mail(due, group)
    assert due.person_id == other_agency.pk
    assert subject.startswith("Read the new words of UNFPA’s amendment")
    assert "Urge States;" in text
    sponsors.add_cosponsor(amendment, version=3, agency=ohchr, by=other_agency, at=NOW)
    assert behind(amendment) == ["OHCHR"]


def test_each_sponsor_is_told_what_became_of_it_and_stays_when_it_is_carried_on(
    amendment, ohchr, other_agency, chair
):
    sponsors.add_cosponsor(amendment, version=1, agency=ohchr, by=other_agency, at=NOW)
    statement = amendments.close_amendments(amendment.block.draft.statement, by=chair, at=NOW)

    new = drafts.issue_draft(
        statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    [carried] = open_amendments(new)
    assert behind(carried) == ["OHCHR"]
    assert {item.person_id for item in amending.settled_amendments(NOW)} == {
        amendment.author_id,
        other_agency.pk,
    }


@pytest.mark.usefixtures("now")
def test_the_page_of_sponsors(amendment, signed_in, other_agency, ohchr):
    browser, path = signed_in(other_agency), url("sponsor", amendment.block.draft, amendment.pk)
    assert "Co-sponsor" in browser.get(url("show", amendment.block.draft)).content.decode()

    assert browser.post(path, {"join": ohchr.pk, f"version-{amendment.pk}": 7}).status_code == 422
    page = browser.post(
        path, {"join": ohchr.pk, f"version-{amendment.pk}": 1}, follow=True
    ).content.decode()
    assert ("OHCHR stands behind it." in page, "Take OHCHR off" in page) == (True, True)
    browser.post(path, {"leave": ohchr.pk})
    assert behind(amendment) == []


@pytest.mark.usefixtures("now")
def test_a_button_for_another_agency_puts_nobody_behind_it(amendment, signed_in, other_agency, who):
    browser, path = signed_in(other_agency), url("sponsor", amendment.block.draft, amendment.pk)

    for pressed in ({"join": who.pk}, {"leave": who.pk}, {"join": "x"}, {}):
        refused = browser.post(path, pressed | {f"version-{amendment.pk}": 1})
        assert (refused.status_code, "You speak for OHCHR here" in refused.content.decode()) == (
            403,
            True,
        )
    assert behind(amendment) == []


# letters


@pytest.fixture
def step(unfpa, ohchr, terms):
    return in_clearance(silence=True)


def record(
    step,
    agency,
    by,
    kind=PositionKind.APPROVE,
    file=None,
    signed_by="The Deputy High Commissioner",
    at=NOW,
):
    position = PositionInput(kind, step.draft.sha256, "As in the letter.")
    letter = PositionLetter(file or SimpleUploadedFile("letter.pdf", PDF), signed_by)
    return positions.record_letter(step, position, letter, agency=agency, by=by, at=at)


def test_the_chair_records_a_letter_marked_so(step, ohchr, chair):
    position = record(step, ohchr, chair)

    assert (position.agency, position.person, position.signed_by, position.kind) == (
        ohchr,
        chair,
        "The Deputy High Commissioner",
        "approve",
    )
    with position.letter.open() as file:
        assert file.read() == PDF


def test_the_history_names_who_signed_a_letter(step, ohchr, chair, of_chair):
    record(step, ohchr, chair)

    page = of_chair.get(reverse("statements:history", args=[step.statement.slug]))

    assert ", by letter of The Deputy High Commissioner" in page.content.decode()


def test_an_objection_by_letter_breaks_the_silence(step, ohchr, chair):
    record(step, ohchr, chair, PositionKind.OBJECT)

    step.refresh_from_db()
    assert step.broken_at == NOW


def test_letters_are_of_those_asked_are_attached_and_the_chairs_to_record(
    step, ohchr, unesco, chair, focal_point
):
    with pytest.raises(NotAllowed):
        record(step, ohchr, focal_point)
    with pytest.raises(LetterMissing):
        record(step, ohchr, chair, signed_by=" ")
    ohchr.memberships.update(last_day=NOW.date().replace(day=1))
    with pytest.raises(NotAMember):
        record(step, ohchr, chair)
    step.statement.state = StatementState.ADOPTED
    step.statement.save()
    with pytest.raises(WrongState):
        record(step, unesco, chair)
    assert Position.objects.count() == 0


@pytest.mark.usefixtures("now")
def test_the_page_of_letters_and_the_letter(
    step, of_chair, of_unfpa, ohchr, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    path = url("record_letter", step)
    assert of_unfpa.get(path).status_code == 403
    sent = {
        "agency": ohchr.pk, "kind": "object", "reason": "Too soon.", "signed_by": "The Deputy", "sha256": step.draft.sha256, "step": step.pk,
    }  # fmt: skip

    refused = of_chair.post(path, sent | {"letter": SimpleUploadedFile("letter.pdf", b"<html>")})
    assert refused.status_code == 422
    assert "The content of this file is not that of a .pdf file." in refused.content.decode()
    macros = SimpleUploadedFile(
        "letter.docx",
        files.office("docx", {"word/vbaProject.bin": b""}, "application/vnd.ms-office.vbaProject"),
    )
    refused = of_chair.post(path, sent | {"letter": macros})
    assert (refused.status_code, "This file contains macros." in refused.content.decode()) == (
        422,
        True,
    )
    assert (list(tmp_path.rglob("*.*")), Position.objects.count()) == ([], 0)
    assert (
        of_chair.post(path, sent | {"letter": SimpleUploadedFile("letter.pdf", PDF)}).status_code
        == 302
    )

    position = Position.objects.get()
    page = of_unfpa.get(url("positions", step)).content.decode()
    assert "By letter of The Deputy, recorded by" in page
    letter = url("letter", step, position.pk)
    assert letter in page
    answer = of_unfpa.get(letter)
    assert (b"".join(answer.streaming_content), answer["Content-Security-Policy"]) == (
        PDF,
        "sandbox; default-src 'none'",
    )
    assert client.get(letter).status_code == 302
    position.letter.storage.delete(position.letter.name)
    assert of_unfpa.get(letter).status_code == 404
    step.closed_at = NOW
    step.save()
    assert of_chair.get(path).status_code == 404
