"""Series of meetings: their page, and what the chair does with them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core import history, zones
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.permissions import offered, require_offered
from coordination.core.views import shown_fields
from coordination.meetings.actions import series as acts
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import SeriesOver
from coordination.meetings.forms.series import SeriesHourForm, SeriesUntilForm, form_values
from coordination.meetings.models import MeetingSeries
from coordination.meetings.queries import announcements, calendars
from coordination.meetings.queries import series as queries


@login_required
@require_safe
def series(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a series: its rule, its meetings, and what changed."""
    require_offered(request, "meetings.read")
    shown = get_object_or_404(queries.series_record(pk))
    rows = queries.rows_of(shown)
    coming = [row for row in rows if not row.meeting.begun(request.now)]
    context = {
        "series": shown,
        "city": city_of(request, shown),
        "coming": coming,
        "past": [row for row in reversed(rows) if row not in coming],
        "may_convene": offered(request, "meetings.convene"),
        "changes": history.changes(shown),
    }
    return render(request, "meetings/series_show.html", context)


def city_of(request: AuthenticatedRequest, shown: MeetingSeries) -> str:
    """Return the city to name beside the hours of a series."""
    if shown.time_zone == request.group.time_zone:
        return request.group.zone_city
    return zones.city_of(shown.time_zone)


@login_required
@require_safe
def calendar(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the coming meetings of a series as a calendar file.

    The cancelled ones too.
    """
    require_offered(request, "meetings.read")
    shown = get_object_or_404(MeetingSeries, pk=pk)
    coming = shown.meetings.filter(starts_at__gt=request.now).prefetch_related("agenda")
    meetings = list(coming.order_by("starts_at", "pk"))
    announced = announcements.announced(meetings, request.now)
    sequences = {key: each.sequence for key, each in announced.items()}
    return HttpResponse(
        calendars.calendar_of_dates(meetings, sequences, at=request.now),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="series-{pk}.ics"'},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change hour, place or link of the coming meetings."""
    shown = get_object_or_404(MeetingSeries, pk=pk)
    require_offered(request, "meetings.convene", shown)
    form = SeriesHourForm(
        request.POST if request.method == "POST" else None, initial=form_values(shown)
    )
    response = submit(
        request,
        form,
        lambda: acts.change_series(
            shown,
            form.hour,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda count: say_and_redirect(
            request,
            ngettext(
                "%(n)d meeting has changed; who is invited is told by mail in ten minutes.",
                "%(n)d meetings have changed; who is invited is told by mail in ten minutes.",
                count,
            )
            % {"n": count},
            "meetings:series",
            pk,
        ),
        edited=EditedObject(_("This series"), form_values),
        gone=(SeriesOver,),
    )
    return response or render_form(request, shown, form, verb=_("Change the coming meetings"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Convene the meetings of the rule up to a later day."""
    shown = get_object_or_404(MeetingSeries, pk=pk)
    require_offered(request, "meetings.convene", shown)
    form = SeriesUntilForm(
        request.POST if request.method == "POST" else None, initial=form_values(shown)
    )
    response = submit(
        request,
        form,
        lambda: acts.extend_series(
            shown,
            form.cleaned_data["repeats_until"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda count: say_and_redirect(
            request,
            ngettext(
                "%(n)d more meeting is convened; one mail tells all dates.",
                "%(n)d more meetings are convened; one mail tells all dates.",
                count,
            )
            % {"n": count},
            "meetings:series",
            pk,
        ),
        edited=EditedObject(_("This series"), form_values),
        gone=(SeriesOver,),
    )
    return response or render_form(request, shown, form, verb=_("Extend the series"))


def render_form(
    request: AuthenticatedRequest, shown: MeetingSeries, form: Any, *, verb: str
) -> HttpResponse:
    """Render the form of an act on a series."""
    context = {"series": shown, "form": form, "verb": verb, "city": city_of(request, shown)}
    return render(request, "meetings/series_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask before a series ends, then cancel its meetings to come."""
    shown = get_object_or_404(MeetingSeries, pk=pk)
    if request.method != "POST":
        require_offered(request, "meetings.convene", shown)
        return render_ending(request, shown)
    return press_button(
        request,
        SeriesUntilForm(request.POST, prefix=SHOWN_PREFIX),
        lambda version: acts.end_series(shown, version=version, by=request.user, at=request.now),
        lambda _count: say_and_redirect(
            request,
            _("The series has ended. Its meetings to come are cancelled and stay on record."),
            "meetings:series",
            pk,
        ),
        edited=EditedObject(_("This series"), form_values),
        verb=_("End the series"),
    )


def render_ending(request: AuthenticatedRequest, shown: MeetingSeries) -> HttpResponse:
    """Render the page that asks before a series ends.

    It says what is cancelled.
    """
    coming = shown.meetings.filter(state=MeetingState.CONVENED, starts_at__gt=request.now)
    context = {
        "series": shown,
        "coming": list(coming.order_by("starts_at", "pk")),
        "told": due.people_told(request.now),
        "shown_fields": shown_fields(
            SeriesUntilForm(initial=form_values(shown), prefix=SHOWN_PREFIX)
        ),
    }
    return render(
        request, "meetings/series_end.html", context, status=409 if shown.ended_at else 200
    )
