"""Every page in Chromium: at two widths no accessibility violation, nor in the colours of the dark, and no sideways scroll."""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, expect, sync_playwright

from coordination.members.models import Person
from coordination.tests.plugin import CHROMIUM
from coordination.tests.services.waiting import PATIENCE
from coordination.tests.story import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARTEFACTS = os.environ.get("ARTEFACTS")
SHOTS = Path(ARTEFACTS or settings.BASE_DIR / "artefacts") / "screenshots"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def story(db):
    """Load the reference data and the demo story."""
    tell()


def session_of(person: Person) -> str:
    """Return the key of a session in which `person` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


def page_for(
    browser: Browser,
    address: str,
    role: str | Person,
    *,
    width: int,
    theme: str,
    javascript: bool = True,
) -> Page:
    """Open a page of a new context, signed in as a person or as the member of the cast with that role; "" is nobody."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE * 1000)
    if role:
        person = role if isinstance(role, Person) else Person.objects.get(demo_role=role)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": address}]
        )
    return context.new_page()


def links(page: Page, address: str) -> list[str]:
    """Return the addresses of our own pages that this page links to."""
    found = page.eval_on_selector_all("a[href]:not(svg a)", "links => links.map(link => link.href)")
    own = {link.split("#")[0] for link in found if link.startswith(address)}
    return sorted(link.removeprefix(address) for link in own)


SKIPPED = re.compile(
    r"^/(admin|static|accounts/logout)|\.(ics|txt|json|xml|pdf|docx|csv|xlsx|vcf|zip)($|\?)|/documents/|/calendar/|/feed/|/paragraphs/|\?(on|from|to|page|q|state|kind)="
)


SAME_FOR_ALL = re.compile(
    r"^/(accounts|mail|profile)\b|^/statements/[^/]+/(amend|compile|balance|origins|discuss)/"
)  # visited once, by the focal point, and by nobody who signed in
# an administrator reads there what the others read, and can do less
LIKE_THE_OTHERS = re.compile(r"^/statements/[^/]+/(.|$)")
KINDS = [
    (r"/amend/[^/]+/", "/amend/KEY/"),
    # one page for each agency, all made of the same parts
    (r"/hours/seats/[^/]+/", "/hours/seats/KEY/"),
    (r"(/selections/[^/]+)/letter/[^/]+/", r"\1/letter/KEY/"),
    # the same form for each language; Arabic alone is written from right to left
    (r"/languages/(?!ar/)[^/]+/edit/", "/languages/KEY/edit/"),
    (r"/(members|rotation|meetings)/[^/]+/", r"/\1/KEY/"),
    (
        r"/statements/[^/]+/(history|drafts|compare|act|balance|origins|discuss|deliveries|agencies)",
        r"/statements/KEY/\1",
    ),  # what a statement shows depends on its state
    (r"\d+", "N"),
    (r"\?$", ""),
]


def kind_of(path: str) -> str:
    """Return the path with its keys taken out, so that one page of each kind is visited."""
    for keys, kind in KINDS:
        path = re.sub(keys, kind, path)
    return path


def walk(
    page: Page, address: str, start: list[str], skipped: list[re.Pattern[str]]
) -> Iterator[str]:
    """Open one page of each kind that can be reached by links from `start`; give its path while it is open."""
    waiting, seen = list(start), set()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen or any(each.search(path) for each in skipped):
            continue
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        seen.add(kind_of(path))
        waiting += links(page, address)
        yield path


# the rules that look at colours, and take longer than all others together
COLOURS = ("color-contrast", "link-in-text-block")
WIDE, NARROW = WIDTHS

