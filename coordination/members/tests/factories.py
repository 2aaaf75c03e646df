"""Test data of the members domain."""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.models import Permission
from factory.django import DjangoModelFactory

from coordination.members.enums import Role
from coordination.members.models import (
    Agency,
    Appointment,
    Commission,
    Invitation,
    Membership,
    Person,
    Representation,
)
from coordination.members.queries.invitations import hash_of, token_of


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency
        django_get_or_create = ("acronym",)

    acronym = factory.Sequence(lambda n: f"AG{n}")
    slug = factory.LazyAttribute(lambda a: a.acronym.lower().replace(" ", "-"))
    name = factory.LazyAttribute(lambda a: f"Agency {a.acronym}")
    city = "Geneva"
    time_zone = "Europe/Zurich"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    agency = factory.SubFactory(AgencyFactory)
    first_day = date(2006, 1, 1)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    time_zone = ""


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    person = factory.SubFactory(PersonFactory)
    agency = factory.SubFactory(AgencyFactory)
    role = Role.FOCAL_POINT
    first_day = date(2020, 1, 1)


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    agency = factory.SubFactory(AgencyFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    name = factory.Sequence(lambda n: f"Invited {n}")
    nonce = factory.Sequence(lambda n: f"{n:032x}")
    token_sha256 = factory.LazyAttribute(lambda i: hash_of(token_of(i.nonce)))
    invited_by = factory.SubFactory(PersonFactory)
    invited_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    expires_at = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    person = factory.LazyAttribute(lambda i: PersonFactory(name=i.name, email=i.email))


class CommissionFactory(DjangoModelFactory):
    class Meta:
        model = Commission

    agency = factory.SubFactory(AgencyFactory, acronym="UNRC", city="", time_zone="")
    acronym = "ESCAP"
    city = "Bangkok"
    time_zone = "Asia/Bangkok"


class RepresentationFactory(DjangoModelFactory):
    class Meta:
        model = Representation

    commission = factory.SubFactory(CommissionFactory)
    first_day = date(2013, 1, 1)
    last_day = date(2013, 6, 30)


def staff(name: str, *codenames: str) -> Person:
    """Return an administrator who holds these permissions only."""
    person = PersonFactory(name=name, email=f"{name}@example.org", is_staff=True, password="!")
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person
