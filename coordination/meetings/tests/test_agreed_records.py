"""An agreed record is locked until it is opened again, with a reason that history keeps."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.contrib.auth.models import Permission

from coordination.core.errors import NotAllowed, Stale
from coordination.core.sheets import Sheet, csv_bytes, harmless, xlsx_bytes
from coordination.core.tests.pages import text_of
from coordination.meetings.actions import records
from coordination.meetings.actions.attendance import record_attendance
from coordination.meetings.actions.meetings import record_outcome
from coordination.meetings.errors import MeetingOver, RecordAgreed
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.members.tests.factories import PersonFactory
from coordination.statements.tests.factories import StatementFactory
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST = "/admin/meetings/principalsmeeting/"


@pytest.fixture
def meeting(unfpa):
    return MeetingFactory(
        slug="2026-paris",
        title="Paris",
        kind="principals",
        state="held",
        place="Paris",
        starts_at=datetime(2026, 11, 3, 14, 0, tzinfo=UTC),
        outcome="Adopted.",
    )


@pytest.fixture
def keeper(client, administrator):
    client.force_login(administrator, backend=BACKEND)
    return client


def address(meeting, name="change"):
    return f"{LIST}{meeting.pk}/{name}/"


def test_an_agreed_record_is_locked_until_it_is_opened_again(keeper, meeting, administrator):
    change = keeper.get(address(meeting))
    assert "It is not agreed yet." in text_of(change)
    sent = sent_by(change, "")
    page = keeper.get(address(meeting, "agreement"))
    done = keeper.post(address(meeting, "agreement"), sent_by(page))
    assert done.url == address(meeting)

    shown = text_of(keeper.get(done.url))
    assert "This record is agreed since Mon 23 Nov 2026, 10:00." in shown
    assert 'name="_save"' not in shown
    refused = keeper.post(address(meeting), {**(sent or {}), "place": "Rome"})
    assert (refused.status_code, "This record is agreed since" in text_of(refused)) == (422, True)
    grid = keeper.post(address(meeting, "attendance"), {})
    assert grid.status_code == 422
    meeting.refresh_from_db()
    assert (meeting.place, meeting.agreed_by) == ("Paris", administrator)

    page = keeper.get(address(meeting, "agreement"))
    without = keeper.post(address(meeting, "agreement"), sent_by(page) | {"reason": ""})
    assert without.status_code == 422
    keeper.post(address(meeting, "agreement"), sent_by(page) | {"reason": "The list had a fault."})

    meeting.refresh_from_db()
    assert (meeting.agreed_at, meeting.agreed_by) == (None, None)
    history = text_of(keeper.get("/meetings/2026-paris/history/"))
    assert "Opened the agreed record again: The list had a fault." in history
    assert "Noted that the record is agreed" in history


def test_who_comes_second_is_told(keeper, meeting):
    page = sent_by(keeper.get(address(meeting, "agreement")))
    Meeting.objects.update(version=7)

    second = keeper.post(address(meeting, "agreement"), page)

    assert second.status_code == 409
    assert "Somebody saved the record meanwhile." in text_of(second)
    assert keeper.post(address(meeting, "agreement"), {"version": "x"}).status_code == 409


def test_an_action_changes_nothing_of_an_agreed_record(meeting, administrator, chair):
    records.agree_record(meeting, version=meeting.version, by=administrator, at=NOW)
    meeting.refresh_from_db()

    for act in (
        lambda: records.agree_record(meeting, version=2, by=administrator, at=NOW),
        lambda: record_attendance(meeting, [], by=administrator),
        lambda: record_outcome(meeting, "Other.", version=meeting.version, by=chair, at=NOW),
    ):
        with pytest.raises(RecordAgreed):
            act()


def test_only_who_may_agrees_and_opens_again(client, meeting, administrator, chair):
    keeper_without = PersonFactory(is_staff=True)
    keeper_without.user_permissions.add(Permission.objects.get(codename="change_principalsmeeting"))
    with pytest.raises(NotAllowed):
        records.agree_record(meeting, version=meeting.version, by=chair, at=NOW)
    records.agree_record(meeting, version=meeting.version, by=keeper_without, at=NOW)
    meeting.refresh_from_db()
    with pytest.raises(NotAllowed):
        records.reopen_record(meeting, "Why", version=meeting.version, by=keeper_without, at=NOW)
    with pytest.raises(Stale):
        records.reopen_record(meeting, "Why", version=99, by=administrator, at=NOW)
    client.force_login(keeper_without, backend=BACKEND)
    page = text_of(client.get(address(meeting, "agreement")))
    assert "Only an administrator with the right to reopen records" in page
    assert "<textarea" not in page
    stranger = PersonFactory(is_staff=True)
    client.force_login(stranger, backend=BACKEND)
    assert client.get(address(meeting, "agreement")).status_code == 403


def test_a_record_is_agreed_after_the_meeting(keeper, administrator):
    coming = MeetingFactory(kind="principals")

    with pytest.raises(MeetingOver):
        records.agree_record(coming, version=coming.version, by=administrator, at=NOW)

    assert "A record is agreed after the meeting was held." in text_of(keeper.get(address(coming)))
    assert keeper.get(f"{LIST}0/agreement/").status_code == 404


def test_the_list_says_who_came_and_which_meeting_has_no_statement(keeper, meeting, unfpa):
    AttendanceFactory(meeting=meeting, agency=unfpa, level="principal")
    other = MeetingFactory(slug="2025", title="Rome", kind="principals", state="held")
    coming = MeetingFactory(slug="2027", title="Oslo", kind="principals")
    StatementFactory(meeting=meeting, title="On transit", slug="transit", state="adopted")

    page = text_of(keeper.get(LIST))

    rows = {
        name: page.partition(f">{name}</a>")[2].partition("</tr>")[0]
        for name in ("Paris", "Rome", "Oslo")
    }
    assert "1 of 3, 1 by their principal" in rows["Paris"]
    assert "On transit" in rows["Paris"]
    assert ("not on record" in rows["Rome"], "⚠ none" in rows["Rome"]) == (True, True)
    assert "⚠ none" not in rows["Oslo"]

    def found(query):
        return [row.pk for row in keeper.get(f"{LIST}?{query}").context["cl"].result_list]

    assert found("statement=yes") == [meeting.pk]
    assert sorted(found("statement=no")) == sorted([other.pk, coming.pk])
    assert len(found("statement=what")) == 3
    assert (found("agreed=yes"), len(found("agreed=no")), len(found("agreed=what"))) == ([], 3, 3)


def test_the_list_is_saved_as_excel_and_csv(keeper, meeting, unfpa):
    AttendanceFactory(
        meeting=meeting, agency=unfpa, level="delegate", name_on_day="=Jo", delegate_for="A. Diop"
    )
    unknown = MeetingFactory(slug="2011", title="Rome", kind="principals", state="held")
    chosen = {"_selected_action": [meeting.pk, unknown.pk]}

    book = openpyxl.load_workbook(
        io.BytesIO(keeper.post(LIST, chosen | {"action": "as_excel"}).content)
    )
    lines = {row[0]: row for row in book["Meetings"].iter_rows(values_only=True)}
    assert lines["Paris"][4:14] == (3, 0, 0, 1, 0, 0, 0, 1, 0, 1 / 3)
    assert lines["Rome"][11:14] == ("", "", "") or lines["Rome"][11:14] == (None, None, None)
    assert list(book["Attendance"].iter_rows(values_only=True))[1][:5] == (
        "Paris",
        "UNFPA",
        "delegate",
        "'=Jo",
        "A. Diop",
    )
    csv = keeper.post(LIST, chosen | {"action": "as_csv"})
    assert csv["Content-Disposition"] == 'attachment; filename="principals-meetings.csv"'
    assert len(csv.content.decode("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(begin):
    sheet = Sheet("a/b", ["@head"], [[f"{begin}1+1"], [-1], ["\x01fine"]])

    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet]))).active
    kinds = [(row[0].value, row[0].data_type) for row in page.iter_rows()]

    assert (page.title, kinds[0]) == ("a b", ("'@head", "s"))
    assert kinds[1][1] == "s"
    assert str(kinds[1][0]).startswith("'")
    assert kinds[2:] == [(-1, "n"), ("fine", "s")]
    assert csv_bytes(sheet).decode("utf-8-sig").startswith("'@head")
    assert harmless(NOW) == datetime(2026, 11, 23, 9, 0)
