"""The pages on which a vote is held and a decision recorded."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.text import capfirst

from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AppointmentFactory
from coordination.rotation.actions import decisions, votes
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.decisions import ChairDecision
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.enums import SelectionOutcome
from coordination.rotation.models import (
    ChairTerm,
    Selection,
    SelectionVote,
)
from coordination.rotation.tests.selections import answered, opened
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
LATE = datetime(2027, 1, 30, 12, tzinfo=UTC)
DATES = {
    "call_until": "2026-12-11",
    "consultation_until": "2026-12-30",
    "decision_until": "2027-01-29",
}


def page(name, selection, *args):
    return reverse(f"rotation:{name}", args=[selection.slug, *args])


@pytest.fixture
def selection(chair, focal_point, other_agency, unfpa, ohchr):
    """Return a selection for which UNFPA and OHCHR stand; WHO and UNESCO have not said."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point, AnswerInput("stands", "", "Gladly.", "Youth", "Two"))
    answered(selection, ohchr, other_agency)
    return selection


def decided(selection, by, decision=None, at=NOW):
    standing = [row.agency for row in selection.candidatures.all()][:1]
    decision = decision or ChairDecision("chair", "consensus", standing, standing)
    version = Selection.objects.get(pk=selection.pk).version
    return decisions.decide(selection.terms.get(), decision, version=version, by=by, at=at)


# --- votes


def test_a_vote_is_opened_cast_and_closed_on_its_pages(
    sign_in, selection, chair, focal_point, administrator, unfpa
):
    term = selection.terms.get()
    address = page("open_vote", selection, term.pk)
    client = sign_in(chair)
    assert 'value="3"' in text_of(client.get(address))
    assert (
        client.post(address, {"how": "open", "quorum": 9, "until": "2026-12-04"}).status_code == 422
    )
    client.post(address, {"how": "secret", "quorum": 3, "until": "2026-12-04"})
    vote = SelectionVote.objects.get()
    assert (vote.is_secret, vote.quorum) == (True, 3)

    ballot = page("vote", selection, vote.pk)
    form = sign_in(focal_point).get(ballot)
    assert "cannot be read back" in text_of(form)
    assert client.post(ballot, {"agency": unfpa.pk}).status_code == 422
    choice = vote.options.get(agency=unfpa).pk
    done = client.post(ballot, {**sent_by_form_with(form, "nonce"), "choice": choice}, follow=True)
    assert "The vote of your agency is cast." in text_of(done)
    again = client.post(ballot, {"agency": unfpa.pk, "choice": choice})
    assert "nobody knows which it was" in text_of(again)
    assert sign_in(administrator).post(ballot, {}).status_code == 403

    client = sign_in(chair)
    assert "to 4 Dec 2026, 1 cast" in text_of(client.get(page("selection", selection)))
    sent = sent_by_form_with(client.get(page("vote", selection, vote.pk)), "seen-version")
    closed = client.post(page("close_vote", selection, vote.pk), sent, follow=True)
    assert "Nothing: 1 voted, and the quorum is 3." in text_of(closed)
    assert "So few secret votes are not counted out" in text_of(closed)
    assert "This vote is closed" in text_of(client.post(ballot, {"choice": choice}))
    assert "nothing decided" in text_of(client.get(page("selection", selection)))


def test_two_people_at_once_on_a_vote_get_the_page_with_both(
    sign_in, selection, chair, focal_point, unfpa, ohchr
):
    vote = votes.open_vote(
        selection.terms.get(), is_secret=False, quorum=1, until=date(2026, 12, 4), by=chair, at=NOW
    )
    AppointmentFactory(person=focal_point, agency=ohchr, first_day=date(2024, 1, 1))
    ballot, client = page("vote", selection, vote.pk), sign_in(focal_point)
    shown = client.get(ballot)
    assert "Vote for UNFPA" in text_of(shown)
    sent = sent_by_form_with(shown, "nonce")
    assert sent["agency"] == str(ohchr.pk)
    of_other = sent_by_form_with(client.get(ballot), "nonce")
    first, second = vote.options.get(agency=unfpa), vote.options.get(agency=ohchr)
    client.post(ballot, {**sent, "choice": first.pk})
    lost = client.post(ballot, {**of_other, "choice": second.pk})

    assert (lost.status_code, vote.open_votes.get().choice) == (409, first)
    assert "The vote of your agency" in text_of(lost)
    kept = sent_by_form_with(lost, "version") | {"choice": second.pk}
    assert client.post(ballot, kept).status_code == 302
    assert vote.open_votes.get().choice == second
    of_unfpa = sent_by_form_with(client.get(f"{ballot}?agency=unfpa"), "nonce")
    assert of_unfpa["agency"] == str(unfpa.pk)

    browser, close = sign_in(chair), page("close_vote", selection, vote.pk)
    sent, of_other = (sent_by_form_with(browser.get(ballot), "seen-version") for _ in range(2))
    unseen = browser.post(close)
    assert (unseen.status_code, "Close the vote" in text_of(unseen)) == (409, True)
    assert browser.post(close, sent).status_code == 302
    again = browser.post(close, of_other)
    assert again.status_code == 409
    assert "This vote was changed meanwhile" in text_of(again)
    assert "Close the vote" not in text_of(again)


def vote_with(selection, by, *cast):
    vote = votes.open_vote(
        selection.terms.get(), is_secret=False, quorum=1, until=date(2026, 12, 4), by=by, at=NOW
    )
    for person, choice in cast:
        option = vote.options.get(agency=choice)
        votes.cast_vote(vote, person.appointments.get().agency, option, by=person, at=NOW)
    votes.close_vote(vote, version=1, by=by, at=NOW)
    return vote


