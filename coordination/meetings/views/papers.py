"""The agenda and the record of a meeting as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core import formatting, pdf
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.meetings import queries
from coordination.meetings.actions import records
from coordination.meetings.enums import MinutesState
from coordination.meetings.models import Meeting
from coordination.meetings.queries import minutes as minutes_reads
from coordination.meetings.queries import outcomes, printed, printed_minutes, roll
from coordination.meetings.queries.printed import Frame
from coordination.meetings.templatetags.meetings import hours_text


@login_required
@require_safe
def agenda(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return the agenda of a meeting with its papers."""
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(printed.meeting_to_print(slug))
    document = printed.agenda(meeting, frame_of(request, meeting))
    return pdf.answer(document, f"{slug}-agenda", at=request.now)


@login_required
@require_safe
def record(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return the record of a meeting: attendance, outcome, decisions, papers."""
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(printed.meeting_to_print(slug))
    document = printed.record(
        meeting,
        frame_of(request, meeting),
        roll.seat_rows(meeting),
        outcomes.adopted_of(meeting),
    )
    return pdf.answer(document, f"{slug}-record", at=request.now)


@login_required
@require_safe
def minutes(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return the minutes of a meeting.

    A draft only to those who keep it.
    """
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(printed.meeting_to_print(slug))
    page = minutes_reads.minutes_page(meeting)
    if page.minutes is None or page.minutes.state == MinutesState.DRAFT:
        require_offered(request, "meetings.record_outcome", meeting)
    presence = roll.presence_line(roll.presence(meeting))
    document = printed_minutes.printed_minutes(meeting, frame_of(request, meeting), page, presence)
    return pdf.answer(document, f"{slug}-minutes", at=request.now)


def frame_of(request: AuthenticatedRequest, meeting: Meeting) -> Frame:
    """Return what every paper of a meeting says.

    One query at most.
    """
    [(_meeting, chairs)] = queries.chairs_of([meeting], request.group.zone)
    when = (
        formatting.known_day(meeting.day, meeting.first_precision)
        if meeting.known_by_day
        else hours_text(meeting, request.group.time_zone, request.group.zone_city)
    )
    printed_at = formatting.moment(request.now, request.reader.zone)
    return Frame(
        request.group.name,
        when,
        chairs,
        _("Made on %(when)s, %(city)s time") % {"when": printed_at, "city": request.reader.city},
        records.agreed_sentence(meeting),
    )
