"""One way to submit a form to an action."""

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
from coordination.core.views import act_conflict, edit_conflict, seen_version

Result = TypeVar("Result")
# they have pages of their own: no other words in the form would help
BEYOND_THE_FORM: tuple[type[RuleBroken], ...] = (NotAllowed, OutOfReach, TooManyAttempts)


class NamesFields:
    """A form whose fields have other names than the arguments of its action.

    `field_of` maps the name in the action's errors to the form's field.
    """

    field_of: ClassVar[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Edited:
    """What two people may edit at once: its name, as the page for both versions shows it.

    `words` returns an object as its form shows it, where the fields have other names than the
    object's.
    """

    name: str
    words: Callable[[Any], Mapping[str, Any]] | None = None


def submit(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[], Result],
    done: Callable[[Result], HttpResponse],
    *,
    edited: Edited | None = None,
    gone: tuple[type[RuleBroken], ...] = (),
) -> HttpResponse | None:
    """Call the action `act` if the form is valid, and return the answer that `done` makes of it.

    Return None where the form is to be shown: it was not sent, is not valid, or the action broke a
    rule, which then stands beside its field. Of two editors the second gets the page with both
    versions (409), if `edited` names the thing. Raises the errors that leave no form to show: those
    of BEYOND_THE_FORM and of `gone`.
    """
    if not form.is_valid():
        return None
    try:
        result = act()
    except Stale as stale:
        if edited is None:
            raise
        words = edited.words(stale.current) if edited.words else None
        return edit_conflict(
            request, stale, form, what=edited.name, action=request.path, words=words
        )
    except RuleBroken as error:
        if isinstance(error, BEYOND_THE_FORM + gone):
            raise
        add_error(form, error)
        return None
    return done(result)


def add_error(form: BaseForm, error: RuleBroken) -> None:
    """Put the sentence of a broken rule beside its field, or above all fields."""
    names = form.field_of if isinstance(form, NamesFields) else {}
    field = names.get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, error.message)


def press(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[int], Result],
    done: Callable[[Result], HttpResponse],
    *,
    edited: Edited,
    verb: str,
) -> HttpResponse:
    """Call the action of a button with the version that it carried, and return the answer.

    `form` carried what the page showed (`core.views.as_seen`). Where somebody changed the thing
    since, nothing is done: the page says what changed, with a button `verb` (409).
    """
    try:
        result = act(seen_version(form))
    except Stale as stale:
        words = edited.words(stale.current) if edited.words else {}
        return act_conflict(request, stale, form, what=edited.name, verb=verb, words=words)
    return done(result)


def say_and_redirect(
    request: HttpRequest, sentence: str, to: str, *args: Any, **names: Any
) -> HttpResponse:
    """Say on the next page what was done, and lead there; `to` is as in `redirect`."""
    messages.success(request, sentence)
    answer: HttpResponse = redirect(to, *args, **names)
    return answer
