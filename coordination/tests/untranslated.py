"""What a page in the pseudo-locale shows that is neither translated nor stored."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from zoneinfo import available_timezones

from django.apps import apps
from django.db import models

from coordination.core import clock
from coordination.meetings.queries.holidays import country_of, days_off
from coordination.members.models import Agency

# "José" is two words for PLAIN too, as é may be a letter of the pseudo-locale
WORD = re.compile(r"[a-z0-9]+")
PLAIN = re.compile(r"[A-Za-z][A-Za-z’'&/\d\s-]*")
# names of formats, zones and standards, which are the same in every language
SAME_EVERYWHERE = {"UTC", "GMT", "SHA-256", "PDF", "Word", "MB", "kB", "Safari", "Chrome", "Linux"}
# the rest of a word in a shortened value: "[35 characters]eeks"
CUT = re.compile(r"(?<=\])\w+")
ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
NOT_READ = {"script", "style", "noscript", "textarea", "code", "kbd"}
NOT_WORDS = {"field-sha256", "hash", "person__initials", "qr"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "use", "wbr"}
BUTTONS = {"submit", "button", "reset"}


class PageTexts(HTMLParser):
    """Each text of a page that a person sees or hears, with the place of its element."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = {name: value or "" for name, value in attrs}
        place = f"{tag}.{known['class']}" if known.get("class") else tag
        self.texts += [(f"{place}[{name}]", known[name]) for name in ATTRIBUTES if known.get(name)]
        if tag == "input" and known.get("type") in BUTTONS:
            self.texts.append((place, known.get("value", "")))
        if tag not in VOID:
            self.open.append(place)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop().partition(".")[0] != tag:
            pass

    def handle_data(self, data):
        tags = {place.partition(".")[0] for place in self.open}
        classes = {name for place in self.open for name in place.partition(".")[2].split()}
        if not NOT_READ & tags and not NOT_WORDS & classes:
            self.texts.append((self.open[-1] if self.open else "", data))


def texts_of(html: str) -> list[tuple[str, str]]:
    """Return each text of a page with the place of its element."""
    reader = PageTexts()
    reader.feed(html)
    return reader.texts


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
    return in_words(" ".join(parts + names_of_holidays()))


def names_of_holidays() -> list[str]:
    """Return the names of the holidays of our countries: the package has no pseudo-locale."""
    countries = {country_of(zone) for zone in Agency.objects.values_list("time_zone", flat=True)}
    years = range(clock.now().year, clock.now().year + 3)
    return [
        name
        for country in sorted(countries)
        for name in days_off(country, "", years).holidays.values()
    ]


def in_words(text: str) -> str:
    """Return a text as its words, with a space before and after each."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def untranslated(texts: Iterable[tuple[str, str]], stored: str) -> list[str]:
    """Return what is neither translated nor stored, each with its place."""
    found = set()
    for place, text in texts:
        for part in PLAIN.findall(CUT.sub("", text)):
            words = " ".join(part.split()).strip("&-'’ ")
            is_path = "/" in words and " " not in words
            letters = re.sub(r"[^A-Za-z]", "", words)
            is_hash = re.fullmatch(r"(?=.*\d)[0-9a-f]{4,}", words)
            if len(letters) < 2 or is_path or is_hash or words in SAME_EVERYWHERE:
                continue
            # a capital that begins a sentence is not stored with it
            searched = in_words(words)
            # a longer text may be cut in a word
            if (searched if words.isalnum() else searched.rstrip()) not in stored:
                found.add(f"{place}: {words}")
    return sorted(found)
