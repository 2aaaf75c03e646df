"""The attendance of a meeting on one page of the records, saved at once."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission

from coordination.core.tests.pages import text_of
from coordination.meetings import queries
from coordination.meetings.actions.attendance import AttendanceEntry, record_attendance
from coordination.meetings.errors import AttendanceChanged, AttendanceKept
from coordination.meetings.models import Attendance
from coordination.meetings.queries import AttendanceValues
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.members.enums import Role
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.tests.admin_pages import sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOTHING = AttendanceValues("", "")
# the page reads the session, the person, the group, the meeting, its records, the members, the heads
PAGE, SAVE_NEW, SAVE_CHANGED = 7, 15, 15


@pytest.fixture
def meeting(unfpa, ohchr):
    """Return a principals' meeting that was held, with four members that day."""
    return MeetingFactory(
        kind="principals",
        title="Paris",
        state="held",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
    )


@pytest.fixture
def head(unfpa):
    person = PersonFactory(name="Amina Diop")
    return AppointmentFactory(
        person=person, agency=unfpa, role=Role.PRINCIPAL, title="Executive Director"
    ).person


@pytest.fixture
def records(client, administrator):
    client.force_login(administrator, backend=BACKEND)
    return client


def address(meeting, kind="principalsmeeting"):
    return f"/admin/meetings/{kind}/{meeting.pk}/attendance/"


def row(agency, **values):
    return {f"agency-{agency.pk}-{name}": value for name, value in values.items()}


def on_record(meeting):
    return [
        (each.agency.acronym, each.level, each.name_on_day, each.person and each.person.name)
        for each in meeting.attendances.select_related("agency", "person")
    ]


@pytest.mark.parametrize("kind", ["principalsmeeting", "meeting"])
def test_all_members_of_the_day_stand_on_one_page_and_are_saved_at_once(
    records, administrator, meeting, head, unfpa, ohchr, unesco, who, kind
):
    observer = AgencyFactory(acronym="ICRC")
    MembershipFactory(agency=observer, standing="observer", first_day=date(2006, 1, 1))
    later = AgencyFactory(acronym="LATE")
    MembershipFactory(agency=later, first_day=date(2026, 11, 4))
    page = records.get(address(meeting, kind))
    sent = sent_by(page, "") or {}
    assert [form.row.agency.acronym for form in page.context["page"].forms] == [
        "OHCHR",
        "UNESCO",
        "UNFPA",
        "WHO",
    ]
    assert sent[f"agency-{unfpa.pk}-name"] == "Amina Diop, Executive Director"

    done = records.post(
        address(meeting, kind),
        sent
        | row(unfpa, level="principal")
        | row(ohchr, level="deputy", name="Jo Ba, Deputy")
        | row(unesco, level="absent"),
    )

    assert done.url == f"/admin/meetings/{kind}/{meeting.pk}/change/"
    assert on_record(meeting) == [
        ("OHCHR", "deputy", "Jo Ba, Deputy", None),
        ("UNESCO", "absent", "", None),
        ("UNFPA", "principal", "Amina Diop, Executive Director", "Amina Diop"),
    ]
    assert {each.history.get().history_user for each in meeting.attendances.all()} == {
        administrator
    }
    change = text_of(records.get(done.url))
    assert "The attendance is saved." in change
    assert f'2 of 4 members represented. <a href="{address(meeting, kind)}">' in change


@pytest.mark.parametrize("level", ["deputy", "delegate", "focal_point", "apologies", "absent"])
def test_the_offered_name_of_the_principal_counts_only_if_they_came(
    records, meeting, head, unfpa, level
):
    sent = sent_by(records.get(address(meeting)))

    for _twice in range(2):  # as after a double click
        done = records.post(address(meeting), sent | row(unfpa, level=level))
        assert done.status_code == 302

    assert on_record(meeting) == [("UNFPA", level, "", None)]


def test_another_name_than_that_of_the_principal_is_of_nobody_whom_we_know(
    records, meeting, head, unfpa
):
    AttendanceFactory(meeting=meeting, agency=unfpa, person=head, name_on_day="")
    shown = sent_by(records.get(address(meeting)))
    assert shown[f"agency-{unfpa.pk}-name"] == "Amina Diop"

    records.post(address(meeting), shown | row(unfpa, level="delegate"))
    assert on_record(meeting) == [("UNFPA", "delegate", "Amina Diop", "Amina Diop")]
    again = sent_by(records.get(address(meeting)))
    records.post(address(meeting), again | row(unfpa, name="Jo Ba"))

    assert on_record(meeting) == [("UNFPA", "delegate", "Jo Ba", None)]


