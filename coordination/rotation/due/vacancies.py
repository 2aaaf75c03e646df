"""Mails about days on which nobody chairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from coordination.core import queries
from coordination.core.due import Due, late_reminder, morning_of
from coordination.core.periods import Period
from coordination.core.queries import day_in_group
from coordination.members.queries.agencies import members_on
from coordination.rotation.due.stages import LAST_STAGE_LASTS, newest_stage, reachable_team, zone_of
from coordination.rotation.enums import SelectionState
from coordination.rotation.models import SelectionTerm
from coordination.rotation.queries import chair, selections, vacancies

VACANCY_DAYS = (30, 14, 7, 1, 0)
AGAIN_AFTER = 30  # days; while the chair is vacant the warnings go on


def vacancy_near(day: date) -> date | None:
    """Return when the present or next vacancy begins.

    None before the first term on record.
    """
    current = chair.chair_on(day)
    if current.vacant:
        return current.first_day
    begins = day
    for sitting in chair.sittings():
        if sitting.period.covers(begins):
            begins = sitting.last_day + timedelta(days=1)
    return begins


def vacancy_warnings(at: datetime) -> Iterator[Due]:
    """Yield vacancy warnings to every member's focal points.

    They get it 30, 14, 7 and 1 days before the vacancy begins, on its first day, after 7, 14 and 30
    days, and every 30 days from then on. A vacancy that the group left vacant by decision asks
    nobody until that day.
    """
    group, day = queries.group(), day_in_group(at)
    begins = vacancy_near(day)
    # No warning before the first term on record, or if it is too early.
    if begins is None or day < begins - timedelta(days=max(VACANCY_DAYS)):
        return
    if acknowledged(begins, day):
        return
    term = term_on_the_way(begins)
    for person in reachable_team(list(members_on(day)), day):
        stage = vacancy_stage(begins, zone_of(person, group), at)
        if stage:
            yield Due(
                kind="rotation.vacancy",
                subject=begins.isoformat(),
                stage=stage.name,
                person_id=person.pk,
                at=stage.at,
                url=answer_address(term),
                until=stage.until,
                context={
                    "begins": begins,
                    "runs": begins < day,
                    "selection": term.selection if term else None,
                    "in_call": term is not None and day <= term.selection.call_until,
                },
            )


def term_on_the_way(begins: date) -> SelectionTerm | None:
    """Return the selection's term that fills the vacant days, or None.

    One query.
    """
    days = Period(begins, begins)
    return selections.terms_on_the_way(days, SelectionState.RUNNING).first()


def answer_address(term: SelectionTerm | None) -> str:
    """Return where an agency answers the call, or else the timeline."""
    if term is None:
        return reverse("rotation:timeline")
    return reverse("rotation:answer", args=[term.selection.slug])


def acknowledged(begins: date, day: date) -> bool:
    """Return whether the group decided to leave this vacancy, as of `day`."""
    period = vacancies.vacancy_covering(max(begins, day), day)
    return period is not None and vacancies.acknowledged_on(period, day) is not None


@dataclass(frozen=True, slots=True)
class Stage:
    """One reminder of a vacancy: when it is due and expires (UTC)."""

    name: str
    at: datetime
    until: datetime | None


def vacancy_stage(begins: date, zone: ZoneInfo, at: datetime) -> Stage | None:
    """Return the newest reminder of a vacancy as of `at`, or None.

    `begins` is its first day.
    """
    late = late_reminder(begins, zone, at)
    # in the first week the mail of the first day has just come
    if late and late.at - morning_of(begins, zone) >= LAST_STAGE_LASTS:
        return Stage(late.stage, late.at, None)
    ahead = newest_stage(VACANCY_DAYS, begins, zone, at)
    if ahead is None:
        return None
    days, morning = ahead
    return Stage(f"{days}d", morning, morning + timedelta(days=days) + LAST_STAGE_LASTS)
