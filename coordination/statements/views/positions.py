"""Positions of all agencies, and the form for the reader's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination.core.forms import EditedObject, say_and_redirect, submit
from coordination.core.http import AuthenticatedRequest
from coordination.members.models import Agency
from coordination.statements.actions import positions as positions_actions
from coordination.statements.actions import preparing
from coordination.statements.actions.positions import PositionInput, PositionLetter, take_position
from coordination.statements.due.stages import POSITION_BEFORE
from coordination.statements.enums import PositionKind
from coordination.statements.errors import (
    NotParticipating,
    OtherText,
    StepClosed,
    WrongState,
)
from coordination.statements.forms import LetterForm, PositionForm
from coordination.statements.models import Block, ClearanceStep, Position, PreparedPosition
from coordination.statements.queries import drafts, labels, next_steps
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.objections import (
    EarlierObjection,
    earlier_objection,
    objecting_to_others,
    standing_objections,
)
from coordination.statements.queries.positions import (
    MatrixRow,
    PositionMatrix,
    letters_to_silent,
    open_step,
    positions_matrix,
    prepared_positions,
)
from coordination.statements.views.page_context import (
    VisibleStatement,
    bar,
    facts_of,
    for_chair,
    page_head,
    require_voice,
    spoken_for,
    steps_of_reader,
    working,
)

HOUR = timedelta(hours=1)

SpeakingPage = Callable[[AuthenticatedRequest, VisibleStatement, PositionForm | None], HttpResponse]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def positions(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the positions, or take one on the shown text.

    The form carries the hash of the text.
    """
    return speak(request, working(request, slug), "positions", _page)


def speak(
    request: AuthenticatedRequest, visible: VisibleStatement, name: str, show: SpeakingPage
) -> HttpResponse:
    """Show a page of positions, and take the sent position.

    `name` is the page.
    """
    if request.method != "POST":
        return show(request, visible, None)
    form = _answered(request, visible)
    require_voice(request, visible, "statements.take_position")

    def done(agency: Agency) -> HttpResponse:
        kept = _("Kept for %(agency)s: nobody else sees it until you record it.")
        recorded = _("The position of %(agency)s is recorded.")
        words = (kept if "keep" in request.POST else recorded) % {"agency": agency}
        return say_and_redirect(request, words, f"statements:{name}", slug=visible.statement.slug)

    response = submit(
        request,
        form,
        lambda: _take(request, visible, form),
        done,
        edited=EditedObject(_("The position that your agency prepares")),
        gone=(NotParticipating, OtherText, StepClosed, WrongState),
    )
    return response or show(request, visible, form)


def _answered(request: AuthenticatedRequest, visible: VisibleStatement) -> PositionForm:
    """Return the form as it was sent, for one agency.

    Its paragraphs are those of the text that is asked about now.
    """
    step = open_step(visible.statement)
    agency = spoken_for(request, visible.agencies)
    agencies = [agency] if agency else visible.agencies
    return PositionForm(
        request.POST,
        agencies=agencies,
        paragraphs=drafts.keys_by_number(drafts.blocks_of(step.draft)) if step else (),
    )


def _position_input(data: dict[str, Any]) -> PositionInput:
    return PositionInput(
        PositionKind(data["kind"]), data["sha256"], data["reason"], tuple(data["about"])
    )


