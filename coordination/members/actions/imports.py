"""Agencies, memberships and appointments from an operator's file.

A record that is there with the same values stays; one with other values is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import clean
from coordination.core.due import wake_on_commit
from coordination.core.enums import CoreChange
from coordination.core.errors import FieldRefused
from coordination.members.actions.agencies import refuse_second_membership, write_membership
from coordination.members.actions.appointments import (
    Tenure,
    refuse_backward_period,
    refuse_overlap,
    write_appointment,
)
from coordination.members.actions.people import refuse_link, verify_address
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership, Person


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """Whom a row names.

    Without an address they cannot sign in.
    """

    name: str
    email: str = ""


@transaction.atomic
def import_agency(acronym: str, values: Mapping[str, str], *, file: str) -> bool:
    """Create an agency and return whether it is new.

    `values` are name, city and time_zone. Raises FieldRefused.
    """
    stored = Agency.objects.filter(acronym=acronym).first()
    if stored:
        refuse_other_values(stored, values)
        return False
    agency = Agency(acronym=acronym, slug=slugify(acronym)[:30], **values)
    if Agency.objects.filter(slug=agency.slug).exists():
        raise FieldRefused(
            _("Another agency has the address “%(slug)s”.") % {"slug": agency.slug}, field="acronym"
        )
    _write(agency, agency.save, file=file)
    return True


@transaction.atomic
def import_membership(
    agency: Agency, standing: MembershipStatus, tenure: Tenure, sources: list[str], *, file: str
) -> bool:
    """Create a membership and return whether it is new.

    Raises FieldRefused, LastDayBeforeFirst, AlreadyBelongs.
    """
    values = {"standing": standing, "last_day": tenure.last_day, "sources": sources}
    stored = Membership.objects.filter(agency=agency, first_day=tenure.first_day).first()
    if stored:
        refuse_other_values(stored, values)
        return False
    refuse_backward_period(tenure.first_day, tenure.last_day)
    membership = Membership(agency=agency, first_day=tenure.first_day, **values)
    refuse_second_membership(membership)
    _write(membership, lambda: write_membership(membership), file=file)
    return True


@transaction.atomic
def import_appointment(
    person: ImportedPerson, agency: Agency, role: Role, tenure: Tenure, *, file: str, at: datetime
) -> bool:
    """Give a person a role and return whether it is new.

    The person gets an account if the file has an address. Its owner sets a password by “Forgot
    password?”. Raises FieldRefused, NameWithLink, LastDayBeforeFirst, AlreadyAppointed.
    """
    refuse_backward_period(tenure.first_day, tenure.last_day)
    account = _import_person(person, file=file, at=at)
    values = {"last_day": tenure.last_day, "title": tenure.title}
    stored = Appointment.objects.filter(
        person=account, agency=agency, role=role, first_day=tenure.first_day
    ).first()
    if stored:
        refuse_other_values(stored, values)
        return False
    appointment = Appointment(
        person=account, agency=agency, role=role, first_day=tenure.first_day, **values
    )
    refuse_overlap(appointment)
    _write(appointment, lambda: write_appointment(appointment), file=file)
    return True


def _import_person(person: ImportedPerson, *, file: str, at: datetime) -> Person:
    """Return the person with that address or, without an address, that name."""
    refuse_link(person.name)
    same = (
        Person.objects.filter(email__iexact=person.email)
        if person.email
        else Person.objects.filter(email=None, name=person.name)
    )
    stored = same.first()
    if stored:
        refuse_other_values(stored, {"name": person.name})
        return stored
    account = Person(
        name=person.name,
        email=person.email.lower() or None,
        is_active=bool(person.email),
        joined_at=at if person.email else None,
    )
    account.set_unusable_password()
    _write(account, account.save, file=file)
    if account.email:
        verify_address(account)
    return account


def refuse_other_values(stored: models.Model, values: Mapping[str, Any]) -> None:
    """Raise FieldRefused if a record has other values than the file."""
    for name, value in values.items():
        present = getattr(stored, name)
        if present != value:
            shown = present.isoformat() if isinstance(present, date) else present or _("nothing")
            raise FieldRefused(
                _("On record is %(present)s. Correct it in the records, or in the file.")
                % {"present": shown},
                field=name,
            )


def _write(record: models.Model, save: Callable[[], object], *, file: str) -> None:
    """Check the record's values, sign it and save it."""
    clean(record)
    history.sign(record, by=None, reason=CoreChange.IMPORTED, values={"file": file})
    save()
    wake_on_commit()
