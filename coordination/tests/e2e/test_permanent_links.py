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


@pytest.fixture
def story(now, settings):
    settings.DEMO = True
    return told(NOW)


def links_for(role, story):
    """Return the permanent link of each page that this role opens."""
    cast, things = story
    client = client_of(cast[role])
    return {
        each.name: link_of(client, things.path(each))
        for each in addresses()
        if each.name.partition(":")[0] in things.by_domain and each.name not in OF_THE_FEW
    }


def shut_to_others(links, story):
    """Return the links that do not open for somebody of another agency."""
    cast, _things = story
    other = client_of(cast["other_agency"])
    statuses = {link: other.get(link).status_code for link in set(links.values()) if link}
    return {page: link for page, link in links.items() if link and statuses[link] != 200}


def test_a_permanent_link_of_an_administrator_opens_for_others_who_belong(story):
    assert shut_to_others(links_for("administrator", story), story) == {}


def test_from_where_the_chair_acts_it_leads_to_the_page_of_the_object(story):
    _cast, things = story
    links = links_for("chair", story)

    statement = reverse("statements:show", args=[things.by_domain["statements"]["slug"]])
    # the chair opens all that a focal point does
    assert shut_to_others(links, story) == {}
    assert {name: links[name] for name in CHAIRS} == dict.fromkeys(CHAIRS, statement)
    assert links["statements:start"] == reverse("statements:list")
    assert links["statements:compile"] == f"{statement}compile/"
