"""Word files that come back: sent, reviewed, proposed as amendments or discarded."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.enums import CIRCULATED_STATES, WordFileState
from coordination.statements.forms import VersionForm
from coordination.statements.forms.word import AuthorsForm, ReviewForm, SendWordForm
from coordination.statements.models import Amendment, WordFile
from coordination.statements.queries import received_files
from coordination.statements.views.page_context import (
    VisibleStatement,
    newest,
    page_head,
    participants_of,
    require_voice,
    working,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_word(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Receive a Word file with changes, and lead to their review."""
    from coordination.statements.actions import word_import

    visible = working(request, slug)
    require_voice(request, visible, "statements.amend")
    if visible.statement.state not in CIRCULATED_STATES:
        raise Http404
    form = SendWordForm(request.POST or None, request.FILES or None, agencies=visible.agencies)

    def receive() -> WordFile:
        received: WordFile = word_import.receive_file(
            visible.statement,
            form.cleaned_data["file"],
            agency=form.cleaned_data["agency"],
            by=request.user,
            at=request.now,
        )
        return received

    response = submit(
        request,
        form,
        receive,
        lambda received: say_and_redirect(
            request,
            _("The file is here. Look at its changes; nothing is proposed yet."),
            "statements:review_word",
            slug=slug,
            pk=received.pk,
        ),
    )
    if response:
        return response
    context = {**page_head(request, visible, "word"), "form": form}
    return render(request, "statements/word_send.html", context, status=422 if form.errors else 200)


def _own_file(request: AuthenticatedRequest, visible: VisibleStatement, pk: int) -> WordFile:
    """Return a file under the reader's eyes, or answer 404."""
    word_file = get_object_or_404(
        WordFile.objects.select_related("agency", "sent_by", "draft", "statement"),
        pk=pk,
        statement=visible.statement,
    )
    if not received_files.may_open(word_file, visible.access):
        raise Http404
    return word_file


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_word(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Review the changes of a file, and propose the kept ones."""
    from coordination.statements.actions import word_import
    from coordination.statements.queries import word_review

    visible = working(request, slug)
    word_file = _own_file(request, visible, pk)
    if word_file.state != WordFileState.REVIEW:
        return _ended_page(request, visible, word_file)
    participants = participants_of(request, visible)
    review = word_review.review(
        word_file, visible.access, participants=participants, newest=newest(visible)
    )
    form = ReviewForm(
        request.POST or None,
        items=review.by_id.values(),
        initial={"version": word_file.version},
    )
    response = submit(
        request,
        form,
        lambda: word_import.propose_changes(
            word_file,
            form.kept(),
            visible.access,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda proposed: _proposed(request, visible, proposed),
        edited=EditedObject(_("This Word file")),
    )
    if response:
        return response
    context = {
        **page_head(request, visible, "word"),
        "file": word_file,
        "review": review,
        "form": form,
        "rows": [(item, _fields(form, item.id)) for item in review.items],
        "other_rows": [(item, _fields(form, item.id)) for item in review.others],
        "authors_form": AuthorsForm(
            authors=review.authors,
            agencies=participants,
            initial={"version": word_file.version},
        )
        if review.authors
        else None,
    }
    return render(
        request, "statements/word_review.html", context, status=422 if form.is_bound else 200
    )


def _fields(form: ReviewForm, id_: str) -> dict[str, Any]:
    """Return a change's form fields.

    None for one that the reader may not keep.
    """
    if f"keep-{id_}" not in form.fields:
        return {}
    return {"keep": form[f"keep-{id_}"], "reason": form[f"reason-{id_}"]}


def _proposed(
    request: AuthenticatedRequest, visible: VisibleStatement, proposed: list[Amendment]
) -> HttpResponse:
    return say_and_redirect(
        request,
        ngettext(
            "%(count)d amendment of the Word file is proposed.",
            "%(count)d amendments of the Word file are proposed.",
            len(proposed),
        )
        % {"count": len(proposed)},
        reverse("statements:show", args=[visible.statement.slug]) + f"#{proposed[0].block.key}",
    )


def _ended_page(
    request: AuthenticatedRequest, visible: VisibleStatement, word_file: WordFile
) -> HttpResponse:
    """Show what became of a file."""
    made = word_file.amendments.select_related("agency", "block").order_by("block__position", "pk")
    context = {**page_head(request, visible, "word"), "file": word_file, "made": made}
    return render(request, "statements/word_ended.html", context)


@login_required
@require_POST
def name_word_authors(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Say for which agency each author of a file writes."""
    from coordination.statements.actions import word_import
    from coordination.statements.queries import word_review

    visible = working(request, slug)
    word_file = _own_file(request, visible, pk)
    participants = participants_of(request, visible)
    review = word_review.review(
        word_file, visible.access, participants=participants, newest=newest(visible)
    )
    form = AuthorsForm(request.POST, authors=review.authors, agencies=participants)
    # what is not in its lists was not sent by the page; no version is refused like an old one
    valid = form.is_valid()
    word_import.name_authors(
        word_file,
        form.chosen() if valid else {},
        version=form.cleaned_data["version"] if valid else 0,
        by=request.user,
        at=request.now,
    )
    return say_and_redirect(
        request,
        _("The authors are saved, for the next file too."),
        "statements:review_word",
        slug=slug,
        pk=pk,
    )


@login_required
@require_POST
def discard_word(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Propose nothing of a file."""
    from coordination.statements.actions import word_import

    visible = working(request, slug)
    word_file = _own_file(request, visible, pk)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    word_import.discard_file(word_file, version=version, by=request.user, at=request.now)
    return say_and_redirect(
        request,
        _("Nothing of “%(name)s” is proposed. The file stays on record.")
        % {"name": word_file.name},
        "statements:send_word",
        slug=slug,
    )


@login_required
@require_safe
def word_file(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse | FileResponse:
    """Hand out a Word file as it came, always as a download."""
    visible = working(request, slug)
    own = _own_file(request, visible, pk)
    if not own.file.storage.exists(own.file.name or ""):
        raise Http404
    response = FileResponse(own.file.open("rb"), as_attachment=True, filename=own.name)
    # uploaded by people: a browser that shows it must not run it as a page of ours
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
