"""Pages of meetings: list, one meeting, convening, outcome, action items."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core import zones
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.next_steps import by_name
from coordination.core.permissions import offered, require_offered
from coordination.core.views import shown_fields
from coordination.meetings import queries
from coordination.meetings.actions import items, meetings
from coordination.meetings.actions.items import Task
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import MEETING_LIFE, MeetingKind, MeetingState, MinutesState
from coordination.meetings.errors import ItemSettled, MeetingOver
from coordination.meetings.forms import (
    ActionForm,
    InvitationAnswerForm,
    MeetingForm,
    NewActionItemForm,
    OutcomeForm,
    day_of_end,
)
from coordination.meetings.models import (
    ActionItem,
    Meeting,
    MeetingAnswer,
    MeetingDocument,
    Minutes,
    RefusedReply,
)
from coordination.meetings.queries import agenda, announcements, calendars, invitations
from coordination.meetings.queries import series as series_queries
from coordination.meetings.queries.announcements import Announced
from coordination.meetings.queries.polls import open_polls
from coordination.meetings.views.agenda import items_with_papers
from coordination.meetings.views.presence import roll_context
from coordination.members.queries.agencies import belonging_on
from coordination.rotation.queries import chair_now

PER_PAGE = 30


@login_required
def meeting_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the coming and the past meetings."""
    require_offered(request, "meetings.read")
    kind = request.GET.get("kind", "")
    kind = kind if kind in MeetingKind.values else ""
    may_convene = offered(request, "meetings.convene")
    page = Paginator(queries.past(request.now, kind), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/meeting_list.html",
        {
            "upcoming": queries.upcoming(request.now)[:PER_PAGE],
            "page": page,
            "rows": queries.chairs_of(page.object_list, request.group.zone),
            "kind": kind,
            "kinds": MeetingKind.choices,
            "may_convene": may_convene,
            "has_refused": may_convene and RefusedReply.objects.exists(),
            "polls": open_polls(request.now),
            "series": series_queries.running(request.now),
        },
    )


