"""The mails of the rotation as they go out: rendered by the planner, where nothing is escaped in text and subject."""

from datetime import UTC, date, datetime

import pytest

from coordination.reminders.tests.factories import letters
from coordination.rotation.due import confirmed, handovers, vacancies
from coordination.rotation.enums import HandoverSide
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    TermAgencyFactory,
)

pytestmark = pytest.mark.django_db


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def reminders(day):
    return letters("rotation.handover", handovers.handover_reminders, noon(day))


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_each_side_is_reminded_of_its_own(handover, chair, incoming_chair, group):
    HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2026, 12, 1))
    HandoverItemFactory(handover=handover, title="Team", side=HandoverSide.INCOMING)
    HandoverItemFactory(handover=handover, title="Theme", side=HandoverSide.INCOMING)

    found = reminders(date(2026, 12, 28))

    assert [(name, mail.subject) for name, mail in found] == [
        ("Élodie Marchand", "Hand over by Fri 1 Jan: 1 item open, the chair passes to WHO"),
        ("Ruth Adeyemi", "Take over on Fri 1 Jan: 2 items open, the chair passes to WHO"),
    ]
    words = "The chair passes to WHO in 4 days, on Friday 1 January 2027, 00:00 Geneva."
    assert all(words in mail.text and words in mail.html for _name, mail in found)
    assert "Open on your side:\n- Minutes (due Tue 1 Dec)\n" in found[0][1].text
    assert ["Minutes" in mail.html for _name, mail in found] == [True, False]


@pytest.fixture
def after_vacancy(terms, incoming_chair):
    """Return a handover to WHO five months after UNESCO's last day, with an item on each side."""
    terms[1].first_day = date(2027, 6, 1)
    terms[1].save()
    handover = HandoverFactory(incoming_term=terms[1])
    HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2027, 1, 5))
    HandoverItemFactory(
        handover=handover, title="Team", side=HandoverSide.INCOMING, due_day=date(2027, 6, 6)
    )
    return handover


def test_who_stands_in_gets_one_reminder_that_tells_of_both_sides(after_vacancy, chair, group):
    [(name, mail)] = reminders(date(2027, 5, 31))

    assert (name, mail.subject) == (
        "Ruth Adeyemi",
        "Take over on Tue 1 Jun: 2 items open, the chair passes to WHO",
    )
    assert (
        "Open on your side:\n- Team (due Sun 6 Jun)\n\n"
        "Left open by UNESCO, who answered for it until 30 January 2027; it is with you now:\n- Minutes (due Tue 5 Jan)\n"
    ) in mail.text
    assert "Left open by UNESCO" in mail.html


def test_the_mail_of_the_first_day_names_it_as_it_may_be_read_later(after_vacancy, group):
    after_vacancy.items.filter(side=HandoverSide.INCOMING).delete()

    [(_name, mail)] = reminders(date(2027, 6, 6))

    assert (
        mail.subject == "The chair has been with WHO since Tue 1 Jun: 1 item of the handover open"
    )
    assert (
        "The chair has been with WHO since Tuesday 1 June 2027, 00:00 Geneva.\n\nNothing is open on your side.\n"
        in mail.text
    )
    assert "The chair has been with WHO since Tuesday 1 June 2027, 00:00 Geneva." in mail.html
    assert "today" not in mail.subject + mail.text + mail.html


def test_a_first_chair_is_told_that_nobody_was_before(terms, chair, group):
    HandoverItemFactory(
        handover=HandoverFactory(incoming_term=terms[0]), title="Minutes", due_day=date(2026, 6, 1)
    )

    [(_name, mail)] = reminders(date(2026, 6, 30))

    words = "For an outgoing chair to do; nobody chaired before, so they are yours:"
    assert (words in mail.html, f"{words}\n- Minutes (due Mon 1 Jun)\n" in mail.text) == (
        True,
        True,
    )


def test_a_vacancy_is_told_with_its_day_as_it_may_be_read_later(terms, group, chair):
    [(_name, mail)], [(_name, later)] = [
        letters("rotation.vacancy", vacancies.vacancy_warnings, noon(day))
        for day in (date(2027, 6, 25), date(2027, 7, 31))
    ]

    assert mail.subject == "Nobody chairs from Thu 1 Jul, and no selection runs"
    assert "Nobody chairs from Thursday 1 July 2027." in mail.text
    assert "If your agency would chair, tell them." in mail.text
    assert "\nSee who chairs, and when:\n" in mail.text
    assert later.subject == "Nobody has chaired since Thu 1 Jul, and no selection runs"
    assert "If your agency would chair, tell them." in later.html
    assert "Nobody has chaired since Thursday 1 July 2027." in later.text
    assert "Nobody has chaired since Thursday 1 July 2027." in later.html


def test_a_late_item_names_a_joint_chair(terms, handover, unfpa, chair, group):
    TermAgencyFactory(term=terms[1], agency=unfpa, position=2)
    HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2026, 11, 15))

    [(_name, mail)] = letters(
        "rotation.item_overdue", handovers.overdue_items, noon(date(2026, 11, 16))
    )

    words = "“Minutes” was due on Sunday 15 November 2026 for the handover to WHO + UNFPA, and is still open."
    assert (mail.subject, words in mail.text, words in mail.html) == (
        "1 day late: Minutes",
        True,
        True,
    )


def test_the_chair_passes_to_a_joint_chair_as_to_one(
    terms, handover, unfpa, chair, incoming_chair, group
):
    TermAgencyFactory(term=terms[1], agency=unfpa, position=2)
    HandoverItemFactory(
        handover=handover, title="Team", side=HandoverSide.INCOMING, due_day=date(2027, 1, 5)
    )

    before, after = (
        dict(reminders(day))["Ruth Adeyemi"] for day in (date(2026, 12, 25), date(2027, 1, 1))
    )

    assert before.subject == "Take over on Fri 1 Jan: 1 item open, the chair passes to WHO + UNFPA"
    assert (
        "The chair passes to WHO + UNFPA in 7 days, on Friday 1 January 2027, 00:00 Geneva."
        in before.text
    )
    assert (
        after.subject
        == "The chair has been with WHO + UNFPA since Fri 1 Jan: 1 item of the handover open"
    )
    assert (
        "The chair has been with WHO + UNFPA since Friday 1 January 2027, 00:00 Geneva."
        in after.html
    )


def test_a_confirmed_term_is_told_to_all_and_to_those_who_will_chair(
    terms, group, chair, incoming_chair, focal_point
):
    term = ChairTerm.objects.filter(state="confirmed").order_by("-first_day").first()
    term.confirmed_at = noon(date(2026, 6, 1))
    term.save()

    mails = [
        mail
        for _name, mail in letters(
            "rotation.confirmed", confirmed.confirmations, noon(date(2026, 6, 2))
        )
    ]

    subjects = {mail.subject for mail in mails}
    assert subjects
    assert all(" from " in subject for subject in subjects)
    assert all("is confirmed: from" in mail.text for mail in mails)
