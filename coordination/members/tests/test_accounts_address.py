"""The address with which a person signs in: who may change it, how it is confirmed, and who is told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.members import due
from coordination.members.actions import accounts
from coordination.members.actions.people import verify_address
from coordination.members.errors import AddressTaken
from coordination.members.models import Person

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
NEW = "attacker@evil.example"

pytestmark = pytest.mark.usefixtures("now", "group")


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    verify_address(person)
    return person


@pytest.fixture
def victim(focal_point) -> Person:
    return with_password(focal_point)


def signed_in(person: Person) -> Client:
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code
        == 302
    )
    return client


@pytest.fixture
def session(victim) -> Client:
    """Return a browser in which the victim is signed in, and has not shown again who they are."""
    return signed_in(victim)


@pytest.fixture
def proven(session) -> Client:
    """Return the same browser after the password was given once more."""
    session.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return session


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def link_in(mail) -> str:
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.body)[1]


def disagreements() -> list[str]:
    """Return the addresses that allauth and the people do not have alike, apart from those that wait for confirmation."""
    own = dict(Person.objects.exclude(email=None).values_list("pk", "email"))
    return [
        row.email
        for row in EmailAddress.objects.all()
        if (row.verified or row.primary) and own.get(row.user_id) != row.email
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"ask": "yes", "email": NEW},
        {"withdraw": "yes"},
        {"send": "yes"},
        {"action_add": "", "email": NEW},
        {"action_primary": "", "email": NEW},
        {"action_remove": "", "email": NEW},
    ],
)
def test_an_open_session_alone_changes_no_address(session, victim, fields, mailoutbox):
    before = set(EmailAddress.objects.values_list("email", "verified", "primary"))

    answer = session.post("/accounts/email/", fields)

    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F",
    )
    assert set(EmailAddress.objects.values_list("email", "verified", "primary")) == before
    assert mailoutbox == []


def test_the_form_goes_on_after_the_password(session, victim, mailoutbox):
    asked = session.post("/accounts/email/", {"ask": "yes", "email": NEW})

    session.post(asked.url, {"password": PASSWORD, "next": "/accounts/email/"})

    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([NEW], "GMG: Confirm your new e-mail address")
    ]
    assert Person.objects.get(pk=victim.pk).email == victim.email


def test_a_new_address_replaces_the_old_one_when_it_is_confirmed_in_the_same_session(
    proven, victim, colleague, mailoutbox
):
    other = signed_in(victim)
    proven.post("/accounts/email/", {"ask": "yes", "email": "Nadia@New.example"})
    page = text_of(proven.get("/accounts/email/"))
    link = link_in(mailoutbox[0])

    shown = proven.get(link)
    before = Person.objects.get(pk=victim.pk).email
    done = proven.post(link)

    person = Person.objects.get(pk=victim.pk)
    assert "We sent a link to <b>nadia@new.example</b>" in page
    assert (shown.status_code, before) == (200, "nadia.ferreira@unfpa.example.org")
    assert (done.status_code, done.url, person.email) == (
        302,
        "/accounts/email/",
        "nadia@new.example",
    )
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("nadia@new.example", True, True)
    ]
    assert UserSession.objects.filter(session_key=proven.session.session_key).count() == 1
    assert "You sign in with nadia@new.example from now on." in text_of(proven.get("/profile/"))
    assert other.get("/profile/").url == "/accounts/login/?next=/profile/"
    [change, *_] = person.history.all()
    assert (recorded_reason(change), change.history_user) == (
        "Sign-in address changed",
        person,
    )
    assert proven.post(link).status_code == 404


@pytest.mark.parametrize("who", ["nobody", "another person"])
def test_a_link_counts_in_no_other_session(proven, victim, other_agency, mailoutbox, who):
    proven.post("/accounts/email/", {"ask": "yes", "email": NEW})
    link = link_in(mailoutbox[0])
    browser = Client()
    if who == "another person":
        browser.force_login(with_password(other_agency))
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})

    shown, sent = browser.get(link), browser.post(link)

    expected = (302, 302) if who == "nobody" else (404, 404)
    assert (shown.status_code, sent.status_code) == expected
    assert Person.objects.get(pk=victim.pk).email == victim.email
    assert not EmailAddress.objects.get(email=NEW).verified
    if who == "another person":
        assert "This link is for another account" in text_of(shown)
        assert browser.get("/profile/").status_code == 200


def test_the_link_asks_for_the_password_again_after_a_while(proven, victim, mailoutbox, now):
    proven.post("/accounts/email/", {"ask": "yes", "email": NEW})
    now.shift(timedelta(minutes=16))

    assert proven.post(link_in(mailoutbox[0])).url.startswith("/accounts/reauthenticate/")
    assert Person.objects.get(pk=victim.pk).email == victim.email


def test_an_address_of_somebody_else_is_refused_when_it_is_confirmed(
    proven, victim, colleague, mailoutbox
):
    proven.post("/accounts/email/", {"ask": "yes", "email": colleague.email})

    answer = proven.post(link_in(mailoutbox[0]), follow=True)

    assert "This address cannot be used here. Choose another." in text_of(answer)
    assert Person.objects.get(pk=victim.pk).email == victim.email


def test_a_link_can_be_sent_again_and_withdrawn_and_the_own_address_is_no_new_one(
    proven, victim, mailoutbox
):
    proven.post("/accounts/email/", {"ask": "yes", "email": "first@new.example"})
    proven.post("/accounts/email/", {"ask": "yes", "email": "second@new.example"})
    cache.clear()
    proven.post("/accounts/email/", {"send": "yes"})
    own = proven.post("/accounts/email/", {"ask": "yes", "email": victim.email.upper()})

    assert [mail.to for mail in mailoutbox] == [
        ["first@new.example"],
        ["second@new.example"],
        ["second@new.example"],
    ]
    assert proven.get(link_in(mailoutbox[0])).status_code == 404
    assert (own.status_code, "You sign in with this address already." in text_of(own)) == (
        422,
        True,
    )
    proven.post("/accounts/email/", {"withdraw": "yes"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [victim.email]
    assert proven.get(link_in(mailoutbox[2])).status_code == 404


@pytest.mark.parametrize("fields", [{"send": "yes"}, {"ask": "yes", "email": NEW.upper()}])
def test_a_second_link_within_three_minutes_is_not_sent_and_the_first_one_stays(
    proven, victim, mailoutbox, fields
):
    proven.post("/accounts/email/", {"ask": "yes", "email": NEW})
    sent = text_of(proven.get("/accounts/email/"))

    page = text_of(proven.post("/accounts/email/", fields, follow=True))

    sentence = f"No link was sent now: one went to {NEW} less than 3 minutes ago."
    assert ([mail.to for mail in mailoutbox], sentence in sent, sentence in page) == (
        [[NEW]],
        False,
        True,
    )
    proven.post(link_in(mailoutbox[0]))
    assert Person.objects.get(pk=victim.pk).email == NEW


def test_a_person_asks_for_a_few_links_an_hour_only(proven, victim, mailoutbox, settings, now):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "address_mails": 2}
    proven.post("/accounts/email/", {"ask": "yes", "email": "1@new.example"})
    now.shift(timedelta(seconds=1))
    proven.post("/accounts/email/", {"send": "yes"})  # too early, so that it does not count
    proven.post("/accounts/email/", {"ask": "yes", "email": "2@new.example"})

    refused = [
        proven.post("/accounts/email/", {"ask": "yes", "email": "3@new.example"}),
        proven.post("/accounts/email/", {"send": "yes"}),
    ]

    assert [(answer.status_code, answer["Retry-After"]) for answer in refused] == [
        (429, "3600")
    ] * 2
    assert [mail.to for mail in mailoutbox] == [["1@new.example"], ["2@new.example"]]
    waiting = EmailAddress.objects.filter(user=victim, verified=False)
    assert waiting.get().email == "2@new.example"


def test_of_an_administrator_the_other_administrators_are_told(administrator, focal_point):
    second = Person.objects.create(name="Second", email="second@example.org", is_staff=True)
    accounts.change_address(administrator, "amara@new.example", by=administrator, at=AT)

    assert [item.person_id for item in due.address_changes(AT)] == [administrator.pk, second.pk]
    assert list(due.address_changes(AT + timedelta(days=9))) == []


def test_a_first_address_of_somebody_without_an_agency_tells_nobody(administrator, colleague):
    person = Person.objects.create(name="On record only")
    accounts.change_address(person, "first@example.org", by=administrator, at=AT)

    assert list(due.address_changes(AT)) == []


def test_who_may_not_change_an_account_changes_no_address(victim, colleague):
    with pytest.raises(NotAllowed):
        accounts.change_address(victim, NEW, by=colleague, at=AT)


def test_an_address_that_another_person_confirmed_is_taken(victim, colleague):
    EmailAddress.objects.create(user=colleague, email="shared@example.org", verified=True)

    with pytest.raises(AddressTaken):
        accounts.change_address(victim, "Shared@example.org", by=victim, at=AT)


def test_addresses_agree_after_every_way_to_change_them(proven, victim, administrator, mailoutbox):
    proven.post("/accounts/email/", {"ask": "yes", "email": "one@new.example"})
    proven.post(link_in(mailoutbox[0]))
    accounts.change_address(victim, "two@new.example", by=administrator, at=AT)
    proven.post("/accounts/password/reset/", {"email": "two@new.example"})

    assert disagreements() == []
    assert Person.objects.get(pk=victim.pk).email == "two@new.example"


def test_an_address_that_waits_for_confirmation_sets_no_password(proven, victim, mailoutbox):
    proven.post("/accounts/email/", {"ask": "yes", "email": NEW})

    Client().post("/accounts/password/reset/", {"email": NEW})
    Client().post("/accounts/password/reset/", {"email": victim.email})

    assert [(mail.to, "/password/reset/key/" in mail.body) for mail in mailoutbox] == [
        ([NEW], False),
        ([NEW], False),
        ([victim.email], True),
    ]


def test_a_link_to_set_a_password_ends_with_the_address_to_which_it_went(
    victim, administrator, mailoutbox
):
    Client().post("/accounts/password/reset/", {"email": victim.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)[1]
    accounts.change_address(victim, "nadia@new.example", by=administrator, at=AT)

    assert "This link has been used, or is too old" in text_of(Client().get(link, follow=True))


def test_the_links_of_an_old_version_are_of_no_use(proven, victim):
    """Until now a second address that was confirmed could take the place of the first without a question."""
    second = EmailAddress.objects.create(user=victim, email="second@new.example", verified=True)

    proven.post("/accounts/email/", {"action_primary": "", "email": second.email})

    assert Person.objects.get(pk=victim.pk).email == victim.email
    assert EmailConfirmationHMAC.from_key(EmailConfirmationHMAC(second).key) is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/email/", {"ask": "yes", "email": NEW}),
        ("/accounts/sessions/", {}),
        ("/accounts/2fa/totp/activate/", {"code": "123456"}),
        ("/accounts/2fa/totp/deactivate/", {}),
        ("/accounts/2fa/recovery-codes/generate/", {}),
        ("/accounts/2fa/webauthn/add/", {"name": "x"}),
    ],
)
def test_what_protects_the_account_asks_for_the_password_again(session, victim, path, fields):
    if "deactivate" in path:
        TOTP.activate(victim, generate_totp_secret())

    assert session.post(path, fields).url.startswith("/accounts/reauthenticate/?next=")


def test_a_password_is_changed_with_the_present_one_only(session, victim):
    fields = {
        "oldpassword": "a guess of somebody else",
        "password1": "a new horse battery",
        "password2": "a new horse battery",
    }

    assert (
        "oldpassword" in session.post("/accounts/password/change/", fields).context["form"].errors
    )
    victim.refresh_from_db()
    assert victim.check_password(PASSWORD)


def test_changes_of_the_account_are_told_by_mail(proven, victim, mailoutbox):
    fields = {
        "oldpassword": PASSWORD,
        "password1": "a new horse battery",
        "password2": "a new horse battery",
    }
    proven.post("/accounts/password/change/", fields, REMOTE_ADDR="192.0.2.7")

    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([victim.email], "GMG: Your password was changed")
    assert mail.body.startswith(
        "Dear Nadia Ferreira,\n\nYou changed the password of your account.\n"
    )
    assert "This was done on Mon 23 Nov 2026, 04:00 New York (10:00 Geneva)," in mail.body
    assert "from the network address 192.0.2.7." in mail.body
