"""What a statement asks of agencies and of the chair's team next, and what they may do.

`next_steps` decides it, for My desk, the bar of a statement, the positions page and mails. What may
be corrected at any time (the agencies that are in, deliveries) is no step.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.next_steps import NextStep, Scope
from coordination.members.models import Agency
from coordination.statements.enums import LIVE, StatementState
from coordination.statements.models import ClearanceStep, Statement
from coordination.statements.queries import positions
from coordination.statements.queries.positions import Missing, listed
from coordination.statements.queries.statements import participants_on


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """What decides the next steps in a statement, as of `at`.

    `number` is that of the newest draft, `step` the open step of clearance, `missing` where that
    stands, `heard` the keys of the agencies for which silence has passed in it. `amended` has the
    agency (by key) of each open amendment. `named` are the keys of the agencies that are in, None
    where all members are.
    """

    statement: Statement
    number: int
    at: datetime
    step: ClearanceStep | None = None
    missing: Missing | None = None
    heard: frozenset[int] = frozenset()
    amended: Collection[int] = ()
    named: frozenset[int] | None = None

    @property
    def passed(self) -> bool:
        """Say whether silence has passed in the open step."""
        return self.step is not None and self.step.passed(self.at)

    @property
    def amendments_over(self) -> bool:
        """Say whether the deadline for amendments has come."""
        until = self.statement.amendments_until
        return until is not None and self.at >= until


def with_clearance(facts: StatementFacts, day: date, group: Group) -> StatementFacts:
    """Return the facts with where the open step stands; `day` is that of `facts.at`.

    Two queries, three once silence has passed; none without an open step.
    """
    step = facts.step
    if step is None:
        return facts
    said = positions.newest_positions([step]).get(step.pk, {})
    asked = list(participants_on(facts.statement.pk, day))
    ended = day_at(step.deadline, group.zone)
    heard = list(participants_on(facts.statement.pk, ended)) if facts.passed else []
    return replace(
        facts,
        missing=positions.missing(said, asked, heard),
        heard=frozenset(agency.pk for agency in heard),
    )


def next_steps(
    facts: StatementFacts, agencies: Sequence[Agency], *, is_chair: bool
) -> list[NextStep]:
    """Return what somebody must or may do next. Pure.

    `agencies` are the member agencies for which the person acts; `is_chair`: they are of the
    chair's team. Those of the agencies come first.
    """
    own = [agency for agency in agencies if facts.named is None or agency.pk in facts.named]
    steps = list(_of_agencies(facts, own)) if own else []
    return [*steps, *(_of_chair(facts) if is_chair else ())]


def first_of(steps: Sequence[NextStep], kind: str) -> NextStep | None:
    """Return the step of a kind, or None where it cannot be taken."""
    return next((step for step in steps if step.kind == kind), None)


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


def _of_agencies(facts: StatementFacts, agencies: Sequence[Agency]) -> Iterator[NextStep]:
    """Yield what the agencies of a person, at least one, must or may do."""
    statement = facts.statement
    is_open = statement.state == StatementState.AMENDMENTS and statement.amendments_until
    if is_open and not facts.amendments_over:
        silent = [agency for agency in agencies if agency.pk not in facts.amended]
        why = _("%(agency)s has proposed nothing yet.") % {"agency": listed(silent or agencies)}
        yield _step(
            facts,
            "amend",
            "show",
            anchor="text",
            what=_("Amend draft %(number)s") % {"number": facts.number},
            why=why if silent else "",
            verb=_("Read and amend"),
            deadline=statement.amendments_until,
            scope=Scope.AGENCY,
            must=bool(silent),
            agencies=tuple(silent or agencies),
        )
    elif facts.step and facts.missing:
        yield from _of_agencies_in_clearance(facts, facts.step, facts.missing, agencies)


def _of_agencies_in_clearance(
    facts: StatementFacts, step: ClearanceStep, missing: Missing, agencies: Sequence[Agency]
) -> Iterator[NextStep]:
    """Yield the question for a position, and the amendment that would lift an objection.

    There is no deadline where silence was broken, and for whoever joined after it had passed.
    """
    unheard = missing.keys - facts.heard
    asked = [agency for agency in agencies if agency.pk in unheard]
    waiting = [agency for agency in missing.waiting if agency in asked]
    if asked:
        silence = _("Silence approves. ") if step.silent and not facts.passed else ""
        silent = ngettext(
            "%(agency)s has not spoken yet.", "%(agency)s have not spoken yet.", len(waiting)
        ) % {"agency": listed(waiting or asked)}
        yield _step(
            facts,
            "position",
            "positions",
            anchor="take",
            what=_("Approve or object, %(step)s") % {"step": step.get_level_display()},
            why=silence + silent if waiting else "",
            verb=_("Take a position"),
            deadline=None if facts.passed or step.broken_at else step.deadline,
            scope=Scope.AGENCY,
            must=bool(waiting),
            agencies=tuple(asked),
        )
    objecting = [agency for agency in missing.objecting if agency in asked]
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


def _of_chair(facts: StatementFacts) -> Iterator[NextStep]:
    """Yield what the chair's team must or may do."""
    statement = facts.statement
    if statement.state == StatementState.DRAFTING:
        circulate = _("Circulate draft 1")
        yield _chair_step(facts, "circulate", "circulate", what=circulate, verb=circulate)
        yield _possible(facts, "paste", "paste", verb=_("Replace the text"))
    elif statement.state == StatementState.AMENDMENTS:
        yield _close(facts)
        yield _possible(facts, "reopen", "reopen_amendments", verb=_("More time"))
    elif statement.state == StatementState.CONSOLIDATION:
        yield from _consolidation(facts)
    elif statement.state == StatementState.ADOPTED and statement.released_at is None:
        release = _("Release")
        yield _chair_step(facts, "release", "act", "release", what=release, verb=release)
    elif facts.step and facts.missing:
        yield from _of_chair_in_clearance(facts, facts.step, facts.missing)
    if statement.state in LIVE:
        yield _possible(facts, "withdraw", "act", "withdraw", verb=_("Withdraw the statement"))


