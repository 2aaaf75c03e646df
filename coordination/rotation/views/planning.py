"""The next terms planned ahead, what changes would do, and their proposal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordination.core.errors import NotAllowed, RuleBroken
from coordination.core.formatting import list_of, plain_day
from coordination.core.forms import say_and_redirect
from coordination.core.http import AuthenticatedRequest
from coordination.core.periods import Period
from coordination.core.permissions import offered, require_offered
from coordination.members.queries import held_roles
from coordination.rotation.actions.planning import apply_plan
from coordination.rotation.errors import PlanChanged, PlanChangeRefused
from coordination.rotation.forms.planning import CHANGE_FORMS, WhatIfForm, WhyNotForm
from coordination.rotation.planning import why
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import (
    balances,
    chair_now,
    happenings,
    planning,
    planning_words,
    what_if,
)
from coordination.rotation.queries.happenings import TimelineMark
from coordination.rotation.queries.planning import PlanBase
from coordination.rotation.queries.what_if import PlanComparison, WhatIf
from coordination.rotation.views.timeline import viewer_of

CHANGES = ("put", "swap", "pause", "reserve")
COUNTS = (4, 6, 8, 12, 20)


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """A change in words, and the address of the page without it."""

    text: str
    without: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: AuthenticatedRequest) -> HttpResponse:
    """Show the plan with changes, or propose the shown plan."""
    if request.method == "POST":
        return propose(request)
    require_offered(request, "rotation.read")
    return render_plan(request, request.GET)


def propose(request: AuthenticatedRequest) -> HttpResponse:
    """Propose the terms of the plan that the person saw."""
    require_offered(request, "rotation.edit_term")
    what = WhatIfForm(request.POST).what_if
    try:
        written = apply_plan(
            what, shown_base=request.POST.get("base", ""), by=request.user, at=request.now
        )
    except NotAllowed:
        raise
    except RuleBroken as error:
        status = 409 if isinstance(error, PlanChanged) else 422
        return render_plan(request, request.POST, refusal=error.message, status=status)
    sentence = ngettext(
        "One term is written as it is planned. It is a proposal until it is confirmed.",
        "%(n)s terms are written as they are planned. They are proposals until they are confirmed.",
        len(written),
    )
    return say_and_redirect(request, sentence % {"n": len(written)}, "rotation:timeline")


def render_plan(
    request: AuthenticatedRequest, given: QueryDict, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Render the plan with the changes and the question in `given`."""
    what = WhatIfForm(given).what_if
    seated = chair_now.sittings_of_request(request)
    base = planning.plan_base(request.day, request.group, count=what.count, sittings=seated)
    events = events_ahead(request, base)
    forms, added = change_forms(request, base, given, events)
    if added:
        return redirect(f"{reverse('rotation:planning')}?{added}")
    may_apply = offered(request, "rotation.edit_term")
    is_refused = False
    try:
        compared = what_if.comparison(base, what)
    except PlanChangeRefused as error:
        # The plan is shown without the changes, which stay in the list and can be taken out.
        refusal, status, is_refused = error.message, 422, True
        what = WhatIf(what.count)
        compared = what_if.comparison(base, what)
    context = {
        "compared": compared,
        "rows": [
            (
                line,
                planning_words.because_sentence(base, line),
                planning_words.standing_text(line),
            )
            for line in compared.lines
        ],
        "forms": forms,
        "balances": [
            (
                line.carried,
                *map(
                    planning_words.signed_days, (line.carried.balance, line.planned, line.changed)
                ),
            )
            for line in compared.balances
        ],
        "changes": change_links(base, given, titles_of(events)),
        "has_events": bool(events),
        "permanent_path": permanent_path(given),
        "has_changes": what.has_changes,
        "kept": kept(given),
        "counts": COUNTS,
        "count": what.count,
        "answer": answer_of(compared, given),
        "coverage": balances.coverage_until(request.day, base.sittings),
        "may_apply": may_apply,
        "is_refused": is_refused,
        "refusal": refusal,
    }
    if any(form.errors for form in forms.values()):
        status = 422
    return render(request, "rotation/planning_show.html", context, status=status)


def kept(given: QueryDict) -> list[tuple[str, str]]:
    """Return the values that each form on the page resends.

    The changes and the number of terms.
    """
    return [(name, value) for name in ("terms", *CHANGES) for value in given.getlist(name) if value]


def address(pairs: list[tuple[str, str]]) -> str:
    """Return the query of an address."""
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode(safe=":,")


