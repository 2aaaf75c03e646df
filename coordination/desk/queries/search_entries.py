"""The search entries of records, from their present state."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Prefetch
from django.urls import reverse

from coordination.core import queries
from coordination.core.clock import day_at
from coordination.desk.enums import EntryKind
from coordination.desk.models import SearchEntry
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    Decision,
    Meeting,
    MeetingDocument,
    PrincipalsMeeting,
)
from coordination.members.models import Agency, Appointment, Commission, Person
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import chair
from coordination.searchkit import words
from coordination.statements.models import Amendment, Draft, Statement


@dataclass(frozen=True, slots=True)
class EntryContents:
    """What an entry is made of.

    `entry` has no terms yet. `more` are words by which it is found, and which no page shows.
    """

    entry: SearchEntry
    more: str = ""


Keys = Collection[int]


def agencies(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of agencies are made of."""
    for agency in chosen(Agency.objects.all(), keys):
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.AGENCY,
                object_id=agency.pk,
                title=f"{agency.name} ({agency.acronym})",
                about=agency.city,
                url=reverse("members:agency", args=[agency.slug]),
            )
        )


def commissions(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield the search texts of commissions.

    Each leads to its agency.
    """
    for commission in chosen(Commission.objects.select_related("agency"), keys):
        name = f"{commission.name} ({commission.acronym})" if commission.name else ""
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.COMMISSION,
                object_id=commission.pk,
                title=name or commission.acronym,
                about=commission.city,
                url=reverse("members:agency", args=[commission.agency.slug]),
            )
        )


def people(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield the search texts of people.

    Only people with a past or present appointment.
    """
    appointments = Appointment.objects.select_related("agency").order_by("-first_day", "-pk")
    rows = Person.objects.filter(appointments__isnull=False).distinct()
    rows = rows.prefetch_related(Prefetch("appointments", appointments))
    for person in chosen(rows, keys):
        of = [appointment.agency for appointment in person.appointments.all()]
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.PERSON,
                object_id=person.pk,
                title=person.name,
                about=", ".join(dict.fromkeys(agency.acronym for agency in of)),
                url=reverse("members:agency", args=[of[0].slug]),
            ),
            more=" ".join(agency.name for agency in of),
        )


def terms(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of chair terms are made of."""
    for term in chosen(chair.every_term(), keys):
        of = chair.chairing_agencies(term)
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.TERM,
                object_id=term.pk,
                title=term.slug,
                about=", ".join(agency.acronym for agency in of),
                text=term.theme,
                day=term.first_day,
                url=reverse("rotation:term", args=[term.slug]),
            ),
            more=" ".join(agency.name for agency in of),
        )


def statements(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of statements are made of, without their texts."""
    zone = queries.group().zone
    for statement in chosen(Statement.objects.all(), keys):
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.STATEMENT,
                object_id=statement.pk,
                statement=statement,
                language=statement.language,
                title=statement.title,
                about=statement.symbol,
                text=statement.occasion,
                day=day_at(statement.adopted_at or statement.started_at, zone),
                url=reverse("statements:show", args=[statement.slug]),
            )
        )


def drafts(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of circulated drafts are made of.

    Others are left out: a text in preparation is not searched.
    """
    zone = queries.group().zone
    rows = Draft.objects.filter(circulated_at__isnull=False).select_related("statement")
    for draft in chosen(rows.prefetch_related("blocks"), keys):
        statement = draft.statement
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.DRAFT,
                object_id=draft.pk,
                statement=statement,
                draft=draft,
                number=draft.number,
                language=statement.language,
                text="\n".join(block.text for block in draft.blocks.all()),
                day=day_at(draft.circulated_at, zone),
                url=reverse("statements:draft", args=[statement.slug, draft.number]),
            )
        )


def amendments(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of amendments that were sent are made of.

    What the chair makes of one is left out: it is not told before the next draft.
    """
    zone = queries.group().zone
    rows = Amendment.objects.select_related("agency", "block__draft__statement")
    for amendment in chosen(rows, keys):
        draft = amendment.block.draft
        statement = draft.statement
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.AMENDMENT,
                object_id=amendment.pk,
                statement=statement,
                draft=draft,
                amendment=amendment,
                number=amendment.number,
                language=statement.language,
                about=amendment.agency.acronym,
                text="\n".join(filter(None, [amendment.proposed_text, amendment.rationale])),
                day=day_at(amendment.proposed_at, zone),
                url=reverse("statements:draft", args=[statement.slug, draft.number])
                + f"#{amendment.block.key}",
            ),
            more=amendment.agency.name,
        )


