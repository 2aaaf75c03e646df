"""Corrections of circulated minutes: propose, withdraw, take, decline."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings.actions import corrections as acts
from coordination.meetings.errors import CorrectionSettled, RecordAgreed
from coordination.meetings.forms.minutes import DecideForm, MinutesCorrectionForm
from coordination.meetings.models import MinutesCorrection
from coordination.meetings.views.minutes import page_of, paragraph_of, render_minutes
from coordination.members.queries import held_roles


def correction_of(slug: str, pk: int) -> MinutesCorrection:
    """Return a correction of this meeting's minutes."""
    corrections = MinutesCorrection.objects.select_related("agency", "paragraph__minutes__meeting")
    return get_object_or_404(corrections, pk=pk, paragraph__minutes__meeting__slug=slug)


@login_required
@require_POST
def propose(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Propose a correction of a paragraph for one's agency."""
    require_offered(request, "meetings.correct_minutes")
    paragraph = paragraph_of(slug, pk)
    own = held_roles.acting_agencies(held_roles.of_reader(request))
    form = MinutesCorrectionForm(request.POST, agencies=own)
    response = submit(
        request,
        form,
        lambda: acts.propose_correction(
            paragraph, form.agency_chosen, form.proposed, by=request.user, at=request.now
        ),
        lambda correction: say_and_redirect(
            request,
            _("Your correction is with the chair. You can withdraw it until it is decided."),
            page_of(slug, f"correction-{correction.pk}"),
        ),
        gone=(CorrectionSettled, RecordAgreed),
    )
    return response or render_minutes(
        request, slug, status=422, correction_form=form, correcting=pk
    )


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw a correction of one's agency."""
    correction = correction_of(slug, pk)
    require_offered(request, "members.act_for", correction.agency)
    acts.withdraw_correction(correction, by=request.user, at=request.now)
    return redirect(page_of(slug, f"correction-{pk}"))


@login_required
@require_POST
def decide(request: AuthenticatedRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """Take or decline a correction."""
    correction = correction_of(slug, pk)
    require_offered(request, "meetings.record_outcome", correction.paragraph.minutes.meeting)
    form = DecideForm(request.POST, auto_id=f"correction-{pk}-%s")
    response = submit(
        request,
        form,
        lambda: settle(request, correction, act, form.cleaned_data),
        lambda _saved: redirect(page_of(slug, f"correction-{pk}")),
        edited=EditedObject(_("This paragraph")),
        gone=(CorrectionSettled, RecordAgreed),
    )
    return response or render_minutes(request, slug, status=422, decided_form=form, deciding=pk)


def settle(
    request: AuthenticatedRequest, correction: MinutesCorrection, act: str, data: dict[str, Any]
) -> MinutesCorrection:
    """Call the action of the pressed button."""
    if act == "decline":
        return acts.decline_correction(
            correction,
            data["answer"],
            by=request.user,
            at=request.now,
        )
    return acts.take_correction(
        correction,
        data["text"],
        data["answer"],
        version=data["version"],
        by=request.user,
        at=request.now,
    )
