"""The agenda of a meeting: times, papers and possible items.

As its pages show it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.meetings import queries
from coordination.meetings.enums import MeetingState, ProposalState
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    AgendaProposal,
    Decision,
    Meeting,
    MeetingDocument,
    PaperPin,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its versions, the first one first."""

    versions: tuple[MeetingDocument, ...]

    @property
    def newest(self) -> MeetingDocument:
        """Return the newest version."""
        return self.versions[-1]

    @property
    def earlier(self) -> tuple[MeetingDocument, ...]:
        """Return the versions before the newest one, the newer first."""
        return self.versions[-2::-1]


@dataclass(frozen=True, slots=True)
class PinnedPaper:
    """The version of a paper that an item discusses.

    `newer` is the newest one, if that is another.
    """

    pin: PaperPin
    newer: MeetingDocument | None


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An item with the moment (UTC) at which it begins.

    None if the minutes do not tell it.
    """

    item: AgendaItem
    begins_at: datetime | None
    papers: tuple[PinnedPaper, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a meeting.

    `minutes` are allotted in all, `over` after the end.
    """

    rows: tuple[AgendaRow, ...]
    papers: tuple[Paper, ...]
    minutes: int
    over: int


@dataclass(frozen=True, slots=True)
class Arising:
    """An open action item that is not on the agenda yet.

    `link` is its path, which the agenda item gets.
    """

    action: ActionItem
    link: str


@dataclass(frozen=True, slots=True)
class ArisingDecision:
    """A decision of the last meeting, not yet on the agenda.

    `link` is its path.
    """

    decision: Decision
    link: str


def item_moments(starts_at: datetime, minutes: Iterable[int | None]) -> list[datetime | None]:
    """Return when (UTC) each item begins. Pure.

    By the minutes allotted before it. None after an item without minutes: nobody knows.
    """
    moments: list[datetime | None] = []
    begins: datetime | None = starts_at
    for allotted in minutes:
        moments.append(begins)
        begins = begins + timedelta(minutes=allotted) if begins and allotted else None
    return moments


def papers_of(documents: Iterable[MeetingDocument]) -> tuple[Paper, ...]:
    """Return the papers of these versions. Pure.

    By the title of the newest.
    """
    by_paper = sorted(documents, key=lambda each: (each.paper_id or each.pk, each.number))
    papers = (
        Paper(tuple(versions))
        for _key, versions in groupby(by_paper, key=lambda each: each.paper_id or each.pk)
    )
    return tuple(sorted(papers, key=lambda paper: (paper.newest.title, paper.newest.pk)))


