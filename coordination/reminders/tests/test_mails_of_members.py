"""The mails of the members as they go out: the link to the invited, a word to those who have become too few."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.models import Group
from coordination.members import due
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory
from coordination.reminders.tests.factories import letters
from coordination.rotation.due import shortages
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.FOCAL_POINT, "become a focal point"),
        (Role.PRINCIPAL, "become principal"),
        (Role.OFFICE, "join the principal’s office"),
    ],
)
def test_the_invited_get_their_link(focal_point, unfpa, settings, client, role, asked):
    settings.SITE_URL = "https://gmg.example.org"
    _invitation, token = invitations.invite(
        unfpa, email="sara@example.org", name="Sara O’Lind", role=role, by=focal_point, at=NOW
    )

    [(name, mail)] = letters("members.invitation", due.invitations, NOW)

    assert (name, mail.subject) == ("Sara O’Lind", f"Accept by Mon 7 Dec: {asked} of UNFPA")
    words = f"Nadia Ferreira invites you to {asked} of Agency UNFPA in the Global Migration Group."
    until = "Open the link and choose a password. It works once, until Mon 7 Dec 2026, 10:00 Geneva. If you did not expect this, do nothing."
    link = f"https://gmg.example.org/invitations/{token}/"
    for part in (mail.text, mail.html):
        assert [each in part for each in (words, until, link)] == [True, True, True]
    page = client.get(link.removeprefix(settings.SITE_URL)).content.decode()
    assert f"{asked[0].upper()}{asked[1:]} of UNFPA" in page


def test_a_focal_point_left_alone_hears_of_it(focal_point, colleague, unfpa):
    Group.objects.update(focal_points_min=2)
    colleague.appointments.update(last_day=date(2026, 11, 22))

    [(name, mail)] = letters("members.focal_points_short", due.shortages, NOW)

    assert (name, mail.subject) == (
        "Nadia Ferreira",
        "Name focal points for UNFPA: one left, two to four expected",
    )
    assert "UNFPA: One focal point. 2 to 4 are expected." in mail.text
    assert "<b>UNFPA: One focal point.</b> 2 to 4 are expected." in " ".join(mail.html.split())
    assert "It is so since 23 Nov 2026. The chair’s team is told too." in mail.text


def test_the_chair_hears_which_agency_is_short_and_who_was_told(
    focal_point, colleague, unfpa, chair, chair_colleague, ohchr, who
):
    """WHO and OHCHR have nobody, so nobody there can be told."""
    Group.objects.update(focal_points_min=2)
    colleague.appointments.update(last_day=date(2026, 11, 22))

    mails = letters("rotation.agency_short", shortages.agencies_short, NOW)

    assert [(name, mail.subject) for name, mail in mails] == [
        (name, f"{agency} is short of focal points: {news}, two to four expected")
        for agency, news in (("OHCHR", "none"), ("UNFPA", "one left"), ("WHO", "none"))
        for name in ("Élodie Marchand", "Kwame Brandt")
    ]
    assert "Nobody in the agency can be reached by mail." in mails[0][1].text
    assert "UNFPA: One focal point. 2 to 4 are expected." in mails[2][1].text
    assert "Told in the agency: Nadia Ferreira." in mails[2][1].html
    assert "It is so since 23 Nov 2026." in mails[2][1].html


def test_of_its_own_agency_the_chair_hears_once(chair):
    Group.objects.update(focal_points_min=2)
    kinds = (
        ("members.focal_points_short", due.shortages),
        (
            "rotation.agency_short",
            shortages.agencies_short,
        ),
    )

    mails = [mail.subject for kind, find in kinds for _name, mail in letters(kind, find, NOW)]

    assert [subject for subject in mails if "UNESCO" in subject] == [
        "Name focal points for UNESCO: one, two to four expected"
    ]


def test_while_nobody_chairs_the_administrators_hear_it(focal_point, administrator):
    Group.objects.update(focal_points_min=2)

    assert [
        name for name, _mail in letters("rotation.agency_short", shortages.agencies_short, NOW)
    ] == ["Amara Diallo"]


def test_a_shortage_and_an_excess_are_told_in_their_words(
    focal_point, colleague, unfpa, chair, chair_colleague
):
    Group.objects.update(focal_points_min=2)
    colleague.appointments.update(last_day=date(2026, 12, 10))
    for _time in range(3):
        AppointmentFactory(agency=chair.appointments.get().agency)

    own = letters("members.focal_points_short", due.shortages, NOW)
    team = letters("rotation.agency_short", shortages.agencies_short, NOW)

    subjects = sorted({mail.subject for _name, mail in own})
    assert subjects == [
        "Check the focal points of UNESCO: five, two to four expected",
        "Name focal points for UNFPA: one left from 11 Dec 2026, two to four expected",
    ]
    ahead = next(mail for _name, mail in own if "UNFPA" in mail.subject)
    assert "UNFPA: One focal point after 10 Dec 2026. 2 to 4 are expected." in ahead.text
    assert "It is so since" not in ahead.text
    assert {mail.subject for _name, mail in team if "UNFPA" in mail.subject} == {
        "UNFPA is short of focal points: one left from 11 Dec 2026, two to four expected"
    }


def test_an_agency_is_asked_whether_its_people_are_right(focal_point, unfpa, client):
    at = datetime(2027, 3, 1, 13, 0, tzinfo=UTC)

    [(name, mail)] = letters("members.roster_check", due.roster_checks, at)
    [(_name, reminder)] = letters("members.roster_check", due.roster_checks, at + timedelta(days=7))

    assert (name, mail.subject, reminder.subject) == (
        "Nadia Ferreira",
        "Confirm the people of UNFPA: is this still right?",
        "Still to confirm: are these the people of UNFPA?",
    )
    words = "Nobody of Agency UNFPA has done so since this half-year began."
    assert [words in " ".join(part.split()) for part in (mail.text, mail.html)] == [True, True]
    assert mail.url in mail.text
