"""The directory of people in office, and their cards."""

from datetime import date

import pytest
import vobject
from django.urls import reverse

from coordination.members.enums import Role
from coordination.members.models import Appointment, Person
from coordination.members.queries import vcards
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.tests.cast import TODAY, appointed
from coordination.tests.many import ROWS, many

pytestmark = pytest.mark.usefixtures("now", "group")
PAGE = "/people/"


@pytest.fixture
def everybody(focal_point, colleague, other_agency, principals_office, former_focal_point, unfpa):
    appointed("Dr. Head", "head@unfpa.example.org", unfpa, role=Role.PRINCIPAL)


def names(response) -> list[str]:
    return [line.appointment.person.name for line in response.context["lines"]]


def test_the_directory_lists_who_is_in_office(everybody, focal_point, sign_in):
    page = sign_in(focal_point).get(PAGE)

    assert names(page) == [
        "Samira Okonkwo",
        "Dr. Head",
        "Nadia Ferreira",
        "Tomás Akande",
        "Office of the Executive Director",
    ]
    assert "Ingrid Halvorsen" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("agency=ohchr", ["Samira Okonkwo"]),
        ("role=principal", ["Dr. Head"]),
        ("city=Geneva", ["Samira Okonkwo"]),
        ("text=TOMAS", ["Tomás Akande"]),
        ("text=samira.okonkwo@", ["Samira Okonkwo"]),
        ("role=focal_point&city=New+York", ["Nadia Ferreira", "Tomás Akande"]),
        ("text=nobody", []),
    ],
)
def test_the_directory_is_limited(everybody, focal_point, sign_in, query, found):
    assert names(sign_in(focal_point).get(f"{PAGE}?{query}")) == found


def test_an_unknown_limit_is_said_and_limits_nothing(everybody, focal_point, sign_in):
    page = sign_in(focal_point).get(f"{PAGE}?agency=none")

    assert (page.status_code, len(names(page))) == (422, 5)


def test_only_members_read_directory_and_cards(everybody, focal_point, stranger, client, sign_in):
    paths = (PAGE, f"/people/{focal_point.pk}/card.vcf", "/members/unfpa/cards.vcf")

    assert [client.get(path).status_code for path in paths] == [302, 302, 302]
    sign_in(stranger)
    assert [client.get(path).status_code for path in paths] == [403, 403, 403]


@pytest.mark.parametrize("count", ROWS)
def test_the_directory_costs_the_same_however_long(
    focal_point, sign_in, count, django_assert_num_queries
):
    agencies = many(
        AgencyFactory,
        count,
        acronym=[f"X{number}" for number in range(count)],
        slug=[f"x{number}" for number in range(count)],
    )
    many(MembershipFactory, count, agency=agencies)
    people = many(
        PersonFactory,
        count,
        name="P",
        email=[f"p{number}@x.example.org" for number in range(count)],
    )
    many(AppointmentFactory, count, agency=agencies, person=people)
    client = sign_in(focal_point)

    with django_assert_num_queries(12):
        page = client.get(PAGE)

    assert len(names(page)) == count + 1


def test_a_card_is_a_vcard_of_version_4(focal_point, unfpa, sign_in):
    Person.objects.filter(pk=focal_point.pk).update(name="Nadia; Ferreira, of \\ Rio")
    Appointment.objects.filter(person=focal_point).update(title="Chief, Migration")

    answer = sign_in(focal_point).get(reverse("members:card", args=[focal_point.pk]))

    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="person-{focal_point.pk}.vcf"'
    assert answer.content.decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{vcards.uid_of(focal_point)}",
        "KIND:individual",
        r"FN:Nadia\; Ferreira\, of \\ Rio",
        r"N:Nadia\; Ferreira\, of \\ Rio;;;;",
        "EMAIL;TYPE=work:nadia.ferreira@unfpa.example.org",
        "ORG:Agency UNFPA",
        "ROLE:focal point",
        r"TITLE:Chief\, Migration",
        "ADR;TYPE=work:;;;New York;;;",
        "URL:http://localhost:8000/members/unfpa/",
        "TZ:America/New_York",
        "END:VCARD",
        "",
    ]
    read = vobject.readOne(answer.content.decode())
    assert (read.fn.value, read.email.value, read.title.value) == (
        "Nadia; Ferreira, of \\ Rio",
        "nadia.ferreira@unfpa.example.org",
        "Chief, Migration",
    )


def test_the_cards_of_an_agency_are_those_of_its_people_in_office(everybody, focal_point, sign_in):
    answer = sign_in(focal_point).get("/members/unfpa/cards.vcf")

    assert [each.fn.value for each in vobject.readComponents(answer.content.decode())] == [
        "Dr. Head",
        "Nadia Ferreira",
        "Office of the Executive Director",
        "Tomás Akande",
    ]


def test_one_card_has_all_offices_of_a_person(focal_point, ohchr):
    AppointmentFactory(person=focal_point, agency=ohchr, role=Role.OFFICE)

    written = vcards.vcards(vcards.in_office(TODAY, person=focal_point)).decode()

    assert written.count("BEGIN:VCARD") == 1
    assert ("ORG:Agency OHCHR" in written, "ORG:Agency UNFPA" in written) == (True, True)


def test_a_person_without_address_and_an_agency_without_city_have_cards(group):
    agency = AgencyFactory(acronym="UNRC", city="")
    MembershipFactory(agency=agency)
    person = PersonFactory(name="Head", email=None)
    AppointmentFactory(person=person, agency=agency, role=Role.PRINCIPAL)

    lines = vcards.vcards(vcards.in_office(TODAY)).decode().split("\r\n")

    assert lines[4:9] == [
        "FN:Head",
        "N:Head;;;;",
        "ORG:Agency UNRC",
        "ROLE:principal",
        "URL:http://localhost:8000/members/unrc/",
    ]


def test_who_left_has_no_card(focal_point, former_focal_point, who, sign_in):
    client = sign_in(focal_point)

    assert client.get(f"/people/{former_focal_point.pk}/card.vcf").status_code == 404
    assert client.get("/members/who/cards.vcf").status_code == 404
    assert client.get("/people/999999/card.vcf").status_code == 404


def test_a_long_line_is_folded_between_letters():
    folded = vcards.folded("FN:" + "é" * 60)

    assert [len(line) for line in folded.split(b"\r\n")] == [75, 49, 0]
    assert folded.decode().replace("\r\n ", "") == "FN:" + "é" * 60 + "\r\n"


def test_the_roster_of_another_day_is_not_in_the_directory(focal_point, sign_in, unfpa):
    appointed("Soon", "soon@unfpa.example.org", unfpa)
    Appointment.objects.filter(person__name="Soon").update(first_day=date(2026, 11, 24))

    assert names(sign_in(focal_point).get(PAGE)) == ["Nadia Ferreira"]
