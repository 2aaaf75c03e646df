"""The pages that no link leads to, in Chromium: what is refused, what a mail opens, other people's desks, the admin."""

from datetime import date

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db.models import F
from django.template.loader import render_to_string
from playwright.sync_api import Page

from coordination.core import clock
from coordination.meetings.models import Meeting
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.members.models import Agency, Person
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.queries.mails import unsubscribe_token
from coordination.rotation.models import ChairTerm
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement
from coordination.tests.e2e.test_browser import (  # noqa: F401 - fixtures among them
    SHOTS,
    WIDTHS,
    browser,
    looks,
    page_for,
    story,
    violations,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("story"),
]
SUBMIT = """([path, fields]) => {
    const form = document.createElement("form");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    form.method = "post";
    form.action = path;
    for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, ...fields})) {
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}"""
OF_DJANGO = {
    "link-in-text-block": "the links of the breadcrumbs are told from the words around them by colour alone",
    "empty-table-header": "the first column of a table of rows has no name",
    "label": "the fields of a table of rows are named by the head of their column alone",
    "select-name": "the same",
}


class Visitor:
    """A browser of one person; each page that it opens is looked at."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.folder = SHOTS / "apart"
        self.wrong: list[str] = []

    def open(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        self.look(path)

    def post(self, path: str, status: int, **fields: str) -> None:
        """Send a form from a page that has one."""
        with self.page.expect_navigation() as navigation:
            self.page.evaluate(SUBMIT, [path, fields])
        assert navigation.value.status == status, (path, navigation.value.status)
        self.look(f"{path} {status}")

    def look(self, name: str) -> None:
        self.wrong += looks(self.page, name, self.folder)


@pytest.fixture
def visit(live_server, browser):  # noqa: F811 - the fixture
    """Return how a person opens a browser; at the end nothing was wrong with what they saw."""
    visitors = []

    def enter(who: str | Person) -> Visitor:
        visitors.append(
            Visitor(
                page_for(browser, live_server.url, who, width=WIDTHS[0], theme="light"),
                live_server.url,
            )
        )
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.page.context.close()
    assert [line for visitor in visitors for line in visitor.wrong] == []


def test_desks_that_others_have(visit):
    former = PersonFactory(name="Ingrid Halvorsen")
    AppointmentFactory(
        person=former, agency=Agency.objects.get(acronym="UNFPA"), last_day=date(2020, 6, 30)
    )

    for person in ("incoming_chair", "office", former):
        visit(person).open("/desk/")
    visitor = visit("incoming_chair")
    visitor.open(
        f"/rotation/{ChairTerm.objects.get(agencies__acronym='WHO', first_day__gt=clock.now()).slug}/handover/"
    )


def test_what_is_refused(visit):
    visitor = visit("focal_point")
    visitor.open("/outbox/", status=403)
    visitor.open("/nowhere/at-all/", status=404)
    visitor.page.route(
        "**/broken/",
        lambda route: route.fulfill(
            status=500, content_type="text/html", body=render_to_string("500.html")
        ),
    )
    visitor.open("/broken/", status=500)
    visitor.open("/members/unfpa/invite/")
    visitor.post("/members/unfpa/invite/", 422, name="Sara Lind", email="no address")
    visitor.page.goto(visitor.address + "/profile/")
    Person.objects.filter(demo_role="focal_point").update(version=F("version") + 1)
    visitor.post("/profile/", 409, name="Nadia F.", time_zone="Europe/Paris", version="1")
    visitor.page.goto(visitor.address + "/profile/")
    visitor.post("/profile/", 403, csrfmiddlewaretoken="old", name="Nadia who typed this")
    chair = visit("chair")
    chair.page.goto(chair.address + "/meetings/convene/")
    chair.post(
        f"/meetings/{Meeting.objects.filter(starts_at__lt=clock.now()).latest('starts_at').slug}/cancel/",
        422,
    )


def test_what_a_mail_opens(visit):
    unfpa, focal_point = (
        Agency.objects.get(acronym="UNFPA"),
        Person.objects.get(demo_role="focal_point"),
    )
    _invitation, token = invitations.invite(
        unfpa,
        email="s@example.org",
        name="Sara Lind",
        role=Role.OFFICE,
        by=focal_point,
        at=clock.now(),
    )
    visitor = visit("")
    visitor.open(f"/invitations/{token}/")
    visitor.open("/invitations/no-such-token/", status=404)
    visit("colleague").open(f"/invitations/{token}/")
    unsubscribe = f"/mail/unsubscribe/{unsubscribe_token(focal_point, 'rotation.vacancy')}/"
    visitor.open(unsubscribe)
    visitor.post(unsubscribe, 200)


def test_the_admin(visit):
    visitor = visit("administrator")
    unfpa = Agency.objects.get(acronym="UNFPA")
    found = []
    for path in (
        "/admin/",
        "/admin/members/agency/",
        f"/admin/members/agency/{unfpa.pk}/change/",
        "/admin/rotation/chairterm/",
    ):
        assert visitor.page.goto(visitor.address + path).status == 200
        visitor.page.evaluate(AXE_SCRIPT)
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            found += [
                f"{path} {width}: {line}" for line in violations(visitor.page, without=OF_DJANGO)
            ]

    assert found == []


def test_the_open_tab_is_in_sight_on_a_narrow_screen(live_server, browser):  # noqa: F811 - the fixture
    """The last of the views of a statement does not fit beside the others."""
    page = page_for(browser, live_server.url, "focal_point", width=WIDTHS[1], theme="light")
    slug = Statement.objects.get(state=StatementState.AMENDMENTS).slug

    page.goto(f"{live_server.url}/statements/{slug}/history/")

    edges = "[...document.querySelectorAll('.tabs, .tabs [aria-current]')].map((part) => Math.round(part.getBoundingClientRect().right))"
    assert page.evaluate(
        "document.querySelector('.tabs').scrollWidth > document.querySelector('.tabs').clientWidth"
    )
    row, tab = page.evaluate(edges)
    assert tab <= row
    page.context.close()


PALE = """<!DOCTYPE html><html lang="en"><title>Pale</title><style>
    body { color: #111; background: #fff }
    .wide { display: none }
    @media (max-width: 600px) { #narrow { color: #ccc } #ground { background: #222 } .wide { display: block; color: #ccc } }
    @media (prefers-color-scheme: dark) { #dark { color: #ccc } }
</style><main><h1>Pale</h1>{words}</main>"""


@pytest.fixture
def nothing_looked_at(monkeypatch):
    nothing: dict[str, set[str]] = {"light": set(), "dark": set()}
    monkeypatch.setattr("coordination.tests.e2e.test_browser.looked_at", nothing)


@pytest.mark.usefixtures("nothing_looked_at")
@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("<p>plain</p>", []),
        ('<p id="narrow">pale when narrow</p>', ["390 dark", "390 light"]),
        ('<div id="ground"><p>dark on dark when narrow</p></div>', ["390 dark", "390 light"]),
        ('<p class="wide">shown when narrow</p>', ["390 dark", "390 light"]),
        ('<p id="dark">pale in the dark</p>', ["1280 dark"]),
    ],
)
def test_what_is_pale_at_one_width_or_in_the_dark_is_found(browser, tmp_path, words, where):  # noqa: F811 - the fixture
    page = browser.new_page()
    page.set_content(PALE.replace("{words}", words))

    found = looks(page, "pale", tmp_path)

    assert [line.partition(": ")[0] for line in found] == [f"pale {each}" for each in where]
    assert all("color-contrast" in line for line in found)
    page.close()


@pytest.mark.usefixtures("nothing_looked_at")
@pytest.mark.parametrize(("shown", "where"), [("", ["1280 light"]), ("wide", ["390 light"])])
def test_a_picture_without_words_is_found_once(browser, tmp_path, shown, where):  # noqa: F811 - the fixture
    page = browser.new_page()
    page.set_content(PALE.replace("{words}", f"<div class='{shown}'><img src='data:,'></div>"))

    found = looks(page, "untold", tmp_path)

    assert [line.partition(": ")[0] for line in found] == [f"untold {each}" for each in where]
    assert all("image-alt" in line for line in found)
    page.close()


@pytest.mark.usefixtures("nothing_looked_at")
def test_what_is_pale_on_a_later_page_only_is_found(browser, tmp_path):  # noqa: F811 - the fixture
    page = browser.new_page()

    found = []
    for number, style in enumerate(("", "color: #ccc", "color: #ccc")):
        page.set_content(PALE.replace("{words}", f"<p style='{style}'>words</p>{'<hr>' * number}"))
        found.append(len(looks(page, "pale", tmp_path)))

    assert found == [0, 2, 0]  # once in light and once in dark
    page.close()


@pytest.mark.usefixtures("nothing_looked_at")
def test_words_too_wide_on_a_page_of_known_parts_are_found(browser, tmp_path):  # noqa: F811 - the fixture
    page = browser.new_page()

    found = []
    for words in ("short", "long" * 30, "long" * 300):
        page.set_content(PALE.replace("{words}", f"<p class='known'>{words}</p>"))
        found += looks(page, words[:9], tmp_path)

    assert found == [
        "longlongl 390 light: scrolls sideways",
        "longlongl 1280 light: scrolls sideways",
        "longlongl 390 light: scrolls sideways",
    ]
    page.close()


SMALL = """<style>
    button { display: block; width: 40px; height: 40px; padding: 0 }
    @media (max-width: 600px) { button { width: 9px; height: 9px } }
</style><button>1</button><button>2</button><button>3</button>"""


@pytest.mark.usefixtures("nothing_looked_at")
def test_buttons_too_small_when_narrow_are_found(browser, tmp_path):  # noqa: F811 - the fixture
    page = browser.new_page()
    page.set_content(PALE.replace("{words}", SMALL))

    found = looks(page, "small", tmp_path)

    assert [line.rpartition(": ")[0] for line in found] == ["small 390 light: target-size"]
    page.close()
