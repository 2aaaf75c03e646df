"""Moments and days as text, in the reader's zone."""

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
class TimeLeft:
    """The time left until a deadline.

    `state` is "late", "soon" or "later"; `text` says how long.
    """

    state: str
    text: str


def short_day(day: date, today: date | None = None) -> str:
    """Return "Fri 27 Nov", with the year when it is not today's."""
    same_year = today is not None and day.year == today.year
    return dateformat.format(day, "D j M" if same_year else "D j M Y")


def plain_day(day: date) -> str:
    """Return "27 Nov 2026" in the reader's language."""
    # a page of terms has hundreds of days, so the result is cached per language
    return _plain_day(day, get_language())


@lru_cache(maxsize=4096)
def _plain_day(day: date, language: str | None) -> str:
    return dateformat.format(day, "j M Y")


def days(first: date, last: date, style: str = "j M Y") -> str:
    """Return "1 Jul 2026 to 31 Dec 2026" in the reader's language.

    Both days are inclusive. `style` is a date format of Django.
    """
    return _("%(first)s to %(last)s") % {
        "first": dateformat.format(first, style),
        "last": dateformat.format(last, style),
    }


def known_day(day: date | None, precision: str = Precision.DAY) -> str:
    """Return a historical date with its precision: "2007", "April 2003"."""
    if day is None:
        return ""
    return dateformat.format(
        day, {Precision.YEAR: "Y", Precision.MONTH: "F Y"}.get(Precision(precision), "j F Y")
    )


