"""Which agencies are in a statement."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.members.queries import agencies
from coordination.statements.actions.participants import choose_participants
from coordination.statements.enums import StatementState
from coordination.statements.forms import ParticipantsForm
from coordination.statements.queries import statements
from coordination.statements.views.acts import confirm_page
from coordination.statements.views.page_context import for_chair


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def participants(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Choose the participating agencies.

    Once agencies were asked, others can only be added.
    """
    visible = for_chair(request, slug, "statements.edit")
    chosen = statements.participants_on(visible.statement.pk, request.day)
    sent = request.POST if request.method == "POST" else None
    form = ParticipantsForm(
        sent,
        members=agencies.members_on(request.day),
        chosen=chosen,
        initial={"version": visible.statement.version},
    )
    response = submit(
        request,
        form,
        lambda: choose_participants(
            visible.statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _statement: say_and_redirect(
            request, _("It is noted which agencies are in."), "statements:show", slug=slug
        ),
        edited=EditedObject(
            _("This statement"),
            lambda now: {"agencies": statements.participants_on(now.pk, request.day)},
        ),
    )
    if response:
        return response
    says = _(
        "The agencies that are in are asked to amend and to take positions; the statement is "
        "adopted once each of them has spoken."
    )
    if visible.statement.state != StatementState.DRAFTING:
        says += " " + _("Those that were asked already stay in; others can be added.")
    return confirm_page(
        request, visible, form, title=_("Agencies that are in"), says=says, verb=_("Note who is in")
    )
