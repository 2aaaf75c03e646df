"""A two-page statement goes through its whole life in a browser: five agencies amend, silence is broken, extended and passes, one does not join.

The text is ours, in the shape of the group's joint statement of 2010; each of the five amends as agencies of its kind do: smuggling and
trafficking (UNODC), human rights (OHCHR), children (UNICEF), labour (ILO), health (WHO).
"""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Page

from coordination.statements.models import Amendment, Signatory, Statement
from coordination.tests.cast import NOW, agency, appointed
from coordination.tests.e2e.pressing import press
from coordination.tests.e2e.test_browser import SHOTS, browser, keep_picture, session_of, wrong_with  # noqa: F401 - a fixture among them
from coordination.tests.services.waiting import PATIENCE

from axe_playwright_python.base import AXE_SCRIPT  # isort: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(840),
]
TEXT = (Path(__file__).parent / "statement.txt").read_text()
TWO_PAGES = range(850, 951)  # words
MEMBERS = {
    "UNODC": "Lukas Varga",
    "OHCHR": "Samira Okonkwo",
    "UNICEF": "Grace Mwangi",
    "ILO": "Petra Dlamini",
    "WHO": "Ruth Adeyemi",
}

# agency, words of a paragraph, what it would read instead, why
EDITS = [
    ("UNODC", "against those who exploit persons", "against those who exploit persons, and against the smuggling of migrants and trafficking in persons that feed on them,", "The two Protocols."),
    ("OHCHR", "as witnesses and not as offenders", "as holders of human rights, as witnesses and not as offenders", "Rights first."),
    ("ILO", "the wage that was agreed", "the wage that was agreed or that is usual for the work, whichever is higher", "Much of it was never agreed in writing."),
    ("WHO", "emergency treatment and to the care", "emergency treatment, to mental health care and to the care", "Half of those seen show distress."),
    ("ILO", "twelve months", "six months", "A year of work can be lost in one."),
    ("UNODC", "twelve months", "eighteen months", "Courts need the time."),
]  # fmt: skip


class Stage:
    """The server, the browser, and who is who; each act opens a page as its person."""

    def __init__(self, address, chromium, people, settings):
        self.address, self.chromium, self.people, self.settings = (
            address,
            chromium,
            people,
            settings,
        )
        self.pages = {}
        self.folder = SHOTS / "life"
        self.move_to(NOW)

    def move_to(self, moment):
        self.settings.CLOCK_OFFSET_SECONDS = (moment - datetime.now(UTC)).total_seconds()
        self.pages.clear()  # the sessions end meanwhile: who comes back signs in anew

    def page(self, acronym) -> Page:
        if acronym not in self.pages:
            context = self.chromium.new_context(
                viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE * 1000)
            person = self.people[acronym]
            context.add_cookies(
                [
                    {
                        "name": project.SESSION_COOKIE_NAME,
                        "value": session_of(person),
                        "url": self.address,
                    }
                ]
            )
            self.pages[acronym] = context.new_page()
        return self.pages[acronym]

    def open(self, acronym, path="") -> Page:
        page = self.page(acronym)
        answer = page.goto(f"{self.address}/statements/{self.slug}/{path}")
        assert answer.status == 200, (acronym, path, answer.status)
        return page

    def send(self, page, button, **fields) -> Page:
        for name, value in fields.items():
            page.locator(f"main [name={name}]:visible").first.fill(value)
        press(page.get_by_role("button", name=button).first)
        assert page.locator(".form__error").count() == 0, page.locator("main").inner_text()
        return page

    @property
    def slug(self):
        return Statement.objects.get().slug

    def looks(self, page, name):
        """Keep a picture at both widths; nothing is cut off, nothing inaccessible."""
        page.evaluate(AXE_SCRIPT)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            keep_picture(page, self.folder / f"{name}-{width}.jpg")
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
                name,
                width,
            )
            assert wrong_with(page, width, "light") == [], (name, width)
        page.set_viewport_size({"width": 1280, "height": 900})

    def speak(self, acronym, position, reason="", about=""):
        page = self.open(acronym, "positions/")
        page.locator("#take summary").click()
        page.get_by_label(position, exact=True).check()
        if about:
            page.get_by_label(about, exact=True).check()
        return self.send(page, "Record this position", **({"reason": reason} if reason else {}))

    def says(self, acronym, words, path="positions/"):
        assert words in self.open(acronym, path).locator("main").inner_text(), words


