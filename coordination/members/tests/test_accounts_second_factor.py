"""A second factor that is required: for whom, from when, what is reachable until then, and how a lost one is reset."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.core.errors import NotAllowed, RuleBroken
from coordination.core.history import recorded_reason
from coordination.core.models import FormSubmission
from coordination.members import due, rules
from coordination.members.actions import accounts, second_factor
from coordination.members.actions.people import verify_address
from coordination.members.enums import MembersChange, ResetState
from coordination.members.errors import NoSecondFactor, ResetAlreadyAsked, ResetNotOpen
from coordination.members.models import FactorReset, Person
from coordination.members.tests.factories import PersonFactory
from coordination.tests.admin_pages import sent_by

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GRACE = timedelta(days=14)
PASSWORD = "correct horse battery staple"
ASKED_WHO = "/accounts/reauthenticate/?next=%2Fadmin%2Fmembers%2Ffactorreset%2Fadd%2F"
WHY = "The telephone fell into the lake"
RESETS = "/admin/members/factorreset/"

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def required(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED_FOR = ["administrators", "chair"]


def browser_of(person: Person) -> Client:
    client = Client()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    client.force_login(person)
    session = client.session
    session.set_expiry(settings.SESSION_COOKIE_AGE)  # "Stay signed in"
    session.save()
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("role", "needs"),
    [
        ("administrator", True),
        ("chair", True),
        ("focal_point", False),
        ("incoming_chair", False),
        ("principals_office", False),
    ],
)
def test_administrators_and_the_chairs_team_need_one(required, request, terms, role, needs):
    client = browser_of(request.getfixturevalue(role))

    assert ("Your account needs a second factor." in text_of(client.get("/profile/"))) == needs


@pytest.mark.parametrize(
    ("roles", "expected"),
    [([], set()), (["chair"], {"chair"}), (["administrators"], {"administrator"})],
)
def test_the_setting_says_who_needs_one(settings, administrator, chair, roles, expected):
    settings.SECOND_FACTOR_REQUIRED_FOR = roles

    asked = {
        name
        for name, person in {"administrator": administrator, "chair": chair}.items()
        if "Your account needs a second factor." in text_of(browser_of(person).get("/profile/"))
    }

    assert asked == expected


def test_the_grace_period_runs_from_the_first_moment_and_is_said_on_each_page(
    required, chair, now, settings
):
    client = browser_of(chair)

    page = text_of(client.get("/meetings/"))
    now.shift(GRACE - timedelta(minutes=1))
    late = client.get("/meetings/")

    assert "You can work without one until 7 December 2026, 10:00 CET." in page
    assert late.status_code == 200
    assert Person.objects.get(pk=chair.pk).second_factor_since == AT
    settings.SECOND_FACTOR_GRACE_DAYS = 0
    assert client.get("/meetings/").status_code == 302


PAGES = [
    "/",
    "/desk/",
    "/profile/",
    "/admin/",
    "/statements/",
    "/accounts/email/",
    "/accounts/sessions/",
    "/accounts/password/change/",
]


def test_after_it_nothing_but_the_way_to_a_second_factor_is_reachable(required, chair, now):
    browser_of(chair).get("/desk/")
    now.shift(GRACE)
    client = browser_of(chair)

    answers = {path: client.get(path) for path in PAGES}
    sent = client.post("/profile/", {"name": "Changed", "time_zone": "", "version": 1})

    assert {
        path: (answer.status_code, answer.get("Location")) for path, answer in answers.items()
    } == dict.fromkeys(PAGES, (302, "/accounts/2fa/"))
    assert sent.url == "/accounts/2fa/"
    assert Person.objects.get(pk=chair.pk).name == "Élodie Marchand"
    page = text_of(client.get("/accounts/2fa/"))
    assert "Your account needs a second factor. Set one up to go on." in page
    assert [
        client.get(f"/accounts/2fa/{path}").status_code
        for path in ("totp/activate/", "webauthn/add/")
    ] == [200, 200]
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/health/").status_code in {200, 503}
    assert client.get("/no/such/page/").status_code == 404


def test_an_address_that_waits_for_confirmation_does_not_close_the_way(required, chair, now):
    browser_of(chair).get("/desk/")
    verify_address(chair)
    accounts.ask_for_address(chair, "new@example.org")
    now.shift(GRACE)
    client = browser_of(chair)

    assert client.get("/desk/").url == "/accounts/2fa/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


def test_with_a_second_factor_all_is_as_before(required, chair, now):
    browser_of(chair).get("/desk/")
    now.shift(GRACE + timedelta(days=1))
    TOTP.activate(chair, generate_totp_secret())

    page = browser_of(chair).get("/desk/")

    assert (page.status_code, "second factor" in text_of(page)) == (200, False)


@pytest.fixture
def second(db) -> Person:
    person = PersonFactory(
        name="Second Administrator", email="second@example.org", is_staff=True, is_superuser=True
    )
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def lost(focal_point) -> Person:
    """Return a person who lost the telephone."""
    TOTP.activate(focal_point, generate_totp_secret())
    RecoveryCodes.activate(focal_point)
    return focal_point


def chosen(action: str, reset: FactorReset) -> dict[str, object]:
    return {"action": action, "_selected_action": [reset.pk]}


def test_one_administrator_asks_and_another_confirms(lost, colleague, administrator, second):
    theirs, first, other = browser_of(lost), browser_of(administrator), browser_of(second)

    asked = first.post(f"{RESETS}add/", {"person": lost.pk, "reason": WHY})
    reset = FactorReset.objects.get()
    own = first.post(RESETS, chosen("confirm", reset), follow=True)
    between = Authenticator.objects.filter(user=lost).count()
    confirmed = other.post(RESETS, chosen("confirm", reset), follow=True)

    assert asked.status_code == 302
    assert "Nadia Ferreira: You asked for it; another administrator confirms it." in text_of(own)
    assert between == 2
    assert "The second factor of Nadia Ferreira is taken away." in text_of(confirmed)
    assert Authenticator.objects.count() == 0
    assert theirs.get("/profile/").status_code == 302
    [change, *_] = Person.objects.get(pk=lost.pk).history.all()
    words = "Second factor reset, asked by Amara Diallo, confirmed by Second Administrator: The telephone fell into the lake"
    assert (recorded_reason(change), change.history_user) == (words, second)
    assert list(reset.history.values_list("history_change_reason", "history_user")) == [
        (MembersChange.FACTOR_RESET_CONFIRMED, second.pk),
        (MembersChange.FACTOR_RESET_ASKED, administrator.pk),
    ]
    again = other.post(RESETS, chosen("confirm", reset), follow=True)
    assert "This request is not open any more." in text_of(again)
    shown = text_of(other.get(f"{RESETS}{reset.pk}/change/"))
    assert WHY in shown


def test_a_confirmation_in_a_list_that_was_searched_goes_on_after_the_password(
    lost, administrator, second
):
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)
    second.set_password("correct horse battery staple")
    second.save()
    client = Client()
    client.force_login(second)

    asked = client.post(f"{RESETS}?q=Nadia", chosen("confirm", reset))
    fields = {"password": "correct horse battery staple", "next": RESETS}
    done = client.post(asked.url, fields)

    assert asked.url == "/accounts/reauthenticate/?next=%2Fadmin%2Fmembers%2Ffactorreset%2F"
    assert done.url == f"{RESETS}?q=Nadia"
    assert FactorReset.objects.get().confirmed_by == second
    assert Authenticator.objects.count() == 0


def test_a_request_that_waits_for_the_password_is_not_taken_for_a_saved_one(lost, second, now):
    second.set_password("correct horse battery staple")
    second.save()
    client = Client()
    client.force_login(second)
    proof = {"password": "correct horse battery staple", "next": "/profile/"}
    client.post("/accounts/reauthenticate/", proof)
    form = sent_by(client.get(f"{RESETS}add/")) | {"person": lost.pk, "reason": WHY}
    now.shift(timedelta(minutes=16))
    asked = client.post(f"{RESETS}add/", form)
    client.post("/accounts/reauthenticate/", proof)

    again = client.post(f"{RESETS}add/", form)

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert again.url == RESETS
    assert FactorReset.objects.get().person == lost


def test_neither_of_the_two_is_the_person(administrator, second):
    TOTP.activate(administrator, generate_totp_secret())

    with pytest.raises(NotAllowed, match="by two administrators"):
        second_factor.ask_for_reset(administrator, WHY, by=administrator, at=AT)
    reset = second_factor.ask_for_reset(administrator, WHY, by=second, at=AT)
    with pytest.raises(NotAllowed, match="by two administrators"):
        second_factor.confirm_reset(reset, by=administrator, at=AT)


def test_the_database_refuses_the_same_person_twice(lost, administrator, second):
    fields = {"person": lost, "reason": WHY, "asked_at": AT}
    for people in (
        {"asked_by": lost},
        {"asked_by": second, "confirmed_by": second},
        {"asked_by": second, "confirmed_by": lost},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.create(**fields, **people)


def test_who_keeps_no_accounts_can_do_neither(lost, administrator, colleague):
    limited = PersonFactory(is_staff=True)
    limited.user_permissions.set(
        Permission.objects.filter(codename__in=["add_factorreset", "view_factorreset"])
    )
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)

    for person in (limited, colleague):
        with pytest.raises(NotAllowed):
            second_factor.confirm_reset(reset, by=person, at=AT)
    refused = browser_of(limited).post(f"{RESETS}add/", {"person": lost.pk, "reason": WHY})
    assert refused.context["adminform"].errors["__all__"] == [
        "A second factor is reset by two administrators, and neither of them is the person who lost it."
    ]


def test_staff_do_not_reset_a_superuser(administrator, second):
    TOTP.activate(second, generate_totp_secret())
    limited = PersonFactory(is_staff=True)
    limited.user_permissions.set(Permission.objects.filter(codename="change_person"))
    reset = second_factor.ask_for_reset(second, WHY, by=administrator, at=AT)

    with pytest.raises(NotAllowed):
        second_factor.confirm_reset(reset, by=limited, at=AT)


def test_a_request_is_made_once_expires_and_can_be_withdrawn(lost, administrator, second):
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)

    with pytest.raises(ResetAlreadyAsked):
        second_factor.ask_for_reset(lost, WHY, by=second, at=AT)
    with pytest.raises(ResetNotOpen):
        second_factor.confirm_reset(reset, by=second, at=AT + timedelta(days=7))
    assert reset.state(AT + timedelta(days=7)) == ResetState.EXPIRED
    another = second_factor.ask_for_reset(lost, WHY, by=second, at=AT + timedelta(days=7))
    withdrawn = second_factor.withdraw_reset(another, by=lost, at=AT + timedelta(days=7, hours=1))
    assert withdrawn.state(AT + timedelta(days=8)) == ResetState.WITHDRAWN
    assert Authenticator.objects.filter(user=lost).count() == 2
    assert list(due.factor_resets(AT + timedelta(days=8))) == []


def test_a_request_is_withdrawn_in_the_list(lost, administrator, second):
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)

    page = browser_of(second).post(RESETS, chosen("withdraw", reset), follow=True)

    assert "The request for Nadia Ferreira is withdrawn." in text_of(page)
    with pytest.raises(NotAllowed):
        second_factor.withdraw_reset(
            second_factor.ask_for_reset(lost, WHY, by=second, at=AT), by=PersonFactory(), at=AT
        )


def test_who_has_no_second_factor_needs_no_reset(focal_point, administrator):
    with pytest.raises(NoSecondFactor, match="Nadia Ferreira has no second factor."):
        second_factor.ask_for_reset(focal_point, WHY, by=administrator, at=AT)
    form = browser_of(administrator).post(
        f"{RESETS}add/", {"person": focal_point.pk, "reason": WHY}
    )
    assert form.context["adminform"].errors == {"person": ["Nadia Ferreira has no second factor."]}
    empty = browser_of(administrator).post(
        f"{RESETS}add/", {"person": focal_point.pk, "reason": ""}
    )
    assert list(empty.context["adminform"].errors) == ["reason"]


def test_an_open_session_asks_for_no_reset_without_the_password(lost, administrator):
    administrator.set_password("correct horse battery staple")
    administrator.save()
    client = Client()
    client.force_login(administrator)

    assert client.get(f"{RESETS}add/").url.startswith("/accounts/reauthenticate/")


@pytest.fixture
def stopped(lost, administrator):
    """Return a form with a token that was sent and waits for the password, and its browser."""
    page = browser_of(administrator).get(f"{RESETS}add/")
    form = {**sent_by(page), "person": lost.pk, "reason": WHY}
    assert form["form_token"]
    administrator.set_password(PASSWORD)
    administrator.save()
    client = Client()
    client.force_login(administrator)
    asked = client.post(f"{RESETS}add/", form)
    assert asked.url == ASKED_WHO
    return client, form


def test_a_form_that_was_stopped_to_ask_for_the_password_counts_as_not_sent(stopped):
    client, form = stopped

    assert (FormSubmission.objects.count(), FactorReset.objects.count()) == (0, 0)
    again = client.post(f"{RESETS}add/", form)
    assert again.url == ASKED_WHO


def test_a_form_that_goes_on_after_the_password_makes_one_thing(stopped):
    client, form = stopped
    proof = {"password": PASSWORD, "next": f"{RESETS}add/"}

    wrong = client.post("/accounts/reauthenticate/", {**proof, "password": "wrong"})
    assert (wrong.status_code, FormSubmission.objects.count()) == (200, 0)
    state = dict(client.session)
    made = client.post("/accounts/reauthenticate/", proof)
    assert (made.status_code, made.url, FactorReset.objects.count()) == (302, RESETS, 1)
    FactorReset.objects.update(withdrawn_at=AT)  # else the person has an open request already

    after = client.post(f"{RESETS}add/", form)
    session = client.session
    session.update(state)
    session.save()
    at_once = client.post("/accounts/reauthenticate/", proof)

    assert (after.url, at_once.url, FactorReset.objects.count()) == (RESETS, RESETS, 1)


def test_with_one_administrator_a_command_does_it(lost, administrator, colleague, capsys):
    call_command("reset_second_factor", lost.email.upper(), reason=WHY)

    assert (
        capsys.readouterr().out
        == "Nadia Ferreira signs in with the password alone now, and sets up a new second factor.\n"
    )
    assert Authenticator.objects.count() == 0
    reset = FactorReset.objects.get()
    assert (reset.asked_by, reset.confirmed_by, reset.confirmed_at) == (None, None, AT)
    assert (
        recorded_reason(lost.history.first())
        == "Second factor reset by a command: The telephone fell into the lake"
    )
    assert [item.person_id for item in due.factor_resets(AT)] == [lost.pk, colleague.pk]


def test_the_command_refuses_where_two_administrators_can_do_it(
    lost, administrator, second, focal_point
):
    with pytest.raises(
        CommandError,
        match=r"Two administrators can do this: Amara Diallo and Second Administrator\.",
    ):
        call_command("reset_second_factor", lost.email, reason=WHY)
    with pytest.raises(CommandError, match="Nobody signs in with nobody@example.org"):
        call_command("reset_second_factor", "nobody@example.org", reason=WHY)
    assert Authenticator.objects.filter(user=lost).count() == 2


@pytest.mark.parametrize(
    "codenames",
    [
        pytest.param(["change_person", "add_factorreset"], id="may change no superuser"),
        pytest.param(["view_person"], id="may change nobody"),
    ],
)
def test_the_command_counts_only_those_who_can_do_it(administrator, second, codenames):
    TOTP.activate(administrator, generate_totp_secret())
    for _ in range(2):
        person = PersonFactory(is_staff=True)
        person.user_permissions.set(Permission.objects.filter(codename__in=codenames))

    call_command("reset_second_factor", administrator.email, reason=WHY)

    assert Authenticator.objects.count() == 0


def test_who_may_change_people_and_add_resets_can_reset_the_factor_of_an_ordinary_person(lost):
    able, without_page = PersonFactory(is_staff=True), PersonFactory(is_staff=True)
    for person, codenames in {
        able: ["change_person", "add_factorreset"],
        without_page: ["change_person"],
    }.items():
        person.user_permissions.set(Permission.objects.filter(codename__in=codenames))

    assert rules.who_can_reset_factor(lost, AT.date()) == [able]


def test_only_who_can_confirm_a_request_is_asked_to(administrator, second):
    TOTP.activate(administrator, generate_totp_secret())
    limited = PersonFactory(is_staff=True)
    limited.user_permissions.set(Permission.objects.filter(codename="change_person"))
    third = PersonFactory(is_staff=True, is_superuser=True)

    second_factor.ask_for_reset(administrator, WHY, by=second, at=AT)

    assert [item.person_id for item in due.factor_resets(AT)] == [administrator.pk, third.pk]


def test_after_a_reset_the_grace_period_does_not_begin_anew(
    required, chair, administrator, second, now
):
    browser_of(chair).get("/desk/")
    TOTP.activate(chair, generate_totp_secret())
    now.shift(GRACE + timedelta(days=1))
    at = AT + GRACE + timedelta(days=1)
    second_factor.confirm_reset(
        second_factor.ask_for_reset(chair, WHY, by=administrator, at=at), by=second, at=at
    )

    chair.refresh_from_db()
    assert browser_of(chair).get("/desk/").url == "/accounts/2fa/"
    assert reverse("mfa_index") == "/accounts/2fa/"


def test_a_broken_rule_of_the_command_is_one_sentence(focal_point):
    with pytest.raises(RuleBroken):
        second_factor.reset_by_command(focal_point, WHY, at=AT)


def test_to_need_a_second_factor_costs_no_query(client, settings, terms, chair):
    numbers = []
    for roles in ([], ["chair"]):
        settings.SECOND_FACTOR_REQUIRED_FOR = roles
        client.force_login(chair, backend="coordination.members.adapter.AccountBackend")
        client.get("/statements/")  # the first page notes since when it is needed
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/statements/")
        numbers.append(len(queries))

    assert page.wsgi_request.second_factor_until is not None
    assert numbers[0] == numbers[1]
