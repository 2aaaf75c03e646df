"""A term, and what may be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.errors import RuleBroken
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.next_steps import NextStep, by_name
from coordination.core.periods import ONE_DAY
from coordination.core.permissions import offered, on_page, require_offered
from coordination.core.views import shown_fields
from coordination.rotation.actions import terms
from coordination.rotation.due import confirmed
from coordination.rotation.enums import TermState
from coordination.rotation.forms.terms import ConfirmationForm, TermForm, ThemeForm
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import (
    chair,
    chair_now,
    changes,
    confirmed_terms,
    corrections,
    decisions,
    handovers,
    next_steps,
    operations,
    story,
)
from coordination.rotation.queries import terms as terms_queries
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.rules import is_in_team
from coordination.rotation.views.story import story_of


def term(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one term with its story and its sources.

    Its handovers and history only to those who belong.
    """
    every_term = list(story.terms_with_signs())
    term = next((term for term in every_term if term.slug == slug), None)
    if term is None:
        raise Http404
    sittings = chair_now.sittings_of_request(request)
    terms = ConfirmedTerms(tuple(term for term in every_term if term.state == TermState.CONFIRMED))
    may_read = offered(request, "rotation.read", term)
    may_edit = offered(request, "rotation.edit_term", term)
    may_correct = offered(request, "rotation.correct_record")
    return render(
        request,
        "rotation/term_show.html",
        {
            "term": term,
            "agencies": chair.chairing_agencies(term),
            "steps": by_name(
                next_steps.term_steps(
                    term, request.day, may_edit=may_edit, may_correct=may_read and may_correct
                )
            ),
            "corrections": corrections.open_corrections().filter(term=term)
            if may_read and term.is_corrected
            else [],
            "operations": operation_steps(request, term, terms) if may_read else [],
            "may_read": may_read,
            **story_of(request, term, terms, sittings, may_read=may_read),
            "decided": decisions.decision_of(term) if may_read and term.is_decided else None,
            "bridges": decisions.bridges(term, request.day),
            "selection": decisions.selection_of(term) if may_read else None,
            "shown_fields": shown_fields(TermForm(initial=form_values(term), prefix=SHOWN_PREFIX)),
        },
    )


