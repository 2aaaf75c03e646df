"""Context of every page: group, reader, moment, demo."""

from functools import partial

from django.conf import settings

from coordination.core import zones
from coordination.core.http import HttpRequest


def unknown_zones(request: HttpRequest) -> list[str]:
    """Return the reader's and the group's zones that are unknown here.

    Their hours are shown in UTC.
    """
    # Error pages may come from before our middleware.
    group = getattr(request, "group", None)
    return (
        zones.unknown(getattr(getattr(request, "user", None), "time_zone", ""), group.time_zone)
        if group
        else []
    )


def site_context(request: HttpRequest) -> dict[str, object]:
    """Return what every template gets."""
    return {
        "group": getattr(request, "group", None),
        "reader": getattr(request, "reader", None),
        "now": getattr(request, "now", None),
        # called only where it is shown: error pages must not query the database
        "unknown_zones": partial(unknown_zones, request),
        "demo": settings.DEMO,
    }
