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
from coordination.core.permissions import offered, require_offered
from coordination.members.models import Person
from coordination.members.queries import limits
from coordination.reminders.actions import preferences as preferences_actions
from coordination.reminders.actions.preferences import set_preference, switch_off
from coordination.reminders.enums import MessageState
from coordination.reminders.forms import PreferencesForm
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries import outbox as outbox_queries
from coordination.reminders.queries.mails import label_of, read_unsubscribe_token
from coordination.reminders.queries.outbox import (
    messages,
    messages_in_demonstration,
    preferences_of,
)

PER_PAGE = 50
LIMITS_SHOWN_FOR = timedelta(days=14)


@login_required
def outbox(request: AuthenticatedRequest) -> HttpResponse:
    """List the mails: sent, waiting, failed and why."""
    require_offered(request, "reminders.see_outbox")
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    # PostgreSQL refuses NUL in a query
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
    """Show one mail.

    The body of a mail with a secret link is shown only to its recipient.
    """
    mail = get_object_or_404(OutboxMessage.objects.select_related("recipient"), pk=pk)
    is_own = mail.recipient_id == request.user.pk or (
        settings.DEMO
        and outbox_queries.messages_in_demonstration(request.user).filter(pk=pk).exists()
    )
    if not is_own:
        require_offered(request, "reminders.see_outbox")
    sees_outbox = not is_own or offered(request, "reminders.see_outbox")
    hidden_kinds = outbox_queries.SECRET_KINDS | outbox_queries.PERSONAL_KINDS
    is_hidden = mail.kind in hidden_kinds and not is_own
    may_retry = sees_outbox and mail.state == MessageState.PARKED
    return render(
        request,
        "reminders/message_show.html",
        {
            "message": mail,
            "is_hidden": is_hidden,
            "sees_outbox": sees_outbox,
            "may_retry": may_retry,
        },
    )


@login_required
@require_POST
def retry(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Try a parked mail again."""
    preferences_actions.retry(
        get_object_or_404(OutboxMessage, pk=pk), by=request.user, at=request.now
    )
    notes.success(request, _("It will be tried again within a minute."))
    return redirect("reminders:message", pk)


@login_required
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    """Show the reader's mails and open invitations, in the demonstration only.

    There no mail leaves the machine.
    """
    if not settings.DEMO:
        raise Http404
    page = Paginator(messages_in_demonstration(request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "reminders/inbox_list.html", {"page": page})


@login_required
def preferences(request: AuthenticatedRequest) -> HttpResponse:
    """Let people choose how they want each kind."""
    form = PreferencesForm(request.POST or None, chosen=preferences_of(request.user))
    if form.is_valid():
        for kind, frequency in form.cleaned_data.items():
            set_preference(request.user, kind, frequency, by=request.user)
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

    By the button on the page, or by the mail program's one click (RFC 8058), which has no cookie.
    """
    person_and_kind = read_unsubscribe_token(token)
    label = label_of(person_and_kind[1]) if person_and_kind else None
    if person_and_kind is None or label is None:
        raise Http404
    if request.method == "POST":
        switch_off(get_object_or_404(Person, pk=person_and_kind[0]), person_and_kind[1])
    return render(
        request,
        "reminders/unsubscribe_show.html",
        {"label": label, "done": request.method == "POST"},
    )
