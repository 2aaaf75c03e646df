"""The act that is due stays in sight, in a browser, at both widths; no hole is between what is shown, and positions print on one page."""

import re

import pytest

from coordination.statements.models import Statement
from coordination.tests.e2e.test_browser import WIDTHS, browser, page_for, story  # noqa: F401 - fixtures among them

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("story"),
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("role", "state", "path"),
    [
        ("focal_point", "clearance", "positions/"),
        ("focal_point", "clearance", ""),
        ("chair", "amendments", "consolidate/"),
    ],
)
def test_the_act_that_is_due_stays_in_sight(live_server, browser, width, role, state, path):  # noqa: F811 - the fixture
    statement = Statement.objects.get(state=state)
    if path == "consolidate/":
        Statement.objects.filter(pk=statement.pk).update(state="consolidation")
    page = page_for(browser, live_server.url, role, width=width, theme="light")
    page.goto(f"{live_server.url}/statements/{statement.slug}/{path}")
    act = page.locator(".workbar .button--main").first
    before = act.bounding_box()["y"]

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(300)

    assert page.evaluate("scrollY") > before
    box = act.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 160
    page.context.close()


# the largest distance from a block to the next one below it, in CSS pixels
LARGEST_GAP = """() => {
    const blocks = [...document.querySelectorAll("main :is(h1, h2, p, li, dl, tr, form, summary, .section, .stepper, .workbar), .foot")]
        .map(block => block.getBoundingClientRect()).filter(box => box.width && box.height);
    const gaps = box => blocks.filter(each => each.top >= box.bottom - 1 && each.left < box.right && each.right > box.left)
        .map(each => each.top - box.bottom);
    return Math.max(...blocks.map(gaps).filter(each => each.length).map(each => Math.min(...each)));
}"""


def test_positions_have_no_hole_and_print_on_one_page(live_server, browser):  # noqa: F811 - the fixture
    statement = Statement.objects.get(state="clearance")
    address = f"{live_server.url}/statements/{statement.slug}/positions/"
    for role, query in (("focal_point", "?for=unfpa"), ("chair", "")):
        page = page_for(browser, live_server.url, role, width=1280, theme="light")
        page.goto(address + query)
        assert page.locator("#matrix tbody tr").count() >= 16
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(LARGEST_GAP) < 500
        printed = page.pdf(format="A4")
        assert re.findall(rb"/Type /Pages\s+/Count (\d+)", printed) == [b"1"]
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_today_is_in_sight_on_the_timeline_and_no_word_of_it_is_cut(live_server, browser, width):  # noqa: F811 - the fixture
    """On a phone too, without a scroll: its newest rows come first. Words end within their year."""
    page = page_for(browser, live_server.url, "chair", width=width, theme="light")
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/rotation/", "/rotation/?zoom=decade", "/rotation/?zoom=three"):
        page.goto(live_server.url + address)
        today = page.locator(".timeline .t-today").bounding_box()
        beyond = page.eval_on_selector_all(
            ".timeline__part > svg",
            """drawings => drawings.flatMap(drawing => {
                const edge = drawing.getBoundingClientRect();
                return [...drawing.querySelectorAll("text")].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1;
                }).map(text => text.textContent.trim());
            })""",
        )

        assert 0 < today["y"] < 800 - today["height"], address
        assert beyond == [], address
    page.context.close()
