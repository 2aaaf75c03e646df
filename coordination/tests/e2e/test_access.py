"""Who gets what: every address x GET and POST x eight roles, against the explicit table in access.txt; an address without a row fails.

The table is read by people when it changes: `ACCESS=write ./test --fast -- coordination/tests/e2e/test_access.py` writes what is so.
Columns: anonymous, focal point, colleague, other agency, chair, incoming chair, former focal point, administrator. Behind each address
stands something real (`things.py`). POST is sent without fields, but for those few that would answer alike to those who may and those
who may not: 422 or 302 say that the person may, and 403 that they may not. "who" is a redirect to a page that asks who one is: to
sign in, or to prove it once more before what is sensitive; the focal point has just done so.

The pages of a model in the admin share a row with those of the models that answer the same, which are named after it. Django lets staff in
there and nobody else, so they are asked as one of each: "…" stands for those who answer as the chair does.
"""

import os
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import Address, addresses, answer_of, client_of
from coordination.tests.e2e.things import ROLES, Things, prove, told

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(280), pytest.mark.once]

TABLE = Path(__file__).with_name("access.txt")
ASKED_OF_A_MODEL = {"anonymous", "chair", "administrator"}
LEFT_OUT = {
    "desk:health": "its status tells of the machinery, not of people; the tests of reminders hold it",
    "admin:view_on_site": "no record says where it is on the site, so there is nothing to be sent to",
}
ASKS_WHO_ONE_IS = {
    "account_login",
    "account_reauthenticate",
    "admin:login",
    "core:records_sign_in",
    "mfa_authenticate",
    "mfa_reauthenticate",
}
LETS_NOBODY_THROUGH = {"admin/(?P<url>.*)$": "is where the admin says that it has no such page"}
LET_THROUGH = {"200", "302", "409", "422"}


def said(response: HttpResponse) -> str:
    """Return the status of an answer, or "who" where it asks who one is."""
    if (
        response.status_code == 302
        and resolve(urlsplit(response["Location"]).path).view_name in ASKS_WHO_ONE_IS
    ):
        return "who"
    return str(response.status_code)


def rows(every: list[Address], things: Things, clients: dict[str, Client]) -> list[str]:
    """Return the lines of the table."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in every:
        asked = ASKED_OF_A_MODEL if each.model else ROLES
        for method in ("GET", "POST"):
            fields = things.sent.get(each.name, {})
            statuses = [
                said(answer_of(method, things.path(each), clients[role], fields))
                if role in asked
                else "…"
                for role in ROLES
            ]
            found[each.kind, method, " ".join(statuses)].append(each.model)
    return [
        f"{kind:<36} {method:<4} {statuses}  {' '.join(filter(None, models))}".rstrip()
        for (kind, method, statuses), models in found.items()
    ]


def is_of_the_admin(name: str) -> bool:
    return name.startswith("admin")


@pytest.mark.parametrize("admin", [False, True])
def test_each_address_answers_each_role_as_the_table_says(quiet, now, settings, admin):
    settings.DEMO = True
    cast, things = told(NOW)
    clients = {role: client_of(cast[role]) for role in ROLES}
    prove(clients["focal_point"], cast["focal_point"])
    every = [
        each
        for each in addresses()
        if is_of_the_admin(each.name) == admin and each.name not in LEFT_OUT
    ]

    lines = sorted(rows(every, things, clients))
    if os.environ.get("ACCESS") == "write":
        others = [line for line in TABLE.read_text().splitlines() if is_of_the_admin(line) != admin]
        TABLE.write_text("\n".join(sorted([*lines, *others])) + "\n")

    assert lines == [
        line for line in TABLE.read_text().splitlines() if is_of_the_admin(line) == admin
    ]


def test_each_address_lets_somebody_through():
    """Where everybody is refused, the table would say the same of a page that is closed to those who may; in the admin the administrator may."""
    found = defaultdict(set)
    for line in TABLE.read_text().splitlines():
        kind, _method, *statuses = line.split()
        found[kind] |= set(
            statuses[len(ROLES) - 1 : len(ROLES)]
            if is_of_the_admin(kind)
            else statuses[1 : len(ROLES)]
        )

    assert {
        kind for kind, statuses in found.items() if not statuses & LET_THROUGH
    } == LETS_NOBODY_THROUGH.keys()


def test_what_is_left_out_is_there():
    assert LEFT_OUT.keys() <= {each.name for each in addresses()}
