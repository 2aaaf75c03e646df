"""The one way to submit a form to an action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect

from coordination.core.errors import (
    NotAllowed,
    OutOfReach,
    RuleBroken,
    Stale,
    TooManyAttempts,
)
from coordination.core.http import HttpRequest
from coordination.core.views import act_conflict, edit_conflict, shown_version

Result = TypeVar("Result")
# they have pages of their own, since no other input would help
BEYOND_THE_FORM: tuple[type[RuleBroken], ...] = (NotAllowed, OutOfReach, TooManyAttempts)


class FieldNamesMixin:
    """A form whose fields have other names than its action's arguments.

    `field_of` maps the name in the action's errors to the field of the form.
    """

    field_of: ClassVar[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class EditedObject:
    """An object that two people may edit at once.

    `form_values` returns the object's values by field, where form and model name them differently.
    `is_possible` says whether the act of a button still is, after somebody else changed the object.
    """

    name: str
    form_values: Callable[[Any], Mapping[str, Any]] | None = None
    is_possible: Callable[[Any], bool] = lambda _current: True


def submit(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[], Result],
    done: Callable[[Result], HttpResponse],
    *,
    edited: EditedObject | None = None,
    gone: tuple[type[RuleBroken], ...] = (),
) -> HttpResponse | None:
    """Call the action `act` if the form is valid.

    Returns the answer of `done`, or None where the form is to be shown: it was not sent, is not
    valid, or the action broke a rule. The rule's sentence then stands beside its field. If `edited`
    is given, the second of two editors gets the page with both versions (409). Raises the errors
    that leave no form to show: those of BEYOND_THE_FORM and of `gone`.
    """
    if not form.is_valid():
        return None
    try:
        result = act()
    except Stale as stale:
        if edited is None:
            raise
        values = edited.form_values(stale.current) if edited.form_values else None
        return edit_conflict(
            request, stale, form, what=edited.name, action=request.path, values=values
        )
    except RuleBroken as error:
        # These have a page of their own, or leave no object to show a form for.
        if isinstance(error, BEYOND_THE_FORM + gone):
            raise
        add_error(form, error)
        return None
    return done(result)


def add_error(form: BaseForm, error: RuleBroken) -> None:
    """Put a broken rule's sentence at its field, or on top."""
    names = form.field_of if isinstance(form, FieldNamesMixin) else {}
    field = names.get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, error.message)


def press_button(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[int], Result],
    done: Callable[[Result], HttpResponse],
    *,
    edited: EditedObject,
    verb: str,
) -> HttpResponse:
    """Call the action of a button with the version that it carried.

    `form` carried what the page showed (`core.views.shown_fields`). If somebody changed the object
    since, nothing is done: the page says what changed, with a button `verb` if it may be pressed
    again (409).
    """
    try:
        result = act(shown_version(form))
    except Stale as stale:
        values = edited.form_values(stale.current) if edited.form_values else {}
        verb = verb if edited.is_possible(stale.current) else ""
        return act_conflict(request, stale, form, what=edited.name, verb=verb, values=values)
    return done(result)


def act_on_shown(
    act: Callable[[], Result],
    done: Callable[[Result], HttpResponse],
    changed: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """Call an action and return the answer of `done`.

    If somebody changed the object since, nothing is done: `changed` answers with the page of the
    present object (409).
    """
    try:
        result = act()
    except Stale as stale:
        return changed(stale.current)
    return done(result)


def say_and_redirect(
    request: HttpRequest, sentence: str, to: str, *args: Any, **names: Any
) -> HttpResponse:
    """Redirect, and show `sentence` on the next page.

    `to` is as in `redirect`.
    """
    messages.success(request, sentence)
    answer: HttpResponse = redirect(to, *args, **names)
    return answer
