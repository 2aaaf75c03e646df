"""Proposals of agencies for an agenda.

And what the chair decides about them.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core import history
from coordination.core.errors import NotAllowed
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.permissions import offered, on_page, require_offered, sentence
from coordination.meetings import queries
from coordination.meetings.actions import proposals as acts
from coordination.meetings.enums import ProposalState
from coordination.meetings.errors import ProposalSettled
from coordination.meetings.forms.agenda import (
    AgendaVersionForm,
    DeclineProposalForm,
    ProposalForm,
    TakeProposalForm,
    proposal_values,
)
from coordination.meetings.models import AgendaProposal, Meeting
from coordination.meetings.queries import agenda
from coordination.members.models import Agency
from coordination.members.queries import held_roles

MOST_SETTLED = 30
PROPOSAL = EditedObject(
    _("This proposal"),
    proposal_values,
    is_possible=lambda current: current.state == ProposalState.WAITING,
)


def own_agencies(request: AuthenticatedRequest) -> list[Agency]:
    """Return the agencies for which the reader may propose."""
    roles = held_roles.of_reader(request)
    return sorted(held_roles.focal_point_agencies(roles), key=lambda agency: agency.acronym)


def coming(request: AuthenticatedRequest) -> list[Meeting]:
    """Return the meetings that have not begun."""
    return [each for each in queries.upcoming(request.now) if not each.begun(request.now)]


@login_required
@require_safe
def proposals(request: AuthenticatedRequest) -> HttpResponse:
    """List what waits for the chair, and what was settled last."""
    require_offered(request, "meetings.read")
    context = {
        "waiting": list(agenda.waiting_proposals()),
        "settled": list(agenda.settled_proposals()[:MOST_SETTLED]),
        "may_propose": bool(own_agencies(request)),
    }
    return render(request, "meetings/proposal_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: AuthenticatedRequest) -> HttpResponse:
    """Propose an item for an agenda."""
    require_offered(request, "meetings.read")
    agencies = own_agencies(request)
    if not agencies:
        raise NotAllowed(sentence("meetings.propose", request.user, on_page(request)))
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        agencies=agencies,
        meetings=coming(request),
        initial={"meeting": request.GET.get("meeting", "")},
    )
    response = submit(
        request,
        form,
        lambda: acts.propose(
            form.item,
            form.agencies[form.cleaned_data["agency"]],
            by=request.user,
            at=request.now,
        ),
        lambda proposal: say_and_redirect(
            request,
            _("The chair reads your proposal; you get a mail when it is decided."),
            "meetings:proposal",
            proposal.pk,
        ),
    )
    if response:
        return response
    status = 422 if form.errors else 200
    return render(request, "meetings/proposal_edit.html", {"form": form}, status=status)


@login_required
@require_safe
def proposal(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a proposal and its result."""
    require_offered(request, "meetings.read")
    return render_proposal(request, proposal_of(pk))


def proposal_of(pk: int) -> AgendaProposal:
    """Return a proposal with its agency, meeting and people."""
    return get_object_or_404(agenda.proposal_records(), pk=pk)


def render_proposal(
    request: AuthenticatedRequest, shown: AgendaProposal, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page of a proposal.

    `more` replaces forms in which something is wrong.
    """
    is_waiting = shown.state == ProposalState.WAITING
    may_decide = is_waiting and offered(request, "meetings.convene", shown)
    context: dict[str, Any] = {
        "proposal": shown,
        "may_withdraw": is_waiting and offered(request, "meetings.propose", shown.agency),
        "changes": history.changes(shown),
    }
    if may_decide:
        values = proposal_values(shown)
        meetings = coming(request)
        first = values["meeting"] or next((meeting.pk for meeting in meetings), "")
        context |= {
            "has_meetings": bool(meetings),
            "accept_form": TakeProposalForm(
                meetings=meetings, initial=values | {"meeting": first}, prefix="accept"
            ),
            "decline_form": DeclineProposalForm(initial=values, prefix="decline"),
        }
    return render(request, "meetings/proposal_show.html", context | more, status=status)


@login_required
@require_POST
def accept(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put what was proposed on the agenda of a meeting."""
    shown = proposal_of(pk)
    require_offered(request, "meetings.convene", shown)
    form = TakeProposalForm(request.POST, meetings=coming(request), prefix="accept")
    response = submit(
        request,
        form,
        lambda: acts.accept_proposal(
            shown,
            form.chosen,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda item: say_and_redirect(
            request, _("It is on the agenda."), "meetings:agenda", item.meeting.slug
        ),
        edited=PROPOSAL,
        gone=(ProposalSettled,),
    )
    return response or render_proposal(request, shown, accept_form=form, status=422)


@login_required
@require_POST
def decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Decline what was proposed, with a reason."""
    shown = proposal_of(pk)
    require_offered(request, "meetings.convene", shown)
    form = DeclineProposalForm(request.POST, prefix="decline")
    response = submit(
        request,
        form,
        lambda: acts.decline_proposal(shown, **form.cleaned_data, by=request.user, at=request.now),
        lambda _proposal: say_and_redirect(
            request,
            _("The proposal is declined; its agency is told why."),
            "meetings:proposal",
            pk,
        ),
        edited=PROPOSAL,
        gone=(ProposalSettled,),
    )
    return response or render_proposal(request, shown, decline_form=form, status=422)


@login_required
@require_POST
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Withdraw what the reader's agency proposed."""
    shown = proposal_of(pk)
    return press_button(
        request,
        AgendaVersionForm(request.POST, prefix=SHOWN_PREFIX),
        lambda version: acts.withdraw_proposal(
            shown, version=version, by=request.user, at=request.now
        ),
        lambda _proposal: say_and_redirect(
            request, _("The proposal is withdrawn."), "meetings:proposal", pk
        ),
        edited=PROPOSAL,
        verb=_("Withdraw"),
    )
