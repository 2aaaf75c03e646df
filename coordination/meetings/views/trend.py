"""How many agencies their principals represented over the years."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings.enums import Level
from coordination.meetings.queries import trend as trends


@login_required
@require_safe
def trend(request: AuthenticatedRequest) -> HttpResponse:
    """Show the attendance of principals' meetings as picture and table."""
    require_offered(request, "meetings.read")
    lines = trends.trend()
    context = {
        "lines": list(reversed(lines)),
        "columns": trends.columns(lines),
        "width": trends.width_of(lines),
        "unknown": [line for line in lines if not line.is_known],
        "levels": Level.labels,
        # the levels and the two shares
        "unknown_columns": len(Level) + 2,
    }
    return render(request, "meetings/trend_show.html", context)
