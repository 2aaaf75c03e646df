"""Mails about drafts to amend and about amendments."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.next_steps import NextStep
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.queries.agencies import members_on
from coordination.statements.due.recipients import (
    appointments_of,
    of_agencies,
    one_per_person,
    one_per_person_and_agency,
)
from coordination.statements.due.stages import AMEND_BEFORE, RECENT, stages_due
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import CoSponsor, Draft, Statement
from coordination.statements.queries import amendments, drafts, next_steps
from coordination.statements.queries import outcomes as outcomes_queries
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.statements import named_agencies


def open_to_amendments(moment: datetime) -> Iterator[Due]:
    """Yield the mails that ask agencies to amend a draft.

    All agencies get one when amendments open. A day before the deadline those that have proposed
    nothing get another.
    """
    statements = list(
        Statement.objects.filter(state=StatementState.AMENDMENTS, amendments_until__gt=moment)
    )
    agencies = list(members_on(day_in_group(moment))) if statements else []
    people = appointments_of(agencies, moment, Role.FOCAL_POINT) if statements else {}
    named = named_agencies(statements) if statements else {}
    for statement in statements:
        draft = drafts.latest_draft(statement)
        next_step = _amend_step(draft, agencies, named.get(statement.pk), moment)
        if next_step is None or draft.circulated_at is None or statement.amendments_until is None:
            continue
        silent = {agency.pk for agency in next_step.agencies} if next_step.must else set()
        for stage, at in stages_due(
            draft.circulated_at, statement.amendments_until, AMEND_BEFORE, moment
        ):
            addressed = named.get(statement.pk, people) if stage == "opened" else silent
            # the later mail names the agency that proposed nothing, so each agency has its own
            send = one_per_person if stage == "opened" else one_per_person_and_agency
            yield from send(
                of_agencies(people, addressed),
                kind="statements.amend_open",
                # with the deadline: a moved one has keys of its own, and is announced again
                subject=f"draft:{draft.pk}/{statement.amendments_until:%Y%m%d%H%M}",
                stage=stage,
                at=at,
                url=next_step.url,
                context={
                    "statement": statement,
                    "draft": draft,
                    "deadline": statement.amendments_until,
                },
                until=statement.amendments_until,
            )


def _amend_step(
    draft: Draft, agencies: Sequence[Agency], named: frozenset[int] | None, moment: datetime
) -> NextStep | None:
    """Return the agencies' step to amend the draft, or None."""
    facts = StatementFacts(
        statement=draft.statement,
        number=draft.number,
        at=moment,
        amended=set(amendments.open_amendments(draft).values_list("agency_id", flat=True)),
        named=named,
    )
    steps = next_steps.next_steps(facts, agencies, is_chair=False)
    return next_steps.step_of_kind(steps, "statements.amend")


def settled_amendments(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield mails about the outcomes of agencies' amendments.

    They go out when the next draft is issued, one to each focal point.
    """
    issued = Draft.objects.filter(
        number__gt=1, circulated_at__lte=moment, circulated_at__gt=(since or moment) - RECENT
    )
    for draft in issued.select_related("statement"):
        # the amendments were to the draft before the one that was issued
        before = Draft.objects.get(statement=draft.statement_id, number=draft.number - 1)
        by_agency = outcomes_queries.outcomes(before)
        people = appointments_of(by_agency, moment, Role.FOCAL_POINT)
        comparison = reverse("statements:compare", args=[draft.statement.slug])
        for agency, outcomes in by_agency.items():
            yield from one_per_person_and_agency(
                people.get(agency.pk, []),
                kind="statements.settled",
                subject=f"draft:{draft.pk}",
                stage="issued",
                at=draft.circulated_at or moment,
                url=f"{comparison}?from={before.number}&to={draft.number}",
                context={"statement": draft.statement, "draft": draft, "outcomes": outcomes},
            )


def reworded_amendments(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the mails to co-sponsors of a changed amendment."""
    after = (since or moment) - RECENT
    ended = CoSponsor.objects.filter(
        reworded=True, left_at__lte=moment, left_at__gt=after, amendment__state=AmendmentState.OPEN
    )
    cosponsors = list(
        ended.select_related("agency", "amendment__agency", "amendment__block__draft__statement")
    )
    people = (
        appointments_of({cosponsor.agency for cosponsor in cosponsors}, moment, Role.FOCAL_POINT)
        if cosponsors
        else {}
    )
    for cosponsor in cosponsors:
        statement = cosponsor.amendment.block.draft.statement
        yield from one_per_person(
            people.get(cosponsor.agency_id, []),
            kind="statements.reworded",
            subject=f"cosponsor:{cosponsor.pk}",
            stage="reworded",
            at=cosponsor.left_at or moment,
            url=reverse("statements:show", args=[statement.slug]) + f"#a{cosponsor.amendment_id}",
            context={
                "statement": statement,
                "draft": cosponsor.amendment.block.draft,
                "amendment": cosponsor.amendment,
            },
        )
