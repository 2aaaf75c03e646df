"""Who may do what with statements."""

import pytest
from django.contrib.auth.models import AnonymousUser

from coordination.core import permissions
from coordination.core.permissions import On
from coordination.statements.queries import statements
from coordination.statements.tests.factories import circulated, drafted
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
CHAIRS = ("start", "edit", "circulate", "settle", "issue", "clear", "adopt", "release", "withdraw")


@pytest.fixture
def people(
    focal_point,
    other_agency,
    chair,
    incoming_chair,
    principals_office,
    former_focal_point,
    administrator,
    stranger,
):
    return {
        "anonymous": AnonymousUser(),
        "focal point": focal_point,
        "other agency": other_agency,
        "chair": chair,
        "incoming chair": incoming_chair,
        "office": principals_office,
        "former": former_focal_point,
        "administrator": administrator,
        "stranger": stranger,
    }


def who_may(people, name, thing) -> set[str]:
    return {
        role
        for role, person in people.items()
        if permissions.allowed(person, f"statements.{name}", On(TODAY, thing))
    }


IN_OFFICE = {"focal point", "other agency", "chair", "incoming chair", "office"}


@pytest.mark.parametrize("name", CHAIRS)
def test_the_chairs_acts_are_the_chairs(people, name):
    assert who_may(people, name, circulated().statement) == {"chair"}


@pytest.mark.parametrize("name", ["amend", "take_position"])
def test_who_is_in_office_for_a_member_amends_and_speaks(people, name):
    assert who_may(people, name, circulated()) == IN_OFFICE


def who_sees(people, statement) -> set[str]:
    return {
        role
        for role, person in people.items()
        if statement in statements.visible_statements(statements.access_of(person, On(TODAY)))
    }


def test_who_reads(people):
    draft, released = circulated(), drafted(released_at=NOW).statement

    assert who_sees(people, drafted().statement) == {"chair"}
    assert who_sees(people, draft.statement) == IN_OFFICE | {"administrator"}
    assert who_sees(people, released) == set(people)


def test_refusals_say_who_may(stranger, terms):
    with pytest.raises(permissions.NotAllowed, match="Only people who are in office"):
        permissions.require(stranger, "statements.amend", On(TODAY, circulated().statement))