def _chair_step(
    facts: StatementFacts, kind: str, url_name: str, *more: object, **fields: Any
) -> NextStep:
    return _step(facts, kind, url_name, *more, scope=Scope.CHAIR, **fields)


def _possible(
    facts: StatementFacts, kind: str, url_name: str, *more: object, verb: str, why: str = ""
) -> NextStep:
    """Return what the chair's team may do, but is not asked to."""
    return _chair_step(facts, kind, url_name, *more, what=verb, verb=verb, why=why, must=False)


def _close(facts: StatementFacts) -> NextStep:
    """Return the end of amendments: asked once the deadline has come, possible before."""
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


def _consolidation(facts: StatementFacts) -> Iterator[NextStep]:
    left = len(facts.amended)
    issue = _("Issue draft %(next)s") % {"next": facts.number + 1}
    yield _chair_step(
        facts,
        "consolidate",
        "consolidate",
        what=issue,
        verb=_("Consolidate"),
        why=ngettext("%(n)d amendment is open.", "%(n)d amendments are open.", left) % {"n": left},
    )
    yield _possible(facts, "issue", "issue", verb=issue)
    yield _possible(facts, "reopen", "reopen_amendments", verb=_("Reopen amendments"))


def _of_chair_in_clearance(
    facts: StatementFacts, step: ClearanceStep, missing: Missing
) -> Iterator[NextStep]:
    """Yield what comes next in clearance, and what else is possible.

    First an objection is answered; then, where silence was broken, it begins anew; then all are
    heard; then the next step opens, or the text is adopted.
    """
    asked = _asked_of_chair(facts, step, missing)
    yield asked
    if missing.objecting:
        yield _possible(
            facts,
            "return",
            "act",
            "return",
            verb=_("Return to consolidation"),
            why=_(
                "An agency objects. Take the text back, change it, and issue another draft; or "
                "wait until the agency lifts its objection."
            ),
        )
    if not facts.passed and asked.kind != "statements.extend":
        yield _possible(facts, "extend", "extend", verb=_("Move the deadline"))
    if missing.keys - facts.heard:
        words = _("Record a position that came by letter")
        yield _possible(facts, "letter", "record_letter", verb=words)


def _asked_of_chair(facts: StatementFacts, step: ClearanceStep, missing: Missing) -> NextStep:
    """Return the one thing that clearance asks of the chair's team."""
    if missing.objecting or (missing.waiting and not step.broken_at):
        hear = _("Hear from all, %(step)s") % {"step": step.get_level_display()}
        return _chair_step(
            facts,
            "answer" if missing.objecting else "hear",
            "positions",
            what=_("Answer an objection") if missing.objecting else hear,
            verb=_("See positions"),
            deadline=step.deadline,
            why=_while_broken(facts, missing) + missing.sentence,
        )
    if missing.waiting:
        return _chair_step(
            facts,
            "extend",
            "extend",
            what=_("Move the deadline, so that silence begins anew"),
            verb=_("Move the deadline"),
            deadline=step.deadline,
            why=_while_broken(facts, missing) + missing.sentence,
        )
    planned = facts.statement.planned
    if step.position >= len(planned):
        adopt = _("Adopt the statement")
        return _chair_step(
            facts, "adopt", "act", "adopt", what=_("Adopt"), verb=adopt, why=missing.sentence
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


def _while_broken(facts: StatementFacts, missing: Missing) -> str:
    """Return what the chair can do after silence was broken; "" while it was not.

    Nobody is reminded while the clock stands still.
    """
    if facts.step is None or facts.step.broken_at is None:
        return ""
    if not missing.objecting:
        return _(
            "Silence on draft %(number)s was broken, and nobody objects any more. Until it begins "
            "anew nobody is reminded. "
        ) % {"number": facts.number}
    return _(
        "Silence on draft %(number)s is broken, and nobody is reminded: settle it with "
        "%(agencies)s, or return the text to consolidation. "
    ) % {"number": facts.number, "agencies": listed(missing.objecting)}
