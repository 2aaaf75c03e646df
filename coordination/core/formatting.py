"""How moments and days are said: in the reader's zone, short, and with what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from django.utils import dateformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coordination.core import zones
from coordination.core.enums import Precision

SOON = timedelta(days=3)
NEAR = timedelta(hours=12)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until a deadline: its state (late, soon, later) and the words."""

    state: str
    words: str


def short_day(day: date, today: date | None = None) -> str:
    """Return "Fri 27 Nov", with the year when it is not today's."""
    same_year = today is not None and day.year == today.year
    return dateformat.format(day, "D j M" if same_year else "D j M Y")


def plain_day(day: date) -> str:
    """Return "27 Nov 2026" in the language of the reader; a page of terms says hundreds."""
    return _plain_day(day, get_language())


@lru_cache(maxsize=4096)
def _plain_day(day: date, language: str | None) -> str:
    return dateformat.format(day, "j M Y")


def known_day(day: date | None, precision: str = Precision.DAY) -> str:
    """Return a historical date as exactly as it is known: "2007", "April 2003", "1 July 2006"."""
    if day is None:
        return ""
    return dateformat.format(
        day, {Precision.YEAR: "Y", Precision.MONTH: "F Y"}.get(Precision(precision), "j F Y")
    )


def moment(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """Return "Fri 27 Nov, 11:00" in `zone`; "Today, 17:00" on the same day there."""
    local = at.astimezone(zone)
    today = now.astimezone(zone).date() if now else None
    day = _("Today") if local.date() == today else short_day(local.date(), today)
    return f"{day}, {hour(local)}"


def hour(local: datetime) -> str:
    """Return "11:00"; an hour that comes twice in its night names its offset.

    "02:30 (CET, UTC+1)".
    """
    return (
        f"{local:%H:%M} ({zones.name_and_offset(local)})"
        if zones.is_repeated(local)
        else f"{local:%H:%M}"
    )


def both_times(at: datetime, zone: ZoneInfo, city: str, own_zone: ZoneInfo, own_city: str) -> str:
    """Return "Fri 27 Nov 2026, 17:00 Geneva (11:00 your time, New York)".

    Without the reader's hour where it is the same.
    """
    there, here = at.astimezone(zone), at.astimezone(own_zone)
    words = f"{short_day(there.date())}, {hour(there)} {city}"
    if here.utcoffset() == there.utcoffset():
        return words
    own = (
        hour(here)
        if here.date() == there.date()
        else f"{short_day(here.date(), here.date())} {hour(here)}"
    )
    return words + " " + _("(%(time)s your time, %(city)s)") % {"time": own, "city": own_city}


def elsewhere(at: datetime, zone: ZoneInfo, other_zone: ZoneInfo, city: str) -> str:
    """Return the hour in another zone, with its weekday when that is another: "Sat 00:00 Geneva".

    "" where it is the same hour.
    """
    here, there = at.astimezone(zone), at.astimezone(other_zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    weekday = "" if here.date() == there.date() else dateformat.format(there, "D") + " "
    return f"{weekday}{hour(there)} {city}"


def hours_and_minutes(span: timedelta) -> str:
    """Return "7 h 48 min", or "48 min"."""
    hours, rest = divmod(int(span.total_seconds()) // 60, 60)
    return (
        _("%(h)d h %(m)d min") % {"h": hours, "m": rest} if hours else _("%(m)d min") % {"m": rest}
    )


def left(at: datetime, now: datetime, zone: ZoneInfo) -> Left:
    """Return what is left until `at`.

    Late, soon (within three days) or later, with days counted in `zone`.
    """
    if at <= now:
        return Left("late", late(now - at))
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    state = "soon" if at - now <= SOON else "later"
    return Left(state, ahead(days, at - now))


def late(span: timedelta) -> str:
    """Return "3 days late"."""
    if span < DAY:
        return _("%(span)s late") % {"span": hours_and_minutes(span)}
    days = span.days
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def ahead(days: int, span: timedelta) -> str:
    """Return "in 4 days" or "tomorrow"; hours and minutes today and for the next twelve hours."""
    if days == 0 or span < NEAR:
        return _("in %(span)s") % {"span": hours_and_minutes(span)}
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def left_of_day(day: date, today: date) -> Left:
    """Return what is left until the end of `day`, in whole days."""
    days = (day - today).days
    if days < 0:
        return Left("late", ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days})
    words = _("today") if days == 0 else ahead(days, DAY)
    return Left("soon" if days <= SOON.days else "later", words)


def list_of(items: Iterable[object]) -> str:
    """Return "UNESCO, UNHCR and WHO" in the reader's language, by the lists of Unicode CLDR."""
    return format_list([str(item) for item in items], locale=_list_locale(get_language()))


@lru_cache(maxsize=64)
def _list_locale(language: str | None) -> Locale:
    """Return the locale for lists; British for plain English, which has no comma before "and"."""
    if language in {None, "en"}:
        return Locale("en", "GB")
    try:
        return Locale.parse(str(language), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def initials(name: str) -> str:
    """Return at most two first letters of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
