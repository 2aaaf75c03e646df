"""Error pages and the style guide."""

from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coordination.core import specimens
from coordination.core.errors import Stale
from coordination.core.http import AuthenticatedRequest


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


def edit_conflict(request: HttpRequest, stale: Stale, form: BaseForm, *, what: str, action: str) -> HttpResponse:
    """Show both texts of a lost race: what `stale.current` has now, and what the form carried. Answer 409."""
    current: Any = stale.current
    last = current.history.select_related("history_user").first()
    pairs, hidden = [], []
    for field in form:
        yours = form.data.get(field.html_name, "")
        theirs = text_of(current, field.name)
        if field.name == "version":
            continue
        if field.is_hidden or theirs is None or theirs == yours:
            hidden.append((field.html_name, yours))
        else:
            pairs.append({"label": field.label, "name": field.html_name, "theirs": theirs, "yours": yours})
    context = {
        "what": what,
        "action": action,
        "version": current.version,
        "pairs": pairs,
        "hidden": hidden,
        "saved_by": last and last.history_user,
        "saved_at": last and last.history_date,
    }
    return render(request, "core/edit_conflict.html", context, status=409)


def text_of(obj: models.Model, name: str) -> str | None:
    """Return a field of an object as a form would carry it; None where the object has no such field."""
    if name not in {field.name for field in obj._meta.fields}:  # noqa: SLF001 - Django's public name
        return None
    value = obj.serializable_value(name)
    return "" if value is None else str(value)


@staff_member_required
def styleguide(request: AuthenticatedRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "core/styleguide_show.html", specimens.everything(request.now, request.day))