def _take(request: AuthenticatedRequest, visible: VisibleStatement, form: PositionForm) -> Agency:
    """Take or prepare a position; return its agency."""
    data = form.cleaned_data
    step = get_object_or_404(ClearanceStep, pk=data["step"], statement=visible.statement)
    position = _position_input(data)
    if "keep" in request.POST:
        version = data["version"] or 0
        preparing.prepare_position(
            step, position, version=version, agency=data["agency"], by=request.user, at=request.now
        )
    else:
        take_position(step, position, agency=data["agency"], by=request.user, at=request.now)
    agency: Agency = data["agency"]
    return agency


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_letter(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record, for the chair, a position that an agency sent by letter."""
    visible = for_chair(request, slug, "statements.clear")
    matrix = positions_matrix(
        visible.statement, visible.steps, request.day, request.now, request.group
    )
    step = matrix.step
    if step is None or step.closed_at is not None:
        raise Http404
    asked = [row.agency for row in matrix.rows if row.agency.pk in matrix.missing.keys]
    initial = {"sha256": step.draft.sha256, "step": step.pk}
    shown: dict[str, Any] = {
        "agencies": asked,
        "paragraphs": drafts.keys_by_number(drafts.blocks_of(step.draft)),
        "initial": initial,
    }
    form = LetterForm(request.POST or None, request.FILES or None, **shown)
    response = submit(
        request,
        form,
        lambda: _record(request, step, form.cleaned_data),
        lambda position: say_and_redirect(
            request,
            _("The letter of %(agency)s is recorded.") % {"agency": position.agency},
            "statements:positions",
            slug=slug,
        ),
    )
    if response:
        return response
    context = {**page_head(request, visible, "positions"), "form": form, "step": step}
    return render(
        request, "statements/letter_record.html", context, status=422 if form.is_bound else 200
    )


def _record(request: AuthenticatedRequest, step: ClearanceStep, data: dict[str, Any]) -> Position:
    """Record the position that came by letter, as the form says."""
    return positions_actions.record_letter(
        step,
        _position_input(data),
        PositionLetter(data["letter"], data["signed_by"]),
        agency=data["agency"],
        by=request.user,
        at=request.now,
    )


@login_required
@require_safe
def letter(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse | FileResponse:
    """Hand out the letter by which a position came, always as a download."""
    visible = working(request, slug)
    position = get_object_or_404(
        Position.objects.select_related("agency"), pk=pk, step__statement=visible.statement
    )
    name = position.letter.name or ""
    if not name or not position.letter.storage.exists(name):
        raise Http404
    title = f"{position.agency.acronym} {visible.statement.slug}.{name.rpartition('.')[2]}"
    response = FileResponse(position.letter.open("rb"), as_attachment=True, filename=title)
    # uploaded by people: a browser that shows it must not run it as a page of ours
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _page(
    request: AuthenticatedRequest, visible: VisibleStatement, form: PositionForm | None
) -> HttpResponse:
    context = speaking_context(request, visible, form, "positions")
    matrix: PositionMatrix = context["matrix"]
    context |= {
        "heads": _heads(matrix),
        "letters": letters_to_silent(matrix.step) if matrix.step else [],
        "clock": _clock(visible, matrix, request.now) if context["step"] else None,
    }
    return render(request, "statements/positions_show.html", context, status=status_of(form))


def status_of(form: PositionForm | None) -> int:
    """Return 422 for a refused form, else 200."""
    return 422 if form is not None and form.is_bound else 200


def speaking_context(
    request: AuthenticatedRequest,
    visible: VisibleStatement,
    form: PositionForm | None,
    current: str,
    by_draft: Mapping[int, Sequence[Block]] | None = None,
) -> dict[str, Any]:
    """Return what the page `current` needs to let the reader's agencies speak.

    `form` is the refused form, None for a new one. `by_draft` has the blocks of each draft where
    the page has loaded them.
    """
    matrix = positions_matrix(
        visible.statement, visible.steps, request.day, request.now, request.group
    )
    step = matrix.step if matrix.step and matrix.step.closed_at is None else None
    passed = step is not None and step.silence_passed(request.now)
    facts = _facts(request, visible, matrix)
    steps = steps_of_reader(facts, visible.access)
    position = next_steps.step_of_kind(steps, "statements.position")
    asked: Sequence[Agency] = position.agencies if position else ()
    prepared = prepared_positions(step, asked) if step and asked else {}
    sent = spoken_for(request, visible.agencies) if form else None
    speaking = sent or _speaking(request, asked, matrix, prepared)
    earlier = _earlier_objection(step, speaking, matrix)
    by_draft = by_draft or _texts(step if asked or earlier else None, earlier)
    numbers = drafts.keys_by_number(by_draft[step.draft_id]) if step and asked else {}
    if form is None and step and speaking:
        initial = dict(_approval(step, speaking)) | {"version": 0}
        form = PositionForm(
            agencies=[speaking], paragraphs=numbers, initial=initial | _kept(prepared.get(speaking))
        )
    return {
        **page_head(request, visible, current),
        "bar": bar(request, visible, current, facts),
        "matrix": matrix,
        "step": step,
        "form": form if step and asked else None,
        "mine": [
            (row, _places(row, numbers))
            for row in matrix.rows
            if row.agency.pk in visible.access.agency_keys
        ],
        "speaking": speaking,
        "again": _asked_again(earlier, step, by_draft),
        "passed": passed and not asked,
        "prepared": prepared.get(speaking) if speaking else None,
        "own_prepared": list(prepared.values()),
        "others": [(agency, agency in prepared) for agency in asked if agency != speaking],
        "since": _since(visible, matrix),
        "approval": _approval(step, speaking),
        "spoken": speaking not in matrix.missing.waiting,
        "opened": "for" in request.GET or speaking in prepared or sent is not None,
        "breaks": step is not None and step.silence_holds and not passed,
        "page": f"statements:{current}",
    }


def _facts(
    request: AuthenticatedRequest, visible: VisibleStatement, matrix: PositionMatrix
) -> StatementFacts:
    """Return the facts for the reader's next steps from a loaded matrix."""
    spoken = {
        row.agency.pk: (cell.position.kind, cell.step.draft_id)
        for row in matrix.rows
        for cell in row.cells
        if cell.position
    }
    objected = objecting_to_others(spoken, matrix.step.draft_id) if matrix.step else ()
    return replace(
        facts_of(visible, request.now),
        missing=matrix.missing,
        past_silence=frozenset(
            row.agency.pk for row in matrix.rows if row.cells and row.cells[-1].past_silence
        ),
        objected=frozenset(objected),
    )


def _speaking(
    request: AuthenticatedRequest,
    asked: Sequence[Agency],
    matrix: PositionMatrix,
    prepared: Mapping[Agency, PreparedPosition],
) -> Agency | None:
    """Return the agency of the form.

    The one asked for (`for`), else one that prepares, else one that has not spoken.
    """
    named = spoken_for(request, tuple(asked))
    waiting = [agency for agency in asked if agency in matrix.missing.waiting]
    return named or next(iter([*prepared, *waiting, *asked]), None)


def _kept(prepared: PreparedPosition | None) -> dict[str, Any]:
    """Return what colleagues prepared, as the form has it."""
    if prepared is None:
        return {}
    about = prepared.about.split(", ") if prepared.about else []
    return {
        "kind": prepared.kind,
        "about": about,
        "reason": prepared.reason,
        "version": prepared.version,
    }


def _clock(
    visible: VisibleStatement, matrix: PositionMatrix, now: datetime
) -> dict[str, Any] | None:
    """Return the hours of the running silence, and what follows.

    None where silence does not approve, was broken or has passed.
    """
    step = matrix.step
    if step is None or not step.silence_holds or now >= step.deadline:
        return None
    whole = (step.deadline - step.silent_since) // HOUR
    gone = max((now - step.silent_since) // HOUR, 0)
    planned = visible.statement.planned
    following = planned[step.position].level.label if step.position < len(planned) else ""
    return {
        "whole": max(whole, 1),
        "gone": gone,
        "left": whole - gone,
        "ticks": [whole - span // HOUR for span in POSITION_BEFORE if span // HOUR < whole],
        "following": following,
        "silent": [
            agency for agency in matrix.missing.waiting if agency not in matrix.missing.late
        ],
    }


def _texts(step: ClearanceStep | None, earlier: Position | None) -> Mapping[int, Sequence[Block]]:
    """Return the blocks of the draft in clearance, and of the one that was objected to before.

    By key of the draft; one query, none without a step.
    """
    if step is None:
        return {}
    return drafts.blocks_of_drafts([step.draft, earlier.step.draft] if earlier else [step.draft])


def _earlier_objection(
    step: ClearanceStep | None, speaking: Agency | None, matrix: PositionMatrix
) -> Position | None:
    """Return the objection of the agency to an earlier draft, or None; from the matrix."""
    if step is None or speaking is None:
        return None
    spoken = [
        cell.position
        for row in matrix.rows
        if row.agency == speaking
        for cell in row.cells
        if cell.position
    ]
    return standing_objections(step, spoken).get(speaking.pk)


def _asked_again(
    earlier: Position | None,
    step: ClearanceStep | None,
    by_draft: Mapping[int, Sequence[Block]],
) -> EarlierObjection | None:
    """Return what became of the text that an agency objected to, or None."""
    if earlier is None or step is None:
        return None
    return earlier_objection(earlier, by_draft[earlier.step.draft_id], by_draft[step.draft_id])


def _approval(step: ClearanceStep | None, speaking: Agency | None) -> list[tuple[str, object]]:
    """Return what the button that approves sends beside its kind."""
    if step is None or speaking is None:
        return []
    return [("agency", speaking.pk), ("sha256", step.draft.sha256), ("step", step.pk)]


def _places(row: MatrixRow, numbers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (number, key) of the paragraphs of an agency's newest position."""
    about = row.last.about.split(", ") if row.last else []
    return [
        (labels.label_in_words(number), numbers[number]) for number in about if number in numbers
    ]


def _heads(matrix: PositionMatrix) -> list[str]:
    steps = [
        _("%(step)s, draft %(number)s")
        % {"step": str(step.get_level_display()).capitalize(), "number": step.draft.number}
        for step in matrix.steps
    ]
    return [_("Agency"), *steps, _("Said when and by whom")]


def _since(visible: VisibleStatement, matrix: PositionMatrix) -> int:
    """Return the last earlier draft on which the reader's agencies took a position.

    0 if they took none.
    """
    numbers = [
        cell.step.draft.number
        for row in matrix.rows
        if row.agency.pk in visible.access.agency_keys
        for cell in row.cells
        if cell.position and matrix.step and cell.step.draft_id != matrix.step.draft_id
    ]
    return max(numbers, default=0)
