"""What an agency prepares reaches nobody else: every address, every role that is not of the agency."""

import pytest

from coordination.statements.models import (
    ClearanceStep,
    PreparedAmendment,
    PreparedPosition,
    Statement,
)
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, answer_of, client_of
from coordination.tests.e2e.things import ROLES, told

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600), pytest.mark.once]

SECRETS = ("Zebras quietly", "UNFPA prepares", "In preparation:", "Only your agency sees this")
OWN = {"focal_point", "colleague"}
LEFT_OUT = {"desk:health"}
# the tables of the admin have tests of their own: it knows no record of what is prepared
ASKED = ("_changelist", "_change", "_history")


def leaks(role, client, every, things):
    found = []
    for address in every:
        response = answer_of("GET", things.path(address), client, {})
        if response.streaming or response.status_code >= 400:
            continue
        text = response.content.decode(errors="replace")
        found += [(role, address.name, secret) for secret in SECRETS if secret in text]
    return found


def test_what_an_agency_prepares_is_shown_to_its_own_people_alone(quiet, now):
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
    every = [
        each
        for each in addresses()
        if each.name not in LEFT_OUT and (not each.model or each.name.endswith(ASKED))
    ]
    # the pages of each statement, not only of the one that the things stand on
    paths = [
        f"/statements/{each.slug}/{view}"
        for each in Statement.objects.all()
        for view in ("", "positions/")
    ]

    shown, others = set(), []
    for role in ROLES:
        client = client_of(cast[role])
        asked = [each for each in every if not each.model or role == "administrator"]
        found = leaks(role, client, asked, things) if role not in OWN else []
        texts = [client.get(path).content.decode() for path in [*paths, "/desk/"]]
        found += [(role, secret) for secret in SECRETS for text in texts if secret in text]
        if role in OWN:
            shown |= {(role, secret) for _role, secret in found}
        else:
            others += found

    assert others == []
    assert shown == {(role, secret) for role in OWN for secret in SECRETS}
