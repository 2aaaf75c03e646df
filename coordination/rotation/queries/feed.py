"""Export the schedule as an iCalendar feed (RFC 5545, 7986).

The whole history, and the plan.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.models import Group
from coordination.core.periods import LAST_DAY, ONE_DAY, Period
from coordination.members.models import Agency
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import Sitting, Stretch, chairing_agencies
from coordination.rotation.queries.schedule import Absolute, Schedule
from coordination.rotation.queries.windows import YEARS_AHEAD

PRODUCT = "-//Coordination//Rotation//EN"
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
ASK_AGAIN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: all its days, and what is written of them.

    `key` stays the same as long as it is about the same thing; `sequence` rises with each change.
    """

    key: str
    sequence: int
    days: Period
    who: str
    status: str
    path: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a feed comes from.

    The UIDs end in `host`, which is that of the installation whatever address was asked, so that a
    calendar knows each event again. `absolute` makes an address of a path.
    """

    host: str
    absolute: Absolute


def calendar(schedule: Schedule, group: Group, site: Site, year: int) -> bytes:
    """Return the schedule as a feed of all-day events.

    As it is read in a year. A term is an event; one that is cut, as an agency joins or leaves
    within it, is several. Proposals are tentative, withdrawn terms cancelled. Vacancies are
    events too. One without an end lasts to the end of what is known, and at least YEARS_AHEAD
    after `year`.
    """
    import icalendar  # 2 MiB of each web process that writes none

    name = group.acronym or group.name
    feed = icalendar.Calendar()  # `Calendar.new` would add a random UID
    feed.add("version", "2.0")
    feed.add("prodid", PRODUCT)
    for key in ("name", "x-wr-calname"):
        feed.add(key, _("%(group)s: who chairs") % {"group": name})
    feed.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    add_terms(feed, schedule, group, site, year)
    return bytes(feed.to_ical())


def add_terms(feed: Any, schedule: Schedule, group: Group, site: Site, year: int) -> None:
    """Add the events of a schedule to a calendar."""
    import icalendar

    name = group.acronym or group.name
    for entry in entries(schedule, year):
        assert entry.days.last
        event = icalendar.Event.new(
            uid=f"{entry.key}@{site.host}",
            sequence=entry.sequence,
            stamp=schedule.changed_at,
            start=entry.days.first,
            # the end of an all-day event is the day after its last
            end=entry.days.last + ONE_DAY,
            status=icalendar.STATUS[entry.status],
            summary=_("%(group)s chair: %(who)s") % {"group": name, "who": entry.who},
            description=entry.description or None,
            url=site.absolute(entry.path),
        )
        # whoever subscribes is not busy all the term
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)


def horizon(schedule: Schedule, year: int) -> date:
    """Return the last day of the feed, the end of a year.

    Pure.
    """
    known = max((term.last_day.year for term in schedule.terms), default=year)
    return date(min(max(known, year + YEARS_AHEAD), LAST_DAY.year), 12, 31)


def entries(schedule: Schedule, year: int) -> list[Entry]:
    """Return a schedule's events as read in a year.

    Pure.
    """
    found: list[Entry] = []
    parts: dict[int, int] = {}
    before = "ever"
    for stretch in schedule.stretches:
        if stretch.sitting is None:
            found += vacancy_entries(stretch, schedule, before, year)
            continue
        term = stretch.sitting.term
        parts[term.pk] = parts.get(term.pk, 0) + 1
        found.append(sitting_entry(stretch.sitting, schedule, parts[term.pk]))
        before = found[-1].key
    return found + [
        unseated_entry(term, schedule) for term in schedule.terms if term.pk not in parts
    ]


def sitting_entry(sitting: Sitting, schedule: Schedule, part: int) -> Entry:
    """Return the event of a part of a confirmed term, counted from 1."""
    term, who = sitting.term, names(sitting.agencies)
    if term.kind != TermKind.TERM:
        who = _("%(agencies)s (%(kind)s)") % {"agencies": who, "kind": TermKind(term.kind).label}
    return Entry(
        f"term-{term.pk}" if part == 1 else f"term-{term.pk}-{part}",
        sequence_of(term, schedule),
        sitting.period,
        who,
        CONFIRMED,
        reverse("rotation:term", args=[term.slug]),
        term.theme,
    )


def unseated_entry(term: ChairTerm, schedule: Schedule) -> Entry:
    """Return the event of a term in which nobody chairs.

    It is proposed, withdrawn, or of agencies that are members on none of its days.
    """
    is_proposed = term.state == TermState.PROPOSED
    words = _("%(agencies)s (proposed)") if is_proposed else _("%(agencies)s (cancelled)")
    return Entry(
        f"term-{term.pk}",
        sequence_of(term, schedule),
        term.period,
        words % {"agencies": names(chairing_agencies(term))},
        TENTATIVE if is_proposed else CANCELLED,
        reverse("rotation:term", args=[term.slug]),
        term.theme,
    )


def sequence_of(term: ChairTerm, schedule: Schedule) -> int:
    """Return a sequence number that rises when a term or its seats change.

    A change of who sits in a term may cut it.
    """
    return term.version + schedule.seat_changes


def names(agencies: Iterable[Agency]) -> str:
    """Return "FAO + IOM"."""
    return " + ".join(agency.acronym for agency in agencies)


def vacancy_entries(
    stretch: Stretch, schedule: Schedule, before: str, year: int
) -> Iterator[Entry]:
    """Yield the event of a vacancy.

    It is after the event with the key `before`. Days before the record are no event. A vacancy
    without an end lasts to the horizon of the year, and says so. Its sequence rises with the
    year: the horizon moves though nothing changed.
    """
    if stretch.first_day is None:
        return
    is_open = stretch.last_day is None
    last_day = stretch.last_day or max(horizon(schedule, year), stretch.first_day)
    yield Entry(
        f"vacancy-{before}",
        schedule.changes + year,
        Period(stretch.first_day, last_day),
        _("nobody from this day on") if is_open else _("nobody"),
        CONFIRMED,
        reverse("rotation:timeline"),
        _("No end is on record; shown until %(day)s.") % {"day": formatting.plain_day(last_day)}
        if is_open
        else "",
    )
