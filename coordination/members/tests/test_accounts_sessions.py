"""How long a session lasts, how it ends, and what a person sees of their own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from coordination.core.history import recorded_reason
from coordination.members.actions import appointments
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import Role
from coordination.members.models import Appointment, Person
from coordination.members.queries import sessions
from coordination.members.tests.factories import AppointmentFactory, PersonFactory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def person(focal_point) -> Person:
    focal_point.set_password(PASSWORD)
    focal_point.save()
    return focal_point


def signed_in(person: Person, *, stay: bool = False, device: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=device)
    fields = {"login": person.email, "password": PASSWORD} | ({"remember": "on"} if stay else {})
    assert client.post("/accounts/login/", fields).status_code == 302
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_session_ends_after_twelve_hours_without_a_request(person, now):
    client = signed_in(person)
    for _ in range(3):
        now.shift(timedelta(hours=11, minutes=59))
        assert client.get("/profile/").status_code == 200
    now.shift(timedelta(hours=12))

    ended = client.get("/profile/?x=1")

    assert (ended.status_code, ended.url) == (302, "/accounts/login/?next=/profile/%3Fx%3D1")
    assert "Your session ended. Sign in again to go on." in text_of(client.get(ended.url))
    assert client.get("/profile/").status_code == 302


def test_a_form_that_comes_too_late_changes_nothing(person, now):
    client = signed_in(person)
    now.shift(timedelta(hours=13))

    late = client.post("/profile/", {"name": "Late", "time_zone": "", "version": 1})

    assert (late.status_code, late.url) == (302, "/accounts/login/?next=/desk/")
    assert Person.objects.get(pk=person.pk).name == "Nadia Ferreira"


def test_whoever_stays_signed_in_does_so_for_fourteen_days_and_no_longer(person, now):
    client = signed_in(person, stay=True)
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    for _ in range(13):
        now.shift(timedelta(days=1))
        assert client.get("/profile/").status_code == 200
    now.shift(timedelta(hours=23, minutes=59))
    assert client.get("/profile/").status_code == 200
    now.shift(timedelta(minutes=1))

    assert client.get("/profile/").status_code == 302


def test_activity_does_not_prolong_a_session_beyond_fourteen_days(person, now):
    client = signed_in(person)
    for _ in range(2 * 14 - 1):
        now.shift(timedelta(hours=11, minutes=59))
        assert client.get("/profile/").status_code == 200
    now.shift(timedelta(hours=11, minutes=59))
    now.shift(timedelta(minutes=30))

    assert client.get("/profile/").status_code == 302


def test_without_the_box_the_browser_forgets_the_session(person, client):
    page = text_of(client.get("/accounts/login/"))

    assert signed_in(person).cookies["sessionid"]["max-age"] == ""
    assert (
        "For 14 days. Without it, you are signed out when you close the browser, and after 12 hours without activity."
        in page
    )


def test_a_session_from_before_the_limits_begins_when_it_is_first_seen(client, person, now):
    client.force_login(person)
    session = client.session
    del session[sessions.BEGAN], session[sessions.LAST_USED]
    session.save()

    assert client.get("/profile/").status_code == 200
    now.shift(timedelta(hours=13))
    assert client.get("/profile/").status_code == 302


def test_a_session_is_written_once_a_minute(person, now, django_assert_num_queries):
    client = signed_in(person)
    seen = client.session[sessions.LAST_USED]
    now.shift(timedelta(seconds=59))
    client.get("/profile/")
    assert client.session[sessions.LAST_USED] == seen
    now.shift(timedelta(seconds=1))
    client.get("/profile/")
    assert client.session[sessions.LAST_USED] == seen + 60
    assert UserSession.objects.get().last_seen_at == AT + timedelta(minutes=1)


def test_people_see_their_sessions_and_end_the_others(person, now):
    phone = signed_in(person, stay=True, device=SAFARI)
    now.shift(timedelta(hours=1))
    here = signed_in(person)
    now.shift(timedelta(minutes=5))

    page = text_of(here.get("/accounts/sessions/"))
    asked = here.post("/accounts/sessions/")
    here.post(asked.url, {"password": PASSWORD, "next": "/accounts/sessions/"})

    assert (
        page.index("Firefox, Windows") < page.index("This session") < page.index("Safari, iPhone")
    )
    assert "started <time" in page
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert (here.get("/profile/").status_code, phone.get("/profile/").status_code) == (200, 302)
    after = text_of(here.get("/accounts/sessions/"))
    assert "End the other sessions" not in after
    assert "Safari" not in after


def test_a_session_that_is_not_listed_yet_ends_with_the_others(person):
    here, other = signed_in(person), Client()
    other.force_login(person)
    before = other.get("/profile/").status_code
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})

    ended = here.post("/accounts/sessions/")

    assert (before, ended.status_code) == (200, 302)
    assert UserSession.objects.filter(session_key=other.session.session_key).count() == 0
    assert (here.get("/profile/").status_code, other.get("/profile/").status_code) == (200, 302)
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [
        here.session.session_key
    ]
    assert recorded_reason(person.history.first()) == "Sessions ended"


def test_a_session_that_no_sign_in_page_made_is_listed_too(client, person):
    client.force_login(person)

    assert "Unknown browser" in text_of(client.get("/accounts/sessions/"))


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (SAFARI, ("Safari", "iPhone")),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            ("Edge", "Linux"),
        ),
        ("curl/8.5.0", ("", "")),
    ],
)
def test_a_device_is_named_as_people_know_it(user_agent, device):
    assert sessions.device_of(user_agent) == device


@pytest.fixture
def leaving(unfpa, person) -> Person:
    """Return a person whose only appointment ends today."""
    Appointment.objects.filter(person=person).update(last_day=date(2026, 11, 23))
    return person


def test_the_session_ends_with_the_last_day_of_the_last_appointment(leaving, now):
    client = signed_in(leaving)
    now.move_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    assert client.get("/profile/").status_code == 200
    now.move_to(datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC))
    assert client.get("/profile/").status_code == 200
    now.move_to(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))

    ended = client.get("/profile/")
    page = text_of(client.get(ended.url))
    again = client.post("/accounts/login/", {"login": leaving.email, "password": PASSWORD})

    sentence = "Your appointment as focal point of UNFPA ended on 23 November 2026, and you have no other one."
    assert (ended.status_code, sentence in page) == (302, True)
    assert (again.status_code, sentence in text_of(again)) == (403, True)
    assert "_auth_user_id" not in client.session
    wrong = client.post("/accounts/login/", {"login": leaving.email, "password": "a guess"})
    assert sentence not in text_of(wrong)


def test_the_session_ends_at_once_when_somebody_ends_the_appointment(person, colleague):
    client = signed_in(person)
    assert client.get("/desk/").status_code == 200
    appointment = Appointment.objects.get(person=person)

    appointments.end_appointment(appointment, date(2026, 11, 22), version=1, by=colleague, at=AT)

    assert client.get("/desk/").url == "/accounts/login/?next=/desk/"


@pytest.mark.parametrize(
    "which", ["never appointed", "to come", "another one", "administrator", "principal's office"]
)
def test_people_who_still_belong_or_never_did_stay(which, unfpa, unesco, leaving, now):
    now.move_to(AT + timedelta(days=2))
    if which == "never appointed":
        leaving = PersonFactory()
    elif which == "administrator":
        Person.objects.filter(pk=leaving.pk).update(is_staff=True)
    else:
        role = Role.OFFICE if which == "principal's office" else Role.FOCAL_POINT
        first_day = date(2027, 1, 1) if which == "to come" else date(2024, 1, 1)
        AppointmentFactory(person=leaving, agency=unesco, role=role, first_day=first_day)
    Person.objects.filter(pk=leaving.pk).update(password=leaving.password)
    client = Client()
    client.force_login(leaving)

    assert client.get("/profile/").status_code == 200


def test_who_comes_back_signs_in_again(leaving, colleague, unfpa, now):
    now.move_to(AT + timedelta(days=2))
    appointments.appoint(
        leaving,
        unfpa,
        Role.FOCAL_POINT,
        Tenure(date(2026, 11, 25)),
        by=colleague,
        at=AT + timedelta(days=2),
    )

    assert signed_in(leaving).get("/desk/").status_code == 200


def test_a_closed_account_is_told_nothing_about_appointments(leaving, now):
    now.move_to(AT + timedelta(days=2))
    Person.objects.filter(pk=leaving.pk).update(is_active=False)
    client = Client()

    page = text_of(client.post("/accounts/login/", {"login": leaving.email, "password": PASSWORD}))

    assert "The email address and/or password you specified are not correct." in page
    assert "appointment" not in page
