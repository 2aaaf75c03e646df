"""What the rotation asks of a person.

The open items of handovers for which their agency answers.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.asks import Ask, Scope
from coordination.rotation.enums import ItemState

NEAR_DAYS = 30


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
