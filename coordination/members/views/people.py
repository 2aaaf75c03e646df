"""The directory of people in office, and their cards.

For members alone.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.members.forms import PeopleForm
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import absences, confirmations, directory, roster, vcards
from coordination.members.queries.directory import DirectoryFilter


@login_required
@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """List the people in office today, by agency."""
    require_offered(request, "members.read")
    entries = roster.roster(request.day, request.group)
    form = PeopleForm(request.GET, entries=entries)
    wanted = DirectoryFilter(**form.cleaned_data) if form.is_valid() else DirectoryFilter()
    shown = directory.chosen(directory.lines(entries), wanted)
    # who keeps the group's records, or chairs, asks the silent
    may_ask = offered(request, "rotation.chair") or offered(request, "members.edit_membership")
    unconfirmed = confirmations.unconfirmed(request.day, request.group.zone) if may_ask else []
    context = {
        "form": form,
        "lines": shown,
        "absences": absences.absences_on(request.day),
        "unconfirmed": unconfirmed,
        "round_began": confirmations.round_on(request.day),
        "heads": [_("Name"), _("Agency"), _("As"), _("City"), _("E-mail"), _("Card")],
    }
    return render(
        request, "members/people_list.html", context, status=200 if form.is_valid() else 422
    )


@login_required
@require_safe
def card(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return the card of one person in office."""
    require_offered(request, "members.read")
    person = get_object_or_404(Person, pk=pk)
    return download(vcards.in_office(request.day, person=person), f"person-{pk}")


@login_required
@require_safe
def cards(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return the cards of an agency's people in office."""
    require_offered(request, "members.read")
    agency = get_object_or_404(Agency, slug=slug)
    return download(vcards.in_office(request.day, agency=agency), slug)


def download(appointments: list[Appointment], name: str) -> HttpResponse:
    """Return the cards of people as a file.

    Raises Http404 if there is nobody.
    """
    if not appointments:
        raise Http404
    return HttpResponse(
        vcards.vcards(appointments),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.vcf"'},
    )
