"""Mails to a person who is away also reach the alternate, who is told for whom."""

from datetime import date, datetime, timedelta

import pytest

from coordination.core import due
from coordination.core.due import Due, Source
from coordination.members.enums import Role
from coordination.members.models import Absence, Person
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.checks import Facts, check_messages
from coordination.reminders.queries.copies import NOT_COPIED, Copies
from coordination.reminders.queries.mails import letterhead, mail_of
from coordination.tests.cast import NOW, TODAY, appointed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "group")]


def item(person: Person, at: datetime = NOW, **fields) -> Due:
    values = {"kind": "tests.letter", "subject": "thing:1", "stage": "asked", "url": "/desk/"}
    return Due(**{**values, **fields}, person_id=person.pk, at=at, context={"words": "Do it"})


@pytest.fixture
def away(focal_point, colleague) -> Absence:
    return Absence.objects.create(
        person=focal_point, alternate=colleague, first_day=TODAY, last_day=date(2026, 11, 25)
    )


def copies(*items: Due, at: datetime = NOW) -> list[tuple[int, str]]:
    return [(each.person_id, each.part) for each in Copies(at).added_to(list(items))]


def test_the_alternate_gets_a_copy(away, focal_point, colleague):
    assert copies(item(focal_point)) == [
        (focal_point.pk, ""),
        (colleague.pk, f"for {focal_point.pk}"),
    ]
    assert copies(item(focal_point, part="3")) == [
        (focal_point.pk, "3"),
        (colleague.pk, f"3 for {focal_point.pk}"),
    ]


def test_only_what_becomes_due_on_those_days_is_copied(away, focal_point):
    # midnight in Geneva
    for at, number in (
        (datetime.fromisoformat("2026-11-22T22:59Z"), 1),
        (datetime.fromisoformat("2026-11-22T23:00Z"), 2),
        (datetime.fromisoformat("2026-11-25T22:59Z"), 2),
        (datetime.fromisoformat("2026-11-25T23:00Z"), 1),
    ):
        assert len(copies(item(focal_point, at=at), at=NOW + timedelta(days=4))) == number


def test_who_gets_the_same_anyway_gets_no_copy(away, focal_point, colleague):
    assert copies(item(focal_point), item(colleague)) == [(focal_point.pk, ""), (colleague.pk, "")]


def test_who_stands_in_for_two_gets_one_copy(away, focal_point, colleague, unfpa):
    third = appointed("Third", "third@unfpa.example.org", unfpa, role=Role.OFFICE)
    Absence.objects.create(person=third, alternate=colleague, first_day=TODAY, last_day=TODAY)

    assert copies(item(focal_point), item(third))[2:] == [(colleague.pk, f"for {focal_point.pk}")]


@pytest.mark.parametrize("kind", sorted(NOT_COPIED))
def test_links_of_a_person_alone_are_not_copied(away, focal_point, kind):
    assert copies(item(focal_point, kind=kind)) == [(focal_point.pk, "")]


def test_a_notice_to_an_old_address_is_not_copied(away, focal_point):
    assert copies(item(focal_point, address="old@example.org")) == [(focal_point.pk, "")]


def test_what_is_not_copied_are_kinds_that_are_sent():
    assert NOT_COPIED - {source.kind for source in due.sources()} == set()


def test_the_copy_says_for_whom_and_stays_true_until_the_days_are_withdrawn(
    away, focal_point, colleague, letter, monkeypatch
):
    source = Source(
        kind="tests.letter", label="Letters", can_be_off=True, find=lambda _at: [item(focal_point)]
    )
    monkeypatch.setattr(due, "_sources", {"tests.letter": source})

    planning.plan(NOW)

    rows = {row.recipient_id: row for row in OutboxMessage.objects.all()}
    assert set(rows) == {focal_point.pk, colleague.pk}
    words = "You get this for Nadia Ferreira, who is away until 25 Nov 2026."
    copy = rows[colleague.pk]
    assert [words in part for part in (copy.text, copy.html)] == [True, True]
    assert words not in rows[focal_point.pk].text
    assert check_messages([copy], Facts(NOW))[copy.pk].reason is None
    Absence.objects.update(withdrawn_at=NOW)
    assert check_messages([copy], Facts(NOW))[copy.pk].reason == "not_addressed"


def test_a_mail_without_absence_is_as_before(focal_point, letter):
    source = Source(kind="tests.letter", label="Letters", can_be_off=True, find=lambda _at: [])

    assert (
        "You get this for"
        not in mail_of(source, item(focal_point), focal_point, letterhead(NOW)).text
    )
