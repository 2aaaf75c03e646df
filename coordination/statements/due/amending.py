"""What is owed about amendments: a draft to amend, what became of them, changed words."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.queries.agencies import members_on
from coordination.statements.due.occasions import AMEND_BEFORE, RECENT, due_stages
from coordination.statements.due.recipients import people_of, to_each, to_each_for_agency
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import CoSponsor, Draft, Statement
from coordination.statements.queries import amendments, drafts, next_steps
from coordination.statements.queries import outcomes as outcomes_queries
from coordination.statements.queries.next_steps import StatementFacts
from coordination.statements.queries.statements import named_in


def open_to_amendments(moment: datetime) -> Iterator[Due]:
    """Yield the calls to amend each open draft.

    All agencies are called when it opens, and a day before the end those that proposed nothing.
    """
    statements = list(
        Statement.objects.filter(state=StatementState.AMENDMENTS, amendments_until__gt=moment)
    )
    agencies = list(members_on(day_in_group(moment))) if statements else []
    people = people_of(agencies, moment, Role.FOCAL_POINT) if statements else {}
    named = named_in(statements) if statements else {}
    for statement in statements:
        draft = drafts.latest_draft(statement)
        if draft.circulated_at is None or statement.amendments_until is None:
            continue
        facts = StatementFacts(
            statement=statement,
            number=draft.number,
            at=moment,
            amended=set(amendments.open_amendments(draft).values_list("agency_id", flat=True)),
            named=named.get(statement.pk),
        )
        steps = next_steps.next_steps(facts, agencies, is_chair=False)
        call = next_steps.first_of(steps, "statements.amend")
        if call is None:
            continue
        silent = {agency.pk for agency in call.agencies} if call.must else set()
        for stage, at in due_stages(
            draft.circulated_at, statement.amendments_until, AMEND_BEFORE, moment
        ):
            called = named.get(statement.pk, people) if stage == "opened" else silent
            # the later one says that the agency proposed nothing
            send = to_each if stage == "opened" else to_each_for_agency
            yield from send(
                [each for pk, found in people.items() if pk in called for each in found],
                kind="statements.amend_open",
                subject=f"draft:{draft.pk}/{statement.amendments_until:%Y%m%d%H%M}",
                stage=stage,
                at=at,
                url=call.url,
                context={
                    "statement": statement,
                    "draft": draft,
                    "deadline": statement.amendments_until,
                },
                until=statement.amendments_until,
            )


def settled_amendments(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield what became of the amendments to drafts before those issued lately.

    Each focal point of an agency gets one mail for each draft.
    """
    issued = Draft.objects.filter(
        number__gt=1, circulated_at__lte=moment, circulated_at__gt=(since or moment) - RECENT
    )
    for draft in issued.select_related("statement"):
        before = Draft.objects.get(statement=draft.statement_id, number=draft.number - 1)
        by_agency = outcomes_queries.outcomes(before)
        people = people_of(by_agency, moment, Role.FOCAL_POINT)
        comparison = reverse("statements:compare", args=[draft.statement.slug])
        for agency, outcomes in by_agency.items():
            yield from to_each_for_agency(
                people.get(agency.pk, []),
                kind="statements.settled",
                subject=f"draft:{draft.pk}",
                stage="issued",
                at=draft.circulated_at or moment,
                url=f"{comparison}?from={before.number}&to={draft.number}",
                context={"statement": draft.statement, "draft": draft, "outcomes": outcomes},
            )


def reworded(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield to co-sponsors that the words of an open amendment changed."""
    after = (since or moment) - RECENT
    left = CoSponsor.objects.filter(
        reworded=True, left_at__lte=moment, left_at__gt=after, amendment__state=AmendmentState.OPEN
    )
    found = list(
        left.select_related("agency", "amendment__agency", "amendment__block__draft__statement")
    )
    people = people_of({each.agency for each in found}, moment, Role.FOCAL_POINT) if found else {}
    for each in found:
        statement = each.amendment.block.draft.statement
        yield from to_each(
            people.get(each.agency_id, []),
            kind="statements.reworded",
            subject=f"cosponsor:{each.pk}",
            stage="reworded",
            at=each.left_at or moment,
            url=reverse("statements:show", args=[statement.slug]) + f"#a{each.amendment_id}",
            context={
                "statement": statement,
                "draft": each.amendment.block.draft,
                "amendment": each.amendment,
            },
        )
