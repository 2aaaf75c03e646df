"""Who gets what: every address x GET and POST x eight roles, against the explicit table in access.txt; an address without a row fails.

The table is read by people when it changes: `ACCESS=write ./test coordination/tests/e2e/test_access.py` writes what is so.
Columns: anonymous, focal point, colleague, other agency, chair, incoming chair, former focal point, administrator. Behind each address
stands something real (`things.py`). POST is sent without fields, but for those few that would answer alike to those who may and those
who may not: 422 or 302 say that the person may, and 403 that they may not. "who" is a redirect to a page that asks who one is: to
sign in, or to prove it once more before what is sensitive; the focal point has just done so.

The pages of a model in the admin share a row with those of the models that answer the same, which are named after it. Django lets staff in
there and nobody else, so they are asked as one of each: "…" stands for those who answer as the chair does.

What each role may do is asked of the views. A page is drawn for the first role that gets it, and left blank for the others.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import resolve

from coordination.tests.cast import NOW
from coordination.tests.e2e.access_table import TABLE, Entry, entries_of
from coordination.tests.e2e.addresses import Address, addresses, answer_of, client_of
from coordination.tests.e2e.things import ROLES, Things, prove, told

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(840), pytest.mark.once]

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


def entries(every: list[Address], method: str, things: Things, clients: dict[str, Client]):
    """Yield the entry of each address."""
    for each in every:
        asked = ASKED_OF_A_MODEL if each.model else ROLES
        fields = things.sent.get(each.name, {})
        with drawn_once():
            statuses = [
                said(answer_of(method, things.path(each), clients[role], fields))
                if role in asked
                else "…"
                for role in ROLES
            ]
        yield Entry(each.kind, method, " ".join(statuses), each.model)


@contextmanager
def drawn_once() -> Iterator[None]:
    """Draw each page once in this block; whoever gets it after that gets it blank."""
    drawn: set[str] = set()
    drawing: list[str] = []

    def render(template, context=None, request=None, real=Template.render):
        name = template.template.name
        if name in drawn and not drawing:
            return ""
        drawn.add(name)
        drawing.append(name)  # a form that is drawn with its page is a part of it
        try:
            return real(template, context, request)
        finally:
            drawing.pop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render)
        yield


def lines_of(every: Iterable[Entry]) -> list[str]:
    """Return the lines of the table."""
    models = defaultdict(list)
    for each in sorted(every):
        models[each[:3]].append(each.model)
    return sorted(
        f"{kind:<36} {method:<4} {statuses}  {' '.join(named)}".rstrip()
        for (kind, method, statuses), named in models.items()
    )


PARTS = (
    "accounts",
    "admin of others",
    "admin of ours",
    "desk, core and mails",
    "meetings",
    "members",
    "rotation",
    "statements to E",
    "statements from F",
)


def part_of(name: str, model: str) -> str:
    """Return which part of the table an address stands in: each is asked in a test of its own."""
    if name.startswith("admin"):
        ours = model.startswith(("meetings.", "members.", "statements."))
        return "admin of ours" if ours else "admin of others"
    if name.startswith("statements:"):
        return "statements to E" if name < "statements:f" else "statements from F"
    domain, colon, _rest = name.partition(":")
    if not colon:
        return "accounts"
    return domain if domain in PARTS else "desk, core and mails"


def is_of_the_admin(name: str) -> bool:
    return name.startswith("admin")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("part", PARTS)
def test_each_address_answers_each_role_as_the_table_says(quiet, now, settings, part, method):
    settings.DEMO = True
    cast, things = told(NOW)
    clients = {role: client_of(cast[role]) for role in ROLES}
    prove(clients["focal_point"], cast["focal_point"])
    every = [
        each
        for each in addresses()
        if part_of(each.name, each.model) == part and each.name not in LEFT_OUT
    ]

    found = set(entries(every, method, things, clients))
    table = entries_of(TABLE.read_text().splitlines())
    told_here = {
        each for each in table if part_of(each.kind, each.model) == part and each.method == method
    }
    if os.environ.get("ACCESS") == "write":
        TABLE.write_text("\n".join(lines_of(table - told_here | found)) + "\n")

    assert sorted(found) == sorted(told_here)


def test_the_table_has_one_line_for_all_that_answer_alike():
    lines = TABLE.read_text().splitlines()

    assert lines == lines_of(entries_of(lines))


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
