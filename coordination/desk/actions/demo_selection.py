"""The selection of the demonstration.

Three agencies stand, one declines, the others are silent.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from coordination.core.periods import ONE_DAY, Period
from coordination.desk.actions.demo_story import (
    HALF_YEAR,
    MONTHS_BEFORE,
    Story,
    dated,
    months_later,
)
from coordination.rotation.actions import candidatures, selections
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.selections import SelectionDates, SelectionPlan
from coordination.rotation.models import Selection


def tell_selection(story: Story) -> None:
    """Open the next selection and answer for some agencies.

    Its term comes after the incoming chair's.
    """
    data = story.data["selection"]
    start = months_later(story.today.replace(day=1), 2 * HALF_YEAR - MONTHS_BEFORE)
    period = Period(start, months_later(start, HALF_YEAR) - ONE_DAY)
    days = [story.today + timedelta(days=number) for number in data["dates"]]
    moment = story.ago(days=data["opened_days_ago"])
    with dated(moment):
        selection = selections.open_selection(
            SelectionPlan(period, 1, SelectionDates(*days)),
            by=story.chair_at(moment),
            at=moment,
        )
    for entry in data["answers"]:
        tell_answer(story, selection, entry)


def tell_answer(story: Story, selection: Selection, entry: Mapping[str, Any]) -> None:
    """Answer the call for one agency."""
    moment = story.ago(days=entry["days_ago"])
    away = [story.today + timedelta(days=number) for number in entry.get("away", ())]
    answer = AnswerInput(
        entry["answer"],
        entry.get("reason", ""),
        entry.get("words", ""),
        entry.get("priorities", ""),
        entry.get("team", ""),
        wishes_next=entry.get("wishes_next", False),
        away=Period(*away) if away else None,
        away_reason=entry.get("away_reason", ""),
    )
    with dated(moment):
        candidatures.answer_call(
            selection,
            story.agencies[entry["agency"]],
            answer,
            version=0,
            by=story.speaker(entry["agency"]),
            at=moment,
        )
