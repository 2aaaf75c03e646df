"""Polls on hours.

The chair asks, and agencies answer on the site or by the link of a mail.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core import clock, permissions
from coordination.core.errors import NotAllowed
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest, Reader, reader_in
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.permissions import On, offered, require_offered
from coordination.core.views import shown_fields
from coordination.meetings.actions import polls as acts
from coordination.meetings.errors import PollOver
from coordination.meetings.forms.hours import LONGEST, SHORTEST, USUAL
from coordination.meetings.forms.polls import PollAnswerForm, PollForm, slot_words
from coordination.meetings.models import HourPoll, PollAnswer
from coordination.meetings.queries import hours, polls
from coordination.meetings.queries.polls import PollLink, PollRow
from coordination.meetings.views import links
from coordination.members.models import Agency, Person
from coordination.members.queries import held_roles

USUAL_WAIT = timedelta(days=3)


def asked_hours(request: HttpRequest) -> list[datetime]:
    """Return the hours (UTC) of an address, in the order of time."""
    keys = request.GET.get("slots", "").split(",")
    return sorted({moment for key in keys if (moment := hours.moment_of(key))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_poll(request: AuthenticatedRequest) -> HttpResponse:
    """Ask all members about the hours that the address holds."""
    require_offered(request, "meetings.convene")
    minutes = request.GET.get("minutes", "")
    is_length = minutes.isdecimal() and SHORTEST <= int(minutes) <= LONGEST
    starts = asked_hours(request)
    form = PollForm(
        request.POST if request.method == "POST" else None,
        starts=starts,
        minutes=int(minutes) if is_length else USUAL,
        city=request.reader.city,
        initial={"closes_at": usual_end(request, starts)},
    )
    response = submit(
        request,
        form,
        lambda: acts.open_poll(form.asked, by=request.user, at=request.now),
        lambda poll: say_and_redirect(
            request,
            _("The poll is open; the focal points of all members get a mail with a link."),
            "meetings:poll",
            poll.pk,
        ),
    )
    if response:
        return response
    context = {"form": form, "starts": starts, "minutes": form.minutes}
    return render(request, "meetings/poll_edit.html", context, status=422 if form.is_bound else 200)


def usual_end(request: AuthenticatedRequest, starts: list[datetime]) -> datetime:
    """Return the usual end of a poll.

    18:00 of the group in three days, before the first hour.
    """
    group = request.group
    day = clock.next_weekday(request.day + USUAL_WAIT)
    end = datetime.combine(day, group.work_ends, tzinfo=group.zone)
    latest = min(starts, default=end + USUAL_WAIT) - timedelta(hours=1)
    return min(end, latest)


@login_required
@require_safe
def poll(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a poll.

    Its hours, who said what, and the answers of the reader's own agencies.
    """
    require_offered(request, "meetings.read")
    return render_poll(request, get_object_or_404(polls.polls(), pk=pk))


