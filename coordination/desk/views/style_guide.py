"""The style guide: every component in every state."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpResponse
from django.shortcuts import render

from coordination.core.http import AuthenticatedRequest
from coordination.desk.views import samples


@staff_member_required
def show(request: AuthenticatedRequest) -> HttpResponse:
    """Show every component in every state."""
    context = samples.everything(request.now, request.day)
    return render(request, "desk/styleguide_show.html", context)
