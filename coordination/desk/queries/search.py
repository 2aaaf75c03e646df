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
class SearchResults:
    """The matches by kind; each at most 20."""

    statements: list[Statement]
    agencies: list[Agency]
    people: list[Person]
    meetings: list[Meeting]
    terms: list[ChairTerm]

    @property
    def count(self) -> int:
        """Return the number of matches."""
        return (
            len(self.statements)
            + len(self.agencies)
            + len(self.people)
            + len(self.meetings)
            + len(self.terms)
        )


def search(text: str, person: Any, day: date) -> SearchResults:
    """Return what contains `text` and what `person` may read on `day`.

    Drafts are searched only for those to whom they were circulated.
    """
    if not text:
        return SearchResults([], [], [], [], [])
    belongs = belongs_on_day(person, day)
    may_read = belongs or allowed(person, "members.read", On(day))
    return SearchResults(
        statements=list(statements_with(text, person, day, belongs=belongs)[:MOST]),
        agencies=list(
            Agency.objects.filter(
                Q(acronym__icontains=text) | Q(name__icontains=text) | Q(city__icontains=text)
            )[:MOST]
        ),
        # names of people are for the group only
        people=people_named(text) if may_read else [],
        meetings=list(
            Meeting.objects.filter(
                Q(title__icontains=text) | Q(agenda__title__icontains=text)
            ).distinct()[:MOST]
        )
        if may_read
        else [],
        terms=list(
            ChairTerm.objects.filter(Q(theme__icontains=text) | Q(slug__icontains=text))[:MOST]
        ),
    )


def statements_with(text: str, person: Any, day: date, *, belongs: bool) -> Any:
    """Return the statements with `text` that the person may see.

    The text is in the title, the symbol or a circulated draft. Outsiders search only the adopted
    text: what earlier drafts said is not public.
    """
    adopted = Q(
        drafts__sha256=F("adopted_sha256"),
        released_at__isnull=False,
        drafts__blocks__text__icontains=text,
    )
    circulated = Q(drafts__circulated_at__isnull=False, drafts__blocks__text__icontains=text)
    # Otherwise an outsider could find out which words a draft once had.
    in_text = circulated if belongs else adopted
    return (
        visible_statements(access_of(person, day))
        .filter(Q(title__icontains=text) | Q(symbol__icontains=text) | in_text)
        .distinct()
    )


def belongs_on_day(person: Any, day: date) -> bool:
    """Return whether the person is signed in and in office on `day`."""
    return bool(person.is_authenticated) and belongs_on(person, day)


def people_named(text: str) -> list[Person]:
    """Return the people with a past or present appointment, by name."""
    appointments = Prefetch(
        "appointments", Appointment.objects.select_related("agency").order_by("-first_day")
    )
    return list(
        Person.objects.filter(name__icontains=text, appointments__isnull=False)
        .prefetch_related(appointments)
        .distinct()[:MOST]
    )
