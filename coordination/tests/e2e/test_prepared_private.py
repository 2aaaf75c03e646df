"""What an agency prepares reaches nobody else: every address, every role that is not of the agency."""

import pytest

from coordination.statements.models import (
    ClearanceStep,
    PreparedAmendment,
    PreparedPosition,
    Statement,
)
from coordination.tests.cast import NOW
from coordination.tests.e2e.access_table import pages_of
from coordination.tests.e2e.addresses import addresses, answer_of, client_of
from coordination.tests.e2e.things import ROLES, told

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600), pytest.mark.once]

SECRETS = ("Zebras quietly", "UNFPA prepares", "In preparation:", "Only your agency sees this")
OWN = {"focal_point", "colleague"}
# the tables of the admin have tests of their own: it knows no record of what is prepared
ASKED = ("_changelist", "_change", "_history")


def leaks(role, client, things, *, records):
    """Return the secrets on each page that this role is shown, and how many there are: those of records, or all others."""
    every = [each for each in addresses() if not each.model or each.name.endswith(ASKED)]
    found, seen = [], 0
    for address in pages_of(role, [each for each in every if bool(each.model) == records]):
        response = answer_of("GET", things.path(address), client, {})
        if response.streaming:
            continue
        seen += response.status_code == 200
        text = response.content.decode(errors="replace")
        found += [(role, address.name, secret) for secret in SECRETS if secret in text]
    return found, seen


@pytest.fixture
def prepared(quiet, now, settings):
    """Let an agency prepare an amendment and a position; return the cast and the things."""
    settings.DEMO = True
    cast, things = told(NOW)
    unfpa = PreparedAmendment.objects.first().agency
    step = ClearanceStep.objects.filter(closed_at=None).first()
    PreparedAmendment.objects.update(
        proposed_text="Zebras quietly run.", rationale="Zebras quietly"
    )
    PreparedPosition.objects.filter(step=step, agency=unfpa).delete()
    PreparedPosition.objects.create(
        step=step,
        agency=unfpa,
        author=cast["focal_point"],
        kind="object",
        reason="Zebras quietly",
        saved_at=NOW,
    )
    return cast, things


def told_on_its_pages(role, client):
    """Return the secrets on the pages of each statement, not only of the one that the things stand on, and on the desk."""
    paths = [
        f"/statements/{each.slug}/{view}"
        for each in Statement.objects.all()
        for view in ("", "positions/")
    ]
    texts = [client.get(path).content.decode() for path in [*paths, "/desk/"]]
    return {(role, secret) for secret in SECRETS for text in texts if secret in text}


def test_what_an_agency_prepares_is_shown_to_its_own_people(prepared):
    cast, _things = prepared

    shown = {each for role in OWN for each in told_on_its_pages(role, client_of(cast[role]))}

    assert shown == {(role, secret) for role in OWN for secret in SECRETS}


@pytest.mark.parametrize("role", [role for role in ROLES if role not in OWN])
def test_what_an_agency_prepares_is_shown_to_nobody_else(prepared, role):
    """Only where access.txt says that a role is shown a page is there something to read: a refusal or a way elsewhere has no text of it."""
    cast, things = prepared
    client = client_of(cast[role])

    found, seen = leaks(role, client, things, records=False)

    assert found == []
    assert told_on_its_pages(role, client) == set()
    assert seen > 20


def test_what_an_agency_prepares_is_in_no_record_of_the_admin(prepared):
    cast, things = prepared

    found, seen = leaks("administrator", client_of(cast["administrator"]), things, records=True)

    assert found == []
    assert seen > 100
