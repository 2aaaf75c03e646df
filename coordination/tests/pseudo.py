"""A pseudo-locale for tests: translated words have no plain Latin letter, and run right to left.

What still has plain letters on a page is data, or a sentence that nobody can translate.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.test import override_settings
from django.utils.translation import trans_real

# Arabic: a real code that Django and Babel know, written from right to left
CODE = "ar"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćďéƒǧĥíĵķĺḿńóƥʠŕśťúṽŵẋýžÁƁĆĎÉƑǦĤÍĴĶĹḾŃÓƤɊŔŚŤÚṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, ACCENTED)
# placeholders, tags and entities stay as they are
KEPT = re.compile(r"(%\([^)]*\)[a-z]|%[sd%]|\{[^{}]*\}|<[^>]*>|&\w+;)")


def accented(message: str) -> str:
    """Return a message in the pseudo-locale, with its placeholders."""
    return "".join(
        part if place % 2 else part.translate(LETTERS)
        for place, part in enumerate(KEPT.split(message))
    )


class PseudoTranslation(trans_real.DjangoTranslation):
    """The catalogue of the pseudo-locale: it translates any message."""

    def __init__(self) -> None:
        super().__init__("en")
        self._DjangoTranslation__language = self._DjangoTranslation__to_language = CODE

    def gettext(self, message: str) -> str:
        return accented(message.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


@contextmanager
def pseudo_locale(languages: tuple[tuple[str, str], ...] = ((CODE, "Pseudo"),)) -> Iterator[None]:
    """Offer these languages; the pseudo-locale is the site's where it is the only one."""
    with override_settings(LANGUAGES=languages, LANGUAGE_CODE=languages[0][0]):
        # Django forgets its catalogues when LANGUAGES changes, so ours comes after that
        trans_real._translations[CODE] = PseudoTranslation()
        yield


def offered_beside_english() -> AbstractContextManager[None]:
    """Offer the pseudo-locale to people on a site in English."""
    return pseudo_locale((("en", "English"), (CODE, "Pseudo")))
