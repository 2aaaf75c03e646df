"""Error pages and the style guide."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say who may."""
    return render(request, "403.html", {"sentence": str(exception or ""), "typed": []}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here, and offer the search."""
    return render(request, "404.html", {"tried": request.path.strip("/").replace("/", " ").replace("-", " ")}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; the template stands alone."""
    return render(request, "500.html", status=500)


@staff_member_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "core/styleguide_show.html")
