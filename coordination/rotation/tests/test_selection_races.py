"""Selections on PostgreSQL: two at once, and what the database itself knows of a secret vote."""

import threading

import pytest
from django.db import connection, connections

from coordination.core.errors import RuleBroken
from coordination.rotation.actions import selections, votes
from coordination.rotation.models import Candidature, SecretVoter, Selection, VoteOption
from coordination.rotation.tests.selections import DATES, answered, opened
from coordination.rotation.tests.test_selections import at_noon
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 20


def at_once(*acts):
    """Call acts in threads of their own; return "done" or the name of the error of each, sorted."""
    outcomes, ready = [], threading.Barrier(len(acts))

    def run(act):
        try:
            ready.wait(PATIENCE)
            act()
            outcomes.append("done")
        except RuleBroken as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return sorted(outcomes)


def test_two_schedulers_at_once_open_one_selection_and_escalate_once(terms):
    day = at_noon(DATES.decision_until)

    at_once(*[lambda: selections.open_due_selection(at=day)] * 2)
    assert Selection.objects.count() == 1
    late = at_noon(Selection.objects.get().decision_until.replace(day=30))
    at_once(*[lambda: selections.escalate_overdue(at=late)] * 2)
    assert Selection.objects.get().escalations.count() == 1


def test_of_two_people_who_open_at_once_the_second_is_told(chair, chair_colleague):
    acts = [lambda person=person: opened(person) for person in (chair, chair_colleague)]

    assert at_once(*acts) == ["SelectionRuns", "done"]


def test_of_two_first_answers_of_an_agency_at_once_the_second_is_told(
    chair, focal_point, colleague, unfpa
):
    selection = opened(chair)
    acts = [
        lambda person=person: answered(selection, unfpa, person)
        for person in (focal_point, colleague)
    ]

    assert at_once(*acts) == ["Stale", "done"]
    assert Candidature.objects.count() == 1


@pytest.fixture
def vote(chair, focal_point, other_agency, unfpa, ohchr):
    """Return a secret vote between UNFPA and OHCHR."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    return votes.open_vote(
        selection.terms.get(),
        is_secret=True,
        quorum=3,
        until=DATES.call_until,
        by=chair,
        at=NOW,
    )


def test_a_secret_vote_that_two_cast_for_one_agency_at_once_counts_once(
    vote, focal_point, colleague, unfpa
):
    choices = list(vote.options.exclude(agency=None))
    acts = [
        lambda person=person, choice=choice: votes.cast_vote(vote, unfpa, choice, by=person, at=NOW)
        for person, choice in zip((focal_point, colleague), choices, strict=True)
    ]

    assert at_once(*acts) == ["VoteRefused", "done"]
    assert sum(vote.options.values_list("count", flat=True)) == 1


def test_two_schedulers_at_once_close_a_vote_and_neither_fails(vote):
    late = at_noon(DATES.consultation_until)

    assert at_once(*[lambda: votes.close_overdue_votes(at=late)] * 2) == ["done", "done"]


def test_the_last_writer_of_each_counted_choice_is_the_same(
    vote, focal_point, other_agency, chair, unfpa, ohchr, unesco
):
    """PostgreSQL marks each row with its last transaction (xmin): it must not tell who chose."""
    for agency, person in ((unfpa, focal_point), (ohchr, other_agency), (unesco, chair)):
        votes.cast_vote(vote, agency, vote.options.get(agency=unfpa), by=person, at=NOW)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT xmin FROM {VoteOption._meta.db_table}")  # noqa: S608 - our table
            assert len(cursor.fetchall()) == 1
    assert SecretVoter.objects.count() == 3
