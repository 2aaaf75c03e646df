"""Find the original days of terms and handover items.

A reminder of a moved day is another occasion: it is sent again for the new day. One that never
moved keeps its stage, so nobody is reminded twice of it.
"""

from collections.abc import Iterable
from datetime import date

from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, HandoverItem


def first_days_confirmed(term_keys: Iterable[int]) -> dict[int, date]:
    """Return the first day with which each term was confirmed; one query."""
    rows = ChairTerm.history.filter(id__in=set(term_keys), state=TermState.CONFIRMED)
    # the oldest entry of each term comes last, and stays in the dictionary
    return dict(rows.order_by("-history_date", "-history_id").values_list("id", "first_day"))


def due_days_at_first(item_keys: Iterable[int]) -> dict[int, date]:
    """Return the original due day of each handover item.

    One query.
    """
    rows = HandoverItem.history.filter(id__in=set(item_keys))
    return dict(rows.order_by("-history_date", "-history_id").values_list("id", "due_day"))


def stage_for(stage: str, day: date, at_first: date | None) -> str:
    """Return the stage of a reminder about `day`, which was `at_first` before. Pure."""
    return stage if at_first in {None, day} else f"{stage} {day.isoformat()}"
