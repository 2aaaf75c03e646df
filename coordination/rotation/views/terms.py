"""The timeline, a term, and what may be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.next_steps import by_name
from coordination.core.permissions import On, allowed, offered, require
from coordination.core.queries import disagreement_changes, disagreements
from coordination.core.views import shown_fields
from coordination.rotation.actions import terms
from coordination.rotation.enums import TermState
from coordination.rotation.forms import TermForm
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair, changes, handovers, next_steps
from coordination.rotation.queries import timeline as timeline_queries
from coordination.rotation.queries.terms import first_year

YEARS_AHEAD, LONGEST = 3, 60


def year(text: str, default: int) -> int:
    """Return a year of four digits from the address, or the default when it is none of ours."""
    four = len(text) == len("2026") and text.isascii() and text.isdigit()
    return int(text) if four and 1990 <= int(text) <= 2150 else default  # noqa: PLR2004 - years that can be drawn


def timeline(request: HttpRequest) -> HttpResponse:
    """Show who chaired, chairs and will chair, with the gaps as visible as the terms.

    Where sources disagree, and how that changed.
    """
    begun = year(request.group.established[:4], 0) or first_year() or request.day.year
    first = year(request.GET.get("from", ""), begun)
    last = min(
        max(year(request.GET.get("to", ""), request.day.year + YEARS_AHEAD), first), first + LONGEST
    )
    may_read = offered(request, "rotation.read")
    return render(
        request,
        "rotation/timeline_show.html",
        {
            "timeline": timeline_queries.timeline(first, last, request.day),
            "this_year": request.day.year,
            "disagreements": disagreements("chair"),
            "may_read": may_read,
            "changes": disagreement_changes("chair") if may_read else [],
            "may_propose": offered(request, "rotation.edit_term"),
        },
    )


def term(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one term: who, when, what about, known from where.

    Its handover and its history to those who belong.
    """
    found = get_object_or_404(chair.every_term(), slug=slug)
    may_read = allowed(request.user, "rotation.read", On(request.day, found))
    may_edit = allowed(request.user, "rotation.edit_term", On(request.day, found))
    return render(
        request,
        "rotation/term_show.html",
        {
            "term": found,
            "agencies": chair.chairing_agencies(found),
            "chair_then": chair.chair_in(found, found.first_day)
            if found.state == TermState.CONFIRMED
            else None,
            "steps": by_name(next_steps.term_steps(found, may_edit=may_edit)),
            "may_read": may_read,
            "has_handover": may_read and handovers.has_handover(found),
            "changes": changes.term_changes(found) if may_read else [],
            "seen": shown_fields(TermForm(initial=words_of(found), prefix=SHOWN_PREFIX)),
        },
    )


@login_required
def propose(request: AuthenticatedRequest) -> HttpResponse:
    """Propose a term."""
    require(request.user, "rotation.edit_term", On(request.day))
    form = TermForm(request.POST or None)
    response = submit(
        request,
        form,
        lambda: terms.propose_term(form.agencies, form.words, by=request.user, at=request.now),
        lambda proposed: say_and_redirect(
            request, _("The term is proposed."), "rotation:term", proposed.slug
        ),
    )
    if response:
        return response
    return render(
        request,
        "rotation/term_edit.html",
        {"form": form, "term": None},
        status=422 if form.errors else 200,
    )


def words_of(found: ChairTerm) -> dict[str, object]:
    """Return a term as its form shows it."""
    agencies = [*chair.chairing_agencies(found), None, None]
    return {
        "first_agency": agencies[0],
        "second_agency": agencies[1],
        "first_day": found.first_day,
        "last_day": found.last_day,
        "kind": found.kind,
        "theme": found.theme,
        "version": found.version,
    }


@login_required
def edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Correct a term; a lost race shows both versions."""
    found = get_object_or_404(ChairTerm, slug=slug)
    require(request.user, "rotation.edit_term", On(request.day, found))
    form = TermForm(request.POST or None, initial=words_of(found))
    response = submit(
        request,
        form,
        lambda: terms.edit_term(
            found,
            form.agencies,
            form.words,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda term: say_and_redirect(
            request, _("The term is corrected."), "rotation:term", term.slug
        ),
        edited=EditedObject(_("This term"), words_of),
    )
    if response:
        return response
    return render(
        request,
        "rotation/term_edit.html",
        {"form": form, "term": found},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def confirm(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Confirm a proposal; the handover begins."""
    found, form = (
        get_object_or_404(ChairTerm, slug=slug),
        TermForm(request.POST, prefix=SHOWN_PREFIX),
    )
    return press_button(
        request,
        form,
        lambda version: terms.confirm_term(found, version=version, by=request.user, at=request.now),
        lambda term: say_and_redirect(
            request,
            _("The term is confirmed; the handover’s checklist is ready."),
            "rotation:handover",
            term.slug,
        ),
        edited=EditedObject(_("This term"), words_of),
        verb=_("Confirm the term"),
    )


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Withdraw a proposal."""
    found, form = (
        get_object_or_404(ChairTerm, slug=slug),
        TermForm(request.POST, prefix=SHOWN_PREFIX),
    )
    return press_button(
        request,
        form,
        lambda version: terms.withdraw_term(
            found, version=version, by=request.user, at=request.now
        ),
        lambda term: say_and_redirect(
            request,
            _("The proposal is withdrawn; it stays on record."),
            "rotation:term",
            term.slug,
        ),
        edited=EditedObject(_("This term"), words_of),
        verb=_("Withdraw the proposal"),
    )
