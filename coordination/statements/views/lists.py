"""The list of statements, and a new one."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core import permissions
from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.members.queries import agencies
from coordination.statements.actions import drafts
from coordination.statements.actions.drafts import StatementInput
from coordination.statements.forms import ListForm, StartForm
from coordination.statements.forms.word import NewTextForm
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import statements
from coordination.statements.queries.drafts import latest_draft, text_of
from coordination.statements.views import from_word, pasting
from coordination.statements.views.page_context import request_access

PER_PAGE, MODELS = 25, 8


@require_safe
def list_statements(request: HttpRequest) -> HttpResponse:
    """List the statements that the reader may know of: outside, the released ones."""
    access = request_access(request)
    form = ListForm(request.GET)
    valid = form.is_valid()
    tab = request.GET.get("state", "")
    if tab not in statements.visible_tabs(access):
        tab = ""
    text = form.cleaned_data["q"] if valid else ""
    listed = statements.statement_list(access, tab=tab, text=text)
    names = {
        "": _("All"),
        "work": _("Under way"),
        "adopted": _("Adopted"),
        "withdrawn": _("Withdrawn"),
    }
    context = {
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "access": access,
        "tabs": [
            {"name": name, "label": names[name], "current": name == tab}
            for name in statements.visible_tabs(access)
        ],
        "heads": [_("Statement"), _("State"), _("Adopted")],
    }
    return render(request, "statements/statement_list.html", context, status=200 if valid else 422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start a statement from a pasted text or an earlier statement.

    `from` is the address of the earlier one.
    """
    permissions.require_offered(request, "statements.start")
    models = list(statements.statements_with_text()[:MODELS])
    model = (
        statements.statements_with_text()
        # PostgreSQL refuses NUL in a query
        .filter(slug=request.GET.get("from", "").replace("\x00", ""))
        .first()
    )
    text = latest_draft(model) if model else None
    initial = {"text": text_of(text), "language": model.language} if model and text else None
    file = from_word.sent_file(request)
    form = StartForm(
        None if file else request.POST or None,
        now=request.now,
        members=agencies.members_on(request.day),
        languages=request.group.statement_languages,
        initial=from_word.fields_of(file) if file else initial,
    )
    if file or pasting.goes_back(request):
        return _start_page(request, form, models, model, file)
    response = pasting.preview(
        request,
        form,
        lambda: drafts.initial_blocks(form.cleaned_data["title"], form.cleaned_data["text"], text),
        lambda: {
            "title": form.cleaned_data["title"],
            "language": form.cleaned_data["language"],
            "keep": "start",
            "verb": _("Make draft 1"),
        },
    ) or submit(
        request,
        form,
        lambda: _started(request, form, text),
        lambda statement: say_and_redirect(
            request,
            _("Draft 1 is in preparation. Read it once more, then circulate it."),
            "statements:show",
            slug=statement.slug,
        ),
    )
    return response or _start_page(request, form, models, model)


def _start_page(
    request: AuthenticatedRequest,
    form: StartForm,
    models: Sequence[Statement],
    model: Statement | None,
    file: NewTextForm | None = None,
) -> HttpResponse:
    context = {"form": form, "models": models, "model": model, "file": file or NewTextForm()}
    refused = form.errors or (file and file.errors)
    return render(
        request, "statements/statement_start.html", context, status=422 if refused else 200
    )


def _started(request: AuthenticatedRequest, form: StartForm, model: Draft | None) -> Statement:
    """Start a statement from the form, with the text of `model`."""
    data = form.cleaned_data
    framing = StatementInput(
        data["occasion"],
        data["meeting"],
        data["language"],
        tuple(data["agencies"]),
        model,
        data["kinds"],
    )
    return drafts.start_statement(
        data["title"], text=data["text"], details=framing, by=request.user, at=request.now
    )
