"""The front page of the records: by what record keepers do, for few queries, with no record lost."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from coordination.core.models import Group
from coordination.desk.queries.records import JOBS
from coordination.meetings.enums import Level, MeetingKind
from coordination.meetings.models import Attendance
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory, PersonFactory
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]
INDEX = "/admin/"


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_the_front_page_leads_to_each_job_and_to_every_record(
    client, administrator, django_assert_num_queries
):
    meeting = MeetingFactory(kind=MeetingKind.PRINCIPALS, title="Principals in Paris")
    for agency in many(AgencyFactory, 3):
        Attendance.objects.create(meeting=meeting, agency=agency, level=Level.PRINCIPAL)
    other = PersonFactory(name="Somebody else")
    LogEntry.objects.log_actions(other.pk, Agency.objects.all()[:1], CHANGE)
    client.force_login(administrator)
    client.get(INDEX)

    with django_assert_num_queries(6):
        page = client.get(INDEX)

    text = page.content.decode()
    assert re.findall(r"<h1>\s*(.*?)\s*</h1>", text, re.DOTALL) == [
        f"Records of {Group.objects.get()}"
    ]
    assert [str(job.title) for job, _lists in page.context["jobs"]] == [
        str(job.title) for job in JOBS
    ]
    counts = {each.name: each.count for _job, lists in page.context["jobs"] for each in lists}
    assert counts["Agencies"] == Agency.objects.count()
    assert f"Agencies {counts['Agencies']}" in words(page)
    assert f'href="/admin/meetings/principalsmeeting/{meeting.pk}/attendance/"' in text
    assert "Attendance of 3 agencies : Principals in Paris" in words(page)
    assert "Agency · Somebody else" in words(page)
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert f'href="{path}"' in text


def test_the_front_page_shows_only_what_the_reader_may_see(client, group):
    reader = PersonFactory(is_staff=True)
    LogEntry.objects.log_actions(reader.pk, [AgencyFactory()], CHANGE)
    client.force_login(reader)
    assert "You may not see or edit any record." in words(client.get(INDEX))
    reader.user_permissions.add(Permission.objects.get(codename="view_principalsmeeting"))
    meeting = MeetingFactory(kind=MeetingKind.PRINCIPALS, title="Principals in Paris")

    page = client.get(INDEX)

    assert [job.key for job, _lists in page.context["jobs"]] == ["meetings"]
    assert (page.context["others"], page.context["changes"]) == ([], [])
    assert "Principals in Paris" in words(page)
    assert f"{meeting.pk}/attendance/" not in page.content.decode()
    assert "Put a meeting on record" not in words(page)
