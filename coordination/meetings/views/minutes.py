"""The page of a meeting's minutes.

One page to read, write, circulate, correct and adopt them.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coordination.core.forms import EditedObject, act_on_shown, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered, require_offered
from coordination.meetings import queries
from coordination.meetings.actions import minutes as acts
from coordination.meetings.enums import MeetingState, MinutesState
from coordination.meetings.errors import MeetingOver, MinutesFixed, NotBegun, RecordAgreed
from coordination.meetings.forms.minutes import (
    AdoptForm,
    CirculateForm,
    CorrigendumForm,
    DecideForm,
    MinutesCorrectionForm,
    ParagraphForm,
    ShownVersionForm,
    paragraph_values,
)
from coordination.meetings.models import AgendaItem, Meeting, Minutes, MinutesParagraph
from coordination.meetings.queries import minutes as reads
from coordination.meetings.queries import roll
from coordination.meetings.queries.minutes import CorrectionLine, MinutesPage
from coordination.members.queries import held_roles
from coordination.members.queries.agencies import belonging_on

# what only some readers, or only some states of the minutes, have
NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "paragraph_form",
        "editing",
        "writing_at",
        "circulate_form",
        "own",
        "may_correct",
        "correcting",
        "correction_form",
        "adopt_form",
        "may_rectify",
        "rectifying",
        "corrigendum_form",
        "changed",
    )
)
# errors that leave no form to show
GONE = (MinutesFixed, MeetingOver, NotBegun, RecordAgreed)


def number_in(request: AuthenticatedRequest, name: str) -> int | None:
    """Return the number of a parameter of the address, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() else None


def read_meeting(slug: str) -> Meeting:
    """Return the meeting with its agenda."""
    agenda = AgendaItem.objects.select_related("lead").order_by("position", "pk")
    return get_object_or_404(
        Meeting.objects.select_related("chair_agency").prefetch_related(Prefetch("agenda", agenda)),
        slug=slug,
    )


