"""Say why nobody chairs."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Person
from coordination.rotation.actions import terms
from coordination.rotation.enums import RotationChange
from coordination.rotation.errors import NoteNeeded, NotVacant
from coordination.rotation.models import VacancyNote
from coordination.rotation.queries import vacancies
from coordination.rotation.queries.vacancies import LONGEST_NOTE, VacancyView


@transaction.atomic
def acknowledge_vacancy(
    first_day: date, until: date, words: str, *, version: int, by: Person, at: datetime
) -> VacancyNote:
    """Note why nobody chairs from `first_day`, and until when nobody is reminded of it.

    `version` is that of the note that was shown, 0 if there was none. Raises NotAllowed, NotVacant,
    NoteNeeded, LastDayBeforeFirst, Stale.
    """
    terms.lock_rotation()
    day = day_in_group(at)
    require(by, "rotation.edit_term", On(day))
    vacancy = vacancies.vacancy_on(day, first_day)
    if vacancy is None:
        raise NotVacant(_("Somebody chairs on this day now, or the vacancy has another first day."))
    if not words.strip():
        raise NoteNeeded(_("Say why nobody chairs."), field="words")
    refuse_until(vacancy, until)
    note = vacancy.note or VacancyNote(first_day=first_day)
    if vacancy.note:
        claim(note, version)
    note.until, note.words, note.noted_by, note.noted_at = until, words.strip(), by, at
    history.sign(note, by=by, reason=RotationChange.VACANCY_NOTED)
    note.save()
    wake_on_commit()
    return note


def refuse_until(vacancy: VacancyView, until: date) -> None:
    """Raise NotVacant or LastDayBeforeFirst for a day that ends no note of this vacancy."""
    earliest = vacancy.first_day if vacancy.is_over else max(vacancy.first_day, vacancy.day)
    if until < earliest:
        raise LastDayBeforeFirst(_("Choose a day that is still to come."), field="until")
    if vacancy.last_day and until > vacancy.last_day:
        raise NotVacant(_("Somebody chairs again on that day."), field="until")
    if until > max(earliest, vacancy.day) + LONGEST_NOTE:
        raise NotVacant(
            _("Choose a day within a year, so that the vacancy comes up again."), field="until"
        )
