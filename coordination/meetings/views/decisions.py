"""The registers: decisions with permanent numbers, and action items of all meetings."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings.enums import ActionState, MeetingKind
from coordination.meetings.queries import decisions
from coordination.meetings.queries.decisions import ActionFilter, DecisionFilter
from coordination.members.models import Agency

PER_PAGE = 50
LONGEST_SEARCH = 100


@login_required
@require_safe
def decision_list(request: AuthenticatedRequest) -> HttpResponse:
    """List what all meetings decided, filtered by words, year and kind of meeting."""
    require_offered(request, "meetings.read")
    year, kind = request.GET.get("year", ""), request.GET.get("kind", "")
    known = decisions.years()
    chosen = DecisionFilter(
        words=request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", ""),
        year=next((each for each in known if str(each) == year), None),
        kind=kind if kind in MeetingKind.values else "",
    )
    page = Paginator(decisions.register(chosen), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/decision_list.html",
        {"page": page, "chosen": chosen, "years": known, "kinds": MeetingKind.choices},
    )


@login_required
@require_safe
def action_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the action items of all meetings, filtered by words, agency and state."""
    require_offered(request, "meetings.read")
    states = [("late", _("late")), *ActionState.choices]
    state = request.GET.get("state", "")
    chosen = ActionFilter(
        day=request.day,
        words=request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", ""),
        agency=request.GET.get("agency", "").replace("\0", ""),
        state=state if state in dict(states) else "",
    )
    page = Paginator(decisions.action_register(chosen), PER_PAGE).get_page(request.GET.get("page"))
    owners = Agency.objects.filter(pk__in=decisions.owners()).order_by("acronym")
    return render(
        request,
        "meetings/action_list.html",
        {"page": page, "chosen": chosen, "states": states, "owners": owners},
    )
