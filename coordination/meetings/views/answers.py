"""Pages on which invited people say whether they will attend."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import On, allowed, require_offered
from coordination.meetings.actions import answers
from coordination.meetings.enums import MeetingState
from coordination.meetings.forms import InvitationAnswerForm
from coordination.meetings.models import Meeting, RefusedReply
from coordination.meetings.queries import invitations
from coordination.meetings.views import links
from coordination.meetings.views.meetings import PER_PAGE, answer_form, render_meeting
from coordination.members.models import Person
from coordination.members.queries import recipients


@login_required
@require_POST
def answer(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record the answer of the reader, from the page of the meeting."""
    meeting, form = get_object_or_404(Meeting, slug=slug), InvitationAnswerForm(request.POST)
    require_offered(request, "meetings.answer", meeting)
    response = submit(
        request,
        form,
        lambda: answers.answer_invitation(meeting, form.given, by=request.user, at=request.now),
        lambda _answer: say_and_redirect(
            request,
            _("Your answer is recorded. You can change it until the meeting begins."),
            "meetings:meeting",
            slug,
        ),
    )
    if response:
        return response
    return render_meeting(request, slug, status=422, answer_form=with_present_hours(form, meeting))


@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let a person answer from a mail, without signing in.

    Reading the page changes nothing, since mail scanners follow links.
    """
    keys = invitations.read_answer_token(token)
    if keys is None:
        raise Http404
    if request.method == "POST":
        links.count_answer(request)
    meeting = get_object_or_404(Meeting.objects.prefetch_related("agenda"), pk=keys[0])
    person = get_object_or_404(Person, pk=keys[1])
    given = invitations.answer_of(meeting, person)
    form = answer_form(meeting, given, request.POST if request.method == "POST" else None)
    response = submit(
        request,
        form,
        lambda: answers.answer_invitation(meeting, form.given, by=person, at=request.now),
        lambda _answer: redirect("meetings:answer_by_link", token),
    )
    if response:
        return response
    context = {
        "meeting": meeting,
        "person": person,
        "given": given,
        "form": with_present_hours(form, meeting),
        "closed": why_closed(request, meeting, person),
    }
    # hours and words are for that person, whoever else is signed in here
    with (
        timezone.override(person.zone or request.group.zone),
        translation.override(person.reading_language),
    ):
        page = render(request, "meetings/answer_show.html", context)
    page.status_code = 422 if form.errors else 200
    return page


def why_closed(request: HttpRequest, meeting: Meeting, person: Person) -> str:
    """Return why the person cannot answer, or ""."""
    if meeting.state == MeetingState.CANCELLED:
        return "cancelled"
    if meeting.state != MeetingState.CONVENED or meeting.begun(request.now):
        return "begun"
    may_answer = allowed(person, "meetings.answer", On(request.day, meeting))
    return "" if may_answer and recipients.can_be_reached(person) else "not_invited"


def with_present_hours(form: InvitationAnswerForm, meeting: Meeting) -> InvitationAnswerForm:
    """Return a redisplayed form with the page's present hours."""
    if form.is_bound:
        form.data = {**form.data.dict(), "hours": invitations.shown_hours(meeting)}  # type: ignore[attr-defined]  # a QueryDict
    return form


@login_required
@require_safe
def refused_replies(request: AuthenticatedRequest) -> HttpResponse:
    """List calendar answers that changed nothing for the chair.

    For the chair's team, the newest first.
    """
    require_offered(request, "meetings.convene")
    replies = RefusedReply.objects.select_related("meeting")
    page = Paginator(replies, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/refused_reply_list.html", {"page": page})
