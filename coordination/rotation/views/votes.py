"""Votes on the chair."""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core.errors import NotAllowed
from coordination.core.forms import EditedObject, press_button, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.core.middleware import SHOWN_PREFIX
from coordination.core.permissions import On, offered, require_offered
from coordination.core.views import shown_fields
from coordination.members.models import Agency
from coordination.members.queries import held_roles
from coordination.members.queries.agencies import members_on
from coordination.rotation.actions import votes
from coordination.rotation.errors import VoteRefused
from coordination.rotation.forms.selections import BallotForm, ShownVoteForm, VoteForm
from coordination.rotation.models import OpenVote, SelectionTerm, SelectionVote
from coordination.rotation.queries.selections import agencies_by_key, working_day
from coordination.rotation.queries.votes import result_of, voters, with_cast
from coordination.rotation.rules import who_answers_a_call
from coordination.rotation.views.candidatures import chosen


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Open a vote on a term of a selection."""
    term = get_object_or_404(
        SelectionTerm.objects.select_related("selection"), pk=pk, selection__slug=slug
    )
    require_offered(request, "rotation.run_selection")
    count = members_on(request.day).count()
    initial = {"quorum": count // 2 + 1, "until": working_day(term.selection.decision_until)}
    form = VoteForm(request.POST or None, initial=initial)
    response = submit(
        request,
        form,
        lambda: votes.open_vote(
            term,
            is_secret=form.cleaned_data["how"] == "secret",
            quorum=form.cleaned_data["quorum"],
            until=form.cleaned_data["until"],
            by=request.user,
            at=request.now,
        ),
        lambda vote: say_and_redirect(
            request, _("The vote is open; all members are asked."), "rotation:vote", slug, vote.pk
        ),
    )
    if response:
        return response
    context = {"form": form, "term": term, "selection": term.selection, "count": count}
    return render(request, "rotation/vote_open.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Show a vote, and cast that of one's agency."""
    vote = get_object_or_404(with_cast(), pk=pk, term__selection__slug=slug)
    require_offered(request, "rotation.read")
    cast = voters(vote)
    voting = voting_for(request, vote)
    agencies = [agency for agency in voting if not (vote.is_secret and agency in cast)]
    form, others = None, []
    if request.method == "POST":
        refuse_ballot(request, vote, voting, agencies)
    if vote.is_open and agencies:
        agency = chosen(request, agencies)
        others = [other for other in agencies if other != agency]
        form = ballot(request, vote, agency)
        response = submit(
            request,
            form,
            lambda: votes.cast_vote(
                vote,
                form.cleaned_data["agency"],
                form.cleaned_data["choice"],
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                at=request.now,
            ),
            lambda _none: say_and_redirect(
                request, _("The vote of your agency is cast."), "rotation:vote", slug, pk
            ),
            edited=EditedObject(_("The vote of your agency"), ballot_values),
        )
        if response:
            return response
    return render_vote(request, vote, cast, form, others)


def voting_for(request: AuthenticatedRequest, vote: SelectionVote) -> list[Agency]:
    """Return the agencies of the electorate for which the reader may act."""
    acting = held_roles.acting_agencies(held_roles.of_reader(request))
    return [agency for agency in acting if agency.pk in vote.electorate]


def waiting_by_letter(
    request: AuthenticatedRequest, vote: SelectionVote, waiting: list[Agency]
) -> list[Agency]:
    """Return the agencies whose vote may come by letter.

    Not in a secret vote, nor the reader's own.
    """
    own = voting_for(request, vote)
    return [] if vote.is_secret else [agency for agency in waiting if agency not in own]


def refuse_ballot(
    request: AuthenticatedRequest,
    vote: SelectionVote,
    voting: list[Agency],
    agencies: list[Agency],
) -> None:
    """Raise the error of a ballot that the page did not offer."""
    if not voting:
        raise NotAllowed(who_answers_a_call(request.user, On(request.day)))
    if not vote.is_open:
        raise VoteRefused(_("This vote is closed."))
    if not agencies:
        raise VoteRefused(
            _("Your agency has voted. A secret vote cannot be changed: nobody knows which it was.")
        )


def ballot_values(row: OpenVote) -> dict[str, object]:
    """Return the open vote of an agency as the values of its form."""
    return {"agency": row.agency_id, "choice": row.choice_id, "version": row.version}


def ballot(request: AuthenticatedRequest, vote: SelectionVote, agency: Agency) -> BallotForm:
    """Return an agency's ballot form with its open vote, if any."""
    row = next((row for row in vote.open_votes.all() if row.agency_id == agency.pk), None)
    return BallotForm(
        request.POST or None,
        initial={"nonce": secrets.token_hex(16), **(ballot_values(row) if row else {})},
        agencies=[agency],
        options=list(vote.options.all()),
    )


def render_vote(
    request: AuthenticatedRequest,
    vote: SelectionVote,
    cast: list[Agency],
    form: BallotForm | None,
    others: list[Agency],
) -> HttpResponse:
    """Render the page of a vote; the reader may also vote for `others`."""
    electorate = agencies_by_key(vote.electorate)
    waiting = [agency for agency in electorate if agency not in cast]
    may_run = vote.is_open and offered(request, "rotation.run_selection")
    context: dict[str, Any] = {
        "vote": vote,
        "selection": vote.term.selection,
        "term": vote.term,
        "cast": cast,
        "waiting": waiting,
        "result": result_of(vote),
        "form": form,
        "others": others,
        "shown_fields": shown_fields(ShownVoteForm(initial=state_of(vote), prefix=SHOWN_PREFIX)),
        "by_letter": waiting_by_letter(request, vote, waiting) if may_run else [],
        "may_close": may_run,
    }
    return render(
        request, "rotation/vote_show.html", context, status=422 if form and form.errors else 200
    )


@login_required
@require_POST
def close(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Close a vote; what came out can be read from then on."""
    vote = get_object_or_404(
        SelectionVote.objects.select_related("term__selection"), pk=pk, term__selection__slug=slug
    )
    return press_button(
        request,
        ShownVoteForm(request.POST, prefix=SHOWN_PREFIX),
        lambda version: votes.close_vote(vote, version=version, by=request.user, at=request.now),
        lambda _vote: say_and_redirect(
            request, _("The vote is closed."), "rotation:vote", slug, pk
        ),
        edited=EditedObject(_("This vote"), state_of, is_possible=lambda vote: vote.is_open),
        verb=_("Close the vote"),
    )


def state_of(vote: SelectionVote) -> dict[str, object]:
    """Return the state and version that the closing form carries."""
    return {"state": vote.state, "version": vote.version}
