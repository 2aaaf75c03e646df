"""What statements ask of a person, of their agencies and of the chair."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.asks import Ask, Scope
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.queries import group
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import members_by_day, members_on
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import Amendment, ClearanceStep, Draft, Statement
from coordination.statements.queries.positions import (
    Missing,
    Said,
    listed,
    missing,
    newest_positions,
)
from coordination.statements.queries.statements import live_statements, named_in


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement under way stands.

    Its newest draft's number, who amended it, its open step and what was said in it.

    `asked` are the agencies that are in; `named` their keys, None where all members are.
    `members_then` are the keys of the members of the day on which silence ends.
    """

    statement: Statement
    number: int
    step: ClearanceStep | None
    amendments: tuple[int, ...]
    said: Said
    asked: tuple[Agency, ...]
    members_then: frozenset[int]
    named: frozenset[int] | None
    now: datetime

    def asks(self, agency: Agency) -> bool:
        """Say whether the agency, a member, is in."""
        return self.named is None or agency.pk in self.named

    @property
    def passed(self) -> bool:
        """Say whether silence has passed in the open step."""
        return self.step is not None and self.step.passed(self.now)

    @property
    def heard(self) -> tuple[Agency, ...]:
        """Return the agencies for which silence has passed."""
        return (
            tuple(agency for agency in self.asked if agency.pk in self.members_then)
            if self.passed
            else ()
        )

    @property
    def missing(self) -> Missing:
        """Return who has not spoken in the open step, who objects, and who let silence pass."""
        return missing(self.said, self.asked, self.heard)


def asks(
    person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool
) -> list[Ask]:
    """Return what is asked of a person's agencies and of the chair's team.

    At most six queries.
    """
    return asks_of(standings(day, now, is_chair=is_chair), agencies, now, is_chair=is_chair)


def asks_of(
    found: Iterable[Standing], agencies: Sequence[Agency], now: datetime, *, is_chair: bool
) -> list[Ask]:
    """Return what statements that stand so ask of the agencies, and of the chair's team. Pure."""
    wanted: list[Ask] = []
    for standing in found:
        wanted += _of_agencies(standing, agencies, now)
        wanted += _of_chair(standing, now) if is_chair else []
    return wanted


def standings(
    day: date, now: datetime, *, is_chair: bool, house: Group | None = None
) -> list[Standing]:
    """Return where each statement under way stands at `now`, the oldest first; at most six queries.

    With the group at hand (`house`) one less.

    Those in drafting, and those adopted but not released, are the chair's.
    """
    own = Statement.objects.filter(state=StatementState.ADOPTED, released_at__isnull=True)
    live = (
        live_statements() | own.order_by("started_at", "pk")
        if is_chair
        else live_statements().exclude(state=StatementState.DRAFTING)
    )
    newest = Draft.objects.filter(statement=OuterRef("pk")).order_by("-number")
    rows: list[Any] = list(
        live.annotate(
            draft_pk=Subquery(newest.values("pk")[:1]),
            number=Coalesce(Subquery(newest.values("number")[:1]), 0),
            of_some=Exists(
                Statement.participating.through.objects.filter(statement=OuterRef("pk"))
            ),
            running=FilteredRelation("steps", condition=Q(steps__closed_at__isnull=True)),
            running_pk=F("running__pk"),  # the relation itself is not there when it leads nowhere
        ).select_related("running__draft")  # type: ignore[misc]  # the plugin does not know filtered relations
    )
    found = {row.pk: row for row in rows}.values()
    if not found:
        return []
    amended: dict[int, list[int]] = {}
    proposed = Amendment.objects.filter(
        block__draft__in=[row.draft_pk for row in found if row.draft_pk], state=AmendmentState.OPEN
    )
    for draft, agency in proposed.values_list("block__draft_id", "agency_id"):
        amended.setdefault(draft, []).append(agency)
    running = [row.running for row in found if row.running_pk]
    said = newest_positions(running) if running else {}
    everybody = tuple(members_on(day)) if running else ()
    named = named_in(found) if any(row.of_some for row in found) else {}
    silent = [step for step in running if step.silence]
    zone = (house or group()).zone if silent else None
    ends = {step.pk: day_at(step.deadline, zone) for step in silent if zone}
    then = members_by_day(set(ends.values())) if ends else {}
    return [
        Standing(
            row,
            row.number,
            row.running if row.running_pk else None,
            tuple(amended.get(row.draft_pk, ())),
            said.get(row.running_pk, {}),
            tuple(
                agency for agency in everybody if row.pk not in named or agency.pk in named[row.pk]
            ),
            then[ends[row.running_pk]] if row.running_pk in ends else frozenset(),
            named.get(row.pk),
            now,
        )
        for row in found
    ]


def _of_agencies(standing: Standing, agencies: Sequence[Agency], now: datetime) -> Iterator[Ask]:
    """Yield what the statement asks of the person's agencies."""
    statement, number = standing.statement, standing.number
    until = statement.amendments_until
    if until and statement.state == StatementState.AMENDMENTS and now < until:
        silent = [
            agency
            for agency in agencies
            if agency.pk not in standing.amendments and standing.asks(agency)
        ]
        if silent:
            yield Ask(
                title=_("Amend draft %(number)s: %(title)s")
                % {"number": number, "title": statement.title},
                detail=_("%(agency)s has proposed nothing yet.") % {"agency": listed(silent)},
                url=reverse("statements:show", args=[statement.slug]) + "#text",
                verb=_("Read and amend"),
                deadline=until,
                scope=Scope.AGENCY,
                kind="statements.amend",
            )
    if standing.step:
        waiting = [agency for agency in standing.missing.waiting if agency in agencies]
        if waiting:
            yield _position_ask(standing, standing.step, waiting)


