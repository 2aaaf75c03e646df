"""Mails about adoptions, releases and withdrawals of statements."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.queries.agencies import members_on
from coordination.statements.due.recipients import (
    appointments_of,
    of_agencies,
    one_per_person,
)
from coordination.statements.due.stages import RECENT
from coordination.statements.enums import AmendmentState
from coordination.statements.models import Statement
from coordination.statements.queries import drafts
from coordination.statements.queries import outcomes as outcomes_queries
from coordination.statements.queries.statements import (
    named_agencies,
    signatories_of,
    statement_ends,
)


def statement_endings(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the mails about adoptions, releases and withdrawals.

    They go to the participating agencies. A mail about an adoption lists the agency's lapsed
    amendments.
    """
    ends = statement_ends((since or moment) - RECENT, moment)
    agencies = list(members_on(day_in_group(moment))) if ends else []
    people = (
        appointments_of(agencies, moment, Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL)
        if ends
        else {}
    )
    named = named_agencies(end.statement for end in ends) if ends else {}
    for end in ends:
        readers = of_agencies(people, named.get(end.statement.pk, people))
        lapsed = (
            outcomes_queries.outcomes(drafts.latest_draft(end.statement), [AmendmentState.LAPSED])
            if end.stage == "adopted"
            else {}
        )
        for due in one_per_person(
            readers,
            kind="statements.ended",
            subject=f"statement:{end.statement.pk}",
            stage=end.stage,
            at=end.at,
            url=reverse("statements:show", args=[end.statement.slug]),
            context={"statement": end.statement, "end": end, **_signatory_context(end.statement)},
        ):
            own_agencies = dict.fromkeys(
                appointment.agency
                for appointment in readers
                if appointment.person_id == due.person_id
            )
            own_lapsed = [outcome for agency in own_agencies for outcome in lapsed.get(agency, [])]
            yield replace(due, context={**due.context, "lapsed": own_lapsed})


def _signatory_context(statement: Statement) -> dict[str, object]:
    signatories = signatories_of(statement)
    return {
        "joined": [signatory.agency for signatory in signatories if signatory.joined],
        "apart": [signatory.agency for signatory in signatories if not signatory.joined],
    }
