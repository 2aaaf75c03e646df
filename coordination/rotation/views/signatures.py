"""Ask, then sign or decline a handover, or sign to the file."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import on_page, require_offered
from coordination.rotation import enums
from coordination.rotation.actions import signatures
from coordination.rotation.actions.texts import Writer
from coordination.rotation.forms.handovers import RefuseToSignForm, SignForm
from coordination.rotation.models import Handover
from coordination.rotation.queries import confirmed_terms, texts
from coordination.rotation.queries import handovers as handovers_queries
from coordination.rotation.queries import signatures as signatures_queries
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.queries.handovers import HandoverSideView
from coordination.rotation.rules import signing_levels
from coordination.rotation.views.handovers import load_handover
from coordination.rotation.views.texts import term_among

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def side_to_sign(
    request: AuthenticatedRequest, slug: str, key: str
) -> tuple[Handover, HandoverSideView, ConfirmedTerms]:
    """Return the handover, the side that the reader may sign for, and the confirmed terms.

    Raises Http404, NotAllowed.
    """
    if key not in enums.HandoverSide.values:
        raise Http404
    handover, confirmed = load_handover(slug), confirmed_terms.load()
    sides = handovers_queries.sides(handover, request.day, request.group, confirmed)
    side = next(side for side in sides if side.key == key)
    require_offered(request, "rotation.sign_handover", (side.terms, side.key))
    return handover, side, confirmed


@login_required
@form_methods
def sign(request: AuthenticatedRequest, slug: str, side: str) -> HttpResponse:
    """Show what is unsettled and ask; then sign for one side."""
    handover, shown, confirmed = side_to_sign(request, slug, side)
    levels = signing_levels(
        shown.terms.answering(side, request.day), request.user, on_page(request)
    )
    seen = signatures_queries.side_version(handover, side, confirmed)
    form = SignForm(request.POST or None, levels=levels, initial={"seen": seen})
    response = submit(
        request,
        form,
        lambda: signatures.sign_handover(
            handover,
            side,
            level=form.cleaned_data["level"],
            seen=form.cleaned_data["seen"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda _handover: say_and_redirect(
            request,
            _("Signed. An edit of what this side signed voids the signature."),
            "rotation:handover",
            slug,
        ),
    )
    if response:
        return response
    show_version(form, seen)
    return ask(request, handover, shown, form, "rotation/handover_sign.html")


def show_version(form: SignForm, seen: int) -> None:
    """Let a form that comes back carry the version that its page shows."""
    if form.errors:
        data: Any = form.data
        data = data.copy()
        data["seen"] = str(seen)
        form.data = data


@login_required
@form_methods
def decline(request: AuthenticatedRequest, slug: str, side: str) -> HttpResponse:
    """Record that a side does not sign, and why."""
    handover, shown, _confirmed = side_to_sign(request, slug, side)
    levels = signing_levels(
        shown.terms.answering(side, request.day), request.user, on_page(request)
    )
    form = RefuseToSignForm(request.POST or None, levels=levels)
    response = submit(
        request,
        form,
        lambda: signatures.decline_signature(
            handover,
            side,
            reason=form.cleaned_data["reason"],
            level=form.cleaned_data["level"],
            by=request.user,
            at=request.now,
        ),
        lambda _declined: say_and_redirect(
            request,
            _("Recorded. Your side may still sign later."),
            "rotation:handover",
            slug,
        ),
    )
    return response or ask(request, handover, shown, form, "rotation/handover_decline.html")


def ask(
    request: AuthenticatedRequest,
    handover: Handover,
    side: HandoverSideView,
    form: SignForm,
    template: str,
) -> HttpResponse:
    """Render the page that asks, with what is unsettled."""
    context = {
        "handover": handover,
        "term": side.terms.incoming,
        "side": side,
        "form": form,
        "days_left": (handover.incoming_term.first_day - request.day).days,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@login_required
@form_methods
def sign_to_file(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Ask, then sign what a chair leaves where nobody is confirmed to follow."""
    confirmed = confirmed_terms.load()
    term = term_among(confirmed, slug)
    require_offered(request, "rotation.write_handover", term)
    seen = signatures_queries.texts_version(term, confirmed)
    form = SignForm(
        request.POST or None,
        levels=signing_levels(term, request.user, on_page(request)),
        initial={"seen": seen},
    )
    response = submit(
        request,
        form,
        lambda: signatures.sign_to_file(
            Writer(term, request.user, request.now),
            level=form.cleaned_data["level"],
            seen=form.cleaned_data["seen"] or 0,
        ),
        lambda _state: say_and_redirect(
            request,
            _("Signed to the file. The handover to the next chair takes the signature over."),
            "desk:state_of_play",
            slug,
        ),
    )
    if response:
        return response
    show_version(form, seen)
    [lessons] = texts.lessons_by_term([term])
    context = {
        "form": form,
        "term": term,
        "summary": texts.summary_of(term),
        "missing": lessons.missing,
    }
    return render(request, "rotation/file_sign.html", context, status=422 if form.errors else 200)
