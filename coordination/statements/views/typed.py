"""The difference that a typed text makes, before it is saved.

It follows the typing by htmx; without JavaScript the button "Preview" shows it with the form.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from coordination.core.http import HttpRequest
from coordination.statements.models import Statement
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment


def is_preview(request: HttpRequest) -> bool:
    """Say whether a form was sent to be previewed, not to be saved."""
    return request.method == "POST" and "preview" in request.POST


def form_data(request: HttpRequest, initial: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a form.

    The sent data, or a preview's initial values.
    """
    if is_preview(request):
        # not bound: nobody is told yet what is missing
        return {"data": None, "initial": {**initial, **request.POST.dict()}}
    return {"data": request.POST or None, "initial": initial}


def typed_difference(base: str, text: str) -> tuple[Segment, ...]:
    """Return the differences of a cleaned, typed text from `base`.

    Empty if there is none. Pure.
    """
    return segmentation.segments(base, text) if text and text != base else ()


def typed_fragment(
    request: HttpRequest, statement: Statement, typed: tuple[Segment, ...]
) -> HttpResponse | None:
    """Return the difference while somebody types, or else None.

    htmx asks for it.
    """
    if not is_preview(request) or not (request.htmx.target or "").startswith("typed-"):
        return None
    context = {"typed": typed, "statement": statement}
    return render(request, "statements/_typed_words.html", context)
