"""Write what one chair leaves to the next: summary, promises, places, lessons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.forms import EditedObject, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.rotation.actions import lessons, state_of_play
from coordination.rotation.actions.texts import Writer
from coordination.rotation.forms.handovers import (
    LessonForm,
    PlaceForm,
    PromiseForm,
    SettlePromiseForm,
    SummaryForm,
    TextForm,
)
from coordination.rotation.models import ChairTerm, KeptPlace, Lesson, OutsidePromise
from coordination.rotation.queries import chair, confirmed_terms, texts
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class TextPage:
    """The page of a form: title, button, target and side act."""

    title: str
    verb: str
    leads_to: str
    lead: str = ""
    beside: str = ""
    beside_url: str = ""


def term_of(slug: str) -> ChairTerm:
    """Return the confirmed term with that slug, or 404."""
    return get_object_or_404(chair.confirmed(), slug=slug)


def term_among(terms: ConfirmedTerms, slug: str) -> ChairTerm:
    """Return the confirmed term with that slug, of those that are loaded, or 404."""
    term = terms.with_slug(slug)
    if term is None:
        raise Http404
    return term


def state_page(term: ChairTerm, anchor: str = "") -> str:
    """Return the address of a term's state of play."""
    return reverse("desk:state_of_play", args=[term.slug]) + anchor


def write(
    request: AuthenticatedRequest,
    term: ChairTerm,
    page: TextPage,
    form: TextForm,
    act: Callable[[Writer], Any],
    edited: EditedObject | None = None,
) -> HttpResponse:
    """Show or submit one form of the chair of a term."""
    require_offered(request, "rotation.write_handover", term)
    writer = Writer(term, request.user, request.now)
    response = submit(
        request, form, lambda: act(writer), lambda _row: redirect(page.leads_to), edited=edited
    )
    if response:
        return response
    context = {"form": form, "term": term, "page": page}
    return render(request, "rotation/text_edit.html", context, status=422 if form.errors else 200)


