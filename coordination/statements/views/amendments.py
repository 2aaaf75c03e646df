"""An agency amends a paragraph, edits what it proposed, withdraws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.errors import NotAllowed
from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.members.models import Agency
from coordination.statements.actions import amendments, preparing, sponsors
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.guards import clean_block_text
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StatementState
from coordination.statements.forms import AMEND_FORMS, AmendForm, VersionForm, set_text_language
from coordination.statements.models import Amendment, Block, PreparedAmendment
from coordination.statements.queries import drafts, positions
from coordination.statements.queries.amendments import (
    amendments_of,
    own_open_amendment,
    prepared_by,
    returned_amendments,
)
from coordination.statements.views.fragments import back_to, fragment, paragraphs_for_all
from coordination.statements.views.page_context import (
    VisibleStatement,
    newest,
    page_head,
    require_voice,
    spoken_for,
    working,
)
from coordination.statements.views.typed import (
    form_data,
    is_preview,
    typed_difference,
    typed_fragment,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(
    request: AuthenticatedRequest, slug: str, key: str, kind: str = AmendmentKind.REPLACE
) -> HttpResponse:
    """Propose to change or delete a paragraph, or add one."""
    visible = working(request, slug)
    draft = newest(visible)
    require_voice(request, visible, "statements.amend")
    block = get_object_or_404(draft.blocks.select_related("draft__statement"), key=key)
    returned = _returned(request, visible, block)
    prepared = _prepared(request, visible, block)
    fixed = prepared or returned
    agencies = [fixed.agency] if fixed else _writing_now(visible)
    agency = fixed.agency if fixed else spoken_for(request, visible.agencies) or agencies[0]
    _refuse_closed(request, visible, agency)
    # an agency may propose any number of new paragraphs, so none of them is edited here
    own = None if prepared or kind == AmendmentKind.INSERT else own_open_amendment(block, agency)
    initial = (
        _initial(block, prepared or own, AmendmentKind(kind))
        | _renewing(block, returned)
        | {"agency": agency.pk}
    )
    initial |= {"prepared": prepared.pk} if prepared else {}
    others = [each for each in agencies if each != agency]
    return _answer(
        request,
        visible,
        Writing(block, own, AmendmentKind(kind), agency, initial, prepared, others),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_amendment(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Edit an open amendment of the reader's agency.

    A new paragraph that the agency proposed is edited here.
    """
    visible = working(request, slug)
    own = get_object_or_404(
        amendments_of(newest(visible)).select_related("block__draft__statement"),
        pk=pk,
        agency__in=visible.agencies,
    )
    _refuse_closed(request, visible, own.agency)
    # while settlements are hidden, a 404 would tell that this one is settled
    if own.state != AmendmentState.OPEN and not visible.provisional:
        raise Http404
    kind = AmendmentKind(own.kind)
    return _answer(
        request,
        visible,
        Writing(
            own.block,
            own,
            kind,
            own.agency,
            _initial(own.block, own, kind) | {"agency": own.agency_id},
        ),
    )


def _writing_now(visible: VisibleStatement) -> Sequence[Agency]:
    """Return the reader's agencies that may amend.

    In clearance these are the ones that object, if any: they say what would lift that.
    """
    if visible.statement.state != StatementState.CLEARANCE:
        return visible.agencies
    return positions.objecting_now(visible.statement, visible.agencies) or visible.agencies


def _refuse_closed(
    request: AuthenticatedRequest, visible: VisibleStatement, agency: Agency
) -> None:
    """Offer no form when nothing can be proposed.

    What was typed before that comes back in its form, with the reason.
    """
    if request.method != "POST":
        amendments.refuse_closed(visible.statement, agency, by=request.user, at=request.now)


@dataclass(frozen=True, slots=True)
class Writing:
    """What the reader writes.

    For which paragraph, over which amendment of their own, of which kind, for which agency.

    `others` are those of their agencies for which they may write instead: each has a form with its
    own words.
    """

    block: Block
    own: Amendment | None
    kind: AmendmentKind
    agency: Agency
    initial: Mapping[str, Any]
    prepared: PreparedAmendment | None = None
    others: Sequence[Agency] = ()


