"""The registers: decisions with permanent numbers, and action items of all meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from coordination.core import sheets
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.core.sheets import Sheet
from coordination.meetings.enums import ActionState, MeetingKind
from coordination.meetings.queries import decisions
from coordination.meetings.queries.decisions import ActionFilter, DecisionFilter
from coordination.members.models import Agency

PER_PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """A filter above a register: parameter, choices and chosen value."""

    name: str
    label: str
    options: Sequence[tuple[str, Any]]
    value: str


STATES = ("late", *ActionState.values)


def searched(request: AuthenticatedRequest) -> str:
    """Return the words of the address."""
    return request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")


def decision_filter(request: AuthenticatedRequest) -> DecisionFilter:
    """Return the filter of decisions from the address.

    Unknown values filter nothing.
    """
    year, kind = request.GET.get("year", ""), request.GET.get("kind", "")
    return DecisionFilter(
        words=searched(request),
        year=int(year) if year.isdecimal() and len(year) == len("2026") else None,
        kind=kind if kind in MeetingKind.values else "",
    )


def action_filter(request: AuthenticatedRequest) -> ActionFilter:
    """Return the filter of action items from the address.

    Unknown values filter nothing.
    """
    state = request.GET.get("state", "")
    return ActionFilter(
        day=request.day,
        words=searched(request),
        agency=request.GET.get("agency", "").replace("\0", ""),
        state=state if state in STATES else "",
    )


@login_required
@require_safe
def decision_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the decisions of all meetings.

    Filtered by words, year and kind of meeting.
    """
    require_offered(request, "meetings.read")
    chosen = decision_filter(request)
    page = Paginator(decisions.register(chosen), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/decision_list.html",
        {
            "page": page,
            "chosen": chosen,
            "filters": [
                RegisterFilter(
                    "year",
                    _("Year"),
                    [(str(year), str(year)) for year in decisions.years()],
                    str(chosen.year or ""),
                ),
                RegisterFilter("kind", _("Meeting"), MeetingKind.choices, chosen.kind),
            ],
        },
    )


@login_required
@require_safe
def decision_sheet(request: AuthenticatedRequest, ending: str) -> HttpResponse:
    """Return the decisions that the list shows as CSV or Excel."""
    require_offered(request, "meetings.read")
    lines = decisions.decision_table(decisions.register(decision_filter(request)))
    sheet = Sheet(_("Decisions"), decisions.decision_header(), lines)
    return sheets.answer([sheet], ending, "decisions")


@login_required
@require_safe
def action_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the action items of all meetings.

    Filtered by words, agency and state.
    """
    require_offered(request, "meetings.read")
    chosen = action_filter(request)
    page = Paginator(decisions.action_register(chosen), PER_PAGE).get_page(request.GET.get("page"))
    owners = Agency.objects.filter(pk__in=decisions.owners()).order_by("acronym")
    return render(
        request,
        "meetings/action_list.html",
        {
            "page": page,
            "chosen": chosen,
            "filters": [
                RegisterFilter(
                    "agency",
                    _("Agency"),
                    list(owners.values_list("slug", "acronym")),
                    chosen.agency,
                ),
                RegisterFilter(
                    "state",
                    pgettext("of an action item", "State"),
                    [("late", _("late")), *ActionState.choices],
                    chosen.state,
                ),
            ],
        },
    )


@login_required
@require_safe
def action_sheet(request: AuthenticatedRequest, ending: str) -> HttpResponse:
    """Return the action items that the list shows as CSV or Excel."""
    require_offered(request, "meetings.read")
    lines = decisions.action_table(decisions.action_register(action_filter(request)))
    sheet = Sheet(_("Action items"), decisions.action_header(), lines)
    return sheets.answer([sheet], ending, "action-items")
