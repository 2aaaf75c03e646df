"""Test data of the members domain."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Membership, Person


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