@login_required
def meeting(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show one meeting."""
    require_offered(request, "meetings.read")
    return render_meeting(request, slug)


def render_meeting(
    request: AuthenticatedRequest, slug: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page of a meeting.

    `more` replaces parts of its context.
    """
    meeting = get_object_or_404(queries.meeting_record(slug, request.user, request.day))
    is_over = meeting.begun(request.now)
    if is_over:
        queries.load_what_happened(meeting)
    # all sittings also tell who chairs on the day of the meeting
    sittings = chair_now.sittings_of_request(request)
    chair = chair_now.of_request(request)
    steps = queries.meeting_steps(
        meeting,
        request.now,
        is_chair=chair.ours,
        keeps_minutes=is_over and offered(request, "meetings.record_outcome", meeting),
    )
    [(_meeting, chairs)] = queries.chairs_of([meeting], request.group.zone, sittings)
    is_open = meeting.state == MeetingState.CONVENED and not is_over
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    context = {
        "meeting": meeting,
        "agenda": agenda.agenda_of(meeting),
        "own_items": items_with_papers(request, meeting),
        "chairs": chairs,
        "city": request.group.zone_city
        if meeting.time_zone == request.group.time_zone
        else zones.city_of(meeting.time_zone),
        "unknown_zone": next(iter(zones.unknown(meeting.time_zone)), ""),
        "is_over": is_over,
        "chair": chair,  # asked once: the head of the page shows it too
        "steps": by_name(steps),
        "may_record": any(step.kind == "meetings.outcome" for step in steps),
        "is_cancelled": meeting.state == MeetingState.CANCELLED,
        "minutes": minutes,
        "minutes_are_public": minutes is not None and minutes.state != MinutesState.DRAFT,
        **(answers_context(request, meeting) if is_open else {}),
        **(roll_context(request, meeting) if is_over else {}),
        "outcome_form": OutcomeForm(
            initial={"outcome": meeting.outcome, "version": meeting.version}
        ),
        "states": ActionForm.base_fields["state"].choices,  # type: ignore[attr-defined]  # a choice field has choices
    }
    return render(request, "meetings/meeting_show.html", context | more, status=status)


def answers_context(request: AuthenticatedRequest, meeting: Meeting) -> dict[str, Any]:
    """Return the answers to a meeting to come, with the reader's own, for its page."""
    seats = invitations.seat_answers(meeting, request.day)
    own = [given for seat in seats for person, given in seat.people if person == request.user]
    given = next(filter(None, own), None)
    return {
        "seats": seats,
        "seat_counts": invitations.count_seats(seats),
        "given": given,
        "answer_form": answer_form(meeting, given)
        if offered(request, "meetings.answer", meeting)
        else None,
    }


def answer_form(
    meeting: Meeting, given: MeetingAnswer | None, data: Any = None
) -> InvitationAnswerForm:
    """Return the form of an answer, with what was answered before."""
    initial = {"hours": invitations.shown_hours(meeting)}
    if given:
        initial |= {"reply": given.reply, "colleague": given.colleague, "note": given.note}
    return InvitationAnswerForm(data, initial=initial)


@login_required
@require_safe
def history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show who changed what in a meeting's record."""
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(Meeting, slug=slug)
    return render(
        request,
        "meetings/meeting_history.html",
        {"meeting": meeting, "changes": queries.meeting_changes(meeting)},
    )


@login_required
def calendar(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return one meeting as a calendar file."""
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(Meeting.objects.prefetch_related("agenda"), slug=slug)
    announced = announcements.announced([meeting], request.now).get(meeting.pk, Announced())
    return HttpResponse(
        calendars.calendar_file(meeting, sequence=announced.sequence, at=request.now),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}.ics"'},
    )


def form_values(meeting: Meeting) -> dict[str, object]:
    """Return a meeting as the values of its form."""
    begins, ends = (
        timezone.localtime(meeting.starts_at, meeting.zone),
        meeting.ends_at and timezone.localtime(meeting.ends_at, meeting.zone),
    )
    last_day = ends and ends.date()
    # a day that follows from the hours is not shown, so that it moves with them
    if ends and last_day == day_of_end(begins.date(), begins.time(), ends.time()):
        last_day = None
    return {
        "title": meeting.title,
        "kind": meeting.kind,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends and ends.time(),
        "last_day": last_day,
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "video_url": meeting.video_url,
        "agenda": "\n".join(item.title for item in meeting.agenda.all()),
        "hour_reason": meeting.hour_reason,
        "version": meeting.version,
    }


@login_required
def edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Correct a meeting."""
    meeting = get_object_or_404(Meeting, slug=slug)
    require_offered(request, "meetings.convene", meeting)
    form = MeetingForm(request.POST or None, initial=form_values(meeting))
    # a new meeting has no version, so the form itself does not require it
    form.fields["version"].required = True
    response = submit(
        request,
        form,
        lambda: meetings.edit_meeting(
            meeting,
            form.invitation,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda saved: after_edit(request, meeting, saved),
        edited=EditedObject(_("This meeting"), form_values),
    )
    if response:
        return response
    return render(
        request,
        "meetings/meeting_edit.html",
        {"form": form, "meeting": meeting, "is_past": False, "again": ()},
        status=422 if form.errors else 200,
    )


def after_edit(request: AuthenticatedRequest, before: Meeting, saved: Meeting) -> HttpResponse:
    """Lead to the meeting and say who is told if it moved."""
    whereabouts = [name for names in queries.WHEREABOUTS.values() for name in names]
    has_moved = any(getattr(before, name) != getattr(saved, name) for name in whereabouts)
    is_told = saved.state == MeetingState.CONVENED and saved.starts_at > request.now
    if has_moved and is_told:
        count = due.people_told(request.now)
        sentence = ngettext(
            "The meeting has moved; %(n)d focal point is told by mail in ten minutes.",
            "The meeting has moved; %(n)d focal points are told by mail in ten minutes.",
            count,
        )
        messages.success(request, sentence % {"n": count})
    return redirect("meetings:meeting", saved.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Ask before a meeting is cancelled, then cancel it."""
    meeting = get_object_or_404(Meeting, slug=slug)
    if request.method != "POST":
        require_offered(request, "meetings.convene", meeting)
        return render_cancelling(request, meeting)
    form = MeetingForm(request.POST, prefix=SHOWN_PREFIX)
    return press_button(
        request,
        form,
        lambda version: meetings.cancel_meeting(
            meeting, version=version, by=request.user, at=request.now
        ),
        lambda _meeting: say_and_redirect(
            request,
            _("The meeting is cancelled; it stays on record."),
            "meetings:meeting",
            slug,
        ),
        edited=EditedObject(_("This meeting"), form_values),
        verb=_("Cancel the meeting"),
    )


def render_cancelling(request: AuthenticatedRequest, meeting: Meeting) -> HttpResponse:
    """Render the page that asks before a meeting is cancelled.

    It says who is told.
    """
    can_be_cancelled = MEETING_LIFE.allows(meeting.state, MeetingState.CANCELLED)
    return render(
        request,
        "meetings/meeting_cancel.html",
        {
            "meeting": meeting,
            "can_be_cancelled": can_be_cancelled,
            "is_to_come": not meeting.begun(request.now),
            "told": due.people_told(request.now),
            "shown_fields": shown_fields(
                MeetingForm(initial=form_values(meeting), prefix=SHOWN_PREFIX)
            ),
        },
        status=200 if can_be_cancelled else 409,
    )


@login_required
@require_POST
def outcome(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record the outcome of a meeting."""
    meeting, form = get_object_or_404(Meeting, slug=slug), OutcomeForm(request.POST)
    require_offered(request, "meetings.record_outcome", meeting)
    response = submit(
        request,
        form,
        lambda: meetings.record_outcome(
            meeting, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _meeting: redirect("meetings:meeting", slug),
        edited=EditedObject(_("This outcome")),
        gone=(MeetingOver,),
    )
    return response or render_meeting(request, slug, outcome_form=form, may_record=True, status=422)


@login_required
def add_item(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add an action item."""
    meeting = get_object_or_404(Meeting, slug=slug)
    require_offered(request, "meetings.convene", meeting)
    agencies, people = belonging_on(request.day), queries.focal_points(request.day)
    form = NewActionItemForm(request.POST or None, agencies=agencies, people=people)
    if form.is_valid():
        item = items.add_action_item(
            meeting, Task(**form.cleaned_data), by=request.user, at=request.now
        )
        return redirect(queries.address_of(item))
    return render(
        request,
        "meetings/item_edit.html",
        {"form": form, "meeting": meeting},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def action_item(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Update an action item."""
    item = get_object_or_404(
        ActionItem.objects.select_related("agency", "meeting"), pk=pk, meeting__slug=slug
    )
    require_offered(request, "meetings.update_action_item", item)
    form = ActionForm(request.POST)
    response = submit(
        request,
        form,
        lambda: items.update_action_item(
            item, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _item: redirect(queries.address_of(item)),
        edited=EditedObject(_("“%(title)s”") % {"title": item.title}),
        gone=(ItemSettled,),
    )
    if response:
        return response
    require_offered(request, "meetings.read")
    return render_meeting(request, slug, wrong=pk, status=422)


@login_required
def document(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse | FileResponse:
    """Return a paper, always as a download."""
    require_offered(request, "meetings.read")
    paper = get_object_or_404(MeetingDocument, pk=pk, meeting__slug=slug)
    name = paper.file.name or ""
    # A row may name a file that a restore did not find.
    if not name or not paper.file.storage.exists(name):
        raise Http404
    response = FileResponse(
        paper.file.open("rb"),
        as_attachment=True,
        filename=f"{paper.title}.{name.rpartition('.')[2]}",
    )
    # an uploaded file must run no script, even if a browser shows it
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