@login_required
@form_methods
def summary(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Write the summary of the state of play."""
    terms = confirmed_terms.load()
    term = term_among(terms, slug)
    saved, shown = texts.summary_of(term), texts.shown_summary(term, terms)
    initial = {
        "summary": shown.summary if shown else "",
        "version": saved.version if saved else 0,
    }
    form = SummaryForm(request.POST or None, initial=initial)
    title = _("Summary of the state of play")
    return write(
        request,
        term,
        TextPage(title, _("Save the summary"), state_page(term)),
        form,
        lambda writer: state_of_play.write_summary(
            writer, form.cleaned_data["summary"], version=form.seen
        ),
        EditedObject(title),
    )


@login_required
@form_methods
def add_promise(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a promise."""
    term = term_of(slug)
    form = PromiseForm(request.POST or None)
    page = TextPage(
        _("Add a promise"),
        _("Add the promise"),
        state_page(term, "#promise"),
        _("What the chair promised somebody, and no statement, meeting or action item says."),
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: state_of_play.add_promise(writer, form.promise),
    )


@login_required
@form_methods
def promise(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Edit an open promise."""
    term, row = term_of(slug), get_object_or_404(OutsidePromise, pk=pk)
    form = PromiseForm(request.POST or None, initial=values_of(row, PromiseForm))
    page = TextPage(
        _("Edit the promise"),
        _("Save the promise"),
        state_page(term, "#promise"),
        beside=_("It was kept or dropped"),
        beside_url=reverse("rotation:settle_promise", args=[slug, pk]),
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: state_of_play.edit_promise(row, form.promise, writer, version=form.seen),
        EditedObject(f"{row}"),
    )


@login_required
@form_methods
def settle_promise(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Say what became of a promise."""
    term, row = term_of(slug), get_object_or_404(OutsidePromise, pk=pk)
    form = SettlePromiseForm(request.POST or None, initial={"version": row.version})
    page = TextPage(
        _("What became of the promise"), _("Save"), state_page(term, "#promise"), row.what
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: state_of_play.settle_promise(
            row,
            form.cleaned_data["state"],
            writer,
            note=form.cleaned_data["note"],
            version=form.seen,
        ),
        EditedObject(f"{row}"),
    )


@login_required
@form_methods
def add_place(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a place or key."""
    term = term_of(slug)
    form = PlaceForm(request.POST or None, initial={"agency": chair.chairing_agencies(term)[0]})
    page = TextPage(
        _("Add a place or key"), _("Add the place"), state_page(term, "#place"), no_secrets()
    )
    return write(
        request, term, page, form, lambda writer: state_of_play.add_place(writer, form.place)
    )


@login_required
@form_methods
def place(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a place or key."""
    term, row = term_of(slug), get_object_or_404(KeptPlace, pk=pk)
    form = PlaceForm(request.POST or None, initial=values_of(row, PlaceForm))
    page = TextPage(
        _("Edit the place or key"),
        _("Save the place"),
        state_page(term, "#place"),
        no_secrets(),
        beside=_("It is not used any more"),
        beside_url=reverse("rotation:end_place", args=[slug, pk]),
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: state_of_play.edit_place(row, form.place, writer, version=form.seen),
        EditedObject(f"{row}"),
    )


@login_required
@form_methods
def end_place(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then end a place or key."""
    term, row = term_of(slug), get_object_or_404(KeptPlace, pk=pk)
    form = TextForm(request.POST or None, initial={"version": row.version})
    page = TextPage(
        _("End “%(place)s”?") % {"place": row},
        _("End it"),
        state_page(term, "#place"),
        _("It leaves the list of places and keys, and stays in the history."),
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: state_of_play.end_place(row, writer, version=form.seen),
        EditedObject(f"{row}"),
    )


def no_secrets() -> str:
    """Return the sentence that no secret is kept here."""
    return _("Name the place and who holds its key. No password is kept here.")


def values_of(row: Any, form: type[TextForm]) -> dict[str, object]:
    """Return a form's initial values from a row's same-named fields."""
    return {name: row.serializable_value(name) for name in form.base_fields}


@login_required
@require_safe
def all_lessons(request: AuthenticatedRequest) -> HttpResponse:
    """Show the lessons of every chair, newest term first."""
    require_offered(request, "rotation.read")
    listed = texts.lessons_by_term(texts.terms_with_lessons(request.day))
    writes = {
        row.term.pk
        for row in listed[:2]  # a term and the one before it, which may be in its grace
        if offered(request, "rotation.write_handover", row.term)
    }
    context = {"listed": listed, "writes": writes}
    return render(request, "rotation/lessons_show.html", context)


@login_required
@form_methods
def add_lesson(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Write a lesson."""
    term = term_of(slug)
    form = LessonForm(request.POST or None, initial={"kind": request.GET.get("kind")})
    page = TextPage(
        _("Write a lesson"), _("Save the lesson"), lessons_page(term), lessons_stay(), ""
    )
    return write(
        request, term, page, form, lambda writer: lessons.write_lesson(writer, form.lesson)
    )


@login_required
@form_methods
def lesson(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a lesson."""
    term = term_of(slug)
    row = get_object_or_404(Lesson, pk=pk, term=term)
    form = LessonForm(request.POST or None, initial=values_of(row, LessonForm))
    page = TextPage(
        _("Edit the lesson"),
        _("Save the lesson"),
        lessons_page(term),
        lessons_stay(),
        beside=_("Withdraw it"),
        beside_url=reverse("rotation:withdraw_lesson", args=[slug, pk]),
    )
    return write(
        request,
        term,
        page,
        form,
        lambda writer: lessons.edit_lesson(row, form.lesson, writer, version=form.seen),
        EditedObject(_("Lesson")),
    )


@login_required
@form_methods
def withdraw_lesson(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then withdraw a lesson."""
    term = term_of(slug)
    row = get_object_or_404(Lesson, pk=pk, term=term)
    form = TextForm(request.POST or None, initial={"version": row.version})
    page = TextPage(_("Withdraw the lesson?"), _("Withdraw it"), lessons_page(term), row.text)
    return write(
        request,
        term,
        page,
        form,
        lambda writer: lessons.withdraw_lesson(row, writer, version=form.seen),
        EditedObject(_("Lesson")),
    )


def lessons_page(term: ChairTerm) -> str:
    """Return the address of a term's lessons."""
    return f"{reverse('rotation:lessons')}#{term.slug}"


def lessons_stay() -> str:
    """Return the sentence that lessons are kept."""
    return _("Each chair after you reads it. Your team may edit it until its grace ends.")