def change_forms(
    request: AuthenticatedRequest, base: PlanBase, given: QueryDict, events: list[TimelineMark]
) -> tuple[dict[str, Any], str]:
    """Return the forms by name, and the query with an added change."""
    terms = [
        (term.days.first.isoformat(), f"{plain_day(term.days.first)} – {plain_day(term.days.last)}")
        for term in base.situation.open_terms
        if not term.kept
    ]
    today = DaySpan(request.day, request.day)
    agencies = [
        (base.agencies[member.key].slug, base.agencies[member.key].acronym)
        for member in base.situation.members
        if member.membership_over(today)
    ]
    own = next(iter(held_roles.acting_agencies(held_roles.of_reader(request))), None)
    own_agency = {"agency": own and own.slug}
    slug, _colon, first_day = given.get("why", "").partition(":")
    asked = {"agency": slug, "term": first_day} if slug else own_agency
    forms: dict[str, Any] = {}
    added = ""
    for kind in CHANGE_FORMS:
        is_sent = given.get("add") == kind.name
        form = kind(
            given if is_sent else None,
            terms=terms,
            agencies=agencies,
            events=[
                (mark.day.isoformat(), f"{plain_day(mark.day)}: {mark.title}") for mark in events
            ],
            initial=asked if kind is WhyNotForm else own_agency,
            auto_id=f"{kind.name}-%s",
        )
        if is_sent and form.is_valid():
            added = address([*kept(given), (kind.name, form.change)])
        forms[kind.name] = form
    return forms, added


def permanent_path(given: QueryDict) -> str:
    """Return the address of the page with its changes and its question."""
    asked = given.get("why", "")
    query = address([*kept(given), *([("why", asked)] if asked else ())])
    path = reverse("rotation:planning")
    return f"{path}?{query}" if query else path


def events_ahead(request: AuthenticatedRequest, base: PlanBase) -> list[TimelineMark]:
    """Return the events in the days of the plan.

    Two queries, none without a term.
    """
    if base.horizon is None:
        return []
    days = Period(base.horizon.first, base.horizon.last)
    return [mark for mark in happenings.marks(viewer_of(request), days) if mark.style == "event"]


def titles_of(events: list[TimelineMark]) -> dict[date, str]:
    """Return the titles of the events of each day, for a sentence."""
    titles: dict[date, list[str]] = {}
    for mark in events:
        titles.setdefault(mark.day, []).append(mark.title)
    return {
        day: list_of(_("“%(title)s”") % {"title": each} for each in found)
        for day, found in titles.items()
    }


def change_links(base: PlanBase, given: QueryDict, events: Mapping[date, str]) -> list[ChangeLink]:
    """Return the changes in words, each with the address without it."""
    pairs = kept(given)
    return [
        ChangeLink(
            change_text(base, name, value, events), address([*pairs[:place], *pairs[place + 1 :]])
        )
        for place, (name, value) in enumerate(pairs)
        if name in CHANGES
    ]


def change_text(base: PlanBase, name: str, value: str, events: Mapping[date, str]) -> str:
    """Describe a change; an unreadable one stays as the address has it.

    `events` are the titles of the events of each day.
    """
    data = QueryDict(mutable=True)
    data[name] = value
    what = WhatIfForm(data).what_if
    acronyms = {agency.slug: agency.acronym for agency in base.agencies.values()}
    for day, slug in what.puts:
        if not slug:
            return _("The term from %(day)s stays vacant.") % {"day": words_of(day)}
        return _("%(agency)s in the term from %(day)s.") % {
            "agency": acronyms.get(slug, slug),
            "day": words_of(day),
        }
    for one, other in what.swaps:
        return _("The terms from %(one)s and %(other)s change places.") % {
            "one": words_of(one),
            "other": words_of(other),
        }
    for slug, first, last in what.pauses:
        return _("%(agency)s pauses from %(first)s to %(last)s.") % {
            "agency": acronyms.get(slug, slug),
            "first": words_of(first),
            "last": words_of(last),
        }
    for day, slugs in what.reservations:
        named = list_of(acronyms.get(slug, slug) for slug in slugs)
        return reservation_text(named, day, events.get(day, ""))
    return _("“%(text)s” cannot be read.") % {"text": f"{name}={value}"}


def reservation_text(agencies: str, day: date, event: str) -> str:
    """Return for whom the chair is reserved on a day.

    `event` is "" where none is on record.
    """
    values = {"agencies": agencies, "day": words_of(day), "event": event}
    if event:
        return _("Only %(agencies)s may chair on %(day)s, for %(event)s.") % values
    return _("Only %(agencies)s may chair on %(day)s.") % values


def words_of(day: date) -> str:
    """Return a day in words."""
    return what_if.day_text(day)


def answer_of(compared: PlanComparison, given: QueryDict) -> str:
    """Answer “Why not us?”, or return "" without a valid question."""
    slug, _colon, first_day = given.get("why", "").partition(":")
    base = compared.base
    key = next((key for key, agency in base.agencies.items() if agency.slug == slug), None)
    at = next(
        (line.at for line in compared.lines if line.days.first.isoformat() == first_day), None
    )
    if key is None or at is None:
        return ""
    changed = compared.changed
    answer = why.why_not(changed.situation, changed.plan, key, at, changed.pins)
    return planning_words.why_not_sentence(compared, answer)
