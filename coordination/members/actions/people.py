"""People's accounts and their own settings."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.errors import NotAllowed
from coordination.core.models import validate_plain_name
from coordination.members.enums import DemoRole, MembersChange
from coordination.members.errors import NameWithLink
from coordination.members.models import Person


def lock_person(person: Person) -> Person:
    """Lock the person's row and return it as it is saved."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def refuse_link(name: str) -> None:
    """Raise NameWithLink for a name that a mail program would show as a link.

    What is not sent through a form meets this.
    """
    try:
        validate_plain_name(name)
    except ValidationError as error:
        raise NameWithLink(error.messages[0], field="name") from error


@transaction.atomic
def update_profile(
    person: Person,
    *,
    name: str,
    time_zone: str,
    language: str | None = None,
    version: int,
    by: Person,
) -> Person:
    """Change one's own profile, or as an administrator that of another person.

    An empty zone is that of the group, an empty language that of the site; None leaves it.
    """
    person = lock_person(person)
    if by.pk != person.pk and not by.is_staff:
        raise NotAllowed(_("People change their own profile; an administrator can help."))
    refuse_link(name)
    versions.claim(person, version)
    person.name, person.time_zone = name, time_zone
    if language is not None:
        person.language = language
    history.sign(person, by=by, reason=MembersChange.PROFILE_CHANGED)
    person.save(update_fields=["name", "time_zone", "language"])
    return person


@transaction.atomic
def add_person(
    name: str, *, email: str, time_zone: str, at: datetime, administrator: bool = False
) -> Person:
    """Make a person with an account that works; for commands, which have nobody behind them.

    People are invited instead.

    Whoever has the address already stays as they are, so that a command may run twice.
    """
    found = Person.objects.filter(email__iexact=email).first()
    if found:
        return found
    refuse_link(name)
    person = Person(email=email.lower(), name=name, time_zone=time_zone, joined_at=at)
    person.is_staff = person.is_superuser = administrator
    person.set_unusable_password()
    history.sign(person, by=None, reason=MembersChange.ACCOUNT_MADE_BY_COMMAND)
    person.save()
    verify_address(person)
    return person


@transaction.atomic
def give_part(person: Person, part: DemoRole) -> Person:
    """Offer the person under `part` on the sign-in page of the demonstration, and nobody else."""
    Person.objects.filter(demo_role=part).exclude(pk=person.pk).update(demo_role="")
    Person.objects.filter(pk=person.pk).update(demo_role=part)
    person.demo_role = part
    return person


def note_sign_in(person: Person, *, at: datetime) -> None:
    """Note when the person last signed in.

    It is no change of their record, so history has nothing to say of it.
    """
    Person.objects.filter(pk=person.pk).update(last_login=at)


def verify_address(person: Person) -> None:
    """Note that the person's address is known to be theirs.

    Without it a password cannot be set anew.
    """
    EmailAddress.objects.update_or_create(
        user=person,
        email=person.email,
        defaults={"verified": True, "primary": True},
    )
