"""System checks of the database: `manage.py check --database default`.

`migrate` runs them too.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections, models
from simple_history.models import HistoricalChanges

from coordination.core import zones
from coordination.core.models import validate_time_zone


def zone_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Yield each model that stores a time zone, and the field's name."""
    for model in apps.get_models():
        # History may contain a zone that was known once; only present rows matter.
        if model._meta.proxy or issubclass(model, HistoricalChanges):
            continue
        for field in model._meta.concrete_fields:
            if validate_time_zone in field.validators:
                yield model, field.name


@register(Tags.database)
def check_stored_zones(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn of stored time zones that this machine's tzdata lacks.

    Their hours are shown in UTC.
    """
    warnings: list[CheckMessage] = []
    for alias in databases or ():
        tables = connections[alias].introspection.table_names()
        for model, name in zone_fields():
            # The check also runs before the first `migrate`.
            if model._meta.db_table not in tables:
                continue
            stored = (
                model._default_manager.using(alias)
                .order_by(name)
                .values_list(name, flat=True)
                .distinct()
            )
            warnings += [unknown_zone(model, zone) for zone in zones.unknown(*stored)]
    return warnings


def unknown_zone(model: type[models.Model], zone: str) -> CheckMessage:
    return CheckWarning(
        f"The time zone {zone!r} is not known to this machine; hours are shown in UTC.",
        hint="Upgrade the package tzdata, or correct the zone in the records.",
        obj=model,
        id="core.W001",
    )
