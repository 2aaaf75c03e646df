"""What has changed shows on the pages of others at once."""

from datetime import timedelta

import pytest

from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Appointment
from coordination.rotation.models import ChairTerm
from coordination.statements.actions import amendments
from coordination.statements.models import Amendment, Statement
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import client_of
from coordination.tests.e2e.things import told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(840)]


@pytest.fixture
def story(now, settings):
    settings.DEMO = True
    return told(NOW)


def page(client, path) -> tuple[int, bytes]:
    response = client.get(path)
    return response.status_code, b"".join(response)


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
        return [
            f'href="/statements/{statement.slug}/"'.encode() in page(client, "/statements/")[1]
            for client in clients
        ]

    assert listed(amendments_until=None) == [True, False, False]
    assert listed(amendments_until=NOW) == [True, True, False]
    assert listed(released_at=NOW) == [True, True, True]
    assert listed(released_at=None) == [True, True, False]


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
