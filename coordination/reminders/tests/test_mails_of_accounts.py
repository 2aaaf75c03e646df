"""What people are told about accounts: by the outbox, and there and then in our own words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.template.loader import get_template

from coordination.core.tests.pages import tidy
from coordination.members.actions import accounts, second_factor
from coordination.members.actions.people import verify_address
from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.actions.planning import plan
from coordination.reminders.models import OutboxMessage
from coordination.tests.services.ports import free_port

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADDRESSES = {
    name: "new@example.org" if name == "to_email" else "old@example.org"
    for name in ("from_email", "to_email", "deleted_email")
}
WHY = "The telephone fell into the lake"

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def second(db) -> Person:
    return PersonFactory(
        name="Second Administrator", email="second@example.org", is_staff=True, is_superuser=True
    )


@pytest.fixture
def lost(focal_point) -> Person:
    """Return a person who lost the telephone."""
    TOTP.activate(focal_point, generate_totp_secret())
    RecoveryCodes.activate(focal_point)
    return focal_point


def test_the_old_address_and_the_focal_points_are_told_through_the_outbox(
    focal_point, colleague, other_agency, principals_office
):
    accounts.change_address(focal_point, "nadia@new.example", by=focal_point, at=AT)

    plan(AT)
    plan(AT + timedelta(minutes=1))

    sent = {
        (mail.address, mail.recipient)
        for mail in OutboxMessage.objects.filter(kind="members.address_changed")
    }
    assert sent == {("nadia.ferreira@unfpa.example.org", focal_point), (colleague.email, colleague)}
    told = OutboxMessage.objects.get(recipient=colleague, kind="members.address_changed")
    assert told.subject == "Sign-in address of Nadia Ferreira changed"
    assert (
        "was changed from n…@unfpa.example.org to n…@new.example, by Nadia Ferreira." in told.text
    )
    assert "nadia@new.example" not in told.text + told.html
    own = OutboxMessage.objects.get(recipient=focal_point, kind="members.address_changed")
    assert "was changed from n…@unfpa.example.org to n…@new.example." in own.text
    assert own.url == "/members/"
    assert f"tell one of these people at once, by telephone: {colleague.name}." in own.text
    assert "Find the people of an agency" in own.html
    assert "Set a new password" not in own.html


def test_an_administrator_who_changes_an_address_is_named_but_not_as_one_to_tell(
    focal_point, administrator, second
):
    accounts.change_address(focal_point, "nadia@new.example", by=administrator, at=AT)
    plan(AT)

    [mail] = OutboxMessage.objects.filter(kind="members.address_changed", recipient=focal_point)
    assert "Amara Diallo changed the address with which you sign in" in mail.text
    assert "at once, by telephone: Second Administrator." in mail.text


def test_whom_nobody_can_help_tells_the_agency(administrator):
    accounts.change_address(administrator, "amara@new.example", by=administrator, at=AT)
    plan(AT)

    [mail] = OutboxMessage.objects.filter(kind="members.address_changed")
    assert "If this was not agreed with you, tell your agency at once." in mail.text


def test_of_a_first_address_the_focal_points_are_told(unfpa, colleague, administrator):
    head = PersonFactory(name="Principal <of> UNFPA", email=None)
    AppointmentFactory(person=head, agency=unfpa, role=Role.PRINCIPAL)

    accounts.change_address(head, "amara@elsewhere.example", by=administrator, at=AT)
    plan(AT)

    [mail] = OutboxMessage.objects.filter(kind="members.address_changed")
    words = (
        "Amara Diallo gave {0} an address to sign in with: a…@elsewhere.example. "
        "Until now {0} had none. "
        "If this looks wrong, ask the person by telephone and tell an administrator."
    )
    assert (mail.recipient, mail.subject) == (colleague, "Principal <of> UNFPA can sign in now")
    assert words.format("Principal <of> UNFPA") in mail.text
    assert words.format("Principal &lt;of&gt; UNFPA") in mail.html


def test_the_person_the_administrators_and_the_focal_points_are_told(
    lost, colleague, administrator, second
):
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)
    plan(AT)
    asked = {mail.recipient: mail.subject for mail in OutboxMessage.objects.all()}
    later = AT + timedelta(hours=1)
    second_factor.confirm_reset(reset, by=second, at=later)
    plan(later)
    confirmed = OutboxMessage.objects.filter(planned_at=later)

    assert asked == {
        lost: "Somebody asked to reset your second factor",
        second: "Confirm the reset of the second factor of Nadia Ferreira",
    }
    assert {mail.recipient for mail in confirmed} == {lost, colleague}
    assert {mail.subject for mail in confirmed} == {"Second factor of Nadia Ferreira was reset"}
    assert "Amara Diallo asked for it, Second Administrator confirmed it." in confirmed[0].text
    assert "The reason given: The telephone fell into the lake" in confirmed[0].text
    acts = {
        mail.recipient: re.search(r"\n(.+):\nhttp://localhost", mail.text)[1]
        for mail in OutboxMessage.objects.all().order_by("planned_at")
    }
    assert acts == {
        lost: "See your second factors",
        second: "Confirm or withdraw the reset",
        colleague: "Find the people of an agency",
    }


def test_a_reset_that_is_confirmed_at_the_last_moment_is_told_after_an_outage(
    lost, colleague, administrator, second
):
    reset = second_factor.ask_for_reset(lost, WHY, by=administrator, at=AT)
    last = AT + timedelta(days=7) - timedelta(minutes=1)
    second_factor.confirm_reset(reset, by=second, at=last)
    plan(last + timedelta(days=2))

    mails = OutboxMessage.objects.filter(kind="members.factor_reset")
    assert {mail.recipient for mail in mails} == {lost, colleague}
    assert {mail.subject for mail in mails} == {"Second factor of Nadia Ferreira was reset"}


def test_a_reset_by_command_is_told_as_one(lost, administrator, colleague):
    second_factor.reset_by_command(lost, WHY, at=AT)
    plan(AT)

    mails = OutboxMessage.objects.filter(kind="members.factor_reset")
    assert {mail.recipient for mail in mails} == {lost, colleague}
    assert "was reset by a command on the server." in mails[0].text


@pytest.mark.parametrize(
    ("notice", "subject", "words"),
    [
        (
            "account/email/email_changed",
            "Your sign-in address was changed",
            "was changed from old@example.org to new@example.org.",
        ),
        (
            "account/email/email_deleted",
            "An address was removed from your account",
            "The address old@example.org was removed from your account.",
        ),
        (
            "account/email/password_changed",
            "Your password was changed",
            "You changed the password of your account.",
        ),
        (
            "account/email/password_reset",
            "Your password was changed",
            "was changed with a link that we sent to this address.",
        ),
        (
            "account/email/password_set",
            "Your password was set",
            "You set a password for your account.",
        ),
        (
            "mfa/email/recovery_codes_generated",
            "New recovery codes",
            "The old codes do not work any more.",
        ),
        (
            "mfa/email/totp_activated",
            "Second factor: app added",
            "You added an authenticator app to your account.",
        ),
        (
            "mfa/email/totp_deactivated",
            "Second factor: app removed",
            "You removed the authenticator app from your account.",
        ),
        (
            "mfa/email/webauthn_added",
            "Second factor: key added",
            "You added a security key or passkey to your account.",
        ),
        (
            "mfa/email/webauthn_removed",
            "Second factor: key removed",
            "You removed a security key or passkey from your account.",
        ),
    ],
)
def test_each_notice_is_in_our_words(rf, focal_point, mailoutbox, notice, subject, words):
    verify_address(focal_point)
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")

    with request_context(request):
        get_adapter(request).send_notification_mail(notice, focal_point, ADDRESSES)

    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([focal_point.email], f"GMG: {subject}")
    link = "http://localhost:8000/accounts/password/reset/"
    html = mail.alternatives[0].content
    assert mail.body.startswith(f"Dear {focal_point.name},\n\n")
    assert f"\n\nSet a new password:\n{link}\n\n--\nGlobal Migration Group\n" in mail.body
    assert f'<a class="go" href="{link}">Set a new password</a>' in html
    for sentence in (
        words,
        "This was done on Mon 23 Nov 2026, 04:00 New York (10:00 Geneva), from the network address 192.0.2.7.",
        "If it was not you, set a new password at once and tell an administrator.",
        "You get this because of: Your account. Notices about accounts cannot be switched off.",
    ):
        assert (sentence in mail.body, sentence in tidy(html)) == (True, True)
    assert "Hello from" not in mail.body + html


ALLAUTH = Path(allauth.__file__).parent / "templates"
# sign-up is closed, codes by mail are not used, and allauth sends the second never
OFF = {
    "account/email/account_already_exists",
    "account/email/email_confirm",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
}


@pytest.mark.parametrize("end", ["_message.txt", "_subject.txt"])
def test_no_mail_that_is_sent_has_words_of_allauth(end):
    stems = {
        str(path.relative_to(ALLAUTH)).removesuffix(end)
        for folder in ("account", "mfa")
        for path in (ALLAUTH / folder / "email").glob(f"*{end}")
    } - {"account/email/base", *OFF}

    ours = {
        stem
        for stem in stems
        if Path(get_template(stem + end).origin.name).is_relative_to(
            settings.BASE_DIR / "templates"
        )
    }
    assert ours == stems


def test_the_link_to_a_new_password_is_a_mail_like_every_other(
    client, focal_point, chair, chair_colleague, mailoutbox
):
    verify_address(focal_point)
    client.post("/accounts/password/reset/", {"email": focal_point.email})

    [mail] = mailoutbox
    html = mail.alternatives[0].content
    [link] = re.findall(
        r"\n\nSet a new password:\n(http://\S+/password/reset/key/\S+)\n\n--\n", mail.body
    )
    assert f'<a class="go" href="{link}">Set a new password</a>' in html
    assert (mail.subject, mail.from_email, mail.to) == (
        "GMG: Set a new password",
        settings.DEFAULT_FROM_EMAIL,
        [focal_point.email],
    )
    words = "Somebody, probably you, asked for a link to set a new password. The link works once."
    assert mail.body.startswith(f"Dear Nadia Ferreira,\n\n{words}\n")
    assert words in html
    assert mail.extra_headers == {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": "=?utf-8?q?=C3=89lodie_Marchand?= <elodie.marchand@unesco.example.org>, "
        "Kwame Brandt <kwame.brandt@unesco.example.org>",
    }


def test_a_stranger_learns_no_address_of_the_chairs_team(client, chair, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "stranger@example.org"})

    [mail] = mailoutbox
    assert "Reply-To" not in mail.extra_headers
    assert chair.email not in mail.message().as_string()


def test_a_mail_of_an_account_is_escaped_in_html_only(client, focal_point, mailoutbox):
    focal_point.name = "Nadia <b>"
    focal_point.save()
    verify_address(focal_point)
    client.post("/accounts/password/reset/", {"email": focal_point.email})

    [mail] = mailoutbox
    assert mail.body.startswith("Dear Nadia <b>,")
    assert "Dear Nadia &lt;b&gt;," in mail.alternatives[0].content


def test_without_a_mail_server_the_change_stands_and_the_log_says_that_the_notice_is_lost(
    rf, focal_point, settings, caplog
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    verify_address(focal_point)
    request = rf.get("/")

    with request_context(request):
        get_adapter(request).send_notification_mail("account/email/password_changed", focal_point)

    assert (
        f"the notice account/email/password_changed to person {focal_point.pk} is lost"
        in caplog.text
    )
    assert focal_point.email not in caplog.text
