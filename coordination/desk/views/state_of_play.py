"""The state of play of a term, with the chair's lines."""

from contextlib import suppress
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.periods import FIRST_DAY, LAST_DAY
from coordination.core.permissions import offered, require_offered
from coordination.desk.queries import state_of_play as state_queries
from coordination.desk.queries.matters import AsOf, Matter
from coordination.desk.queries.state_of_play import StateOfPlayPage
from coordination.rotation.actions import state_of_play
from coordination.rotation.actions.state_of_play import MatterName
from coordination.rotation.actions.texts import Writer
from coordination.rotation.forms.handovers import JudgementForm
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair_now, confirmed_terms, texts
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.views.texts import state_page, term_among


def day_from(text: str, default: date) -> date:
    """Return a day from the address, or `default` if it is invalid.

    A valid day is within the bounds of days.
    """
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if FIRST_DAY <= day <= LAST_DAY:
            return day
    return default


def page_of(
    request: AuthenticatedRequest, term: ChairTerm, terms: ConfirmedTerms, on: date
) -> StateOfPlayPage:
    """Return the state of play of a confirmed term, as the reader may see it."""
    sittings = chair_now.sittings_of_request(request)
    as_of = AsOf(on, request.now, request.group, sittings, offered(request, "rotation.chair"))
    return state_queries.state_of_play(term, terms, as_of)


@login_required
@require_safe
def show(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the state of play of a term.

    Live or as of a day.
    """
    require_offered(request, "rotation.read")
    terms = confirmed_terms.load()
    term = term_among(terms, slug)
    page = page_of(request, term, terms, day_from(request.GET.get("on", ""), request.day))
    handover = texts.handover_after(term, terms)
    may_write = offered(request, "rotation.write_handover", page.term)
    context = {
        "page": page,
        "term": page.term,
        "handover": handover,
        "may_write": may_write,
        "sees_drafts": page.as_of.sees_drafts,
    }
    return render(request, "desk/state_of_play_show.html", context)


@login_required
@require_safe
def history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the history of what a chair wrote for the next.

    Who changed what in it.
    """
    require_offered(request, "rotation.read")
    terms = confirmed_terms.load()
    term = term_among(terms, slug)
    summary = texts.shown_summary(term, terms)
    context = {"term": term, "changes": texts.text_changes(term, summary)}
    return render(request, "desk/state_of_play_history.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: AuthenticatedRequest, slug: str, kind: str, subject: str) -> HttpResponse:
    """Write the chair's line on one open matter."""
    terms = confirmed_terms.load()
    term = term_among(terms, slug)
    require_offered(request, "rotation.write_handover", term)
    matter = page_of(request, term, terms, request.day).matter(kind, subject)
    if matter is None:
        raise Http404
    form = JudgementForm(request.POST or None, initial=values_of(matter))
    writer = Writer(term, request.user, request.now)
    response = submit(
        request,
        form,
        lambda: state_of_play.judge(
            writer, MatterName(kind, subject), form.judgement, version=form.seen
        ),
        lambda _row: redirect(state_page(term, f"#matter-{kind}-{subject}")),
        edited=EditedObject(_("“%(title)s”") % {"title": matter.title}),
    )
    if response:
        return response
    context = {"form": form, "term": term, "matter": matter}
    return render(request, "desk/matter_judge.html", context, status=422 if form.errors else 200)


def values_of(matter: Matter) -> dict[str, object]:
    """Return the initial values of the form.

    They are the newest line, even of an earlier chair.
    """
    line = matter.judgement
    if line is None:
        return {}
    return {
        "outlook": line.outlook,
        "words": line.words,
        "condition": line.condition,
        "response": line.response,
        "version": line.version if matter.own else 0,
    }
