"""Set deadlines with hints for the chair."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coordination.core import forms as core_forms
from coordination.core.http import AuthenticatedRequest
from coordination.members.models import Agency
from coordination.statements.forms import DeadlineField
from coordination.statements.queries import deadline_hints
from coordination.statements.views.page_context import VisibleStatement, participants_of

Result = TypeVar("Result")


def submit(
    request: AuthenticatedRequest,
    visible: VisibleStatement,
    form: forms.Form,
    act: Callable[[], Result],
    done: Callable[[Result], HttpResponse],
) -> HttpResponse | None:
    """Submit the form, unless its deadline is only to be checked.

    The field asks by htmx while the chair types, and the button "Check the hour" without
    JavaScript.
    """
    if request.method == "GET" and request.headers.get("HX-Request") and "deadline" in request.GET:
        context = hint_of(request, form, participants_of(request, visible))
        return render(request, "statements/_deadline_hint.html", context)
    return None if "keep" in request.POST else core_forms.submit(request, form, act, done)


def hint_of(
    request: AuthenticatedRequest, form: forms.Form, participants: Iterable[Agency]
) -> dict[str, Any]:
    """Return the hint about the typed or initial deadline."""
    deadline = _typed(request, form)
    group = request.group
    hint = ""
    if deadline:
        offices = deadline_hints.offices_of(participants, request.day)
        hint = deadline_hints.deadline_hint(deadline, group.zone, group.zone_city, offices)
    return {"checks": True, "hint": hint}


def _typed(request: AuthenticatedRequest, form: forms.Form) -> datetime | None:
    """Return the deadline as typed, or None where it is no moment."""
    if "deadline" not in request.GET and not form.is_bound:
        initial: datetime = form.initial["deadline"]
        return timezone.make_aware(initial, request.reader.zone)
    value = (form.data if form.is_bound else request.GET).get("deadline", "")
    try:
        moment: datetime | None = DeadlineField(required=False).clean(value)
    except ValidationError:
        return None
    return moment