@login_required
@require_safe
def minutes(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the minutes of a meeting."""
    require_offered(request, "meetings.read")
    return render_minutes(request, slug)


def render_minutes(
    request: AuthenticatedRequest,
    slug: str,
    *,
    meeting: Meeting | None = None,
    status: int = 200,
    **sent: Any,
) -> HttpResponse:
    """Render the page of the minutes.

    `sent` are forms with errors, and where they stand. `meeting` is given where it is read already.
    """
    meeting = meeting or read_meeting(slug)
    keeps = offered(request, "meetings.record_outcome", meeting)
    page = reads.minutes_page(meeting)
    is_draft = page.minutes is None or page.minutes.state == MinutesState.DRAFT
    may_write = keeps and is_draft and meeting.begun(request.now)
    may_write = may_write and meeting.state != MeetingState.CANCELLED
    context = {
        **NOTHING,
        "meeting": meeting,
        "minutes": page.minutes,
        "page": page,
        "is_hidden": is_draft and not keeps,
        "is_draft": is_draft,
        "may_write": may_write,
        "presence": roll.presence_line(roll.presence(meeting)),
        "not_begun": "" if meeting.begun(request.now) else not_begun(request, meeting),
        **(writing_context(request, meeting, page) if may_write else {}),
        **(correcting_context(request, page) if page.minutes and not is_draft else {}),
        **(deciding_context(request, meeting, page, keeps=keeps) if page.minutes else {}),
    }
    return render(request, "meetings/minutes_show.html", context | sent, status=status)


def not_begun(request: AuthenticatedRequest, meeting: Meeting) -> str:
    """Return the sentence that the meeting has not begun."""
    return queries.not_begun_sentence(meeting, request.reader.zone)


def writing_context(
    request: AuthenticatedRequest, meeting: Meeting, page: MinutesPage
) -> dict[str, Any]:
    """Return the forms to write a draft.

    For a new paragraph, or one that is changed. The address says where: `at` an agenda item (0 for
    none), or `edit` a paragraph.
    """
    editing = number_in(request, "edit")
    lines = [line for section in page.sections for line in section.lines]
    edited = next((line.paragraph for line in lines if line.paragraph.pk == editing), None)
    at = number_in(request, "at")
    form = None
    if edited or at is not None:
        form = paragraph_form(
            request, meeting, initial=paragraph_values(edited) if edited else {"item": at}
        )
    return {
        "paragraph_form": form,
        "editing": edited and edited.pk,
        "writing_at": None if edited else at,
        "circulate_form": None if page.is_empty else circulate_form(request, page.minutes),
    }


def paragraph_form(
    request: AuthenticatedRequest, meeting: Meeting, data: Any = None, *, initial: Any = None
) -> ParagraphForm:
    """Return the form of a paragraph."""
    return ParagraphForm(
        data,
        initial=initial,
        agencies=belonging_on(request.day),
        agenda=list(meeting.agenda.all()),
    )


def circulate_form(
    request: AuthenticatedRequest, minutes: Minutes | None, data: Any = None
) -> CirculateForm:
    """Return the form with which minutes are circulated."""
    group = request.group
    until = reads.usual_deadline(request.now, group.zone, group.work_ends)
    initial = {"version": minutes and minutes.version, "corrections_until": until}
    return CirculateForm(data, initial=initial, city=request.reader.city)


def correcting_context(request: AuthenticatedRequest, page: MinutesPage) -> dict[str, Any]:
    """Return what people of member agencies need to propose and withdraw corrections."""
    own = held_roles.acting_agencies(held_roles.of_reader(request))
    assert page.minutes
    takes = bool(own) and page.minutes.takes_corrections(request.now)
    correcting = number_in(request, "correct") if takes else None
    lines = [line for section in page.sections for line in section.lines]
    chosen = next((line.paragraph for line in lines if line.paragraph.pk == correcting), None)
    return {
        "own": own,
        "may_correct": takes,
        "correcting": chosen and chosen.pk,
        "correction_form": MinutesCorrectionForm(agencies=own, initial={"text": chosen.text})
        if chosen
        else None,
    }


def deciding_context(
    request: AuthenticatedRequest, meeting: Meeting, page: MinutesPage, *, keeps: bool
) -> dict[str, Any]:
    """Return the forms of the chair's team.

    To decide corrections, to adopt and to rectify.
    """
    assert page.minutes
    is_circulated = page.minutes.state == MinutesState.CIRCULATED
    is_adopted = page.minutes.state == MinutesState.ADOPTED
    is_chair = offered(request, "meetings.convene", meeting)
    takes = page.minutes.takes_corrections(request.now)
    is_ready = is_circulated and is_chair and not takes and not page.open_corrections
    rectified = number_in(request, "rectify") if is_adopted and is_chair else None
    return {
        "decide_forms": decide_forms(page) if keeps and is_circulated else {},
        "adopt_form": adopt_form(request, meeting, page.minutes) if is_ready else None,
        "may_rectify": is_adopted and is_chair,
        "rectifying": rectified,
        "corrigendum_form": CorrigendumForm() if rectified else None,
    }


def decide_forms(page: MinutesPage) -> dict[int, DecideForm]:
    """Return a form for each open correction, by its key."""
    return {
        each.correction.pk: decide_form(each, line.paragraph)
        for section in page.sections
        for line in section.lines
        for each in line.corrections
        if each.is_open
    }


def decide_form(line: CorrectionLine, paragraph: MinutesParagraph) -> DecideForm:
    """Return the form to decide one correction with the text that it gives."""
    text = paragraph.text if line.result is None else line.result
    # several of these forms stand on one page
    return DecideForm(
        initial={"text": text, "version": paragraph.version},
        auto_id=f"correction-{line.correction.pk}-%s",
    )


def adopt_form(
    request: AuthenticatedRequest, meeting: Meeting, minutes: Minutes, data: Any = None
) -> AdoptForm:
    """Return the form with which minutes are adopted."""
    return AdoptForm(
        data,
        initial={"version": minutes.version},
        meetings=reads.meetings_that_may_adopt(meeting, request.now)[:50],
    )


def page_of(slug: str, anchor: str = "", **parameters: object) -> str:
    """Return the address of the minutes, with a place on the page."""
    address = reverse("meetings:minutes", args=[slug])
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return address + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def paragraph_of(slug: str, pk: int) -> MinutesParagraph:
    """Return a paragraph of this meeting's minutes."""
    paragraphs = MinutesParagraph.objects.select_related("minutes__meeting")
    return get_object_or_404(paragraphs, pk=pk, minutes__meeting__slug=slug)


@login_required
@require_POST
def write(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a paragraph.

    The page then offers the next one at the same place.
    """
    meeting = read_meeting(slug)
    require_offered(request, "meetings.record_outcome", meeting)
    form = paragraph_form(request, meeting, request.POST)
    response = submit(
        request,
        form,
        lambda: acts.add_paragraph(
            meeting, form.agenda_item, form.written, by=request.user, at=request.now
        ),
        lambda added: redirect(page_of(slug, f"paragraph-{added.pk}", at=added.item_id or 0)),
        gone=GONE,
    )
    if response:
        return response
    at = form.cleaned_data.get("item") or 0
    return render_minutes(
        request,
        slug,
        meeting=meeting,
        status=422,
        paragraph_form=form,
        writing_at=at,
        editing=None,
    )


@login_required
@require_POST
def edit(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Change a paragraph.

    The second of two editors sees both texts.
    """
    paragraph = paragraph_of(slug, pk)
    meeting = paragraph.minutes.meeting
    require_offered(request, "meetings.record_outcome", meeting)
    form = paragraph_form(request, meeting, request.POST)
    form.fields["version"].required = True
    response = submit(
        request,
        form,
        lambda: acts.edit_paragraph(
            paragraph,
            form.written,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda saved: redirect(page_of(slug, f"paragraph-{saved.pk}")),
        edited=EditedObject(_("This paragraph"), paragraph_values),
        gone=GONE,
    )
    return response or render_minutes(
        request, slug, status=422, paragraph_form=form, editing=pk, writing_at=None
    )


Act = Callable[..., MinutesParagraph]
ACTS: dict[str, Act] = {
    "remove": acts.remove_paragraph,
    "restore": acts.restore_paragraph,
    "up": lambda paragraph, **names: acts.move_paragraph(paragraph, up=True, **names),
    "down": lambda paragraph, **names: acts.move_paragraph(paragraph, up=False, **names),
}


@login_required
@require_POST
def arrange(request: AuthenticatedRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """Remove, restore or move a paragraph of a draft."""
    paragraph = paragraph_of(slug, pk)
    require_offered(request, "meetings.record_outcome", paragraph.minutes.meeting)
    form = ShownVersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    return act_on_shown(
        lambda: ACTS[act](paragraph, version=version, by=request.user, at=request.now),
        lambda _saved: redirect(page_of(slug, f"paragraph-{pk}")),
        lambda _current: render_minutes(request, slug, status=409, changed=pk),
    )


@login_required
@require_POST
def circulate(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Circulate the minutes for corrections."""
    minutes = get_object_or_404(Minutes.objects.select_related("meeting"), meeting__slug=slug)
    require_offered(request, "meetings.record_outcome", minutes.meeting)
    form = circulate_form(request, minutes, request.POST)
    response = submit(
        request,
        form,
        lambda: acts.circulate_minutes(
            minutes,
            form.cleaned_data["corrections_until"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda _minutes: say_and_redirect(
            request,
            _("The minutes are circulated; all focal points get a mail."),
            "meetings:minutes",
            slug,
        ),
        edited=EditedObject(_("These minutes")),
        gone=GONE,
    )
    return response or render_minutes(request, slug, status=422, circulate_form=form)


@login_required
@require_POST
def adopt(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record at which meeting the minutes were adopted."""
    minutes = get_object_or_404(Minutes.objects.select_related("meeting"), meeting__slug=slug)
    require_offered(request, "meetings.convene", minutes.meeting)
    form = adopt_form(request, minutes.meeting, minutes, request.POST)
    response = submit(
        request,
        form,
        lambda: acts.adopt_minutes(
            minutes,
            form.chosen,
            version=form.cleaned_data["version"],
            by=request.user,
            at=request.now,
        ),
        lambda _minutes: say_and_redirect(
            request,
            _("The minutes are adopted. They do not change any more."),
            "meetings:minutes",
            slug,
        ),
        edited=EditedObject(_("These minutes")),
        gone=GONE,
    )
    return response or render_minutes(request, slug, status=422, adopt_form=form)


@login_required
@require_POST
def rectify(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Issue a corrigendum to a paragraph of adopted minutes."""
    paragraph = paragraph_of(slug, pk)
    require_offered(request, "meetings.convene", paragraph.minutes.meeting)
    form = CorrigendumForm(request.POST)
    response = submit(
        request,
        form,
        lambda: acts.issue_corrigendum(
            paragraph, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _corrigendum: redirect(page_of(slug, "corrigenda")),
        gone=GONE,
    )
    return response or render_minutes(
        request, slug, status=422, corrigendum_form=form, rectifying=pk
    )


@login_required
@require_safe
def history(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the history of the minutes.

    Of a draft only to those who keep it.
    """
    require_offered(request, "meetings.read")
    meeting = get_object_or_404(Meeting, slug=slug)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    is_public = minutes is not None and minutes.state != MinutesState.DRAFT
    if not is_public:
        require_offered(request, "meetings.record_outcome", meeting)
    return render(
        request,
        "meetings/minutes_history.html",
        {"meeting": meeting, "changes": reads.minutes_changes(meeting)},
    )
