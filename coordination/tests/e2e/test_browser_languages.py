"""Every page in a pseudo-locale from right to left: nothing untranslated, nothing that overflows."""

import pytest

from coordination.desk.views import samples
from coordination.tests.e2e.test_browser import (  # noqa: F401 - fixtures among them
    SAME_FOR_ALL,
    SKIPPED,
    browser,
    page_for,
    story,
    walk,
)
from coordination.tests.pseudo import pseudo_locale
from coordination.tests.untranslated import in_words, stored_words, untranslated

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("story"),
]
# Each text that a person sees or hears, with the selector of its element
TEXTS = """() => {
    const texts = [], names = ['title', 'aria-label', 'placeholder', 'alt'];
    const where = e => e.localName + (e.className && e.className.baseVal === undefined ? '.' + e.className : '');
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!element.closest('script, style, noscript, textarea, code, kbd, .hash, .person__initials, .qr'))
            texts.push([where(element), walker.currentNode.data]);
    }
    for (const element of document.querySelectorAll('body *'))
        for (const name of names)
            if (!element.closest('.qr') && element.hasAttribute(name)) texts.push([`${where(element)}[${name}]`, element.getAttribute(name)]);
    return texts;
}"""


@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ["", "focal_point", "chair", "administrator"])
def test_every_page_is_translated_and_fits_from_right_to_left(live_server, browser, role):  # noqa: F811 - the fixture
    # the style guide shows words of an invented statement
    stored = stored_words() + in_words(" ".join(run.text for run in samples.runs()))
    start = ["/", "/accounts/login/"] if not role else ["/desk/"]
    wrong = []
    with pseudo_locale():
        page = page_for(browser, live_server.url, role, width=1280, theme="light")
        skipped = [SKIPPED] if role in {"", "focal_point"} else [SKIPPED, SAME_FOR_ALL]
        for path in walk(page, live_server.url, start, skipped):
            wrong += [f"{path} {line}" for line in untranslated(page.evaluate(TEXTS), stored)]
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{path} scrolls sideways at {width}")
        page.context.close()

    assert wrong == []


def test_the_timeline_goes_from_right_to_left(live_server, browser):  # noqa: F811 - the fixture
    """The oldest year stands at the right edge, and each term left of the one before."""
    places = "each => each.map(one => one.getBoundingClientRect().x)"
    page = page_for(browser, live_server.url, "chair", width=1280, theme="light")
    page.goto(live_server.url + "/rotation/")
    left_to_right = page.eval_on_selector_all(".timeline rect", places)
    with pseudo_locale():
        page.goto(live_server.url + "/rotation/")
        right_to_left = page.eval_on_selector_all(".timeline rect", places)
    page.context.close()

    row = left_to_right[:4]
    assert row == sorted(row)
    assert right_to_left[:4] == sorted(right_to_left[:4], reverse=True)
    assert len(set(right_to_left[:4])) == 4
