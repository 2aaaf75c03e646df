"""Derive mails to the chair about too few or too many focal points."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from coordination.core import queries as core_queries
from coordination.core.clock import day_at
from coordination.core.due import Due
from coordination.members.queries import shortages
from coordination.rotation.due.selections import deciders


def agencies_short(at: datetime) -> Iterator[Due]:
    """Yield each agency's wrong number of focal points to the chair's team.

    On the occasions on which the agency itself is told; to the administrators while nobody chairs.
    Who is told for the agency gets no second mail.
    """
    group = core_queries.group()
    day = day_at(at, group.zone)
    wrong_numbers = shortages.wrong_numbers(day, group)
    team = deciders(day) if wrong_numbers else []
    for wrong in wrong_numbers:
        occasion = shortages.occasion(wrong.flag, group, at)
        if occasion is None:
            continue
        readers = {row.person_id: row.person.name for row in wrong.readers}
        for person in team:
            if person.pk not in readers:
                yield Due(
                    kind="rotation.agency_short",
                    subject=f"agency:{wrong.agency.pk}",
                    stage=occasion.stage,
                    person_id=person.pk,
                    at=occasion.at,
                    url=reverse("members:agency", args=[wrong.agency.slug]) + "#focal-points",
                    context={
                        "agency": wrong.agency,
                        "flag": wrong.flag,
                        "headline": wrong.headline,
                        "told": list(readers.values()),
                    },
                )