def render_poll(
    request: AuthenticatedRequest,
    shown: HourPoll,
    *,
    sent: Mapping[int, PollAnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a poll.

    `sent` are forms with errors, by key of the agency.
    """
    rows = polls.poll_rows(shown, request.day)
    own = held_roles.acting_agencies(held_roles.of_reader(request))
    is_open = shown.is_open(request.now)
    forms = [
        (row.agency, (sent or {}).get(row.agency.pk) or answer_form(row, shown, request.reader))
        for row in rows
        if is_open and row.agency in own
    ]
    context = {
        "poll": shown,
        "slots": polls.tallies(shown),
        "rows": rows,
        "answered": sum(row.has_answered for row in rows),
        "forms": forms,
        "is_open": is_open,
        "may_convene": offered(request, "meetings.convene"),
        "shown_fields": shown_fields(
            PollForm(
                initial=form_values(shown), prefix=SHOWN_PREFIX, starts=(), minutes=0, city=""
            ),
        ),
        "version": shown.version,
    }
    return render(request, "meetings/poll_show.html", context, status=status)


def form_values(shown: HourPoll) -> dict[str, object]:
    """Return a poll as the values of its form."""
    return {
        "title": shown.title,
        "closes_at": shown.closes_at,
        "note": shown.note,
        "version": shown.version,
    }


def answer_form(row: PollRow, shown: HourPoll, reader: Reader, data: Any = None) -> PollAnswerForm:
    """Return the form of an agency's answers, with what it has said."""
    slots = list(shown.slots.all())
    given: dict[int, PollAnswer] = {
        slot.pk: answer for slot, answer in zip(slots, row.answers, strict=True) if answer
    }
    words = {slot.pk: slot_words(slot, reader.zone, reader.city) for slot in slots}
    prefix = f"agency-{row.agency.pk}"
    return PollAnswerForm(data, slots=slots, given=given, words=words, prefix=prefix)


def row_of(shown: HourPoll, agency: Agency) -> PollRow:
    """Return the answers of one agency."""
    given = {
        slot.pk: answer
        for slot in shown.slots.all()
        for answer in slot.answers.all()
        if answer.agency_id == agency.pk
    }
    return PollRow(agency, tuple(given.get(slot.pk) for slot in shown.slots.all()))


@login_required
@require_POST
def answer(request: AuthenticatedRequest, pk: int, slug: str) -> HttpResponse:
    """Record the answers of an agency."""
    shown = get_object_or_404(polls.polls(), pk=pk)
    agency = get_object_or_404(Agency, slug=slug)
    require_offered(request, "members.act_for", agency)
    form = answer_form(row_of(shown, agency), shown, request.reader, request.POST)
    response = submit(
        request,
        form,
        lambda: acts.answer_poll(shown, agency, form.answers, by=request.user, at=request.now),
        lambda _poll: say_and_redirect(
            request,
            _("The answers of %(agency)s are saved. You may change them while the poll is open.")
            % {"agency": agency},
            "meetings:poll",
            pk,
        ),
        gone=(PollOver,),
    )
    return response or render_poll(request, shown, sent={agency.pk: form}, status=422)


@login_required
@require_POST
def close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Close a poll."""
    shown = get_object_or_404(HourPoll, pk=pk)
    form = PollForm(request.POST, prefix=SHOWN_PREFIX, starts=(), minutes=0, city="")
    return press_button(
        request,
        form,
        lambda version: acts.close_poll(shown, version=version, by=request.user, at=request.now),
        lambda _poll: say_and_redirect(
            request, _("The poll is closed; its answers stay."), "meetings:poll", pk
        ),
        edited=EditedObject(_("This poll"), form_values),
        verb=_("Close the poll"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answer form of a mail's reader without sign-in.

    GET changes nothing. A mail scanner that follows the link changes nothing. The link stands for
    its person: it is worth nothing once their appointment or the poll has ended.
    """
    link = polls.read_link(token)
    if link is None:
        raise Http404
    if request.method == "POST":
        links.count_answer(request)
    shown = get_object_or_404(polls.polls(), pk=link.poll_id)
    person = get_object_or_404(Person, pk=link.person_id)
    agency = get_object_or_404(Agency, pk=link.agency_id)
    if not permissions.allowed(person, "members.act_for", On(request.day, agency, request.group)):
        raise NotAllowed(permissions.sentence("members.act_for", person, On(request.day, agency)))
    return render_link(request, link, shown, person, agency)


def render_link(
    request: HttpRequest, link: PollLink, shown: HourPoll, person: Person, agency: Agency
) -> HttpResponse:
    """Render the page of a link, or save its form."""
    reader = reader_in(person.time_zone, request.group)
    is_open = shown.is_open(request.now)
    data = request.POST if request.method == "POST" else None
    form = answer_form(row_of(shown, agency), shown, reader, data)
    is_saved = False
    if form.is_valid():
        acts.answer_poll(shown, agency, form.answers, by=person, at=request.now, by_link=True)
        is_saved = True
    context = {
        "poll": shown,
        "agency": agency,
        "answering": person,
        "form": form,
        "is_open": is_open,
        "is_saved": is_saved,
        "zone": reader.zone,
        "city": reader.city,
    }
    return render(request, "meetings/poll_answer.html", context, status=422 if form.errors else 200)
