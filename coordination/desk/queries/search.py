"""Search over what the reader may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q

from coordination.core.permissions import On, allowed
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries.people import belongs_on
from coordination.rotation.models import ChairTerm
from coordination.statements.models import Statement
from coordination.statements.queries.statements import access_of, visible_statements

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by kind; each at most 20."""

    statements: list[Statement]
    agencies: list[Agency]
    people: list[Person]
    meetings: list[Meeting]
    terms: list[ChairTerm]

    @property
    def count(self) -> int:
        """Return how many things were found."""
        return (
            len(self.statements)
            + len(self.agencies)
            + len(self.people)
            + len(self.meetings)
            + len(self.terms)
        )


def search(text: str, person: Any, day: date) -> Found:
    """Return what contains `text` and may be read by `person` on `day`.

    Texts of drafts only for whom they are circulated.
    """
    if not text:
        return Found([], [], [], [], [])
    belongs = belongs_on_day(person, day)
    inside = belongs or allowed(person, "members.read", On(day))
    return Found(
        statements=list(statements_with(text, person, day, belongs=belongs)[:MOST]),
        agencies=list(
            Agency.objects.filter(
                Q(acronym__icontains=text) | Q(name__icontains=text) | Q(city__icontains=text)
            )[:MOST]
        ),
        people=people_named(text) if inside else [],
        meetings=list(
            Meeting.objects.filter(
                Q(title__icontains=text) | Q(agenda__title__icontains=text)
            ).distinct()[:MOST]
        )
        if inside
        else [],
        terms=list(
            ChairTerm.objects.filter(Q(theme__icontains=text) | Q(slug__icontains=text))[:MOST]
        ),
    )


def statements_with(text: str, person: Any, day: date, *, belongs: bool) -> Any:
    """Return the statements that the person may see with `text` in the title or a draft.

    Only drafts that were circulated count.

    Outside, only the words of the adopted text count: that a draft once had others is nobody's
    business.
    """
    adopted = Q(
        drafts__sha256=F("adopted_sha256"),
        released_at__isnull=False,
        drafts__blocks__text__icontains=text,
    )
    circulated = Q(drafts__circulated_at__isnull=False, drafts__blocks__text__icontains=text)
    words = circulated if belongs else adopted
    return (
        visible_statements(access_of(person, day))
        .filter(Q(title__icontains=text) | Q(symbol__icontains=text) | words)
        .distinct()
    )


def belongs_on_day(person: Any, day: date) -> bool:
    """Say whether the person is in office on `day`; nobody who is not signed in is."""
    return bool(person.is_authenticated) and belongs_on(person, day)


def people_named(text: str) -> list[Person]:
    """Return the people who are in office or were, by name."""
    appointments = Prefetch(
        "appointments", Appointment.objects.select_related("agency").order_by("-first_day")
    )
    return list(
        Person.objects.filter(name__icontains=text, appointments__isnull=False)
        .prefetch_related(appointments)
        .distinct()[:MOST]
    )
