"""The chair's workspace.

It shows each paragraph with its amendments, which the chair takes, declines or adapts one by one.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.next_steps import NextStep
from coordination.statements.actions import settlements
from coordination.statements.actions.guards import clean_block_text, clean_settled_text
from coordination.statements.forms import VersionForm, set_text_language
from coordination.statements.forms.settling import AdaptForm, DeclineForm
from coordination.statements.models import Amendment, Statement
from coordination.statements.queries import compilation, drafts, merged_text, next_steps, paragraphs
from coordination.statements.queries.block_views import BlockView
from coordination.statements.views.fragments import (
    MOST,
    back_to,
    fragment,
    mandate_counter,
    paragraphs_for_all,
)
from coordination.statements.views.page_context import (
    VisibleStatement,
    all_facts,
    for_chair,
    newest,
    page_head,
    steps_of_reader,
)
from coordination.statements.views.typed import (
    form_data,
    is_preview,
    typed_difference,
    typed_fragment,
)


@login_required
@require_safe
def consolidate(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the text with every amendment beside its paragraph.

    It also shows what is left to settle; htmx gets that alone, as a piece of page.
    """
    visible = for_chair(request, slug, "statements.settle")
    blocks = paragraphs_for_all(visible)
    context = {
        "statement": visible.statement,
        "work": paragraphs.amendment_counts(blocks),
        "next": newest(visible).number + 1,
        "due": _due_before_issuing(request, visible, blocks),
    }
    if request.htmx:
        return render(request, "statements/_work.html", context)
    folded = paragraphs.fold_views(blocks, MOST, request.GET.get("opened", ""))
    counter = mandate_counter(request, visible)
    unfolded = [view for view in folded if not view.folded]
    shown = iter(compilation.with_mandates(unfolded, counter))
    mandates, _evenness = compilation.mandate_counts(
        [view.text for view in blocks], counter, [view.block.text for view in blocks]
    )
    context |= page_head(request, visible, "consolidate") | {
        "blocks": [view if view.folded else next(shown) for view in folded],
        "folded": any(view.folded for view in folded),
        "balance": mandates,
    }
    return render(request, "statements/draft_consolidate.html", context)


def _due_before_issuing(
    request: AuthenticatedRequest, visible: VisibleStatement, blocks: Sequence[BlockView]
) -> NextStep | None:
    """Return the step due before an objected, unchanged draft is issued."""
    facts = all_facts(request, visible, "consolidate", blocks)
    return next_steps.step_of_kind(steps_of_reader(facts, visible.access), next_steps.SETTLE)


def _amendment(statement: Statement, pk: int) -> Amendment:
    amendments = Amendment.objects.select_related("block__draft", "agency", "author")
    return get_object_or_404(amendments, pk=pk, block__draft__statement=statement)


def _version(request: AuthenticatedRequest) -> int:
    """Return the version that the page showed; without one, none that fits."""
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else 0