def meetings(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield the search texts of meetings with agenda, papers and outcome."""
    for meeting in chosen(Meeting.objects.prefetch_related("agenda", "documents"), keys):
        lines = [meeting.outcome]
        lines += [part for item in meeting.agenda.all() for part in (item.title, item.detail)]
        lines += [paper.title for paper in meeting.documents.all()]
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.MEETING,
                object_id=meeting.pk,
                meeting=meeting,
                title=meeting.title,
                about=meeting.place,
                text="\n".join(filter(None, lines)),
                day=meeting.day,
                url=reverse("meetings:meeting", args=[meeting.slug]),
            )
        )


def decisions(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of decisions are made of."""
    for decision in chosen(Decision.objects.select_related("meeting"), keys):
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.DECISION,
                object_id=decision.pk,
                meeting=decision.meeting,
                number=decision.number,
                text=decision.text,
                day=decision.meeting.day,
                url=reverse("meetings:meeting", args=[decision.meeting.slug]) + "#decisions",
            )
        )


def action_items(keys: Keys | None) -> Iterator[EntryContents]:
    """Yield what the entries of action items are made of."""
    for item in chosen(ActionItem.objects.select_related("meeting", "agency"), keys):
        yield EntryContents(
            SearchEntry(
                kind=EntryKind.ACTION,
                object_id=item.pk,
                meeting=item.meeting,
                number=item.number,
                title=item.title,
                about=item.agency.acronym,
                text=item.note,
                day=item.due_day,
                url=reverse("meetings:meeting", args=[item.meeting.slug]) + "#actions",
            ),
            more=item.agency.name,
        )


def chosen(rows: Any, keys: Keys | None) -> Any:
    """Return the rows with these keys, or all, by key."""
    return (rows if keys is None else rows.filter(pk__in=keys)).order_by("pk")


# the kinds in the order of EntryKind
SOURCES: dict[EntryKind, Callable[[Keys | None], Iterable[EntryContents]]] = {
    EntryKind.AGENCY: agencies,
    EntryKind.COMMISSION: commissions,
    EntryKind.PERSON: people,
    EntryKind.TERM: terms,
    EntryKind.STATEMENT: statements,
    EntryKind.DRAFT: drafts,
    EntryKind.MEETING: meetings,
    EntryKind.DECISION: decisions,
    EntryKind.ACTION: action_items,
    EntryKind.AMENDMENT: amendments,
}
# which entry a written record changes, and the field with its key
CHANGES: dict[type[Model], tuple[EntryKind, str]] = {
    Agency: (EntryKind.AGENCY, "pk"),
    Commission: (EntryKind.COMMISSION, "pk"),
    Person: (EntryKind.PERSON, "pk"),
    Appointment: (EntryKind.PERSON, "person_id"),
    ChairTerm: (EntryKind.TERM, "pk"),
    TermAgency: (EntryKind.TERM, "term_id"),
    Statement: (EntryKind.STATEMENT, "pk"),
    # blocks change only before their draft is circulated, and only then is it indexed
    Draft: (EntryKind.DRAFT, "pk"),
    Meeting: (EntryKind.MEETING, "pk"),
    PrincipalsMeeting: (EntryKind.MEETING, "pk"),
    AgendaItem: (EntryKind.MEETING, "meeting_id"),
    MeetingDocument: (EntryKind.MEETING, "meeting_id"),
    Decision: (EntryKind.DECISION, "pk"),
    ActionItem: (EntryKind.ACTION, "pk"),
    Amendment: (EntryKind.AMENDMENT, "pk"),
}


def entries_naming(agency_keys: Keys) -> Iterator[tuple[EntryKind, set[int]]]:
    """Yield the entries with the acronym or name of these agencies, as (kind, keys).

    One query for each kind.
    """
    for kind, model, field in (
        (EntryKind.COMMISSION, Commission, "pk"),
        (EntryKind.PERSON, Appointment, "person_id"),
        (EntryKind.TERM, TermAgency, "term_id"),
        (EntryKind.ACTION, ActionItem, "pk"),
        (EntryKind.AMENDMENT, Amendment, "pk"),
    ):
        rows = model._default_manager.filter(agency__in=agency_keys)
        yield kind, set(rows.values_list(field, flat=True))


def entries_of(kind: EntryKind, keys: Keys | None = None) -> Iterator[SearchEntry]:
    """Yield the entries of a kind, with their terms, unsaved.

    As the records are now. `keys` are those of the records; None means all.
    """
    for contents in SOURCES[kind](keys):
        entry = contents.entry
        everything = f"{entry.title}\n{entry.about}\n{entry.text}\n{contents.more}"
        entry.title_terms = words.terms(f"{entry.title}\n{entry.about}", entry.language)
        entry.terms = words.terms(everything, entry.language)
        yield entry
