"""The decision on who chairs a term of a selection."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.errors import RuleBroken
from coordination.core.forms import EditedObject, add_error, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.rotation.actions import decisions
from coordination.rotation.due import confirmed
from coordination.rotation.enums import DecisionMethod, SelectionOutcome, VoteState
from coordination.rotation.forms.selections import ChairDecisionForm
from coordination.rotation.models import Selection, SelectionTerm, SelectionVote
from coordination.rotation.queries import selections as queries
from coordination.rotation.queries.selections import SelectionView


def decision_form(
    request: AuthenticatedRequest, view: SelectionView, term: SelectionTerm
) -> ChairDecisionForm:
    """Return a decision form with the outcomes and votes possible now."""
    remedies = [SelectionOutcome.EXTENSION, SelectionOutcome.CARETAKER, SelectionOutcome.TROIKA]
    outcomes = [SelectionOutcome.CHAIR] if view.standing else []
    outcomes += remedies if view.remedies_apply else []
    members = view.members
    closed = SelectionVote.objects.filter(term=term, state=VoteState.CLOSED)
    return ChairDecisionForm(
        request.POST or None,
        initial={"version": view.selection.version},
        outcomes=outcomes,
        members=members,
        chairs=members if view.remedies_apply else view.standing,
        votes=closed,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Show the decision form, preview the decision, and record it."""
    require_offered(request, "rotation.run_selection")
    selection = get_object_or_404(queries.with_candidatures(), slug=slug)
    view = queries.view_of(selection, request.day)
    term = next((term for term in view.terms if term.pk == pk), None)
    if term is None:
        raise Http404
    form = decision_form(request, view, term)
    if request.method == "POST" and "confirmed" not in request.POST and form.is_valid():
        preview = preview_of(request, term, form)
        if preview:
            context = {"form": form, "term": term, "selection": selection, **preview}
            return render(request, "rotation/decision_confirm.html", context)
    elif request.method == "POST":
        response = submit(
            request,
            form,
            lambda: decisions.decide(
                term,
                form.decision,
                version=form.cleaned_data["version"],
                by=request.user,
                at=request.now,
            ),
            lambda decision: say_and_redirect(
                request,
                _("The decision is recorded, and the term is confirmed."),
                "rotation:term",
                decision.chair_term.slug,
            ),
            edited=EditedObject(_("This selection"), version_of),
        )
        if response:
            return response
    context = {"form": form, "term": term, "selection": selection, "view": view}
    return render(
        request, "rotation/decision_edit.html", context, status=422 if form.errors else 200
    )


def version_of(selection: Selection) -> dict[str, object]:
    """Return the version of a selection for its decision form."""
    return {"version": selection.version}


def preview_of(
    request: AuthenticatedRequest, term: SelectionTerm, form: ChairDecisionForm
) -> dict[str, Any] | None:
    """Preview a decision; None, with the error in the form, if refused."""
    decision = form.decision
    try:
        agencies = decisions.holders(term, decision, at=request.now)
        decisions.refuse_decision(term, decision, agencies, at=request.now)
    except RuleBroken as error:
        add_error(form, error)
        return None
    proposal = decisions.proposal_of(term, decision, at=request.now)
    return {
        "agencies": agencies,
        "outcome": SelectionOutcome(decision.outcome),
        "method": DecisionMethod(decision.method),
        "document": decision.document,
        "proposal": proposal,
        "rivals": decisions.rival_proposals(proposal.period),
        "told": confirmed.people_told_of(agencies, request.day),
        "hidden": [
            (name, value)
            for name in request.POST
            if name not in {"csrfmiddlewaretoken", "form_token"}
            for value in request.POST.getlist(name)
        ],
    }
