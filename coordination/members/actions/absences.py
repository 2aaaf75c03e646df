"""Days away: a person notes them and names an alternate."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.periods import Period
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.actions.people import lock_person
from coordination.members.enums import MembersChange
from coordination.members.errors import AbsenceOver, AlreadyAway, NoColleague, WrongDays
from coordination.members.models import Absence, Person
from coordination.members.queries import absences


@dataclass(frozen=True, slots=True)
class DaysAway:
    """The days of the form, both inclusive.

    Without `alternate` nobody gets the mails of the person.
    """

    first_day: date
    last_day: date
    alternate: Person | None = None


@transaction.atomic
def note_absence(person: Person, away: DaysAway, *, by: Person, at: datetime) -> Absence:
    """Record on which days a person is away, and who stands in.

    Raises NotAllowed, WrongDays, FarFromToday, AlreadyAway, NoColleague.
    """
    # locked, so that two forms at once cannot both find the days free
    lock_person(person)
    day = day_in_group(at)
    require(by, "members.note_absence", On(day, person))
    refuse_wrong_days(away, day, at)
    other = absences.overlapping(person, Period(away.first_day, away.last_day))
    if other:
        raise AlreadyAway(
            _("You are noted as away from %(first)s to %(last)s already. Withdraw that first.")
            % {"first": other.first_day.isoformat(), "last": other.last_day.isoformat()},
            field="first_day",
        )
    if away.alternate and not absences.colleagues(person, day).contains(away.alternate):
        raise NoColleague(_("Choose a colleague who is in office today."), field="alternate")
    row = Absence(
        person=person,
        alternate=away.alternate,
        first_day=away.first_day,
        last_day=away.last_day,
    )
    history.sign(row, by=by, reason=MembersChange.ABSENCE_NOTED)
    row.save()
    wake_on_commit()
    return row


def refuse_wrong_days(away: DaysAway, day: date, at: datetime) -> None:
    """Raise WrongDays or FarFromToday for days that nobody means."""
    if away.last_day < away.first_day:
        raise WrongDays(_("The last day is before the first."), field="last_day")
    if away.last_day < day:
        raise WrongDays(_("These days are over."), field="last_day")
    refuse_far_day(away.first_day, at=at, field="first_day")
    refuse_far_day(away.last_day, at=at, field="last_day")


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: Person, at: datetime) -> Absence:
    """Withdraw days away that are not over. Raises NotAllowed, AbsenceOver."""
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    day = day_in_group(at)
    require(by, "members.note_absence", On(day, absence.person))
    if absence.withdrawn_at or absence.last_day < day:
        raise AbsenceOver(_("These days are over, or were withdrawn already."))
    absence.withdrawn_at = at
    history.sign(absence, by=by, reason=MembersChange.ABSENCE_WITHDRAWN)
    absence.save(update_fields=["withdrawn_at"])
    wake_on_commit()
    return absence
