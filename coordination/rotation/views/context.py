"""Who chairs now, on every page."""

from coordination.core.http import HttpRequest


def chair(request: HttpRequest) -> dict[str, object]:
    """Give each template the chair."""
    return {"chair": None}
