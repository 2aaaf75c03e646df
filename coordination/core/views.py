"""Error pages, and the way into the records."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import DateField, ModelMultipleChoiceField, MultipleChoiceField
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from coordination.core import formatting
from coordination.core.errors import Stale
from coordination.core.middleware import came_from, typed_by
from coordination.core.submissions import LEFT_OUT


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say who may."""
    return render(request, "403.html", {"sentence": str(exception or ""), "typed": []}, status=403)


def form_without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is older than the sign-in, and give back what was typed.

    Called for a missing or stale CSRF token.
    """
    return render(request, "core/form_expired.html", {"typed": typed_by(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here, and offer the search."""
    return render(
        request,
        "404.html",
        {"tried": request.path.strip("/").replace("/", " ").replace("-", " ")},
        status=404,
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Say that somebody tries too often; allauth calls it for its own limits."""
    context = {
        "sentence": _("Too many attempts. Wait a minute, then try again."),
        "typed": typed_by(request),
        "back": came_from(request),
    }
    response = render(request, "core/rule_broken.html", context, status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; the template stands alone."""
    return render(request, "500.html", status=500)


def edit_conflict(
    request: HttpRequest,
    stale: Stale,
    form: Any,
    *,
    what: str,
    action: str,
    words: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show both texts of a lost race: what `stale.current` has now, and what the form carried.

    Answer 409.

    `words` is the current object as its form shows it (the form's initial values), where the fields
    have other names than the object's.
    """
    current: Any = stale.current
    last = current.history.select_related("history_user").first()
    pairs, hidden = [], []
    for field in form:
        yours = one_line_end(", ".join(form.data.getlist(field.html_name)))
        theirs = (
            carried(field, words[field.name])
            if words and field.name in words
            else text_of(current, field.name)
        )
        if field.name == "version":
            continue
        if field.is_hidden or theirs is None or theirs == yours:
            hidden += [(field.html_name, value) for value in form.data.getlist(field.html_name)]
        else:
            pairs.append(pair(field, theirs, yours))
    context = {
        "what": what,
        "action": action,
        "version": current.version,
        "pairs": pairs,
        "hidden": hidden + pressed(form),
        "saved_by": last and last.history_user,
        "saved_at": last and last.history_date,
    }
    return render(request, "core/edit_conflict.html", context, status=409)


def pressed(form: Any) -> list[tuple[str, str]]:
    """Return what was sent beside the fields of a form.

    The button that was pressed, which decides what becomes of them.
    """
    fields = {*LEFT_OUT, "version", *(field.html_name for field in form)}
    return [
        (name, value)
        for name in form.data
        if name not in fields
        for value in form.data.getlist(name)
    ]


def act_conflict(
    request: HttpRequest, stale: Stale, form: Any, *, what: str, verb: str, words: Mapping[str, Any]
) -> HttpResponse:
    """Show what was changed since the page was opened on which somebody pressed `verb`.

    Nothing is done. Answer 409.

    `form` carried what the page showed (see `as_seen`), `words` is the same of `stale.current`. The
    button acts on what is so now.
    """
    last = stale.current.history.select_related("history_user").first()
    rows, seen = [], []
    for field in form:
        before, now = (
            one_line_end(", ".join(form.data.getlist(field.html_name))),
            carried(field, words[field.name]),
        )
        seen.append((field.html_name, now))
        if field.name != "version" and before != now:
            rows.append(
                {
                    "label": field.label,
                    "before": in_words(field, before),
                    "now": in_words(field, now),
                }
            )
    context = {
        "what": what,
        "verb": verb,
        # an act lies one step below the page of its thing
        "back": request.path.rstrip("/").rpartition("/")[0] + "/",
        "rows": rows,
        "seen": seen,
        "saved_by": last and last.history_user,
        "saved_at": last and last.history_date,
    }
    return render(request, "core/act_conflict.html", context, status=409)


def as_seen(form: Any) -> list[tuple[str, str]]:
    """Return the fields of a form with the prefix SEEN as hidden fields, as the page shows them.

    A button on the page carries them.

    The version is among them; the other fields tell, where somebody was first, what the person had
    seen.
    """
    return [(field.html_name, carried(field, field.initial)) for field in form]


def seen_version(form: Any) -> int:
    """Return the version that a button carried, whatever else it carried.

    0 for none, which is never the one that is saved.
    """
    form.full_clean()
    return form.cleaned_data.get("version") or 0


def one_line_end(text: str) -> str:
    """Return a text as it is saved: browsers end its lines in their own way."""
    return text.replace("\r\n", "\n")


def pair(field: BoundField, theirs: str, yours: str) -> dict[str, object]:
    """Return what the page of a lost race shows of one field.

    Both values, as words, and the control with the reader's.
    """
    look = field.field.widget.attrs.get("class", "form__input")
    attributes: dict[str, str | bool] = {"id": f"both-{field.html_name}", "class": look}
    return {
        "label": field.label,
        "name": field.html_name,
        "theirs": theirs,
        "yours": yours,
        "theirs_shown": in_words(field, theirs),
        "yours_shown": in_words(field, yours),
        "control": field.as_widget(attrs=attributes),
        "group": field.use_fieldset,
    }


def in_words(field: BoundField, value: str) -> str:
    """Return a value as people read it.

    The label of a choice (of several, with commas), a day in words, else the value.
    """
    if isinstance(field.field, DateField):
        with suppress(ValidationError):
            day = field.field.to_python(value)
            return formatting.plain_day(day) if day else ""
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", [])}
    parts = (
        value.split(", ")
        if isinstance(field.field, MultipleChoiceField | ModelMultipleChoiceField)
        else [value]
    )
    return ", ".join(choices.get(part, part) for part in parts)


def carried(field: BoundField, value: Any) -> str:
    """Return an initial value as the form would carry it.

    The keys of chosen objects, a day as its widget writes it.
    """
    shown: Any = field.field.widget.format_value(field.field.prepare_value(value))
    return ", ".join(shown) if isinstance(shown, list) else "" if shown is None else str(shown)


def text_of(obj: models.Model, name: str) -> str | None:
    """Return a field of an object as a form would carry it.

    None where the object has no such field.
    """
    if name not in {field.name for field in obj._meta.fields}:
        return None
    value = obj.serializable_value(name)
    return "" if value is None else str(value)


@never_cache
def records_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the app's one sign-in, with its second factor and its limits.

    Django's own, which has neither, is never reached.
    """
    records = reverse("admin:index")
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        wanted = records
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.user.is_staff:
        raise PermissionDenied(
            _(
                "The records are kept by the administrators. What should be changed there, ask "
                "one of them to change."
            )
        )
    return redirect(wanted)


def records_password(request: HttpRequest) -> HttpResponse:
    """Send to the page on which everybody changes their own password, under its limits."""
    return redirect("account_change_password")
