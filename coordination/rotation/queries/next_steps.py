"""What a person must or may do next with terms and handovers."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.rotation.enums import ItemState

NEAR_DAYS = 30


def item_steps(items: Iterable[Any], day: date) -> list[NextStep]:
    """Return what items of handovers ask of the agencies for which they were read. Pure.

    Each item has `ours`. Items that are due more than NEAR_DAYS after `day` are left out.
    """
    near = day + timedelta(days=NEAR_DAYS)
    return [
        NextStep(
            kind="rotation.item",
            what=item.title,
            why=item.detail,
            verb=_("Open checklist"),
            scope=Scope.AGENCY,
            day=item.due_day,
            url_name="rotation:handover",
            url_args=(item.handover.incoming_term.slug,),
            anchor=f"item-{item.pk}",
        )
        for item in items
        if item.ours and item.state == ItemState.OPEN and item.due_day <= near
    ]
