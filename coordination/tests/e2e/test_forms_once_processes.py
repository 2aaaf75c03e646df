"""A form is sent twice at once, and again after its worker was killed: real gunicorn workers, on both databases."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse

from coordination.core.submissions import FIELD
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.e2e.machinery import Machinery
from coordination.tests.services.ports import free_port, listens, wait_for
from coordination.tests.services.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(360)]
CONVENE = "/meetings/convene/"
MAKE = """
from datetime import timedelta
from django.test import Client
from coordination.core import clock
from coordination.core.models import Group
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.rotation.models import ChairTerm, TermAgency
Group.objects.create(name="Global Migration Group", acronym="GMG")
day = clock.today(Group.objects.get().zone) - timedelta(days=30)
agency = Agency.objects.create(acronym="UNESCO", slug="unesco", name="UNESCO")
Membership.objects.create(agency=agency, first_day=day)
chair = Person.objects.create(name="Élodie Marchand", email="elodie@example.org")
Appointment.objects.create(person=chair, agency=agency, first_day=day)
term = ChairTerm.objects.create(slug="now", first_day=day, last_day=day + timedelta(days=90), state="confirmed")
TermAgency.objects.create(term=term, agency=agency)
browser = Client()
browser.force_login(chair, backend="django.contrib.auth.backends.ModelBackend")
print(browser.cookies["sessionid"].value)
"""
COUNT = "from coordination.meetings.models import Meeting; print(sorted(Meeting.objects.values_list('slug', flat=True)))"


class Browser:
    """A browser with one session; each request has a connection of its own."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = {"sessionid": session}

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "Cookie": cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "localhost",
            **headers,
        }
        connection.request(method, path, urlencode(fields or {}) if fields else None, headers)
        answer = connection.getresponse()
        answer.words = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        connection.close()
        return answer

    def form(self, path: str) -> dict[str, str]:
        """Return what the form of a page holds."""
        page = self.ask("GET", path)
        assert page.status == 200, page.words
        return {
            **sent_by_form_with(HttpResponse(page.words), FIELD),
            "csrfmiddlewaretoken": self.cookies["csrftoken"],
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path):
    """Return the machinery and a browser of the chair, once gunicorn answers."""
    url = (
        f"sqlite:///{tmp_path / 'gmg.sqlite3'}"
        if request.param == "sqlite"
        else request.getfixturevalue("own_postgres").url
    )
    made = Machinery(tmp_path, DATABASE_URL=url, WAKE_PLANNER="false")
    made.migrate()
    session = made.python(MAKE)
    port = free_port()
    made.start(
        "gunicorn", "coordination.tests.e2e.dying_wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4",
        "--log-level", "critical",
    )  # fmt: skip
    wait_for(port)
    yield made, Browser(port, session)
    made.stop()


def at_once(browser: Browser, sent: dict[str, str]) -> list[tuple[int, str]]:
    """Send a form four times at once; return the statuses and where they lead."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: browser.ask("POST", CONVENE, sent), range(4)))
    return [(answer.status, answer.headers["Location"]) for answer in answers]


def test_a_form_sent_at_once_and_after_its_worker_died_makes_one_thing(site):
    machinery, browser = site
    filled = {"title": "Retreat", "kind": "working_level", "day": "2031-05-01", "begins": "10:00"}

    sent = {**browser.form(CONVENE), **filled}
    assert at_once(browser, sent) == [(302, "/meetings/2031-05-01-retreat/")] * 4, machinery.words()

    sent = {**browser.form(CONVENE), **filled, "title": "Workshop"}
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        browser.ask("POST", CONVENE, sent, **{"X-Die": "yes"})
    assert wait_until(lambda: listens(browser.port))
    again = browser.ask("POST", CONVENE, sent)
    assert (again.status, again.headers["Location"]) == (302, "/meetings/2031-05-01-workshop/")
    assert machinery.python(COUNT) == "['2031-05-01-retreat', '2031-05-01-workshop']"

    del sent[FIELD]  # as an old page has it: each makes a meeting, and none is a fault
    answers = at_once(browser, sent)
    assert [status for status, _address in answers] == [302] * 4, machinery.words()
    assert len({address for _status, address in answers}) == 4
