"""The group in the admin: one row, which stays."""

import re

import pytest

from coordination.core.models import Group
from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import PersonFactory
from coordination.tests.admin_pages import sent_by
from coordination.tests.pseudo import accented, pseudo_locale

pytestmark = pytest.mark.django_db
ADD = "/admin/core/group/add/"


@pytest.fixture
def records(client, administrator):
    client.force_login(administrator)
    return client


def test_there_is_one_group_and_it_stays(records, group):
    act = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}

    assert records.get(ADD).status_code == 403
    assert records.post(ADD, {"name": "Another", "acronym": "A"}).status_code == 403
    assert records.post(f"/admin/core/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    records.post("/admin/core/group/", act)

    assert [found.pk for found in Group.objects.all()] == [group.pk]


def test_where_there_is_no_group_one_is_added(client):
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    fields = sent_by(client.get(ADD)) | {"name": "Network on Migration", "acronym": "NM"}

    assert client.post(ADD, fields).status_code == 302

    assert Group.objects.get().acronym == "NM"
    assert client.get(ADD).status_code == 403


def test_the_group_is_changed(records, group):
    address = f"/admin/core/group/{group.pk}/change/"

    assert (
        records.post(address, sent_by(records.get(address)) | {"acronym": "UNNM"}).status_code
        == 302
    )

    group.refresh_from_db()
    assert (group.acronym, group.version) == ("UNNM", 2)


def test_history_shows_values_in_the_language_of_its_reader(records, group):
    address = f"/admin/core/group/{group.pk}/change/"
    sent = sent_by(records.get(address)) | {"about": "About migrants. " * 20}
    del sent["balance_shown"]
    records.post(address, sent)

    history = f"/admin/core/group/{group.pk}/history/"
    english = text_of(records.get(history)).replace("&nbsp;", " ")
    with pseudo_locale():
        own = text_of(records.get(history)).replace("&nbsp;", " ")

    assert re.findall(r"\w+ +&rarr; +\w+(?=</li>)", english) == ["yes  &rarr;  no"]
    assert f"{accented('yes')}  &rarr;  {accented('no')}</li>" in own
    assert ("characters]" in english, accented("characters]") in own) == (True, True)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_a_record_is_found_by_its_key_where_the_address_names_no_field(records, unfpa, page):
    membership = unfpa.memberships.get()

    sent = records.post(
        f"/admin/members/membership/{membership.pk}/{page}/?_to_field=", {"_to_field": ""}
    )

    assert sent.status_code == (200 if page == "change" else 403)
