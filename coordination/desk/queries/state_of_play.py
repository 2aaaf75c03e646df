"""The state of play of a term.

Each open matter stands there once, with its facts and the chair's line. The page, and what later
makes a dossier, read `state_of_play`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.core.clock import start_of
from coordination.desk.queries import succession
from coordination.desk.queries.matters import AsOf, Matter, acronyms_of
from coordination.meetings import queries as meetings
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.models import Meeting
from coordination.members.enums import FlagKind, MembershipStatus
from coordination.members.models import Agency
from coordination.members.queries.roster import RosterEntry, roster
from coordination.rotation.enums import MatterKind
from coordination.rotation.models import ChairTerm, MatterJudgement, StateOfPlay
from coordination.rotation.queries import chair, texts
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import Amendment
from coordination.statements.queries import labels
from coordination.statements.queries.statuses import StatementStatus, statement_statuses

AROUND_THE_TURN = timedelta(days=92)  # meetings so long after the last day
PLACES = "place"  # listed like the matters, but nobody judges them
LONGEST_QUOTE = 140  # characters
SHORTAGES = (FlagKind.SHORTAGE, FlagKind.SHORTAGE_AHEAD)


@dataclass(frozen=True, slots=True)
class MatterSection:
    """The open matters of one kind.

    `nothing` is shown where there are none.
    """

    kind: str
    title: str
    matters: tuple[Matter, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class StateOfPlayPage:
    """All that the state of play of a term says."""

    term: ChairTerm
    agencies: tuple[Agency, ...]
    following: ChairTerm | None
    as_of: AsOf
    summary: StateOfPlay | None
    sections: tuple[MatterSection, ...] = field(default=())

    @property
    def judged(self) -> int:
        """Return how many matters have a line of this term's chair."""
        return sum(matter.own for matter in self._matters)

    @property
    def total(self) -> int:
        """Return the number of matters that the chair judges."""
        return len(self._matters)

    @property
    def _matters(self) -> list[Matter]:
        return [
            matter
            for section in self.sections
            if section.kind != PLACES
            for matter in section.matters
        ]

    def matter(self, kind: str, key: str) -> Matter | None:
        """Return the open matter with that kind and key, or None."""
        return next((one for one in self._matters if (one.kind, one.key) == (kind, key)), None)


def state_of_play(term: ChairTerm, terms: ConfirmedTerms, as_of: AsOf) -> StateOfPlayPage:
    """Return the state of play of a confirmed term, one of `terms`.

    People, meetings and what is late are as of `as_of.on`; texts, positions, promises and
    judgements as they stand now. At most 25 queries, whatever the number of matters.
    """
    judgements = texts.newest_judgements(term)
    following = terms.after(term.last_day)
    return StateOfPlayPage(
        term=term,
        agencies=chair.chairing_agencies(term),
        following=following,
        as_of=as_of,
        summary=texts.shown_summary(term, terms),
        sections=tuple(
            MatterSection(
                kind,
                title,
                tuple(with_judgement(matter, term, judgements) for matter in matters),
                nothing,
            )
            for kind, title, matters, nothing in sections(term, following, as_of)
        ),
    )


def sections(
    term: ChairTerm, following: ChairTerm | None, as_of: AsOf
) -> Iterator[tuple[str, str, Iterable[Matter], str]]:
    """Yield the sections: kind, title, matters, and what to say without any."""
    entries = roster(as_of.on, as_of.group, with_places=False)
    yield (
        MatterKind.STATEMENT,
        _("Statements"),
        statement_matters(entries, as_of),
        _("No statement is under way."),
    )
    yield (
        MatterKind.MEETING,
        _("Meetings around the turn"),
        meeting_matters(term, as_of),
        _("No meeting is convened, and no outcome is missing."),
    )
    yield (
        MatterKind.ACTION,
        _("Action items"),
        action_matters(as_of),
        _("No action item is open."),
    )
    yield (
        MatterKind.PROMISE,
        _("Promises outside the record"),
        promise_matters(term, as_of),
        _("No promise is open."),
    )
    yield (
        MatterKind.SUCCESSION,
        _("Who chairs next"),
        succession.succession_matters(as_of),
        succession.succession_sentence(following),
    )
    yield (
        MatterKind.PEOPLE,
        _("Focal points that are missing"),
        people_matters(entries),
        _("Each member has its focal points."),
    )
    yield (
        PLACES,
        _("Places and keys"),
        place_matters(term, entries, as_of),
        _("No place or key is listed."),
    )


def with_judgement(
    matter: Matter, term: ChairTerm, judgements: dict[tuple[str, str], MatterJudgement]
) -> Matter:
    """Return a matter with the newest line on it. Pure."""
    line = judgements.get((matter.kind, matter.key))
    own = line is not None and line.term_id == term.pk
    return replace(matter, judgement=line, own=own)


