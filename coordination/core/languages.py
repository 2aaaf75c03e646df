"""Languages of texts by their codes (BCP 47), as Unicode CLDR knows them."""

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


def locale_of(code: str) -> Locale | None:
    """Return the locale of a code such as "fr" or "zh-Hant", or None."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def is_known(code: str) -> bool:
    """Return whether a code is that of a language."""
    return locale_of(code) is not None


def name_of(code: str) -> str:
    """Return the name of a language in the reader's language: "French"."""
    locale = locale_of(code)
    name = (locale and locale.get_display_name(get_language() or "en")) or code
    return name[:1].upper() + name[1:]


def is_right_to_left(code: str) -> bool:
    """Return whether a language is written from right to left."""
    locale = locale_of(code)
    return locale is not None and locale.text_direction == "rtl"
