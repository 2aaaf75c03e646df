"""The vacancies, and why nobody chairs."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import On, offered, require
from coordination.rotation.actions.vacancies import acknowledge_vacancy
from coordination.rotation.forms import VacancyNoteForm
from coordination.rotation.models import VacancyNote
from coordination.rotation.queries import changes
from coordination.rotation.queries import vacancies as vacancies_queries


@login_required
@require_http_methods(["GET", "HEAD"])
def vacancies(request: AuthenticatedRequest) -> HttpResponse:
    """List the vacancies with what the group says about each."""
    require(request.user, "rotation.read", On(request.day))
    return render(
        request,
        "rotation/vacancy_list.html",
        {
            "vacancies": vacancies_queries.vacancies(request.day),
            "may_note": offered(request, "rotation.edit_term"),
            "changes": changes.vacancy_changes(),
        },
    )


def note_values(note: VacancyNote) -> dict[str, object]:
    """Return a note as the values of its form."""
    return {"words": note.words, "until": note.until, "version": note.version}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: AuthenticatedRequest, first_day: str) -> HttpResponse:
    """Note why nobody chairs from a day."""
    require(request.user, "rotation.edit_term", On(request.day))
    try:
        day = date.fromisoformat(first_day)
    except ValueError as error:
        raise Http404 from error
    vacancy = vacancies_queries.vacancy_on(request.day, day)
    if vacancy is None:
        raise Http404
    values = note_values(vacancy.note) if vacancy.note else {"until": vacancy.last_day}
    form = VacancyNoteForm(request.POST or None, initial=values, is_over=vacancy.is_over)
    response = submit(
        request,
        form,
        lambda: acknowledge_vacancy(
            day,
            form.cleaned_data.get("until") or vacancy.last_day,
            form.cleaned_data["words"],
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda _note: say_and_redirect(request, _("The note is saved."), "rotation:vacancies"),
        edited=EditedObject(_("This note"), note_values),
    )
    if response:
        return response
    context = {"form": form, "vacancy": vacancy}
    return render(
        request, "rotation/vacancy_edit.html", context, status=422 if form.errors else 200
    )
