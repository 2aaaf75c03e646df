"""Pages of offers: exchange two terms, agree, decline, decide."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.errors import RuleBroken
from coordination.core.forms import act_on_shown, add_error, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.members.queries import held_roles
from coordination.members.queries.people import acting_agencies
from coordination.rotation.actions import offers, plans
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.errors import ScheduleChanged
from coordination.rotation.forms.terms import AnswerForm, DecisionForm, OfferForm
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import chair, confirmed_terms
from coordination.rotation.queries import offers as offers_queries
from coordination.rotation.queries import operations as operations_queries
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.queries.decision_words import decision_words
from coordination.rotation.queries.moved_balances import confirmed_days
from coordination.rotation.queries.operations import Effects
from coordination.rotation.views.texts import term_among

USUAL_OFFER = timedelta(days=30)


def speaking_for(request: AuthenticatedRequest) -> Any:
    """Return the agencies of which the reader is a focal point; one query."""
    return acting_agencies(request.user, request.day).filter(by_office=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Offer to exchange a term with another: show what changes, then ask the other agency."""
    confirmed = confirmed_terms.load()
    term = term_among(confirmed, slug)
    own = held_roles.focal_point_agencies(held_roles.of_reader(request))
    spoken_for = [agency for agency in chair.chairing_agencies(term) if agency in own]
    require_offered(request, "rotation.offer_exchange", (term, next(iter(spoken_for), None)))
    others = [
        other
        for other in confirmed.terms
        if other.first_day > request.day and not chair.same_chair(other, term)
    ]
    form = OfferForm(
        request.POST or request.GET or None,
        others=others,
        spoken_for=spoken_for,
        initial={
            "lapses_on": min(request.day + USUAL_OFFER, term.first_day - timedelta(days=1)),
            "offered_for": next(iter(spoken_for), None),
        },
    )
    is_asked = form.is_bound and form.is_valid()
    effects = planned_effects(request, term, form, confirmed) if is_asked else None
    status = 422 if form.errors else 200
    if effects and request.method == "POST":
        response, status = send(request, term, form)
        if response:
            return response
    context = {"term": term, "form": form, "effects": effects, "others": others}
    context["rows"] = effects.rows if effects else ()
    context["base"] = base_text((term, form.cleaned_data["other"])) if effects else ""
    return render(request, "rotation/offer_make.html", context, status=status)


def planned_effects(
    request: AuthenticatedRequest, term: ChairTerm, form: OfferForm, confirmed: ConfirmedTerms
) -> Effects | None:
    """Return the effects of an exchange; None if the form has errors."""
    try:
        planned = plans.exchanged(
            term, form.cleaned_data["other"], at=request.now, group=request.group
        )
    except RuleBroken as error:
        add_error(form, error)
        return None
    return operations_queries.effects(planned, request.day, confirmed.terms)


def send(
    request: AuthenticatedRequest, term: ChairTerm, form: OfferForm
) -> tuple[HttpResponse | None, int]:
    """Make the offer; return the response, or None and a status."""
    values = {name: form.cleaned_data[name] for name in form.fields}
    try:
        response = submit(
            request,
            form,
            lambda: offers.offer_exchange(
                ExchangeOffer(term, **values, base=request.POST.get("base", "")),
                by=request.user,
                at=request.now,
            ),
            lambda operation: say_and_redirect(
                request,
                _("The exchange is offered. The other agency is asked by mail."),
                "rotation:operation",
                operation.pk,
            ),
            gone=(ScheduleChanged,),
        )
    except ScheduleChanged as error:
        form.add_error(None, error.message)
        return None, 409
    return response, 422


def offer_context(request: AuthenticatedRequest, operation: TermOperation) -> dict[str, object]:
    """Return the context of an operation's page.

    Its rows, and the parties and acts of an offer.
    """
    rows = operations_queries.rows_of(operation)
    shown = {
        "rows": rows,
        "lengths": operations_queries.lengths(rows),
        "decided": decision_words(operation),
    }
    waits = operation.is_open_on(request.day)
    if operation.offered_for is None:
        return {**shown, "waits": False, "decision": None}
    own = offers_queries.waited_for(operation, speaking_for(request)) if waits else []
    missing = [party.acronym for party in offers_queries.parties(operation) if not party.consent]
    return {
        **shown,
        "waits": waits,
        "balances": operations_queries.balances_moved(
            rows, confirmed_days({row.term_id for row in operation.terms.all()})
        )
        if waits
        else (),
        "lapsed": operation.has_lapsed_on(request.day),
        "parties": offers_queries.parties(operation),
        "missing": missing,
        "own": own,
        "may_record": waits and offered(request, "rotation.run_selection"),
        "answer": AnswerForm(),
        "may_decline": waits and offered(request, "rotation.decline_offer", operation),
        "may_withdraw": waits and offered(request, "rotation.withdraw_offer", operation),
        "decision": DecisionForm(initial={"base": base_of(operation)})
        if waits and not missing and offered(request, "rotation.operate")
        else None,
    }


