"""What agencies and the chair's team must or may do next.

My desk, the bar of a statement, the positions page and mails all read `next_steps`. Corrections
that are possible at any time (participating agencies, deliveries) are no steps.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.core.models import Group
from coordination.core.next_steps import NextStep, Scope
from coordination.members.models import Agency
from coordination.statements.enums import LIVE_STATES, StatementState
from coordination.statements.models import ClearanceStep, Statement
from coordination.statements.queries import positions, standing
from coordination.statements.queries.positions import MissingPositions, list_agencies
from coordination.statements.queries.standing import Work

RETURN, SETTLE = "statements.return", "statements.settle"
LOOK = frozenset({"statements.hear"})  # asks the chair's team to look, and changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """What decides the next steps in a statement, as of `at`.

    `number` is that of the newest draft; `step` is the open clearance step and `missing` its
    missing positions. `heard` has the keys of the agencies for which silence has passed in it.
    `amended` has the agency (by key) of each open amendment. `named` has the keys of the
    participating agencies, None for all members. `objected` has the keys of the agencies that
    objected to an earlier draft and have not spoken since. `objecting` has, in consolidation, the
    acronyms of the agencies whose newest position is an objection; `changed` says whether the next
    draft would differ. `prepared` says by key what the agencies of the reader prepare; `in_review`
    has those that have a Word file to look at. Of other agencies nothing is in them.
    """

    statement: Statement
    number: int
    at: datetime
    step: ClearanceStep | None = None
    missing: MissingPositions | None = None
    past_silence: frozenset[int] = frozenset()
    amended: Collection[int] = ()
    named: frozenset[int] | None = None
    objected: frozenset[int] = frozenset()
    objecting: tuple[str, ...] = ()
    changed: bool = True
    prepared: Mapping[int, str] = field(default_factory=dict)
    in_review: frozenset[int] = frozenset()

    @property
    def silence_passed(self) -> bool:
        """Say whether silence has passed in the open step."""
        return self.step is not None and self.step.silence_passed(self.at)

    @property
    def amendments_over(self) -> bool:
        """Say whether the deadline for amendments has come."""
        until = self.statement.amendments_until
        return until is not None and self.at >= until


def with_clearance(facts: StatementFacts, day: date, group: Group) -> StatementFacts:
    """Return the facts with the missing positions of the open step.

    `day` is the day of `facts.at`. One query, none without an open step.
    """
    if facts.step is None:
        return facts
    clearance = standing.clearance_of(facts.step, facts.at, day, group.zone)
    return replace(
        facts,
        missing=clearance.missing,
        past_silence=clearance.past_silence,
        objected=clearance.objected,
    )


def with_work(facts: StatementFacts, work: Work) -> StatementFacts:
    """Return the facts with what is to settle in the newest draft. Pure."""
    objecting = [
        acronym
        for agency, acronym in work.objecting.items()
        if facts.named is None or agency in facts.named
    ]
    return replace(facts, amended=work.proposing, objecting=tuple(objecting), changed=work.changed)


def next_steps(
    facts: StatementFacts,
    agencies: Sequence[Agency],
    *,
    is_chair: bool,
    offices: Collection[int] = (),
) -> list[NextStep]:
    """Return what a person must or may do next. Pure.

    `agencies` are those for which the person acts; `is_chair` says whether they belong to the
    chair's team. `offices` has the keys of the agencies for which the person acts from the
    principal's office alone. The steps of the agencies come first.
    """
    own = [agency for agency in agencies if facts.named is None or agency.pk in facts.named]
    steps = list(_agency_steps(facts, own, offices)) if own else []
    return [*steps, *(_chair_steps(facts) if is_chair else ())]


def step_of_kind(steps: Sequence[NextStep], kind: str) -> NextStep | None:
    """Return the step of a kind, or None."""
    return next((step for step in steps if step.kind == kind), None)


def next_act(steps: Sequence[NextStep]) -> NextStep | None:
    """Return the one act that is due first, or None. Pure.

    What the chair's team must do to carry the statement on comes before what the reader's agencies
    must do. Nothing that is only possible is due.
    """
    due = [step for step in steps if step.must and step.kind not in LOOK]
    return min(due, key=lambda step: step.scope != Scope.CHAIR, default=None)


def _step(
    facts: StatementFacts, kind: str, url_name: str, *more: object, **fields: Any
) -> NextStep:
    return NextStep(
        kind=f"statements.{kind}",
        url_name=f"statements:{url_name}",
        url_args=(facts.statement.slug, *more),
        about=facts.statement.title,
        **fields,
    )


def _agency_steps(
    facts: StatementFacts, agencies: Sequence[Agency], offices: Collection[int]
) -> Iterator[NextStep]:
    """Yield the steps of a person's agencies, at least one agency.

    A principal's office decides on a text; the focal points amend it.
    """
    statement = facts.statement
    amending = [agency for agency in agencies if agency.pk not in offices]
    is_open = statement.state == StatementState.AMENDMENTS and statement.amendments_until
    if is_open and not facts.amendments_over:
        yield _amend_step(facts, amending) if amending else _read_step(facts, agencies)
        if in_review := [agency for agency in amending if agency.pk in facts.in_review]:
            yield _review_step(facts, in_review)
    elif facts.step and facts.missing:
        yield from _agency_clearance_steps(facts, facts.step, facts.missing, agencies, offices)


def _amend_step(facts: StatementFacts, agencies: Sequence[Agency]) -> NextStep:
    """Return the step in which the agencies amend the draft.

    It is required of those that have proposed nothing.
    """
    silent = [agency for agency in agencies if agency.pk not in facts.amended]
    why = _("%(agency)s has proposed nothing yet.") % {"agency": list_agencies(silent or agencies)}
    return _step(
        facts,
        "amend",
        "show",
        anchor="text",
        what=_("Amend draft %(number)s") % {"number": facts.number},
        why=" ".join([*([why] if silent else []), *_prepared(facts, agencies)]),
        verb=_("Read and amend"),
        deadline=facts.statement.amendments_until,
        scope=Scope.AGENCY,
        must=bool(silent),
        agencies=tuple(silent or agencies),
    )


def _review_step(facts: StatementFacts, agencies: Sequence[Agency]) -> NextStep:
    """Return the step in which the agencies look at a Word file that came back."""
    return _step(
        facts,
        "review_word",
        "word",
        anchor="received",
        what=_("Look at the changes of a Word file"),
        why=_("%(agencies)s sent a Word file. Nothing of it is proposed yet.")
        % {"agencies": list_agencies(agencies)},
        verb=_("Review the Word file"),
        deadline=facts.statement.amendments_until,
        scope=Scope.AGENCY,
        agencies=tuple(agencies),
    )


def _read_step(facts: StatementFacts, agencies: Sequence[Agency]) -> NextStep:
    """Return the page on which a principal's office reads what its agency proposed."""
    return _step(
        facts,
        "read",
        "decision",
        what=_("Read draft %(number)s") % {"number": facts.number},
        why=" ".join(_prepared(facts, agencies)),
        verb=_("Read on one page"),
        scope=Scope.AGENCY,
        must=False,
        agencies=tuple(agencies),
    )


