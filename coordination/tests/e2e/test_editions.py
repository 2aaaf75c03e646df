"""What is kept for an edition shows nobody what is another's, and nothing that has changed: pages asked outside of any transaction."""

import re
from datetime import timedelta

import pytest

from coordination.core import editions
from coordination.core.models import Group
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Appointment, Person
from coordination.rotation.models import ChairTerm
from coordination.statements.actions import amendments
from coordination.statements.models import Amendment, Statement
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, client_of
from coordination.tests.e2e.things import ROLES, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(280), pytest.mark.once]

OF_ONE_ANSWER = re.compile(
    rb'(csrfmiddlewaretoken" value="|form_token" value="|X-CSRFToken": ")[\w-]+'
)
APART = ("admin", "account", "mfa", "desk:health", "reminders:inbox")


@pytest.fixture
def story(now, settings):
    editions.forget()
    settings.DEMO = True
    found = told(NOW)
    # each zone has its own; here all are given what was kept for others
    Person.objects.update(time_zone=Group.objects.get().time_zone)
    return found


def page(client, path) -> tuple[int, bytes]:
    response = client.get(path)
    return response.status_code, OF_ONE_ANSWER.sub(b"", b"".join(response))


def test_each_page_is_the_same_for_each_reader_whoever_read_before(story):
    """The first round, of statements, may note that a draft was opened, which changes what is on record; the second starts each from nothing.

    In the third each reader comes after those who see more: the administrator first, the chair before the agencies, nobody in particular last.
    """
    cast, things = story
    clients = {role: client_of(cast[role]) for role in ROLES}
    paths = sorted(
        {
            things.path(each)
            for each in addresses()
            if not each.model and not each.name.startswith(APART)
        }
    )
    ways = [(path, role) for path in paths for role in ROLES]
    for path, role in ways:
        if path.startswith("/statements/"):
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
    for path in (
        f"/statements/{slug}/",
        "/desk/",
        f"/statements/{slug}/history/",
        f"/statements/{slug}/compile/",
        "/statements/",
        "/meetings/",
    ):
        client.get(path)
        client.get(path)

        with django_assert_num_queries(3):
            client.get(path)


def test_a_change_is_on_the_pages_of_others_at_once(story):
    cast, _things = story
    reader, chair, colleague = (
        client_of(cast[role]) for role in ("other_agency", "chair", "colleague")
    )
    statement = Statement.objects.get(state="amendments")
    own = (
        Amendment.objects.filter(block__draft__statement=statement, state="open")
        .select_related("author")
        .first()
    )
    text, history, desk = (
        f"/statements/{statement.slug}/",
        f"/statements/{statement.slug}/history/",
        "/desk/",
    )
    for client in (reader, chair, colleague):
        for path in (text, history, desk):
            client.get(path)

    note = f'id="a{own.pk}"'.encode()
    assert [note in page(client, text)[1] for client in (reader, chair, colleague)] == [True] * 3

    amendments.withdraw_amendment(own, version=own.version, by=own.author, at=NOW)
    assert [note in page(client, text)[1] for client in (reader, chair, colleague)] == [False] * 3

    amendments.close_amendments(statement, by=cast["chair"], at=NOW)
    assert b"The chair works the amendments into draft" in page(reader, text)[1]
    assert b"/consolidate/" in page(chair, text)[1]
    assert b"/consolidate/" not in page(reader, text)[1]


