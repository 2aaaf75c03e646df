"""Attempts to take over an account, sent by HTTP to a real server, and the demonstration where DEBUG is off."""

import http.cookiejar
import re
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from coordination.tests.e2e.machinery import ROOT, Machinery
from coordination.tests.services.ports import free_port
from coordination.tests.services.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.once, pytest.mark.timeout(360)]

PASSWORD = "correct horse battery staple"
PEOPLE = f"""
from datetime import date
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from coordination.core.models import Group
from coordination.members.models import Agency, Appointment, Membership, Person
Group.objects.create(name="Group", acronym="GRP", time_zone="Europe/Zurich", city="Geneva")
agency = Agency.objects.create(acronym="UNFPA", slug="unfpa", name="UNFPA")
Membership.objects.create(agency=agency, first_day=date(2006, 1, 1))
for name, fields in {{
    "victim": {{}}, "colleague": {{}}, "clerk": {{"is_staff": True}}, "root": {{"is_staff": True, "is_superuser": True}},
}}.items():
    person = Person.objects.create_user(f"{{name}}@example.org", "{PASSWORD}", name=name, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if not fields:
        Appointment.objects.create(person=person, agency=agency, first_day=date(2024, 1, 1))
Person.objects.get(name="clerk").user_permissions.set(Permission.objects.filter(codename__in=["change_person", "view_person"]))
"""


