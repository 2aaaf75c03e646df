"""The mails of a selection: whom they reach, when, and that they stop when the question is answered."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.tests.factories import letters
from coordination.rotation.actions import candidatures, selections, votes
from coordination.rotation.actions.candidatures import AnswerInput, PrincipalInput
from coordination.rotation.actions.selections import SelectionDates
from coordination.rotation.due import selections as due
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.models import Selection
from coordination.rotation.tests.selections import DATES, DECLINES, answered, opened
from coordination.tests.cast import NOW, appointed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def everybody(chair, incoming_chair, focal_point, other_agency):
    return {chair.pk, incoming_chair.pk, focal_point.pk, other_agency.pk}


def asked(at):
    return {one.person_id for one in due.calls(at)}


def stages(at):
    return {one.stage for one in due.calls(at)}


def test_a_call_asks_only_those_that_have_not_said_and_again_after_a_change(
    everybody, chair, focal_point, other_agency, unfpa, ohchr
):
    selection = opened(chair)
    assert asked(NOW) == everybody
    row = answered(selection, unfpa, focal_point, DECLINES)
    answered(selection, ohchr, other_agency, AnswerInput("not_yet"))
    assert asked(NOW) == everybody - {focal_point.pk}

    answered(selection, unfpa, focal_point, AnswerInput("not_yet"), version=row.version)

    assert asked(NOW) == everybody
    selections.close_selection(selection, "Later.", version=1, by=chair, at=NOW)
    assert asked(NOW) == set()


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (NOW - timedelta(minutes=1), set()),
        (NOW, {"opened 2026-12-11"}),
        (at_noon(date(2026, 11, 27)), {"14d 2026-12-11"}),
        (at_noon(date(2026, 12, 4)), {"7d 2026-12-11"}),
        (at_noon(date(2026, 12, 11)), {"0d 2026-12-11"}),
        (at_noon(date(2026, 12, 12)), set()),  # the call has ended
    ],
)
def test_a_call_is_asked_when_it_opens_and_before_it_ends(chair, at, stage):
    opened(chair)

    assert stages(at) == stage


def test_the_opening_replaces_the_reminders_that_would_have_been_before_it(chair):
    opened(chair, dates=SelectionDates(date(2026, 11, 25), *DATES_AFTER))

    assert stages(NOW) == {"opened 2026-11-25"}
    assert stages(at_noon(date(2026, 11, 24))) == {"1d 2026-11-25"}


DATES_AFTER = (DATES.consultation_until, DATES.decision_until)


def test_a_call_far_ahead_is_not_asked_again_before_its_first_reminder(chair):
    opened(chair, dates=SelectionDates(date(2026, 12, 29), *DATES_AFTER))

    assert stages(NOW + timedelta(days=3)) == {"opened 2026-12-29"}


def test_the_mail_leads_to_the_answer_of_the_agency(chair, focal_point):
    opened(chair)

    mails = dict(letters("rotation.stand", due.calls, NOW))

    mail = mails["Nadia Ferreira"]
    assert mail.subject == (
        "Say by Fri 11 Dec whether your agency stands for the chair, 1 Jul 2027 to 31 Dec 2027"
    )
    assert "/rotation/selections/2027-H2/answer/" in mail.text
    assert "by Friday 11 December 2026 (end of the day in Geneva)" in mail.text
    assert "No turn is lost by it." in mail.html


def test_the_warning_of_a_vacancy_leads_to_the_answer_while_a_selection_runs(chair, focal_point):
    at = at_noon(date(2027, 6, 20))
    assert {one.url for one in vacancy_warnings(at)} == {"/rotation/"}

    selection = opened(chair)

    assert {one.url for one in vacancy_warnings(at)} == {"/rotation/selections/2027-H2/answer/"}
    [late, *_others] = [mail for _name, mail in letters("rotation.vacancy", vacancy_warnings, at)]
    assert late.subject == "Say whether your agency stands: nobody chairs from Thu 1 Jul"
    assert "Its call has ended; your agency may answer until the decision." in late.text
    assert "\nSay whether your agency stands:\n" in late.text
    Selection.objects.filter(pk=selection.pk).update(
        call_until=date(2027, 6, 20),
        consultation_until=date(2027, 6, 22),
        decision_until=date(2027, 6, 25),
    )
    mails = [
        mail
        for when in (at, at_noon(date(2027, 7, 10)))
        for _name, mail in letters("rotation.vacancy", vacancy_warnings, when)
    ]
    assert "by Sunday 20 June 2027 (end of the day in Geneva)" in mails[0].html
    assert mails[-1].subject == "Say whether your agency stands: nobody has chaired since Thu 1 Jul"


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_vote_is_asked_of_those_that_have_not_voted(
    everybody, chair, focal_point, other_agency, unfpa, ohchr, is_secret
):
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    answered(selection, ohchr, other_agency)
    vote = votes.open_vote(
        selection.terms.get(),
        is_secret=is_secret,
        quorum=3,
        until=date(2026, 12, 4),
        by=chair,
        at=NOW,
    )
    votes.cast_vote(vote, unfpa, vote.options.first(), by=focal_point, at=NOW)

    assert {(one.person_id, one.stage) for one in due.votes(NOW)} == {
        (key, "opened") for key in everybody - {focal_point.pk}
    }
    assert {one.stage for one in due.votes(at_noon(date(2026, 12, 3)))} == {"1d"}
    assert list(due.votes(at_noon(date(2026, 12, 5)))) == []
    mail = dict(letters("rotation.vote", due.votes, NOW))["Samira Okonkwo"]
    assert mail.subject == "Vote by Fri 4 Dec on who chairs, 1 Jul 2027 to 31 Dec 2027"
    words = "nobody can read your choice back" if is_secret else "all agencies see your choice"
    assert (words in mail.text, words in mail.html) == (True, True)
    votes.close_vote(vote, version=1, by=chair, at=NOW)
    assert list(due.votes(NOW)) == []


def test_the_decision_is_asked_of_the_chair_in_its_stage(chair, incoming_chair, focal_point, unfpa):
    opened(chair)

    assert list(due.decisions(at_noon(date(2026, 12, 30)))) == []
    [one] = due.decisions(at_noon(date(2027, 1, 4)))
    assert (one.person_id, one.stage) == (incoming_chair.pk, "opened 2027-01-29")
    [(_name, mail)] = letters("rotation.decide", due.decisions, at_noon(date(2027, 1, 28)))
    assert mail.subject == "Record by Fri 29 Jan who chairs, 1 Jul 2027 to 31 Dec 2027"
    assert list(due.decisions(at_noon(date(2027, 1, 30)))) == []


def test_while_nobody_chairs_an_administrator_is_asked_to_decide(chair, terms, administrator):
    opened(chair)
    for term in terms:
        term.delete()
    PersonFactory(name="No Address", email=None, is_staff=True)

    assert [one.person_id for one in due.decisions(at_noon(date(2027, 1, 4)))] == [administrator.pk]


@pytest.fixture
def escalated(chair, incoming_chair, focal_point, other_agency, unfpa):
    """Return a selection whose decision is late; UNFPA stands."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    selections.escalate_overdue(at=LATE)
    return selection