def _answer(
    request: AuthenticatedRequest, visible: VisibleStatement, writing: Writing
) -> HttpResponse:
    keeping = "keep" in request.POST
    form = AMEND_FORMS[writing.kind](
        **form_data(request, writing.initial), agencies=[writing.agency], keeping=keeping
    )
    set_text_language(form, visible.statement.language)
    if is_preview(request):
        return _page(request, visible, writing, form)

    def done(_result: None) -> HttpResponse:
        kept = _("Kept for your agency: nobody else sees it until you propose it.")
        sent = _("Your amendment is with the chair; you may edit it while amendments are open.")
        messages.success(request, kept if keeping else sent)
        return back_to(request, visible, writing.block.key)

    response = submit(
        request,
        form,
        lambda: (_keep if keeping else _save)(request, writing, form),
        done,
        edited=EditedObject(_("Your agency’s amendment")),
    )
    return response or _page(request, visible, writing, form)


def _returned(
    request: AuthenticatedRequest, visible: VisibleStatement, block: Block
) -> Amendment | None:
    """Return the returned amendment that is to be proposed anew.

    It is to the draft before, and of an agency of the reader.
    """
    asked = request.POST.get("renews") or request.GET.get("returned", "")
    mine = returned_amendments(block.draft, visible.agencies) if asked else []
    return next((each for each in mine if str(each.pk) == asked), None)


def _prepared(
    request: AuthenticatedRequest, visible: VisibleStatement, block: Block
) -> PreparedAmendment | None:
    """Return what the reader's agency prepares, where the page is about that.

    It answers 404 for what is not its own.
    """
    asked = request.POST.get("prepared") or request.GET.get("prepared", "")
    if not asked.isdecimal():
        return None
    mine = prepared_by(visible.agencies).select_related("block__draft").filter(block=block)
    prepared = next((each for each in mine if str(each.pk) == asked), None)
    if prepared is None:
        raise Http404
    return prepared


def _initial(
    block: Block, own: Amendment | PreparedAmendment | None, kind: AmendmentKind
) -> dict[str, Any]:
    text = block.text if kind == AmendmentKind.REPLACE else ""
    if own is None:
        return {"proposed_text": text, "version": 0}
    return {
        "proposed_text": own.proposed_text or text,
        "rationale": own.rationale,
        "block_kind": own.block_kind,
        "version": own.version,
    }


def _renewing(block: Block, returned: Amendment | None) -> dict[str, Any]:
    """Return what a form begins with that proposes a returned amendment anew."""
    if returned is None:
        return {}
    words = (
        {"proposed_text": drafts.rebased_text(returned, [block])[0]}
        if returned.kind == AmendmentKind.REPLACE
        else {}
    )
    return {**words, "rationale": returned.rationale, "renews": returned.pk}


def _proposal(writing: Writing, data: Mapping[str, Any]) -> AmendmentInput:
    new_kind = BlockKind(data["block_kind"]) if data.get("block_kind") else None
    renews = _returned_of(data, writing.block)
    return AmendmentInput(
        data.get("proposed_text", ""), data["rationale"], writing.kind, new_kind, renews
    )


def _keep(request: AuthenticatedRequest, writing: Writing, form: AmendForm) -> None:
    """Keep it for the agency's own people."""
    data, proposal = form.cleaned_data, _proposal(writing, form.cleaned_data)
    if writing.prepared:
        preparing.edit_prepared(
            writing.prepared, proposal, version=data["version"], by=request.user, at=request.now
        )
    else:
        preparing.prepare_amendment(
            writing.block, proposal, agency=data["agency"], by=request.user, at=request.now
        )


def _save(request: AuthenticatedRequest, writing: Writing, form: AmendForm) -> None:
    """Propose, or change what the agency has proposed.

    A form that did not know of a proposal meets Stale.
    """
    data, block = form.cleaned_data, writing.block
    proposal = _proposal(writing, data)
    if writing.prepared:
        preparing.send_prepared(
            writing.prepared, proposal, version=data["version"], by=request.user, at=request.now
        )
    elif writing.own is None:
        amendments.amend(block, proposal, agency=data["agency"], by=request.user, at=request.now)
    else:
        amendments.edit_amendment(
            writing.own, proposal, version=data["version"], by=request.user, at=request.now
        )


