"""Derive mails about operations: open offers, ended offers, moved turns."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from coordination.core import queries
from coordination.core.clock import day_at, start_of
from coordination.core.due import Due, morning_of
from coordination.core.models import Group
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries import recipients
from coordination.rotation.due.selections import deciders
from coordination.rotation.due.stages import zone_of
from coordination.rotation.enums import OFFER_OPEN, OperationKind, OperationState
from coordination.rotation.models import TermOperation
from coordination.rotation.queries import offers, operations

OPERATION_IS_NEWS = timedelta(days=8)
REMINDED_BEFORE = 3  # days before an offer lapses
# all members are told of these by the mail that a term is confirmed
TOLD_AS_CONFIRMED = (
    OperationKind.CONFIRM,
    OperationKind.SUBSTITUTE,
    OperationKind.APPOINT_CARETAKER,
)


def turns_moved(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield news of each decided operation to the agencies it moved.

    It goes to their focal points of that day. `since` is the moment at which it was news.
    """
    decided = operations.operations().filter(
        state=OperationState.DECIDED,
        decided_at__gt=(since or at) - OPERATION_IS_NEWS,
        decided_at__lte=at,
    )
    for operation in decided.exclude(kind__in=TOLD_AS_CONFIRMED):
        assert operation.decided_at
        rows = operations.rows_of(operation)
        day = day_in_group(operation.decided_at)
        for appointment in focal_points(operations.agencies_moved(rows), day):
            own = [
                row
                for row in rows
                if any(
                    side and appointment.agency_id in side.agency_keys
                    for side in (row.before, row.after)
                )
            ]
            yield Due(
                kind="rotation.operation",
                subject=f"operation:{operation.pk}",
                stage="decided",
                person_id=appointment.person_id,
                at=operation.decided_at,
                url=reverse("rotation:operation", args=[operation.pk]),
                until=operation.decided_at + OPERATION_IS_NEWS,
                context={"operation": operation, "rows": own, "agency": appointment.agency},
            )


def focal_points(keys: Iterable[int], day: date) -> list[Appointment]:
    """Return the agencies' reachable focal points, each once.

    One query.
    """
    rows = recipients.reachable_appointments(keys, day, Role.FOCAL_POINT)
    return recipients.once_per_person(rows)


def offers_waiting(at: datetime) -> Iterator[Due]:
    """Yield mails to the agencies that an open offer asks.

    At once, and some days before it lapses. When all agreed, the chair's team is asked to
    record the group's decision.
    """
    group, day = queries.group(), day_in_group(at)
    for operation in offers.open_offers(day):
        if operation.state == OperationState.ACCEPTED:
            yield from to_be_decided(operation, day)
        else:
            waiting = [party.key for party in offers.parties(operation) if party.consent is None]
            for appointment in focal_points(waiting, day):
                stage, moment = newest_stage(operation, appointment, group, at)
                yield offer_due(operation, appointment, stage, moment, group)


def newest_stage(
    operation: TermOperation, appointment: Appointment, group: Group, at: datetime
) -> tuple[str, datetime]:
    """Return the newest reminder of an offer.

    Each number of the offer has its own.
    """
    assert operation.lapses_on
    asked = operation.moved_at or operation.made_at
    reminder = morning_of(
        operation.lapses_on - timedelta(days=REMINDED_BEFORE), zone_of(appointment.person, group)
    )
    number = operation.offer_number
    if asked < reminder <= at:
        return f"{number}-lapses", reminder
    return f"{number}-asked", asked


def offer_due(
    operation: TermOperation,
    appointment: Appointment,
    stage: str,
    moment: datetime,
    group: Group,
) -> Due:
    """Return one question to an agency whether it agrees."""
    assert operation.lapses_on
    rows = operations.rows_of(operation)
    return Due(
        kind="rotation.offer",
        subject=f"operation:{operation.pk}",
        stage=stage,
        person_id=appointment.person_id,
        at=moment,
        url=reverse("rotation:operation", args=[operation.pk]),
        until=start_of(operation.lapses_on + timedelta(days=1), group.zone),
        context={
            "operation": operation,
            "rows": rows,
            "lengths": operations.lengths(rows),
            "agency": appointment.agency,
            "agreed": False,
            "moved": operation.moved_at is not None,
        },
    )


def to_be_decided(operation: TermOperation, day: date) -> Iterator[Due]:
    """Yield to the chair's team that all agreed to an offer.

    To the administrators while nobody chairs.
    """
    rows = operations.rows_of(operation)
    at = max(consent.given_at for consent in operation.consents.all())
    for person in deciders(day):
        yield Due(
            kind="rotation.offer",
            subject=f"operation:{operation.pk}",
            stage=f"{operation.offer_number}-agreed",
            person_id=person.pk,
            at=at,
            url=reverse("rotation:operation", args=[operation.pk]),
            context={
                "operation": operation,
                "rows": rows,
                "lengths": operations.lengths(rows),
                "agency": "",
                "agreed": True,
                "moved": False,
            },
        )


def offers_ended(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield ended offers to the agencies of both terms.

    Void, declined, withdrawn, or lapsed.
    """
    group, after = queries.group(), (since or at) - OPERATION_IS_NEWS
    ended = Q(ended_at__gt=after, ended_at__lte=at)
    lapsed = Q(
        state__in=OFFER_OPEN,
        lapses_on__gte=day_at(after, group.zone) - timedelta(days=1),
        lapses_on__lt=day_in_group(at),
    )
    for operation in operations.operations().filter(ended | lapsed, kind=OperationKind.EXCHANGE):
        assert operation.lapses_on
        moment = operation.ended_at or start_of(operation.lapses_on + timedelta(days=1), group.zone)
        for appointment in focal_points(offers.party_keys(operation), day_at(moment, group.zone)):
            yield Due(
                kind="rotation.offer_ended",
                subject=f"operation:{operation.pk}",
                stage="ended",
                person_id=appointment.person_id,
                at=moment,
                url=reverse("rotation:operation", args=[operation.pk]),
                until=moment + OPERATION_IS_NEWS,
                context={
                    "operation": operation,
                    "rows": operations.rows_of(operation),
                    "lapsed": operation.ended_at is None,
                    "terms": " – ".join(row["term"] for row in operation.before),
                },
            )