def _prepared(facts: StatementFacts, agencies: Sequence[Agency]) -> list[str]:
    """Return sentences that say what these agencies of the reader prepare."""
    return [facts.prepared[agency.pk] for agency in agencies if agency.pk in facts.prepared]


def _agency_clearance_steps(
    facts: StatementFacts,
    step: ClearanceStep,
    missing: MissingPositions,
    agencies: Sequence[Agency],
    offices: Collection[int],
) -> Iterator[NextStep]:
    """Yield the position to take, and the step that lifts an objection."""
    # an agency that let silence pass has approved and cannot take a position any more
    may_speak = missing.keys - facts.past_silence
    asked = [agency for agency in agencies if agency.pk in may_speak]
    if asked:
        waiting = [agency for agency in missing.waiting if agency in asked]
        only_offices = all(agency.pk in offices for agency in asked)
        page = "decision" if only_offices else "positions"
        yield _position_step(facts, step, asked, waiting, page)
    amending = [agency for agency in asked if agency.pk not in offices]
    objecting = [agency for agency in missing.objecting if agency in amending]
    if objecting:
        yield _step(
            facts,
            "lift",
            "show",
            anchor="text",
            what=_("Write the amendment that would lift the objection"),
            verb=_("Amend the text"),
            scope=Scope.AGENCY,
            must=False,
            agencies=tuple(objecting),
        )


