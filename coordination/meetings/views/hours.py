"""Finding an hour: ranked candidates for a meeting.

Ranked by who would sit outside working hours.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings import queries
from coordination.meetings.forms.hours import USUAL, HourForm
from coordination.meetings.queries.hours import BURDEN, EQUAL, HourPage, HourQuestion, moment_of
from coordination.meetings.slots.ranking import Candidate
from coordination.members.queries.agencies import members_on

PER_PAGE = 20
USUAL_DAYS = timedelta(days=13)


@login_required
@require_safe
def find(request: AuthenticatedRequest) -> HttpResponse:
    """Rank the hours of some days, by each city.

    Also without a question.
    """
    require_offered(request, "meetings.convene")
    form, question = asked(request)
    if request.htmx and form.errors:
        # The sentences stand beside the fields, which a part does not have.
        return HttpResponseClientRedirect(request.get_full_path())
    page = HourPage(question, request.now, request.group)
    picked = page.picked(request.GET.get("pick", ""))
    context = {
        "form": form,
        "page": page,
        "question": question,
        "length": timedelta(minutes=question.minutes),
        "candidates": candidates(request, page),
        "best": [(order, page.best_of_days(order)) for order in (BURDEN, EQUAL)],
        **(picked_context(request, page, picked) if picked else {}),
    }
    template = "meetings/_hours_found.html" if request.htmx else "meetings/hours_find.html"
    return render(request, template, context, status=422 if form.errors else 200)


def asked(request: AuthenticatedRequest) -> tuple[HourForm, HourQuestion]:
    """Return the form and the question.

    The usual question where none or a wrong one is asked.
    """
    first: Any = queries.usual_meeting(request.day)["day"]
    usual: dict[str, Any] = {"minutes": USUAL, "first_day": first, "last_day": first + USUAL_DAYS}
    choices = [(agency.slug, agency.acronym) for agency in members_on(request.day)]
    is_asked = "first_day" in request.GET
    form = HourForm(
        request.GET if is_asked else None, initial=usual, seats=choices, today=request.day
    )
    values = form.cleaned_data if is_asked and form.is_valid() else usual
    order = EQUAL if request.GET.get("order") == EQUAL else BURDEN
    return form, HourQuestion(
        values["first_day"],
        values["last_day"],
        values["minutes"],
        frozenset(values.get("seats", ())),
        order,
        frozenset(key for key in request.GET.get("slots", "").split(",") if moment_of(key)),
    )


def candidates(request: AuthenticatedRequest, page: HourPage) -> Any:
    """Return a page of the candidates as rows.

    In the order that is asked for.
    """
    ordered = page.in_order(page.question.order)
    part: Any = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    part.object_list = page.rows(part.object_list)
    return part


def picked_context(
    request: AuthenticatedRequest, page: HourPage, candidate: Candidate
) -> dict[str, Any]:
    """Return what the page shows of the hour that is picked."""
    row = page.row(candidate)
    query = {"starts": row.key, "minutes": page.question.minutes}
    slots = ",".join(sorted(page.question.proposed))
    poll_query = {"slots": slots, "minutes": page.question.minutes}
    return {
        "picked": row,
        "bars": page.bars(row),
        "again": page.pays_again(candidate),
        "proposed": len(page.question.proposed),
        "poll_url": f"{reverse('meetings:open_poll')}?{urlencode(poll_query, safe=':,')}",
        "convene_url": f"{reverse('meetings:convene')}?{urlencode(query)}",
    }
