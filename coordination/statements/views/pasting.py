"""Preview a pasted text for corrections before it is saved.

Its page carries the whole form on, so nothing is stored before the last button, and the way back
to the text loses nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coordination.core.forms import submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.queries import pasted
from coordination.textkit import chosen_kinds
from coordination.textkit.blocks import CHOSEN_KINDS, ParsedBlock

# the buttons of both pages, by name; without one the text is saved
PREVIEW, SET, BACK = "preview", "set", "back"
# fields that the page writes itself
OWN_FIELDS = frozenset({"text", "kinds"})


def goes_back(request: AuthenticatedRequest) -> bool:
    """Say whether the reader goes back from the preview to the text."""
    return request.POST.get("step") == BACK


def preview(
    request: AuthenticatedRequest,
    form: Form,
    read: Callable[[], Sequence[ParsedBlock]],
    page: Callable[[], dict[str, Any]],
) -> HttpResponse | None:
    """Show the preview if a button asks for it and the form is valid.

    `read` gives the recognised blocks, `page` the rest of the context.
    """
    if request.POST.get("step") not in {PREVIEW, SET} or not request.POST.get("text", "").strip():
        return None
    return submit(request, form, read, lambda recognised: _show(request, form, recognised, page()))


def _show(
    request: AuthenticatedRequest,
    form: Form,
    recognised: Sequence[ParsedBlock],
    page: dict[str, Any],
) -> HttpResponse:
    code, fault = form.cleaned_data["kinds"], ""
    if request.POST["step"] == SET:
        code, fault = _set(request, recognised, code)
    context = {
        **page,
        "paragraphs": pasted.pasted_paragraphs(recognised, code),
        "hidden": [field for field in form if field.name not in OWN_FIELDS],
        "text": form["text"].value(),
        "code": code,
        "fault": fault,
        "kinds": pasted.PASTED_KINDS,
    }
    template = "statements/_preview.html" if request.htmx else "statements/text_preview.html"
    return render(request, template, context, status=422 if fault else 200)


def _set(
    request: AuthenticatedRequest, recognised: Sequence[ParsedBlock], code: str
) -> tuple[str, str]:
    """Return the code with the chosen kind, and any error."""
    sent = request.POST.getlist("paragraph")
    places = {i for i in range(len(recognised)) if str(i) in sent}
    kind = next((each for each in CHOSEN_KINDS if each == request.POST.get("kind")), None)
    if not places or kind is None:
        return code, _("Tick the paragraphs, and choose what they are.")
    return chosen_kinds.choose(recognised, code, places, kind), ""