def _position_step(
    facts: StatementFacts,
    step: ClearanceStep,
    asked: Sequence[Agency],
    waiting: Sequence[Agency],
    page: str,
) -> NextStep:
    """Return the step in which the agencies asked take a position on `page`.

    It is required while some are `waiting`. It has no deadline once silence is broken, or has
    passed before the agency joined. Who objected to an earlier draft is asked whether this one
    meets the objection.
    """
    # who joined after the silence began must speak
    late = facts.missing.late if facts.missing else ()
    by_silence = [agency for agency in waiting if agency not in late]
    silence = ""
    if step.silence_holds and not facts.silence_passed and by_silence:
        silence = _("Silence approves. ")
    not_spoken = ngettext(
        "%(agency)s has not spoken yet.", "%(agency)s have not spoken yet.", len(waiting)
    ) % {"agency": list_agencies(waiting or asked)}
    objected = [agency for agency in waiting if agency.pk in facts.objected]
    only_objected = bool(objected) and len(objected) == len(waiting)
    what = _("Approve or object, %(step)s") % {"step": step.get_level_display()}
    if only_objected:
        what = _("Does draft %(number)s meet your objection?") % {"number": facts.number}
    verb = _("Take a position") if waiting else _("Change the position")
    note = silence + not_spoken + _objected_note(facts, objected)
    return _step(
        facts,
        "position",
        page,
        anchor="again" if only_objected else "take",
        what=what,
        why=" ".join([*([note] if waiting else []), *_prepared(facts, asked)]),
        verb=_("Answer") if only_objected else verb,
        deadline=None if facts.silence_passed or step.broken_at else step.deadline,
        scope=Scope.AGENCY,
        must=bool(waiting),
        agencies=tuple(asked),
    )


def _objected_note(facts: StatementFacts, objected: Sequence[Agency]) -> str:
    """Return which agencies objected to an earlier draft, as a sentence, or ""."""
    if not objected:
        return ""
    return _(" %(agencies)s objected to an earlier draft.") % {"agencies": list_agencies(objected)}


def _chair_steps(facts: StatementFacts) -> Iterator[NextStep]:
    statement = facts.statement
    if statement.state == StatementState.DRAFTING:
        circulate = _("Circulate draft 1")
        yield _chair_step(facts, "circulate", "circulate", what=circulate, verb=circulate)
        yield _optional_step(facts, "paste", "paste", verb=_("Replace the text"))
    elif statement.state == StatementState.AMENDMENTS:
        yield _close_step(facts)
        yield _optional_step(facts, "reopen", "reopen_amendments", verb=_("More time"))
    elif statement.state == StatementState.CONSOLIDATION:
        yield from _consolidation_steps(facts)
    elif statement.state == StatementState.ADOPTED and statement.released_at is None:
        yield from _release_steps(facts)
    elif facts.step and facts.missing:
        yield from _chair_clearance_steps(facts, facts.step, facts.missing)
    if statement.state in LIVE_STATES:
        yield _optional_step(facts, "withdraw", "act", "withdraw", verb=_("Withdraw the statement"))


def _chair_step(
    facts: StatementFacts, kind: str, url_name: str, *more: object, **fields: Any
) -> NextStep:
    return _step(facts, kind, url_name, *more, scope=Scope.CHAIR, **fields)


def _optional_step(
    facts: StatementFacts, kind: str, url_name: str, *more: object, verb: str, why: str = ""
) -> NextStep:
    """Return a step that the chair's team may take but need not."""
    return _chair_step(facts, kind, url_name, *more, what=verb, verb=verb, why=why, must=False)


def _release_steps(facts: StatementFacts) -> Iterator[NextStep]:
    """Yield what the chair may do until an adopted statement is public."""
    # a planned release asks nothing of the chair
    if facts.statement.release_planned_for is None:
        release = _("Release")
        yield _chair_step(facts, "release", "act", "release", what=release, verb=release)
    is_planned = facts.statement.release_planned_for is not None
    verb = _("Move the release") if is_planned else _("Plan the release")
    yield _optional_step(facts, "plan_release", "plan_release", verb=verb)


def _close_step(facts: StatementFacts) -> NextStep:
    """Return the step that closes amendments; required after the deadline."""
    over = facts.amendments_over
    return _chair_step(
        facts,
        "close",
        "act",
        "close",
        what=_("Consolidate draft %(number)s") % {"number": facts.number},
        verb=_("Begin consolidation") if over else _("Close amendments"),
        deadline=facts.statement.amendments_until if over else None,
        must=over,
    )


