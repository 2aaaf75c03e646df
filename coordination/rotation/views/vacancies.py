"""A vacancy, and the remedies for it side by side."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.http import AuthenticatedRequest
from coordination.core.periods import Period
from coordination.core.permissions import offered, require_offered
from coordination.rotation.actions import operations, plans
from coordination.rotation.enums import OperationKind
from coordination.rotation.forms.terms import (
    CaretakerForm,
    ChairsForm,
    ChangeForm,
    LaterTermForm,
    UntilForm,
)
from coordination.rotation.queries import chair_now, vacancies
from coordination.rotation.queries.chair import Sitting
from coordination.rotation.views.operations import OperationPage, sent, show_or_write

PAGES = {
    page.kind.value.replace("_", "-"): page
    for page in (
        OperationPage(
            OperationKind.LEAVE_VACANT,
            UntilForm,
            gettext_lazy("Nobody chairs, and the group knows it: no reminder asks until that day."),
            lambda vacancy, until, *, at, group: plans.left_vacant(
                vacancy, until, at=at, group=group
            ),
            lambda vacancy, until, *, decision, by, at: operations.leave_vacant(
                vacancy.first, until, decision, by=by, at=at
            ),
        ),
        OperationPage(
            OperationKind.SUBSTITUTE,
            ChairsForm,
            gettext_lazy("Another agency takes the whole turn. The later turns stay."),
            lambda vacancy, agencies, *, at, group: plans.filled(
                OperationKind.SUBSTITUTE, agencies, vacancy, at=at, group=group
            ),
            lambda vacancy, agencies, *, decision, by, at: operations.name_substitute(
                agencies, vacancy, decision, by=by, at=at
            ),
        ),
        OperationPage(
            OperationKind.APPOINT_CARETAKER,
            CaretakerForm,
            gettext_lazy("An agency bridges the vacancy, marked as a caretaker everywhere."),
            lambda _vacancy, agencies, first_day, last_day, *, at, group: plans.filled(
                OperationKind.APPOINT_CARETAKER,
                agencies,
                Period(first_day, last_day),
                at=at,
                group=group,
            ),
            lambda _vacancy, agencies, first_day, last_day, *, decision, by, at: (
                operations.appoint_caretaker(
                    agencies, Period(first_day, last_day), decision, by=by, at=at
                )
            ),
        ),
        OperationPage(
            OperationKind.MOVE_UP,
            ChangeForm,
            gettext_lazy("Each later agency takes the turn before its own. The order stays."),
            lambda vacancy, *, at, group: plans.moved_up(vacancy, at=at, group=group),
            lambda vacancy, *, decision, by, at: operations.move_up(
                vacancy.first, decision, by=by, at=at
            ),
        ),
        OperationPage(
            OperationKind.PULL_FORWARD,
            LaterTermForm,
            gettext_lazy("One later agency takes the vacant turn; its own becomes vacant."),
            lambda vacancy, term, *, at, group: plans.pulled_forward(
                term, vacancy, at=at, group=group
            ),
            lambda vacancy, term, *, decision, by, at: operations.pull_forward(
                term, vacancy.first, decision, by=by, at=at
            ),
        ),
    )
}


class DayConverter:
    """A day in an address, "2027-01-01"."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day; Django takes ValueError for an address of nothing."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as text."""
        return value.isoformat()


def vacancy_or_404(request: AuthenticatedRequest, day: date, sittings: Sequence[Sitting]) -> Period:
    """Return the vacancy, from today on, that covers `day`."""
    period = vacancies.vacancy_covering(
        max(day, request.day),
        request.day,
        request.group,
        sittings,
    )
    if period is None:
        raise Http404
    return period


@login_required
@require_safe
def vacancy(request: AuthenticatedRequest, day: date) -> HttpResponse:
    """Show a vacancy, and what may be done about it."""
    require_offered(request, "rotation.read")
    period = vacancy_or_404(request, day, chair_now.sittings_of_request(request))
    return render(
        request,
        "rotation/vacancy_show.html",
        {
            "remedies": vacancies.remedies(period, request.day),
            "may_operate": offered(request, "rotation.operate"),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: AuthenticatedRequest, day: date, kind: str) -> HttpResponse:
    """Say what a remedy does, and record its decision."""
    if kind not in PAGES:
        raise Http404
    # before the permission: the head of the page is told from the same sittings
    sittings = chair_now.sittings_of_request(request)
    require_offered(request, "rotation.operate")
    period = vacancy_or_404(request, day, sittings)
    page = PAGES[kind]
    form = page.form(
        sent(request, page),
        subject=period,
        initial={"first_day": period.first, "last_day": period.last, "until": period.last},
    )
    back = reverse("rotation:vacancy", args=[period.first])
    return show_or_write(request, page, form, back=back)
