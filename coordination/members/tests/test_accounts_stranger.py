"""What a stranger learns by signing in or asking for a link: nothing about whose account there is, or whether it was closed."""

import re
import time
from collections import defaultdict

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import checks
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from coordination.core.tests.pages import text_of
from coordination.members.adapter import check_demonstration
from coordination.members.models import Person
from coordination.members.queries import people
from coordination.members.tests.factories import PersonFactory

PASSWORD = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def closed() -> Person:
    return person_with_password("closed@example.org", is_active=False)


def person_with_password(email: str, **fields: object) -> Person:
    person = PersonFactory(email=email, **fields)
    person.set_password(PASSWORD)
    person.save()
    return person


def answer(path: str, email: str, **fields: str) -> tuple[int, str]:
    """Return status and page of a form, without what differs by the form itself."""
    cache.clear()
    name = "login" if "login" in path else "email"
    response = Client().post(path, {name: email, **fields}, follow=True)
    page = re.sub(r'nonce="[^"]*"|value="\w{64}"', "", text_of(response)).replace(email, "ADDRESS")
    return response.status_code, page


def test_sign_in_answers_alike_for_unknown_closed_and_known_addresses(closed):
    person_with_password("known@example.org")

    answers = {
        answer("/accounts/login/", "nobody@example.org", password=PASSWORD),
        answer("/accounts/login/", closed.email, password="a guess"),
        answer("/accounts/login/", closed.email, password=PASSWORD),
        answer("/accounts/login/", "known@example.org", password="a guess"),
    }

    assert len(answers) == 1


def test_a_link_is_promised_alike_and_each_mail_is_in_our_words(closed, mailoutbox):
    person_with_password("known@example.org")

    answers = {
        answer("/accounts/password/reset/", email)
        for email in ("nobody@example.org", closed.email, "known@example.org")
    }

    assert len(answers) == 1
    assert [(mail.to[0], mail.subject) for mail in mailoutbox] == [
        ("nobody@example.org", "GMG: Nobody signs in with this address"),
        ("closed@example.org", "GMG: Nobody signs in with this address"),
        ("known@example.org", "GMG: Set a new password"),
    ]
    words = " ".join(mail.subject + mail.body + mail.alternatives[0].content for mail in mailoutbox)
    for foreign in ("Hello from", "example.com", "Thank you for using", "sign up", "signup"):
        assert foreign not in words
    assert (
        "Accounts are opened by invitation: ask the focal points of your agency."
        in mailoutbox[0].body
    )
    assert mailoutbox[0].body.startswith("Somebody, probably you, asked for a link")
    assert mailoutbox[0].body.endswith(
        "\n\nFind the people of an agency:\nhttp://localhost:8000/members/\n\n--\nGlobal Migration Group\n"
        "You get this because of: A request for a new password. Notices about accounts cannot be switched off.\n"
    )


def test_a_password_is_hashed_for_every_address(closed, settings):
    settings.PASSWORD_HASHERS = ["coordination.members.tests.test_accounts_stranger.Counted"]
    person_with_password("known@example.org")
    Person.objects.filter(pk=closed.pk).update(
        password=Person.objects.get(email="known@example.org").password
    )
    PersonFactory(email="invited@example.org", password="!unusable")
    emails = ("nobody@example.org", closed.email, "known@example.org", "invited@example.org")
    hashed, seconds = defaultdict(list), defaultdict(list)
    for _ in range(4):
        for email in emails:
            # of this process: others may be busy
            before, begun = Counted.count, time.process_time()
            answer("/accounts/login/", email, password="a guess of mine")
            hashed[email].append(Counted.count - before)
            seconds[email].append(time.process_time() - begun)

    fastest = {email: min(times) for email, times in seconds.items()}
    assert {tuple(counts) for counts in hashed.values()} == {tuple(hashed[emails[0]])}
    assert hashed[emails[0]][0] > 0
    assert max(fastest.values()) < 1.5 * min(fastest.values()), fastest


class Counted(PBKDF2PasswordHasher):
    """Hashes as slowly as a production does, and counts."""

    iterations = 100_000
    count = 0

    def encode(self, *arguments: object, **details: object) -> str:
        Counted.count += 1
        return super().encode(*arguments, **details)


@pytest.fixture
def production(settings) -> None:
    settings.TESTING = False


def test_accounts_of_the_demonstration_cannot_be_used_with_debug_off(production, client):
    cast = person_with_password("cast@example.org", demo_role="chair")
    client.force_login(cast)

    refused = answer("/accounts/login/", cast.email, password=PASSWORD)

    assert refused == answer("/accounts/login/", "nobody@example.org", password=PASSWORD)
    ended = client.get("/profile/", follow=True)
    assert "Your account is closed. An administrator can open it again." in text_of(ended)
    assert not people.has_demonstration()


def test_a_database_with_the_demonstration_is_refused_with_debug_off(production):
    assert check_demonstration(databases=["default"]) == []
    PersonFactory(demo_role="chair")

    [error] = check_demonstration(databases=["default"])

    assert (error.id, error.level) == ("members.E001", checks.ERROR)
    assert check_demonstration(databases=None) == []


def test_with_debug_the_demonstration_is_welcome():
    PersonFactory(demo_role="chair")

    assert check_demonstration(databases=["default"]) == []


def test_an_account_of_a_command_can_get_a_new_password_whatever_capitals_were_typed(mailoutbox):
    call_command(
        "createsuperuser", email="Amara.Diallo@Example.org", name="Amara", interactive=False
    )

    answer("/accounts/password/reset/", "Amara.Diallo@Example.org")

    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["amara.diallo@example.org"], "GMG: Set a new password")
    ]
    assert Person.objects.get_by_natural_key("AMARA.DIALLO@example.org").is_superuser
