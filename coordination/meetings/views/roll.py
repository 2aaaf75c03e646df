"""The roll of a meeting and claims to be on it.

Those who keep the minutes keep it. Those who are missing from it claim.
"""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core import sheets
from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.core.sheets import Sheet
from coordination.meetings.actions import claims, records
from coordination.meetings.actions import roll as roll_actions
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.errors import (
    AttendanceChanged,
    AttendanceKept,
    ClaimRefused,
    ClaimSettled,
)
from coordination.meetings.forms.attendance import (
    ClaimForm,
    DeclinedClaimForm,
    RollGrid,
    offered_names,
)
from coordination.meetings.models import AttendanceClaim, Meeting
from coordination.meetings.queries import roll as rolls
from coordination.meetings.views.meetings import render_meeting


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show or save the whole roll of a meeting."""
    meeting = get_object_or_404(Meeting, slug=slug)
    require_offered(request, "meetings.record_outcome", meeting)
    grid = grid_of(request, meeting)
    if request.method == "POST" and save(request, meeting, grid):
        return say_and_redirect(request, _("The roll is saved."), "meetings:roll", slug)
    return render_roll(request, meeting, grid)


def grid_of(request: AuthenticatedRequest, meeting: Meeting) -> RollGrid:
    """Return the form of the roll with offered values.

    From answers, or from the record of principals.
    """
    # only a principals' meeting shows who was head of an agency
    of_principals = meeting.kind == MeetingKind.PRINCIPALS
    rows = rolls.roll_rows(meeting, with_heads=of_principals)
    offers = offered_names(rows, meeting.kind) if of_principals else rolls.offers(meeting, rows)
    data = request.POST if request.method == "POST" else None
    visitors = list(rolls.visitors_of(meeting))
    return RollGrid(data, rows, offers, visitors, rolls.people_of(meeting))


def save(request: AuthenticatedRequest, meeting: Meeting, grid: RollGrid) -> bool:
    """Save the roll and return whether it is saved."""
    if not grid.is_right:
        grid.refuse()
        return False
    try:
        roll_actions.save_roll(meeting, grid.roll, by=request.user, at=request.now)
    except AttendanceChanged as error:
        grid.show_saved(rolls.roll_rows(meeting), error)
        return False
    except AttendanceKept as error:
        grid.show_kept(error)
        return False
    return True


def render_roll(
    request: AuthenticatedRequest, meeting: Meeting, grid: RollGrid, **more: Any
) -> HttpResponse:
    """Render the page of the roll.

    `more` replaces parts of its context.
    """
    context = {
        "meeting": meeting,
        "grid": grid,
        "closed": why_closed(request, meeting),
        "count": rolls.roll_count((form.row for form in grid.forms), grid.guests),
        "claims": [claim for claim in rolls.claims_of(meeting) if claim.settled_at is None],
        "is_principals": meeting.kind == MeetingKind.PRINCIPALS,
        "has_offers": any(form.is_offered for form in grid.forms),
        "declined_form": DeclinedClaimForm(),
    }
    return render(request, "meetings/roll_edit.html", context | more, status=grid.status)


def why_closed(request: AuthenticatedRequest, meeting: Meeting) -> str:
    """Return why nobody can change the roll, or ""."""
    if meeting.state == MeetingState.CANCELLED:
        return _("This meeting was cancelled; it has no roll.")
    if not meeting.begun(request.now):
        return _("The roll is kept once the meeting has begun.")
    return records.agreed_sentence(meeting)


@login_required
@require_safe
def sheet(request: AuthenticatedRequest, slug: str, ending: str) -> HttpResponse:
    """Return the roll of a meeting as CSV or Excel."""
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(Meeting, slug=slug)
    rows, visitors = rolls.seat_rows(meeting), list(rolls.visitors_of(meeting))
    counts = rolls.summary(rolls.roll_count(rows, visitors))
    tables = [
        Sheet(_("Roll"), rolls.header(), rolls.table(rows, visitors)),
        Sheet(_("Count"), [_("What"), _("Number")], counts),
    ]
    return sheets.answer(tables, ending, f"{slug}-roll")


@login_required
@require_POST
def claim(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record that the reader says that they attended."""
    meeting, form = get_object_or_404(Meeting, slug=slug), ClaimForm(request.POST)
    require_offered(request, "meetings.claim_presence", meeting)
    response = submit(
        request,
        form,
        lambda: claims.claim_presence(
            meeting, form.cleaned_data["where"], by=request.user, at=request.now
        ),
        lambda _claim: say_and_redirect(
            request,
            _("The chair is asked to confirm that you attended."),
            "meetings:meeting",
            slug,
        ),
        gone=(ClaimRefused,),
    )
    return response or render_meeting(request, slug, status=422, claim_form=form)


@login_required
@require_POST
def settle(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm or decline a claim."""
    found = get_object_or_404(
        AttendanceClaim.objects.select_related("meeting"), pk=pk, meeting__slug=slug
    )
    require_offered(request, "meetings.record_outcome", found.meeting)
    form = DeclinedClaimForm(request.POST)
    response = submit(
        request,
        form,
        lambda: (
            claims.confirm_claim(found, by=request.user, at=request.now)
            if form.is_confirmed
            else claims.decline_claim(
                found, form.cleaned_data["why"], by=request.user, at=request.now
            )
        ),
        lambda _claim: redirect(f"{reverse('meetings:roll', args=[slug])}#claims"),
        gone=(ClaimSettled,),
    )
    if response:
        return response
    meeting = found.meeting
    rows = rolls.roll_rows(meeting)
    visitors = list(rolls.visitors_of(meeting))
    grid = RollGrid(None, rows, rolls.offers(meeting, rows), visitors, rolls.people_of(meeting))
    grid.status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_roll(request, meeting, grid, declined_form=form, wrong_claim=pk)
