"""Reference data of every domain, lowest domain first."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core.actions import set_group
from coordination.core.enums import CoreChange
from coordination.core.errors import AnotherGroup
from coordination.core.models import Group
from coordination.meetings.actions import reference
from coordination.members.actions import reference as members
from coordination.members.models import Agency
from coordination.rotation.actions import reference as reference_actions
from coordination.statements.actions import reference as statements


def read(folder: Path, name: str) -> Any:
    """Return the content of one fixture."""
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def refuse_another_group(settings: Mapping[str, Any]) -> None:
    """Raise AnotherGroup if the database has another group.

    That is a group other than `settings`, or agencies of another. A group that was renamed stays
    the one that was loaded.
    """
    present = Group.objects.order_by("pk").first()
    if present is None:
        if Agency.objects.exists():
            raise AnotherGroup(
                _("This database has agencies and no group; these data are of the %(theirs)s.")
                % {"theirs": settings["name"]}
            )
        return
    loaded = present.history.filter(history_change_reason=CoreChange.REFERENCE_DATA)
    names = {present.name, *loaded.values_list("name", flat=True)}
    acronyms = {present.acronym, *loaded.values_list("acronym", flat=True)}
    if settings["name"] not in names and settings["acronym"] not in acronyms:
        raise AnotherGroup(
            _("This database belongs to the %(ours)s; these data are of the %(theirs)s.")
            % {"ours": present.name, "theirs": settings["name"]}
        )


@transaction.atomic
def load_reference(folder: Path, *, at: datetime) -> int:
    """Load the reference data, all or nothing.

    `folder` has the fixtures. Returns the number of changed records; loading twice changes nothing.
    Raises AnotherGroup.
    """
    group = read(folder, "group")
    refuse_another_group(group)
    changed = int(set_group(group, at=at))
    changed += members.load(read(folder, "members"), at=at)
    changed += reference_actions.load(read(folder, "rotation"), at=at) + reference_actions.load(
        read(folder, "checklist"), at=at
    )
    changed += reference.load(read(folder, "meetings"), at=at)
    return changed + statements.load(read(folder, "statements"))
