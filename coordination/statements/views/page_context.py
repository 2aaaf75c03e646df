"""The context that all pages of a statement share.

The statement as the reader may see it, the stepper, the links to its views, and the bar.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.http import AuthenticatedRequest, HttpRequest, once
from coordination.core.next_steps import NextStep
from coordination.members.models import Agency
from coordination.statements.actions import readings
from coordination.statements.enums import LIVE_STATES, StatementState
from coordination.statements.errors import NotParticipating
from coordination.statements.models import ClearanceStep, Draft, Statement
from coordination.statements.queries import (
    comments,
    lifecycle,
    next_steps,
    paragraphs,
    positions,
    standing,
    statements,
)
from coordination.statements.queries.block_views import BlockView
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.standing import Work
from coordination.statements.queries.statements import Access

UNISSUED = frozenset({StatementState.CONSOLIDATION, StatementState.WITHDRAWN})
# when there are amendments to lay into the text
COMPILED = frozenset({StatementState.AMENDMENTS, StatementState.CONSOLIDATION})

# what the chair does on the positions page, to which a link of its own leads
LEADS_TO_POSITIONS = frozenset({"statements.hear"})
# possible, but only where the positions are shown
ON_POSITIONS = frozenset({"statements.call", "statements.write"})
READ = "statements.read"
AMEND = frozenset({"statements.amend", "statements.lift"})
REVIEW = "statements.review_word"


@dataclass(frozen=True, slots=True)
class VisibleStatement:
    """A statement as a reader sees it.

    `named` are the agencies (by key) that are in, None where all members are.
    """

    statement: Statement
    access: Access
    draft: Draft | None
    steps: tuple[ClearanceStep, ...]
    named: frozenset[int] | None = None

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Return the reader's agencies that participate."""
        return tuple(
            agency
            for agency in self.access.agencies
            if self.named is None or agency.pk in self.named
        )

    @property
    def provisional(self) -> bool:
        """Say whether settlements are hidden from this reader.

        Until the next draft is issued the chair may undo them.
        """
        return self.statement.state in UNISSUED and not self.access.chair


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a bar; the main one is the next act."""

    label: str
    url: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The state of a statement, its deadline, and the reader's next steps.

    `why` is the reason for the next act, "" where the page itself tells it. The link to that act
    is the first.
    """

    sentence: str
    deadline: datetime | None
    links: tuple[Link, ...]
    why: str = ""


def visible_statement(request: HttpRequest, slug: str) -> VisibleStatement:
    """Return the statement as the reader may see it, or raise Http404.

    One that the reader may not see answers as one that does not exist.
    """
    access = request_access(request)
    statement, draft = statements.statement_with_draft(access, slug)
    if statement is None:
        raise Http404
    named: frozenset[int] | None = None
    if draft and draft.of_some:  # type: ignore[attr-defined]  # annotated
        named = statements.named_agencies([statement])[statement.pk]
    return VisibleStatement(statement, access, draft, tuple(positions.steps_of(statement)), named)


def request_access(request: HttpRequest) -> Access:
    """Return the reader's access on the request's day, read once per request."""
    return once(
        request,
        "access",
        make=lambda: statements.access_of(request.user, permissions.on_page(request)),
    )


def working(request: HttpRequest, slug: str) -> VisibleStatement:
    """Return the statement for a working page, or answer 404.

    Only those who belong see it; for others only the public page exists.
    """
    visible = visible_statement(request, slug)
    if not visible.access.belongs:
        raise Http404
    return visible


def participants_of(request: HttpRequest, visible: VisibleStatement) -> list[Agency]:
    """Return the agencies that participate in the statement, read once per request."""
    statement = visible.statement.pk
    return once(
        request,
        "participants",
        statement,
        make=lambda: list(statements.participants_on(statement, request.day)),
    )


def note_reading(request: HttpRequest, visible: VisibleStatement) -> None:
    """Record that the reader's agencies opened a draft new to them."""
    draft = visible.draft
    if request.method != "GET" or draft is None or draft.circulated_at is None:
        return
    if draft.unread:  # type: ignore[attr-defined]  # annotated
        readings.note_reading(draft, visible.access, at=request.now)


def require_voice(request: AuthenticatedRequest, visible: VisibleStatement, name: str) -> None:
    """Raise NotAllowed or NotParticipating unless the reader's agency may speak."""
    if not visible.access.agencies:
        permissions.require_offered(request, name, visible.statement)
    elif not visible.agencies:
        raise NotParticipating(visible.access.agencies[0])


def spoken_for(request: HttpRequest, agencies: tuple[Agency, ...]) -> Agency | None:
    """Return the reader's agency that a form was sent for.

    Or the one asked for (`?for=`). None where none of them is named.
    """
    sent, asked = request.POST.get("agency"), request.GET.get("for")
    return next(
        (
            agency
            for agency in agencies
            if (str(agency.pk) == sent if sent else agency.slug == asked)
        ),
        None,
    )