def _returned_of(data: Mapping[str, Any], block: Block) -> Amendment | None:
    """Return the returned amendment that the form renews."""
    asked = data.get("renews")
    return (
        next(
            (
                each
                for each in returned_amendments(block.draft, [data["agency"]])
                if each.pk == asked
            ),
            None,
        )
        if asked
        else None
    )


def _page(
    request: AuthenticatedRequest, visible: VisibleStatement, writing: Writing, form: AmendForm
) -> HttpResponse:
    shown: dict[str, Any] = {"own": writing.own, "prepared": writing.prepared, "kind": writing.kind}
    shown |= {"speaking": writing.agency, "others": writing.others}
    if writing.kind == AmendmentKind.REPLACE:
        text = clean_block_text(form["proposed_text"].value() or "")
        shown["typed"] = typed_difference(writing.block.text, text)
        if answer := typed_fragment(request, visible.statement, shown["typed"]):
            return answer
    if request.htmx:
        return fragment(request, visible, writing.block.key, form=form, **shown)
    views = paragraphs_for_all(visible)
    place = next(i for i, view in enumerate(views) if view.block.pk == writing.block.pk)
    context = {
        **page_head(request, visible, "amend"),
        **shown,
        "form": form,
        "view": views[place],
        "before": views[place - 1] if place else None,
        "after": views[place + 1] if place + 1 < len(views) else None,
    }
    return render(
        request, "statements/amendment_edit.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def sponsor(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Co-sponsor another agency's amendment (`join`), or stop that (`leave`).

    The value of the button is the agency, which is one of the reader's own. The form holds the
    version that the reader saw of each amendment beside one paragraph: `version-PK`.
    """
    visible = working(request, slug)
    amendment = get_object_or_404(
        amendments_of(newest(visible)).select_related("block__draft"), pk=pk
    )
    leaves = request.POST.get("leave")
    require_voice(request, visible, "statements.amend")
    agency = next(
        (each for each in visible.agencies if str(each.pk) == (leaves or request.POST.get("join"))),
        None,
    )
    if agency is None:
        ours = positions.list_agencies(visible.agencies)
        raise NotAllowed(
            _(
                "You speak for %(agencies)s here, and this was for another agency. Nothing was "
                "changed."
            )
            % {"agencies": ours}
        )
    if leaves:
        sponsors.leave_cosponsors(amendment, agency=agency, by=request.user, at=request.now)
        messages.success(
            request, _("%(agency)s does not stand behind it any more.") % {"agency": agency}
        )
    else:
        version = VersionForm({"version": request.POST.get(f"version-{pk}")})
        shown = version.cleaned_data["version"] if version.is_valid() else 0
        sponsors.add_cosponsor(
            amendment, version=shown, agency=agency, by=request.user, at=request.now
        )
        messages.success(request, _("%(agency)s stands behind it.") % {"agency": agency})
    return back_to(request, visible, amendment.block.key, at=f"a{pk}")


@login_required
@require_POST
def discard_prepared(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Give up what one's agency prepared."""
    visible = working(request, slug)
    mine = prepared_by(visible.agencies).select_related("block__draft")
    prepared = get_object_or_404(mine, pk=pk, block__draft__statement=visible.statement)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    preparing.discard_prepared(prepared, version=version, by=request.user, at=request.now)
    messages.success(request, _("Discarded; nobody outside your agency has seen it."))
    return back_to(request, visible, prepared.block.key)


@login_required
@require_POST
def withdraw_amendment(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an amendment of one's own agency."""
    visible = working(request, slug)
    amendment = get_object_or_404(
        Amendment.objects.select_related("block__draft", "agency"),
        pk=pk,
        block__draft__statement=visible.statement,
    )
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    amendments.withdraw_amendment(amendment, version=version, by=request.user, at=request.now)
    messages.success(request, _("The amendment is withdrawn; it stays on record."))
    return back_to(request, visible, amendment.block.key)
