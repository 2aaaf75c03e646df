"""What the rotation asks of a person: the open items of the handover, on the side of their agency."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.core.asks import Ask, Scope
from coordination.members.models import Agency, Person
from coordination.rotation.queries.handovers import open_items_of

NEAR_DAYS = 30


def asks(person: Person, agencies: list[Agency], day: date, now: datetime, *, is_chair: bool) -> list[Ask]:
    """Return the open items that are late or due within 30 days of `day`, for the sides that the person's agencies are on."""
    items = open_items_of(agencies, day).filter(due_day__lte=day + timedelta(days=NEAR_DAYS))
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
    ]
