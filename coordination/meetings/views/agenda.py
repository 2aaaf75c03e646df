"""The page on which the chair edits the agenda, item by item."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.forms import EditedObject, press_button, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.permissions import offered, require_offered
from coordination.core.views import shown_fields
from coordination.meetings.actions import agenda as acts
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.enums import MeetingState, MinutesState
from coordination.meetings.errors import MeetingOver, RecordAgreed
from coordination.meetings.forms.agenda import AgendaItemForm, AgendaVersionForm, item_values
from coordination.meetings.models import AgendaItem, Meeting, Minutes
from coordination.meetings.queries import agenda as queries
from coordination.members.queries.agencies import belonging_on

ITEM = EditedObject(_("This agenda item"), item_values)


@login_required
@require_safe
def agenda(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the agenda, its actions for the chair, and suggestions.

    The suggestions are what could come on it.
    """
    meeting = get_object_or_404(queries.agenda_record(slug))
    require_offered(request, "meetings.convene", meeting)
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    context = {
        "meeting": meeting,
        "is_fixed": minutes is not None and minutes.state != MinutesState.DRAFT,
        "agenda": queries.agenda_of(meeting),
        "proposals": queries.proposals_for(meeting),
        "arising": queries.arising(meeting),
        "decisions": queries.decisions_arising(meeting),
    }
    return render(request, "meetings/agenda_edit.html", context)


def items_with_papers(request: AuthenticatedRequest, meeting: Meeting) -> set[int]:
    """Return the keys of the agenda items to which the reader may add papers."""
    if meeting.state == MeetingState.CANCELLED:
        return set()
    return {
        item.pk for item in meeting.agenda.all() if offered(request, "meetings.add_paper", item)
    }


def back_to(item: AgendaItem, slug: str) -> HttpResponse:
    """Lead to an item on the page of the agenda."""
    return redirect(f"{reverse('meetings:agenda', args=[slug])}#item-{item.pk}")


def item_of(slug: str, pk: int) -> AgendaItem:
    """Return an item of a meeting's agenda."""
    items = AgendaItem.objects.select_related("meeting", "lead")
    return get_object_or_404(items, pk=pk, meeting__slug=slug)


def render_form(
    request: AuthenticatedRequest, meeting: Meeting, form: Any, **more: Any
) -> HttpResponse:
    """Render a form about the agenda.

    `more` names its title and verb.
    """
    context = {
        "meeting": meeting,
        "form": form,
        "back": reverse("meetings:agenda", args=[meeting.slug]),
        **more,
    }
    return render(request, "meetings/agenda_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Put an item on the agenda."""
    meeting = get_object_or_404(Meeting, slug=slug)
    require_offered(request, "meetings.convene", meeting)
    data = request.POST if request.method == "POST" else None
    form = AgendaItemForm(data, agencies=belonging_on(request.day))
    response = submit(
        request,
        form,
        lambda: acts.add_agenda_item(meeting, form.entry, by=request.user, at=request.now),
        lambda item: back_to(item, slug),
        gone=(MeetingOver, RecordAgreed),
    )
    title = _("Add an agenda item")
    return response or render_form(request, meeting, form, title=title, verb=_("Add item"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Change an agenda item."""
    item = item_of(slug, pk)
    require_offered(request, "meetings.convene", item.meeting)
    data = request.POST if request.method == "POST" else None
    form = AgendaItemForm(data, agencies=belonging_on(request.day), initial=item_values(item))
    form.fields["version"].required = True
    response = submit(
        request,
        form,
        lambda: acts.edit_agenda_item(
            item, form.entry, version=form.cleaned_data["version"], by=request.user, at=request.now
        ),
        lambda saved: back_to(saved, slug),
        edited=ITEM,
        gone=(MeetingOver, RecordAgreed),
    )
    return response or render_form(
        request, item.meeting, form, title=item.title, verb=_("Save the item")
    )


@login_required
@require_POST
def move(request: AuthenticatedRequest, slug: str, pk: int, *, up: bool) -> HttpResponse:
    """Move an agenda item up or down."""
    item = item_of(slug, pk)
    return press_button(
        request,
        AgendaVersionForm(request.POST, prefix=SHOWN_PREFIX),
        lambda version: acts.move_agenda_item(
            item, up=up, version=version, by=request.user, at=request.now
        ),
        lambda moved: back_to(moved, slug),
        edited=ITEM,
        verb=_("Move up") if up else _("Move down"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Take an item off the agenda after a question."""
    item = item_of(slug, pk)
    if request.method != "POST":
        require_offered(request, "meetings.convene", item.meeting)
        form = AgendaItemForm(
            initial=item_values(item), prefix=SHOWN_PREFIX, agencies=belonging_on(request.day)
        )
        context = {"meeting": item.meeting, "item": item, "shown_fields": shown_fields(form)}
        return render(request, "meetings/agenda_item_remove.html", context)
    return press_button(
        request,
        AgendaItemForm(request.POST, prefix=SHOWN_PREFIX, agencies=belonging_on(request.day)),
        lambda version: acts.remove_agenda_item(
            item, version=version, by=request.user, at=request.now
        ),
        lambda _none: redirect("meetings:agenda", slug),
        edited=ITEM,
        verb=_("Take off the agenda"),
    )


@login_required
@require_POST
def take_arising(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Put an arising matter on the agenda.

    An open action item, or a decision with open ones.
    """
    meeting = get_object_or_404(queries.agenda_record(slug))
    require_offered(request, "meetings.convene", meeting)
    link = request.POST.get("link", "")
    entries = {
        each.link: AgendaEntry(title_of(each.action.title), lead=each.action.agency, link=each.link)
        for each in queries.arising(meeting)
    } | {
        each.link: AgendaEntry(title_of(each.decision.text), link=each.link)
        for each in queries.decisions_arising(meeting)
    }
    # pressed twice, or settled meanwhile: it is not proposed any more
    if link not in entries:
        return redirect("meetings:agenda", slug)
    taken = acts.add_agenda_item(meeting, entries[link], by=request.user, at=request.now)
    return back_to(taken, slug)


def title_of(what: str) -> str:
    """Return the title of an item about an arising matter.

    Cut to its length.
    """
    return queries.title_arising(what)[:200]
