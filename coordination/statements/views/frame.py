"""What every page of a statement begins with.

Who sees it, the stepper, the links to its views, and what is to be done.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.http import AuthenticatedRequest, HttpRequest, once
from coordination.core.permissions import On
from coordination.members.models import Agency
from coordination.statements.actions import readings
from coordination.statements.enums import LIVE, StatementState
from coordination.statements.errors import NotParticipating
from coordination.statements.models import ClearanceStep, Draft, Statement
from coordination.statements.queries import comments, life, positions, statements
from coordination.statements.queries.statements import Reach

UNISSUED = frozenset({StatementState.CONSOLIDATION, StatementState.WITHDRAWN})
# when there are amendments to lay into the text
COMPILED = frozenset({StatementState.AMENDMENTS, StatementState.CONSOLIDATION})


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement as a reader sees it.

    `named` are the agencies (by key) that are in, None where all members are.
    """

    statement: Statement
    reach: Reach
    draft: Draft | None
    steps: tuple[ClearanceStep, ...]
    named: frozenset[int] | None = None

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Return the agencies for which the reader may act here: theirs, where they are in."""
        return tuple(
            agency
            for agency in self.reach.agencies
            if self.named is None or agency.pk in self.named
        )

    @property
    def provisional(self) -> bool:
        """Say whether what is settled is the chair's alone.

        It may still be undone, or was never issued.
        """
        return self.statement.state in UNISSUED and not self.reach.chair


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a bar: its words and address; the main one is the next thing to do."""

    label: str
    url: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the statement stands, until when, and what the reader can do about it."""

    sentence: str
    deadline: datetime | None
    links: tuple[Link, ...]


def seen(request: HttpRequest, slug: str) -> Seen:
    """Return the statement, or answer 404 when the reader may not know of it.

    The answer is the same as for one that does not exist.
    """
    reach = reach_seen(request)
    statement, draft = statements.statement_at(reach, slug)
    if statement is None:
        raise Http404
    named: frozenset[int] | None = None
    if draft and draft.of_some:  # type: ignore[attr-defined]  # annotated
        named = statements.named_in([statement])[statement.pk]
    return Seen(statement, reach, draft, tuple(positions.steps_of(statement)), named)


def reach_seen(request: HttpRequest) -> Reach:
    """Return what the reader may see and act for on the request's day; asked once per request."""
    return once(request, "reach", make=lambda: _reach(request))


def _reach(request: HttpRequest) -> Reach:
    return statements.reach_of(
        request.user,
        request.day,
        is_chair=lambda: permissions.offered(request, "rotation.chair"),
    )


def working(request: HttpRequest, slug: str) -> Seen:
    """Return the statement for a working page, or answer 404.

    Only those who belong see it; for others only the public page exists.
    """
    found = seen(request, slug)
    if not found.reach.belongs:
        raise Http404
    return found


def note_reading(request: HttpRequest, found: Seen) -> None:
    """Note that the reader's agencies have the newest draft before them.

    Nothing happens if they had it already.
    """
    draft = found.draft
    if request.method != "GET" or draft is None or draft.circulated_at is None:
        return
    if draft.unread:  # type: ignore[attr-defined]  # annotated
        readings.note_reading(draft, found.reach, at=request.now)


def require_voice(request: AuthenticatedRequest, found: Seen, name: str) -> None:
    """Raise NotAllowed or NotParticipating unless the reader may speak for an agency that is in."""
    if not found.reach.agencies:
        permissions.require(request.user, name, On(request.day, found.statement))
    elif not found.agencies:
        raise NotParticipating(found.reach.agencies[0])


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


def for_chair(request: AuthenticatedRequest, slug: str, name: str) -> Seen:
    """Return the statement for a page of the chair's team.

    Raises NotAllowed for others who belong.
    """
    found = working(request, slug)
    if not found.reach.chair:
        permissions.require(request.user, name, On(request.day, found.statement))
    return found


def newest(found: Seen) -> Draft:
    """Return the newest draft, or answer 404 for an old statement of which the text is not here."""
    if found.draft is None:
        raise Http404
    return found.draft


def draft_of(found: Seen, number: int) -> Draft:
    """Return a draft that the reader may see, or answer 404; the newest is at hand."""
    if (
        found.draft
        and found.draft.number == number
        and (found.draft.circulated_at or found.reach.chair)
    ):
        return found.draft
    draft = get_object_or_404(found.statement.drafts.select_related("circulated_by"), number=number)
    if draft.circulated_at is None and not found.reach.chair:
        raise Http404
    return draft


