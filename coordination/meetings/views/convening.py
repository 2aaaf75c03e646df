"""Convening: a meeting, or a series of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings import queries
from coordination.meetings.actions import meetings, polls, series
from coordination.meetings.forms import MeetingForm, day_of_end
from coordination.meetings.forms.hours import LONGEST, SHORTEST
from coordination.meetings.forms.series import ConveningForm
from coordination.meetings.models import HourPoll, Meeting, MeetingSeries
from coordination.meetings.queries import hours, ledger
from coordination.members.models import Agency

LARGEST_KEY = 2**63  # SQLite and PostgreSQL have no larger one
# the second button of a meeting that has begun: it is recorded, not convened
RECORD = "as_record"


@login_required
def convene(request: AuthenticatedRequest) -> HttpResponse:
    """Convene a meeting.

    Asks first if it has begun already.
    """
    require_offered(request, "meetings.convene")
    usual: dict[str, Any] = {
        "time_zone": request.group.time_zone,
        **queries.usual_meeting(request.day),
    }
    found = found_hour(request)
    if found:
        poll = poll_of(request)
        usual |= hour_values(*found, request.group.zone) | ({"title": poll.title} if poll else {})
    form = ConveningForm(request.POST or None, initial=usual)
    if poll_of(request):
        form.offer_no_series()
    is_past = form.is_valid() and form.invitation.starts_at <= request.now and not form.repetition
    if is_past and RECORD not in request.POST:
        return render_convening(request, form, is_past=True)
    response = submit(
        request,
        form,
        lambda: convene_meeting(request, form),
        lambda convened: after_convening(request, convened, is_past=is_past),
    )
    again = []
    if found and not form.is_bound:
        again = ledger.paying_again(*found, request.now, request.group)
        if again:
            form.ask_reason()
    return response or render_convening(request, form, is_past=is_past, again=again)


def after_convening(
    request: AuthenticatedRequest, convened: Meeting | MeetingSeries, *, is_past: bool
) -> HttpResponse:
    """Lead to what was convened, and say who is told when."""
    if isinstance(convened, MeetingSeries):
        sentence = _(
            "The series is convened. One mail tells all dates in ten minutes; people are invited "
            "to each meeting two weeks before it."
        )
        return say_and_redirect(request, sentence, "meetings:series", convened.pk)
    return say_and_redirect(
        request,
        _("The meeting is recorded. It has begun, so nobody is invited or reminded.")
        if is_past
        else _(
            "The meeting is convened. Its invitations go out in ten minutes; until then a "
            "change costs no mail."
        ),
        "meetings:meeting",
        convened.slug,
    )


def convene_meeting(request: AuthenticatedRequest, form: ConveningForm) -> Meeting | MeetingSeries:
    """Convene a meeting or a series.

    With a meeting, the poll that the address names is settled.
    """
    invitation, poll = form.invitation, poll_of(request)
    if form.repetition:
        return series.convene_series(invitation, form.repetition, by=request.user, at=request.now)
    if poll is None:
        return meetings.convene(invitation, by=request.user, at=request.now)
    return polls.convene_from_poll(poll, invitation, by=request.user, at=request.now)


def poll_of(request: AuthenticatedRequest) -> HourPoll | None:
    """Return the poll that the address names, or None."""
    key = request.GET.get("poll", "")
    return HourPoll.objects.filter(pk=int(key) % LARGEST_KEY).first() if key.isdecimal() else None


def found_hour(request: AuthenticatedRequest) -> tuple[datetime, datetime] | None:
    """Return begin and end (UTC) from the address.

    Those of the hour that was found.
    """
    starts_at = hours.moment_of(request.GET.get("starts", ""))
    minutes = request.GET.get("minutes", "")
    if starts_at is None or not (minutes.isdecimal() and SHORTEST <= int(minutes) <= LONGEST):
        return None
    return starts_at, starts_at + timedelta(minutes=int(minutes))


def hour_values(begins: datetime, ends: datetime, zone: ZoneInfo) -> dict[str, object]:
    """Return hours as values of the form, on the clocks of `zone`."""
    begins, ends = begins.astimezone(zone), ends.astimezone(zone)
    last_day = ends.date()
    # a day that follows from the hours is not shown, so that it moves with them
    is_plain = last_day == day_of_end(begins.date(), begins.time(), ends.time())
    return {
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "last_day": None if is_plain else last_day,
    }


def render_convening(
    request: AuthenticatedRequest,
    form: MeetingForm,
    *,
    is_past: bool,
    again: Sequence[Agency] = (),
) -> HttpResponse:
    """Render the form of a new meeting."""
    return render(
        request,
        "meetings/meeting_edit.html",
        {"form": form, "meeting": None, "is_past": is_past, "again": again},
        status=422 if form.is_bound else 200,
    )