@login_required
@require_POST
def take(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Take an amendment as it is."""
    visible = for_chair(request, slug, "statements.settle")
    amendment = _amendment(visible.statement, pk)
    settlements.take(amendment, version=_version(request), by=request.user, at=request.now)
    return back_to(request, visible, amendment.block.key, settling=True)


@login_required
@require_POST
def put_up(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Let a new paragraph stand before the other one."""
    visible = for_chair(request, slug, "statements.settle")
    amendment = _amendment(visible.statement, pk)
    settlements.move_insertion_up(
        amendment, version=_version(request), by=request.user, at=request.now
    )
    return back_to(request, visible, amendment.block.key, settling=True, at=f"new-{pk}")


@login_required
@require_POST
def take_all_that_merge(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Take all amendments that merge cleanly, and say which these were.

    With "only=typography" in the form, only those that change nothing else.
    """
    visible = for_chair(request, slug, "statements.settle")
    draft = newest(visible)
    taken = settlements.take_all_mergeable(
        draft,
        by=request.user,
        at=request.now,
        only_typography=request.POST.get("only") == "typography",
    )
    if taken:
        labels = drafts.labels_of(draft)
        each = "; ".join(f"{amendment.agency}, {labels[amendment.block_id]}" for amendment in taken)
        sentence = ngettext(
            "%(n)s amendment taken: %(each)s.", "%(n)s amendments taken: %(each)s.", len(taken)
        )
        messages.success(request, sentence % {"n": len(taken), "each": each})
    else:
        messages.info(request, _("Nothing was left that merges cleanly; nothing was changed."))
    return redirect("statements:consolidate", slug)


@login_required
@require_POST
def reopen(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Undo that an amendment was declined."""
    visible = for_chair(request, slug, "statements.settle")
    amendment = _amendment(visible.statement, pk)
    settlements.reopen(amendment, version=_version(request), by=request.user, at=request.now)
    return back_to(request, visible, amendment.block.key, settling=True)


@login_required
@require_POST
def unsettle(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Undo what was settled for a paragraph."""
    visible = for_chair(request, slug, "statements.settle")
    block = get_object_or_404(newest(visible).blocks, key=key)
    settlements.unsettle(block, version=_version(request), by=request.user, at=request.now)
    return back_to(request, visible, key, settling=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Decline an amendment, with the reason that its agency will read."""
    visible = for_chair(request, slug, "statements.settle")
    amendment = _amendment(visible.statement, pk)
    form = DeclineForm(request.POST or None, initial={"version": amendment.version})

    def done(_amendment: Amendment) -> HttpResponse:
        words = _("Declined; %(agency)s reads why with the next draft.")
        messages.success(request, words % {"agency": amendment.agency})
        return back_to(request, visible, amendment.block.key, settling=True)

    response = submit(
        request,
        form,
        lambda: settlements.decline(
            amendment, **form.cleaned_data, by=request.user, at=request.now
        ),
        done,
    )
    if response:
        return response
    if request.htmx:
        return fragment(
            request, visible, amendment.block.key, settling=True, form=form, declining=amendment.pk
        )
    view = _view(visible, amendment.block.key)
    note = next((note for note in view.all_notes if note.amendment.pk == amendment.pk), None)
    context = {
        **page_head(request, visible, "consolidate"),
        "form": form,
        "view": view,
        "note": note,
        "amendment": amendment,
    }
    return render(
        request, "statements/amendment_decline.html", context, status=422 if form.is_bound else 200
    )


def _view(visible: VisibleStatement, key: str) -> BlockView:
    """Return one paragraph of the newest draft with its amendments.

    The first one for a key that this draft does not have.
    """
    views = paragraphs.block_views(newest(visible), most=0, opened=key)
    return next((view for view in views if view.block.key == key), views[0])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: AuthenticatedRequest, slug: str, key: str) -> HttpResponse:
    """Write a paragraph's text instead of its amendments or own words."""
    visible = for_chair(request, slug, "statements.settle")
    block = get_object_or_404(newest(visible).blocks.select_related("draft", "settlement"), key=key)
    view = _view(visible, key)
    form = AdaptForm(**form_data(request, _initial(view, request.GET.get("from", ""))))
    set_text_language(form, visible.statement.language)
    response = (
        None
        if is_preview(request)
        else submit(
            request,
            form,
            lambda: settlements.adapt(block, **form.cleaned_data, by=request.user, at=request.now),
            lambda _settlement: back_to(request, visible, key, settling=True),
            edited=EditedObject(_("The text for this paragraph")),
        )
    )
    if response:
        return response
    shown: dict[str, Any] = {
        "typed": typed_difference(block.text, clean_settled_text(form["text"].value() or ""))
    }
    if answer := typed_fragment(request, visible.statement, shown["typed"]):
        return answer
    if request.htmx:
        return fragment(request, visible, key, settling=True, form=form, adapting=key, **shown)
    context = {**page_head(request, visible, "consolidate"), "form": form, "view": view, **shown}
    return render(
        request, "statements/block_adapt.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adapt_new(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Write a text in place of a new paragraph that an agency proposes."""
    visible = for_chair(request, slug, "statements.settle")
    amendment = _amendment(visible.statement, pk)
    initial = {
        "text": amendment.text,
        "reason": amendment.settled_reason,
        "version": amendment.version,
    }
    form = AdaptForm(**form_data(request, initial))
    set_text_language(form, visible.statement.language)
    response = (
        None
        if is_preview(request)
        else submit(
            request,
            form,
            lambda: settlements.adapt_insertion(
                amendment, **form.cleaned_data, by=request.user, at=request.now
            ),
            lambda _amendment: back_to(request, visible, amendment.block.key, settling=True),
            edited=EditedObject(
                _("This new paragraph"),
                lambda now: {"text": now.text, "reason": now.settled_reason},
            ),
        )
    )
    if response:
        return response
    shown: dict[str, Any] = {
        "typed": typed_difference(
            amendment.proposed_text, clean_block_text(form["text"].value() or "")
        )
    }
    if answer := typed_fragment(request, visible.statement, shown["typed"]):
        return answer
    if request.htmx:
        shown["adapting"] = amendment.pk
        return fragment(request, visible, amendment.block.key, settling=True, form=form, **shown)
    context = {
        **page_head(request, visible, "consolidate"),
        **shown,
        "form": form,
        "view": _view(visible, amendment.block.key),
        "amendment": amendment,
    }
    return render(
        request, "statements/block_adapt.html", context, status=422 if form.is_bound else 200
    )


def _initial(view: BlockView, chosen: str) -> dict[str, Any]:
    """Return the text that the chair begins from.

    It is the text of the amendment `chosen` by its key, if there is one. Else the settled text,
    else what merges, else the first amendment's, else the paragraph's own.
    """
    version = view.settlement.version if view.settlement else 0
    begun = [
        note.amendment.proposed_text
        for note in view.notes
        if str(note.amendment.pk) == chosen and note.amendment.proposed_text
    ]
    if begun:
        return {"text": begun[0], "version": version}
    if view.settlement:
        return {"text": view.settlement.text, "version": version}
    proposed = [note.amendment.proposed_text for note in view.open]
    merged = merged_text.merge_amendments(
        view.block.text, (note.amendment for note in view.open)
    ).text
    return {
        "text": merged if merged != view.block.text or not proposed else proposed[0],
        "version": 0,
    }
