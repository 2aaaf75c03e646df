"""A new group, in an empty database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from coordination.core import actions
from coordination.core.errors import FieldRefused
from coordination.core.models import Group
from coordination.desk.actions import reference
from coordination.members.actions import people
from coordination.members.models import Person
from coordination.rotation.actions import reference as rotation


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first administrator: name and sign-in address."""

    name: str
    email: str


@transaction.atomic
def set_up(group: Group, administrator: Administrator, folder: Path, *, at: datetime) -> Person:
    """Record the group, its checklist and its first administrator.

    The checklist is that for a handover. The checklist is checklist.json of `folder`, if it is
    there. Returns the administrator. Raises AlreadySetUp, FieldRefused, NameWithLink.
    """
    actions.set_up_group(group)
    if (folder / "checklist.json").exists():
        rotation.load(reference.read(folder, "checklist"), at=at)
    try:
        validate_email(administrator.email)
    except ValidationError as error:
        raise FieldRefused(error.messages[0], field="admin_email") from error
    return people.add_person(
        administrator.name, email=administrator.email, time_zone="", at=at, administrator=True
    )
