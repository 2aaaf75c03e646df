"""The page on which an agency confirms its people.

Agencies are asked twice a year.
"""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.clock import start_of
from coordination.core.forms import say_and_redirect
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import On, allowed
from coordination.members import attempts
from coordination.members.actions import confirmations
from coordination.members.models import Agency, Person
from coordination.members.queries import confirmations as queries
from coordination.members.queries import people, recipients

LINK_RATE, LINK_SECONDS = "60/10m", 600


@login_required
@require_POST
def confirm(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Confirm the people of one's agency, from its page."""
    agency = get_object_or_404(Agency, slug=slug)
    confirmations.confirm_roster(agency, by=request.user, at=request.now)
    return say_and_redirect(
        request,
        _("It is recorded that the people of %(agency)s are right.") % {"agency": agency},
        "members:agency",
        slug,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the people of an agency with one button, without signing in.

    Reading the page changes nothing, since mail scanners follow links. The link is worth nothing
    once its person's time or its half-year is over.
    """
    link = queries.read_link(token)
    if link is None:
        raise Http404
    agency = get_object_or_404(Agency, pk=link.agency_id)
    person = get_object_or_404(Person, pk=link.person_id)
    is_open = (
        link.round_began == queries.round_on(request.day)
        and recipients.can_be_reached(person)
        and allowed(person, "members.confirm_roster", On(request.day, agency, request.group))
    )
    if request.method == "POST":
        count(request)
        if is_open:
            confirmations.confirm_roster(agency, by=person, at=request.now, by_link=True)
            return redirect("members:confirm_by_link", token)
    last = queries.last_confirmation(agency) if is_open else None
    # people and their addresses are for that person alone, as long as the link is open
    context = {
        "agency": agency,
        "person": person,
        "is_open": is_open,
        "people": people.people_for(agency, request.day).filter(person__is_active=True)
        if is_open
        else [],
        "last": last,
        "absences": {},
        "is_confirmed": last
        and last.confirmed_at >= start_of(link.round_began, request.group.zone),
    }
    with (
        timezone.override(person.zone or request.group.zone),
        translation.override(person.reading_language),
    ):
        return render(
            request, "members/roster_confirm.html", context, status=200 if is_open else 410
        )


def count(request: HttpRequest) -> None:
    """Count a form sent from a link.

    Raises TooManyAttempts above the rate of an address.
    """
    address = ratelimit.get_ip(request)
    if not attempts.count(request, attempts.Attempt(), "confirm_by_link", LINK_RATE, address):
        raise attempts.too_many_attempts(LINK_SECONDS)
