"""The deadlines of the rotation, for calendar feeds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.models import Group
from coordination.members.models import Agency
from coordination.members.queries.feeds import Deadline
from coordination.rotation.enums import ItemState
from coordination.rotation.queries import handovers, selections


def selection_deadlines() -> list[Deadline]:
    """Return the stage deadlines of running selections.

    The last days of stages; two queries.
    """
    return [
        Deadline(
            f"selection-{selection.pk}-{stage}",
            selection.version,
            last_day,
            words % {"selection": selection.slug},
            reverse("rotation:selection", args=[selection.slug]),
        )
        for selection in selections.running()
        for stage, last_day, words in (
            ("call", selection.call_until, _("Chair of %(selection)s: say whether you stand")),
            (
                "consultation",
                selection.consultation_until,
                _("Chair of %(selection)s: consultations end"),
            ),
            ("decision", selection.decision_until, _("Chair of %(selection)s: decide")),
        )
    ]


def item_deadlines(agencies: Sequence[Agency], day: date, group: Group) -> list[Deadline]:
    """Return the agencies' due days of open handover items.

    One query.
    """
    items: Any = handovers.items_ahead(agencies, day, group).filter(state=ItemState.OPEN)
    return [
        Deadline(
            f"handover-item-{item.pk}",
            item.version,
            item.due_day,
            _("Handover to %(term)s: %(title)s")
            % {"term": item.handover.incoming_term.slug, "title": item.shown_title},
            reverse("rotation:handover", args=[item.handover.incoming_term.slug])
            + f"#item-{item.pk}",
        )
        for item in items
        if item.ours
    ]
