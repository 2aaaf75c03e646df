"""What the admin lets nobody do: delete what the group remembers, put the past back over the present."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin, ModelAdmin
from django.contrib.auth.models import Permission
from django.db.models import DateTimeField
from django.http import HttpRequest
from django.test import RequestFactory
from simple_history.admin import SimpleHistoryAdmin

from coordination.core.admin import RecordAdmin
from coordination.core.http import Reader
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.members.models import Person
from coordination.tests.house.source import hold

# What may be deleted, and why nothing is forgotten by it
MAY_GO = {
    "auth.Group": "a set of permissions; nobody's words or acts hang on it",
    "statements.StepTemplate": "a setting for statements to come; those under way have steps of their own, and its history stays",
}
MAY_GO_WHILE_PLANNED = {
    "meetings.AgendaItem": "the agenda of a meeting to come is a plan, which its own page shortens too; its history stays",
}
SHORT_LISTS = {
    "auth.Group": "a handful of rows, searched by name",
    "core.Group": "one row",
    "statements.StepTemplate": "a handful of rows, filtered by level and silence",
}


@pytest.fixture
def request_of_superuser() -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = Person(pk=1, name="Amara Diallo", is_superuser=True, is_staff=True)
    request.now, request.day = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), date(2026, 11, 23)
    return request


def records() -> Iterator[ModelAdmin]:
    yield from admin.site._registry.values()


def inlines() -> Iterator[tuple[ModelAdmin, InlineModelAdmin]]:
    for record in records():
        yield from ((record, inline(record.model, admin.site)) for inline in record.inlines)


def label(owner: ModelAdmin | InlineModelAdmin) -> str:
    return owner.model._meta.label


def parents(record: ModelAdmin) -> list[tuple[str, object]]:
    """Return the states in which the page of a record may be open."""
    if issubclass(record.model, Meeting):
        return [(state, record.model(state=state)) for state in MeetingState]
    return [("", record.model())]


def test_no_record_is_deleted_but_those_that_hold_no_memory(request_of_superuser) -> None:
    asked = [(record, obj) for record in records() for obj in (None, record.model())]
    can = {
        label(record)
        for record, obj in asked
        if record.has_delete_permission(request_of_superuser, obj)
    }

    assert len(asked) > 40
    hold(
        "a record is kept (core.admin.Kept), or stands in MAY_GO with the reason why it may go",
        sorted(can ^ set(MAY_GO)),
    )


def test_no_row_of_another_record_is_deleted_but_of_meetings_to_come(request_of_superuser) -> None:
    can = {
        (label(inline), state)
        for record, inline in inlines()
        for state, parent in parents(record)
        if inline.can_delete and inline.has_delete_permission(request_of_superuser, parent)
    }
    may = {(name, MeetingState.CONVENED) for name in MAY_GO_WHILE_PLANNED}

    hold(
        "rows are kept (core.admin.Kept), or stand in MAY_GO_WHILE_PLANNED with the reason why they may go",
        sorted(map(str, can ^ may)),
    )


def test_who_may_not_delete_agenda_items_does_not(db) -> None:
    person = Person.objects.create(name="Reader", email="reader@example.org", is_staff=True)
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_meeting", "change_agendaitem"])
    )
    request = RequestFactory().get("/admin/")
    request.user = Person.objects.get(pk=person.pk)
    rows = [inline for record, inline in inlines() if label(record) == "meetings.Meeting"]

    assert len(rows) == 5
    assert [
        label(row)
        for row in rows
        if row.has_delete_permission(request, Meeting(state=MeetingState.CONVENED))
    ] == []


def of_ours(owner: ModelAdmin | InlineModelAdmin) -> bool:
    return type(owner).__module__.startswith("coordination.")


def test_each_moment_of_each_record_names_the_zone_in_which_it_is_read(
    request_of_superuser,
) -> None:
    request_of_superuser.reader = Reader(ZoneInfo("America/New_York"), "New York")
    pages = [
        (record, record.get_form(request_of_superuser)) for record in records() if of_ours(record)
    ]
    pages += [(rows, rows.get_formset(request_of_superuser).form) for _record, rows in inlines()]
    moments = [
        (label(owner), field.name, form._meta.help_texts.get(field.name, ""))
        for owner, form in pages
        for field in owner.model._meta.concrete_fields
        if isinstance(field, DateTimeField)
    ]

    assert len(moments) > 40
    hold(
        "admin classes are core.admin.KeptAdmin or RecordAdmin, rows KeptRows: they name the zone of moments",
        silent(moments),
    )


def silent(moments: list[tuple[str, str, str]]) -> list[str]:
    return [
        f"{name}.{field}"
        for name, field, words in moments
        if not words.endswith("In your time zone, New York.")
    ]


def test_lists_can_be_searched_and_filtered() -> None:
    wrong = [
        label(record)
        for record in records()
        if of_ours(record) and not (record.search_fields and record.list_filter)
    ]

    hold(
        "a list is searched and filtered, or stands in SHORT_LISTS with the reason why it need not be",
        sorted(set(wrong) ^ set(SHORT_LISTS)),
    )


def test_no_record_is_put_back_through_its_history() -> None:
    wrong = [
        label(record)
        for record in records()
        if isinstance(record, SimpleHistoryAdmin) and not isinstance(record, RecordAdmin)
    ]

    hold(
        "records with a history are core.admin.RecordAdmin, which shows what was and saves nothing of it",
        wrong,
    )
