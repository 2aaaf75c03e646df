"""The roll of a meeting on its page, and the same roll as CSV and Excel."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings import queries
from coordination.meetings.actions import records
from coordination.meetings.actions.roll import RollInput, VisitorEntry, VisitorValues, save_roll
from coordination.meetings.errors import MeetingOver, NotBegun, RecordAgreed
from coordination.meetings.models import Meeting
from coordination.meetings.queries import AttendanceValues, roll
from coordination.meetings.tests.factories import (
    AttendanceFactory,
    MeetingAnswerFactory,
    MeetingFactory,
    MeetingVisitorFactory,
)
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
PAGE, SAVED = 12, 33


@pytest.fixture
def meeting(unfpa, ohchr):
    """Return a meeting by video of this morning, an hour ago, with four members."""
    return MeetingFactory(
        slug="42",
        title="Meeting 42",
        video_url="https://example.org/42",
        starts_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    )


def answered(meeting, person, reply, **values):
    return MeetingAnswerFactory(
        meeting=meeting, person=person, reply=reply, ends_at=meeting.ends_at, **values
    )


def sixteen():
    """Make the members of the day sixteen; return all, by acronym."""
    while Agency.objects.count() < 16:
        number = Agency.objects.count()
        agency = AgencyFactory(acronym=f"M{number:02}", slug=f"m{number}")
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
    return list(Agency.objects.order_by("acronym"))


def row(agency, **values):
    return {f"agency-{agency.pk}-{name}": value for name, value in values.items()}


def on_record(meeting):
    rows = meeting.attendances.order_by("agency__acronym").values_list(
        "agency__acronym", "level", "name_on_day", "where", "reason", "delegate_for"
    )
    return list(rows)


def test_thirteen_of_sixteen_with_two_apologies_a_no_show_and_a_visitor(sign_in, chair, meeting):
    client, agencies = sign_in(chair), sixteen()
    sent = sent_by(client.get("/meetings/42/roll/"), "/meetings/42/roll/")
    levels = [*["focal_point"] * 13, "apologies", "apologies", "absent"]
    for agency, level in zip(agencies, levels, strict=True):
        sent |= row(agency, level=level, where="video", reason="On mission")
    sent |= row(agencies[0], name="Jo Ba; Kim Lee") | {
        "new-visitor-0-name": "=Ana Sol",
        "new-visitor-0-body": "ICRC",
        "new-visitor-0-where": "room",
    }

    done = client.post("/meetings/42/roll/", sent)

    assert done.url == "/meetings/42/roll/"
    page = text_of(client.get("/meetings/42/"))
    assert "13 of 16 members were represented." in page
    first, *_rest, last = on_record(meeting)
    assert first == (agencies[0].acronym, "focal_point", "Jo Ba; Kim Lee", "video", "", "")
    assert last == (agencies[15].acronym, "absent", "", "", "", "")
    assert roll.presence_line(roll.presence(meeting)) == (
        f"13 of 16 members were represented. Apologies: {agencies[13]} (On mission) and "
        f"{agencies[14]} (On mission). Absent: {agencies[15]}. Visitors: =Ana Sol (ICRC)."
    )
    answer = client.get("/meetings/42/roll.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="42-roll.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = list(book["Roll"].iter_rows(values_only=True))
    assert lines[0] == (
        "Agency",
        "Seat",
        "Represented",
        "Level",
        "Where",
        "Names",
        "Delegate for",
        "Reason of the apologies",
    )
    assert (len(lines), sum(line[2] for line in lines[1:])) == (18, 13)
    assert lines[-1] == ("ICRC", "visitor", 0, "", "in the room", "'=Ana Sol", "", "") or lines[
        -1
    ] == ("ICRC", "visitor", 0, None, "in the room", "'=Ana Sol", None, None)
    assert list(book["Count"].iter_rows(values_only=True)) == [
        ("What", "Number"),
        ("Represented", 13),
        ("Members of that day", 16),
        ("Apologies", 2),
        ("Absent", 1),
        ("Not on record", 0),
        ("Visitors", 1),
    ]
    csv = client.get("/meetings/42/roll.csv").content.decode("utf-8-sig").splitlines()
    assert csv[1] == f"{agencies[0]},member,1,focal point,by video,Jo Ba; Kim Lee,,"
    assert csv[-1] == "ICRC,visitor,0,,in the room,'=Ana Sol,,"


def test_the_roll_is_filled_in_from_the_answers_and_not_saved(
    sign_in, chair, meeting, focal_point, colleague, other_agency, incoming_chair
):
    answered(meeting, focal_point, "accepted")
    answered(meeting, colleague, "accepted")
    answered(meeting, other_agency, "delegated", colleague="Li Wei, Head of Office")
    answered(meeting, incoming_chair, "declined", note="On leave")
    answered(meeting, chair, "tentative")

    page = sign_in(chair).get("/meetings/42/roll/")

    offered = {form.row.agency.acronym: form.offered for form in page.context["grid"].forms}
    assert offered == {
        "UNFPA": AttendanceValues("focal_point", "Nadia Ferreira; Tomás Akande", "video"),
        "OHCHR": AttendanceValues(
            "delegate", "Li Wei, Head of Office", "video", delegate_for="Samira Okonkwo"
        ),
        "WHO": AttendanceValues("apologies", "", reason="On leave"),
        "UNESCO": AttendanceValues("", ""),
    }
    assert (on_record(meeting), text_of(page).count("from the answer</span>")) == ([], 3)
    people = {form.row.agency.acronym: form.people for form in page.context["grid"].forms}
    assert people["UNFPA"] == ["Nadia Ferreira", "Tomás Akande"]
    assert '<option value="Tomás Akande"></option>' in text_of(page)
    client = sign_in(chair)
    client.post("/meetings/42/roll/", sent_by(page, "/meetings/42/roll/"))
    assert on_record(meeting) == [
        ("OHCHR", "delegate", "Li Wei, Head of Office", "video", "", "Samira Okonkwo"),
        ("UNFPA", "focal_point", "Nadia Ferreira; Tomás Akande", "video", "", ""),
        ("WHO", "apologies", "", "", "On leave", ""),
    ]
    assert roll.presence_line(roll.presence(meeting)) == (
        "2 of 4 members were represented. Apologies: WHO (On leave). Not on record: UNESCO."
    )


def test_an_observer_of_the_day_is_a_visitor(sign_in, chair, meeting):
    observer = AgencyFactory(acronym="ICRC")
    MembershipFactory(agency=observer, standing="observer", first_day=date(2006, 1, 1))
    client = sign_in(chair)
    shown = client.get("/meetings/42/roll/")
    assert [form.row.agency.acronym for form in shown.context["grid"].forms][-1] == "ICRC"

    client.post(
        "/meetings/42/roll/",
        sent_by(shown, "/meetings/42/roll/") | row(observer, level="delegate", name="Jo Ba"),
    )

    count = roll.presence(meeting)
    assert (count.present, count.seats, count.guests) == ((), 4, ("ICRC",))
    assert roll.presence_line(count) == (
        "0 of 4 members were represented. Not on record: OHCHR, UNESCO, UNFPA and WHO. "
        "Visitors: ICRC."
    )
    assert "ICRC" in text_of(client.get("/meetings/42/")).partition('id="attendance"')[2]


@pytest.mark.parametrize(
    ("place", "video_url", "where"),
    [("Geneva", "", "room"), ("", "https://x.org", "video"), ("Geneva", "https://x.org", "")],
)
def test_how_people_take_part_is_offered_where_there_is_one_way(place, video_url, where):
    assert roll.usual_where(Meeting(place=place, video_url=video_url)) == where


def test_a_principals_meeting_offers_the_principals_of_the_day(
    sign_in, chair, meeting, unfpa, focal_point
):
    meeting.kind = "principals"
    meeting.save()
    answered(meeting, focal_point, "accepted")
    AppointmentFactory(
        agency=unfpa,
        person=PersonFactory(name="Amina Diop"),
        role=Role.PRINCIPAL,
        title="Executive Director",
    )
    client = sign_in(chair)
    sent = sent_by(client.get("/meetings/42/roll/"), "/meetings/42/roll/")
    assert sent[f"agency-{unfpa.pk}-name"] == "Amina Diop, Executive Director"

    client.post(
        "/meetings/42/roll/", sent | row(unfpa, level="delegate", name="Jo Ba", where="room")
    )

    assert on_record(meeting) == [
        ("UNFPA", "delegate", "Jo Ba", "room", "", "Amina Diop, Executive Director")
    ]


def test_what_is_wrong_stands_in_its_row_and_nothing_is_saved(sign_in, chair, meeting, unfpa):
    client = sign_in(chair)
    sent = sent_by(client.get("/meetings/42/roll/"), "/meetings/42/roll/")

    refused = client.post(
        "/meetings/42/roll/",
        sent | row(unfpa, name="Jo Ba") | {"new-visitor-0-body": "ICRC"},
    )

    assert (refused.status_code, on_record(meeting)) == (422, [])
    words = text_of(refused)
    assert "Choose a level for this name." in words
    assert "Say who came." in words
    again = sent_by(refused, "/meetings/42/roll/")
    assert (again[f"agency-{unfpa.pk}-name"], again["new-visitor-0-body"]) == ("Jo Ba", "ICRC")


def test_two_people_at_once_lose_nothing(chair, chair_colleague, meeting, unfpa, ohchr):
    visitor = MeetingVisitorFactory(meeting=meeting, name="Ana Sol")
    mine, theirs = client_of(chair), client_of(chair_colleague)
    shown = sent_by(mine.get("/meetings/42/roll/"), "/meetings/42/roll/")
    name = f"visitor-{visitor.pk}-name"
    theirs.post(
        "/meetings/42/roll/",
        shown
        | row(unfpa, level="deputy", name="Jo Ba")
        | {name: "Ana Sol, Head", "form_token": ""},
    )

    second = mine.post(
        "/meetings/42/roll/",
        shown
        | row(unfpa, level="absent")
        | row(ohchr, level="delegate", name="Li Wei")
        | {name: "Ana Sol, Chief", "form_token": ""},
    )

    assert (second.status_code, len(on_record(meeting))) == (409, 1)
    assert (
        f"{chair_colleague} saved this meanwhile: deputy, Jo Ba. Save again to put yours in its "
        "place."
    ) in text_of(second)
    again = sent_by(second, "/meetings/42/roll/")
    assert mine.post("/meetings/42/roll/", again).status_code == 302
    assert [each[:3] for each in on_record(meeting)] == [
        ("OHCHR", "delegate", "Li Wei"),
        ("UNFPA", "absent", ""),
    ]
    assert sorted(meeting.visitors.values_list("name", flat=True)) == [
        "Ana Sol, Chief",
        "Ana Sol, Head",
    ]


def test_a_record_of_a_held_meeting_stays(sign_in, chair, meeting, unfpa):
    meeting.state = "held"
    meeting.save()
    AttendanceFactory(meeting=meeting, agency=unfpa, level="absent")
    client = sign_in(chair)
    sent = sent_by(client.get("/meetings/42/roll/"), "/meetings/42/roll/")

    refused = client.post("/meetings/42/roll/", sent | row(unfpa, level=""))

    assert refused.status_code == 422
    assert "This stays on record, since the meeting is not to come." in text_of(refused)


def visitor(pk, name, seen="", **values):
    return RollInput([], [VisitorEntry(pk, VisitorValues(name, **values), VisitorValues(seen))])


def names(meeting):
    return sorted(meeting.visitors.values_list("name", flat=True))


def test_visitors_are_added_changed_and_removed_once(chair, meeting):
    for _twice in range(2):  # as after a double click
        save_roll(meeting, visitor(None, "Ana Sol"), by=chair, at=NOW)
    [ana] = meeting.visitors.all()
    assert save_roll(meeting, visitor(ana.pk, "Ana Sol", "Ana Sol"), by=chair, at=NOW) == 0
    save_roll(meeting, visitor(ana.pk, "Ana Ruiz", "Ana Sol", body="ICRC"), by=chair, at=NOW)
    assert [str(each) for each in meeting.visitors.all()] == ["Ana Ruiz (ICRC)"]

    gone = RollInput(
        [], [VisitorEntry(ana.pk, VisitorValues(""), VisitorValues("Ana Ruiz", "ICRC"))]
    )
    save_roll(meeting, gone, by=chair, at=NOW)
    assert names(meeting) == []
    # removed meanwhile, and changed by another: the words become another visitor
    save_roll(meeting, visitor(ana.pk, "Ana Maria", "Ana Ruiz"), by=chair, at=NOW)
    assert names(meeting) == ["Ana Maria"]
    assert [change.deed for change in queries.meeting_changes(meeting) if change.what] == [
        "added visitor Ana Maria",
        "removed visitor Ana Ruiz",
        "changed visitor Ana Ruiz",
        "added visitor Ana Sol",
    ]


def test_a_removal_that_was_not_seen_is_not_done(chair, meeting):
    ana = MeetingVisitorFactory(meeting=meeting, name="Ana Ruiz")

    assert save_roll(meeting, visitor(ana.pk, "", "Ana Sol"), by=chair, at=NOW) == 0
    assert names(meeting) == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"state": "cancelled"}, MeetingOver, "This meeting was cancelled; it has no roll."),
        (
            {"starts_at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC)},
            NotBegun,
            "The roll is kept once the meeting has begun.",
        ),
        ({"agreed_at": NOW}, RecordAgreed, "This record is agreed since Mon 23 Nov 2026, 10:00."),
    ],
)
def test_a_roll_is_kept_from_the_beginning_until_the_record_is_agreed(
    sign_in, chair, meeting, values, error, words
):
    Meeting.objects.filter(pk=meeting.pk).update(**values)

    with pytest.raises(error):
        save_roll(meeting, RollInput([], []), by=chair, at=NOW)

    page = text_of(sign_in(chair).get("/meetings/42/roll/"))
    assert words in page
    assert "Save the roll" not in page


def test_the_roll_is_kept_by_who_keeps_the_minutes_and_read_by_all(
    sign_in, focal_point, chair, meeting, former_focal_point
):
    member = client_of(focal_point)
    assert [
        member.get("/meetings/42/roll/").status_code,
        member.post("/meetings/42/roll/").status_code,
        member.get("/meetings/42/roll.csv").status_code,
    ] == [403, 403, 200]
    assert "Keep the roll" not in text_of(member.get("/meetings/42/"))
    assert 'href="/meetings/42/roll/">Keep the roll</a>' in text_of(
        sign_in(chair).get("/meetings/42/")
    )


def test_apologies_without_a_reason_name_the_agency_alone(meeting, unfpa):
    AttendanceFactory(meeting=meeting, agency=unfpa, level="apologies")

    assert roll.presence_line(roll.presence(meeting)).startswith(
        "0 of 4 members were represented. Apologies: UNFPA."
    )


def test_nothing_on_record_has_no_sentence(meeting, sign_in, chair):
    assert records.agreed_sentence(meeting) == ""
    assert roll.presence_line(roll.presence(meeting)) == ""
    assert "Nothing is on record of the attendance." in text_of(
        sign_in(chair).get("/meetings/42/roll/")
    )


@pytest.mark.parametrize("count", [1, 30])
def test_the_roll_costs_the_same_for_many_agencies(
    sign_in, chair, meeting, count, django_assert_num_queries
):
    for number in range(count):
        agency = AgencyFactory(acronym=f"M{number}", slug=f"m{number}")
        MembershipFactory(agency=agency, first_day=date(2006, 1, 1))
        person = PersonFactory()
        AppointmentFactory(agency=agency, person=person)
        answered(meeting, person, "accepted")
        MeetingVisitorFactory(meeting=meeting)
    client = sign_in(chair)
    client.get("/meetings/42/roll/")
    with django_assert_num_queries(PAGE):
        sent = sent_by(client.get("/meetings/42/roll/"), "/meetings/42/roll/")
    with django_assert_num_queries(SAVED):
        assert client.post("/meetings/42/roll/", sent).status_code == 302
    assert meeting.attendances.count() == count
    with django_assert_num_queries(8):
        client.get("/meetings/42/roll.xlsx")
