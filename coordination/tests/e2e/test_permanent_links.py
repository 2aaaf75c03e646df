"""The permanent link at the foot of a page opens for others who belong: from where only some may act it leads to the page of the object."""

import re

import pytest
from django.urls import reverse

from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, client_of
from coordination.tests.e2e.things import told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(840),
    pytest.mark.usefixtures("quiet"),
]

LINK = re.compile(r'<a href="([^"]*)">Permanent link: ([^<]*)</a>')
# pages that the chair's team alone can open
CHAIRS = ("statements:act", "statements:reopen_amendments", "statements:consolidate")
OF_THE_FEW = {
    "members:set_password": "who has a password changes it on another page",
    "reminders:message": "a mail is shown to whom it went, and to the chair where it cannot be delivered",
    "reminders:outbox": "what cannot be delivered has no other page",
}


def link_of(client, path):
    """Return the permanent link of the page; "" where there is none."""
    response = client.get(path)
    page = b"".join(response)  # a file is closed when it was read
    found = (
        LINK.search(page.decode())
        if response.headers.get("Content-Type", "").startswith("text/html")
        else None
    )
    return found[1] if found and found[1] == found[2] else ""


def test_a_permanent_link_opens_for_others_who_belong(now, settings):
    settings.DEMO = True
    cast, things = told(NOW)
    other = client_of(cast["other_agency"])
    clients = {role: client_of(cast[role]) for role in ("focal_point", "chair", "administrator")}
    asked = [
        each
        for each in addresses()
        if each.name.partition(":")[0] in things.by_domain and each.name not in OF_THE_FEW
    ]
    links = {
        (each.name, role): link_of(clients[role], things.path(each))
        for each in asked
        for role in clients
    }

    shut = {
        page: link for page, link in links.items() if link and other.get(link).status_code != 200
    }

    statement = reverse("statements:show", args=[things.by_domain["statements"]["slug"]])
    assert shut == {}
    assert {name: links[name, "chair"] for name in CHAIRS} == dict.fromkeys(CHAIRS, statement)
    assert links["statements:start", "chair"] == reverse("statements:list")
    assert links["statements:compile", "chair"] == f"{statement}compile/"