def test_a_statement_is_in_the_list_of_each_reader_from_the_moment_they_may_know_of_it(story):
    cast, _things = story
    roles = ("chair", "focal_point", "anonymous")
    clients = [client_of(cast[role]) for role in roles]
    statement = Statement.objects.get(state="amendments")
    Statement.objects.update(released_at=None)

    def listed(**changed):
        Statement.objects.filter(pk=statement.pk).update(**changed)
        for _each in range(2):  # the second is given what was kept for the first
            found = [
                f'href="/statements/{statement.slug}/"'.encode() in page(client, "/statements/")[1]
                for client in clients
            ]
        return found

    assert listed(amendments_until=None) == [True, False, False]
    assert listed(amendments_until=NOW) == [True, True, False]
    assert listed(released_at=NOW) == [True, True, True]
    assert listed(released_at=None) == [True, True, False]


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("/statements/", "?state=withdrawn"),
        ("/statements/", "?state=adopted"),
        ("/meetings/", "?kind=event"),
    ],
)
def test_a_list_of_one_state_or_kind_is_not_taken_from_that_of_all(story, whole, part):
    cast, _things = story
    client = client_of(cast["focal_point"])
    editions.forget()
    alone = page(client, whole + part)
    editions.forget()
    everything = page(client, whole)

    assert page(client, whole + part) == alone != everything
    assert page(client, whole) == everything


def test_what_is_looked_for_in_the_list_of_statements_is_not_taken_from_the_list(story):
    cast, _things = story
    client = client_of(cast["focal_point"])
    one, other = Statement.objects.filter(amendments_until__isnull=False)[:2]
    for path in (
        "/statements/",
        f"/statements/?q={one.symbol}",
        "/statements/",
        f"/statements/?q={other.symbol}",
    ):
        body = page(client, path)[1]

        assert [
            s.slug for s in (one, other) if f'href="/statements/{s.slug}/"'.encode() in body
        ] == [s.slug for s in (one, other) if "?" not in path or s.symbol in path]


def test_a_meeting_that_ends_passes_to_those_held_though_nothing_changed(story, now):
    cast, _things = story
    client = client_of(cast["focal_point"])
    Meeting.objects.create(
        slug="soon", title="Soon over", starts_at=NOW, ends_at=NOW + timedelta(hours=1)
    )

    def sections():
        before, _, after = page(client, "/meetings/")[1].partition(b'id="past"')
        return b"Soon over" in before, b"Soon over" in after

    assert [sections(), sections()] == [(True, False)] * 2

    now.shift(timedelta(hours=1))

    assert [sections(), sections()] == [(False, True)] * 2


def test_who_leaves_sees_nothing_more(story):
    cast, _things = story
    client = client_of(cast["other_agency"])
    slug = Statement.objects.get(state="amendments").slug
    assert page(client, f"/statements/{slug}/")[0] == 200

    Appointment.objects.filter(person=cast["other_agency"]).update(
        last_day=NOW.date().replace(day=1)
    )

    assert page(client, f"/statements/{slug}/") == (302, b"")
    assert page(client, "/desk/") == (302, b"")


def test_the_chair_passes_at_midnight_though_nothing_changed(story, now):
    """The day is in the key of what is kept."""
    cast, _things = story
    now.move_to(NOW.replace(month=12, day=31, hour=22))
    before, after = client_of(cast["chair"]), client_of(cast["incoming_chair"])
    term = ChairTerm.objects.get(
        first_day__lte=NOW.date(), last_day__gte=NOW.date(), state="confirmed"
    )
    assert (page(before, "/statements/start/")[0], page(after, "/statements/start/")[0]) == (
        200,
        403,
    )
    assert page(after, "/")[1].count(b"Chair:") == 1

    now.move_to(NOW.replace(month=12, day=31, hour=23, minute=30))

    assert (page(before, "/statements/start/")[0], page(after, "/statements/start/")[0]) == (
        403,
        200,
    )
    masthead = page(after, "/desk/")[1]
    assert term.last_day.isoformat().encode() not in masthead.partition(b"<main")[0]


def test_a_new_name_of_the_group_or_of_an_agency_is_on_every_page(story):
    cast, _things = story
    client = client_of(cast["focal_point"])
    client.get("/members/")

    Agency.objects.filter(acronym="UNFPA").update(name="The population fund, renamed")

    assert b"The population fund, renamed" in page(client, "/members/")[1]