def for_chair(request: AuthenticatedRequest, slug: str, name: str) -> VisibleStatement:
    """Return the statement for a page of the chair's team.

    Raises NotAllowed for others who belong.
    """
    visible = working(request, slug)
    if not visible.access.chair:
        permissions.require_offered(request, name, visible.statement)
    return visible


def newest(visible: VisibleStatement) -> Draft:
    """Return the newest draft; Http404 for an old statement without its text."""
    if visible.draft is None:
        raise Http404
    return visible.draft


def draft_of(visible: VisibleStatement, number: int) -> Draft:
    """Return a draft that the reader may see, or raise Http404."""
    if (
        visible.draft
        and visible.draft.number == number
        and (visible.draft.circulated_at or visible.access.chair)
    ):
        return visible.draft
    found = visible.statement.drafts.select_related("circulated_by").filter(number=number)
    return readable(visible, found.first())


def readable(visible: VisibleStatement, draft: Draft | None) -> Draft:
    """Return a draft of the statement if the reader may see it, or raise Http404."""
    if draft is None or (draft.circulated_at is None and not visible.access.chair):
        raise Http404
    return draft


def number_of(request: HttpRequest, name: str, otherwise: int) -> int:
    """Return a number from the query string, or `otherwise`."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 5 else otherwise  # noqa: PLR2004 - no statement has 10,000 drafts


def page_head(
    request: HttpRequest,
    visible: VisibleStatement,
    current: str,
    views: Iterable[BlockView] | None = None,
) -> dict[str, Any]:
    """Return the context of the head of a statement's pages.

    With `views`, all paragraphs of the newest draft, the bar needs no query for its amendments.
    """
    return {
        "statement": visible.statement,
        "access": visible.access,
        "newest": visible.draft,
        "stepper": lifecycle.lifecycle_steps(
            visible.statement,
            visible.draft,
            visible.steps,
            lifecycle.ReaderTime(request.reader.zone, request.now, request.group.zone),
        ),
        "views": views_of(visible, current, balance=request.group.balance_shown)
        if visible.access.belongs
        else [],
        # the pages of acts do not show it, and it has a query of its own
        "bar": SimpleLazyObject(
            lambda: bar(request, visible, current, views=views) if visible.access.belongs else None
        ),
        "current": current,
    }


def views_of(visible: VisibleStatement, current: str, *, balance: bool) -> list[dict[str, object]]:
    """Return links to the views that have something to show."""
    slug = [visible.statement.slug]
    state = visible.statement.state
    shown = [("show", _("Read"), True)]
    if visible.draft is not None:
        shown += [
            (
                "consolidate",
                _("Consolidate"),
                visible.access.chair and state == StatementState.CONSOLIDATION,
            ),
            ("compile", _("Compile"), state in COMPILED),
            ("compare", _("Compare"), visible.draft.number > 1),
            ("word", _("Word"), True),
            (
                "discuss",
                _("Discuss"),
                visible.draft.circulated_at is not None and _may_be_read(visible),
            ),
            ("balance", _("Mandates"), balance and visible.draft.circulated_at is not None),
            ("origins", _("Who wrote this"), visible.draft.number > 1),
            ("positions", _("Positions"), bool(visible.steps)),
            (
                "decision",
                _("On one page"),
                bool(visible.access.offices) and visible.draft.circulated_at is not None,
            ),
        ]
    shown.append(("history", _("History"), True))
    here = current if current in {name for name, _label, _there in shown} else "show"
    return [
        {"label": label, "url": reverse(f"statements:{name}", args=slug), "current": name == here}
        for name, label, there in shown
        if there
    ]


def _may_be_read(visible: VisibleStatement) -> bool:
    """Say whether there is a discussion to read.

    Until the adoption there may be one at any time, after it where something was said.
    """
    if visible.statement.state in LIVE_STATES:
        return True
    return comments.has_comments(visible.statement)


def facts_of(visible: VisibleStatement, now: datetime) -> StatementFacts:
    """Return the facts for next steps, without those of clearance."""
    in_review = visible.draft.in_review if visible.draft else None  # type: ignore[attr-defined]  # annotated
    return StatementFacts(
        statement=visible.statement,
        number=visible.draft.number if visible.draft else 0,
        at=now,
        step=next((step for step in reversed(visible.steps) if step.closed_at is None), None),
        named=visible.named,
        in_review=frozenset({in_review} if in_review else ()),
    )


def steps_of_reader(facts: StatementFacts, access: Access) -> list[NextStep]:
    """Return what a reader must or may do next. Pure."""
    return next_steps.next_steps(
        facts, access.agencies, is_chair=access.chair, offices=access.offices
    )


def bar(
    request: HttpRequest,
    visible: VisibleStatement,
    current: str,
    facts: StatementFacts | None = None,
    *,
    views: Iterable[BlockView] | None = None,
) -> Bar | None:
    """Return a page's bar: the state and the reader's next steps.

    At most one query, and none with `facts`.
    """
    facts = facts or all_facts(request, visible, current, views)
    sentence, deadline = _where_it_stands(facts)
    steps = steps_of_reader(facts, visible.access)
    # a link to the page that it is on does nothing
    here = {
        step
        for step in steps
        if (current == "show" and step.kind in AMEND)
        or (current == "decision" and step.kind == READ)
        or (current == "word" and step.kind == REVIEW)
    }
    act = next_steps.next_act([step for step in steps if step not in here])
    links = [Link(act.verb, act.url, main=True)] if act else []
    if (
        facts.step
        and current != "positions"
        and all(step.kind != "statements.position" for step in steps)
    ):
        url = reverse("statements:positions", args=[visible.statement.slug])
        links.append(Link(_("See positions"), url, main=not act))
    links += [
        Link(step.verb, step.url)
        for step in steps
        if step != act
        and step not in here
        and step.kind not in LEADS_TO_POSITIONS
        and (current == "positions" or step.kind not in ON_POSITIONS)
    ]
    why = _why(act, current)
    if not why and any(step.kind in AMEND for step in here):
        why = _("“Amend” stands beside each paragraph.")
    return Bar(sentence, deadline, tuple(links), why) if sentence else None


def all_facts(
    request: HttpRequest,
    visible: VisibleStatement,
    current: str,
    views: Iterable[BlockView] | None = None,
) -> StatementFacts:
    """Return the facts for next steps, with clearance or settlements.

    At most one query. `views` are as in `page_head`.
    """
    facts = facts_of(visible, request.now)
    state, draft = visible.statement.state, visible.draft
    if draft is None or state not in COMPILED:
        return next_steps.with_clearance(facts, request.day, request.group)
    consolidating = state == StatementState.CONSOLIDATION
    # agencies may amend, and the page of the text has no link to itself
    asked = visible.access.chair if consolidating else visible.agencies and current != "show"
    if not asked:
        return facts
    if views is not None:
        open_to = paragraphs.proposing(views)
        # nobody has objected before the first step of clearance
        if open_to or not consolidating or not visible.steps:
            return replace(facts, amended=open_to)
    work = standing.work_on([draft.pk], request.day).get(visible.statement.pk, Work())
    return next_steps.with_work(facts, work)


def _why(act: NextStep | None, current: str) -> str:
    """Return why an act is due.

    The positions page says it in its own words, except that an objection may be answered there.
    """
    if act is None or act.kind in AMEND:
        return ""
    return act.why if current != "positions" or act.kind == next_steps.RETURN else ""


def _where_it_stands(facts: StatementFacts) -> tuple[str, datetime | None]:
    """Return where the statement stands as a sentence, and the deadline that runs.

    The sentence is "" once the statement is released.
    """
    statement, words = facts.statement, {"n": facts.number, "next": facts.number + 1}
    state = StatementState(statement.state)
    if state == StatementState.CLEARANCE:
        return _clearance(facts)
    if state == StatementState.WITHDRAWN:
        return _withdrawn(statement), None
    if state == StatementState.AMENDMENTS and not facts.amendments_over:
        sentence = _("Draft %(n)s is open to amendments.") % words
        return sentence + _why_short(statement), statement.amendments_until
    if statement.released_at is not None:
        return "", None
    if state == StatementState.ADOPTED and statement.release_planned_for is not None:
        sentence = _("Adopted; only the agencies see it before its planned release.")
        return sentence, statement.release_planned_for
    sentences = {
        StatementState.DRAFTING: _("Draft 1 is in preparation; only the chair’s team sees it."),
        StatementState.AMENDMENTS: _(
            "Amendments to draft %(n)s are closed; the chair consolidates next."
        ),
        StatementState.CONSOLIDATION: _("The chair works the amendments into draft %(next)s."),
        StatementState.ADOPTED: _(
            "Adopted, and not public yet: only the agencies see it until its release."
        ),
    }
    return sentences[state] % words, None


def _clearance(facts: StatementFacts) -> tuple[str, datetime | None]:
    """Return where clearance stands.

    Once silence has passed or was broken, no deadline is shown.
    """
    step, words = facts.step, {"n": facts.number}
    if facts.silence_passed:
        return _("Silence on draft %(n)s has passed: nobody broke it.") % words, None
    if step and step.broken_at:
        return _("Silence on draft %(n)s was broken; the clock stands still.") % words, None
    sentence = _("Every agency is asked for its position on draft %(n)s.")
    if step and step.silence:
        sentence = _("Draft %(n)s is under silence: who does not speak approves.")
    return sentence % words + _why_short(step), step.deadline if step else None


def _why_short(short: Statement | ClearanceStep | None) -> str:
    """Return who shortened a time and why, or ""."""
    if short is None or not short.short_reason:
        return ""
    words = {"reason": short.short_reason, "who": short.short_by}
    return _(" Shorter than usual: “%(reason)s” (%(who)s)") % words


def _withdrawn(statement: Statement) -> str:
    """Return that the statement was withdrawn, by whom and why; one query."""
    sentence = _("This statement was withdrawn; what was said stays on record.")
    end = statements.withdrawal_of(statement)
    return f"{sentence} {end.who or _('The chair')}: “{end.reason}”" if end else sentence