def statement_matters(entries: Iterable[RosterEntry], as_of: AsOf) -> Iterator[Matter]:
    """Yield the statements under way, oldest first; at most nine queries."""
    day = as_of.now.astimezone(as_of.group.zone).date()
    statuses = statement_statuses(day, as_of.now, is_chair=as_of.sees_drafts, group=as_of.group)
    acronyms = {entry.agency.pk: entry.agency.acronym for entry in entries}
    # agencies that have left the group, or joined it since the day of the page
    others = {key for status in statuses for key in status.amendments} - set(acronyms)
    if others:
        acronyms |= dict(Agency.objects.filter(pk__in=others).values_list("pk", "acronym"))
    lifting = amendments_of_objectors(statuses)
    for status in statuses:
        yield Matter(
            MatterKind.STATEMENT,
            f"{status.statement.pk}",
            status.statement.title,
            reverse("statements:show", args=[status.statement.slug]),
            tuple(statement_facts(status, acronyms, lifting, as_of)),
            is_late=bool(status.step and status.step.deadline < as_of.now),
        )


def amendments_of_objectors(
    statuses: Sequence[StatementStatus],
) -> dict[tuple[int, int], list[str]]:
    """Return the texts that objectors propose.

    By key of the draft and of the agency. One query, none where nobody objects.
    """
    pairs = [
        (status.step.draft_id, agency.pk)
        for status in statuses
        if status.step
        for agency in status.missing.objecting
    ]
    by_pair: dict[tuple[int, int], list[str]] = {pair: [] for pair in pairs}
    if pairs:
        rows = Amendment.objects.filter(
            state=AmendmentState.OPEN, block__draft__in={draft for draft, _agency in pairs}
        ).order_by("block__position", "pk")
        for draft, agency, text in rows.values_list(
            "block__draft_id", "agency_id", "proposed_text"
        ):
            if (draft, agency) in by_pair:
                by_pair[draft, agency].append(text)
    return by_pair


def statement_facts(
    status: StatementStatus,
    acronyms: dict[int, str],
    lifting: dict[tuple[int, int], list[str]],
    as_of: AsOf,
) -> Iterator[str]:
    """Yield what the data say of a statement, a sentence each. Pure."""
    zone, statement, step = as_of.group.zone, status.statement, status.step
    names = {"draft": status.number, "state": statement.get_state_display()}
    if step:
        yield _("Draft %(draft)d: %(step)s, until %(when)s.") % {
            **names,
            "step": step.get_level_display(),
            "when": formatting.moment(step.deadline, zone, as_of.now),
        }
        if step.broken_at:
            yield _("The silence was broken: %(when)s.") % {
                "when": formatting.moment(step.broken_at, zone, as_of.now)
            }
        elif step.silence:
            yield _("Silence approves.")
        missing = status.missing
        if missing.waiting:
            yield _("Waits for %(agencies)s.") % {"agencies": acronyms_of(missing.waiting)}
        for agency in missing.objecting:
            yield from objection_facts(status, agency, lifting[step.draft_id, agency.pk])
    elif statement.state == StatementState.AMENDMENTS and statement.amendments_until:
        yield _("Draft %(draft)d: amendments until %(when)s.") % {
            **names,
            "when": formatting.moment(statement.amendments_until, zone, as_of.now),
        }
    else:
        yield _("Draft %(draft)d: %(state)s.") % names
    if status.amendments:
        counts = Counter(acronyms[key] for key in status.amendments)
        yield ngettext(
            "%(n)d open amendment: %(agencies)s.",
            "%(n)d open amendments: %(agencies)s.",
            len(status.amendments),
        ) % {
            "n": len(status.amendments),
            "agencies": formatting.list_of(
                f"{name} ({count})" for name, count in sorted(counts.items())
            ),
        }


def objection_facts(
    status: StatementStatus, agency: Agency, proposed: Sequence[str]
) -> Iterator[str]:
    """Yield an objection and the words that would lift it. Pure.

    Both are of one agency.
    """
    position = status.positions[agency.pk]
    where = labels.labels_in_words(position.about) if position.about else _("the text as a whole")
    yield _("%(agency)s objects to %(where)s: “%(reason)s”") % {
        "agency": agency.acronym,
        "where": where,
        "reason": quoted(position.reason),
    }
    for text in proposed:
        yield (
            _("It would be lifted by: “%(text)s”") % {"text": quoted(text)}
            if text
            else _("It would be lifted by the deletion that it proposes.")
        )


