"""A record of history says where the change came from, and no more than that."""

import pytest
from django.urls import reverse
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from coordination.core.change_source import session_digest
from coordination.core.models import SourceDisagreement
from coordination.members.models import Agency, Person
from coordination.members.tests.factories import AgencyFactory
from gmgapp.celery import app

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


def latest_sources(model):
    return list(model.history.order_by("history_id").values_list("history_source", flat=True))


def rename(client, person, **extra):
    client.post(
        reverse("members:profile"),
        {"name": "Other Name", "time_zone": "", "version": person.version},
        **extra,
    )


def test_a_change_on_a_page_keeps_a_digest_of_the_session_and_no_address(client, focal_point):
    client.force_login(focal_point)
    rename(client, focal_point, REMOTE_ADDR=ADDRESS)

    key = client.session.session_key
    assert latest_sources(Person)[-1] == f"session:{session_digest(key)}"
    assert (key in str(latest_sources(Person)), len(session_digest(key))) == (False, 16)


def test_the_address_is_kept_only_if_a_setting_says_so(client, focal_point, settings):
    settings.HISTORY_KEEPS_ADDRESS = True
    client.force_login(focal_point)
    rename(client, focal_point, REMOTE_ADDR=ADDRESS)

    assert (
        latest_sources(Person)[-1]
        == f"session:{session_digest(client.session.session_key)}@{ADDRESS}"
    )


def test_an_address_that_is_not_known_is_left_empty(client, focal_point, settings):
    """As where the web server speaks over a socket file."""
    settings.HISTORY_KEEPS_ADDRESS = True
    client.force_login(focal_point)
    rename(client, focal_point, REMOTE_ADDR="")

    assert latest_sources(Person)[-1] == f"session:{session_digest(client.session.session_key)}"


def test_a_command_and_a_task_say_their_names(monkeypatch):
    @app.task(name="reminders.of_this_test")
    def change():
        AgencyFactory(acronym="IOM")

    monkeypatch.setattr("sys.argv", ["/srv/app/manage.py", "load_reference"])
    AgencyFactory(acronym="WHO")
    change.apply()
    monkeypatch.setattr("sys.argv", ["manage.py"])
    AgencyFactory(acronym="ILO")

    sources = dict(Agency.history.values_list("acronym", "history_source"))
    assert sources == {
        "WHO": "command:load_reference",
        "IOM": "task:reminders.of_this_test",
        "ILO": "",
    }


def test_rows_written_at_once_say_it_too(monkeypatch):
    monkeypatch.setattr("sys.argv", ["manage.py", "load_reference"])
    made = bulk_create_with_history(
        [SourceDisagreement(topic="chair", about=f"{n}", accounts={}) for n in range(2)],
        SourceDisagreement,
    )
    for each in made:
        each.topic = "membership"
    bulk_update_with_history(made, SourceDisagreement, ["topic"])

    assert latest_sources(SourceDisagreement) == ["command:load_reference"] * 4


def test_administrators_see_it_in_the_records_and_nobody_on_a_page(
    client, administrator, focal_point, monkeypatch
):
    monkeypatch.setattr("sys.argv", ["manage.py", "load_reference"])
    agency = AgencyFactory(acronym="IOM")
    client.force_login(administrator)

    address = reverse("admin:members_agency_history", args=[agency.pk])
    assert "command:load_reference" in client.get(address).content.decode()
    client.force_login(focal_point)
    assert client.get(reverse("admin:members_agency_history", args=[agency.pk])).status_code in {
        302,
        403,
    }


def test_a_row_that_names_its_source_keeps_it(monkeypatch):
    agency = AgencyFactory(acronym="IOM")
    monkeypatch.setattr("sys.argv", ["manage.py", "load_reference"])
    Agency.history.create(
        **{
            **Agency.history.values().first(),
            "history_id": None,
            "history_source": "task:reminders.plan",
        }
    )

    assert list(agency.history.order_by("history_id").values_list("history_source", flat=True)) == [
        "",
        "task:reminders.plan",
    ]
