"""A selection: who stands, its dates, what the reader can do."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core import formatting
from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.members.queries import held_roles
from coordination.rotation.actions import selections
from coordination.rotation.enums import SelectionStage, SelectionState
from coordination.rotation.forms.selections import CloseForm, SelectionDatesForm, SelectionForm
from coordination.rotation.models import Selection
from coordination.rotation.queries import changes, decisions
from coordination.rotation.queries import selections as queries
from coordination.rotation.queries.selection_steps import SelectionReader, answers_loaded, steps_of
from coordination.rotation.queries.selections import SelectionView
from coordination.rotation.queries.votes import result_of, voters


def reader_of(request: AuthenticatedRequest, selection: Selection) -> SelectionReader:
    """Return for whom the reader may act.

    As a principal once it is with the principals.
    """
    agencies = held_roles.acting_agencies(held_roles.of_reader(request))
    as_principal = (
        queries.answering_as_principal(request.user.pk, agencies, request.day)
        if selection.escalations.all()
        else []
    )
    return SelectionReader(
        agencies, as_principal, may_run=offered(request, "rotation.run_selection")
    )


def stepper(view: SelectionView) -> list[dict[str, str]]:
    """Return the stages with their dates, as the stepper shows them."""
    selection = view.selection
    names = {
        SelectionStage.CALL: selection.call_until,
        SelectionStage.CONSULTATION: selection.consultation_until,
        SelectionStage.DECISION: selection.decision_until,
    }
    order = list(names)
    is_over = not selection.is_running
    late = view.stage == SelectionStage.OVERDUE
    now = len(order) - 1 if late else order.index(SelectionStage(view.stage))
    steps = []
    for place, (stage, day) in enumerate(names.items()):
        state = "done" if is_over or place < now else "now" if place == now else "todo"
        name = str(SelectionStage.OVERDUE.label if late and state == "now" else stage.label)
        when = _("to %(day)s") % {"day": formatting.short_day(day)}
        steps.append({"name": name, "state": state, "when": when})
    ended = formatting.short_day(selection.closed_at.date()) if selection.closed_at else ""
    name = (
        _("Closed without a chair") if selection.state == SelectionState.CLOSED else _("Confirmed")
    )
    steps.append({"name": name, "state": "done" if is_over else "todo", "when": ended})
    return steps


@login_required
@require_http_methods(["GET", "HEAD"])
def listing(request: AuthenticatedRequest) -> HttpResponse:
    """List all selections, the running ones first."""
    require_offered(request, "rotation.read")
    rows = sorted(queries.with_days(), key=lambda selection: not selection.is_running)
    context = {"selections": rows, "may_run": offered(request, "rotation.run_selection")}
    return render(request, "rotation/selection_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD"])
def show(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show a selection with its candidates and the reader's acts."""
    require_offered(request, "rotation.read")
    return render_selection(request, slug)


def render_selection(
    request: AuthenticatedRequest, slug: str, close_form: CloseForm | None = None
) -> HttpResponse:
    """Render the page of a selection; 422 where the form to close it has errors."""
    selection = get_object_or_404(queries.with_votes(), slug=slug)
    votes = queries.votes_of(selection)
    view = queries.view_of(selection, request.day)
    reader = reader_of(request, selection)
    steps = steps_of(selection, answers_loaded(selection), reader, request.day)
    asked = [step for step in steps if step.must]
    context: dict[str, Any] = {
        "selection": selection,
        "view": view,
        "heads": [_("Agency"), _("Answer"), _("Words and facts")],
        "stepper": stepper(view),
        "steps": steps,
        "main_step": next(iter(asked or steps), None),
        "may_run": reader.may_run and selection.is_running,
        "may_answer": bool(reader.members) and selection.is_running,
        "asks_stand": any(step.kind == "rotation.stand" for step in steps),
        "own": {agency.pk for agency in reader.members},
        "decisions": decisions.decisions_of(view.terms),
        "votes": [(vote, voters(vote), result_of(vote)) for vote in votes],
        "to_vote_on": queries.to_vote_on(view),
        "close_form": close_form or CloseForm(initial={"version": selection.version}),
    }
    status = 422 if close_form and close_form.errors else 200
    return render(request, "rotation/selection_show.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD"])
def history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who changed what in a selection."""
    require_offered(request, "rotation.read")
    selection = get_object_or_404(Selection, slug=slug)
    context = {"selection": selection, "changes": changes.selection_changes(selection)}
    return render(request, "rotation/selection_history.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: AuthenticatedRequest) -> HttpResponse:
    """Open a selection."""
    require_offered(request, "rotation.run_selection")
    free = queries.days_to_fill(request.day, request.group)
    initial: dict[str, object] = {}
    if free:
        dates = queries.usual_dates(request.day, free.first)
        names = ("call_until", "consultation_until", "decision_until")
        initial = {
            "first_day": free.first,
            "last_day": free.last,
            **dict(zip(names, dates, strict=True)),
        }
    form = SelectionForm(request.POST or None, initial=initial)
    response = submit(
        request,
        form,
        lambda: selections.open_selection(form.plan, by=request.user, at=request.now),
        lambda selection: say_and_redirect(
            request,
            _("The selection is open; all agencies are asked whether they stand."),
            "rotation:selection",
            selection.slug,
        ),
    )
    if response:
        return response
    context = {"form": form, "selection": None}
    return render(
        request, "rotation/selection_edit.html", context, status=422 if form.errors else 200
    )


def dates_of(selection: Selection) -> dict[str, object]:
    """Return the dates of a selection as the values of its form."""
    return {
        "call_until": selection.call_until,
        "consultation_until": selection.consultation_until,
        "decision_until": selection.decision_until,
        "version": selection.version,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change the dates of a selection."""
    selection = get_object_or_404(Selection, slug=slug)
    require_offered(request, "rotation.run_selection")
    form = SelectionDatesForm(request.POST or None, initial=dates_of(selection))
    response = submit(
        request,
        form,
        lambda: selections.set_dates(
            selection,
            form.dates,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda selection: say_and_redirect(
            request, _("The dates are changed."), "rotation:selection", selection.slug
        ),
        edited=EditedObject(_("This selection"), dates_of),
    )
    if response:
        return response
    context = {"form": form, "selection": selection}
    return render(
        request, "rotation/selection_edit.html", context, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["POST"])
def close(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Close a selection without a chair."""
    selection = get_object_or_404(Selection, slug=slug)
    require_offered(request, "rotation.run_selection")
    form = CloseForm(request.POST)
    response = submit(
        request,
        form,
        lambda: selections.close_selection(
            selection,
            form.cleaned_data["words"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda selection: say_and_redirect(
            request, _("The selection is closed."), "rotation:selection", selection.slug
        ),
        edited=EditedObject(_("This selection")),
    )
    return response or render_selection(request, slug, close_form=form)
