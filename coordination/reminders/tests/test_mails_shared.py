"""What all mails share: hours with their cities, a link that says the act, answers to the chair."""

from datetime import UTC, datetime, timedelta
from email.headerregistry import HeaderRegistry

import pytest
from django.template.loader import get_template

from coordination.core import due
from coordination.core.history import dated_at
from coordination.meetings.due.meetings import coming_meetings
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import delivery, planning
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, letters, only_source, owed
from coordination.rotation.due.handovers import handover_reminders
from coordination.rotation.enums import HandoverSide
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.tests.cast import appointed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


@pytest.fixture
def nadia(group) -> Person:
    return PersonFactory(
        name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York"
    )


@pytest.fixture
def source(letter, monkeypatch, nadia):
    only_source(monkeypatch, lambda at: owed(nadia))


@pytest.mark.parametrize(
    "stem", [*(each.template for each in due.sources()), "reminders/mail/digest"]
)
def test_each_kind_of_mail_names_its_act(stem):
    act = get_template(f"{stem}.act.txt").template.source

    assert "Open" not in act
    assert "translate" in act


@pytest.mark.parametrize(
    ("zone", "subject", "words"),
    [
        ("America/New_York", "Wed 2 Dec 18:30 New York", "Wed 2 Dec 2026, 18:30 New York (Thu 00:30 Geneva)"),
        ("Europe/Paris", "Thu 3 Dec 00:30 Paris", "Thu 3 Dec 2026, 00:30 Paris"),
        ("", "Thu 3 Dec 00:30 Geneva", "Thu 3 Dec 2026, 00:30 Geneva"),
        ("Asia/Bangkok", "Thu 3 Dec 06:30 Bangkok", "Thu 3 Dec 2026, 06:30 Bangkok (00:30 Geneva)"),
    ],
)  # fmt: skip
def test_an_hour_has_its_city_and_the_groups_hour_beside_it(focal_point, zone, subject, words):
    focal_point.time_zone = zone
    focal_point.save()
    with dated_at(datetime(2026, 11, 1, tzinfo=UTC)):
        MeetingFactory(title="Meeting 42", starts_at=datetime(2026, 12, 2, 23, 30, tzinfo=UTC))

    [(_name, mail)] = letters(
        "meetings.coming", coming_meetings, datetime(2026, 12, 1, 12, tzinfo=UTC)
    )

    assert mail.subject == f"Attend on {subject}: Meeting 42"
    sentence = f"Meeting 42 begins on {words}."
    assert (sentence in mail.text, sentence in mail.html) == (True, True)


def test_the_first_hour_of_a_term_is_the_groups_with_the_readers_beside_it(terms, incoming_chair):
    incoming_chair.time_zone = "America/New_York"
    incoming_chair.save()
    handover = HandoverFactory(incoming_term=terms[1])
    HandoverItemFactory(handover=handover, title="Team", side=HandoverSide.INCOMING)

    mails = dict(
        letters("rotation.handover", handover_reminders, datetime(2026, 12, 25, 15, tzinfo=UTC))
    )

    mail = mails["Ruth Adeyemi"]
    words = "on Friday 1 January 2027, 00:00 Geneva (Thu 18:00 New York)."
    assert (words in mail.text, words in mail.html) == (True, True)
    assert "Settle what is open:\nhttp://localhost:8000/rotation/2027-H1/handover/\n" in mail.text
    assert ">Settle what is open</a>" in mail.html


def reply_to(at):
    """Return the Reply-To of the mail that is planned at a moment."""
    OutboxMessage.objects.all().delete()
    planning.plan(at)
    return OutboxMessage.objects.get().headers.get("Reply-To")


def test_answers_go_to_the_team_of_the_agency_that_chairs_on_the_day(
    source, chair, chair_colleague, incoming_chair, focal_point
):
    assert reply_to(AT) == (
        "=?utf-8?q?=C3=89lodie_Marchand?= <elodie.marchand@unesco.example.org>, "
        "Kwame Brandt <kwame.brandt@unesco.example.org>"
    )
    # the first moment of the next term, in the group's zone
    turn = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert reply_to(turn - timedelta(minutes=1)).endswith("<kwame.brandt@unesco.example.org>")
    assert reply_to(turn) == "Ruth Adeyemi <ruth.adeyemi@who.example.org>"


def test_answers_go_to_the_sender_while_nobody_chairs(source, chair, incoming_chair):
    assert reply_to(datetime(2027, 7, 1, 12, tzinfo=UTC)) is None


def test_an_address_that_cannot_be_written_gets_no_answers(source, chair, chair_colleague):
    Person.objects.filter(pk=chair.pk).update(email="élodie@unesco.example.org")

    assert reply_to(AT) == "Kwame Brandt <kwame.brandt@unesco.example.org>"


def test_an_answer_goes_to_ten_people_at_most(source, terms, unesco):
    for number in range(12):
        appointed(f"Person {number}", f"p{number}@unesco.example.org", unesco)

    assert reply_to(AT).count("@") == 10


def test_a_mail_that_waited_over_the_turn_answers_to_the_new_chair(
    letter, monkeypatch, nadia, chair, incoming_chair, sink
):
    only_source(monkeypatch, lambda at: owed(nadia))
    peer = sink()
    planning.plan(datetime(2026, 12, 31, 22, 0, tzinfo=UTC))
    moment = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)

    delivery.deliver(lambda: moment)

    [mail] = peer.mails()
    assert mail["headers"]["Reply-To"] == "Ruth Adeyemi <ruth.adeyemi@who.example.org>"


def test_the_answers_of_a_large_team_reach_all_of_it(source, terms, unesco, sink):
    for number in range(4):
        appointed(f"Élodie-Marguerite Marchand {number}", f"e{number}@unesco.example.org", unesco)
    peer = sink()
    planning.plan(AT)

    delivery.deliver(lambda: AT)

    [mail] = peer.mails()
    header = HeaderRegistry()("Reply-To", "".join(mail["headers"]["Reply-To"].splitlines()))
    assert [(each.display_name, each.addr_spec) for each in header.addresses] == [
        (f"Élodie-Marguerite Marchand {number}", f"e{number}@unesco.example.org")
        for number in range(4)
    ]
