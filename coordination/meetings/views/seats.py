"""Where each seat sits and when it works."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core import history
from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.meetings.actions import working_hours
from coordination.meetings.forms.hours import WorkingHoursForm
from coordination.meetings.models import WorkingHours
from coordination.meetings.queries import holidays, seats
from coordination.members.models import Agency
from coordination.members.queries.agencies import zone_and_city


@login_required
@require_safe
def seat_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the seats of today: city, working hours, next holidays."""
    require_offered(request, "meetings.read")
    rows = seats.seat_rows(request.now, request.group)
    context = {
        "rows": [(row, offered(request, "meetings.set_hours", row.agency)) for row in rows],
        "may_convene": offered(request, "meetings.convene"),
    }
    return render(request, "meetings/seat_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set when an agency works."""
    agency = get_object_or_404(Agency, slug=slug)
    require_offered(request, "meetings.set_hours", agency)
    record = WorkingHours.objects.filter(agency=agency).first()
    place = zone_and_city(agency, request.day)
    country = holidays.country_of(place.zone.key) if place.zone else ""
    form = WorkingHoursForm(
        request.POST if request.method == "POST" else None,
        initial=form_values(record),
        usual=seats.hours_text(request.group.work_begins, request.group.work_ends),
        usual_country=country and holidays.country_name(country),
    )
    response = submit(
        request,
        form,
        lambda: working_hours.set_working_hours(
            agency,
            form.hours,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda _record: say_and_redirect(
            request,
            _("The working hours of %(agency)s are saved.") % {"agency": agency},
            "meetings:seats",
        ),
        edited=EditedObject(_("The working hours"), form_values),
    )
    if response:
        return response
    context = {
        "agency": agency,
        "form": form,
        "place": place,
        "changes": history.changes(record) if record else [],
    }
    return render(request, "meetings/hours_edit.html", context, status=422 if form.errors else 200)


def form_values(record: WorkingHours | None) -> dict[str, object]:
    """Return the working hours on record as the values of their form."""
    if record is None:
        return {"version": 0}
    return {
        "begins": record.begins,
        "ends": record.ends,
        "country": record.country,
        "part": record.part,
        "version": record.version,
    }
