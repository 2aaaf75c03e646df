"""Answers by letter: the chair's team records them, pages mark them, and none replaces an agency's own."""

from datetime import date

import pytest
from django.urls import reverse

from coordination.core.errors import FarFromToday, NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.core.tests.pages import text_of
from coordination.rotation.actions import candidatures, letters, offers, selections, votes
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.actions.votes import Ballot
from coordination.rotation.errors import LetterRefused, OfferClosed, VoteRefused
from coordination.rotation.models import Candidature, OpenVote, OperationConsent
from coordination.rotation.models.letters import AgencyLetter
from coordination.rotation.queries.selection_steps import required_steps
from coordination.rotation.tests.selections import answered, opened
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
LETTER = AgencyLetter("Letter of the Director, ref. 12", date(2026, 11, 20))
SENT = {"document": "Letter ref. 12", "letter_day": "2026-11-20"}
BY_LETTER = "By letter of 20 Nov 2026: Letter ref. 12, recorded by Élodie Marchand"


def record(selection, agency, by, *, letter=LETTER, version=0, answer="stands"):
    said = AnswerInput(answer, letter=letter)
    return letters.record_answer(selection, agency, said, version=version, by=by, at=NOW)


def open_vote(selection, by, *, is_secret=False):
    return votes.open_vote(
        selection.terms.get(),
        is_secret=is_secret,
        quorum=3,
        until=date(2026, 12, 4),
        by=by,
        at=NOW,
    )


def test_the_chair_records_an_answer_on_its_page_and_the_agency_is_asked_no_more(
    sign_in, chair, focal_point, unfpa, django_assert_num_queries
):
    selection = opened(chair)
    browser = sign_in(chair)
    address = reverse("rotation:answer_letter", args=[selection.slug, "unfpa"])
    assert (
        f'href="{address}"'
        in browser.get(f"/rotation/selections/{selection.slug}/").content.decode()
    )
    with django_assert_num_queries(9):
        page = browser.get(address)
    assert "Record the answer of UNFPA by letter" in text_of(page)
    without = browser.post(address, {"answer": "stands", "version": 0})
    later = browser.post(address, {**SENT, "answer": "stands", "letter_day": "2026-11-24"})
    done = browser.post(address, {**SENT, "answer": "stands", "version": 0}, follow=True)

    assert list(without.context["form"].errors) == ["document", "letter_day"]
    assert list(later.context["form"].errors) == ["letter_day"]
    assert "The letter of UNFPA is recorded." in text_of(done)
    assert BY_LETTER in text_of(done)
    row = Candidature.objects.get()
    assert (row.answered_by, row.letter, row.letter_day) == (
        chair,
        "Letter ref. 12",
        date(2026, 11, 20),
    )
    assert required_steps(focal_point.pk, [unfpa], TODAY, may_run=False) == []
    assert "Recorded by letter (Letter ref. 12) that the agency stands" in text_of(
        browser.get(reverse("rotation:selection_history", args=[selection.slug]))
    )
    # a second letter changes the first; the agency itself changes both, and no letter after it
    second = browser.post(address, {**SENT, "answer": "stands", "version": 0})
    assert second.status_code == 409
    own = answered(selection, unfpa, focal_point, version=row.version)
    assert (own.letter, own.letter_day) == ("", None)
    page = text_of(browser.get(f"/rotation/selections/{selection.slug}/"))
    assert BY_LETTER not in page
    with pytest.raises(LetterRefused, match="UNFPA has answered on its own page"):
        record(selection, unfpa, chair, version=own.version)
    selections.close_selection(selection, "So.", version=selection.version, by=chair, at=NOW)
    assert browser.get(address).url == f"/rotation/selections/{selection.slug}/"


def test_only_the_chair_records_a_letter_and_it_has_a_title_and_a_day(
    chair, focal_point, unfpa, unesco, who
):
    selection = opened(chair)
    cannot_say = answered(selection, unfpa, focal_point, AnswerInput("not_yet"))

    with pytest.raises(NotAllowed):
        record(selection, unesco, focal_point)
    for letter in (None, AgencyLetter("  ", TODAY), AgencyLetter("A", date(2026, 11, 24))):
        with pytest.raises(LetterRefused):
            record(selection, unfpa, chair, letter=letter, version=cannot_say.version)
    with pytest.raises(FarFromToday):
        record(selection, unfpa, chair, letter=AgencyLetter("A", date(1900, 1, 1)))
    # a letter that comes while the agency could not say takes the place of that answer
    row = record(selection, unfpa, chair, version=cannot_say.version)
    who.memberships.update(last_day=date(2026, 10, 31))
    with pytest.raises(LetterRefused, match="WHO is not a member today"):
        record(selection, who, chair)
    said = AnswerInput("stands", letter=LETTER)
    candidatures.answer_call(selection, unfpa, said, version=row.version, by=focal_point, at=NOW)
    assert Candidature.objects.get(agency=unfpa).letter == ""