@pytest.fixture
def stage(live_server, browser, settings, chair, other_agency, incoming_chair, terms):  # noqa: F811 - the fixture
    people = {"UNESCO": chair, "OHCHR": other_agency, "WHO": incoming_chair}
    for acronym, city, zone in (
        ("UNODC", "Vienna", "Europe/Vienna"),
        ("UNICEF", "New York", "America/New_York"),
        ("ILO", "Geneva", "Europe/Zurich"),
    ):
        people[acronym] = appointed(
            MEMBERS[acronym], f"{acronym.lower()}@example.org", agency(acronym, city, zone)
        )
    made = Stage(live_server.url, browser, people, settings)
    yield made
    for page in made.pages.values():
        page.context.close()


def start(stage):
    chair = stage.page("UNESCO")
    chair.goto(f"{stage.address}/statements/start/")
    stage.looks(chair, "start")
    stage.send(
        chair,
        "Look at the paragraphs",
        title="Migrants who cannot return",
        text=TEXT,
        occasion="International Migrants Day",
    )
    stage.looks(chair, "preview")
    stage.send(chair, "Make draft 1")
    paragraphs = [block.text for block in Statement.objects.get().drafts.get().blocks.all()]
    assert len(paragraphs) == 34
    assert sum(len(text.split()) for text in paragraphs) in TWO_PAGES
    stage.send(stage.open("UNESCO", "circulate/"), "Circulate draft 1", deadline="2026-11-27T18:00")


# where a control is when it is scrolled into sight, and some frames later
POSITIONS = """async control => {
    control.scrollIntoViewIfNeeded(true);
    const before = control.getBoundingClientRect().top;
    for (let frame = 0; frame < 6; frame++) await new Promise(requestAnimationFrame);
    return [before, control.getBoundingClientRect().top].map(Math.round);
}"""


def the_page_does_not_move_under_the_reader(stage):
    before, after = stage.open("WHO").get_by_role("link", name="Amend").nth(25).evaluate(POSITIONS)
    assert abs(before - after) <= 1


def amend(stage):
    for acronym, words, instead, why in EDITS:
        page = stage.open(acronym)
        block = page.locator("section.block", has_text=words).first
        press(block.get_by_role("link", name="Amend"))
        area = page.locator("textarea[name=proposed_text]")
        area.fill(area.input_value().replace(words, instead))
        stage.send(page, "Propose the amendment", rationale=why)
    children = stage.open("UNICEF")
    family = children.locator("section.block", has_text="Every family has the right").first
    press(family.get_by_role("link", name="Add after"))
    text = "Every child has the right to a name, to school and to be heard, and shall never be detained for reasons of immigration."
    stage.looks(children, "amend-new")
    stage.send(
        children,
        "Propose the amendment",
        proposed_text=text,
        rationale="Named among those at risk, children have no right of their own.",
    )
    rights = stage.open("OHCHR")
    rights.locator("article", has_text="Every child").or_(
        rights.locator("section.block", has_text="Every child has the right")
    ).first.wait_for()
    press(
        rights.locator("section.block", has_text="Every child has the right").get_by_role(
            "button", name="Co-sponsor"
        )
    )
    press(
        stage.open("ILO")
        .locator("section.block", has_text="No one is without rights")
        .get_by_role("link", name="Delete")
    )
    stage.send(
        stage.page("ILO"), "Propose the amendment", rationale="It says nothing that was not said."
    )
    for view, path in (
        ("read", ""),
        ("compile", "compile/"),
        ("mandates", "balance/"),
        ("history", "history/"),
    ):
        stage.looks(stage.open("WHO", path), view)
    amending = Counter(Amendment.objects.values_list("agency__acronym", flat=True))
    assert amending == {"UNODC": 2, "OHCHR": 1, "UNICEF": 1, "ILO": 3, "WHO": 1}


def consolidate(stage):
    stage.send(stage.open("UNESCO", "act/close/"), "Close amendments")
    chair = stage.open("UNESCO", "consolidate/")
    stage.looks(chair, "consolidate")
    stage.send(chair, "Take all 6 that merge cleanly")
    assert (
        "6 amendments taken"
        in chair.locator("main, .toast").first.inner_text() + chair.locator("body").inner_text()
    )
    months = chair.locator("section.block", has_text="twelve months").first
    press(months.get_by_role("link", name="Adapt").first)
    area = chair.locator("textarea[name=text]")
    stage.send(
        chair,
        "Settle on this text",
        text=re.sub("(six|twelve|eighteen) months", "nine months", area.input_value()),
        reason="Between the two.",
    )
    chair.locator("section.block", has_text="[added: nine").first.wait_for()
    issue = stage.open("UNESCO", "issue/")
    issue.get_by_label("to approve it or object to it").check()
    stage.looks(issue, "issue")
    stage.send(issue, "Issue draft 2", deadline="2026-11-27T18:00")


