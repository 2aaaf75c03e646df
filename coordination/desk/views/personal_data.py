"""What is stored of a person: to take along, and to erase."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.desk.actions import erasure
from coordination.desk.forms import EraseForm
from coordination.desk.queries import personal_data
from coordination.members.models import Person


@login_required
@require_safe
def show(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what is stored of a person.

    With the ways to take it along and to erase it.
    """
    person = get_object_or_404(Person, pk=pk)
    require_offered(request, "members.export_data", person)
    context = {
        "person": person,
        "is_own": person.pk == request.user.pk,
        "may_erase": offered(request, "members.erase_person", person) and not person.erased_at,
    }
    return render(request, "desk/personal_data_show.html", context)


@never_cache
@login_required
@require_safe
def download(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Return all that is stored of a person as a JSON file."""
    person = get_object_or_404(Person, pk=pk)
    require_offered(request, "members.export_data", person)
    return JsonResponse(
        personal_data.personal_data(person, request.now, is_own=person.pk == request.user.pk),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="person-{pk}.json"'},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask once, saying what goes and what stays; then erase."""
    person = get_object_or_404(Person, pk=pk)
    require_offered(request, "members.erase_person", person)
    sent = request.POST if request.method == "POST" else None
    form = EraseForm(sent, initial={"version": person.version})
    response = submit(
        request,
        form,
        lambda: erasure.erase_person(
            person, version=form.cleaned_data["version"], by=request.user, at=request.now
        ),
        lambda erased: say_and_redirect(
            request,
            _("What was personal of %(name)s is erased. The record keeps the name.")
            % {"name": erased},
            "desk:personal_data",
            pk,
        ),
        edited=EditedObject(str(person)),
    )
    if response:
        return response
    context = {"person": person, "form": form}
    return render(request, "desk/person_erase.html", context, status=422 if form.errors else 200)