# Marks the elements with words of their own that look as none looked before in this theme, on this page or on another, at this width or
# the other; returns how they look, and whether the page scrolls sideways. How one looks is its tag and class and its parent's, its
# colours, and the grounds that it stands on.
NEW_LOOKS = """before => {
    const known = new Set(before.split(' ')), grounds = new Map(), found = new Set();
    const hash = text => {
        let one = 0xdeadbeef, other = 0x41c6ce57;
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
            other = Math.imul(other ^ text.charCodeAt(at), 1597334677);
        }
        return (one >>> 0).toString(36) + '.' + (other >>> 0).toString(36);
    };
    for (const element of document.querySelectorAll('[data-unlike]')) delete element.dataset.unlike;
    for (const element of document.querySelectorAll('body, body *')) {
        const style = getComputedStyle(element);
        const parent = element.parentElement, around = parent && getComputedStyle(parent), under = grounds.get(parent) || '';
        const own = [style.backgroundColor, style.backgroundImage, style.opacity].join();
        const ground = own === 'rgba(0, 0, 0, 0),none,1' ? under : hash([under, own].join());
        grounds.set(element, ground);
        const said = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()) || 'value' in element;
        if (!said) continue;
        const look = hash([
            ground, element.localName, element.getAttribute('class'), element.disabled, element.ariaDisabled, style.color, style.fontSize,
            style.fontWeight, style.textDecorationLine, parent?.localName, parent?.getAttribute('class'), around?.color,
        ].join());
        if (!known.has(look) && element.checkVisibility()) {
            element.dataset.unlike = '';
            found.add(look);
        }
    }
    return [[...found], document.documentElement.scrollWidth > innerWidth];
}"""
looked_at: dict[str, set[str]] = {"light": set(), "dark": set()}
# the rules that look at where an element stands and how large it is
OF_PLACE = ("target-size", "scrollable-region-focusable")
# Keeps the elements that are in sight (at the first width), or finds those that were not then, without what is inside of them; returns
# how many
APPEARED = """first => {
    const all = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility());
    if (first) window.inSight = new Set(all);
    const found = new Set(first ? [] : all.filter(element => !inSight.has(element)));
    window.appeared = [...found].filter(element => !found.has(element.parentElement));
    return appeared.length;
}"""


# What the page is made of, without its words: tags with the attributes that rules of accessibility look at, and whether there are
# words; of neighbours that are alike only the first
MADE_OF = """() => {
    const marks = ['class', 'role', 'type', 'lang', 'dir', 'tabindex', 'hidden', 'scope', 'rel', 'name'];
    const made = element => {
        const named = [...element.attributes].filter(each => marks.includes(each.name)).map(each => `${each.name}=${each.value}`);
        if (element.id) named.push('id=' + element.id.replace(/\\d+/g, 'N'));
        const aria = [...element.attributes].filter(each => /^(aria-|alt$|title$|for$|href$)/.test(each.name))
            .map(each => each.name + (each.value ? '' : ' empty'));
        const words = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const inside = [...new Set([...element.children].map(made))];
        return `<${element.localName} ${[...named, ...aria].join(' ')}${words ? ' words' : ''}>${inside.join('')}</>`;
    };
    return made(document.documentElement);
}"""
seen_before: set[str] = set()
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def is_new(page: Page) -> bool:
    """Say whether no page that is made of the same parts was looked at.

    Asked once for both widths and themes: what a page is made of comes from the server, and no script of ours asks how wide it is.
    """
    made_of = page.evaluate(MADE_OF)
    if made_of in seen_before:
        return False
    seen_before.add(made_of)
    return True


# Looks for violations; `marked` lets the rules of colours look only at what NEW_LOOKS marked. Only sound and films are loaded for the
# rules: no rule that is asked reads the sheets of styles. All that axe-core knows of a page takes long to bring here.
RUN = """async ([where, marked, options]) => {
    if (!window.axe) return null;
    const among = (selector, marks) => ({ selector: marked ? marks : selector });
    axe.configure({ rules: [
        { id: 'color-contrast', ...among('*', '[data-unlike]') },
        { id: 'link-in-text-block', ...among('a[href], [role=link]', LINKS) },
    ] });
    const found = await axe.run(where === 'appeared' ? appeared : document, { ...options, preload: { assets: ['media'] } });
    return found.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`);
}""".replace(
    "LINKS",
    "['a[href]', '[role=link]'].flatMap(link => [`${link}[data-unlike]`, `[data-unlike] ${link}`]).join()",
)


