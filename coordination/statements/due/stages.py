"""When mails about a deadline are due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

AMEND_BEFORE = (timedelta(hours=24),)
POSITION_BEFORE = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=3))
# older facts were mailed already, or are no longer news; sources count this back from `since`
RECENT = timedelta(days=14)


def deadline_stages(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta]
) -> list[tuple[str, datetime]]:
    """Return a deadline's stages as (name, moment), in order.

    The stages are its opening, and the times `before` its end that are after the opening.
    """
    spans = [span for span in sorted(before, reverse=True) if deadline - span > opened_at]
    return [
        ("opened", opened_at),
        *((f"{span // timedelta(hours=1)} h before", deadline - span) for span in spans),
    ]


def stages_due(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta], moment: datetime
) -> list[tuple[str, datetime]]:
    """Return the last stage reached at `moment`, as a list.

    The list is empty after the deadline.
    """
    reached = [
        stage for stage in deadline_stages(opened_at, deadline, before) if stage[1] <= moment
    ]
    # only the last one: after a pause of the planner nobody gets three mails at once
    return reached[-1:] if moment < deadline else []
