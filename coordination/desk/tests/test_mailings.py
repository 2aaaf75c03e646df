"""Who gets which mail: the lists, and that they say what is really due."""

from datetime import timedelta

import pytest

from coordination.core import due
from coordination.desk.enums import Readers
from coordination.desk.queries import mailings
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.reminders.models import MailPreference
from coordination.rotation.queries import chair_now
from coordination.tests.cast import NOW, TODAY, appointed
from coordination.tests.many import ROWS, many
from coordination.tests.story import tell

PAGE = "/people/mailings/"


def lists_of(day=TODAY) -> dict[str, list[str]]:
    found = mailings.mailing_lists(day, chair_now.chair_now(day))
    return {each.readers.value: [person.name for person in each.people] for each in found}


def test_the_lists_follow_from_the_appointments_of_the_day(
    focal_point, former_focal_point, principals_office, chair, incoming_chair, administrator, unfpa
):
    appointed("Head", "head@unfpa.example.org", unfpa, role=Role.PRINCIPAL)

    assert lists_of() == {
        "focal_points": ["Nadia Ferreira", "Ruth Adeyemi", "Élodie Marchand"],
        "chair": ["Élodie Marchand"],
        "incoming": ["Ruth Adeyemi"],
        "principals": ["Head"],
        "offices": ["Office of the Executive Director"],
        "administrators": ["Amara Diallo"],
    }


def test_who_leaves_is_on_no_list_the_next_day(focal_point, chair):
    Appointment.objects.filter(person=focal_point).update(last_day=TODAY)

    assert "Nadia Ferreira" in lists_of()["focal_points"]
    assert "Nadia Ferreira" not in lists_of(TODAY + timedelta(days=1))["focal_points"]


def test_addresses_are_what_a_mail_program_takes(chair, unesco):
    person = appointed('Ann "A." Lee', "ann@unesco.example.org", unesco)
    found = mailings.mailing_lists(TODAY, chair_now.chair_now(TODAY))

    assert found[0].addresses == (
        '"Ann \\"A.\\" Lee" <ann@unesco.example.org>, '
        '"Élodie Marchand" <elodie.marchand@unesco.example.org>'
    )
    assert person in found[1].people


def test_the_page_has_each_mail_and_what_people_chose(focal_point, chair, sign_in, now):
    MailPreference.objects.create(person=focal_point, kind="meetings.coming", frequency="off")
    MailPreference.objects.create(person=chair, kind="meetings.coming", frequency="digest")

    page = sign_in(focal_point).get(PAGE)

    found = {str(each.label): each for each in page.context["mailings"]}
    assert len(found) == len(due.sources())
    coming = found["Meetings to come"]
    assert (coming.lists.all_of, coming.off, coming.digest) == ((Readers.FOCAL_POINTS,), 1, 1)
    text = " ".join(page.content.decode().split())
    assert "off for 1, in the daily digest for 1" in text
    assert 'data-copy="addresses-focal_points"' in text


def test_only_members_read_the_lists(client, stranger, sign_in, now):
    assert client.get(PAGE).status_code == 302
    assert sign_in(stranger).get(PAGE).status_code == 403


@pytest.mark.parametrize("count", ROWS)
def test_the_page_costs_the_same_however_long(
    focal_point, chair, sign_in, count, now, django_assert_num_queries
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

    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.mark.parametrize("days", [0, 3, 30, 45, 200])
def test_the_lists_reach_whoever_gets_a_mail_of_the_demonstration(db, now, days):
    tell()
    at = NOW + timedelta(days=days)
    members = {
        each.readers: {person.pk for person in each.people}
        for each in mailings.mailing_lists(at.date(), chair_now.chair_now(at.date()))
    }
    wrong = {
        (source.kind, item.person_id)
        for source in due.sources()
        if source.kind in mailings.LISTS_OF_KINDS
        for item in source.find(at)
        # a mail to a former address goes to the person that it is about
        if not item.address
        and item.person_id not in mailings.readers_of(mailings.LISTS_OF_KINDS[source.kind], members)
    }

    assert wrong == set()


def test_each_kind_that_has_readers_is_one_that_is_sent():
    assert set(mailings.LISTS_OF_KINDS) - {source.kind for source in due.sources()} == set()


def test_each_kind_of_mail_says_whom_it_reaches():
    kinds = {source.kind for source in due.sources()}

    # an invitation to the app goes to the one person whom it invites
    assert kinds - mailings.LISTS_OF_KINDS.keys() == {"members.invitation"}
    assert mailings.LISTS_OF_KINDS.keys() - kinds == set()
