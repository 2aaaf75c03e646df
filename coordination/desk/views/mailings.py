"""Who gets which mail."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.desk.queries import mailings as mailings_queries
from coordination.rotation.queries import chair_now


@login_required
@require_safe
def mailings(request: AuthenticatedRequest) -> HttpResponse:
    """List the people of each mailing list, with addresses.

    As of today, and which list gets which mail.
    """
    require_offered(request, "members.read")
    lists = mailings_queries.mailing_lists(request.day, chair_now.of_request(request))
    context = {
        "lists": lists,
        "mailings": mailings_queries.mailings(lists),
        "heads": [_("Mail"), _("All of"), _("Of the agencies concerned"), _("Wanted otherwise")],
    }
    return render(request, "desk/mailing_list.html", context)
