"""What agencies say to each other about paragraphs and amendments."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.core import permissions
from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import comments
from coordination.statements.actions.comments import CommentSubject
from coordination.statements.enums import LIVE_STATES
from coordination.statements.errors import NotOnThisText
from coordination.statements.forms import CommentForm
from coordination.statements.models import Comment
from coordination.statements.queries import amendments
from coordination.statements.queries import comments as comments_queries
from coordination.statements.queries.comments import Thread
from coordination.statements.views.fragments import paragraphs_for_all
from coordination.statements.views.page_context import (
    VisibleStatement,
    newest,
    page_head,
    spoken_for,
    working,
)

LAST = 5  # comments of each thread that the page shows, until the reader asks for all


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discuss(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show and add comments on the newest draft.

    A comment is about a paragraph or an amendment (`about`).
    """
    visible = working(request, slug)
    views = paragraphs_for_all(visible)
    places = {view.block.key: view for view in views} | {
        f"a{note.amendment.pk}": view for view in views for note in view.all_notes
    }
    about = request.POST.get("about") or request.GET.get("about", "")
    # no form is shown for such a comment, so the reason needs an error page
    if request.method == "POST":
        _refuse(request, visible, there=about in places)
    about = about if about in places else ""
    form = None
    may_say = bool(visible.access.agencies) and visible.statement.state in LIVE_STATES
    if about and (may_say or (request.method == "POST" and visible.access.agencies)):
        sent = request.POST if request.method == "POST" else None
        form = CommentForm(sent, agencies=visible.access.agencies, initial={"about": about})
    response = _answer(request, visible, form, places[about].block.key, about) if form else None
    if response:
        return response
    last = None if "whole" in request.GET else LAST
    threads = comments_queries.threads(visible.statement, views, about, last=last)
    context = {
        **page_head(request, visible, "discuss", views),
        "threads": [thread for thread in threads if not thread.removed],
        "removed": [thread for thread in threads if thread.removed],
        "about": about,
        "may_say": may_say,
        "waiting": _waiting(visible, threads) if may_say else [],
        "form": form,
    }
    return render(
        request,
        "statements/discussion_show.html",
        context,
        status=422 if form is not None and form.is_bound else 200,
    )


def _waiting(visible: VisibleStatement, threads: Iterable[Thread]) -> list[Any]:
    """Return the mentions that wait for the reader's agencies.

    No query where none is shown.
    """
    if not any("@" in comment.text for thread in threads for comment in thread.comments):
        return []
    return comments_queries.open_mentions(visible.access.agencies)


def _refuse(request: AuthenticatedRequest, visible: VisibleStatement, *, there: bool) -> None:
    """Raise an error for a comment that no form would show.

    Raises NotAllowed where the person speaks for no agency, NotOnThisText where what the comment is
    about is gone since the page was opened.
    """
    if not visible.access.agencies:
        permissions.require_offered(request, "statements.amend", newest(visible))
    if not there:
        raise NotOnThisText


def _answer(
    request: AuthenticatedRequest,
    visible: VisibleStatement,
    form: CommentForm,
    key: str,
    about: str,
) -> HttpResponse | None:
    """Add a comment; None if the form must be shown."""
    return submit(
        request,
        form,
        lambda: _say(request, visible, form, key, about),
        lambda _said: say_and_redirect(
            request,
            _("Said; agencies that you mention are told."),
            reverse("statements:discuss", args=[visible.statement.slug]) + f"#t-{about}",
        ),
    )


def _say(
    request: AuthenticatedRequest,
    visible: VisibleStatement,
    form: CommentForm,
    key: str,
    about: str,
) -> None:
    amendment = (
        amendments.amendments_of(newest(visible)).filter(pk=about[1:]).first()
        if about.startswith("a")
        else None
    )
    data = form.cleaned_data
    place = CommentSubject(key, amendment)
    comments.add_comment(
        visible.statement,
        place,
        data["text"],
        agency=data["agency"],
        by=request.user,
        at=request.now,
    )


@login_required
@require_POST
def withdraw_comment(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Take back a comment of one's own agency."""
    visible = working(request, slug)
    comment = get_object_or_404(
        Comment.objects.select_related("agency"), pk=pk, statement=visible.statement
    )
    comments.withdraw_comment(comment, by=request.user, at=request.now)
    messages.success(request, _("The comment is withdrawn."))
    return redirect("statements:discuss", slug)


@login_required
@require_POST
def dismiss_mention(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Take a mention of one's own agency off the desk."""
    visible = working(request, slug)
    comment = get_object_or_404(Comment, pk=pk, statement=visible.statement)
    mentioned = list(comment.mentions.all())
    agency = spoken_for(request, tuple(mentioned)) or next(iter(mentioned), None)
    if agency is None:
        raise Http404
    comments.dismiss_mention(comment, agency=agency, by=request.user, at=request.now)
    messages.success(request, _("The mention is off your desk; the history says so."))
    place = comments_queries.place_of(comment)
    return redirect(reverse("statements:discuss", args=[slug]) + f"#t-{place}")
