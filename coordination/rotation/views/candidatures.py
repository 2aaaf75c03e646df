"""What an agency, and its principal, answer to a selection."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.errors import NotAllowed
from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import On, require_offered
from coordination.members.models import Agency
from coordination.members.queries import held_roles
from coordination.rotation.actions import candidatures
from coordination.rotation.enums import Answer, SelectionStage
from coordination.rotation.forms.selections import CandidatureForm, PrincipalForm
from coordination.rotation.models import (
    Candidature,
    PrincipalAnswer,
    Selection,
    Unavailability,
)
from coordination.rotation.queries import selections as queries
from coordination.rotation.rules import who_answers_a_call
from coordination.rotation.views.selections import reader_of, stepper


def chosen(request: AuthenticatedRequest, agencies: list[Agency]) -> Agency:
    """Return the agency to answer for, by default the first.

    The address or the form may name it.
    """
    wanted = request.POST.get("agency") or request.GET.get("agency", "")
    by_name = {str(agency.pk): agency for agency in agencies} | {
        agency.slug: agency for agency in agencies
    }
    return by_name.get(wanted, agencies[0])


def answer_values(row: Candidature | None) -> dict[str, object]:
    """Return an agency's answer as the values of its form."""
    if row is None:
        return {"version": 0}
    return {
        "agency": row.agency_id,
        "answer": row.answer,
        "decline_reason": row.decline_reason,
        "words": row.words,
        "preferred": row.preferred_id,
        "priorities": row.priorities,
        "team": row.team,
        "wishes_next": row.wishes_next,
        "version": row.version,
        # days on which an agency is not available are added by the form, and listed beside it
        "away_first": None,
        "away_last": None,
        "away_reason": "",
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Say for one's agency whether it stands."""
    selection = get_object_or_404(queries.with_candidatures(), slug=slug)
    agencies = held_roles.acting_agencies(held_roles.of_reader(request))
    if not agencies:
        raise NotAllowed(who_answers_a_call(request.user, On(request.day)))
    if not selection.is_running:
        return redirect("rotation:selection", selection.slug)
    agency = chosen(request, agencies)
    row = next((row for row in selection.candidatures.all() if row.agency_id == agency.pk), None)
    form = CandidatureForm(
        request.POST or None,
        initial={"agency": agency.pk, **answer_values(row)},
        agencies=[agency],
        terms=selection.terms.all(),
        answers=queries.answers_after(row),
    )
    response = submit(
        request,
        form,
        lambda: candidatures.answer_call(
            selection,
            agency,
            form.answer_input,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda _row: say_and_redirect(
            request,
            _("Your answer for %(agency)s is saved. You may change it until the decision.")
            % {"agency": agency},
            "rotation:selection",
            selection.slug,
        ),
        edited=EditedObject(_("The answer of your agency"), answer_values),
    )
    if response:
        return response
    return render_answer(request, selection, agency, agencies, form)


def render_answer(
    request: AuthenticatedRequest,
    selection: Selection,
    agency: Agency,
    agencies: list[Agency],
    form: CandidatureForm,
) -> HttpResponse:
    """Render the page on which an agency answers."""
    view = queries.view_of(selection, request.day)
    context: dict[str, Any] = {
        "selection": selection,
        "view": view,
        "stepper": stepper(view),
        "in_call": view.stage == SelectionStage.CALL,
        "agency": agency,
        "others": [other for other in agencies if other != agency],
        "away": queries.unavailable_ahead(agency, request.day),
        "form": form,
    }
    return render(
        request, "rotation/candidature_edit.html", context, status=422 if form.errors else 200
    )


@login_required
@require_POST
def available(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take back that an agency is not available."""
    row = get_object_or_404(Unavailability.objects.select_related("agency"), pk=pk)
    candidatures.withdraw_unavailability(row, by=request.user, at=request.now)
    sentence = _("%(agency)s is available again on these days.") % {"agency": row.agency}
    return say_and_redirect(request, sentence, "rotation:selections")


def principal_values(row: PrincipalAnswer | None) -> dict[str, object]:
    """Return the answer of a principal as the values of its form."""
    if row is None:
        return {"version": 0}
    return {
        "agency": row.agency_id,
        "view": row.view,
        "supported": row.supported_id,
        "words": row.words,
        "version": row.version,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def principals(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show what the principals have to decide, and take the answer of one."""
    selection = get_object_or_404(queries.with_escalations(), slug=slug)
    require_offered(request, "rotation.read")
    queries.load_principal_answers(selection)
    reader = reader_of(request, selection)
    agencies = [agency for agency in reader.members if agency.pk in reader.as_principal]
    if request.method == "POST":
        wanted = agencies or list(reader.members)
        if not wanted:
            raise NotAllowed(who_answers_a_call(request.user, On(request.day)))
        require_offered(request, "rotation.answer_as_principal", chosen(request, wanted))
    view = queries.view_of(selection, request.day)
    form = None
    if agencies and selection.is_running and selection.escalations.all():
        agency = chosen(request, agencies)
        answers = {row.agency_id: row for row in selection.principal_answers.all()}
        row = answers.get(agency.pk)
        form = PrincipalForm(
            request.POST or None,
            initial={"agency": agency.pk, **principal_values(row)},
            agencies=[agency],
            standing=view.standing,
        )
        response = submit_principal(request, selection, agency, form)
        if response:
            return response
    context: dict[str, Any] = {
        "selection": selection,
        "view": view,
        "heads": [_("Agency"), _("Principal"), _("Answer")],
        "lines": queries.principal_lines(view, request.day),
        "reason": queries.escalation_due(selection, request.day, view.standing)
        if selection.is_running
        else None,
        "form": form,
        "standing": [line for line in view.lines if line.answer == Answer.STANDS],
        "stalls": queries.begins_on(view.terms[0], request.day),
    }
    return render(
        request,
        "rotation/selection_principals.html",
        context,
        status=422 if form and form.errors else 200,
    )


def submit_principal(
    request: AuthenticatedRequest, selection: Selection, agency: Agency, form: PrincipalForm
) -> HttpResponse | None:
    """Submit a principal's answer; None if the form must be shown."""
    return submit(
        request,
        form,
        lambda: candidatures.answer_for_principal(
            selection,
            agency,
            form.principal_input,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda _row: say_and_redirect(
            request,
            _("The answer of the principal of %(agency)s is saved.") % {"agency": agency},
            "rotation:principals",
            selection.slug,
        ),
        edited=EditedObject(_("The answer of your principal"), principal_values),
    )
