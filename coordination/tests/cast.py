"""The cast: people whose names and roles never change, and the moment at which most tests play.

Monday 23 November 2026, 09:00 UTC. UNESCO chairs to 31 December 2026; WHO is confirmed from 1 January 2027.
"""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from coordination.core.models import Group
from coordination.members.enums import Role
from coordination.members.models import Agency, Person
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def now():
    """Stop the clock at the moment of the cast; move it with `now.move_to`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(db) -> Group:
    return Group.objects.create(
        name="Global Migration Group",
        acronym="GMG",
        time_zone="Europe/Zurich",
        city="Geneva",
        statement_languages=["en", "fr", "es", "ar", "zh", "ru"],
    )


def agency(acronym: str, city: str, zone: str) -> Agency:
    body = AgencyFactory(acronym=acronym, city=city, time_zone=zone)
    MembershipFactory(agency=body, first_day=date(2006, 1, 1))
    return body


@pytest.fixture
def unfpa(group) -> Agency:
    return agency("UNFPA", "New York", "America/New_York")


@pytest.fixture
def ohchr(group) -> Agency:
    return agency("OHCHR", "Geneva", "Europe/Zurich")


@pytest.fixture
def unesco(group) -> Agency:
    return agency("UNESCO", "Paris", "Europe/Paris")


@pytest.fixture
def who(group) -> Agency:
    return agency("WHO", "Geneva", "Europe/Zurich")


@pytest.fixture
def terms(unesco, who) -> tuple[ChairTerm, ChairTerm]:
    """Return UNESCO's term, which runs, and WHO's, which is confirmed."""
    now_term = ChairTermFactory(
        slug="2026-H2", first_day=date(2026, 7, 1), last_day=date(2026, 12, 31)
    )
    TermAgencyFactory(term=now_term, agency=unesco)
    next_term = ChairTermFactory(
        slug="2027-H1", first_day=date(2027, 1, 1), last_day=date(2027, 6, 30)
    )
    TermAgencyFactory(term=next_term, agency=who)
    return now_term, next_term


def appointed(
    name: str,
    email: str,
    body: Agency,
    *,
    role: Role = Role.FOCAL_POINT,
    last_day: date | None = None,
) -> Person:
    person = PersonFactory(name=name, email=email, time_zone=body.time_zone)
    AppointmentFactory(
        person=person, agency=body, role=role, first_day=date(2024, 1, 1), last_day=last_day
    )
    return person


@pytest.fixture
def focal_point(unfpa) -> Person:
    return appointed("Nadia Ferreira", "nadia.ferreira@unfpa.example.org", unfpa)


@pytest.fixture
def colleague(unfpa) -> Person:
    return appointed("Tomás Akande", "tomas.akande@unfpa.example.org", unfpa)


@pytest.fixture
def other_agency(ohchr) -> Person:
    return appointed("Samira Okonkwo", "samira.okonkwo@ohchr.example.org", ohchr)


@pytest.fixture
def chair(unesco, terms) -> Person:
    return appointed("Élodie Marchand", "elodie.marchand@unesco.example.org", unesco)


@pytest.fixture
def chair_colleague(unesco, terms) -> Person:
    return appointed("Kwame Brandt", "kwame.brandt@unesco.example.org", unesco)


@pytest.fixture
def incoming_chair(who, terms) -> Person:
    return appointed("Ruth Adeyemi", "ruth.adeyemi@who.example.org", who)


@pytest.fixture
def principals_office(unfpa) -> Person:
    return appointed(
        "Office of the Executive Director", "office@unfpa.example.org", unfpa, role=Role.OFFICE
    )


@pytest.fixture
def former_focal_point(unfpa) -> Person:
    return appointed(
        "Ingrid Halvorsen", "ingrid.halvorsen@unfpa.example.org", unfpa, last_day=date(2026, 6, 30)
    )


@pytest.fixture
def administrator(group) -> Person:
    return PersonFactory(
        name="Amara Diallo", email="admin@example.org", is_staff=True, is_superuser=True
    )


@pytest.fixture
def stranger(group) -> Person:
    return PersonFactory(name="Stranger", email="stranger@example.org")


@pytest.fixture
def sign_in(client):
    """Return how somebody of the cast signs in, in the one browser of the test."""

    def as_(person: Person) -> Client:
        client.force_login(person)
        return client

    return as_
