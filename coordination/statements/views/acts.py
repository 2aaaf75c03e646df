"""Acts of the chair that ask many people or cannot be undone.

Each has a page that says what it will do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from coordination.core.clock import after_hours
from coordination.core.forms import say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.statements.actions import amendments, drafts, positions
from coordination.statements.enums import AmendmentState, PlannedStep, StatementState
from coordination.statements.forms import (
    DeadlineForm,
    ExtendForm,
    IssueForm,
    ReasonForm,
)
from coordination.statements.queries import drafts as drafts_queries
from coordination.statements.queries import positions as positions_queries
from coordination.statements.queries.amendments import open_or_in_text
from coordination.statements.queries.positions import list_agencies
from coordination.statements.queries.previews import (
    preview_draft,
    preview_next_draft,
    preview_signing,
)
from coordination.statements.views import deadlines
from coordination.statements.views.page_context import (
    VisibleStatement,
    for_chair,
    newest,
    page_head,
    participants_of,
)

USUAL, ALMOST_AN_HOUR = timedelta(days=7), timedelta(minutes=59)
PAGE = "statements/act_confirm.html"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the chair.

    Who may, what its page says it will do, the verb of its button, and what does it.
    """

    may: str
    title: str | Promise
    says: str | Promise
    verb: str | Promise
    done: str | Promise
    run: Callable[..., object]
    form: type[forms.Form] = forms.Form


