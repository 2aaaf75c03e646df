"""List, show and edit a statement's language versions."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.languages import is_right_to_left, name_of
from coordination.statements.actions import languages as actions
from coordination.statements.actions.languages import LanguageInput
from coordination.statements.forms.languages import LanguageForm, PastedLanguageForm
from coordination.statements.models import Block, Draft, LanguageVersion
from coordination.statements.queries import drafts, labels, languages
from coordination.statements.views.page_context import (
    VisibleStatement,
    for_chair,
    newest,
    page_head,
    visible_statement,
)

FILL = "fill"


def rendered(request: HttpRequest, slug: str) -> tuple[VisibleStatement, Draft]:
    """Return a statement and its circulated text, or raise Http404."""
    visible = visible_statement(request, slug)
    draft = newest(visible)
    if not draft.sha256:
        raise Http404
    return visible, draft


def version_or_404(visible: VisibleStatement, language: str) -> LanguageVersion:
    """Return a language version, or raise Http404."""
    version = languages.version_in(visible.statement, language)
    if version is None:
        raise Http404
    return version


@require_safe
def list_languages(request: HttpRequest, slug: str) -> HttpResponse:
    """List the languages of a statement, and which text each version renders."""
    visible, draft = rendered(request, slug)
    offered = request.group.statement_languages if visible.access.chair else ()
    versions = languages.versions_of(visible.statement)
    context = {
        **page_head(request, visible, "show"),
        "listed": [
            (name_of(each.language), each)
            for each in languages.listed_versions(
                visible.statement, versions, draft.sha256, offered
            )
        ],
    }
    return render(request, "statements/language_list.html", context)


@require_safe
def show_language(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Show a statement in another language."""
    visible, draft = rendered(request, slug)
    version = version_or_404(visible, language)
    blocks = languages.rendered_blocks(version, drafts.blocks_of(draft))
    context = {
        **page_head(request, visible, "show"),
        "version": version,
        "language_name": name_of(language),
        "way": "rtl" if is_right_to_left(language) else "ltr",
        "is_older": version.of_sha256 != draft.sha256,
        "blocks": list(zip(labels.block_labels(blocks), blocks, strict=True)),
        "changes": languages.version_changes(visible.statement, language)
        if visible.access.belongs
        else [],
    }
    return render(request, "statements/language_show.html", context)


@require_safe
def plain_language(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Give the plain text of a language version, whose SHA-256 its page shows."""
    visible, _draft = rendered(request, slug)
    text = languages.text_of_version(version_or_404(visible, language))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"{visible.statement.slug}-{language}.txt"
    response["Content-Disposition"] = str(content_disposition_header(False, name))
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_language(request: AuthenticatedRequest, slug: str, language: str) -> HttpResponse:
    """Write a language version, or place a pasted text beside the original."""
    visible = for_chair(request, slug, "statements.edit")
    draft = newest(visible)
    others = set(request.group.statement_languages) - {visible.statement.language}
    if not draft.sha256 or language not in others:
        raise Http404
    version = languages.version_in(visible.statement, language)
    blocks = labelled(drafts.blocks_of(draft))
    initial = {
        "version": version.version if version else 0,
        "of_sha256": draft.sha256,
        **(texts_of(version) if version else {}),
    }
    pasted = PastedLanguageForm(request.POST if request.POST.get("step") == FILL else None)
    shown: dict[str, Any] = {"blocks": blocks, "language": language, "initial": initial}
    is_even = True
    if pasted.is_valid():
        texts, is_even = languages.aligned(pasted.cleaned_data["pasted"], list(blocks.values()))
        initial |= texts
    form = LanguageForm(None if pasted.is_bound else request.POST or None, **shown)
    response = submit(
        request,
        form,
        lambda: actions.save_language(
            visible.statement,
            LanguageInput(language, form.cleaned_data["of_sha256"], form.texts),
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda _version: say_and_redirect(
            request, _("The text is saved."), "statements:language", slug=slug, language=language
        ),
        edited=EditedObject(_("This language version"), texts_of),
    )
    if response:
        return response
    context = {
        **page_head(request, visible, "act"),
        "form": form,
        "pasted": pasted,
        "is_even": is_even,
        "has_version": version is not None,
        "older": older_keys(version, blocks),
        "language_code": language,
        "language_name": name_of(language),
    }
    status = 422 if form.is_bound or (pasted.is_bound and not pasted.is_valid()) else 200
    return render(request, "statements/language_edit.html", context, status=status)


def labelled(blocks: list[Block]) -> dict[str, Block]:
    """Return blocks by their label, each label once."""
    named: dict[str, Block] = {}
    for label, block in zip(labels.block_labels(blocks), blocks, strict=True):
        name = label or str(block.get_kind_display())
        named[name if name not in named else f"{name} ({block.position})"] = block
    return named


def texts_of(version: LanguageVersion) -> dict[str, object]:
    """Return the texts of a version by key."""
    return {each["key"]: each["text"] for each in version.blocks}


def older_keys(version: LanguageVersion | None, blocks: Mapping[str, Block]) -> set[str]:
    """Return the keys of the paragraphs whose original has other words by now."""
    if version is None:
        return set()
    return {
        each.key for each in languages.rendered_blocks(version, blocks.values()) if each.is_older
    }
