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
    """Return what items of handovers ask of the agencies for which they were read. Pure.

    Each item has `ours`. Items that are due more than NEAR_DAYS after `day` are left out.
    """
    near = day + timedelta(days=NEAR_DAYS)
    return [
        Ask(
            title=item.title,
            detail=item.detail,
            verb=_("Open checklist"),
            scope=Scope.AGENCY,
            day=item.due_day,
            kind="handover",
            url=_place_of(item),
        )
        for item in items
        if item.ours and item.state == ItemState.OPEN and item.due_day <= near
    ]


def _place_of(item: Any) -> str:
    """Return the address of the item on the page of its handover."""
    page = reverse("rotation:handover", args=[item.handover.incoming_term.slug])
    return f"{page}#item-{item.pk}"