def test_a_visitor_on_record_stands_on_the_page(records, meeting):
    AttendanceFactory(meeting=meeting, agency__acronym="ICRC", level="delegate")

    page = text_of(records.get(address(meeting)))

    assert 'ICRC<span class="attendance__note">visitor</span>' in page.replace("> <", "><").replace(
        "ICRC <", "ICRC<"
    )
    assert "On record: 0 of 4 members of that day represented." in page


def test_what_is_wrong_stands_beside_its_row_and_nothing_is_lost(
    records, meeting, unfpa, ohchr, unesco, who
):
    sent = sent_by(records.get(address(meeting)))
    wrong = (
        row(unfpa, name="Jo Ba")
        | row(ohchr, level="queen")
        | row(unesco, level="deputy", name="x" * 501)
        | row(who, level="delegate", name="Kim Lee")
    )

    refused = records.post(address(meeting), sent | wrong)

    assert (refused.status_code, Attendance.objects.count()) == (422, 0)
    assert {form.row.agency.acronym: form.wrong for form in refused.context["page"].wrong} == {
        "UNFPA": ["Choose a level for this name."],
        "OHCHR": ["Select a valid choice. queen is not one of the available choices."],
        "UNESCO": ["Ensure this value has at most 500 characters (it has 501)."],
    }
    again = sent_by(refused)
    assert again[f"agency-{who.pk}-level"] == "delegate"
    assert again[f"agency-{who.pk}-name"] == "Kim Lee"
    assert again[f"agency-{unesco.pk}-name"] == "x" * 501
    words = text_of(refused)
    assert f'<a href="#row-{unfpa.pk}">UNFPA</a>' in words
    assert words.count('class="attendance__error"') == 3
    mended = row(ohchr, level="absent") | row(unesco, name="Li Wei") | row(unfpa, level="deputy")
    assert records.post(address(meeting), again | mended).status_code == 302
    assert [each[:3] for each in on_record(meeting)] == [
        ("OHCHR", "absent", ""),
        ("UNESCO", "deputy", "Li Wei"),
        ("UNFPA", "deputy", "Jo Ba"),
        ("WHO", "delegate", "Kim Lee"),
    ]


def test_two_people_may_fill_in_different_agencies_at_once(records, meeting, unfpa, ohchr):
    mine = theirs = sent_by(records.get(address(meeting)))

    first = records.post(address(meeting), theirs | row(ohchr, level="delegate", name="Jo Ba"))
    second = records.post(address(meeting), mine | row(unfpa, level="absent"))

    assert (first.status_code, second.status_code) == (302, 302)
    assert [each[:3] for each in on_record(meeting)] == [
        ("OHCHR", "delegate", "Jo Ba"),
        ("UNFPA", "absent", ""),
    ]


def test_what_somebody_else_saved_is_not_overwritten_unseen(
    records, administrator, meeting, unfpa, ohchr, who
):
    AttendanceFactory(meeting=meeting, agency=who, level="delegate", name_on_day="Kim Lee")
    meeting.state = "convened"
    meeting.save()
    shown = sent_by(records.get(address(meeting)))
    records.post(
        address(meeting),
        shown
        | row(unfpa, level="deputy", name="Jo Ba")
        | row(ohchr, level="absent")
        | row(who, level=""),
    )
    before = on_record(meeting)
    mine = row(unfpa, level="delegate", name="Li Wei") | row(who, level="deputy")

    second = records.post(address(meeting), shown | mine)

    assert (second.status_code, on_record(meeting)) == (409, before)
    assert {form.row.agency.acronym: form.wrong for form in second.context["page"].wrong} == {
        "UNFPA": [
            f"{administrator} saved this meanwhile: deputy, Jo Ba. Save again to put yours in its place."
        ],
        "WHO": ["Somebody removed this meanwhile. Save again to put yours on record."],
    }
    kept = sent_by(second)
    assert kept[f"agency-{unfpa.pk}-name"] == "Li Wei"
    assert kept[f"agency-{ohchr.pk}-level"] == "absent"  # not mine, so as it is now
    assert records.post(address(meeting), kept).status_code == 302
    assert [each[:3] for each in on_record(meeting)] == [
        ("OHCHR", "absent", ""),
        ("UNFPA", "delegate", "Li Wei"),
        ("WHO", "deputy", "Kim Lee"),
    ]


