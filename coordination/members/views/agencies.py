"""The directory, and an agency's page.

Both are open to all; people and flags are shown only to those who belong.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core import permissions
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.queries import disagreements
from coordination.members.enums import MembershipStatus
from coordination.members.forms import DirectoryForm
from coordination.members.models import Agency
from coordination.members.queries import (
    absences,
    agencies,
    changes,
    confirmations,
    invitations,
    roster,
)


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """List the agencies of a day, and how their number grew.

    The day is today without `?on=`.
    """
    form = DirectoryForm(request.GET)
    is_valid = form.is_valid()
    day = (form.cleaned_data.get("on") if is_valid else None) or request.day
    text = form.cleaned_data["q"] if is_valid else ""
    entries = roster.roster(day, request.group, text=text)
    may_read = permissions.offered(request, "members.read")
    heads = [_("Agency"), _("Seat"), _("Belongs since"), *([_("Focal points")] if may_read else [])]
    context = {
        "form": form,
        "heads": heads,
        "day": day,
        "is_today": day == request.day,
        "members": [
            entry for entry in entries if entry.membership.standing == MembershipStatus.MEMBER
        ],
        "observers": [
            entry for entry in entries if entry.membership.standing == MembershipStatus.OBSERVER
        ],
        "disagreements": disagreements("membership"),
        "steps": agencies.membership_changes(agencies.memberships_in_order()),
        "may_read": may_read,
    }
    return render(request, "members/directory_list.html", context, status=200 if is_valid else 422)


@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one agency: its periods with sources, its seat, its people.

    Only those who belong see the people.
    """
    record = roster.agency_record(slug, request.day, request.group)
    if record is None:
        raise Http404
    shown = record.agency
    may_edit = permissions.offered(request, "members.edit_roster", shown)
    may_read = may_edit or permissions.offered(request, "members.read")
    context = {
        "agency": shown,
        "record": record,
        "may_edit": may_edit,
        "may_read": may_read,
        "absences": absences.absences_on(request.day, [row.person_id for row in record.now])
        if may_read
        else {},
        "last_confirmation": confirmations.last_confirmation(shown) if may_read else None,
        "may_confirm": record.standing
        and may_read
        and permissions.offered(request, "members.confirm_roster", shown),
        "may_edit_mandate": may_edit
        and permissions.offered(request, "members.edit_mandate", shown),
        "disagreements": agencies.disagreements_about(shown),
        "invitations": invitations.invitations_of(shown, request.now) if may_edit else [],
        "lapsed": invitations.lapsed_invitations(request.day, request.now).filter(agency=shown)
        if may_edit
        else [],
    }
    return render(request, "members/agency_show.html", context)


@login_required
@require_safe
def agency_history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the changes of an agency's records.

    Those of invitations only to those who may invite.
    """
    shown = get_object_or_404(Agency, slug=slug)
    may_invite = permissions.offered(request, "members.invite", shown)
    if not may_invite:
        permissions.require_offered(request, "members.read")
    context = {
        "agency": shown,
        "changes": changes.agency_changes(shown, with_invitations=may_invite),
    }
    return render(request, "members/agency_history.html", context)