def test_the_page_of_a_closed_vote_says_what_came_out(
    sign_in, selection, chair, focal_point, other_agency, unfpa, ohchr
):
    votes_made = [
        vote_with(selection, chair, (focal_point, unfpa)),
        vote_with(selection, chair, (focal_point, unfpa), (other_agency, ohchr)),
        vote_with(selection, chair, (focal_point, None)),
    ]
    client = sign_in(focal_point)

    texts = [text_of(client.get(page("vote", selection, vote.pk))) for vote in votes_made]
    overview = text_of(client.get(page("selection", selection)))

    assert "Most votes are for UNFPA." in texts[0]
    assert "A tie: nothing is decided." in texts[1]
    assert "Nothing: all abstained." in texts[2]
    assert "Did not vote:" in texts[0]
    assert "a tie: nothing decided" in overview


# --- decide


def decision_sent(client, selection, **fields):
    address = page("decide", selection, selection.terms.get().pk)
    form = client.get(address)
    return address, {**sent_by_form_with(form, "version"), **fields}


def test_a_decision_shows_what_happens_then_and_asks_once(sign_in, selection, chair, unfpa, ohchr):
    propose_term([ohchr], TermProposal(date(2027, 7, 1), date(2027, 12, 31)), by=chair, at=NOW)
    client = sign_in(chair)
    address, sent = decision_sent(client, selection, method="consensus", agencies=[unfpa.pk])
    incomplete = client.post(address, sent)
    assert (incomplete.status_code, "Say who was consulted." in text_of(incomplete)) == (422, True)

    sent |= {"consulted": [unfpa.pk, ohchr.pk], "words": "In the meeting."}
    asked = client.post(address, sent)
    assert "From Thursday 1 July 2027 to Friday 31 December 2027." in text_of(asked)
    assert "(OHCHR) for these days" in text_of(asked)
    assert "<dt>Decided by</dt><dd>Consensus</dd>" in text_of(asked)
    assert Selection.objects.get().state == "running"
    done = client.post(address, sent_by_form_with(asked, "version") | {"confirmed": "yes"})

    assert done["Location"] == "/rotation/2027-H2-2/"
    page_of_term = text_of(client.get(done["Location"]))
    assert "The selection of this term" in page_of_term
    assert "Consulted" in page_of_term
    overview = text_of(client.get(page("selection", selection)))
    assert ("The decision" in overview, "In the meeting." in overview) == (True, True)


def test_the_second_of_two_that_decide_is_told(sign_in, selection, chair, unfpa):
    client = sign_in(chair)
    address, sent = decision_sent(
        client, selection, method="consensus", agencies=[unfpa.pk], consulted=[unfpa.pk]
    )
    answer = client.post(address, {**sent, "version": 7, "confirmed": "yes"})
    assert answer.status_code == 409
    refused = client.post(address, {**sent, "consulted": [], "confirmed": "yes"})
    assert refused.status_code == 422


def test_a_vote_can_be_chosen_once_it_is_closed(sign_in, selection, chair, focal_point, unfpa):
    client = sign_in(chair)
    address = page("decide", selection, selection.terms.get().pk)
    assert "Needed for a vote" not in text_of(client.get(address))
    vote = vote_with(selection, chair, (focal_point, unfpa))
    _address, sent = decision_sent(
        client, selection, method="vote", agencies=[unfpa.pk], vote=vote.pk
    )

    done = client.post(address, {**sent, "confirmed": "yes"})

    assert done["Location"] == "/rotation/2027-H2/"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("caretaker", "A caretaker bridges days for which no chair was found."),
        ("extension", "The chair before goes on, as no chair was found for these days."),
        ("troika", "The previous, the present and the next chair bridge these days together."),
    ],
)
def test_what_bridges_days_is_shown_as_what_it_is_with_its_powers(
    sign_in, chair, unfpa, outcome, words, client
):
    selection = opened(chair)
    browser = sign_in(chair)
    form = text_of(browser.get(page("decide", selection, selection.terms.get().pk)))
    assert "Nobody stands." in form
    address, sent = decision_sent(
        browser,
        selection,
        outcome=outcome,
        method="senior",
        agencies=[unfpa.pk],
        document="Note of 1 March",
        limits="Start no new statement.",
    )
    asked = text_of(browser.post(address, sent))
    assert "<dt>Decided by</dt><dd>Senior officials: Note of 1 March</dd>" in asked
    browser.post(address, {**sent, "confirmed": "yes"})

    text = text_of(browser.get("/rotation/2027-H2/"))
    browser.logout()
    rows = text_of(browser.get("/rotation/")).partition("</thead>")[2]
    assert outcome.capitalize() in rows
    public = text_of(browser.get("/rotation/2027-H2/"))
    members = sign_in(chair)
    history = text_of(members.get("/rotation/history/"))
    operation = ChairTerm.objects.get(slug="2027-H2").operations.get().operation
    shown = text_of(members.get(reverse("rotation:operation", args=[operation.pk])))

    assert ChairTerm.objects.get(slug="2027-H2").kind == outcome
    assert words in text
    assert "The group asks it not to:" in text
    assert "The app does not enforce them" in text
    assert "convene, move and record meetings" in public
    assert "Note of 1 March" not in public
    assert f"({outcome}), 1 Jul 2027 to 31 Dec 2027" in history
    decided = f"{capfirst(SelectionOutcome(outcome).label)}: Senior officials of the agencies"
    assert decided in history
    assert decided in shown
    assert "Note of 1 March" in shown