ACTS: Mapping[str, Act] = {
    "close": Act(
        "statements.settle",
        gettext_lazy("Close amendments"),
        gettext_lazy(
            "After this no agency can propose or edit an amendment to this draft, even before its "
            "deadline. "
            "You then take or decline each one."
        ),
        gettext_lazy("Close amendments"),
        gettext_lazy("Amendments are closed; consolidation begins."),
        amendments.close_amendments,
    ),
    "return": Act(
        "statements.clear",
        gettext_lazy("Return to consolidation"),
        gettext_lazy(
            "The step ends because an agency objects. What agencies proposed to lift an objection "
            "awaits you there. "
            "You change the text and issue another draft, which asks the agencies again."
        ),
        gettext_lazy("Return to consolidation"),
        gettext_lazy("The text is back in consolidation."),
        positions.return_to_consolidation,
    ),
    "adopt": Act(
        "statements.adopt",
        gettext_lazy("Adopt the statement"),
        gettext_lazy(
            "The text is frozen. The agencies that approve become its signatories; those that do "
            "not join "
            "are left out by name. This cannot be undone.",
        ),
        gettext_lazy("Adopt"),
        gettext_lazy("The statement is adopted. It is public once you release it."),
        positions.adopt,
    ),
    "release": Act(
        "statements.release",
        gettext_lazy("Release the statement"),
        gettext_lazy(
            "Everybody can read the text and its signatories at this address from now on. This "
            "cannot be undone."
        ),
        gettext_lazy("Release"),
        gettext_lazy("The statement is public."),
        positions.release,
    ),
    "withdraw": Act(
        "statements.withdraw",
        gettext_lazy("Withdraw the statement"),
        gettext_lazy(
            "The statement is given up. What the agencies proposed and said stays on record. This "
            "cannot be undone."
        ),
        gettext_lazy("Withdraw the statement"),
        gettext_lazy("The statement is withdrawn."),
        positions.withdraw_statement,
        ReasonForm,
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: AuthenticatedRequest, slug: str, act: str) -> HttpResponse:
    """Ask before, and do after, one of the chair's acts."""
    if act not in ACTS:
        raise Http404
    what = ACTS[act]
    visible = for_chair(request, slug, what.may)
    form = what.form(request.POST if request.method == "POST" else None)
    # after these two the chair has work in the consolidation
    following = "statements:consolidate" if act in {"close", "return"} else "statements:show"
    response = submit(
        request,
        form,
        lambda: what.run(visible.statement, **form.cleaned_data, by=request.user, at=request.now),
        lambda _result: say_and_redirect(request, str(what.done), following, slug=slug),
    )
    if response:
        return response
    words: dict[str, object] = {"title": what.title, "says": what.says, "verb": what.verb}
    if act == "adopt" and visible.steps:
        step, participants = visible.steps[-1], participants_of(request, visible)
        blocks = drafts_queries.blocks_of(step.draft)
        own = blocks if step.draft_id == newest(visible).pk else None
        words["preview"] = preview_draft(newest(visible), participants, own)
        words["signing"] = preview_signing(step, request.now, request.group, blocks)
    return confirm_page(request, visible, form, **words)


def confirm_page(
    request: AuthenticatedRequest, visible: VisibleStatement, form: forms.Form, **words: object
) -> HttpResponse:
    marked = "changes" in request.GET
    context: dict[str, Any] = {
        **page_head(request, visible, "act"),
        "form": form,
        "marked": marked,
        **words,
    }
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _confirmation(request: AuthenticatedRequest, form: forms.Form) -> drafts.Confirmation:
    """Return the chair's confirmation: short reason and shown text."""
    return drafts.Confirmation(
        form.cleaned_data.get("short_reason", ""), request.POST.get("seen", "")
    )


def _deadline(
    request: AuthenticatedRequest, planned: PlannedStep | None = None, *, least_hours: int = 0
) -> dict[str, Any]:
    """Return the deadline that the form begins with.

    It is when a step as planned would end, else a week from now. It is a full hour in the reader's
    zone. If `least_hours` from now end later, it is in the working hours after them.
    """
    ends = request.now + USUAL
    if planned:
        ends = after_hours(
            request.now, planned.hours, request.group.zone, working=planned.working_hours
        )
    earliest = request.now + timedelta(hours=least_hours)
    if ends < earliest:
        ends = after_hours(earliest, 0, request.group.zone, working=True)
    local = (ends + ALMOST_AN_HOUR).astimezone(request.reader.zone)
    return {"deadline": local.replace(minute=0, second=0, microsecond=0, tzinfo=None)}


def _least_silence(request: AuthenticatedRequest, planned: PlannedStep) -> int:
    """Return a planned step's least hours.

    0 where every agency must speak.
    """
    return request.group.silence_hours_min if planned.silence else 0


def _who(request: AuthenticatedRequest, visible: VisibleStatement) -> dict[str, str]:
    """Return the participating agencies for the sentence of an act."""
    if visible.named is None:
        return {"agencies": _("all member agencies")}
    return {"agencies": list_agencies(participants_of(request, visible))}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circulate(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Circulate draft 1, with the deadline for amendments."""
    visible = for_chair(request, slug, "statements.circulate")
    least_hours = request.group.amendment_hours_min
    form = DeadlineForm(
        request.POST or None,
        city=request.reader.city,
        least_hours=least_hours,
        initial=_deadline(request, least_hours=least_hours),
    )
    response = deadlines.submit(
        request,
        visible,
        form,
        lambda: drafts.circulate_draft(
            newest(visible),
            deadline=form.cleaned_data["deadline"],
            confirmed=_confirmation(request, form),
            by=request.user,
            at=request.now,
        ),
        lambda _draft: say_and_redirect(
            request,
            _("Draft 1 is circulated; the agencies are told now."),
            "statements:show",
            slug=slug,
        ),
    )
    if response:
        return response
    says = _(
        "This asks %(agencies)s to amend it until the deadline. Once circulated, a draft never "
        "changes."
    )
    return confirm_page(
        request,
        visible,
        form,
        **deadlines.hint_of(request, form, participants_of(request, visible)),
        preview=preview_draft(newest(visible), participants_of(request, visible)),
        title=_("Circulate draft 1"),
        says=says % _who(request, visible),
        verb=_("Circulate draft 1"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen_amendments(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Give more time for amendments to the same draft.

    It also lets late amendments in.
    """
    visible = for_chair(request, slug, "statements.settle")
    least_hours = request.group.amendment_hours_min
    form = DeadlineForm(
        request.POST or None,
        city=request.reader.city,
        least_hours=least_hours,
        initial=_deadline(request, least_hours=least_hours),
    )
    response = deadlines.submit(
        request,
        visible,
        form,
        lambda: amendments.reopen_amendments(
            visible.statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _statement: say_and_redirect(
            request,
            _("Amendments are open until the new deadline; the agencies are told now."),
            "statements:show",
            slug=slug,
        ),
    )
    if response:
        return response
    says = _(
        "This tells %(agencies)s of the new deadline; until then they may amend this draft."
    ) % _who(request, visible)
    return confirm_page(
        request,
        visible,
        form,
        **deadlines.hint_of(request, form, participants_of(request, visible)),
        title=_("More time for amendments"),
        says=says,
        verb=_("Move the deadline"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Issue the next draft, for clearance or for another round of amendments."""
    visible = for_chair(request, slug, "statements.issue")
    number = newest(visible).number + 1
    standing = list(open_or_in_text(newest(visible)))
    open_now = [each for each in standing if each.state == AmendmentState.OPEN]
    to = StatementState.AMENDMENTS if open_now else StatementState.CLEARANCE
    first = visible.statement.planned[0]
    least_hours = max(_least_silence(request, first), request.group.amendment_hours_min)
    initial = _deadline(request, first, least_hours=least_hours) | {"to": to.value}
    form = IssueForm(
        request.POST or None,
        city=request.reader.city,
        least_hours=least_hours,
        first=first,
        initial=initial,
    )
    response = deadlines.submit(
        request,
        visible,
        form,
        lambda: drafts.issue_draft(
            visible.statement,
            to=StatementState(form.cleaned_data["to"]),
            deadline=form.cleaned_data["deadline"],
            confirmed=_confirmation(request, form),
            by=request.user,
            at=request.now,
        ),
        lambda draft: say_and_redirect(
            request,
            _("Draft %(n)s is issued; every agency is told what became of its amendments.")
            % {"n": draft.number},
            "statements:show",
            slug=slug,
        ),
    )
    if response:
        return response
    title = _("Issue draft %(n)s") % {"n": number}
    return confirm_page(
        request,
        visible,
        form,
        **deadlines.hint_of(request, form, participants_of(request, visible)),
        preview=preview_next_draft(newest(visible), standing, participants_of(request, visible)),
        title=title,
        says=_what_issuing_does(len(open_now)) % _who(request, visible),
        verb=title,
    )


def _what_issuing_does(open_now: int) -> str:
    """Return what issuing a draft does, as a format.

    It takes the agencies that it asks.
    """
    says = _(
        "This asks %(agencies)s again, on the new text. An issued draft never changes; what you "
        "settled can no longer be undone."
    )
    if open_now:
        says += " " + ngettext(
            "%(n)d amendment is open: for clearance settle it first; to another round of "
            "amendments it is carried on.",
            (
                "%(n)d amendments are open: for clearance settle them first; to another round of "
                "amendments they are carried on."
            ),
            open_now,
        ) % {"n": open_now}
    return says


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_step(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Open the next step of clearance on the same text."""
    visible = for_chair(request, slug, "statements.clear")
    planned = _planned_after(visible)
    least_hours = _least_silence(request, planned)
    form = DeadlineForm(
        request.POST or None,
        city=request.reader.city,
        least_hours=least_hours,
        initial=_deadline(request, planned, least_hours=least_hours),
    )
    response = deadlines.submit(
        request,
        visible,
        form,
        lambda: positions.open_next_step(
            visible.statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _step: say_and_redirect(
            request,
            _("The step is open; the agencies are told now."),
            "statements:positions",
            slug=slug,
        ),
    )
    if response:
        return response
    title = _("Open %(step)s") % {"step": planned.level.label}
    silent = (
        _("Silence until the deadline counts as approval.")
        if planned.silence
        else _("Every agency must speak.")
    )
    says = _("This asks %(agencies)s again, on the same text: %(step)s.") % {
        **_who(request, visible),
        "step": planned.level.label,
    }
    return confirm_page(
        request,
        visible,
        form,
        **deadlines.hint_of(request, form, participants_of(request, visible)),
        title=title,
        says=f"{says} {silent}",
        verb=title,
    )


def _planned_after(visible: VisibleStatement) -> PlannedStep:
    """Return the planned step that follows those opened on the newest draft.

    It is the last one when all are open already.
    """
    planned = visible.statement.planned
    opened = sum(step.draft_id == newest(visible).pk for step in visible.steps)
    return planned[min(opened, len(planned) - 1)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Give the agencies more time in the open step, with notice to all."""
    visible = for_chair(request, slug, "statements.clear")
    step = positions_queries.open_step(visible.statement)
    least_hours = request.group.silence_hours_min if step and step.silence else 0
    form = ExtendForm(
        request.POST or None,
        city=request.reader.city,
        least_hours=least_hours,
        initial=_deadline(request, least_hours=least_hours),
    )
    response = deadlines.submit(
        request,
        visible,
        form,
        lambda: positions.extend_step(
            visible.statement, **form.cleaned_data, by=request.user, at=request.now
        ),
        lambda _step: say_and_redirect(
            request,
            _("The new deadline stands; the agencies are told now."),
            "statements:positions",
            slug=slug,
        ),
    )
    if response:
        return response
    says = _(
        "This tells %(agencies)s of the new deadline and why. Where silence was broken and nobody "
        "objects any more, it begins anew."
    ) % _who(request, visible)
    return confirm_page(
        request,
        visible,
        form,
        **deadlines.hint_of(request, form, participants_of(request, visible)),
        title=_("Move the deadline"),
        says=says,
        verb=_("Move the deadline"),
    )
