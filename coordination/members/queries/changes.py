"""The history of an agency's roster, as its page shows it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from coordination.core import history
from coordination.core.history import Change
from coordination.members.models import Agency, Appointment


def agency_changes(agency: Agency, *, most: int = 30) -> list[Change]:
    """Return the newest changes of the agency and of its people's appointments, newest first; two queries."""
    found = [*history.changes(agency, most=most), *_appointment_changes(agency, most)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:most]


def _appointment_changes(agency: Agency, most: int) -> Iterator[Change]:
    """Yield the changes of the agency's appointments, each with the person's name after the reason."""
    records: list[Any] = list(
        Appointment.history.filter(agency_id=agency.pk)
        .select_related("history_user", "person")
        .order_by("-history_date", "-history_id")[: 2 * most],
    )
    records.sort(key=lambda record: record.id)  # stable: the newest first within each appointment
    for _pk, steps in groupby(records, key=lambda record: record.id):
        own = list(steps)
        for new, old in zip(own, [*own[1:], None], strict=True):
            step = history.change(new, old, what=str(new.person))
            yield replace(step, reason=f"{step.reason}: {new.person}" if step.reason else str(new.person))
