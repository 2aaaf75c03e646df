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
    """Raise NameWithLink for a name that mail programs show as a link.

    Forms validate this too; imports and commands have no form.
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

    An empty zone is that of the group, an empty language that of the site; None leaves it. Raises
    NotAllowed, NameWithLink, Stale.
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
    """Create a person with a working account, for commands.

    On pages people are invited instead. If the address is in use, that person is returned
    unchanged, so a command may run twice.
    """
    existing = Person.objects.filter(email__iexact=email).first()
    if existing:
        return existing
    refuse_link(name)
    person = Person(email=email.lower(), name=name, time_zone=time_zone, joined_at=at)
    person.is_staff = person.is_superuser = administrator
    # Its owner sets one by the link that is sent to the address.
    person.set_unusable_password()
    history.sign(person, by=None, reason=MembersChange.ACCOUNT_MADE_BY_COMMAND)
    person.save()
    verify_address(person)
    return person


@transaction.atomic
def set_demo_role(person: Person, part: DemoRole) -> Person:
    """Offer the person as `part` on the demonstration's sign-in page.

    Nobody else has that part then.
    """
    Person.objects.filter(demo_role=part).exclude(pk=person.pk).update(demo_role="")
    Person.objects.filter(pk=person.pk).update(demo_role=part)
    person.demo_role = part
    return person


def note_sign_in(person: Person, *, at: datetime) -> None:
    """Record when the person last signed in.

    It does not change their record, so history has no entry.
    """
    Person.objects.filter(pk=person.pk).update(last_login=at)


def verify_address(person: Person) -> None:
    """Record that the address is the person's own.

    Only a verified address can get a link to set a password.
    """
    EmailAddress.objects.update_or_create(
        user=person,
        email=person.email,
        defaults={"verified": True, "primary": True},
    )