def test_an_open_vote_is_recorded_by_letter_and_a_secret_one_cannot_be(
    sign_in, chair, focal_point, other_agency, incoming_chair, unfpa, ohchr, who
):
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    vote = open_vote(selection, chair)
    option = vote.options.get(agency=ohchr)
    browser = sign_in(chair)
    address = reverse("rotation:vote_letter", args=[selection.slug, vote.pk, "who"])
    page = reverse("rotation:vote", args=[selection.slug, vote.pk])
    shown = browser.get(page).content.decode()
    # the chair’s own agency votes on this page
    assert (f'href="{address}"' in shown, "/letter/unesco/" in shown) == (True, False)
    recording = browser.get(address)
    assert "Record the vote of WHO by letter" in text_of(recording)
    # PostgreSQL and SQLite put what has no agency at different ends
    labels = [str(label) for _key, label in recording.context["form"].fields["choice"].choices]
    assert labels == ["OHCHR", "UNFPA", "Abstain"]
    assert browser.post(address, {"choice": option.pk}).status_code == 422
    done = browser.post(address, {**SENT, "choice": option.pk, "version": 0}, follow=True)
    stale = browser.post(address, {**SENT, "choice": option.pk, "version": 0})

    assert BY_LETTER in text_of(done)
    assert stale.status_code == 409
    row = OpenVote.objects.get()
    assert recorded_reason(row.history.get()) == (
        "Recorded the vote of the agency by letter (Letter ref. 12)"
    )
    assert (row.agency, row.choice, row.cast_by) == (who, option, chair)
    # the agency votes itself: that counts, and no letter changes it
    votes.cast_vote(vote, who, vote.options.get(agency=unfpa), by=incoming_chair, at=NOW)
    assert OpenVote.objects.get().letter == ""
    with pytest.raises(LetterRefused, match="on its own page"):
        letters.record_vote(vote, who, Ballot(option, 2, LETTER), by=chair, at=NOW)
    votes.close_vote(vote, version=vote.version, by=chair, at=NOW)
    assert browser.get(address).url == page

    secret = open_vote(selection, chair, is_secret=True)
    choice = secret.options.get(agency=ohchr)
    with pytest.raises(VoteRefused, match="cannot be given by letter"):
        letters.record_vote(secret, who, Ballot(choice, 0, LETTER), by=chair, at=NOW)
    address = reverse("rotation:vote_letter", args=[selection.slug, secret.pk, "who"])
    assert "cannot be given by letter" in text_of(browser.get(address))
    assert "by letter" not in text_of(
        browser.get(reverse("rotation:vote", args=[selection.slug, secret.pk]))
    )
    assert not secret.secret_voters.exists()


def test_a_consent_by_letter_counts_for_the_offer_as_it_is_now(
    sign_in, chair, later, focal_point, other_agency, unfpa, ohchr, who, django_assert_num_queries
):
    offered = ExchangeOffer(later[0], later[1], unfpa, date(2026, 12, 15))
    offer = offers.offer_exchange(offered, by=focal_point, at=NOW)
    browser = sign_in(chair)
    page = reverse("rotation:operation", args=[offer.pk])
    address = reverse("rotation:consent_letter", args=[offer.pk, ohchr.pk])
    assert f'href="{address}"' in browser.get(page).content.decode()
    with django_assert_num_queries(9):
        browser.get(address)
    with pytest.raises(LetterRefused, match="WHO has none of the two terms"):
        letters.record_consent(offer, who, LETTER, version=1, by=chair, at=NOW)
    with pytest.raises(Stale):
        letters.record_consent(offer, ohchr, LETTER, version=9, by=chair, at=NOW)
    stale = browser.post(address, {**SENT, "version": 9})
    assert (stale.status_code, 'value="Letter ref. 12"' in text_of(stale)) == (409, True)
    assert "This offer was changed meanwhile." in text_of(stale)
    sent = sent_by_form_with(stale, "version")
    done = browser.post(address, sent, follow=True)

    assert BY_LETTER in text_of(done)
    assert "Did the group decide it?" in text_of(done)
    consent = OperationConsent.objects.get(agency=ohchr)
    for kept in (consent, offer):
        assert recorded_reason(kept.history.first()) == (
            "Recorded by letter (Letter ref. 12) that an agency agreed to the exchange"
        )
    assert (consent.given_by, consent.letter) == (chair, "Letter ref. 12")
    with pytest.raises(OfferClosed, match="agreed already"):
        letters.record_consent(offer, ohchr, LETTER, version=2, by=chair, at=NOW)
    offer.refresh_from_db()
    offers.withdraw_offer(offer, version=offer.version, by=focal_point, at=NOW)
    assert browser.get(address).url == page
