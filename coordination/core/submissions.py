"""One form creates one object.

Each form carries a one-time token. A repeat leads to what the first one created.

A browser sends a form again after a double click, after a server that died before it answered, and
when a page is reloaded. `{% form_token %}` puts a random token into the form; `actions.submit_once`
saves it in the transaction that creates the object. A form without a token (an old page, a client
of another kind) is accepted as it is.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import deserialize_request
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core import actions
from coordination.core.errors import AlreadySubmitted
from coordination.core.http import HttpRequest
from coordination.core.middleware import previous_page, typed_texts

FIELD = "form_token"
# pages that ask who somebody is before a form is taken
PROOFS = ("account_reauthenticate", "mfa_reauthenticate")
RAISED = "gmg.raised"  # key in request.META
LEFT_OUT = {FIELD, "csrfmiddlewaretoken"}  # new on each page, so they say nothing about content


def token_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the token of a signed-in person's form, or None."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    # No token, a damaged one, or a client that left while it sent the form.
    except (ValueError, UnreadablePostError):
        return None


def is_one_of(pages: tuple[str, ...], address: str) -> bool:
    """Return whether an address is that of one of these named pages."""
    return urlsplit(address).path in {reverse(name) for name in pages}


def resumed_form(request: HttpRequest) -> HttpRequest:
    """Return the form that a request sends, or resumes.

    allauth stores a form in the session until its sender has shown who they are, then calls its
    view without any middleware. The token of that form is the one that may work once.
    """
    if request.method != "POST" or not is_one_of(PROOFS, request.path):
        return request
    state = request.session.get(STATE_SESSION_KEY, {})
    if "request" not in state:
        return request
    form: HttpRequest = deserialize_request(state["request"], HttpRequest())
    form.user = request.user
    return form if form.path == get_next_redirect_url(request, "next") else request


def digest_of(request: HttpRequest) -> str:
    """Return the SHA-256 of a form's address and content.

    A file counts by its name and size.
    """
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}
    files = {
        name: [(file.name, file.size) for file in request.FILES.getlist(name)]
        for name in request.FILES
    }
    return hashlib.sha256(
        json.dumps([request.path, fields, files], sort_keys=True).encode()
    ).hexdigest()


def result_address(response: HttpResponseBase) -> str:
    """Return the address of what a form created, or "".

    It is where the answer redirects, or the Content-Location of a fragment.
    """
    if 300 <= response.status_code < 400:  # noqa: PLR2004 - redirects
        return str(response.headers.get("Location", ""))
    return str(response.headers.get("Content-Location", "")) if response.status_code < 300 else ""  # noqa: PLR2004 - success


class SubmitOnceMiddleware:
    """Lets each form token of a person work once.

    It comes last, so that a broken rule has become a page already.
    """

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a repeat from what is saved; else pass the request on."""
        form = resumed_form(request)
        token = token_of(form)
        # A form without a token, and every GET, passes unchecked.
        if token is None:
            return self.respond(request)
        try:
            with actions.submit_once(
                token, digest_of(form), by=request.user, at=request.now
            ) as submission:
                response = self.respond(request)
                # A view that raised has created nothing, although its error page may redirect.
                submission.leads_to = "" if RAISED in request.META else result_address(response)
                submission.failed = response.status_code >= 500  # noqa: PLR2004 - a fault, after which nothing is saved
        except AlreadySubmitted as repeated:
            return answer_repeat(request, repeated, typed=typed_texts(form))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note that the view created nothing.

        The answer may still redirect, as to the question for the password.
        """
        request.META[RAISED] = True


def answer_repeat(
    request: HttpRequest, repeated: AlreadySubmitted, *, typed: list[tuple[str, str]]
) -> HttpResponse:
    """Redirect to what the first one created.

    409 with the typed texts if the same form was sent with other content.
    """
    if not repeated.same_content:
        context = {
            "sentence": repeated.message,
            "typed": typed,
            "back": previous_page(request),
            "made": repeated.leads_to,
        }
        return render(request, "core/rule_broken.html", context, status=409)
    if not request.htmx:
        messages.info(
            request,
            _("This form was already sent. Here is what it saved; nothing was saved twice."),
        )
    return redirect(repeated.leads_to)
