"""What every page shows of the house itself."""

from django.conf import settings

from coordination.core.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """Give each template the group, the reader, the moment, and whether this is the demonstration."""
    return {
        "group": getattr(request, "group", None),
        "reader": getattr(request, "reader", None),
        "now": getattr(request, "now", None),
        "demo": settings.DEMO,
    }
