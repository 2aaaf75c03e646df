"""A real web process (gunicorn, DEBUG off) and a small browser that measures each answer."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from coordination.tests.e2e.machinery import Machinery
from coordination.tests.services.ports import free_port, listens
from coordination.tests.services.waiting import PATIENCE, wait_until

PASSWORD = "correct horse battery staple"
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "a-key-that-is-long-enough-and-belongs-to-one-test-only-0123456789",
    "SITE_URL": "http://localhost",
    "ALLOW_HTTP": "true",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "LOG_LEVEL": "CRITICAL",
}
MAKE = f"""
from datetime import date, timedelta
from allauth.account.models import EmailAddress
from coordination.core import clock
from coordination.core.models import Group
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.rotation.models import ChairTerm, TermAgency
Group.objects.create(name="Global Migration Group", acronym="GMG")
today = clock.today(Group.objects.get().zone)
agency = Agency.objects.create(acronym="UNESCO", slug="unesco", name="UNESCO")
Membership.objects.create(agency=agency, first_day=date(2006, 1, 1))
for name in ("chair", "other"):
    person = Person.objects.create_user(email=f"{{name}}@example.org", name=name.title(), password="{PASSWORD}")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Appointment.objects.create(person=person, agency=agency, first_day=date(2020, 1, 1))
term = ChairTerm.objects.create(slug="now", first_day=today - timedelta(days=100), last_day=today + timedelta(days=99), state="confirmed")
TermAgency.objects.create(term=term, agency=agency)
"""


@dataclass(frozen=True)
class Answer:
    """What the server answered, and after how many seconds."""

    status: int
    seconds: float
    headers: Message
    text: str


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows a redirect as it is."""

    def redirect_request(self, *_: object) -> None:
        return None


class Browser:
    """Keeps cookies, sends the CSRF token with each form, and follows no redirect."""

    def __init__(self, port: int, **headers: str) -> None:
        self.origin, self.headers = f"http://127.0.0.1:{port}", headers
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            NoRedirect, urllib.request.HTTPCookieProcessor(self.cookies)
        )
        self.token = ""
        self.patience = 2.0

    def ask(
        self,
        path: str,
        data: dict[str, str] | None = None,
        *,
        method: str | None = None,
        timeout: float = PATIENCE,
    ) -> Answer:
        """Send one request; without `data` a GET."""
        body = (
            None
            if data is None
            else urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **data}).encode()
        )
        headers = {"Referer": f"{self.origin}{path}", **self.headers}
        request = urllib.request.Request(
            f"{self.origin}{path}", data=body, headers=headers, method=method
        )
        begun = time.monotonic()
        try:
            with self.opener.open(request, timeout=timeout) as response:
                status, sent, text = (
                    response.status,
                    response.headers,
                    response.read().decode(errors="replace"),
                )
        except urllib.error.HTTPError as error:
            status, sent, text = error.code, error.headers, error.read().decode(errors="replace")
        seconds = time.monotonic() - begun
        if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = token[1]
        return Answer(status, seconds, sent, text)

    def sign_in(self, name: str = "chair", password: str = PASSWORD) -> Answer:
        """Open the sign-in page and send its form."""
        self.ask("/accounts/login/")
        return self.ask("/accounts/login/", {"login": f"{name}@example.org", "password": password})


class Website(Machinery):
    """The web process of one test, over the servers that the test owns."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(
            folder, **{**PRODUCTION, "STATIC_ROOT": str(folder / "static"), **environment}
        )
        self.port = free_port()

    def prepare(self) -> None:
        """Make the tables, the static files and two people."""
        self.migrate()
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.python(MAKE)

    def serve(self, *options: str) -> None:
        """Start gunicorn and wait until it listens."""
        self.start(
            "gunicorn",
            "gmgapp.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--log-level",
            "critical",
            *options,
        )
        assert wait_until(
            lambda: listens(self.port) and self.browser().ask("/robots.txt").status
        ), self.words()

    def browser(self, **headers: str) -> Browser:
        """Return a browser without cookies."""
        return Browser(self.port, **headers)
