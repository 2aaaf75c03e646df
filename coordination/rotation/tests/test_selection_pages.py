"""The pages of a selection: what each reader sees and can do, at a cost that does not grow."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.desk.queries import my_desk
from coordination.members.enums import MembershipStatus, Role
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.rotation.actions import candidatures, decisions, selections, votes
from coordination.rotation.actions.candidatures import AnswerInput, PrincipalInput
from coordination.rotation.actions.decisions import ChairDecision
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.models import (
    Candidature,
    PrincipalAnswer,
    Selection,
    Unavailability,
)
from coordination.rotation.queries.chair_now import chair_now
from coordination.rotation.tests.selections import DECLINES, answered, opened
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.cast import NOW, TODAY, appointed
from coordination.tests.many import many

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


# --- list and open


def test_the_list_of_selections_has_each_state(sign_in, chair, focal_point, selection):
    address = reverse("rotation:selections")
    running = text_of(sign_in(chair).get(address))
    decided(selection, chair)
    confirmed = text_of(sign_in(focal_point).get(address))
    Selection.objects.all().update(state="closed")
    closed = text_of(sign_in(focal_point).get(address))

    assert "1 Jul 2027 – 31 Dec 2027" in running
    assert ("Open a selection" in running, "Open a selection" in confirmed) == (True, False)
    assert [
        word in text
        for word, text in (
            ("running", running),
            ("confirmed", confirmed),
            ("closed without a chair", closed),
        )
    ] == [True] * 3


def test_an_empty_list_says_what_belongs_there(sign_in, focal_point):
    assert "No selection yet" in text_of(sign_in(focal_point).get(reverse("rotation:selections")))


def test_the_form_to_open_offers_the_next_free_days_and_opens(sign_in, chair):
    client, address = sign_in(chair), reverse("rotation:open_selection")
    form = text_of(client.get(address))

    answer = client.post(
        address,
        {**DATES, "first_day": "2027-07-01", "last_day": "2027-12-31", "number": 2},
        follow=True,
    )

    assert ('value="2027-07-01"' in form, 'value="2027-12-31"' in form) == (True, True)
    assert "The selection is open; all agencies are asked whether they stand." in text_of(answer)
    assert "2 terms" in text_of(client.get(reverse("rotation:selections")))


def test_a_refused_selection_says_why_beside_its_field(sign_in, chair, selection):
    answer = sign_in(chair).post(
        reverse("rotation:open_selection"),
        {**DATES, "first_day": "2027-07-01", "last_day": "2027-12-31", "number": 1},
    )

    assert answer.status_code == 422
    assert "The selection 2027-H2 fills these days already." in text_of(answer)


def test_without_a_record_the_form_to_open_is_empty(sign_in, administrator, terms):
    for term in terms:
        term.delete()

    assert sign_in(administrator).get(reverse("rotation:open_selection")).status_code == 200


# --- a selection


def test_a_selection_shows_who_stands_who_has_not_said_and_what_i_can_do(
    sign_in, incoming_chair, selection
):
    text = text_of(sign_in(incoming_chair).get(page("selection", selection)))

    assert "stand: 2; decline or withdrew: 0; have not answered: 2" in text
    assert "“Gladly.”" in text
    assert "Say whether your agency stands for the chair" in text
    assert "Record the decision" not in text


def test_each_answer_and_fact_has_its_words(
    sign_in, chair, chair_colleague, incoming_chair, unesco, who, focal_point, unfpa
):
    selection = opened(chair, number=2)
    away = AnswerInput(
        "declines", "recent", "Only in 2026.", wishes_next=True, away=selection.terms.first().period
    )
    answered(selection, unesco, chair, away)
    answered(selection, who, incoming_chair, AnswerInput("not_yet"))
    preferred = AnswerInput("stands", preferred=selection.terms.last())
    row = answered(selection, unfpa, focal_point, preferred)

    text = text_of(sign_in(focal_point).get(page("selection", selection)))
    answered(selection, unfpa, focal_point, AnswerInput("withdrawn"), version=row.version)
    after = text_of(sign_in(focal_point).get(page("selection", selection)))

    for words in (
        "Declines this selection: chaired recently: “Only in 2026.”",
        "Not available from 1 Jul 2027 to 31 Dec 2027",
        "Wishes the term after this selection",
        "Cannot say yet",
        "for 1 Jan 2028 to 30 Jun 2028",
        "Change the answer of my agency",
    ):
        assert words in text
    assert "Withdrew" in after


def test_the_chair_changes_the_dates_and_closes_it(sign_in, chair, selection):
    client = sign_in(chair)
    form = client.get(page("selection_dates", selection))
    sent = sent_by_form_with(form, "decision_until")
    answer = client.post(
        page("selection_dates", selection), {**sent, "decision_until": "2027-02-05"}, follow=True
    )
    assert "to Fri 5 Feb" in text_of(answer)
    stale = client.post(
        page("selection_dates", selection), {**sent, "decision_until": "2027-02-06"}
    )
    assert stale.status_code == 409
    bad = client.post(page("selection_dates", selection), {"version": 2})
    assert bad.status_code == 422

    empty = client.post(page("close_selection", selection), {"version": 2})
    assert (empty.status_code, "Close it without a chair" in text_of(empty)) == (422, True)
    closed = client.post(
        page("close_selection", selection), {"version": 2, "words": "Nobody can."}, follow=True
    )
    assert "Closed without a chair: Nobody can." in text_of(closed)


def test_a_selection_of_the_system_says_so(sign_in, focal_point, terms):
    selection = selections.open_due_selection(at=datetime(2027, 1, 4, 12, tzinfo=UTC))

    assert "Opened by the system" in text_of(sign_in(focal_point).get(page("selection", selection)))


def test_only_people_of_the_group_read_a_selection(
    sign_in, stranger, former_focal_point, selection
):
    for name in ("selection", "principals"):
        assert sign_in(stranger).get(page(name, selection)).status_code == 403


# --- answer


def test_an_agency_answers_on_one_page_and_changes_it(sign_in, incoming_chair, who, selection):
    client, address = sign_in(incoming_chair), page("answer", selection)
    sent = sent_by_form_with(client.get(address), "version")
    incomplete = client.post(address, {**sent, "answer": "declines"})
    half = client.post(address, {**sent, "answer": "not_yet", "away_first": "2027-08-01"})
    assert "Choose why your agency declines." in text_of(incomplete)
    assert (half.status_code, "Give both days, or neither." in text_of(half)) == (422, True)

    said = {
        "answer": "declines",
        "decline_reason": "strategic",
        "wishes_next": "on",
        "away_first": "2027-08-01",
        "away_last": "2027-09-30",
        "away_reason": "Reform",
    }
    answer = client.post(address, {**sent, **said}, follow=True)
    assert "Your answer for WHO is saved." in text_of(answer)
    again = client.get(address)
    assert "1 Aug 2027 – 30 Sep 2027: Reform" in text_of(again)
    row = Unavailability.objects.get()
    taken = client.post(reverse("rotation:available", args=[row.pk]), follow=True)
    assert "WHO is available again on these days." in text_of(taken)
    stale = client.post(address, {**sent, "answer": "stands"})
    assert stale.status_code == 409
    client.post(address, {**sent_by_form_with(again, "version"), "answer": "stands"})
    assert Candidature.objects.get(agency=who).answer == "stands"


def test_a_person_of_two_agencies_answers_for_each(sign_in, focal_point, ohchr, unfpa, chair):
    AppointmentFactory(person=focal_point, agency=ohchr, first_day=date(2024, 1, 1))
    selection = opened(chair)
    client, address = sign_in(focal_point), page("answer", selection)

    first = text_of(client.get(address))
    second = client.get(f"{address}?agency=unfpa")
    client.post(address, {**sent_by_form_with(second, "version"), "answer": "stands"})

    assert ("Does OHCHR stand" in first, "Answer for UNFPA" in first) == (True, True)
    assert [str(row.agency) for row in selection.candidatures.all()] == ["UNFPA"]


def test_after_the_call_an_answer_is_possible_until_the_decision(
    sign_in, chair, incoming_chair, selection, now
):
    now.move_to("2027-01-04 09:00Z")
    client = sign_in(incoming_chair)
    assert "The call has ended" in text_of(client.get(page("answer", selection)))
    decided(selection, incoming_chair, at=datetime(2027, 1, 4, 9, tzinfo=UTC))

    assert client.get(page("answer", selection))["Location"] == page("selection", selection)


def test_an_observer_and_an_administrator_do_not_answer(sign_in, administrator, selection, unfpa):
    observer = AgencyFactory(acronym="IFRC")
    MembershipFactory(agency=observer, standing=MembershipStatus.OBSERVER)
    reader = appointed("An Observer", "observer@ifrc.example.org", observer)

    for person in (administrator, reader):
        for method in ("get", "post"):
            answer = getattr(sign_in(person), method)(page("answer", selection))
            assert (
                answer.status_code,
                "Only people who are in office today" in text_of(answer),
            ) == (
                403,
                True,
            )


# --- principals


@pytest.fixture
def escalated(selection):
    selections.escalate_overdue(at=LATE)
    return selection


def test_the_page_for_the_principals_says_what_is_to_be_decided_and_takes_an_answer(
    sign_in, escalated, principals_office, unfpa, now
):
    now.move_to(LATE)
    head = PersonFactory(name="Ada Kowal", email=None)
    AppointmentFactory(person=head, agency=unfpa, role=Role.PRINCIPAL, title="Executive Director")
    client, address = sign_in(principals_office), page("principals", escalated)
    first = client.get(address)
    text = text_of(first)
    for words in (
        "Which of OHCHR and UNFPA chairs, or whether several chair jointly.",
        "The deadline of the decision passed with Friday 29 January 2027",
        "From 1 Jul 2027 on nobody has the chair’s powers",
        "Ada Kowal, Executive Director",
        "no principal on record",
        "0 of 4 have answered",
    ):
        assert words in text
    incomplete = client.post(address, {**sent_by_form_with(first, "version"), "view": "supports"})
    assert incomplete.status_code == 422

    answer = client.post(
        address,
        {
            **sent_by_form_with(first, "version"),
            "view": "supports",
            "supported": unfpa.pk,
            "words": "It is their turn.",
        },
        follow=True,
    )

    assert "1 of 4 have answered" in text_of(answer)
    assert "“It is their turn.”" in text_of(answer)
    assert sent_by_form_with(client.get(address), "version")["words"] == "It is their turn."


def test_where_nobody_stands_the_principals_are_asked_what_bridges_the_days(
    sign_in, chair, focal_point, unfpa, now, other_agency
):
    selection = opened(chair)
    row = answered(selection, unfpa, focal_point, DECLINES)
    now.move_to("2026-12-12 12:00Z")
    selections.escalate_overdue(at=datetime(2026, 12, 12, 12, tzinfo=UTC))
    client = sign_in(focal_point)

    asked = client.get(page("principals", selection))
    text = text_of(asked)
    overview = text_of(client.get(page("selection", selection)))
    form = sent_by_form_with(asked, "words")
    silent = client.post(page("principals", selection), form)
    proposed = client.post(page("principals", selection), {**form, "words": "OHCHR bridges it."})
    answer = selection.principal_answers.get()
    one = AnswerInput("stands")
    answered(selection, unfpa, focal_point, one, version=row.version)
    later = text_of(client.get(page("principals", selection)))

    assert "Who bridges these days: nobody stands." in text
    # one answer is no choice: what the principal proposes is said in words, and needed
    assert ("What your principal proposes" in text, silent.status_code) == (True, 422)
    assert "(optional)" not in text
    assert (proposed.status_code, answer.view, answer.words) == (302, "other", "OHCHR bridges it.")
    assert "It went to the principals once." in overview
    assert "Whether UNFPA, which stands, chairs." in later


def test_the_page_for_the_principals_before_and_after(sign_in, chair, focal_point, selection):
    client, address = sign_in(focal_point), page("principals", selection)
    before = text_of(client.get(address))
    decided(selection, chair)

    assert "this selection is with the working level" in before
    # nobody is asked yet, so nobody is silent
    assert "What the principals answer" not in before
    assert "Nothing: this selection is over." in text_of(client.get(address))


def test_a_focal_point_does_not_answer_for_a_principal_who_has_an_office(
    sign_in, escalated, focal_point, principals_office, administrator, now
):
    now.move_to(LATE)
    for person in (focal_point, administrator):
        answer = sign_in(person).post(page("principals", escalated), {"view": "any"})
        assert answer.status_code == 403
    assert PrincipalAnswer.objects.count() == 0


# --- where it is seen


def test_the_timeline_and_a_proposal_lead_to_a_running_selection(
    sign_in, selection, focal_point, chair, ohchr, client
):
    propose_term([ohchr], TermProposal(date(2027, 7, 1), date(2027, 12, 31)), by=chair, at=NOW)
    reader = sign_in(focal_point)

    timeline = text_of(reader.get(reverse("rotation:timeline")))
    term = text_of(reader.get("/rotation/2027-H2/"))
    reader.logout()

    assert "who chairs from 1 Jul 2027 to 31 Dec 2027." in timeline
    assert "A selection runs for these days" in term
    assert "A selection runs" not in text_of(reader.get(reverse("rotation:timeline")))


def steps(person, group, *, day=TODAY, is_chair=False):
    chair = replace(chair_now(day), next_term=None, ours=is_chair)
    desk = my_desk.desk_of(person, group, day, NOW, chair)
    return [step.kind for step in (*desk.asked, *desk.of_chair)]


def test_the_desk_asks_each_reader_what_is_theirs(
    selection, group, chair, incoming_chair, focal_point, other_agency, principals_office, unfpa
):
    late = date(2027, 1, 30)
    assert steps(chair, group, is_chair=True) == ["rotation.stand"]
    assert steps(focal_point, group) == []
    vote = votes.open_vote(
        selection.terms.get(), is_secret=True, quorum=3, until=date(2026, 12, 4), by=chair, at=NOW
    )
    assert steps(focal_point, group) == ["rotation.vote"]
    votes.cast_vote(vote, unfpa, vote.options.first(), by=focal_point, at=NOW)
    assert steps(focal_point, group) == []
    selections.escalate_overdue(at=LATE)
    assert steps(principals_office, group, day=late) == ["rotation.principal"]
    assert steps(incoming_chair, group, day=late, is_chair=True) == [
        "rotation.principal",
        "rotation.stand",
        "rotation.decide",
    ]
    candidatures.answer_for_principal(
        selection, unfpa, PrincipalInput("any"), version=0, by=principals_office, at=LATE
    )
    assert steps(principals_office, group, day=late) == []


@pytest.mark.parametrize("agencies", [0, 30])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("selection", 13),
        ("selection_history", 13),
        ("answer", 11),
        ("principals", 11),
        ("vote", 10),
        ("decide", 10),
    ],
)
def test_a_page_costs_the_same_however_many_agencies(
    sign_in, selection, chair, incoming_chair, agencies, name, queries, django_assert_num_queries
):
    vote = votes.open_vote(
        selection.terms.get(), is_secret=False, quorum=1, until=date(2026, 12, 4), by=chair, at=NOW
    )
    more = many(AgencyFactory, agencies)
    many(MembershipFactory, agencies, agency=more, first_day=date(2010, 1, 1))
    people = many(PersonFactory, agencies)
    many(AppointmentFactory, agencies, agency=more, person=people, first_day=date(2020, 1, 1))
    many_rows = {"selection": selection, "answered_at": NOW}
    Candidature.objects.bulk_create(
        Candidature(agency=agency, answer="stands", answered_by=person, **many_rows)
        for agency, person in zip(more, people, strict=True)
    )
    PrincipalAnswer.objects.bulk_create(
        PrincipalAnswer(agency=agency, view="any", answered_by=person, **many_rows)
        for agency, person in zip(more, people, strict=True)
    )
    args = {"vote": [vote.pk], "decide": [selection.terms.get().pk]}.get(name, [])
    client, address = sign_in(chair), page(name, selection, *args)
    client.get(address)

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
