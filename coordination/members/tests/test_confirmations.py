"""Twice a year: are the people of your agency as recorded? One button, without a password."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from coordination.core.errors import NotAllowed
from coordination.members import due
from coordination.members.actions import confirmations
from coordination.members.models import Appointment, Membership, RosterConfirmation
from coordination.members.queries import confirmations as queries
from coordination.members.queries.confirmations import RosterLink
from coordination.tests.cast import NOW

ZURICH, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")
BEGAN = date(2027, 3, 1)
# 08:00 in New York
ASKED = datetime(2027, 3, 1, 13, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("now", "group")


def asked(at: datetime) -> list[tuple[str, str]]:
    return [(item.context["agency"].acronym, item.stage) for item in due.roster_checks(at)]


@pytest.fixture
def link(focal_point, unfpa, now) -> str:
    now.move_to(ASKED)
    return RosterLink(unfpa.pk, focal_point.pk, BEGAN).path


@pytest.mark.parametrize(
    ("day", "began"),
    [
        (date(2027, 2, 28), date(2026, 9, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 8, 31), date(2027, 3, 1)),
        (date(2027, 9, 1), date(2027, 9, 1)),
        (date(2027, 12, 31), date(2027, 9, 1)),
    ],
)
def test_a_round_begins_in_march_and_september(day, began):
    assert queries.round_on(day) == began


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2027, 3, 1, 12, 59, tzinfo=UTC), None),
        (datetime(2027, 3, 1, 13, 0, tzinfo=UTC), 0),
        (datetime(2027, 3, 8, 13, 0, tzinfo=UTC), 7),
        (datetime(2027, 3, 15, 12, 0, tzinfo=UTC), 14),
        (datetime(2027, 3, 31, 12, 0, tzinfo=UTC), 30),
        (datetime(2027, 4, 7, 11, 59, tzinfo=UTC), 30),
        (datetime(2027, 4, 7, 12, 0, tzinfo=UTC), None),
    ],
)
def test_the_question_and_three_reminders_come_at_eight_where_the_person_is(at, days):
    stage = queries.stage_of(BEGAN, NEW_YORK, at)

    assert (stage and stage.days) == days


def test_each_agency_is_asked_and_the_silent_are_reminded(focal_point, other_agency, unfpa):
    assert asked(ASKED) == [("OHCHR", "2027-03-01 0d"), ("UNFPA", "2027-03-01 0d")]
    confirmations.confirm_roster(unfpa, by=focal_point, at=ASKED)

    assert asked(ASKED + timedelta(days=7)) == [("OHCHR", "2027-03-01 7d")]
    assert asked(ASKED + timedelta(days=60)) == []
    # the next half-year asks again
    assert asked(datetime(2027, 9, 1, 13, 0, tzinfo=UTC)) == [
        ("OHCHR", "2027-09-01 0d"),
        ("UNFPA", "2027-09-01 0d"),
    ]


def test_a_confirmation_before_the_round_does_not_count(focal_point, unfpa):
    confirmations.confirm_roster(
        unfpa, by=focal_point, at=datetime(2027, 2, 28, 22, 59, tzinfo=UTC)
    )

    assert asked(ASKED) == [("UNFPA", "2027-03-01 0d")]


def test_who_joined_since_the_round_began_is_not_asked(focal_point, unfpa):
    Membership.objects.update(first_day=date(2027, 3, 2))

    assert asked(ASKED + timedelta(days=7)) == []


def test_without_focal_points_the_office_is_asked(principals_office, former_focal_point, unfpa):
    [item] = due.roster_checks(ASKED)

    assert item.person_id == principals_office.pk


def test_reading_the_page_changes_nothing_and_the_button_confirms(link, focal_point, unfpa):
    browser = Client()

    read = browser.get(link)
    before = RosterConfirmation.objects.count()
    pressed, _twice = browser.post(link), browser.post(link)
    again = browser.get(link)

    assert (read.status_code, before) == (200, 0)
    assert "Nadia Ferreira" in read.content.decode()
    assert (pressed.status_code, pressed["Location"]) == (302, link)
    row = RosterConfirmation.objects.get()
    assert (row.agency, row.person, row.confirmed_at, row.by_link) == (
        unfpa,
        focal_point,
        ASKED,
        True,
    )
    assert "Confirmed as right by Nadia Ferreira," in " ".join(again.content.decode().split())
    assert "Everything is right" not in again.content.decode()


@pytest.mark.parametrize("why", ["left", "closed", "next round"])
def test_a_link_ends_with_the_office_of_its_person_and_with_its_round(
    link, focal_point, colleague, now, why
):
    if why == "left":
        Appointment.objects.filter(person=focal_point).update(last_day=date(2027, 2, 28))
    elif why == "closed":
        focal_point.is_active = False
        focal_point.save()
    else:
        now.move_to("2027-09-01 00:00Z")

    answers = [Client().get(link), Client().post(link)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "This link has ended." in answers[0].content.decode()
    assert "Tomás Akande" not in answers[0].content.decode()
    assert RosterConfirmation.objects.count() == 0


def test_a_changed_link_is_no_page(link):
    assert Client().get(link[:-3] + "xx/").status_code == 404


def test_forms_of_links_are_limited_by_address(link):
    statuses = [Client().post(link).status_code for _time in range(61)]

    assert (statuses[:60].count(302), statuses[60]) == (60, 429)


def test_the_page_of_the_agency_has_the_button_and_the_day(focal_point, unfpa, sign_in):
    client = sign_in(focal_point)
    before = client.get("/members/unfpa/").content.decode()

    after = client.post("/members/unfpa/confirm/", follow=True).content.decode()

    assert "Not yet confirmed as right." in before
    assert "Confirmed as right by Nadia Ferreira," in " ".join(after.split())
    assert RosterConfirmation.objects.get().by_link is False


def test_nobody_confirms_for_another_agency(focal_point, other_agency, administrator, ohchr):
    for person in (focal_point, administrator):
        with pytest.raises(NotAllowed, match="Only people in office for OHCHR"):
            confirmations.confirm_roster(ohchr, by=person, at=NOW)


def test_the_chair_sees_who_is_silent_and_others_do_not(
    focal_point, other_agency, chair, unfpa, sign_in
):
    confirmations.confirm_roster(unfpa, by=focal_point, at=NOW)

    seen = sign_in(chair).get("/people/").context["unconfirmed"]
    hidden = sign_in(focal_point).get("/people/").context["unconfirmed"]

    assert [agency.acronym for agency in seen] == ["OHCHR", "UNESCO", "WHO"]
    assert hidden == []
