"""The mails of the members as they go out: the link to the invited, a word to those who have become too few."""

from datetime import date

import pytest

from coordination.members import due
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.reminders.tests.factories import letters
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
    colleague.appointments.update(last_day=date(2026, 11, 22))

    [(name, mail)] = letters("members.focal_points_short", due.shortages, NOW)

    assert (name, mail.subject) == (
        "Nadia Ferreira",
        "Name focal points for UNFPA: One focal point",
    )
    assert "UNFPA: One focal point. 2 to 4 are expected." in mail.text
    assert "<b>UNFPA: One focal point.</b> 2 to 4 are expected." in mail.html
