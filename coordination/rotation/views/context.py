"""Who chairs now, for every page; read only when a template asks."""

from django.utils.functional import SimpleLazyObject

from coordination.core.http import HttpRequest
from coordination.rotation.queries import chair_now


def chair(request: HttpRequest) -> dict[str, object]:
    """Give each template the chair.

    Error pages before our middleware have none.
    """
    if not hasattr(request, "day"):
        return {"chair": None}
    return {"chair": SimpleLazyObject(lambda: chair_now.of_request(request))}
