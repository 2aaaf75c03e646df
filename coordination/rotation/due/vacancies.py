"""Mails about days on which nobody chairs."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from coordination.core import queries
from coordination.core.due import Due
from coordination.core.periods import Period
from coordination.core.queries import day_in_group
from coordination.members.queries.agencies import members_on
from coordination.rotation.due.stages import LAST_STAGE_LASTS, newest_stage, reachable_team, zone_of
from coordination.rotation.enums import SelectionState
from coordination.rotation.queries import chair, selections

VACANCY_DAYS = (30, 14, 7, 1, 0)


def vacancy_near(day: date) -> date | None:
    """Return the first day of the vacancy that runs on `day`, or else of the next one.

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
    """Yield to every member's focal points that nobody will chair.

    They get it 30, 14, 7 and 1 days before the vacancy begins, and on its first day.
    """
    group, day = queries.group(), day_in_group(at)
    begins = vacancy_near(day)
    # No warning before the first term on record, or if it is too early.
    if begins is None or day < begins - timedelta(days=max(VACANCY_DAYS)):
        return
    url = answer_address(begins)
    for person in reachable_team(list(members_on(day)), day):
        stage = newest_stage(VACANCY_DAYS, begins, zone_of(person, group), at)
        if stage:
            yield Due(
                kind="rotation.vacancy",
                subject=begins.isoformat(),
                stage=f"{stage[0]}d",
                person_id=person.pk,
                at=stage[1],
                url=url,
                until=stage[1] + timedelta(days=stage[0]) + LAST_STAGE_LASTS,
                context={"begins": begins},
            )


def answer_address(begins: date) -> str:
    """Return where an agency says whether it stands for the vacant days; one query.

    The timeline, where no selection fills them.
    """
    days = Period(begins, begins)
    term = selections.terms_on_the_way(days, SelectionState.RUNNING).first()
    if term is None:
        return reverse("rotation:timeline")
    return reverse("rotation:answer", args=[term.selection.slug])
