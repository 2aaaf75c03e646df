"""Holidays of countries and their parts, as the package `holidays` knows them.

The package is loaded when a page needs it: with its countries it takes 46 MiB of a process.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.core import get_global
from django.utils.translation import get_language

from coordination.core.languages import locale_of
from coordination.meetings.slots.stations import SATURDAY_AND_SUNDAY

NO_COUNTRIES = {"ZZ", "001"}  # of zones such as UTC


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The weekend and the holidays of a place.

    Weekdays (Monday is 0), and names by day.
    """

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: dict[date, str] = field(default_factory=dict)


def country_of(zone: str) -> str:
    """Return the ISO 3166 country code of a time zone.

    "" if it has none, such as UTC.
    """
    # CLDR knows zones by one of their names: "Asia/Katmandu" for "Asia/Kathmandu"
    name = get_global("zone_aliases").get(zone, zone)
    country: str = get_global("zone_territories").get(name, "")
    return "" if country in NO_COUNTRIES else country


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language."""
    locale = locale_of(get_language() or "en")
    return (locale.territories.get(code) if locale else None) or code


def country_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all countries, by name in the reader's language."""
    locale: Any = locale_of(get_language() or "en")
    codes = set(get_global("zone_territories").values()) - NO_COUNTRIES
    return sorted(
        ((code, locale.territories.get(code, code)) for code in codes), key=lambda each: each[1]
    )


def parts_of(country: str) -> list[str] | None:
    """Return the parts of a country with holidays of their own.

    None if the country is not known.
    """
    import holidays

    parts: list[str] | None = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts


def days_off(country: str, part: str, years: Collection[int]) -> DaysOff:
    """Return the days off of a country in these years.

    Or of a part of it. Saturdays and Sundays alone for a country or part that the package does not
    know. Names are in the reader's language where the package has it.
    """
    if not country:
        return DaysOff()

    import holidays

    parts = parts_of(country)
    if parts is None or (part and part not in parts):
        return DaysOff()
    found = holidays.country_holidays(country, subdiv=part or None, years=years)
    language = _language(found.supported_languages)
    if language:
        found = holidays.country_holidays(
            country, subdiv=part or None, years=years, language=language
        )
    # several of one day are one text: "National Day; National Father's Day"
    names = {day: name.split(";")[0] for day, name in found.items()}
    return DaysOff(frozenset(found.weekend), names)


def _language(supported: Collection[str]) -> str | None:
    """Return the supported language that is the reader's, such as "en_US" for "en"."""
    code = (get_language() or "en").split("-")[0]
    return next((each for each in supported if each.split("_")[0] == code), None)