def moment(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """Return a moment for use within a sentence.

    Such as "Fri 27 Nov, 11:00", or "today, 17:00" on that day.
    """
    return _moment(at, zone, now, _("today"))


def moment_alone(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """Return a moment for the start of a line or sentence.

    Such as "Today, 17:00" on that day.
    """
    return _moment(at, zone, now, _("Today"))


def _moment(at: datetime, zone: ZoneInfo, now: datetime | None, word: str) -> str:
    # Days are compared in the zone in which they are shown.
    local = at.astimezone(zone)
    today = now.astimezone(zone).date() if now else None
    day = word if local.date() == today else short_day(local.date(), today)
    return f"{day}, {hour(local)}"


def hour(local: datetime) -> str:
    """Return "11:00", or "02:30 (CET, UTC+1)" for a repeated hour.

    An hour repeats in the night in which clocks go back.
    """
    return (
        f"{local:%H:%M} ({zones.name_and_offset(local)})"
        if zones.is_repeated(local)
        else f"{local:%H:%M}"
    )


def both_times(at: datetime, zone: ZoneInfo, city: str, own_zone: ZoneInfo, own_city: str) -> str:
    """Return "Fri 27 Nov 2026, 17:00 Geneva (11:00 your time, New York)".

    The reader's hour is left out where it is the same.
    """
    group_time, reader_time = at.astimezone(zone), at.astimezone(own_zone)
    text = f"{short_day(group_time.date())}, {hour(group_time)} {city}"
    if reader_time.utcoffset() == group_time.utcoffset():
        return text
    reader_hour = (
        hour(reader_time)
        if reader_time.date() == group_time.date()
        else f"{short_day(reader_time.date(), reader_time.date())} {hour(reader_time)}"
    )
    return (
        text + " " + _("(%(time)s your time, %(city)s)") % {"time": reader_hour, "city": own_city}
    )


def own_hour(at: datetime, zone: ZoneInfo, city: str) -> str:
    """Return "Fri 27 Nov 11:00 New York", short enough for a subject."""
    local = at.astimezone(zone)
    return f"{dateformat.format(local, 'D j M')} {hour(local)} {city}"


def own_and_group_hour(
    at: datetime, own_zone: ZoneInfo, own_city: str, zone: ZoneInfo, city: str
) -> str:
    """Return "Fri 27 Nov 2026, 11:00 New York (17:00 Geneva)".

    The group's hour is left out where it is the same.
    """
    local = at.astimezone(own_zone)
    text = f"{short_day(local.date())}, {hour(local)} {own_city}"
    other = hour_elsewhere(at, own_zone, zone, city)
    return f"{text} ({other})" if other else text


def end_of(begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Return the hour of an end, such as "16:15".

    On another day, "Thu 3 Dec, 00:30".
    """
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    if first.date() == last.date():
        return hour(last)
    return f"{short_day(last.date(), first.date())}, {hour(last)}"


def both_spans(
    span: tuple[datetime, datetime | None],
    zone: ZoneInfo,
    city: str,
    own_zone: ZoneInfo,
    own_city: str,
) -> str:
    """Return "Wed 2 Dec 2026, 15:00–16:15 Geneva (09:00–10:15 your time, New York)".

    `span` is when something begins and ends, if that is known. The reader's hours are left out
    where they are the same.
    """
    begins, ends = span
    place_time, reader_time = begins.astimezone(zone), begins.astimezone(own_zone)
    text = f"{short_day(place_time.date())}, {hours_of(begins, ends, zone)} {city}"
    if reader_time.utcoffset() == place_time.utcoffset():
        return text
    reader_hours = hours_of(begins, ends, own_zone)
    if reader_time.date() != place_time.date():
        reader_hours = f"{short_day(reader_time.date(), reader_time.date())}, {reader_hours}"
    return (
        text + " " + _("(%(time)s your time, %(city)s)") % {"time": reader_hours, "city": own_city}
    )


def hours_of(begins: datetime, ends: datetime | None, zone: ZoneInfo) -> str:
    """Return a range of hours, such as "15:00–16:15".

    "23:00 – Thu 3 Dec, 00:30" over midnight, or "15:00" without an end.
    """
    first = hour(begins.astimezone(zone))
    if ends is None:
        return first
    last = end_of(begins, ends, zone)
    return f"{first} – {last}" if " " in last else f"{first}–{last}"


def hour_elsewhere(at: datetime, zone: ZoneInfo, other_zone: ZoneInfo, city: str) -> str:
    """Return the hour in another zone, such as "Sat 00:00 Geneva".

    The weekday is left out where it is the same. Returns "" where the hour is the same.
    """
    own_time, other_time = at.astimezone(zone), at.astimezone(other_zone)
    if own_time.utcoffset() == other_time.utcoffset():
        return ""
    weekday = (
        "" if own_time.date() == other_time.date() else dateformat.format(other_time, "D") + " "
    )
    return f"{weekday}{hour(other_time)} {city}"


def hours_and_minutes(span: timedelta) -> str:
    """Return "7 h 48 min", or "48 min"."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return (
        _("%(h)d h %(m)d min") % {"h": hours, "m": minutes}
        if hours
        else _("%(m)d min") % {"m": minutes}
    )


def time_left(at: datetime, now: datetime, zone: ZoneInfo) -> TimeLeft:
    """Return the time left until `at`: late, soon or later.

    Soon is within three days. Days are counted in `zone`.
    """
    if at <= now:
        return TimeLeft("late", time_late(now - at))
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    state = "soon" if at - now <= SOON else "later"
    return TimeLeft(state, time_ahead(days, at - now))


def time_late(span: timedelta) -> str:
    """Return "3 days late", or "3 h 2 min late"."""
    if span < DAY:
        return _("%(span)s late") % {"span": hours_and_minutes(span)}
    days = span.days
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def time_ahead(days: int, span: timedelta) -> str:
    """Return "in 4 days", "tomorrow" or "in 7 h 48 min".

    Hours and minutes stand for today and for the next twelve hours.
    """
    # "tomorrow" would mislead shortly before midnight.
    if days == 0 or span < NEAR:
        return _("in %(span)s") % {"span": hours_and_minutes(span)}
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def time_left_of_day(day: date, today: date) -> TimeLeft:
    """Return the time left until the end of `day`, in whole days."""
    days = (day - today).days
    if days < 0:
        return TimeLeft("late", ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days})
    text = _("today") if days == 0 else time_ahead(days, DAY)
    return TimeLeft("soon" if days <= SOON.days else "later", text)


def list_of(items: Iterable[object]) -> str:
    """Return "UNESCO, UNHCR and WHO" in the reader's language.

    The pattern of a list comes from Unicode CLDR.
    """
    return format_list([str(item) for item in items], locale=_list_locale(get_language()))


@lru_cache(maxsize=64)
def _list_locale(language: str | None) -> Locale:
    """Return the locale for lists, British for plain English.

    British English has no comma before "and".
    """
    if language in {None, "en"}:
        return Locale("en", "GB")
    try:
        return Locale.parse(str(language), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def initials(name: str) -> str:
    """Return at most two first letters of a name."""
    names = name.split()
    return "".join(part[0] for part in (names[:1] + names[1:][-1:])).upper()
