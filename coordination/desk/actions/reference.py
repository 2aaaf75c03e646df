"""Reference data of every domain, lowest domain first."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from coordination.core.actions import set_group
from coordination.meetings.actions import reference
from coordination.members.actions import reference as members
from coordination.rotation.actions import reference as reference_actions
from coordination.statements.actions import reference as statements


def read(folder: Path, name: str) -> Any:
    """Return the content of one fixture."""
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_reference(folder: Path, *, at: datetime) -> int:
    """Load the reference data, all or nothing.

    `folder` has the fixtures. Returns the number of changed records; loading twice changes nothing.
    """
    changed = int(set_group(read(folder, "group"), at=at))
    changed += members.load(read(folder, "members"), at=at)
    changed += reference_actions.load(read(folder, "rotation"), at=at) + reference_actions.load(
        read(folder, "checklist"), at=at
    )
    changed += reference.load(read(folder, "meetings"), at=at)
    return changed + statements.load(read(folder, "statements"))