def _position_ask(standing: Standing, step: ClearanceStep, waiting: Sequence[Agency]) -> Ask:
    """Return the question for a position.

    Without a deadline where silence was broken, and of whoever joined after it had passed.
    """
    statement = standing.statement
    return Ask(
        title=_("Approve or object, %(step)s: %(title)s")
        % {"step": step.get_level_display(), "title": statement.title},
        detail=(_("Silence approves. ") if step.silent and not standing.passed else "")
        + ngettext(
            "%(agency)s has not spoken yet.", "%(agency)s have not spoken yet.", len(waiting)
        )
        % {"agency": listed(waiting)},
        url=reverse("statements:positions", args=[statement.slug]) + "#take",
        verb=_("Take a position"),
        deadline=None if standing.passed or step.broken_at else step.deadline,
        scope=Scope.AGENCY,
        kind="statements.position",
    )


def _of_chair(standing: Standing, now: datetime) -> Iterator[Ask]:
    """Yield what the statement asks of the chair's team."""
    statement, number = standing.statement, standing.number
    words = {"title": statement.title, "number": number, "next": number + 1}
    slug = [statement.slug]
    until = statement.amendments_until
    ended = statement.state == StatementState.AMENDMENTS and until is not None and now >= until
    if statement.state == StatementState.DRAFTING:
        yield _chair_ask(
            _("Circulate draft 1: %(title)s") % words,
            reverse("statements:circulate", args=slug),
            _("Circulate"),
        )
    elif ended:
        title = _("Consolidate draft %(number)s: %(title)s") % words
        yield _chair_ask(
            title,
            reverse("statements:act", args=[*slug, "close"]),
            _("Begin consolidation"),
            deadline=until,
        )
    elif statement.state == StatementState.CONSOLIDATION:
        left = len(standing.amendments)
        detail = ngettext("%(n)d amendment is open.", "%(n)d amendments are open.", left) % {
            "n": left
        }
        yield _chair_ask(
            _("Issue draft %(next)s: %(title)s") % words,
            reverse("statements:consolidate", args=slug),
            _("Consolidate"),
            detail=detail,
        )
    elif statement.state == StatementState.ADOPTED:
        yield _chair_ask(
            _("Release: %(title)s") % words,
            reverse("statements:act", args=[*slug, "release"]),
            _("Release"),
        )
    elif standing.step:
        yield from _of_chair_in_clearance(standing, standing.step)


def _of_chair_in_clearance(standing: Standing, step: ClearanceStep) -> Iterator[Ask]:
    """Yield what comes next in clearance.

    The chair may chase the silent, return the text, begin the silence anew, open the next step or
    adopt.
    """
    state = standing.missing
    slug = [standing.statement.slug]
    words = {"title": standing.statement.title, "step": step.get_level_display()}
    positions = reverse("statements:positions", args=slug)
    if state.objecting:
        title, broken = (
            _("Answer an objection: %(title)s") % words,
            _while_broken(standing) if step.broken_at else "",
        )
        yield _chair_ask(
            title,
            positions,
            _("See positions"),
            deadline=step.deadline,
            detail=broken + state.sentence,
        )
    elif state.waiting and step.broken_at:
        title, url = (
            _("Move the deadline, so that silence begins anew: %(title)s") % words,
            reverse("statements:extend", args=slug),
        )
        yield _chair_ask(
            title,
            url,
            _("Move the deadline"),
            deadline=step.deadline,
            detail=_while_broken(standing) + state.sentence,
        )
    elif state.waiting:
        title = _("Hear from all, %(step)s: %(title)s") % words
        yield _chair_ask(
            title, positions, _("See positions"), deadline=step.deadline, detail=state.sentence
        )
    elif step.position == len(standing.statement.planned):
        yield _chair_ask(
            _("Adopt: %(title)s") % words,
            reverse("statements:act", args=[*slug, "adopt"]),
            _("Adopt"),
            detail=state.sentence,
        )
    else:
        title = _("Open the next step: %(title)s") % words
        yield _chair_ask(
            title,
            reverse("statements:open_step", args=slug),
            _("Open the step"),
            detail=state.sentence,
        )


def _while_broken(standing: Standing) -> str:
    """Return what the chair can do after silence was broken.

    Nobody is reminded while the clock stands still.
    """
    if not standing.missing.objecting:
        return _(
            "Silence on draft %(number)s was broken, and nobody objects any more. Until it begins "
            "anew nobody is reminded. "
        ) % {"number": standing.number}
    return _(
        "Silence on draft %(number)s is broken, and nobody is reminded: settle it with "
        "%(agencies)s, or return the text to consolidation. "
    ) % {"number": standing.number, "agencies": listed(standing.missing.objecting)}


def _chair_ask(
    title: str, url: str, verb: str, *, deadline: datetime | None = None, detail: str = ""
) -> Ask:
    return Ask(
        title=title,
        url=url,
        verb=verb,
        deadline=deadline,
        detail=detail,
        scope=Scope.CHAIR,
        kind="statements.chair",
    )
