"""Show operations on terms, record their decisions, and list them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.errors import RuleBroken
from coordination.core.forms import add_error, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.core.queries import disagreement_changes
from coordination.rotation.actions import operations, plans
from coordination.rotation.actions.plans import Cession
from coordination.rotation.enums import OperationKind, TermState
from coordination.rotation.errors import ScheduleChanged
from coordination.rotation.forms.terms import (
    CedeForm,
    ChairsForm,
    ChangeForm,
    DecisionForm,
    LastDayForm,
)
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import chair
from coordination.rotation.queries import operations as operations_queries
from coordination.rotation.queries.operations import PlannedOperation
from coordination.rotation.views.offers import offer_context

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class OperationPage:
    """One operation as a page.

    `form` has what it changes, `intro` says what it does. `plan` works it out and `act` writes it;
    both take the subject and the form's values.
    """

    kind: OperationKind
    form: type[ChangeForm]
    intro: str | Promise
    plan: Callable[..., PlannedOperation]
    act: Callable[..., TermOperation]

    @property
    def has_choice(self) -> bool:
        """Return whether something is chosen before the change is shown."""
        return bool(self.form.base_fields)


PAGES = {
    page.kind.value.replace("_", "-"): page
    for page in (
        OperationPage(
            OperationKind.MOVE_BOUNDARY,
            LastDayForm,
            gettext_lazy("This term ends on another day, and the next begins the day after."),
            plans.boundary_moved,
            operations.move_boundary,
        ),
        OperationPage(
            OperationKind.HAND_BACK,
            LastDayForm,
            gettext_lazy("The term ends before its time. Nobody chairs on the days after it."),
            plans.handed_back,
            operations.hand_back,
        ),
        OperationPage(
            OperationKind.EXTEND,
            LastDayForm,
            gettext_lazy("The term goes on over vacant days. Nothing is handed over."),
            plans.extended,
            operations.extend_term,
        ),
        OperationPage(
            OperationKind.SET_CHAIRS,
            ChairsForm,
            gettext_lazy("Choose all the agencies that chair: one, or several jointly."),
            plans.chairs_set,
            operations.set_chairs,
        ),
        OperationPage(
            OperationKind.CEDE,
            CedeForm,
            gettext_lazy("One agency gives its turn to another, and gets none for it."),
            lambda term, *, at, group, **chosen: plans.ceded(
                term, Cession(**chosen), at=at, group=group
            ),
            lambda term, *, decision, by, at, **chosen: operations.cede_term(
                term, Cession(**chosen), decision, by=by, at=at
            ),
        ),
        OperationPage(
            OperationKind.DEFER,
            ChangeForm,
            gettext_lazy("The turn is taken back, and is owed: the planning serves it first."),
            plans.deferred,
            operations.defer_term,
        ),
        OperationPage(
            OperationKind.WITHDRAW,
            ChangeForm,
            gettext_lazy("The turn is taken back, and none is owed for it."),
            plans.withdrawn,
            operations.withdraw_confirmed,
        ),
    )
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthenticatedRequest, slug: str, kind: str) -> HttpResponse:
    """Say what an operation on a term does, and record its decision."""
    if kind not in PAGES:
        raise Http404
    every_term = list(chair.every_term().order_by("first_day"))
    term = next((term for term in every_term if term.slug == slug), None)
    if term is None:
        raise Http404
    require_offered(request, "rotation.operate")
    confirmed = [term for term in every_term if term.state == TermState.CONFIRMED]
    form = PAGES[kind].form(
        sent(request, PAGES[kind]),
        subject=term,
        begun=term.first_day <= request.day,
        initial={
            "last_day": term.last_day,
            "agencies": chair.chairing_agencies(term),
        },
    )
    back = reverse("rotation:term", args=[slug])
    return show_or_write(request, PAGES[kind], form, back=back, confirmed=confirmed)


def sent(request: AuthenticatedRequest, page: OperationPage) -> Mapping[str, Any] | None:
    """Return the chosen values, from the address or the decision form.

    An operation without a choice is shown at once.
    """
    if request.method == "POST":
        return request.POST
    return request.GET or (None if page.has_choice else {})


def show_or_write(
    request: AuthenticatedRequest,
    page: OperationPage,
    form: ChangeForm,
    *,
    back: str,
    confirmed: Iterable[ChairTerm] | None = None,
) -> HttpResponse:
    """Show the choice, then what it changes, then write it with its decision.

    `confirmed` are the confirmed terms, where they are loaded.
    """
    context: dict[str, object] = {"page": page, "change": form, "back": back, "term": form.subject}
    status, planned = 422 if form.is_bound else 200, None
    if form.is_valid():
        try:
            planned = page.plan(
                form.subject, **form.cleaned_data, at=request.now, group=request.group
            )
        except RuleBroken as error:
            add_error(form, error)
    if planned is None:
        return render(request, "rotation/operation_make.html", context, status=status)
    decision = DecisionForm(request.POST or None, initial={"base": planned.base})
    status = 422
    try:
        response = submit(
            request,
            decision,
            lambda: page.act(
                form.subject,
                **form.cleaned_data,
                decision=decision.decided,
                by=request.user,
                at=request.now,
            ),
            lambda operation: say_recorded(request, operation),
            gone=(ScheduleChanged,),
        )
    except ScheduleChanged as error:
        decision.data = {**request.POST.dict(), "base": planned.base}
        decision.add_error(None, error.message)
        response, status = None, 409
    if response:
        return response
    effects = operations_queries.effects(planned, request.day, confirmed)
    context |= {"decision": decision, "effects": effects, "rows": effects.rows}
    return render(
        request,
        "rotation/operation_make.html",
        context,
        status=status if decision.errors else 200,
    )


def say_recorded(request: AuthenticatedRequest, operation: TermOperation) -> HttpResponse:
    """Say that the operation is recorded, and lead to its page."""
    sentence = _("Recorded. The schedule is changed; those whose turn moved are told.")
    return say_and_redirect(request, sentence, "rotation:operation", operation.pk)


@login_required
@require_safe
def operation(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an operation with its decision and consents."""
    require_offered(request, "rotation.read")
    operation = get_object_or_404(operations_queries.operations(), pk=pk)
    return render(
        request,
        "rotation/operation_show.html",
        {
            "operation": operation,
            **offer_context(request, operation),
        },
    )


@login_required
@require_safe
def history(request: AuthenticatedRequest) -> HttpResponse:
    """Show what changed the schedule: operations and corrections, newest first."""
    require_offered(request, "rotation.read")
    page = Paginator(operations_queries.history_keys(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": operations_queries.history_lines(page.object_list),
        "changes": disagreement_changes("chair"),
    }
    return render(request, "rotation/schedule_history.html", context)
