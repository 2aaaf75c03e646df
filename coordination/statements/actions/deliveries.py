"""An adopted statement is spoken at an event: planned, changed, noted as delivered, cancelled."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import StatementsChange, StatementState
from coordination.statements.errors import DeliveryAhead, DeliverySettled
from coordination.statements.models import Delivery, Statement


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a statement is spoken: event, place, day, by whom (name and title), on whose behalf."""

    event: str
    place: str
    day: date
    speaker: str
    on_behalf_of: str


@transaction.atomic
def plan_delivery(
    statement: Statement, occasion: Occasion, *, by: Person, at: datetime
) -> Delivery:
    """Note where an adopted statement will be spoken, or was.

    It is marked "check against delivery" until the delivery is noted.
    """
    statement = guards.hold(
        statement.pk, StatementState.ADOPTED, may="statements.release", by=by, at=at
    )
    delivery = Delivery(statement=statement, **asdict(occasion))
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_PLANNED)
    delivery.save()
    return delivery


def planned(delivery: Delivery, version: int, *, by: Person, at: datetime) -> Delivery:
    """Lock a delivery that is neither noted nor cancelled.

    `version` is the one that its author saw. Raises Stale or DeliverySettled.
    """
    guards.hold(
        delivery.statement_id, StatementState.ADOPTED, may="statements.release", by=by, at=at
    )
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    versions.claim(delivery, version)
    if delivery.delivered_at or delivery.cancelled_at:
        raise DeliverySettled(_("This is noted as delivered, or cancelled, already."))
    return delivery


@transaction.atomic
def edit_delivery(
    delivery: Delivery, occasion: Occasion, *, version: int, by: Person, at: datetime
) -> Delivery:
    """Change where a statement will be spoken.

    Raise Stale when a colleague changed it meanwhile.
    """
    delivery = planned(delivery, version, by=by, at=at)
    for name, value in asdict(occasion).items():
        setattr(delivery, name, value)
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_CHANGED)
    delivery.save(update_fields=[*asdict(occasion)])
    return delivery


@transaction.atomic
def note_delivered(
    delivery: Delivery, *, text: str, version: int, by: Person, at: datetime
) -> Delivery:
    """Note that a statement was spoken.

    `text` has the words where they differ from the adopted text. Raises DeliveryAhead before its
    day.
    """
    delivery = planned(delivery, version, by=by, at=at)
    if delivery.day > day_in_group(at):
        raise DeliveryAhead(_("Its day has not come yet."))
    delivery.delivered_at, delivery.text = at, guards.block_text(text)
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERED)
    delivery.save(update_fields=["delivered_at", "text"])
    return delivery


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, version: int, by: Person, at: datetime) -> Delivery:
    """Note that it will not be spoken there; that it was planned stays on record."""
    delivery = planned(delivery, version, by=by, at=at)
    delivery.cancelled_at = at
    history.sign(delivery, by=by, reason=StatementsChange.DELIVERY_CANCELLED)
    delivery.save(update_fields=["cancelled_at"])
    return delivery
