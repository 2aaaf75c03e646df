"""Note where an adopted statement is delivered, and in which words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import deliveries
from coordination.statements.actions.deliveries import DeliveryInput
from coordination.statements.forms import (
    DeliveredForm,
    DeliveryForm,
    VersionForm,
    set_text_language,
)
from coordination.statements.views.page_context import VisibleStatement, for_chair, page_head

PAGE = "statements/act_confirm.html"
FIELDS = ("event", "place", "day", "speaker", "on_behalf_of")


def _occasion(form: DeliveryForm) -> DeliveryInput:
    return DeliveryInput(**{name: form.cleaned_data[name] for name in FIELDS})


def _page(
    request: AuthenticatedRequest,
    visible: VisibleStatement,
    form: DeliveryForm | DeliveredForm,
    **words: object,
) -> HttpResponse:
    return render(
        request,
        PAGE,
        {**page_head(request, visible, "act"), "form": form, **words},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_delivery(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Note where the statement will be spoken."""
    visible = for_chair(request, slug, "statements.release")
    group = _("the %(group)s") % {"group": request.group.name}
    form = DeliveryForm(
        request.POST or None, initial={"event": visible.statement.occasion, "on_behalf_of": group}
    )
    response = submit(
        request,
        form,
        lambda: deliveries.plan_delivery(
            visible.statement, _occasion(form), by=request.user, at=request.now
        ),
        lambda _delivery: say_and_redirect(
            request,
            _("Planned; until it was spoken the page says “check against delivery”."),
            "statements:show",
            slug=slug,
        ),
    )
    if response:
        return response
    says = _("The page of the statement says where it is spoken, by whom and on whose behalf.")
    return _page(
        request, visible, form, title=_("Plan a delivery"), says=says, verb=_("Plan the delivery")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_delivery(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Change where the statement will be spoken."""
    visible = for_chair(request, slug, "statements.release")
    delivery = get_object_or_404(visible.statement.deliveries, pk=pk)
    initial = {name: getattr(delivery, name) for name in (*FIELDS, "version")}
    form = DeliveryForm(request.POST or None, initial=initial)
    response = submit(
        request,
        form,
        lambda: deliveries.edit_delivery(
            delivery,
            _occasion(form),
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda _delivery: say_and_redirect(
            request, _("The delivery is changed."), "statements:show", slug=slug
        ),
        edited=EditedObject(_("This delivery")),
    )
    if response:
        return response
    says = _("The page of the statement says where it is spoken, by whom and on whose behalf.")
    return _page(
        request, visible, form, title=_("Change a delivery"), says=says, verb=_("Save the delivery")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_delivered(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Note that the statement was spoken, in which words."""
    visible = for_chair(request, slug, "statements.release")
    delivery = get_object_or_404(visible.statement.deliveries, pk=pk)
    form = DeliveredForm(request.POST or None, initial={"version": delivery.version})
    set_text_language(form, visible.statement.language)
    response = submit(
        request,
        form,
        lambda: deliveries.note_delivered(
            delivery, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _delivery: say_and_redirect(
            request, _("Noted as delivered."), "statements:show", slug=slug
        ),
        edited=EditedObject(_("This delivery")),
    )
    if response:
        return response
    says = _("%(speaker)s, %(event)s. Once noted this is not changed any more.") % {
        "speaker": delivery.speaker,
        "event": delivery.event,
    }
    return _page(
        request,
        visible,
        form,
        title=_("It was delivered"),
        says=says,
        verb=_("Note it as delivered"),
    )


@login_required
@require_POST
def cancel_delivery(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Note that the statement will not be spoken there."""
    visible = for_chair(request, slug, "statements.release")
    delivery = get_object_or_404(visible.statement.deliveries, pk=pk)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    deliveries.cancel_delivery(delivery, version=version, by=request.user, at=request.now)
    messages.success(request, _("The delivery is cancelled; that it was planned stays on record."))
    return redirect("statements:show", slug=slug)
