"""Context of every page: group, reader, moment, demo."""

from functools import partial

from django.conf import settings

from coordination.core import zones
from coordination.core.http import HttpRequest


def unknown_zones(request: HttpRequest) -> list[str]:
    """Return the stored zones of the reader and the group that this machine does not know.

    Their hours are in UTC.
    """
    group = getattr(request, "group", None)
    return (
        zones.unknown(getattr(getattr(request, "user", None), "time_zone", ""), group.time_zone)
        if group
        else []
    )


def site_context(request: HttpRequest) -> dict[str, object]:
    """Give each template the group, the reader, the moment, and whether this is the demo."""
    return {
        "group": getattr(request, "group", None),
        "reader": getattr(request, "reader", None),
        "now": getattr(request, "now", None),
        # asks the database, which may be what an error page is about
        "unknown_zones": partial(unknown_zones, request),
        "demo": settings.DEMO,
    }
