"""Who is away when, and who stands in."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.core import formatting, history
from coordination.core.history import HistoryEntry
from coordination.core.periods import Period
from coordination.members.models import Absence, Appointment, Person
from coordination.members.queries import periods
from coordination.members.queries.agencies import in_membership

# a mail that waited so long for a mail server still reaches the alternate
KEPT = timedelta(days=30)


def noted() -> QuerySet[Absence]:
    """Return the absences that were not withdrawn, with their people."""
    rows = Absence.objects.filter(withdrawn_at=None).select_related("person", "alternate")
    return rows.order_by("first_day", "pk")


def absences_on(day: date, people: Collection[int] | None = None) -> dict[int, Absence]:
    """Return the absences of `day` by key of the person.

    One query. `people` (keys) limits it.
    """
    rows = noted().filter(periods.running(day))
    if people is not None:
        rows = rows.filter(person__in=people)
    return {row.person_id: row for row in rows}


def absences_ahead(person: Person, day: date) -> QuerySet[Absence]:
    """Return a person's absences that have not ended before `day`."""
    return noted().filter(person=person, last_day__gte=day)


def absence_changes(person: Person) -> list[HistoryEntry]:
    """Return the changes of a person's absences, newest first.

    One query.
    """
    records = Absence.history.filter(person=person)
    return history.entries(records, name=lambda record: formatting.plain_day(record.first_day))


def overlapping(person: Person, period: Period) -> Absence | None:
    """Return an absence of the person that overlaps `period`, or None."""
    return noted().filter(periods.sharing_a_day(period), person=person).first()


def colleagues(person: Person, day: date) -> QuerySet[Person]:
    """Return the people who may be a person's alternate.

    They are in office for the same agency on `day`.
    """
    agencies = Appointment.objects.filter(
        periods.running(day), in_membership(day), person=person
    ).values("agency")
    in_office = Appointment.objects.filter(
        periods.running(day), person=OuterRef("pk"), agency__in=agencies
    )
    people = Person.objects.filter(Exists(in_office), is_active=True)
    return people.exclude(pk=person.pk).order_by("name", "pk")


def with_alternate(day: date) -> list[Absence]:
    """Return the absences whose mails reach an alternate.

    One query, as of `day`. Both are in office that day; absences that ended some days ago are there
    for mails that waited.
    """
    in_office = Q()
    for name in ("person", "alternate"):
        appointed = Appointment.objects.filter(
            periods.running(day), in_membership(day), person=OuterRef(name)
        )
        in_office &= Q(Exists(appointed))
    rows = noted().filter(
        in_office, alternate__isnull=False, first_day__lte=day, last_day__gte=day - KEPT
    )
    return list(rows)
