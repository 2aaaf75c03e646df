"""Where all statements under way stand: what decides their next steps, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from coordination.core import queries
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.next_steps import NextStep
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_by_day, members_on
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import Amendment, ClearanceStep, Draft, Statement
from coordination.statements.queries.next_steps import StatementFacts, next_steps
from coordination.statements.queries.positions import (
    Missing,
    Said,
    missing,
    newest_positions,
)
from coordination.statements.queries.statements import live_statements, named_in


@dataclass(frozen=True, slots=True)
class StatementStatus:
    """Where a statement under way stands.

    Its newest draft's number, who amended it, its open step and what was said in it.

    `asked` are the agencies that are in; `named` their keys, None where all members are.
    `members_then` are the keys of the members of the day on which silence ends.
    """

    statement: Statement
    number: int
    step: ClearanceStep | None
    amendments: tuple[int, ...]
    said: Said
    asked: tuple[Agency, ...]
    members_then: frozenset[int]
    named: frozenset[int] | None
    now: datetime

    @property
    def passed(self) -> bool:
        """Say whether silence has passed in the open step."""
        return self.step is not None and self.step.passed(self.now)

    @property
    def heard(self) -> tuple[Agency, ...]:
        """Return the agencies for which silence has passed."""
        return (
            tuple(agency for agency in self.asked if agency.pk in self.members_then)
            if self.passed
            else ()
        )

    @property
    def missing(self) -> Missing:
        """Return who has not spoken in the open step, who objects, and who let silence pass."""
        return missing(self.said, self.asked, self.heard)

    @property
    def facts(self) -> StatementFacts:
        """Return what decides the next steps."""
        return StatementFacts(
            statement=self.statement,
            number=self.number,
            at=self.now,
            step=self.step,
            missing=self.missing if self.step else None,
            heard=frozenset(agency.pk for agency in self.heard),
            amended=self.amendments,
            named=self.named,
        )


def required_steps(
    found: Iterable[StatementStatus], agencies: Sequence[Agency], *, is_chair: bool
) -> list[NextStep]:
    """Return what statements that stand so ask of the agencies, and of the chair's team. Pure."""
    return [
        step
        for standing in found
        for step in next_steps(standing.facts, agencies, is_chair=is_chair)
        if step.must
    ]


def standings(
    day: date, now: datetime, *, is_chair: bool, group: Group | None = None
) -> list[StatementStatus]:
    """Return where each statement under way stands at `now`, the oldest first; at most six queries.

    With the group at hand (`group`) one less.

    Those in drafting, and those adopted but not released, are the chair's.
    """
    own = Statement.objects.filter(state=StatementState.ADOPTED, released_at__isnull=True)
    live = (
        live_statements() | own.order_by("started_at", "pk")
        if is_chair
        else live_statements().exclude(state=StatementState.DRAFTING)
    )
    newest = Draft.objects.filter(statement=OuterRef("pk")).order_by("-number")
    rows: list[Any] = list(
        live.annotate(
            draft_pk=Subquery(newest.values("pk")[:1]),
            number=Coalesce(Subquery(newest.values("number")[:1]), 0),
            of_some=Exists(
                Statement.participating.through.objects.filter(statement=OuterRef("pk"))
            ),
            running=FilteredRelation("steps", condition=Q(steps__closed_at__isnull=True)),
            running_pk=F("running__pk"),  # the relation itself is not there when it leads nowhere
        ).select_related("running__draft")  # type: ignore[misc]  # the plugin does not know filtered relations
    )
    found = {row.pk: row for row in rows}.values()
    if not found:
        return []
    amended: dict[int, list[int]] = {}
    proposed = Amendment.objects.filter(
        block__draft__in=[row.draft_pk for row in found if row.draft_pk], state=AmendmentState.OPEN
    )
    for draft, agency in proposed.values_list("block__draft_id", "agency_id"):
        amended.setdefault(draft, []).append(agency)
    running = [row.running for row in found if row.running_pk]
    said = newest_positions(running) if running else {}
    everybody = tuple(members_on(day)) if running else ()
    named = named_in(found) if any(row.of_some for row in found) else {}
    silent = [step for step in running if step.silence]
    zone = (group or queries.group()).zone if silent else None
    ends = {step.pk: day_at(step.deadline, zone) for step in silent if zone}
    then = members_by_day(set(ends.values())) if ends else {}
    return [
        StatementStatus(
            row,
            row.number,
            row.running if row.running_pk else None,
            tuple(amended.get(row.draft_pk, ())),
            said.get(row.running_pk, {}),
            tuple(
                agency for agency in everybody if row.pk not in named or agency.pk in named[row.pk]
            ),
            then[ends[row.running_pk]] if row.running_pk in ends else frozenset(),
            named.get(row.pk),
            now,
        )
        for row in found
    ]