class Browser:
    """A client of the server with cookies of its own, which sends what somebody writes by hand."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def send(self, path: str, fields: dict[str, object] | None = None) -> tuple[int, str, str]:
        """Return status, the address that answered at last, and the page."""
        data = None
        if fields is not None:
            token = next(
                (cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), ""
            )
            data = urllib.parse.urlencode(
                {**fields, "csrfmiddlewaretoken": token}, doseq=True
            ).encode()
        try:
            with self.opener.open(
                urllib.request.Request(self.address + path, data, {"Referer": self.address}),
                timeout=PATIENCE,
            ) as answer:
                return answer.status, answer.url.removeprefix(self.address), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.url.removeprefix(self.address), error.read().decode()

    def sign_in(self, name: str) -> "Browser":
        self.send("/accounts/login/")
        _status, place, _page = self.send(
            "/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD}
        )
        assert place == "/desk/"
        return self


@pytest.fixture
def machinery(tmp_path):
    running = Machinery(
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path}/gmg.sqlite3",
        REDIS_URL="",
        EMAIL_URL=f"file://{tmp_path}/outbox",
    )
    try:
        running.migrate()
        running.python(PEOPLE)
        yield running
    finally:
        running.stop()


@pytest.fixture
def address(machinery) -> str:
    """Start the server; return its address."""
    port = free_port()
    machinery.start(
        "gunicorn",
        "gmgapp.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--log-level",
        "error",
    )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return Browser(address).send("/accounts/login/")[0] == 200
        except OSError:
            return False

    assert wait_until(answers), machinery.words()
    return address


def mails(folder: Path) -> list[tuple[str, str]]:
    """Return recipient and subject of each mail that was sent."""
    texts = "\n".join(path.read_text() for path in sorted((folder / "outbox").glob("*.log")))
    return sorted(
        zip(
            re.findall(r"^To: (.*)$", texts, re.MULTILINE),
            re.findall(r"^Subject: (.*)$", texts, re.MULTILINE),
            strict=True,
        )
    )


def saved(machinery: Machinery, expression: str) -> str:
    """Return what the database says."""
    return machinery.python(
        f"from coordination.members.models import *; p = lambda name: Person.objects.get(name=name); print({expression})"
    )


def email_of_victim(machinery: Machinery) -> str:
    """Return it without a process of Django, which takes two seconds."""
    file = machinery.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        [(email,)] = database.execute("SELECT email FROM members_person WHERE name = 'victim'")
    return email


def test_an_open_session_is_not_enough_to_take_an_account_and_a_change_is_told(
    machinery, address, tmp_path
):
    browser = Browser(address).sign_in("victim")

    asked = browser.send(
        "/accounts/email/", {"action_add": "", "ask": "yes", "email": "attacker@evil.example"}
    )
    primary = browser.send(
        "/accounts/email/", {"action_primary": "", "email": "attacker@evil.example"}
    )
    reset = Browser(address)
    reset.send("/accounts/password/reset/")
    reset.send("/accounts/password/reset/", {"email": "attacker@evil.example"})
    stolen = email_of_victim(machinery)
    browser.send(asked[1], {"password": PASSWORD})
    browser.send("/accounts/email/", {"ask": "yes", "email": "victim@new.example"})
    link = re.search(
        r"http://[^/]+(/accounts/confirm-email/\S+)",
        "".join(p.read_text() for p in (tmp_path / "outbox").glob("*.log")),
    )[1]
    elsewhere = Browser(address).send(link)
    confirmed = browser.send(link, {})
    machinery.manage("send_reminders")

    assert (asked[1], primary[1]) == ("/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F",) * 2
    assert (stolen, email_of_victim(machinery)) == ("victim@example.org", "victim@new.example")
    assert elsewhere[1].startswith("/accounts/login/?next=")
    assert confirmed[1] == "/accounts/email/"
    assert mails(tmp_path) == [
        ("attacker@evil.example", "GRP: Nobody signs in with this address"),
        ("colleague@example.org", "Sign-in address of victim changed"),
        ("victim@example.org", "Sign-in address of victim changed"),
        ("victim@new.example", "GRP: Confirm your new e-mail address"),
    ]


def test_staff_who_may_change_people_gain_no_power(machinery, address):
    root = "p('root').password, p('root').email, p('root').is_superuser"
    listed, *before = saved(
        machinery,
        f"' '.join(f'{{x.name}}:{{x.pk}}' for x in Person.objects.all()), {root}, sep='\\n'",
    ).splitlines()
    keys = dict(pair.split(":") for pair in listed.split())
    clerk = Browser(address).sign_in("clerk")
    clerk.send("/admin/")
    power = {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "user_permissions": [1, 2, 3],
        "name": "clerk",
        "version_seen": 1,
    }
    rows = {
        f"appointments-{name}": 0
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    password = {
        "password1": "a new horse battery",
        "password2": "a new horse battery",
        "usable_password": "true",
    }

    answers = [
        clerk.send(f"/admin/members/person/{keys['root']}/password/", password)[0],
        clerk.send(
            f"/admin/members/person/{keys['root']}/change/",
            {**power, **rows, "email": "clerk2@example.org", "name": "root"},
        )[0],
        clerk.send(f"/admin/members/person/{keys['victim']}/password/", password)[0],
        clerk.send(f"/admin/members/person/{keys['clerk']}/change/", {**power, **rows})[0],
    ]

    assert answers == [403, 403, 403, 200]
    clerk_has = "p('clerk').is_superuser, p('clerk').user_permissions.count()"
    taken = "p('victim').check_password('a new horse battery')"
    after = saved(machinery, f"{root}, {clerk_has}, {taken}, sep='\\n'").splitlines()
    assert after == [*before, "False", "2", "False"]


def test_the_demonstration_is_impossible_with_debug_off(tmp_path):
    demo = Machinery(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/gmg.sqlite3", REDIS_URL="")
    demo.migrate()
    demo.python(
        "from coordination.members.models import Person\n"
        "Person.objects.create_user('cast@example.org', 'a password', name='Cast', demo_role='chair')"
    )
    production = demo.environment | {
        "DEBUG": "false",
        "ALLOW_HTTP": "true",
        "SECRET_KEY": "a-key-that-is-long-enough-and-belongs-to-one-test-only-0123456789",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=production, capture_output=True, text=True, check=False
        )

    loaded, migrated = run("load_demo"), run("migrate", "--verbosity", "0")
    code = "import django; django.setup(); from coordination.members import rules; from coordination.members.models import Person\n"
    code += "from datetime import date; from coordination.core.permissions import On\n"
    code += "print(rules.may_sign_in(Person.objects.get(name='Cast'), On(date(2026, 11, 23))))"
    asked = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=production | {"DJANGO_SETTINGS_MODULE": "gmgapp.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    demo.stop()

    assert (loaded.returncode, "it works only with DEBUG." in loaded.stderr) == (1, True)
    assert (
        migrated.returncode,
        "(members.E001) This database holds the accounts of the demonstration" in migrated.stderr,
    ) == (1, True)
    assert asked.stdout == "False\n", asked.stderr