def _consolidation_steps(facts: StatementFacts) -> Iterator[NextStep]:
    """Yield the steps of consolidation: settle amendments, issue the draft."""
    open_count = len(facts.amended)
    issue_label = _("Issue draft %(next)s") % {"next": facts.number + 1}
    if not open_count and facts.objecting and not facts.changed:
        yield _settle_step(facts)
        yield _optional_step(facts, "issue", "issue", verb=issue_label)
        yield _optional_step(facts, "reopen", "reopen_amendments", verb=_("Reopen amendments"))
        return
    if not open_count:
        settled = _("No amendment is open.")
        yield _chair_step(facts, "issue", "issue", what=issue_label, verb=issue_label, why=settled)
        yield _optional_step(facts, "consolidate", "consolidate", verb=_("Consolidate"))
        yield _optional_step(facts, "reopen", "reopen_amendments", verb=_("Reopen amendments"))
        return
    yield _chair_step(
        facts,
        "consolidate",
        "consolidate",
        what=issue_label,
        verb=_("Consolidate"),
        why=ngettext("%(n)d amendment is open.", "%(n)d amendments are open.", open_count)
        % {"n": open_count},
    )
    yield _optional_step(facts, "issue", "issue", verb=issue_label)
    yield _optional_step(facts, "reopen", "reopen_amendments", verb=_("Reopen amendments"))


def _settle_step(facts: StatementFacts) -> NextStep:
    """Return the step to settle objections before an unchanged draft is issued."""
    settle = _("Settle the objection of %(agencies)s") % {
        "agencies": formatting.list_of(facts.objecting)
    }
    return _chair_step(
        facts,
        "settle",
        "consolidate",
        what=settle,
        verb=settle,
        why=_(
            "No paragraph has changed since draft %(number)s. Change the text, or reopen "
            "amendments."
        )
        % {"number": facts.number},
    )


def _chair_clearance_steps(
    facts: StatementFacts, step: ClearanceStep, missing: MissingPositions
) -> Iterator[NextStep]:
    """Yield the required step in clearance, then the optional ones."""
    required = _required_chair_step(facts, step, missing)
    yield required
    if not facts.silence_passed and required.kind != "statements.extend":
        yield _optional_step(facts, "extend", "extend", verb=_("Move the deadline"))
    if missing.keys - facts.past_silence:
        label = _("Record a position that came by letter")
        yield _optional_step(facts, "letter", "record_letter", verb=label)
        label = _("Record an approval given by telephone")
        yield _optional_step(facts, "call", "record_call", verb=label)
    if missing.waiting:
        yield _optional_step(facts, "write", "write_to_silent", verb=_("Write to the silent"))


def _required_chair_step(
    facts: StatementFacts, step: ClearanceStep, missing: MissingPositions
) -> NextStep:
    """Return the step that clearance requires of the chair's team.

    In this order: answer objections, restart a broken silence, wait for all positions, then open
    the next step or adopt the text.
    """
    if missing.objecting:
        return _return_step(facts, step, missing)
    if missing.waiting and not step.broken_at:
        return _chair_step(
            facts,
            "hear",
            "positions",
            what=_("Hear from all, %(step)s") % {"step": step.get_level_display()},
            verb=_("See positions"),
            deadline=step.deadline,
            why=missing.sentence,
        )
    if missing.waiting:
        return _chair_step(
            facts,
            "extend",
            "extend",
            what=_("Move the deadline to restart the silence"),
            verb=_("Move the deadline"),
            why=_broken_silence_note(facts) + missing.sentence,
        )
    return _completing_step(facts, step, missing)


def _return_step(facts: StatementFacts, step: ClearanceStep, missing: MissingPositions) -> NextStep:
    """Return the step that answers an objection: the text goes back to consolidation."""
    why = _(
        "%(objections)s. Take the text back, change it and issue another draft; or wait until the "
        "objection is lifted."
    ) % {"objections": positions.objection_clause(missing)}
    if step.broken_at:
        why += _(" Agencies get no reminders until then.")
    return _chair_step(
        facts,
        "return",
        "act",
        "return",
        what=_("Answer an objection"),
        verb=_("Return to consolidation"),
        deadline=None if step.broken_at else step.deadline,
        why=why,
    )


def _completing_step(
    facts: StatementFacts, step: ClearanceStep, missing: MissingPositions
) -> NextStep:
    """Return what follows a complete step: the next step, or the adoption."""
    planned = facts.statement.planned
    if step.position >= len(planned):
        adopt_label = _("Adopt the statement")
        return _chair_step(
            facts, "adopt", "act", "adopt", what=_("Adopt"), verb=adopt_label, why=missing.sentence
        )
    following = planned[step.position].level.label
    return _chair_step(
        facts,
        "open_step",
        "open_step",
        what=_("Open the next step"),
        verb=_("Open %(following)s") % {"following": following},
        why=missing.sentence,
    )


def _broken_silence_note(facts: StatementFacts) -> str:
    """Tell the chair of a broken silence to which nobody objects any more."""
    return _(
        "Silence on draft %(number)s was broken, and nobody objects any more. Agencies get no "
        "reminders until you move the deadline. "
    ) % {"number": facts.number}