def with_pins(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Return the items with their agency and pinned papers.

    One query more.
    """
    pins = PaperPin.objects.select_related("version").order_by("version__title", "pk")
    return items.select_related("lead").prefetch_related(Prefetch("pins", pins))


def agenda_of(meeting: Meeting) -> Agenda:
    """Return the agenda of a meeting with loaded items. Pure.

    The items are loaded `with_pins`, and the papers too.
    """
    items = list(meeting.agenda.all())
    papers = papers_of(meeting.documents.all())
    newest = {version.pk: paper.newest for paper in papers for version in paper.versions}
    # without an hour, no item has one
    begins = (
        [None] * len(items)
        if meeting.known_by_day
        else item_moments(meeting.starts_at, (item.minutes for item in items))
    )
    rows = tuple(
        AgendaRow(
            item,
            # without minutes on the whole agenda the first hour would say nothing
            moment if items[0].minutes else None,
            tuple(pinned_paper(pin, newest) for pin in item.pins.all()),
        )
        for item, moment in zip(items, begins, strict=True)
    )
    minutes = sum(item.minutes or 0 for item in items)
    return Agenda(rows, papers, minutes, minutes_over(meeting, minutes))


def pinned_paper(pin: PaperPin, newest: dict[int, MeetingDocument]) -> PinnedPaper:
    """Return a pin with the newest version of its paper.

    Only if that is another.
    """
    latest = newest.get(pin.version_id)
    return PinnedPaper(pin, None if latest is None or latest.pk == pin.version_id else latest)


def minutes_over(meeting: Meeting, minutes: int) -> int:
    """Return how many minutes come after the meeting's end.

    If the end is known.
    """
    if meeting.ends_at is None:
        return 0
    length = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    return max(minutes - length, 0)


def agenda_record(slug: str) -> QuerySet[Meeting]:
    """Return the meeting with minutes, agenda and papers.

    That with the slug. Four queries.
    """
    return (
        Meeting.objects.filter(slug=slug)
        .select_related("minutes")
        .prefetch_related(Prefetch("agenda", with_pins(AgendaItem.objects.all())), "documents")
    )


def pointed_to(items: Sequence[AgendaItem]) -> set[int]:
    """Return the keys of the items that other records use, such as papers or minutes.

    One query for each model that points to items; none without items.
    """
    pointed: set[int] = set()
    # hidden ones too: they have no name on this side
    relations = AgendaItem._meta.get_fields(include_hidden=True) if items else ()
    for relation in relations:
        model: Any = relation.related_model
        # the history of a model keeps the key of an item that is gone
        if relation.one_to_many and hasattr(model, "history"):
            name = relation.field.attname  # type: ignore[union-attr]  # a relation has one
            rows = model.objects.filter(**{f"{name}__in": [item.pk for item in items]})
            pointed.update(rows.values_list(name, flat=True))
    return pointed


def carries_more(items: Sequence[AgendaItem]) -> list[AgendaItem]:
    """Return the items that carry more than a title, such as papers or minutes.

    As many queries as `pointed_to`.
    """
    pointed = pointed_to(items)
    return [
        item
        for item in items
        if item.pk in pointed or item.detail or item.lead_id or item.minutes or item.link
    ]


def proposal_records() -> QuerySet[AgendaProposal]:
    """Return the proposals with their agency, people and meeting."""
    return AgendaProposal.objects.select_related("agency", "proposed_by", "decided_by", "meeting")


def waiting_proposals() -> QuerySet[AgendaProposal]:
    """Return the proposals that wait for the chair, the oldest first."""
    return proposal_records().filter(state=ProposalState.WAITING).order_by("proposed_at", "pk")


def settled_proposals() -> QuerySet[AgendaProposal]:
    """Return the other proposals, the last decided first."""
    return proposal_records().exclude(state=ProposalState.WAITING).order_by("-decided_at", "-pk")


def decided_since(since: datetime, at: datetime) -> QuerySet[AgendaProposal]:
    """Return the proposals settled between two moments (UTC).

    The chair took or declined them.
    """
    return proposal_records().filter(
        state__in=(ProposalState.ACCEPTED, ProposalState.DECLINED),
        decided_at__gt=since,
        decided_at__lte=at,
    )


def proposal_steps() -> list[NextStep]:
    """Return the chair's step for each waiting proposal.

    One query.
    """
    return [
        NextStep(
            kind="meetings.decide_proposal",
            what=proposal.title,
            why=_("%(agency)s proposes it for the agenda") % {"agency": proposal.agency},
            verb=_("Take it on an agenda or decline it"),
            url_name="meetings:proposal",
            url_args=(proposal.pk,),
            scope=Scope.CHAIR,
            day=proposal.meeting.day if proposal.meeting else None,
        )
        for proposal in waiting_proposals()
    ]


def proposals_for(meeting: Meeting) -> list[AgendaProposal]:
    """Return the waiting proposals for a meeting or for any.

    One query.
    """
    return [each for each in waiting_proposals() if each.meeting_id in {None, meeting.pk}]


def arising(meeting: Meeting) -> list[Arising]:
    """Return the open action items of meetings of this kind that the agenda lacks.

    They are those of the meetings before it, by due day; one query. The agenda is loaded.
    """
    links = {item.link for item in meeting.agenda.all()}
    actions = queries.open_items().filter(
        meeting__kind=meeting.kind, meeting__starts_at__lt=meeting.starts_at
    )
    found = (Arising(action, queries.address_of(action)) for action in actions)
    return [each for each in found if each.link not in links]


def decisions_arising(meeting: Meeting) -> list[ArisingDecision]:
    """Return the last such meeting's decisions with open action items.

    One query.
    """
    former = Meeting.objects.filter(
        kind=meeting.kind, starts_at__lt=meeting.starts_at, state=MeetingState.HELD
    ).order_by("-starts_at", "-pk")
    decisions = Decision.objects.filter(
        meeting__in=former.values("pk")[:1],
        meeting__action_items__state__in=queries.UNSETTLED,
    )
    links = {item.link for item in meeting.agenda.all()}
    rows = decisions.select_related("meeting").distinct().order_by("number")
    found = (ArisingDecision(decision, decision_link(decision)) for decision in rows)
    return [each for each in found if each.link not in links]


def decision_link(decision: Decision) -> str:
    """Return the path of a decision on the page of its meeting."""
    page = reverse("meetings:meeting", args=[decision.meeting.slug])
    return f"{page}#decision-{decision.number}"


def title_arising(what: str) -> str:
    """Return the title of an item about a former meeting.

    About something of it.
    """
    return _("Matters arising: %(what)s") % {"what": what}
