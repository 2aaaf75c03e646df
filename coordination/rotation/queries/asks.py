"""What the rotation asks of a person: the open items of the handover, on the side of their agency."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.asks import Ask, Scope
from coordination.members.models import Agency, Person
from coordination.rotation.enums import ItemState
from coordination.rotation.queries.handovers import items_ahead

NEAR_DAYS = 30


def asks(person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool) -> list[Ask]:
    """Return the open items that are late or due within 30 days of `day`, for the sides that the person's agencies are on."""
    return asks_of(items_ahead(agencies, day), day)


def asks_of(items: Iterable[Any], day: date) -> list[Ask]:
    """Return what items of handovers (each with `ours`) ask of the agencies that they were read for, as of `day`. Pure."""
    near = day + timedelta(days=NEAR_DAYS)
    return [
        Ask(
            title=item.title,
            detail=item.detail,
            verb=_("Open checklist"),
            scope=Scope.AGENCY,
            day=item.due_day,
            kind="handover",
            url=f"{reverse('rotation:handover', args=[item.handover.incoming_term.slug])}#item-{item.pk}",
        )
        for item in items
        if item.ours and item.state == ItemState.OPEN and item.due_day <= near
    ]
