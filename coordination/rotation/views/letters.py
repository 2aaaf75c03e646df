"""What the chair's team records for an agency that wrote a letter."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import EditedObject, act_on_shown, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import require_offered
from coordination.members.models import Agency
from coordination.rotation.actions import letters
from coordination.rotation.errors import VoteRefused
from coordination.rotation.forms.letters import (
    AgencyLetterForm,
    BallotLetterForm,
    CandidatureLetterForm,
)
from coordination.rotation.models import Candidature, OpenVote, SelectionVote, TermOperation
from coordination.rotation.queries import operations, selections
from coordination.rotation.queries.votes import with_cast
from coordination.rotation.views.candidatures import answer_values


def letter_values(row: Any) -> dict[str, object]:
    """Return the letter of a record as the values of its form."""
    return {"document": row.letter, "letter_day": row.letter_day, "version": row.version}


def answer_letter_values(row: Candidature | None) -> dict[str, object]:
    """Return a recorded answer as the values of its form."""
    return {**answer_values(row), **(letter_values(row) if row else {})}


def vote_letter_values(row: OpenVote | None) -> dict[str, object]:
    """Return a recorded vote as the values of its form."""
    return {"choice": row.choice_id, **letter_values(row)} if row else {"version": 0}


def render_letter(
    request: AuthenticatedRequest,
    form: AgencyLetterForm,
    back: str,
    title: str,
    crumb: str,
    status: int | None = None,
) -> HttpResponse:
    """Render the letter page; the status is 422 for form errors."""
    context = {"form": form, "back": back, "title": title, "crumb": crumb}
    status = status or (422 if form.errors else 200)
    return render(request, "rotation/letter_record.html", context, status=status)


def said_and_back(request: AuthenticatedRequest, agency: Agency, *address: Any) -> HttpResponse:
    """Say that the letter is recorded, and go back."""
    sentence = _("The letter of %(agency)s is recorded.") % {"agency": agency}
    return say_and_redirect(request, sentence, *address)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: AuthenticatedRequest, slug: str, agency: str) -> HttpResponse:
    """Record what an agency answered to a call by letter."""
    require_offered(request, "rotation.run_selection")
    selection = get_object_or_404(selections.with_candidatures(), slug=slug)
    writer = get_object_or_404(Agency, slug=agency)
    if not selection.is_running:
        return redirect("rotation:selection", selection.slug)
    row = next((row for row in selection.candidatures.all() if row.agency_id == writer.pk), None)
    form = CandidatureLetterForm(
        request.POST or None,
        initial=answer_letter_values(row),
        agencies=Agency.objects.filter(pk=writer.pk),
        terms=selection.terms.all(),
        answers=selections.answers_after(row),
    )
    response = submit(
        request,
        form,
        lambda: letters.record_answer(
            selection,
            writer,
            form.answer_input,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
        ),
        lambda _row: said_and_back(request, writer, "rotation:selection", selection.slug),
        edited=EditedObject(_("The answer of this agency"), answer_letter_values),
    )
    title = _("Record the answer of %(agency)s by letter") % {"agency": writer}
    crumb = _("Selection %(slug)s") % {"slug": selection.slug}
    back = redirect("rotation:selection", selection.slug).url
    return response or render_letter(request, form, back, title, crumb)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: AuthenticatedRequest, slug: str, pk: int, agency: str) -> HttpResponse:
    """Record the vote that an agency gave by letter."""
    require_offered(request, "rotation.run_selection")
    vote: SelectionVote = get_object_or_404(with_cast(), pk=pk, term__selection__slug=slug)
    voter = get_object_or_404(Agency, slug=agency)
    if vote.is_secret:
        raise VoteRefused(
            _("A secret vote cannot be given by letter: who records it would read it.")
        )
    if not vote.is_open:
        return redirect("rotation:vote", slug, pk)
    row = next((row for row in vote.open_votes.all() if row.agency_id == voter.pk), None)
    form = BallotLetterForm(
        request.POST or None,
        initial=vote_letter_values(row),
        options=list(vote.options.all()),
    )
    response = submit(
        request,
        form,
        lambda: letters.record_vote(vote, voter, form.ballot, by=request.user, at=request.now),
        lambda _row: said_and_back(request, voter, "rotation:vote", slug, pk),
        edited=EditedObject(_("The vote of this agency"), vote_letter_values),
    )
    title = _("Record the vote of %(agency)s by letter") % {"agency": voter}
    back = redirect("rotation:vote", slug, pk).url
    return response or render_letter(request, form, back, title, _("Vote on the chair"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: AuthenticatedRequest, pk: int, agency: int) -> HttpResponse:
    """Record that an agency agreed to an exchange by letter."""
    require_offered(request, "rotation.run_selection")
    operation = get_object_or_404(operations.operations(), pk=pk)
    party = get_object_or_404(Agency, pk=agency)
    if not operation.is_open_on(request.day):
        return redirect("rotation:operation", pk)
    form = AgencyLetterForm(request.POST or None, initial={"version": operation.version})
    title = _("Record by letter that %(agency)s agrees to the exchange") % {"agency": party}
    back = redirect("rotation:operation", pk).url
    crumb = operation.get_kind_display()

    def render_form(status: int | None = None) -> HttpResponse:
        return render_letter(request, form, back, title, crumb, status=status)

    def show_changed(current: TermOperation) -> HttpResponse:
        # the letter stays in the form; what it is about is on the page of the offer
        form.data = {**request.POST.dict(), "version": current.version}
        form.add_error(
            None,
            _(
                "This offer was changed meanwhile. Look at it, then record the letter if it agrees "
                "to the offer as it is now."
            ),
        )
        return render_form(409)

    def record() -> HttpResponse:
        response = submit(
            request,
            form,
            lambda: letters.record_consent(
                operation,
                party,
                form.letter,
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                at=request.now,
            ),
            lambda _done: said_and_back(request, party, "rotation:operation", pk),
        )
        return response or render_form()

    return act_on_shown(record, lambda response: response, show_changed)
