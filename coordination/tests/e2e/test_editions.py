"""What is kept for an edition shows nobody what is another's, and nothing that has changed: pages asked outside of any transaction."""

import re

import pytest

from coordination.core import editions
from coordination.members.models import Agency, Appointment
from coordination.rotation.models import ChairTerm
from coordination.statements import actions
from coordination.statements.models import Amendment, Statement
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, client_of
from coordination.tests.e2e.things import ROLES, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(280), pytest.mark.once]

OF_ONE_ANSWER = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+')
APART = ("admin", "account", "mfa", "desk:health", "reminders:inbox")


@pytest.fixture
def story(now, settings):
    editions.forget()
    settings.DEMO = True
    return told(NOW)


def page(client, path) -> tuple[int, bytes]:
    response = client.get(path)
    return response.status_code, OF_ONE_ANSWER.sub(b"", b"".join(response))


def test_each_page_is_the_same_for_each_reader_whoever_read_before(story):
    """The first round may note that a draft was opened, which changes what is on record; the second starts each page from nothing.

    In the third each reader comes after those who see more: the administrator first, the chair before the agencies, nobody in particular last.
    """
    cast, things = story
    clients = {role: client_of(cast[role]) for role in ROLES}
    paths = sorted({things.path(each) for each in addresses() if not each.model and not each.name.startswith(APART)})
    ways = [(path, role) for path in paths for role in ROLES]
    for path, role in ways:
        page(clients[role], path)
    alone = {}
    for path, role in ways:
        editions.forget()
        alone[path, role] = page(clients[role], path)

    after_others = {(path, role): page(clients[role], path) for path, role in reversed(ways)}

    assert [way for way in ways if alone[way] != after_others[way]] == []
    assert len({body for status, body in alone.values() if status == 200}) > 100


def test_what_is_kept_is_really_taken(story, django_assert_num_queries):
    """Else the tests here would hold of nothing: the second reader of a page asks for the session, the group and the person alone."""
    cast, _things = story
    client = client_of(cast["focal_point"])
    slug = Statement.objects.get(state="amendments").slug
    for path in (f"/statements/{slug}/", "/desk/", f"/statements/{slug}/history/", f"/statements/{slug}/compile/"):
        client.get(path)
        client.get(path)

        with django_assert_num_queries(2):
            client.get(path)


def test_a_change_is_on_the_pages_of_others_at_once(story):
    cast, _things = story
    reader, chair, colleague = (client_of(cast[role]) for role in ("other_agency", "chair", "colleague"))
    statement = Statement.objects.get(state="amendments")
    own = Amendment.objects.filter(block__draft__statement=statement, state="open").select_related("author").first()
    text, history, desk = f"/statements/{statement.slug}/", f"/statements/{statement.slug}/history/", "/desk/"
    for client in (reader, chair, colleague):
        for path in (text, history, desk):
            client.get(path)

    note = f'id="a{own.pk}"'.encode()
    assert [note in page(client, text)[1] for client in (reader, chair, colleague)] == [True] * 3

    actions.withdraw_amendment(own, version=own.version, by=own.author, at=NOW)
    assert [note in page(client, text)[1] for client in (reader, chair, colleague)] == [False] * 3

    actions.close_amendments(statement, by=cast["chair"], at=NOW)
    assert b"The chair works the amendments into draft" in page(reader, text)[1]
    assert b"/consolidate/" in page(chair, text)[1]
    assert b"/consolidate/" not in page(reader, text)[1]


def test_who_leaves_sees_nothing_more(story):
    cast, _things = story
    client = client_of(cast["other_agency"])
    slug = Statement.objects.get(state="amendments").slug
    assert page(client, f"/statements/{slug}/")[0] == 200

    Appointment.objects.filter(person=cast["other_agency"]).update(last_day=NOW.date().replace(day=1))

    assert page(client, f"/statements/{slug}/")[0] == 404
    assert b"Nothing is asked of you now" not in page(client, "/desk/")[1]


def test_the_chair_passes_at_midnight_though_nothing_changed(story, now):
    """The day is in the key of what is kept."""
    cast, _things = story
    now.move_to(NOW.replace(month=12, day=31, hour=22))
    before, after = client_of(cast["chair"]), client_of(cast["incoming_chair"])
    term = ChairTerm.objects.get(first_day__lte=NOW.date(), last_day__gte=NOW.date(), state="confirmed")
    assert (page(before, "/statements/start/")[0], page(after, "/statements/start/")[0]) == (200, 403)
    assert page(after, "/")[1].count(b"Chair:") == 1

    now.move_to(NOW.replace(month=12, day=31, hour=23, minute=30))

    assert (page(before, "/statements/start/")[0], page(after, "/statements/start/")[0]) == (403, 200)
    masthead = page(after, "/desk/")[1]
    assert term.last_day.isoformat().encode() not in masthead.partition(b"<main")[0]


def test_a_new_name_of_the_group_or_of_an_agency_is_on_every_page(story):
    cast, _things = story
    client = client_of(cast["focal_point"])
    client.get("/members/")

    Agency.objects.filter(acronym="UNFPA").update(name="The population fund, renamed")

    assert b"The population fund, renamed" in page(client, "/members/")[1]
