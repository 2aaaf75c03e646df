"""The vacancies on record, and what the group says about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from coordination.core.periods import ONE_DAY, Period
from coordination.rotation.enums import VacancyState
from coordination.rotation.models import VacancyNote
from coordination.rotation.queries import chair
from coordination.rotation.queries.chair import Sitting


@dataclass(frozen=True, slots=True)
class VacancyView:
    """Days without a chair, both inclusive, and what is said about them.

    `last_day` is None where no term is confirmed after them. `state` is as of `day`, or as of the
    first day where the vacancy is still to come.
    """

    first_day: date
    last_day: date | None
    day: date
    note: VacancyNote | None = None

    @property
    def is_over(self) -> bool:
        """Return whether somebody chairs again."""
        return self.last_day is not None and self.last_day < self.day

    @property
    def runs(self) -> bool:
        """Return whether nobody chairs today."""
        return self.first_day <= self.day and not self.is_over

    @property
    def days(self) -> int | None:
        """Return the number of days; None without an end."""
        return Period(self.first_day, self.last_day).days if self.last_day else None

    @property
    def state(self) -> VacancyState:
        """Return what the group says about it."""
        if self.note is None:
            return VacancyState.UNEXPLAINED
        # of a vacancy that is over the words alone count
        asked = max(self.first_day, self.day)
        if self.is_over or self.note.period.covers(asked):
            return VacancyState.ACKNOWLEDGED
        return VacancyState.UNEXPLAINED


def vacancies(day: date) -> list[VacancyView]:
    """Return the vacancies after the first term on record, newest first.

    The days after the last confirmed term are one of them. Two queries.
    """
    found = vacant_periods(chair.sittings())
    notes = VacancyNote.objects.select_related("noted_by").in_bulk(
        [period.first for period in found], field_name="first_day"
    )
    return [
        VacancyView(period.first, period.last, day, notes.get(period.first))
        for period in reversed(found)
    ]


def vacant_periods(sittings: Iterable[Sitting]) -> list[Period]:
    """Return the days between and after the sittings, oldest first. Pure.

    None without any: before the first term nothing is on record.
    """
    vacant: list[Period] = []
    free_from: date | None = None
    for sitting in sittings:
        if free_from and free_from < sitting.first_day:
            vacant.append(Period(free_from, sitting.first_day - ONE_DAY))
        free_from = max(free_from or sitting.first_day, sitting.last_day + ONE_DAY)
    return [*vacant, Period(free_from, None)] if free_from else []


def vacancy_on(day: date, first_day: date) -> VacancyView | None:
    """Return the vacancy that begins on `first_day` as of `day`, or None. Two queries."""
    return next((each for each in vacancies(day) if each.first_day == first_day), None)


def note_on(first_day: date, day: date) -> VacancyNote | None:
    """Return the note by which the vacancy from `first_day` is acknowledged on `day`, or None.

    One query.
    """
    return VacancyNote.objects.filter(first_day=first_day, until__gte=day).first()


# a note ends within this time, so that a vacancy is not acknowledged for ever
LONGEST_NOTE = timedelta(days=366)
