"""What statements ask of a person, of their agencies and of the chair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.asks import Ask, Scope
from coordination.members import queries as members
from coordination.members.models import Agency, Person
from coordination.statements.enums import STEPS, AmendmentState, StatementState
from coordination.statements.models import Amendment, ClearanceStep, Draft, Statement
from coordination.statements.queries.positions import Said, listed, missing, newest_positions
from coordination.statements.queries.statements import live_statements


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement under way stands: its newest draft, the open amendments by agency, its open step and what was said in it."""

    statement: Statement
    draft: Draft | None
    step: ClearanceStep | None
    amendments: tuple[int, ...]
    said: Said
    asked: tuple[Agency, ...]


def asks(person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool) -> list[Ask]:
    """Return what is asked of the agencies for which the person acts, and of the chair's team; at most six queries."""
    found: list[Ask] = []
    for standing in standings(day, is_chair=is_chair):
        found += _of_agencies(standing, agencies, now)
        found += _of_chair(standing, now) if is_chair else []
    return found


def standings(day: date, *, is_chair: bool) -> list[Standing]:
    """Return where each statement under way stands; those in drafting, and those adopted but not released, are the chair's."""
    drafts = Draft.objects.order_by("-number")
    steps = ClearanceStep.objects.filter(closed_at__isnull=True).select_related("draft")
    own = Statement.objects.filter(state=StatementState.ADOPTED, released_at__isnull=True)
    live = live_statements() | own.order_by("started_at", "pk") if is_chair else live_statements().exclude(state=StatementState.DRAFTING)
    found: list[Any] = list(
        live.prefetch_related(Prefetch("drafts", drafts, to_attr="newest"), Prefetch("steps", steps, to_attr="running"))
    )
    if not found:
        return []
    newest: dict[int, Draft | None] = {statement.pk: next(iter(statement.newest), None) for statement in found}
    amended: dict[int, list[int]] = {}
    rows = Amendment.objects.filter(block__draft__in=[d.pk for d in newest.values() if d], state=AmendmentState.OPEN)
    for draft, agency in rows.values_list("block__draft_id", "agency_id"):
        amended.setdefault(draft, []).append(agency)
    running: dict[int, ClearanceStep] = {statement.pk: statement.running[-1] for statement in found if statement.running}
    said = newest_positions(running.values())
    asked = tuple(members.members_on(day)) if running else ()
    return [_standing(statement, newest[statement.pk], running.get(statement.pk), amended, said, asked) for statement in found]


def _standing(
    statement: Statement,
    draft: Draft | None,
    step: ClearanceStep | None,
    amended: dict[int, list[int]],
    said: Mapping[int, Said],
    asked: tuple[Agency, ...],
) -> Standing:
    amendments = tuple(amended.get(draft.pk, ())) if draft else ()
    return Standing(statement, draft, step, amendments, said.get(step.pk, {}) if step else {}, asked)


def _of_agencies(standing: Standing, agencies: Sequence[Agency], now: datetime) -> Iterator[Ask]:
    """Yield what the statement asks of the person's agencies."""
    statement, draft = standing.statement, standing.draft
    until = statement.amendments_until
    if draft and until and statement.state == StatementState.AMENDMENTS and now < until:
        silent = [agency for agency in agencies if agency.pk not in standing.amendments]
        if silent:
            yield Ask(
                title=_("Amend draft %(number)s: %(title)s") % {"number": draft.number, "title": statement.title},
                detail=_("%(agency)s has proposed nothing yet.") % {"agency": listed(silent)},
                url=reverse("statements:show", args=[statement.slug]) + "#text",
                verb=_("Read and amend"),
                deadline=until,
                scope=Scope.AGENCY,
                kind="statements.amend",
            )
    if standing.step:
        waiting = [agency for agency in missing(standing.said, standing.asked).waiting if agency in agencies]
        if waiting:
            yield _position_ask(standing.step, statement, waiting)


def _position_ask(step: ClearanceStep, statement: Statement, waiting: Sequence[Agency]) -> Ask:
    return Ask(
        title=_("Approve or object, %(step)s: %(title)s") % {"step": step.get_level_display(), "title": statement.title},
        detail=ngettext("%(agency)s has not spoken yet.", "%(agency)s have not spoken yet.", len(waiting)) % {"agency": listed(waiting)},
        url=reverse("statements:positions", args=[statement.slug]) + "#take",
        verb=_("Take a position"),
        deadline=step.deadline,
        scope=Scope.AGENCY,
        kind="statements.position",
    )


def _of_chair(standing: Standing, now: datetime) -> Iterator[Ask]:
    """Yield what the statement asks of the chair's team."""
    statement, number = standing.statement, standing.draft.number if standing.draft else 0
    words = {"title": statement.title, "number": number, "next": number + 1}
    slug = [statement.slug]
    until = statement.amendments_until
    ended = statement.state == StatementState.AMENDMENTS and until is not None and now >= until
    if statement.state == StatementState.DRAFTING:
        yield _chair_ask(_("Circulate draft 1: %(title)s") % words, reverse("statements:circulate", args=slug), _("Circulate"))
    elif ended:
        title = _("Consolidate draft %(number)s: %(title)s") % words
        yield _chair_ask(title, reverse("statements:act", args=[*slug, "close"]), _("Begin consolidation"), deadline=until)
    elif statement.state == StatementState.CONSOLIDATION:
        left = len(standing.amendments)
        detail = ngettext("%(n)d amendment is open.", "%(n)d amendments are open.", left) % {"n": left}
        yield _chair_ask(
            _("Issue draft %(next)s: %(title)s") % words, reverse("statements:consolidate", args=slug), _("Consolidate"), detail=detail
        )
    elif statement.state == StatementState.ADOPTED:
        yield _chair_ask(_("Release: %(title)s") % words, reverse("statements:act", args=[*slug, "release"]), _("Release"))
    elif standing.step:
        yield from _of_chair_in_clearance(standing, standing.step)


def _of_chair_in_clearance(standing: Standing, step: ClearanceStep) -> Iterator[Ask]:
    """Yield what comes next in clearance: chase, return the text, open the next step, adopt."""
    state = missing(standing.said, standing.asked)
    slug = [standing.statement.slug]
    words = {"title": standing.statement.title, "step": step.get_level_display()}
    positions = reverse("statements:positions", args=slug)
    if state.objecting:
        yield _chair_ask(
            _("Answer an objection: %(title)s") % words, positions, _("See positions"), deadline=step.deadline, detail=state.sentence
        )
    elif state.waiting:
        title = _("Hear from all, %(step)s: %(title)s") % words
        yield _chair_ask(title, positions, _("See positions"), deadline=step.deadline, detail=state.sentence)
    elif step.level == STEPS[-1]:
        yield _chair_ask(_("Adopt: %(title)s") % words, reverse("statements:act", args=[*slug, "adopt"]), _("Adopt"), detail=state.sentence)
    else:
        title = _("Open principals’ approval: %(title)s") % words
        yield _chair_ask(title, reverse("statements:open_step", args=slug), _("Open the step"), detail=state.sentence)


def _chair_ask(title: str, url: str, verb: str, *, deadline: datetime | None = None, detail: str = "") -> Ask:
    return Ask(title=title, url=url, verb=verb, deadline=deadline, detail=detail, scope=Scope.CHAIR, kind="statements.chair")
