"""Deliveries of an adopted statement at events."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.actions import refuse_far_day
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import StatementsChange, StatementState
from coordination.statements.errors import DeliveryAhead, DeliverySettled
from coordination.statements.models import Delivery, Statement


@dataclass(frozen=True, slots=True)
class DeliveryInput:
    """The details of a delivery; `speaker` has name and title."""

    event: str
    place: str
    day: date
    speaker: str
    on_behalf_of: str


@transaction.atomic
def plan_delivery(
    statement: Statement, details: DeliveryInput, *, by: Person, at: datetime
) -> Delivery:
    """Plan the delivery of an adopted statement.

    Its pages say "check against delivery" until `note_delivered`. Raises FarFromToday.
    """
    refuse_far_day(details.day, at=at, field="day")
    statement = guards.lock_for_chair(
        statement.pk, StatementState.ADOPTED, may="statements.release", by=by, at=at
    )
    delivery = Delivery(statement=statement, **asdict(details))
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_PLANNED)
    delivery.save()
    return delivery


def lock_planned_delivery(
    delivery: Delivery, version: int, *, by: Person, at: datetime
) -> Delivery:
    """Lock a delivery that is neither delivered nor cancelled.

    Raises Stale when it is not at `version`, or DeliverySettled.
    """
    guards.lock_for_chair(
        delivery.statement_id, StatementState.ADOPTED, may="statements.release", by=by, at=at
    )
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    versions.claim(delivery, version)
    if delivery.delivered_at or delivery.cancelled_at:
        raise DeliverySettled(_("This delivery is already noted or cancelled."))
    return delivery


@transaction.atomic
def edit_delivery(
    delivery: Delivery, details: DeliveryInput, *, version: int, by: Person, at: datetime
) -> Delivery:
    """Change a planned delivery; raise FarFromToday, Stale or DeliverySettled."""
    refuse_far_day(details.day, at=at, field="day")
    delivery = lock_planned_delivery(delivery, version, by=by, at=at)
    for name, value in asdict(details).items():
        setattr(delivery, name, value)
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_CHANGED)
    delivery.save(update_fields=[*asdict(details)])
    return delivery


@transaction.atomic
def note_delivered(
    delivery: Delivery, *, text: str, version: int, by: Person, at: datetime
) -> Delivery:
    """Note that a statement was delivered.

    `text` has the spoken words if they differ from the adopted text. Raises DeliveryAhead before
    the day of the delivery.
    """
    delivery = lock_planned_delivery(delivery, version, by=by, at=at)
    if delivery.day > day_in_group(at):
        raise DeliveryAhead(_("The day of this delivery has not come yet."))
    delivery.delivered_at, delivery.text = at, guards.clean_block_text(text)
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERED)
    delivery.save(update_fields=["delivered_at", "text"])
    return delivery


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, version: int, by: Person, at: datetime) -> Delivery:
    """Cancel a planned delivery; the row stays on record."""
    delivery = lock_planned_delivery(delivery, version, by=by, at=at)
    delivery.cancelled_at = at
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_CANCELLED)
    delivery.save(update_fields=["cancelled_at"])
    return delivery
