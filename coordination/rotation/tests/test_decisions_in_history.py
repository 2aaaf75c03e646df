"""The history of the schedule tells how a selection decided, in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.rotation.actions import decisions, votes
from coordination.rotation.actions.decisions import ChairDecision
from coordination.rotation.models import Selection, SelectionVote, TermOperation
from coordination.rotation.queries.decision_words import decision_words
from coordination.rotation.tests.selections import answered, opened
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
LATE = datetime(2027, 1, 30, 12, tzinfo=UTC)


def decided(term, decision, by, at=NOW):
    version = Selection.objects.get().version
    return decisions.decide(term, decision, version=version, by=by, at=at)


def voted(term, chair, incoming_chair, focal_point, other_agency, unesco, who, unfpa, ohchr):
    """Return a closed secret vote: UNFPA two, OHCHR none, one abstains, one does not vote."""
    vote = votes.open_vote(
        term, is_secret=True, quorum=3, until=date(2026, 12, 4), by=chair, at=NOW
    )
    options = {option.agency: option for option in vote.options.all()}
    votes.cast_vote(vote, unesco, options[unfpa], by=chair, at=NOW)
    votes.cast_vote(vote, who, options[unfpa], by=incoming_chair, at=NOW)
    votes.cast_vote(vote, ohchr, options[None], by=other_agency, at=NOW)
    votes.close_vote(vote, version=vote.version, by=chair, at=NOW)
    return SelectionVote.objects.get(pk=vote.pk)


def test_the_history_of_the_schedule_tells_how_a_selection_decided(
    sign_in, administrator, chair, incoming_chair, focal_point, other_agency, unesco, who, unfpa,
    ohchr,
):  # fmt: skip
    selection = opened(chair, number=3)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    first, second, third = selection.terms.all()
    vote = voted(first, chair, incoming_chair, focal_point, other_agency, unesco, who, unfpa, ohchr)
    made = [
        decided(first, ChairDecision("chair", "vote", [unfpa], vote=vote), chair),
        decided(
            second,
            ChairDecision("chair", "consensus", [ohchr], [unesco, unfpa], words="Agreed\nby all."),
            chair,
        ),
        decided(
            third,
            ChairDecision("caretaker", "senior", [who], document="Letter 7"),
            incoming_chair,
            LATE,
        ),
    ]
    told = [
        (decision_words(operation), operation.document, operation.reason)
        for operation in TermOperation.objects.order_by("made_at", "pk")
    ]

    assert told == [
        ("Secret vote: UNFPA 2, OHCHR 0, abstentions 1", "", ""),
        ("Consensus; consulted: UNESCO and UNFPA", "", "Agreed by all."),
        ("A caretaker: Senior officials of the agencies", "Letter 7", ""),
    ]
    browser = sign_in(chair)
    history = text_of(browser.get(reverse("rotation:history")))
    of_term = text_of(browser.get(reverse("rotation:term", args=[made[1].chair_term.slug])))
    [operation] = TermOperation.objects.filter(terms__term=made[0].chair_term)
    page = text_of(browser.get(reverse("rotation:operation", args=[operation.pk])))
    for words, *_rest in told:
        assert words in history
    assert told[1][0] in of_term
    assert told[0][0] in page
    assert f'href="/rotation/selections/{selection.slug}/">See the selection</a>' in page
    records = sign_in(administrator).get(reverse("admin:rotation_termoperation_changelist"))
    assert told[0][0] in text_of(records)
