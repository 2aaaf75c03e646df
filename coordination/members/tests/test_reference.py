"""The real members, with their dates and sources: what fixtures/ says comes out of the database."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from coordination.core import queries as core_queries
from coordination.core.actions import set_group
from coordination.members.actions import reference
from coordination.members.models import Agency, Appointment, Membership, Person, Representation
from coordination.members.queries import agencies, people
from coordination.tests.story import made_once

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fixture(name):
    return json.loads((settings.FIXTURES / name).read_text())


@pytest.fixture
def loaded(db):
    """Load the group and its members as load_reference does; return how many records changed."""

    def load():
        set_group(fixture("group.json"), at=AT)
        return reference.load(fixture("members.json"), at=AT)

    return made_once("members", load)


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2003, 3, 31), 0),
        (date(2003, 4, 1), 4),
        (date(2003, 12, 31), 6),
        (date(2006, 12, 31), 10),
        (date(2007, 12, 31), 14),
        (date(2009, 12, 31), 16),
        (date(2014, 12, 31), 18),
        (date(2026, 11, 23), 18),
    ],
)
def test_the_number_of_members_is_that_of_the_sources(loaded, day, count):
    assert agencies.members_on(day).count() == count


def test_loading_twice_changes_nothing_and_leaves_no_trace(loaded):
    def traces():
        return [
            m.history.count() for m in (Agency, Membership, Representation, Person, Appointment)
        ]

    before = traces()

    assert loaded > 0
    assert reference.load(fixture("members.json"), at=AT) == 0
    assert set_group(fixture("group.json"), at=AT) is False
    assert traces() == before


def test_loading_again_leaves_what_a_person_changed(loaded, django_user_model):
    membership = Membership.objects.get(agency__acronym="WHO")
    membership.last_day = date(2027, 1, 1)
    membership._change_reason = "Left"
    membership.save()

    assert reference.load(fixture("members.json"), at=AT) == 0
    assert Membership.objects.get(agency__acronym="WHO").last_day == date(2027, 1, 1)


def test_loading_again_puts_nothing_beside_days_that_a_person_corrected(loaded):
    kept = [
        Membership.objects.get(agency__acronym="WHO"),
        Representation.objects.order_by("first_day").first(),
        Appointment.objects.order_by("first_day").first(),
    ]
    for record in kept:
        record.first_day += timedelta(days=1)
        record.save()
    counts = [type(record).objects.count() for record in kept]

    assert reference.load(fixture("members.json"), at=AT) == 0
    assert [type(record).objects.count() for record in kept] == counts


def test_loading_again_brings_a_corrected_fixture_up_to_date(loaded):
    data = fixture("members.json")
    data["agencies"][0]["name"] = "International Labour Office"
    data["representations"][0]["note"] = "A note"

    assert reference.load(data, at=AT) == 2
    assert Agency.objects.get(acronym="ILO").name == "International Labour Office"


def test_the_group_s_settings_are_loaded(loaded):
    group = core_queries.group()

    assert (group.acronym, group.time_zone, group.focal_points_min, group.focal_points_max) == (
        "GMG",
        "Europe/Zurich",
        2,
        4,
    )


def test_escap_speaks_for_the_commissions_in_2013(loaded):
    unrc = Agency.objects.get(slug="unrc")

    assert agencies.zone_and_city(unrc, date(2013, 2, 1)).city == "Bangkok"
    assert agencies.zone_and_city(unrc, date(2013, 2, 1)).commission == "ESCAP"
    assert unrc.commissions.count() == 5


def test_heads_are_on_record_only_where_a_source_names_them(loaded):
    heads = Appointment.objects.order_by("first_day", "agency__acronym").values_list(
        "agency__acronym", "person__name"
    )

    assert list(heads) == [
        ("OHCHR", "Navi Pillay"),
        ("UNESCO", "Irina Bokova"),
        ("UNODC", "Yury Fedotov"),
        ("IOM", "William Lacy Swing"),
        ("ILO", "Guy Ryder"),
        ("UN Women", "Phumzile Mlambo-Ngcuka"),
        ("UNU", "David M. Malone"),
        ("FAO", "José Graziano da Silva"),
        ("IOM", "William Lacy Swing"),
    ]
    assert Person.objects.filter(name="William Lacy Swing").count() == 1
    assert (
        people.principal_on(Agency.objects.get(slug="unesco"), date(2012, 5, 31)).person.name
        == "Irina Bokova"
    )
    assert not Person.objects.exclude(email=None).exists()


def test_every_membership_has_its_source_and_precision(loaded):
    founders = Membership.objects.filter(first_precision="month").values_list(
        "agency__acronym", flat=True
    )

    assert sorted(founders) == ["ILO", "IOM", "OHCHR", "UNHCR"]
    assert all(membership.sources for membership in Membership.objects.all())


def test_disagreements_of_the_sources_stand_with_the_agencies_that_they_name(loaded):
    def about(slug):
        return [d.about for d in agencies.disagreements_about(Agency.objects.get(slug=slug))]

    assert about("un-women") == [
        "Joining of WHO and UN Women",
        "Members on 30 September 2010, WHO and UN Women among them or not",
    ]
    assert about("unodc") == ["UNODC and UNCTAD in the Geneva Migration Group"]
    assert about("ilo") == []
