"""Pages of long lists.

The count and the first page, which most people read, are kept for an edition (core.editions).
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from coordination.core.editions import Stamp, kept


def page_of(
    found: QuerySet[Any],
    number: str | None,
    size: int,
    stamp: Stamp,
    *key: Hashable,
    read: Callable[[Iterable[Any]], list[Any]] = list,
) -> Page[Any]:
    """Return a page of `size` rows of an ordered list, as `read` gives them.

    The one of that number, the first or last where there is none.

    How many rows there are, and those of the first page, are shared by all who read under `stamp`
    with the same `key`, which says all that `found` depends on. The other pages are read each time:
    there may be hundreds. Two queries and those of `read`, none for what is kept.
    """
    paginator = Paginator(found, size)
    paginator.count = kept(stamp, *key, "count", make=found.count)
    page = paginator.get_page(number)
    rows = page.object_list
    page.object_list = (
        kept(stamp, *key, "first page", make=lambda: read(rows)) if page.number == 1 else read(rows)
    )
    return page
