"""Hours that clocks skip or repeat, in every form that takes an hour; pages, mails and calendars with a zone that is unknown here."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core import checks
from django.core.management import call_command
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse

from coordination.core.checks import zone_fields
from coordination.core.fields import HourField, MomentField, SplitMomentField
from coordination.core.http import Reader
from coordination.core.models import Group
from coordination.core.tests.pages import text_of
from coordination.desk.views.samples import ExampleForm
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.members.models import Person
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.statements.enums import StatementState
from coordination.statements.models import Statement
from coordination.statements.tests.factories import circulated, drafted, in_clearance
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW
from coordination.tests.e2e.access_table import TABLE, pages_of
from coordination.tests.e2e.addresses import addresses, answer_of, client_of
from coordination.tests.e2e.test_access import LEFT_OUT
from coordination.tests.e2e.things import ROLES, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MARS = "Mars/Olympus"
SKIPPED, REPEATED = "2027-03-28T02:30", "2027-10-31T02:30"
FIRST, SECOND = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
DOES_NOT_EXIST = "02:30 does not exist on 28 Mar 2027: clocks go from 02:00 to 03:00. Choose an hour before 02:00, or from 03:00 on."
COMES_TWICE = "02:30 comes twice on 31 Oct 2027, since clocks go back. Choose which one you mean."
BOTH = ["first 02:30 (CEST, UTC+2)", "second 02:30 (CET, UTC+1)"]


DEADLINES = {
    "circulate": (lambda chair: drafted().statement, {}),
    "reopen_amendments": (lambda chair: circulated(StatementState.CONSOLIDATION).statement, {}),
    "issue": (
        lambda chair: circulated(StatementState.CONSOLIDATION).statement,
        {"to": "amendments"},
    ),
    "extend": (lambda chair: in_clearance().statement, {"reason": "A holiday."}),
}


def saved_deadline(statement: Statement) -> datetime:
    """Return the deadline that the form set: that of the amendments, or of the step."""
    step = statement.steps.order_by("-position").first()
    return step.deadline if step else Statement.objects.get(pk=statement.pk).amendments_until


@pytest.mark.parametrize("name", DEADLINES)
def test_a_deadline_is_asked_about_when_clocks_change(name, chair, of_paris):
    make, more = DEADLINES[name]
    statement = make(chair)
    path = reverse(f"statements:{name}", args=[statement.slug])
    browser = client_of(chair)

    skipped = browser.post(path, {**more, "deadline": SKIPPED})
    asked = browser.post(path, {**more, "deadline": REPEATED})

    assert (skipped.status_code, DOES_NOT_EXIST in skipped.content.decode()) == (422, True)
    assert (
        asked.status_code,
        [words in asked.content.decode() for words in (COMES_TWICE, *BOTH)],
    ) == (422, [True] * 3)
    assert 'name="deadline_which" value="second"' in asked.content.decode()
    assert BOTH[0] not in browser.get(path).content.decode()
    answer = browser.post(path, {**more, "deadline": REPEATED, "deadline_which": "second"})
    assert answer.status_code == 302, answer.content.decode()
    assert saved_deadline(statement) == SECOND


@pytest.fixture
def of_paris(chair) -> Person:
    Person.objects.filter(pk=chair.pk).update(time_zone="Europe/Paris")
    return chair


MEETING = {"title": "Night", "kind": "working_level", "time_zone": "Europe/Paris", "agenda": ""}


def test_the_hours_of_a_meeting_are_asked_about_when_clocks_change(chair, of_paris):
    browser, path = client_of(chair), reverse("meetings:convene")

    skipped = browser.post(
        path, {**MEETING, "day": "2027-03-28", "begins": "02:30", "ends": "02:45"}
    )
    twice = {**MEETING, "day": "2027-10-31", "begins": "02:30", "ends": "02:30"}
    asked = browser.post(path, twice)
    one = browser.post(path, {**twice, "begins_which": "first"})
    backwards = browser.post(path, {**twice, "begins_which": "second", "ends_which": "first"})

    assert (
        skipped.status_code,
        skipped.content.decode().count("does not exist on 28 Mar 2027"),
    ) == (422, 2)
    assert (asked.status_code, asked.content.decode().count(COMES_TWICE)) == (422, 2)
    assert (
        one.status_code,
        one.content.decode().count(COMES_TWICE),
        one.content.decode().count(BOTH[0]),
    ) == (422, 1, 2)
    assert 'name="begins_which" value="first" checked' in one.content.decode()
    assert (
        backwards.status_code,
        "The meeting ends before it starts." in backwards.content.decode(),
    ) == (422, True)
    assert (
        browser.post(path, {**twice, "begins_which": "first", "ends_which": "second"}).status_code
        == 302
    )
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.ends_at) == (FIRST, SECOND)
    page = browser.get(reverse("meetings:meeting", args=[meeting.slug])).content.decode()
    assert "02:30 (CEST, UTC+2)" in page


def test_the_form_of_a_meeting_offers_the_reading_that_is_saved(chair, of_paris):
    meeting = Meeting.objects.create(
        title="Night", slug="night", starts_at=SECOND, time_zone="Europe/Paris"
    )

    page = client_of(chair).get(reverse("meetings:edit", args=["night"])).content.decode()

    assert 'name="begins_which" value="second" checked' in page
    assert meeting.starts_at == SECOND


def test_the_records_ask_about_hours_when_clocks_change(administrator):
    Person.objects.filter(pk=administrator.pk).update(time_zone="Europe/Paris")
    browser, path = client_of(administrator), reverse("admin:meetings_meeting_add")
    sent = {
        **sent_by(browser.get(path)),
        "title": "Night",
        "slug": "night",
        "kind": "working_level",
        "time_zone": "Europe/Paris",
    }

    skipped = browser.post(path, {**sent, "starts_at_0": "2027-03-28", "starts_at_1": "02:30"})
    twice = {**sent, "starts_at_0": "2027-10-31", "starts_at_1": "02:30"}
    asked = browser.post(path, twice)

    assert DOES_NOT_EXIST in skipped.content.decode()
    assert [words in asked.content.decode() for words in (COMES_TWICE, *BOTH)] == [True] * 3
    assert browser.post(path, {**twice, "starts_at_which": "second"}).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.state) == (SECOND, MeetingState.CONVENED)
    change = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    page = browser.get(change)
    assert 'name="starts_at_which" value="second" checked' in page.content.decode()
    again = browser.post(change, {**sent_by(page), "place": "Paris"})
    assert (again.status_code, Meeting.objects.get().starts_at) == (302, SECOND)


def forms_of_ours(request: HttpRequest) -> Iterator[type[forms.BaseForm]]:
    """Yield the forms that our apps define, and those of the records."""
    waiting: list[type[forms.BaseForm]] = [forms.Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("coordination.") and ".tests." not in kind.__module__:
            yield kind
    for record in admin.site._registry.values():
        if type(record).__module__.startswith("coordination."):
            yield record.get_form(request, record.model())
            yield from (
                rows(record.model, admin.site).get_formset(request).form for rows in record.inlines
            )


# Working hours are those of every day: slots.stations reads them on a day on which clocks change.
# The hours of a series are those of all its days.
OF_EVERY_DAY = {
    f"{form}.{name}"
    for form, names in (
        ("WorkingHoursForm", ("begins", "ends")),
        ("WorkingHoursAdminForm", ("begins", "ends")),
        ("GroupForm", ("work_begins", "work_ends")),
        ("MeetingSeriesForm", ("begins", "ends")),
    )
    for name in names
}


def test_every_hour_in_a_form_is_of_a_field_that_asks(administrator):
    request = RequestFactory().get("/admin/")
    request.user, request.reader = administrator, Reader(ZoneInfo("Europe/Paris"), "Paris")
    request.now, request.day = NOW, NOW.date()
    hours = forms.DateTimeField | forms.TimeField | forms.SplitDateTimeField
    found = [
        (f"{form.__name__}.{name}", isinstance(field, MomentField | HourField | SplitMomentField))
        for form in forms_of_ours(request)
        if form is not ExampleForm  # of the style guide: it is sent nowhere
        for name, field in form.base_fields.items()
        if isinstance(field, hours)
    ]

    assert len(found) > 8
    assert {name for name, asks in found if not asks} <= OF_EVERY_DAY


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (SKIPPED, "does not exist in the zone of the group: clocks go from 02:00 to 03:00."),
        (
            REPEATED,
            "comes twice in the zone of the group: say 2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00.",
        ),
    ],
)
def test_the_command_asks_too(moment, sentence, group, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("send_reminders", "--as-of", moment, "--dry-run")

    assert (end.value.code, capsys.readouterr().err.strip()) == (2, f"{moment} {sentence}")


def put_everywhere(zone: str) -> None:
    """Store a zone wherever one is stored, as a machine with other tzdata would have."""
    for model, name in zone_fields():
        model._default_manager.exclude(**{name: ""}).update(**{name: zone})


def test_every_stored_zone_is_found_by_its_validator():
    assert {f"{model.__name__}.{name}" for model, name in zone_fields()} == {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if not model._meta.proxy and not model.__name__.startswith("Historical")
        for field in model._meta.concrete_fields
        if field.name.endswith("time_zone")
    }


def asked_of(role: str) -> set[tuple[str, str]]:
    """Return the addresses, by kind and model, that this role asks for all who get the same answer; each in turn, so that all roles read pages.

    Where the admin shows no page of a model it answers by one line of Django's for all models, so one model is asked for.
    """
    asked = set()
    for place, line in enumerate(TABLE.read_text().splitlines()):
        kind, method, *words = line.split()
        statuses, models = words[: len(ROLES)], words[len(ROLES) :] or [""]
        alike: dict[str, list[str]] = {}
        for each, status in zip(ROLES, statuses, strict=True):
            alike.setdefault(status, []).append(each)
        if method == "GET" and kind.startswith("admin") and role == "administrator":
            shown = statuses[ROLES.index(role)] == "200"
            asked |= {(kind, model) for model in (models if shown else models[:1])}
        elif method == "GET" and not kind.startswith("admin"):
            asked |= {(kind, "") for roles in alike.values() if roles[place % len(roles)] == role}
    return asked


# each in a test of its own; the records of the admin have most pages, so they are asked for in two
PARTS = {
    **{role: lambda each: not each.route.startswith("admin/") for role in ROLES},
    "records to members": lambda each: each.route.startswith("admin/") and each.model < "n",
    "records from reminders": lambda each: each.route.startswith("admin/") and each.model > "n",
}
# pages on which hours are shown, by the part in which they are read for all that may; those of the admin have no note
NOTED = {"focal_point": 5, "chair": 5, "administrator": 10}
SHOWN = {"records to members": 80, "records from reminders": 80}


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_there_with_zones_that_are_unknown_here(quiet, settings, part):
    settings.DEMO = True
    cast, things = told(NOW)
    put_everywhere(MARS)
    role = part if part in ROLES else "administrator"
    person = cast[role] and Person.objects.get(pk=cast[role].pk)
    client = client_of(person)
    client.raise_request_exception = False
    asked, faults, noted, shown = asked_of(role), [], 0, 0

    for each in filter(PARTS[part], addresses()):
        if (each.kind, each.model) in asked and each.name not in LEFT_OUT:
            answer = answer_of("GET", things.path(each), client, {})
            faults += [(each.name, answer.status_code)] * (answer.status_code >= 500)
            words = b"" if answer.streaming else answer.content
            shown += answer.status_code == 200
            noted += answer.status_code == 200 and b"is not known to this machine" in words

    assert faults == []
    assert shown >= SHOWN.get(part, 0)
    assert noted >= NOTED.get(part, 0)


def test_somebody_asks_for_every_page():
    lines = [line for line in TABLE.read_text().splitlines() if " GET " in line]
    every = {(each.kind, each.model) for each in addresses()}
    shown = {(each.kind, each.model) for each in pages_of("administrator", addresses())}
    asked = {each for role in ROLES for each in asked_of(role)}

    assert {kind for kind, _model in asked} == {line.split()[0] for line in lines}
    assert shown <= asked <= every
    assert all(
        sum(holds(each) for holds in PARTS.values()) in {1, len(ROLES)} for each in addresses()
    )


def test_mails_and_calendars_are_in_utc_with_a_note(quiet):
    cast, _things = told(NOW)
    put_everywhere(MARS)
    OutboxMessage.objects.all().delete()

    assert planning.plan(NOW).new > 10
    texts = list(OutboxMessage.objects.values_list("text", flat=True))
    assert all(
        f"The time zone “{MARS}” is not known to this machine; hours are in UTC." in text
        for text in texts
    )
    assert any("16:00 UTC" in text for text in texts)
    calendar = client_of(cast["chair"]).get(
        reverse("meetings:calendar", args=[Meeting.objects.earliest("starts_at").slug])
    )
    assert calendar.status_code == 200


def test_a_meeting_in_an_unknown_zone_says_so_to_readers_in_known_ones(focal_point, terms):
    Meeting.objects.create(title="Far", slug="far", starts_at=NOW, time_zone=MARS)

    page = text_of(client_of(focal_point).get(reverse("meetings:meeting", args=["far"])))

    assert (
        page.count(f"The time zone “{MARS}” is not known to this machine; hours are in UTC.") == 1
    )
    assert "09:00</time> UTC" in page
    edit = client_of(focal_point).get(reverse("meetings:list"))
    assert MARS not in edit.content.decode()


def test_an_agency_in_an_unknown_zone_says_so(focal_point, unfpa):
    type(unfpa).objects.filter(pk=unfpa.pk).update(time_zone=MARS)

    page = client_of(focal_point).get(reverse("members:agency", args=["unfpa"])).content.decode()

    assert (
        page.count(f"The time zone “{MARS}” is not known to this machine; hours are in UTC.") == 1
    )


def test_the_check_names_each_unknown_zone(group, focal_point):
    assert [
        message.id
        for message in checks.run_checks(databases=["default"])
        if message.id == "core.W001"
    ] == []
    Person.objects.filter(pk=focal_point.pk).update(time_zone=MARS)
    Group.objects.update(time_zone="Moon/Base")

    found = [
        message for message in checks.run_checks(databases=["default"]) if message.id == "core.W001"
    ]

    assert sorted((message.obj.__name__, message.msg) for message in found) == [
        (
            "Group",
            "The time zone 'Moon/Base' is not known to this machine; hours are shown in UTC.",
        ),
        (
            "Person",
            "The time zone 'Mars/Olympus' is not known to this machine; hours are shown in UTC.",
        ),
    ]
