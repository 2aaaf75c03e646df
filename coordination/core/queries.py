"""Reads of the group's settings."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.clock import day_at
from coordination.core.history import HistoryEntry
from coordination.core.models import Group, Heartbeat, SourceDisagreement

# when nothing has a history
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
UNNAMED = {"name": "Inter-agency group", "acronym": "GROUP"}


def group() -> Group:
    """Return the group, or an unsaved one with defaults.

    There is no group before reference data is loaded.
    """
    return Group.objects.order_by("pk").first() or Group(**UNNAMED)


def day_in_group(moment: datetime) -> date:
    """Return the day of `moment` in the group's zone.

    Authority is judged by this day.
    """
    return day_at(moment, group().zone)


def disagreements(topic: str) -> QuerySet[SourceDisagreement]:
    """Return where sources disagree about `topic` ("chair" or "membership")."""
    return SourceDisagreement.objects.filter(topic=topic)


def disagreement_changes(topic: str, naming: str = "") -> list[HistoryEntry]:
    """Return the changes of disagreements about `topic`, newest first.

    One query. `naming` limits them to those that name this agency ("": all).
    """
    records = SourceDisagreement.history.filter(topic=topic, about__contains=naming)
    return history.entries(
        records,
        name=lambda record: _("disagreement of sources “%(about)s”") % {"about": record.about},
    )


def newest_change(*models: Any) -> datetime:
    """Return the last change (UTC) of these models.

    One query. It is `NEVER` where nothing has a history.
    """
    newest = {
        f"newest_{place}": Subquery(
            model.history.order_by("-history_date").values("history_date")[:1]
        )
        for place, model in enumerate(models)
    }
    rows = Group.objects.order_by("pk").annotate(**newest).values_list(*newest)
    return max((moment for moment in rows.first() or () if moment), default=NEVER)


def last_beat(name: str) -> datetime | None:
    """Return when the component `name` last did its work (UTC), or None."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