@login_required
@require_safe
def history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who changed what of a term."""
    require_offered(request, "rotation.read")
    term = get_object_or_404(ChairTerm, slug=slug)
    context = {"term": term, "changes": changes.term_changes(term)}
    return render(request, "rotation/term_history.html", context)


def operation_steps(request: HttpRequest, term: ChairTerm, terms: ConfirmedTerms) -> list[NextStep]:
    """Return the operations that the reader may begin on a term."""
    following = terms.after(term.last_day)
    return next_steps.operation_steps(
        term,
        request.day,
        may_operate=offered(request, "rotation.operate"),
        may_offer=is_in_team(term, request.user, on_page(request)),
        is_followed=bool(following and following.first_day == term.last_day + ONE_DAY),
    )


@login_required
def propose(request: AuthenticatedRequest) -> HttpResponse:
    """Propose a term."""
    require_offered(request, "rotation.edit_term")
    first, last = terms_queries.usual_days_ahead(request.day, request.group)
    form = TermForm(
        request.POST or None,
        initial={"first_day": first, "last_day": last},
        most=request.group.chairs_max,
    )
    response = submit(
        request,
        form,
        lambda: terms.propose_term(form.agencies, form.proposal, by=request.user, at=request.now),
        lambda proposed: say_and_redirect(
            request, _("The term is proposed."), "rotation:term", proposed.slug
        ),
    )
    if response:
        return response
    return render(
        request,
        "rotation/term_edit.html",
        {"form": form, "term": None, "only_theme": False},
        status=422 if form.errors else 200,
    )


def most_chairs(request: AuthenticatedRequest, term: ChairTerm | None) -> int:
    """Return how many agencies the form of a term offers."""
    has = len(chair.chairing_agencies(term)) if term else 0
    return max(request.group.chairs_max, has)


def form_values(term: ChairTerm) -> dict[str, object]:
    """Return a term as the values of its form."""
    # padded: the form has a field for the second, and a term may have one chair
    agencies = [*chair.chairing_agencies(term), None, None]
    return {
        "first_agency": agencies[0],
        "second_agency": agencies[1],
        "more_agencies": [agency for agency in agencies[2:] if agency],
        "first_day": term.first_day,
        "last_day": term.last_day,
        "kind": term.kind,
        "theme": term.theme,
        "version": term.version,
    }


@login_required
def edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Correct a proposal, or change the theme of a confirmed term."""
    term = get_object_or_404(chair.every_term(), slug=slug)
    require_offered(request, "rotation.edit_term", term)
    values, only_theme = form_values(term), term.state != TermState.PROPOSED
    form: TermForm | ThemeForm
    # a whole form may come from the page of a proposal that was confirmed meanwhile
    if only_theme and "first_day" not in request.POST:
        form = ThemeForm(request.POST or None, initial=values, term=term)
    else:
        form = TermForm(request.POST or None, initial=values, most=most_chairs(request, term))
    response = submit(
        request,
        form,
        lambda: terms.edit_term(
            term,
            form.agencies,
            form.proposal,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda term: say_and_redirect(
            request,
            _("The theme is changed.") if only_theme else _("The term is corrected."),
            "rotation:term",
            term.slug,
        ),
        edited=EditedObject(_("This term"), form_values),
    )
    if response:
        return response
    return render(
        request,
        "rotation/term_edit.html",
        {"form": form, "term": term, "only_theme": only_theme},
        status=422 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Say what confirming a proposal does, and confirm it."""
    term = get_object_or_404(chair.every_term(), slug=slug)
    require_offered(request, "rotation.edit_term", term)
    if request.method != "POST":
        return render_confirmation(request, term, ConfirmationForm())
    decision = ConfirmationForm(request.POST)
    if not decision.is_valid():
        return render_confirmation(request, term, decision, status=422)
    form = TermForm(request.POST, prefix=SHOWN_PREFIX)
    return press_button(
        request,
        form,
        lambda version: terms.confirm_term(
            term, version=version, by=request.user, at=request.now, decision=decision.decided
        ),
        lambda term: after_confirmation(request, term),
        edited=EditedObject(_("This term"), form_values),
        verb=_("Confirm the term"),
    )


def render_confirmation(
    request: AuthenticatedRequest, term: ChairTerm, decision: ConfirmationForm, status: int = 200
) -> HttpResponse:
    """Render the page that asks before a term is confirmed."""
    refusal = ""
    try:
        terms.refuse_unconfirmable(term, at=request.now, own_group=request.group)
    except RuleBroken as error:
        refusal = error.message
    if term.state != TermState.PROPOSED:
        refusal = _("This term is not a proposal any more.")
    every = confirmed_terms.load()
    return render(
        request,
        "rotation/term_confirm.html",
        {
            "term": term,
            "refusal": refusal,
            "decision": decision,
            "balances": () if refusal else operations.balances_if_confirmed(term, every.terms),
            "told": confirmed.people_told(term, request.day),
            **handovers.confirmation(term, every),
            "shown_fields": shown_fields(TermForm(initial=form_values(term), prefix=SHOWN_PREFIX)),
        },
        status=409 if refusal else status,
    )


def after_confirmation(request: AuthenticatedRequest, term: ChairTerm) -> HttpResponse:
    """Redirect to the handover, or to the term without a handover.

    The same agency goes on chairing then.
    """
    if handovers.has_handover(term):
        sentence = _("The term is confirmed; the handover’s checklist is ready.")
        return say_and_redirect(request, sentence, "rotation:handover", term.slug)
    sentence = _("The term is confirmed. The same agency goes on chairing: nothing is handed over.")
    return say_and_redirect(request, sentence, "rotation:term", term.slug)


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Withdraw a proposal."""
    term, form = (
        get_object_or_404(ChairTerm, slug=slug),
        TermForm(request.POST, prefix=SHOWN_PREFIX),
    )
    return press_button(
        request,
        form,
        lambda version: terms.withdraw_term(term, version=version, by=request.user, at=request.now),
        lambda term: say_and_redirect(
            request,
            _("The proposal is withdrawn; it stays on record."),
            "rotation:term",
            term.slug,
        ),
        edited=EditedObject(_("This term"), form_values),
        verb=_("Withdraw the proposal"),
    )