def broken_silence(stage):
    stage.says("WHO", "Silence until then counts as approval")
    stage.speak("WHO", "Approve")
    stage.speak("UNODC", "Object", "Name the Protocols by their titles.", about="OP 3")
    stage.says("UNESCO", "UNODC objects to OP 3.")
    page = stage.open("UNODC", "positions/")
    press(page.get_by_role("link", name="Amend OP 3"))
    press(
        page.locator("section.block", has_text="smuggling of migrants").get_by_role(
            "link", name="Amend"
        )
    )
    area = page.locator("textarea[name=proposed_text]")
    words = area.input_value().replace(
        "the smuggling of migrants", "the smuggling of migrants by land, sea and air"
    )
    stage.send(
        page, "Propose the amendment", proposed_text=words, rationale="The title of the Protocol."
    )
    stage.says("ILO", "the clock stands still")
    stage.looks(stage.open("UNESCO", "positions/"), "positions-broken")
    stage.send(stage.open("UNESCO", "act/return/"), "Return to consolidation")
    stage.send(stage.open("UNESCO", "consolidate/"), "Take the 1 that merges cleanly")
    issue = stage.open("UNESCO", "issue/")
    issue.get_by_label("to approve it or object to it").check()
    stage.send(issue, "Issue draft 3", deadline="2026-11-27T18:00")


def extension_and_silence(stage):
    stage.looks(stage.open("UNODC", "compare/?from=2&to=3"), "compare")
    stage.looks(stage.open("UNODC", "origins/"), "who-wrote-this")
    stage.speak("UNODC", "Approve")
    extend = stage.open("UNESCO", "steps/extend/")
    stage.looks(extend, "extend")
    stage.send(
        extend, "Move the deadline", deadline="2026-11-30T18:00", reason="A holiday in New York."
    )
    stage.says("UNICEF", "A holiday in New York.")
    stage.speak("ILO", "Do not join", "Our Governing Body meets in March.")
    stage.move_to(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    stage.says("WHO", "Waiting for OHCHR, UNESCO, UNICEF and WHO; nobody objects.")
    stage.move_to(datetime(2026, 11, 30, 17, 0, tzinfo=UTC))
    stage.says(
        "WHO",
        "Silence has passed: OHCHR, UNESCO, UNICEF and WHO did not speak and count as approving",
    )
    stage.looks(stage.open("UNESCO", "positions/"), "positions-passed")


def adoption(stage):
    stage.send(
        stage.open("UNESCO", "steps/open/"),
        "Open principals’ approval",
        deadline="2026-12-10T18:00",
    )
    for acronym in ("UNODC", "OHCHR", "UNICEF", "WHO", "UNESCO"):
        stage.speak(acronym, "Approve")
    stage.says("UNESCO", "Waiting for ILO")
    stage.speak("ILO", "Do not join", "Our Governing Body meets in March.")
    stage.send(stage.open("UNESCO", "act/adopt/"), "Adopt")
    stage.move_to(datetime(2026, 11, 30, 17, 0, tzinfo=UTC) + timedelta(hours=1))
    stage.send(stage.open("UNESCO", "act/release/"), "Release")


def test_the_whole_life_of_a_statement(stage):
    start(stage)
    the_page_does_not_move_under_the_reader(stage)
    amend(stage)
    consolidate(stage)
    broken_silence(stage)
    extension_and_silence(stage)
    adoption(stage)

    outside = stage.chromium.new_page()
    outside.goto(f"{stage.address}/statements/{stage.slug}/")
    words = outside.locator("main").inner_text()
    outside.context.close()
    assert [(str(each), each.joined) for each in Signatory.objects.order_by("agency__acronym")] == [
        ("ILO", False), ("OHCHR", True), ("UNESCO", True), ("UNICEF", True), ("UNODC", True), ("WHO", True),
    ]  # fmt: skip
    for there in (
        "Every child has the right to a name",
        "by land, sea and air",
        "nine months",
        "mental health care",
        "Did not join",
    ):
        assert there in words, there
    assert "No one is without rights" not in words
    assert Statement.objects.get().adopted_sha256 in words
