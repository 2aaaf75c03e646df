"""Paragraphs are worked on in place, in a browser: nothing typed is lost, the keyboard stays where it was, long pages unfold."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Person
from coordination.statements.actions import amendments
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import AmendmentState
from coordination.statements.models import Amendment, Statement
from coordination.statements.queries.amendments import own_open_amendment
from coordination.tests.e2e.test_browser import browser, page_for, story, violations  # noqa: F401 - fixtures among them

from axe_playwright_python.base import AXE_SCRIPT  # isort: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("story"),
]
WORDS = "as nobody has proposed before"


@pytest.fixture
def statement() -> Statement:
    return Statement.objects.get(state="amendments")


@pytest.fixture
def opened(live_server, browser, statement):  # noqa: F811 - the fixture
    """Return how a page of the statement is opened by one of the cast."""
    pages = []

    def at(role: str, path: str = "") -> Page:
        page = page_for(browser, live_server.url, role, width=1280, theme="light")
        pages.append(page)
        page.goto(f"{live_server.url}/statements/{statement.slug}/{path}")
        return page

    yield at
    for page in pages:
        page.context.close()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def write(page: Page, key: str) -> None:
    page.locator(f"#{key}").get_by_role("link", name="Amend").click()
    page.locator(f"#{key}-proposed_text").fill(WORDS)
    page.locator(f"#{key}-rationale").fill("Why not.")


def test_an_amendment_is_written_kept_proposed_and_withdrawn_in_place(opened):
    page = opened("focal_point")
    assert page.locator("#messages").evaluate("each => getComputedStyle(each).display") == "none"
    write(page, "b4")
    # the difference follows the typing, and the keyboard stays where it is
    expect(page.locator(".typed ins")).to_contain_text(WORDS)
    assert focused(page) == "b4-rationale"
    page.evaluate(AXE_SCRIPT)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    page.reload()
    page.locator("#b4").get_by_role("link", name="Amend").click()
    expect(page.locator("#b4-proposed_text")).to_have_value(WORDS)
    page.get_by_role("button", name="Propose the amendment").click()
    expect(page.locator("#b4 .margin-note")).to_contain_text(WORDS)
    expect(page.locator("#b4")).to_be_focused()
    assert page.evaluate("Object.keys(localStorage).filter(each => each.startsWith('keep:'))") == []

    page.locator("#b4 .margin-note").get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Withdraw the amendment").click()
    expect(page.locator("#b4 .margin-note")).to_have_count(0)
    expect(page.locator("#messages")).to_contain_text("The amendment is withdrawn")


def test_what_is_typed_about_one_paragraph_is_offered_there_alone(opened):
    page = opened("focal_point", "discuss/?about=b3")
    page.locator("#id_text").fill(WORDS)

    page.goto(page.url.replace("b3", "b4"))
    elsewhere = page.locator("#id_text").input_value()
    page.goto(page.url.replace("b4", "b3"))

    assert (elsewhere, page.locator("#id_text").input_value()) == ("", WORDS)


def test_who_keeps_what_is_saved_drops_the_rejected_text(opened, statement):
    page = opened("focal_point")
    write(page, "b4")
    block = statement.drafts.get().blocks.get(key="b4")
    amendments.amend(
        block,
        AmendmentInput("What the colleague wrote", "A reason."),
        agency=Agency.objects.get(acronym="UNFPA"),
        by=Person.objects.get(demo_role="colleague"),
        at=statement.drafts.get().circulated_at,
    )
    page.get_by_role("button", name="Propose the amendment").click()
    expect(page.locator("del").first).to_be_visible()
    expect(page.locator("ins").first).to_be_visible()

    page.get_by_role("link", name="Keep what is saved").click()

    expect(page.get_by_label("The paragraph as it should read")).to_have_value(
        "What the colleague wrote"
    )
    expect(page.locator("main")).not_to_contain_text("Your unsent text is back")
    assert WORDS not in page.evaluate("JSON.stringify(localStorage)")


def test_a_lost_race_shows_both_texts_and_a_session_that_ended_keeps_the_words(opened, statement):
    page = opened("focal_point")
    write(page, "b4")
    person = Person.objects.get(demo_role="colleague")
    block = statement.drafts.get().blocks.get(key="b4")
    agency = Agency.objects.get(acronym="UNFPA")
    proposal = AmendmentInput("What the colleague wrote", "A reason.")
    amendments.amend(
        block, proposal, agency=agency, by=person, at=statement.drafts.get().circulated_at
    )

    page.get_by_role("button", name="Propose the amendment").click()
    expect(page.locator("main")).to_contain_text("What the colleague wrote")
    assert WORDS in page.locator("main").inner_html()
    assert own_open_amendment(block, agency).proposed_text == "What the colleague wrote"

    other = opened("other_agency")
    write(other, "b5")
    other.context.clear_cookies(name="sessionid")
    other.get_by_role("button", name="Propose the amendment").click()
    other.wait_for_url("**/accounts/login/**")
    assert WORDS in other.evaluate("JSON.stringify(localStorage)")


def test_the_chair_settles_by_keyboard_and_stays_on_the_amendment(opened, statement):
    amendments.close_amendments(
        statement, by=Person.objects.get(demo_role="chair"), at=statement.amendments_until
    )
    page = opened("chair", "consolidate/")
    focus = (
        "name => { const note = document.getElementById(name); note.tabIndex = -1; note.focus(); }"
    )
    # what is undone may be taken again at once, beside a conflict too
    for taken, state in enumerate(("conflict", "open")):
        name = page.locator(f'.margin-note[data-state="{state}"]').first.get_attribute("id")
        note = page.locator(f"#{name}")
        page.evaluate(focus, name)
        for key, after, count in (("t", "settled", 1), ("u", state, 0), ("t", "settled", 1)):
            page.keyboard.press(key)
            expect(note).to_have_attribute("data-state", after)
            expect(page.locator("#work")).to_contain_text(f"{taken + count} taken")
            expect(note).to_be_focused()
    page.keyboard.press("j")
    after = page.locator(f".place:has(#{name}) ~ .place .block").first
    expect(after).to_be_focused()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.className") in {"margin-note", "folded"}
    page.keyboard.press("k")
    expect(page.locator(".block:focus, .block :focus").first).to_be_attached()

    other = page.locator('.margin-note[data-state="open"]').first
    name = other.get_attribute("id")
    other.locator("[data-key=d]").click()
    other = page.locator(f"#{name}")
    expect(other.locator("textarea")).to_be_focused()
    other.locator("textarea").fill("Not in this text.")
    other.get_by_role("button", name="Decline the amendment").click()
    expect(other).to_have_attribute("data-state", "declined")
    expect(page.locator("#work")).to_contain_text("1 declined")


def test_a_long_page_unfolds_where_the_reader_comes(opened, statement):
    author = Person.objects.get(demo_role="focal_point")
    blocks = list(statement.drafts.get().blocks.order_by("position"))
    rows = [
        Amendment(
            block=block,
            agency=agency,
            author=author,
            number=100 + number,
            proposed_text=f"{block.text} {agency}",
            rationale="Why.",
            proposed_at=statement.started_at,
        )
        for number, (block, agency) in enumerate(product(blocks, Agency.objects.all()))
    ]
    Amendment.objects.filter(block__in=blocks).update(state=AmendmentState.WITHDRAWN)
    Amendment.objects.bulk_create(rows)
    page = opened("focal_point")
    last = blocks[-1].key
    shown = page.locator(".margin-note").count()
    page.evaluate(AXE_SCRIPT)
    assert violations(page) == []

    assert 0 < shown < len(rows)
    expect(page.locator(f"#{last} .margin-note")).to_have_count(0)
    page.locator(f"#{last}").scroll_into_view_if_needed()
    expect(page.locator(f"#{last} .margin-note")).to_have_count(len(rows) // len(blocks))
    assert focused(page) == ""


def test_what_a_history_folds_is_printed_whole(opened, statement):
    own = Amendment.objects.filter(
        block__draft__statement=statement, state=AmendmentState.OPEN, kind="replace"
    ).first()
    longer = AmendmentInput(own.text + " And so on." * 60, own.rationale)
    amendments.edit_amendment(own, longer, version=own.version, by=own.author, at=own.proposed_at)
    page = opened("focal_point", "history/")
    assert page.locator("details.difference").count() > 0

    opens = "name => { dispatchEvent(new Event(name)); return [...document.querySelectorAll('details.difference')].every(each => each.open); }"

    assert [page.evaluate(opens, name) for name in ("beforeprint", "afterprint")] == [True, False]


def test_number_keys_record_the_attendance_row_by_row(opened, live_server):
    meeting = Meeting.objects.get(slug="2011-principals-paris")
    page = opened("administrator")
    page.goto(f"{live_server.url}/admin/meetings/principalsmeeting/{meeting.pk}/attendance/")
    rows = page.locator(".attendance__row")
    first, _second, third = (rows.nth(number) for number in range(3))
    first.get_by_role("radio").first.focus()

    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(third.get_by_role("radio", checked=True)).to_be_focused()
    page.keyboard.press("5")
    page.get_by_role("button", name="Save").first.click()

    expect(page.get_by_text("The attendance is saved.")).to_be_visible()
    levels = meeting.attendances.order_by("agency__acronym").values_list("level", flat=True)
    assert [*levels[:3]] == ["deputy", "principal", "apologies"]
