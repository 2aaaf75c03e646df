"""The status of all statements under way, in few queries."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from coordination.core import queries
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.next_steps import NextStep
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_of_days
from coordination.statements.enums import StatementState
from coordination.statements.models import ClearanceStep, Draft, Statement
from coordination.statements.queries import standing
from coordination.statements.queries.next_steps import StatementFacts, next_steps, with_work
from coordination.statements.queries.objections import objecting_before
from coordination.statements.queries.positions import (
    MissingPositions,
    PositionsByAgency,
    missing_positions,
    newest_positions,
)
from coordination.statements.queries.standing import Work
from coordination.statements.queries.statements import live_statements, named_agencies


@dataclass(frozen=True, slots=True)
class StatementStatus:
    """What decides the next steps in a statement, as of `now`.

    `number` is that of the newest draft, `work` what is to settle in it. `asked` are the
    participating agencies. `named` has their keys, None for all members. `whole_silence` has the
    keys of the members that have had the silence of the open step from its first day. `objected`
    has the keys of the agencies that objected to an earlier draft and have not spoken since.
    `prepared` says by key what the reader's own agencies prepare, and `in_review` has those that
    have a Word file to look at. Both are empty unless `preparing.with_preparation` fills them.
    """

    statement: Statement
    number: int
    step: ClearanceStep | None
    work: Work
    positions: PositionsByAgency
    asked: tuple[Agency, ...]
    whole_silence: frozenset[int]
    named: frozenset[int] | None
    objected: frozenset[int]
    now: datetime
    prepared: Mapping[int, str] = field(default_factory=dict)
    in_review: frozenset[int] = frozenset()

    @property
    def amendments(self) -> tuple[int, ...]:
        """Return the agency (by key) of each open amendment."""
        return tuple(self.work.proposing)

    @property
    def silence_passed(self) -> bool:
        """Say whether silence has passed in the open step."""
        return self.step is not None and self.step.silence_passed(self.now)

    @property
    def past_silence(self) -> tuple[Agency, ...]:
        """Return the participating agencies for which silence has passed."""
        return self._in_silence if self.silence_passed else ()

    @property
    def _in_silence(self) -> tuple[Agency, ...]:
        return tuple(agency for agency in self.asked if agency.pk in self.whole_silence)

    @property
    def missing(self) -> MissingPositions:
        """Return which positions are missing in the open step."""
        holds = self.step is not None and self.step.silence_holds
        return missing_positions(
            self.positions, self.asked, self.past_silence, self._in_silence if holds else None
        )

    @property
    def facts(self) -> StatementFacts:
        """Return what decides the next steps."""
        facts = StatementFacts(
            statement=self.statement,
            number=self.number,
            at=self.now,
            step=self.step,
            missing=self.missing if self.step else None,
            past_silence=frozenset(agency.pk for agency in self.past_silence),
            named=self.named,
            prepared=self.prepared,
            in_review=self.in_review,
            objected=self.objected,
        )
        return with_work(facts, self.work)


def required_steps(
    statuses: Iterable[StatementStatus],
    agencies: Sequence[Agency],
    *,
    is_chair: bool,
    offices: Collection[int] = (),
) -> list[NextStep]:
    """Return what the agencies and the chair's team must do. Pure.

    `offices` are as in `next_steps`.
    """
    return [
        step
        for status in statuses
        for step in next_steps(status.facts, agencies, is_chair=is_chair, offices=offices)
        if step.must
    ]


def statement_statuses(
    day: date, now: datetime, *, is_chair: bool, group: Group | None = None
) -> list[StatementStatus]:
    """Return the status of each statement under way, oldest first.

    Only the chair sees statements in drafting, and adopted ones before their release. At most
    six queries; one less with `group`.
    """
    rows = _status_rows(is_chair=is_chair)
    if not rows:
        return []
    work = standing.work_on([row.draft_pk for row in rows if row.draft_pk], day)
    # queries only for what the rows have: most statements name no agencies and have no open step
    running = [row.running for row in rows if row.running_pk]
    positions = newest_positions(running) if running else {}
    silences = _silent_days([step for step in running if step.silence], now, group)
    days = {day, *itertools.chain(*silences.values())}
    members = members_of_days(days) if running else {day: ()}
    objected = objecting_before(running)
    named = named_agencies(rows) if any(row.of_some for row in rows) else {}
    keys = {each: frozenset(agency.pk for agency in members[each]) for each in members}
    whole = {step: keys[first] & keys[last] for step, (first, last) in silences.items()}
    return [
        StatementStatus(
            statement=row,
            number=row.number,
            step=row.running if row.running_pk else None,
            work=work.get(row.pk, Work()),
            positions=positions.get(row.running_pk, {}),
            asked=tuple(
                agency
                for agency in members[day]
                if row.pk not in named or agency.pk in named[row.pk]
            ),
            whole_silence=whole.get(row.running_pk, frozenset()),
            named=named.get(row.pk),
            objected=objected.get(row.running_pk, frozenset()),
            now=now,
        )
        for row in rows
    ]


def _status_rows(*, is_chair: bool) -> list[Any]:
    """Return the statements with their newest draft and open step. One query."""
    unreleased = Statement.objects.filter(state=StatementState.ADOPTED, released_at__isnull=True)
    visible = (
        live_statements() | unreleased.order_by("started_at", "pk")
        if is_chair
        else live_statements().exclude(state=StatementState.DRAFTING)
    )
    # subqueries and a filtered join, so that one query serves all statements
    newest = Draft.objects.filter(statement=OuterRef("pk")).order_by("-number")
    rows: list[Any] = list(
        visible.annotate(
            draft_pk=Subquery(newest.values("pk")[:1]),
            number=Coalesce(Subquery(newest.values("number")[:1]), 0),
            of_some=Exists(
                Statement.participating.through.objects.filter(statement=OuterRef("pk"))
            ),
            running=FilteredRelation("steps", condition=Q(steps__closed_at__isnull=True)),
            running_pk=F("running__pk"),  # without an open step, `running` raises AttributeError
        ).select_related("running__draft")  # type: ignore[misc]  # the plugin does not know filtered relations
    )
    # the join to steps may repeat a statement
    return list({row.pk: row for row in rows}.values())


def _silent_days(
    steps: Sequence[ClearanceStep], now: datetime, group: Group | None
) -> dict[int, tuple[date, date]]:
    """Return the first and the last day of each silence, by step key."""
    if not steps:
        return {}
    zone = (group or queries.group()).zone
    return {
        step.pk: (day_at(step.silent_since, zone), day_at(min(step.deadline, now), zone))
        for step in steps
    }
