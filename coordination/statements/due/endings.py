"""What is owed when a statement is adopted, released or withdrawn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.queries.agencies import members_on
from coordination.statements.due.occasions import RECENT
from coordination.statements.due.recipients import people_of, to_each
from coordination.statements.enums import AmendmentState
from coordination.statements.models import Statement
from coordination.statements.queries import drafts
from coordination.statements.queries import outcomes as outcomes_queries
from coordination.statements.queries.statements import named_in, signatories_of, statement_ends


def ended(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield that a statement was adopted, released, or withdrawn and why.

    The agencies that are in are told. With the adoption each of them is told which of its
    amendments lapsed by it.
    """
    found = statement_ends((since or moment) - RECENT, moment)
    agencies = list(members_on(day_in_group(moment))) if found else []
    people = (
        people_of(agencies, moment, Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL) if found else {}
    )
    named = named_in(end.statement for end in found) if found else {}
    for end in found:
        there = named.get(end.statement.pk, people)
        told = [one for pk, appointments in people.items() if pk in there for one in appointments]
        lapsed = (
            outcomes_queries.outcomes(drafts.latest_draft(end.statement), [AmendmentState.LAPSED])
            if end.stage == "adopted"
            else {}
        )
        for each in to_each(
            told,
            kind="statements.ended",
            subject=f"statement:{end.statement.pk}",
            stage=end.stage,
            at=end.at,
            url=reverse("statements:show", args=[end.statement.slug]),
            context={"statement": end.statement, "end": end, **_signed(end.statement)},
        ):
            ours = dict.fromkeys(one.agency for one in told if one.person_id == each.person_id)
            yield replace(
                each,
                context={
                    **each.context,
                    "lapsed": [outcome for agency in ours for outcome in lapsed.get(agency, [])],
                },
            )


def _signed(statement: Statement) -> dict[str, object]:
    """Return the agencies that signed, and those that did not join."""
    signatories = signatories_of(statement)
    return {
        "joined": [each.agency for each in signatories if each.joined],
        "apart": [each.agency for each in signatories if not each.joined],
    }