def violations(
    page: Page,
    *rules: str,
    without: Collection[str] = (),
    where: str = "document",
    marked: bool = False,
) -> list[str]:
    """Return what axe-core finds in the page, one line each; of some rules alone, or without some, or in some elements, if they are given."""
    options = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
        **(
            {"runOnly": {"type": "rule", "values": [rule for rule in rules if rule not in without]}}
            if rules
            else {}
        ),
    }
    asked = [where, marked, options]
    found: list[str] | None = page.evaluate(RUN, asked)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN, asked)
    assert found is not None
    return found


def wrong_with(page: Page, width: int, theme: str) -> list[str]:
    """Return what is wrong with the page at this width.

    Colours are looked at where something looks as nothing did that this worker looked at. In the dark they alone differ. At the second
    width the rest is looked at where it was hidden at the first.
    """
    new_looks, is_too_wide = page.evaluate(NEW_LOOKS, " ".join(looked_at[theme]))
    looked_at[theme].update(new_looks)
    found = ["scrolls sideways"] if is_too_wide else []
    rules = COLOURS if new_looks else ()
    if theme == "light":
        appeared = page.evaluate(APPEARED, width == WIDE)
        if width == WIDE:
            return found + violations(page, marked=True)
        if appeared:
            found += violations(page, without=COLOURS, where="appeared")
        rules += OF_PLACE
    return found + (violations(page, *rules, marked=True) if rules else [])


def keep_picture(page: Page, path: Path, *, full_page: bool = True) -> None:
    """Keep a picture of the page if ARTEFACTS says where: one takes as long as a page does."""
    if ARTEFACTS:
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=full_page, quality=70)


def looks(page: Page, path: str, folder: Path) -> list[str]:
    """Return what is wrong with the open page, which is in light colours, at each width, and in the dark; keep a picture of each width.

    Of a page that is made of the same parts as another only its words may be too wide, in whichever colours.
    """
    wrong = []
    name = path.strip("/").replace("/", "_").replace("?", "_") or "home"
    order = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")]
    is_known = not is_new(page)
    before = "light"
    for width, theme in order[::3] if is_known else order:
        if page.viewport_size != {"width": width, "height": 900}:
            page.set_viewport_size({"width": width, "height": 900})
        if theme != before:
            page.emulate_media(color_scheme=theme)
            before = theme
        if is_known:
            found = ["scrolls sideways"] if page.evaluate(TOO_WIDE) else []
        else:
            found = wrong_with(page, width, theme)
        wrong += [f"{path} {width} {theme}: {line}" for line in found]
        if theme == "light":
            keep_picture(page, folder / f"{name[:80]}-{width}-{theme}.jpg")
    return wrong


LEFT_OUT = {"chair": [SAME_FOR_ALL], "administrator": [SAME_FOR_ALL, LIKE_THE_OTHERS]}
# kinds of page that the walk must find
AT_LEAST = {"": 8, "focal_point": 25, "chair": 30, "administrator": 15}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", AT_LEAST)
def test_every_page_is_accessible_and_fits(live_server, browser, story, role: str) -> None:
    address = live_server.url
    start = ["/", "/accounts/login/"] if not role else ["/desk/"]
    if role == "administrator":
        start += ["/styleguide/", "/outbox/"]
    page = page_for(browser, address, role, width=1280, theme="light")
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    folder = SHOTS / (role.replace("_", "-") or "anonymous")

    skipped = [SKIPPED, *LEFT_OUT.get(role, [])]
    found = {path: looks(page, path, folder) for path in walk(page, address, start, skipped)}
    page.context.close()

    assert [line for lines in found.values() for line in lines] == []
    assert [line for line in said if "Content Security Policy" in line] == []
    assert len(found) >= AT_LEAST[role]
