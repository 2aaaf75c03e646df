"""The chair prepares draft 1: corrects paragraphs, or pastes another text."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import drafts
from coordination.statements.enums import BlockKind
from coordination.statements.forms import (
    BlockForm,
    NewBlockForm,
    PasteForm,
    VersionForm,
    set_text_language,
)
from coordination.statements.forms.word import NewTextForm
from coordination.statements.models import Block, Draft
from coordination.statements.views import from_word, pasting
from coordination.statements.views.fragments import back_to, fragment
from coordination.statements.views.page_context import for_chair, newest, page_head


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_block(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Correct a paragraph before circulation."""
    visible = for_chair(request, slug, "statements.edit")
    block = get_object_or_404(newest(visible).blocks.select_related("draft"), key=key)
    form = BlockForm(
        request.POST or None,
        initial={"text": block.text, "kind": block.kind, "version": block.version},
    )
    set_text_language(form, visible.statement.language)

    def save() -> Block:
        fields = {**form.cleaned_data, "kind": BlockKind(form.cleaned_data["kind"])}
        return drafts.edit_block(block, **fields, by=request.user, at=request.now)

    kind_before = block.kind

    def done(saved: Block) -> HttpResponse:
        messages.success(request, _("The paragraph is saved."))
        # another kind gives the paragraphs after it other numbers
        return back_to(request, visible, key, renumber=saved.kind != kind_before)

    response = submit(request, form, save, done, edited=EditedObject(_("This paragraph")))
    if response:
        return response
    if request.htmx:
        return fragment(request, visible, key, form=form, kind="edit")
    context = {
        **page_head(request, visible, "edit"),
        "form": form,
        "kind": "edit",
        "place": {"block": block},
    }
    return render(
        request, "statements/block_edit.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_block(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Put a new paragraph after another one before circulation."""
    visible = for_chair(request, slug, "statements.edit")
    after = get_object_or_404(newest(visible).blocks.select_related("draft"), key=key)
    like = after.kind if after.kind not in {BlockKind.TITLE, BlockKind.HEADING} else BlockKind.BODY
    form = NewBlockForm(request.POST or None, initial={"kind": like})
    set_text_language(form, visible.statement.language)
    response = submit(
        request,
        form,
        lambda: drafts.add_block(
            after,
            text=form.cleaned_data["text"],
            kind=BlockKind(form.cleaned_data["kind"]),
            by=request.user,
            at=request.now,
        ),
        lambda block: say_and_redirect(
            request,
            _("The paragraph is added."),
            reverse("statements:show", args=[slug]) + f"#{block.key}",
        ),
    )
    if response:
        return response
    context = {**page_head(request, visible, "edit"), "form": form, "after": after}
    return render(
        request, "statements/block_add.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def remove_block(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Take a paragraph out before circulation."""
    visible = for_chair(request, slug, "statements.edit")
    block = get_object_or_404(newest(visible).blocks.select_related("draft"), key=key)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    drafts.remove_block(block, version=version, by=request.user, at=request.now)
    messages.success(request, _("The paragraph is removed; its words stay in the history."))
    return redirect("statements:show", slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Paste another text before circulation, after a preview of its paragraphs."""
    visible = for_chair(request, slug, "statements.edit")
    draft = newest(visible)
    file = from_word.sent_file(request)
    read = from_word.fields_of(file) if file else {}
    form = PasteForm(
        None if file else request.POST or None, initial={**read, "version": draft.version}
    )
    set_text_language(form, visible.statement.language)
    head = page_head(request, visible, "edit")
    response = None
    if not file and not pasting.goes_back(request):
        response = pasting.preview(
            request,
            form,
            lambda: drafts.recognise_blocks(form.cleaned_data["text"]),
            lambda: {
                **head,
                "title": visible.statement.title,
                "language": visible.statement.language,
                "keep": "paste",
                "verb": _("Replace the text"),
            },
        ) or _replace(request, form, draft)
    if response:
        return response
    return render(
        request,
        "statements/draft_paste.html",
        {**head, "form": form, "file": file or NewTextForm()},
        status=422 if form.errors or (file and file.errors) else 200,
    )


def _replace(request: AuthenticatedRequest, form: PasteForm, draft: Draft) -> HttpResponse | None:
    """Replace the draft's text; None if the form must be shown."""
    return submit(
        request,
        form,
        lambda: drafts.paste_text(draft, **form.cleaned_data, by=request.user, at=request.now),
        lambda _draft: say_and_redirect(
            request,
            _("The text is replaced."),
            "statements:show",
            slug=draft.statement.slug,
        ),
    )
