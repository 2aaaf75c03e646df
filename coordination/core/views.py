"""Error pages, and the way into the records."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import CharField, DateField, ModelMultipleChoiceField, MultipleChoiceField
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from coordination.core import formatting
from coordination.core.errors import Stale
from coordination.core.middleware import previous_page, typed_texts
from coordination.core.submissions import LEFT_OUT
from coordination.textkit import segmentation


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say who may."""
    return render(request, "403.html", {"sentence": str(exception or ""), "typed": []}, status=403)


def form_without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is older than the sign-in.

    Called for a missing or stale CSRF token.
    """
    return render(request, "core/form_expired.html", {"typed": typed_texts(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here, and offer the search."""
    return render(
        request,
        "404.html",
        {"tried": request.path.strip("/").replace("/", " ").replace("-", " ")},
        status=404,
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Say that somebody tries too often.

    allauth calls it.
    """
    context = {
        "sentence": _("Too many attempts. Wait a minute, then try again."),
        "typed": typed_texts(request),
        "back": previous_page(request),
    }
    response = render(request, "core/rule_broken.html", context, status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return render(request, "500.html", status=500)


def edit_conflict(
    request: HttpRequest,
    stale: Stale,
    form: Any,
    *,
    what: str,
    action: str,
    values: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show both versions to the second of two editors (409).

    `stale.current` is the saved one, `form` carried the other. `values` are those of the current
    object by field (the form's initial values), where form and model name them differently.
    """
    # The winner's row: its history tells who saved it, and when.
    current: Any = stale.current
    last = current.history.select_related("history_user").first()
    pairs, hidden = [], []
    for field in form:
        yours = with_unix_newlines(", ".join(form.data.getlist(field.html_name)))
        theirs = (
            form_value(field, values[field.name])
            if values and field.name in values
            else stored_value(current, field.name)
        )
        if field.name == "version":
            continue
        if field.is_hidden or theirs is None or theirs == yours:
            hidden += [(field.html_name, value) for value in form.data.getlist(field.html_name)]
        else:
            pairs.append(value_pair(field, theirs, yours))
    context = {
        "what": what,
        "action": action,
        "version": current.version,
        "pairs": pairs,
        "hidden": hidden + button_fields(form),
        "saved_by": last and last.history_user,
        "saved_at": last and last.history_date,
    }
    return render(request, "core/edit_conflict.html", context, status=409)


def button_fields(form: Any) -> list[tuple[str, str]]:
    """Return what was sent beside the fields of a form.

    It is the pressed button, which decides what becomes of them.
    """
    fields = {*LEFT_OUT, "version", *(field.html_name for field in form)}
    return [
        (name, value)
        for name in form.data
        if name not in fields
        for value in form.data.getlist(name)
    ]


def act_conflict(
    request: HttpRequest,
    stale: Stale,
    form: Any,
    *,
    what: str,
    verb: str,
    values: Mapping[str, Any],
) -> HttpResponse:
    """Show what changed since the page with the button (409).

    Nothing is done. `form` carried what the page showed (see `shown_fields`), `values` are the same
    fields of `stale.current`. The button on this page acts on the current state; without a `verb`
    there is none.
    """
    last = stale.current.history.select_related("history_user").first()
    rows, hidden = [], []
    for field in form:
        before, now = (
            with_unix_newlines(", ".join(form.data.getlist(field.html_name))),
            form_value(field, values[field.name]),
        )
        hidden.append((field.html_name, now))
        if field.name != "version" and before != now:
            rows.append(
                {
                    "label": field.label,
                    "before": display_value(field, before),
                    "now": display_value(field, now),
                }
            )
    context = {
        "what": what,
        "verb": verb,
        # the address of an act is one step below the page of its object
        "back": request.path.rstrip("/").rpartition("/")[0] + "/",
        "rows": rows,
        "shown_fields": hidden,
        "saved_by": last and last.history_user,
        "saved_at": last and last.history_date,
    }
    return render(request, "core/act_conflict.html", context, status=409)


def shown_fields(form: Any) -> list[tuple[str, str]]:
    """Return what the page shows, as hidden fields of a button.

    The version is among them. If somebody else was first, the other fields tell what the person had
    seen.
    """
    return [(field.html_name, form_value(field, field.initial)) for field in form]


def shown_version(form: Any) -> int:
    """Return the version that a button carried.

    0 for none, which is never a saved version.
    """
    form.full_clean()
    return form.cleaned_data.get("version") or 0


def with_unix_newlines(text: str) -> str:
    """Return a text as it is saved.

    Browsers send CRLF.
    """
    return text.replace("\r\n", "\n")


def value_pair(field: BoundField, theirs: str, yours: str) -> dict[str, object]:
    """Return both values of one field, and the control with the reader's."""
    css_class = field.field.widget.attrs.get("class", "form__input")
    attributes: dict[str, str | bool] = {"id": f"both-{field.html_name}", "class": css_class}
    return {
        "label": field.label,
        "name": field.html_name,
        "theirs": theirs,
        "yours": yours,
        "theirs_shown": display_value(field, theirs),
        "yours_shown": display_value(field, yours),
        "segments": segmentation.segments(theirs, yours)
        if isinstance(field.field, CharField)
        else (),
        "control": field.as_widget(attrs=attributes),
        "group": field.use_fieldset,
    }


def display_value(field: BoundField, value: str) -> str:
    """Return a value as people read it.

    That is the label of a choice (of several, with commas), a day as text, else the value.
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


def form_value(field: BoundField, value: Any) -> str:
    """Return an initial value as the form would carry it.

    Chosen objects by their keys, a day as its widget writes it.
    """
    shown: Any = field.field.widget.format_value(field.field.prepare_value(value))
    return ", ".join(shown) if isinstance(shown, list) else "" if shown is None else str(shown)


def stored_value(obj: models.Model, name: str) -> str | None:
    """Return a field of an object as a form would carry it.

    None where the object has no such field.
    """
    # A form may have fields of its own, such as a comment.
    if name not in {field.name for field in obj._meta.fields}:
        return None
    value = obj.serializable_value(name)
    return "" if value is None else str(value)


@never_cache
def records_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the app's sign-in, with its second factor and limits.

    Django's own has neither and is never reached.
    """
    records = reverse("admin:index")
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    # Otherwise the sign-in could redirect to another site.
    if not url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        wanted = records
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.user.is_staff:
        raise PermissionDenied(
            _("The administrators keep the records. Ask one of them to change what is wrong there.")
        )
    return redirect(wanted)


def records_password(request: HttpRequest) -> HttpResponse:
    """Redirect to the page on which everybody changes their password."""
    return redirect("account_change_password")
