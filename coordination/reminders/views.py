"""The outbox for the chair, mail preferences for everybody."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import On, allowed, require
from coordination.members.models import Person
from coordination.members.queries import limits
from coordination.reminders.actions import preferences as preferences_actions
from coordination.reminders.actions.preferences import prefer, switch_off
from coordination.reminders.enums import MessageState
from coordination.reminders.forms import PreferencesForm
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries import outbox as outbox_queries
from coordination.reminders.queries.mails import label_of, read_unsubscribe_token
from coordination.reminders.queries.outbox import messages, messages_to, preferences_of

PER_PAGE = 50
LIMITS_SHOWN_FOR = timedelta(days=14)
SECRET_KINDS = {"members.invitation"}


@login_required
def outbox(request: AuthenticatedRequest) -> HttpResponse:
    """Show what went, what waits, what failed and why."""
    require(request.user, "reminders.see_outbox", On(request.day))
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    counts = outbox_queries.counts()
    page = Paginator(messages(state, text), PER_PAGE).get_page(request.GET.get("page"))
    states = [(value, label, counts.get(value, 0)) for value, label in MessageState.choices]
    context = {
        "page": page,
        "state": state,
        "states": states,
        "all": sum(counts.values()),
        "text": text,
        "limit_hits": limits.limit_hits(request.now - LIMITS_SHOWN_FOR),
    }
    return render(request, "reminders/outbox_list.html", context)


@login_required
def message(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one mail; a mail that carries a secret link shows no body but to its recipient."""
    found = get_object_or_404(OutboxMessage.objects.select_related("recipient"), pk=pk)
    own = found.recipient_id == request.user.pk
    if not own:
        require(request.user, "reminders.see_outbox", On(request.day))
    keeper = not own or allowed(request.user, "reminders.see_outbox", On(request.day))
    hidden = found.kind in SECRET_KINDS and not own
    may_retry = keeper and found.state == MessageState.PARKED
    return render(
        request,
        "reminders/message_show.html",
        {"message": found, "hidden": hidden, "keeper": keeper, "may_retry": may_retry},
    )


@login_required
@require_POST
def retry(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Try again what could not be delivered."""
    preferences_actions.retry(
        get_object_or_404(OutboxMessage, pk=pk), by=request.user, at=request.now
    )
    notes.success(request, _("It will be tried again within a minute."))
    return redirect("reminders:message", pk)


@login_required
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    """Show the mails to the reader: in the demonstration, where no mail leaves the machine."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(messages_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reminders/inbox_list.html", {"page": page})


@login_required
def preferences(request: AuthenticatedRequest) -> HttpResponse:
    """Let people choose per kind: at once, in a digest, not at all."""
    form = PreferencesForm(request.POST or None, chosen=preferences_of(request.user))
    if form.is_valid():
        for kind, frequency in form.cleaned_data.items():
            prefer(request.user, kind, frequency, by=request.user)
        notes.success(request, _("Your choice is kept."))
        return redirect("reminders:preferences")
    return render(
        request,
        "reminders/preferences_edit.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch a kind off from a mail.

    A page with a button, or the mail program's one click (RFC 8058), which knows no cookie.
    """
    found = read_unsubscribe_token(token)
    label = label_of(found[1]) if found else None
    if found is None or label is None:
        raise Http404
    if request.method == "POST":
        switch_off(get_object_or_404(Person, pk=found[0]), found[1])
    return render(
        request,
        "reminders/unsubscribe_show.html",
        {"label": label, "done": request.method == "POST"},
    )
