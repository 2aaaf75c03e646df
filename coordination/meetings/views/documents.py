"""Papers of a meeting, and the versions that agenda items discuss."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.forms import submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.meetings.actions import papers as acts
from coordination.meetings.errors import MeetingOver, RecordAgreed
from coordination.meetings.forms.agenda import ItemPaperForm, PaperForm
from coordination.meetings.models import AgendaItem, Meeting, MeetingDocument, PaperPin
from coordination.meetings.queries import agenda as queries
from coordination.meetings.views.agenda import item_of, render_form


def back_to_agenda(slug: str) -> HttpResponse:
    """Lead to the agenda on the page of its meeting."""
    return redirect(f"{reverse('meetings:meeting', args=[slug])}#agenda")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a paper to a meeting."""
    meeting = get_object_or_404(Meeting, slug=slug)
    require_offered(request, "meetings.convene", meeting)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    response = submit(
        request,
        form,
        lambda: acts.add_paper(meeting, form.paper, by=request.user, at=request.now),
        lambda _document: back_to_agenda(slug),
        gone=(MeetingOver, RecordAgreed),
    )
    return response or render_form(
        request,
        meeting,
        form,
        title=_("Add a paper"),
        verb=_("Add the paper"),
        back=reverse("meetings:meeting", args=[slug]),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_to_item(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Add a new or an existing paper to an agenda item."""
    item = item_of(slug, pk)
    require_offered(request, "meetings.add_paper", item)
    pinned = {pin.version.paper_id or pin.version_id for pin in acts.pins_of(item)}
    papers = [
        paper
        for paper in queries.papers_of(item.meeting.documents.all())
        if paper.versions[0].pk not in pinned
    ]
    form = (
        ItemPaperForm(request.POST, request.FILES, papers=papers)
        if request.method == "POST"
        else ItemPaperForm(papers=papers)
    )
    response = submit(
        request,
        form,
        lambda: save_for_item(request, item, form),
        lambda _saved: back_to_agenda(slug),
        gone=(MeetingOver, RecordAgreed),
    )
    title = _("A paper for “%(item)s”") % {"item": item.title}
    return response or render_form(
        request,
        item.meeting,
        form,
        title=title,
        verb=_("Add the paper"),
        back=reverse("meetings:meeting", args=[slug]),
    )


def save_for_item(request: AuthenticatedRequest, item: AgendaItem, form: ItemPaperForm) -> object:
    """Pin the paper that was chosen, or add a new one."""
    if form.chosen:
        return acts.pin_paper(item, form.chosen, by=request.user, at=request.now)
    return acts.add_paper(item.meeting, form.paper, by=request.user, at=request.now, item=item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Add a version of a paper."""
    documents = MeetingDocument.objects.select_related("meeting", "paper")
    document = get_object_or_404(documents, pk=pk, meeting__slug=slug)
    require_renewing(request, document)
    initial = {"title": document.title, "link": document.link}
    form = (
        PaperForm(request.POST, request.FILES)
        if request.method == "POST"
        else PaperForm(initial=initial)
    )
    response = submit(
        request,
        form,
        lambda: acts.renew_paper(document, form.paper, by=request.user, at=request.now),
        lambda _version: back_to_agenda(slug),
        gone=(MeetingOver, RecordAgreed),
    )
    title = _("A new version of “%(paper)s”") % {"paper": document.title}
    return response or render_form(
        request,
        document.meeting,
        form,
        title=title,
        verb=_("Add the version"),
        back=reverse("meetings:meeting", args=[slug]),
    )


def require_renewing(request: AuthenticatedRequest, document: MeetingDocument) -> None:
    """Raise NotAllowed unless the reader may add a version of a paper."""
    items = AgendaItem.objects.filter(pins__version__in=acts.versions_of(document))
    leading = [
        item
        for item in items.select_related("lead")
        if offered(request, "meetings.add_paper", item)
    ]
    if not leading:
        require_offered(request, "meetings.convene", document.meeting)


def pin_of(slug: str, pk: int) -> PaperPin:
    """Return a pin on the agenda of a meeting."""
    pins = PaperPin.objects.select_related("item__meeting", "version")
    return get_object_or_404(pins, pk=pk, item__meeting__slug=slug)


@login_required
@require_POST
def take_newer(request: AuthenticatedRequest, slug: str, pk: int, version: int) -> HttpResponse:
    """Let an item discuss the version that the page showed as newer."""
    pin = pin_of(slug, pk)
    require_offered(request, "meetings.convene", pin.item.meeting)
    document = get_object_or_404(MeetingDocument, pk=version, meeting=pin.item.meeting)
    acts.move_pin(pin, document, by=request.user, at=request.now)
    return back_to_agenda(slug)


@login_required
@require_POST
def unpin(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Take a paper off an item.

    It stays with the meeting.
    """
    pin = pin_of(slug, pk)
    require_offered(request, "meetings.convene", pin.item.meeting)
    acts.unpin_paper(pin, by=request.user, at=request.now)
    return redirect("meetings:agenda", slug)