def test_a_record_without_an_author_was_saved_by_somebody(records, meeting, unfpa):
    shown = sent_by(records.get(address(meeting)))
    AttendanceFactory(meeting=meeting, agency=unfpa, level="absent")

    second = records.post(address(meeting), shown | row(unfpa, level="deputy"))

    [form] = second.context["page"].wrong
    assert form.wrong == [
        "Somebody saved this meanwhile: absent. Save again to put yours in its place."
    ]


def test_a_record_is_removed_only_while_the_meeting_is_to_come(records, meeting, unfpa):
    record = AttendanceFactory(meeting=meeting, agency=unfpa)
    shown = sent_by(records.get(address(meeting))) | row(unfpa, level="")

    refused = records.post(address(meeting), shown)

    assert (refused.status_code, meeting.attendances.count()) == (422, 1)
    [form] = refused.context["page"].wrong
    sentence = "This stays on record, since the meeting is not to come. Choose another level."
    assert form.wrong == [sentence]
    meeting.state = "convened"
    meeting.save()
    assert records.post(address(meeting), shown).status_code == 302
    assert on_record(meeting) == []
    assert Attendance.history.filter(id=record.pk).first().history_type == "-"


def test_the_action_refuses_what_its_writer_has_not_seen(meeting, unfpa, ohchr, chair):
    record = AttendanceFactory(meeting=meeting, agency=unfpa, level="absent")

    with pytest.raises(AttendanceChanged) as changed:
        record_attendance(meeting, [AttendanceEntry(unfpa.pk, "deputy", "", NOTHING)], by=chair)
    with pytest.raises(AttendanceKept) as kept:
        seen = AttendanceValues("absent", "")
        record_attendance(meeting, [AttendanceEntry(unfpa.pk, "", "", seen)], by=chair)

    assert (changed.value.records, kept.value.agencies) == ({unfpa.pk: record}, {unfpa.pk})
    stranger = AttendanceEntry(0, "deputy", "", NOTHING)
    same = AttendanceEntry(ohchr.pk, "", "", NOTHING)
    gone = AttendanceEntry(ohchr.pk, "", "", AttendanceValues("deputy", ""))
    assert record_attendance(meeting, [stranger, same, gone], by=chair) == 0


def test_history_says_whose_attendance_was_recorded(meeting, unfpa, administrator):
    entry = AttendanceEntry(unfpa.pk, "deputy", "Jo Ba", NOTHING)
    record_attendance(meeting, [entry], by=administrator)
    seen = AttendanceValues("deputy", "Jo Ba")
    record_attendance(meeting, [AttendanceEntry(unfpa.pk, "absent", "", seen)], by=administrator)

    assert sorted(change.deed for change in queries.meeting_changes(meeting) if change.what) == [
        "added attendance of UNFPA",
        "changed attendance of UNFPA",
    ]


def test_only_who_may_change_the_record_opens_the_page(client, meeting, administrator, chair):
    reader = PersonFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_principalsmeeting"))
    client.force_login(reader, backend=BACKEND)
    assert [
        client.get(address(meeting)).status_code,
        client.post(address(meeting)).status_code,
    ] == [
        403,
        403,
    ]
    client.force_login(chair, backend=BACKEND)
    assert client.get(address(meeting)).status_code == 302
    client.force_login(administrator, backend=BACKEND)
    assert client.get("/admin/meetings/principalsmeeting/0/attendance/").status_code == 404


def many_members(count):
    for number in range(count):
        agency = AgencyFactory(acronym=f"M{number}", slug=f"m{number}")
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
        AppointmentFactory(agency=agency, person=PersonFactory(), role=Role.PRINCIPAL)


@pytest.mark.parametrize("count", [1, 18])
def test_the_page_and_its_save_cost_the_same_queries_for_many_agencies(
    records, meeting, count, django_assert_num_queries
):
    many_members(count)
    records.get(address(meeting))
    with django_assert_num_queries(PAGE):
        shown = records.get(address(meeting))
    first = sent_by(shown)
    levels = {name: "principal" for name in first if name.endswith("-level")}
    assert len(levels) == count + 4
    with django_assert_num_queries(SAVE_NEW):
        assert records.post(address(meeting), first | levels).status_code == 302
    second = sent_by(records.get(address(meeting)))
    absent = dict.fromkeys(levels, "absent") | {
        name.replace("-level", "-name"): "" for name in levels
    }
    with django_assert_num_queries(SAVE_CHANGED):
        assert records.post(address(meeting), second | absent).status_code == 302

    assert meeting.attendances.filter(level="absent").count() == count + 4
