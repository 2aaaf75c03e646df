"""Every page in a pseudo-locale from right to left: nothing untranslated, nothing that overflows."""

import re
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.db import models

from coordination.tests.e2e.test_browser import (  # noqa: F401 - fixtures among them
    SAME_FOR_ALL,
    SKIPPED,
    browser,
    page_for,
    story,
    walk,
)
from coordination.tests.pseudo import pseudo_locale

SAMPLES = re.compile(r"^/styleguide/")  # for those who write templates, with samples in English
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
PLAIN = re.compile(r"[A-Za-z][A-Za-z’'&/\d\s-]*")
# names of formats, zones and standards, which are the same in every language
SAME_EVERYWHERE = {"UTC", "GMT", "SHA-256", "PDF", "Word", "MB", "kB", "Safari", "Chrome", "Linux"}


def stored_words() -> str:
    """Return all that is stored: a page shows it as it was written."""
    parts = [zone.replace("_", " ") for zone in available_timezones()]
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        parts += [str(value) for row in model._base_manager.values_list(*names) for value in row]
    return " ".join(" ".join(parts).split()).casefold()


def untranslated(texts: list[list[str]], stored: str) -> list[str]:
    """Return what is neither translated nor stored, each with its place."""
    found = set()
    for place, text in texts:
        for part in PLAIN.findall(text):
            words = " ".join(part.split()).strip("&-'’ ")
            is_path = "/" in words and " " not in words
            letters = re.sub(r"[^A-Za-z]", "", words)
            if len(letters) < 2 or is_path or words in SAME_EVERYWHERE:
                continue
            # a capital that begins a sentence is not stored with it
            if words.casefold() not in stored:
                found.add(f"{place}: {words}")
    return sorted(found)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ["", "focal_point", "chair", "administrator"])
def test_every_page_is_translated_and_fits_from_right_to_left(live_server, browser, role):  # noqa: F811 - the fixture
    stored = stored_words()
    start = ["/", "/accounts/login/"] if not role else ["/desk/"]
    wrong = []
    with pseudo_locale():
        page = page_for(browser, live_server.url, role, width=1280, theme="light")
        skipped = [SKIPPED] if role in {"", "focal_point"} else [SKIPPED, SAME_FOR_ALL]
        for path in walk(page, live_server.url, start, [*skipped, SAMPLES]):
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
