"""What the rotation asks of a person: the open items of the handover, on the side of their agency."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.asks import Ask, Scope
from coordination.core.queries import group
from coordination.members.models import Agency, Person
from coordination.rotation.queries.handovers import handover_in_progress, sides

NEAR_DAYS = 30


def asks(person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool) -> list[Ask]:
    """Return the open items that are late or due within 30 days of `day`, for the sides that the person's agencies are on."""
    handover = handover_in_progress(day, group().handover_grace_days)
    if handover is None:
        return []
    mine = {agency.pk for agency in agencies}
    url = reverse("rotation:handover", args=[handover.incoming_term.slug])
    return [
        Ask(
            title=item.title,
            detail=item.detail,
            url=f"{url}#item-{item.pk}",
            verb=_("Open checklist"),
            scope=Scope.AGENCY,
            day=item.due_day,
            kind="handover",
        )
        for side in sides(handover, day)
        if mine & {agency.pk for agency in side.agencies}
        for item in side.open
        if (item.due_day - day).days <= NEAR_DAYS
    ]