LATE = at_noon(date(2027, 1, 30))


def told(at=LATE):
    return {one.person_id for one in due.escalations(at)}


def test_an_escalation_goes_to_principals_and_offices_or_else_to_the_focal_points(
    escalated, unfpa, ohchr, chair, incoming_chair, other_agency, principals_office, group
):
    head = appointed("Ada Kowal", "head@unfpa.example.org", unfpa, role=Role.PRINCIPAL)
    silent = PersonFactory(name="Jan Musa", email=None)
    AppointmentFactory(person=silent, agency=ohchr, role=Role.PRINCIPAL)

    assert told() == {
        head.pk,
        principals_office.pk,
        other_agency.pk,
        chair.pk,
        incoming_chair.pk,
    }
    mails = dict(letters("rotation.escalation", due.escalations, LATE))
    assert mails["Ada Kowal"].subject == (
        "For the principal of UNFPA to decide: who chairs, 1 Jul 2027 to 31 Dec 2027"
    )
    assert "This is for you to decide, as principal of UNFPA." in mails["Ada Kowal"].text
    assert "UNFPA stands." in mails["Ada Kowal"].text
    assert (
        "The deadline of the decision passed with Friday 29 January 2027 (end of the day in "
        in (" ".join(mails["Ada Kowal"].text.split()))
    )
    assert "From Thursday 1 July 2027 on nobody has the chair’s powers" in mails["Ada Kowal"].text
    office = mails["Office of the Executive Director"]
    assert "This is for Ada Kowal to decide, as principal of UNFPA." in office.html
    assert "This is for Jan Musa to decide" in mails["Samira Okonkwo"].text
    assert "The record names none: please bring it to them." in mails["Élodie Marchand"].text
    assert "/rotation/selections/2027-H2/principals/?agency=unfpa" in office.text


def test_an_escalation_ends_with_the_answer_of_the_principal(
    escalated, unfpa, principals_office, other_agency
):
    assert principals_office.pk in told()
    candidatures.answer_for_principal(
        escalated, unfpa, PrincipalInput("any"), version=0, by=principals_office, at=LATE
    )

    assert principals_office.pk not in told()
    assert other_agency.pk in told()


def test_an_escalation_ends_with_another_deadline_and_the_second_is_counted(
    escalated, incoming_chair, other_agency, group
):
    later = SelectionDates(DATES.call_until, DATES.consultation_until, date(2027, 2, 12))
    selections.set_dates(escalated, later, version=1, by=incoming_chair, at=LATE)
    assert told(at_noon(date(2027, 2, 1))) == set()
    selections.escalate_overdue(at=at_noon(date(2027, 2, 13)))

    mail = dict(letters("rotation.escalation", due.escalations, at_noon(date(2027, 2, 13))))
    assert "It is escalation 2 of this selection." in mail["Samira Okonkwo"].text
    assert {one.stage for one in due.escalations(at_noon(date(2027, 2, 13)))} == {"escalation 2"}


def test_an_escalation_for_which_nobody_stands_ends_when_somebody_does(
    chair, other_agency, focal_point, unfpa, group
):
    selection = opened(chair)
    at = at_noon(date(2026, 12, 12))
    selections.escalate_overdue(at=at)
    mail = dict(letters("rotation.escalation", due.escalations, at))["Samira Okonkwo"]
    assert "Nobody stands." in mail.text
    assert "The call ended with Friday 11 December 2026" in mail.html

    answered(selection, unfpa, focal_point, at=at)

    assert told(at) == set()