def base_of(operation: TermOperation) -> str:
    """Return the versions of the terms of an offer, as `PlannedOperation.base`."""
    return base_text(row.term for row in operation.terms.all())


def base_text(terms: Iterable[ChairTerm]) -> str:
    """Return terms and their versions, "12:3,13:1". Pure."""
    return ",".join(f"{pk}:{version}" for pk, version in sorted((t.pk, t.version) for t in terms))


def render_offer(
    request: AuthenticatedRequest, operation: TermOperation, decision: DecisionForm, status: int
) -> HttpResponse:
    """Render the page of an offer with a refused decision form."""
    context = {
        "operation": operation,
        **offer_context(request, operation),
        "decision": decision,
    }
    return render(request, "rotation/operation_show.html", context, status=status)


def answered(request: AuthenticatedRequest, pk: int) -> tuple[TermOperation, AnswerForm]:
    """Return the offer and its answer."""
    operation = get_object_or_404(operations_queries.operations(), pk=pk)
    return operation, AnswerForm(request.POST)


@login_required
@require_POST
def accept(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Agree to an offer for one's agency."""
    operation, form = answered(request, pk)
    own = speaking_for(request).filter(pk__in=offers_queries.party_keys(operation))
    chosen = form.cleaned_data["agency"] if form.is_valid() else None
    # who is of neither agency reads who may
    agency: Any = chosen or own.first() or operation.offered_for
    require_offered(request, "rotation.answer_offer", (operation, agency))
    return answer_offer(
        request,
        operation,
        lambda: offers.accept_offer(
            operation, agency, version=version_of(form), by=request.user, at=request.now
        ),
        _("You agreed for %(agency)s.") % {"agency": agency},
    )


def answer_offer(
    request: AuthenticatedRequest,
    operation: TermOperation,
    act: Callable[[], TermOperation],
    sentence: str,
    form: AnswerForm | None = None,
) -> HttpResponse:
    """Answer an offer; show the current one (409) if it changed.

    `form` holds what was typed.
    """

    def show_changed(_current: TermOperation) -> HttpResponse:
        saved = operations_queries.operations().get(pk=operation.pk)
        context = {"operation": saved, **offer_context(request, saved), "is_changed": True}
        context |= {"answer": form} if form else {}
        return render(request, "rotation/operation_show.html", context, status=409)

    return act_on_shown(
        act,
        lambda _done: say_and_redirect(request, sentence, "rotation:operation", operation.pk),
        show_changed,
    )


def version_of(form: AnswerForm) -> int:
    """Return the version that the offer's page showed, or 0."""
    return int(form.cleaned_data.get("version", 0)) if form.is_valid() else 0


@login_required
@require_POST
def decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decline an offer, for one's agency or for the group."""
    operation, form = answered(request, pk)
    require_offered(request, "rotation.decline_offer", operation)
    if "reason" in form.errors:
        context = {"operation": operation, **offer_context(request, operation), "answer": form}
        return render(request, "rotation/operation_show.html", context, status=422)
    reason = form.cleaned_data.get("reason", "")
    return answer_offer(
        request,
        operation,
        lambda: offers.decline_offer(
            operation, reason, version=version_of(form), by=request.user, at=request.now
        ),
        _("The offer is declined; it stays on record."),
        form,
    )


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Withdraw an offer of one's agency."""
    operation, form = answered(request, pk)
    require_offered(request, "rotation.withdraw_offer", operation)
    return answer_offer(
        request,
        operation,
        lambda: offers.withdraw_offer(
            operation, version=version_of(form), by=request.user, at=request.now
        ),
        _("The offer is withdrawn; it stays on record."),
    )


@login_required
@require_POST
def decide(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record the group's decision on an exchange, which takes effect."""
    operation = get_object_or_404(operations_queries.operations(), pk=pk)
    require_offered(request, "rotation.operate")
    form, status = DecisionForm(request.POST), 422
    try:
        response = submit(
            request,
            form,
            lambda: offers.exchange_terms(operation, form.decided, by=request.user, at=request.now),
            lambda done: say_and_redirect(
                request,
                _("The terms are exchanged; their agencies are told."),
                "rotation:operation",
                done.pk,
            ),
            gone=(ScheduleChanged,),
        )
    except ScheduleChanged as error:
        form.data = {**request.POST.dict(), "base": base_of(operation)}
        form.add_error(None, error.message)
        response, status = None, 409
    return response or render_offer(request, operation, form, status)