def quoted(text: str) -> str:
    """Return a text on one line, cut at LONGEST_QUOTE. Pure."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"


def meeting_matters(term: ChairTerm, as_of: AsOf) -> Iterator[Matter]:
    """Yield the meetings of the term without an outcome, and those to come; one query.

    Two queries. They come up to AROUND_THE_TURN after the last day of the term.
    """
    zone = as_of.group.zone
    rows = Meeting.objects.filter(
        state=MeetingState.CONVENED,
        starts_at__gte=start_of(term.first_day, zone),
        starts_at__lt=start_of(term.last_day + AROUND_THE_TURN, zone),
    )
    ordered = rows.order_by("starts_at", "pk").select_related("chair_agency")
    for meeting, chairs in meetings.chairs_of(ordered, zone, as_of.sittings):
        is_over = meeting.ended(as_of.now)
        # what is to come today, and is over by the day that the page tells of
        if not is_over and meeting.ended(as_of.moment):
            continue
        names = {
            "when": formatting.plain_day(meeting.day)
            if meeting.known_by_day
            else formatting.moment(meeting.starts_at, zone, as_of.now),
            "agencies": acronyms_of(chairs) or _("nobody"),
        }
        yield Matter(
            MatterKind.MEETING,
            f"{meeting.pk}",
            meeting.title,
            reverse("meetings:meeting", args=[meeting.slug]),
            (
                _("It was on %(when)s; its outcome is not recorded.") % names
                if is_over
                else _("On %(when)s; %(agencies)s chairs.") % names,
            ),
            is_late=is_over,
        )


def action_matters(as_of: AsOf) -> Iterator[Matter]:
    """Yield the unsettled action items by due day.

    One query.
    """
    for item in meetings.open_items():
        owner = f"{item.agency} ({item.person})" if item.person else f"{item.agency}"
        state = _("in progress") if item.state == ActionState.IN_PROGRESS else _("open")
        yield Matter(
            MatterKind.ACTION,
            f"{item.pk}",
            item.title,
            meetings.address_of(item),
            (
                _("%(owner)s, %(state)s, %(due)s.")
                % {"owner": owner, "state": state, "due": due_words(item.due_day, as_of.on)},
            ),
            is_late=item.due_day < as_of.on,
        )


def due_words(day: date, on: date) -> str:
    """Return "due 1 December 2026", or how late it is. Pure.

    On a given day.
    """
    if day >= on:
        return _("due %(day)s") % {"day": formatting.plain_day(day)}
    days = (on - day).days
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def promise_matters(term: ChairTerm, as_of: AsOf) -> Iterator[Matter]:
    """Yield the open promises of all chairs.

    One query.
    """
    for promise in texts.open_promises():
        due = due_words(promise.due_day, as_of.on) if promise.due_day else _("without a day")
        yield Matter(
            MatterKind.PROMISE,
            f"{promise.pk}",
            promise.what,
            reverse("rotation:promise", args=[term.slug, promise.pk]),
            (
                _("To: %(whom)s; %(due)s; added by %(person)s.")
                % {"whom": promise.to_whom, "due": due, "person": promise.put_down_by},
            ),
            is_late=bool(promise.due_day and promise.due_day < as_of.on),
            row=promise,
        )


def people_matters(entries: Iterable[RosterEntry]) -> Iterator[Matter]:
    """Yield the members that are short of focal points. Pure."""
    for entry in entries:
        if entry.flag and entry.flag.kind in SHORTAGES:
            names = formatting.list_of(row.person.name for row in entry.focal_points)
            facts = [f"{entry.flag.sentence}; {entry.flag.expected}"]
            yield Matter(
                MatterKind.PEOPLE,
                f"{entry.agency.pk}",
                entry.agency.acronym,
                reverse("members:agency", args=[entry.agency.slug]),
                tuple([*facts, f"{names}."] if names else facts),
                is_late=entry.flag.kind == FlagKind.SHORTAGE,
            )


def place_matters(term: ChairTerm, entries: Iterable[RosterEntry], as_of: AsOf) -> Iterator[Matter]:
    """Yield the places and keys in use.

    One query.
    """
    members = {
        entry.agency.pk for entry in entries if entry.membership.standing == MembershipStatus.MEMBER
    }
    for place in texts.kept_places():
        has_left = place.agency_id not in members
        facts = [
            " · ".join(
                filter(
                    None,
                    [
                        place.where,
                        _("holder: %(holder)s (%(agency)s)")
                        % {"holder": place.holder, "agency": place.agency},
                    ],
                )
            )
        ]
        if has_left:
            facts.append(
                _("%(agency)s is no member on %(day)s: find another holder.")
                % {"agency": place.agency, "day": formatting.plain_day(as_of.on)}
            )
        yield Matter(
            PLACES,
            f"{place.pk}",
            place.what,
            reverse("rotation:place", args=[term.slug, place.pk]),
            tuple(facts),
            is_late=has_left,
            row=place,
        )
