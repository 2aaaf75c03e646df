"""When a mail about a deadline is due, and how long news stays news."""

from collections.abc import Iterable
from datetime import datetime, timedelta

AMEND_BEFORE = (timedelta(hours=24),)
POSITION_BEFORE = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=3))
# what was settled longer ago is told already, or is no news. Sources count it from `since`
RECENT = timedelta(days=14)


def stages(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta]
) -> list[tuple[str, datetime]]:
    """Return the occasions of a deadline in order.

    They are its opening, and the times `before` its end that lie after the opening.
    """
    spans = [span for span in sorted(before, reverse=True) if deadline - span > opened_at]
    return [
        ("opened", opened_at),
        *((f"{span // timedelta(hours=1)} h before", deadline - span) for span in spans),
    ]


def due_stages(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta], moment: datetime
) -> list[tuple[str, datetime]]:
    """Return the occasion that stands at `moment`, as a list.

    It is the last one that has come; after the deadline there is none.
    """
    come = [stage for stage in stages(opened_at, deadline, before) if stage[1] <= moment]
    return come[-1:] if moment < deadline else []