def number_of(request: HttpRequest, name: str, otherwise: int) -> int:
    """Return the number of a draft from the address, or what is meant without one."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 5 else otherwise  # noqa: PLR2004 - no statement has 10,000 drafts


def frame(request: HttpRequest, found: Seen, current: str) -> dict[str, Any]:
    """Return what the head of each page of a statement shows."""
    return {
        "statement": found.statement,
        "reach": found.reach,
        "newest": found.draft,
        "stepper": life.life(
            found.statement, found.draft, found.steps, request.reader.zone, request.now
        ),
        "views": views_of(found, current, balance=request.group.balance_shown)
        if found.reach.belongs
        else [],
        "bar": bar(found, request.now) if found.reach.belongs else None,
        "current": current,
    }


def views_of(found: Seen, current: str, *, balance: bool) -> list[dict[str, object]]:
    """Return the views of a statement as links, those that have something to show."""
    slug = [found.statement.slug]
    state = found.statement.state
    shown = [("show", _("Read"), True)]
    if found.draft is not None:
        shown += [
            (
                "consolidate",
                _("Consolidate"),
                found.reach.chair and state == StatementState.CONSOLIDATION,
            ),
            ("compile", _("Compile"), state in COMPILED),
            ("compare", _("Compare"), found.draft.number > 1),
            (
                "discuss",
                _("Discuss"),
                found.draft.circulated_at is not None and _may_be_read(found),
            ),
            ("balance", _("Mandates"), balance and found.draft.circulated_at is not None),
            ("origins", _("Who wrote this"), found.draft.number > 1),
            ("positions", _("Positions"), bool(found.steps)),
        ]
    shown.append(("history", _("History"), True))
    here = current if current in {name for name, _label, _there in shown} else "show"
    return [
        {"label": label, "url": reverse(f"statements:{name}", args=slug), "current": name == here}
        for name, label, there in shown
        if there
    ]


def _may_be_read(found: Seen) -> bool:
    """Say whether there is a discussion to read.

    Until the adoption there may be one at any time, after it where something was said.
    """
    if found.statement.state in LIVE:
        return True
    return comments.was_discussed(found.statement)


def bar(found: Seen, now: datetime) -> Bar | None:
    """Return where the statement stands and what comes next for this reader."""
    state = StatementState(found.statement.state)
    sentences = {
        StatementState.DRAFTING: _drafting,
        StatementState.AMENDMENTS: _amendments,
        StatementState.CONSOLIDATION: _consolidation,
        StatementState.CLEARANCE: _clearance,
        StatementState.ADOPTED: _adopted,
        StatementState.WITHDRAWN: _withdrawn,
    }
    return sentences[state](found, found.draft.number if found.draft else 0, now)


def _url(found: Seen, name: str, *more: object) -> str:
    return reverse(f"statements:{name}", args=[found.statement.slug, *more])


def _links(*links: Link | None) -> tuple[Link, ...]:
    return tuple(link for link in links if link)


def _drafting(found: Seen, number: int, now: datetime) -> Bar:
    links = (
        Link(_("Circulate draft 1"), _url(found, "circulate"), main=True),
        Link(_("Replace the text"), _url(found, "paste")),
        Link(_("Withdraw"), _url(found, "act", "withdraw")),
    )
    return Bar(_("Draft 1 is in preparation; only the chair’s team sees it."), None, links)


def _amendments(found: Seen, number: int, now: datetime) -> Bar:
    until = found.statement.amendments_until
    close = Link(
        _("Close amendments"), _url(found, "act", "close"), main=bool(until and now >= until)
    )
    withdraw = Link(_("Withdraw the statement"), _url(found, "act", "withdraw"))
    more = Link(_("More time"), _url(found, "reopen_amendments"))
    chair = [close, more, withdraw] if found.reach.chair else []
    if until and now >= until:
        return Bar(
            _("Amendments to draft %(n)s are closed; the chair consolidates next.") % {"n": number},
            None,
            _links(*chair),
        )
    read = (
        Link(_("Read and amend"), _url(found, "show") + "#text", main=True)
        if found.agencies
        else None
    )
    return Bar(_("Draft %(n)s is open to amendments.") % {"n": number}, until, _links(read, *chair))


def _consolidation(found: Seen, number: int, now: datetime) -> Bar:
    sentence = _("The chair works the amendments into draft %(n)s.") % {"n": number + 1}
    if not found.reach.chair:
        return Bar(sentence, None, ())
    links = (
        Link(_("Consolidate"), _url(found, "consolidate"), main=True),
        Link(_("Issue draft %(n)s") % {"n": number + 1}, _url(found, "issue")),
        Link(_("Reopen amendments"), _url(found, "reopen_amendments")),
        Link(_("Withdraw the statement"), _url(found, "act", "withdraw")),
    )
    return Bar(sentence, None, links)


def _clearance(found: Seen, number: int, now: datetime) -> Bar:
    """Return where clearance stands.

    Once silence has passed or was broken, no deadline is shown.
    """
    running = next((step for step in reversed(found.steps) if step.closed_at is None), None)
    label = _("Take a position") if found.agencies else _("See positions")
    url = _url(found, "positions")
    if running and running.passed(now):
        return Bar(
            _("Silence on draft %(n)s has passed: nobody broke it.") % {"n": number},
            None,
            (Link(_("See positions"), url),),
        )
    if running and running.broken_at:
        return Bar(
            _("Silence on draft %(n)s was broken; the clock stands still.") % {"n": number},
            None,
            (Link(label, url + "#take", main=True),),
        )
    sentence = _("Every agency is asked for its position on draft %(n)s.") % {"n": number}
    if running and running.silence:
        sentence = _("Draft %(n)s is under silence: who does not speak approves.") % {"n": number}
    return Bar(
        sentence, running.deadline if running else None, (Link(label, url + "#take", main=True),)
    )


def _adopted(found: Seen, number: int, now: datetime) -> Bar | None:
    if found.statement.released_at is not None:
        return None
    links = _links(
        Link(_("Release"), _url(found, "act", "release"), main=True) if found.reach.chair else None
    )
    return Bar(
        _("Adopted, and not public yet: only the agencies see it until its release."), None, links
    )


def _withdrawn(found: Seen, number: int, now: datetime) -> Bar:
    """Return who withdrew the statement and why."""
    sentence = _("This statement was withdrawn; what was said stays on record.")
    end = statements.withdrawal_of(found.statement)
    if end is None:
        return Bar(sentence, None, ())
    return Bar(f"{sentence} {end.who or _('The chair')}: “{end.reason}”", None, ())
