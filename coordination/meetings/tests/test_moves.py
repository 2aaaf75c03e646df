"""A meeting that moves: who is told, once for each version, and in which words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from coordination.core.history import dated_at
from coordination.core.mails import render_mail
from coordination.core.models import Group
from coordination.meetings import queries
from coordination.meetings.actions import meetings
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.due import meetings as due
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Appointment
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
DAY, HOUR, SETTLED = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)
STARTS = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
DETAILS = MeetingDetails(
    title="Meeting 42",
    kind=MeetingKind.WORKING_LEVEL,
    starts_at=STARTS,
    ends_at=STARTS + 75 * timedelta(minutes=1),
    time_zone="Europe/Zurich",
    place="Room XII",
    video_url="https://meet.example.org/42",
)


@pytest.fixture
def convened(chair):
    return meetings.convene(DETAILS, by=chair, at=NOW)


@pytest.fixture
def edit(chair, now):
    """Return a function that edits a meeting an hour later, and waits until it is told."""

    def edit_meeting(meeting, **changes):
        now.shift(HOUR)
        at = timezone.now()
        details = replace(DETAILS, **changes)
        saved = meetings.edit_meeting(meeting, details, version=meeting.version, by=chair, at=at)
        now.shift(SETTLED)
        return saved

    return edit_meeting


def told(at=None):
    return [(each.person_id, each.stage) for each in due.moved_meetings(at or timezone.now())]


def words(meeting, person):
    """Return subject, text and HTML of the mail to a person in New York."""
    [item] = [each for each in due.moved_meetings(timezone.now()) if each.person_id == person.pk]
    around = {
        "person": person,
        "group": Group.objects.get(),
        "url": f"https://x.example{item.url}",
        "reason": "Meetings that were moved",
        "can_be_off": True,
        "preferences_url": "p",
    }
    context = around | dict(item.context)
    mail = render_mail("meetings/mail/moved", context, ZoneInfo("America/New_York"), "en")
    return mail.subject, mail.text, mail.html


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": STARTS + DAY, "ends_at": DETAILS.ends_at + DAY},
        {"ends_at": DETAILS.ends_at + HOUR},
        {"place": "Room VII"},
        {"place": ""},
        {"video_url": "https://meet.example.org/43"},
    ],
)
def test_a_change_of_hour_place_or_link_is_told_to_all_who_are_invited(
    convened, edit, focal_point, chair, change
):
    assert told() == []

    edit(convened, **change)

    assert told() == [(pk, "v2") for pk in sorted([focal_point.pk, chair.pk])]


@pytest.mark.parametrize("change", [{"title": "Meeting 43"}, {"agenda": "One"}])
def test_a_change_of_anything_else_is_not_told(convened, edit, focal_point, change):
    edit(convened, **change)

    assert told() == []


def test_each_version_is_told_once(convened, edit, focal_point):
    first = edit(convened, place="Room VII")
    keys = {each.key for each in due.moved_meetings(timezone.now())}
    assert keys == {each.key for each in due.moved_meetings(timezone.now() + DAY)}
    retitled = edit(first, place="Room VII", title="Meeting 43")
    assert keys == {each.key for each in due.moved_meetings(timezone.now())}

    edit(retitled, place="Room VIII")

    later = {each.key for each in due.moved_meetings(timezone.now())}
    assert (len(later), keys & later) == (2, set())


def test_the_mail_says_from_where_to_where_with_both_hours_and_their_cities(
    convened, edit, focal_point
):
    edit(
        convened,
        starts_at=STARTS + 2 * DAY - 5 * HOUR,
        ends_at=None,
        place="",
        video_url="https://meet.example.org/42",
    )

    subject, text, html = words(convened, focal_point)

    assert subject == "Moved to Fri 4 Dec 2026, 04:00 New York: Meeting 42"
    for line in (
        "Meeting 42 has moved.",
        (
            "Hours: moved from Wed 2 Dec 2026, 15:00–16:15 Geneva (09:00–10:15 your time, New York)"
            " to Fri 4 Dec 2026, 10:00 Geneva (04:00 your time, New York)"
        ),
        "Place: no longer Room XII; none is named now",
        "Videoconference as before: https://meet.example.org/42",
        "Say again whether you will attend: what you answered was for the former hour.",
    ):
        assert line in text
        assert line in html
    assert "It had moved before" not in text
    assert "Say whether you will attend</a>" in html


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"place": "Room VII"}, "New place: Meeting 42, Wed 2 Dec 2026, 09:00 New York"),
        (
            {"video_url": "https://a.example"},
            "New link: Meeting 42, Wed 2 Dec 2026, 09:00 New York",
        ),
        (
            {"place": "Room VII", "video_url": "https://a.example"},
            "New place and link: Meeting 42, Wed 2 Dec 2026, 09:00 New York",
        ),
    ],
)
def test_the_subject_names_what_is_new(convened, edit, focal_point, change, subject):
    edit(convened, **change)

    assert words(convened, focal_point)[0] == subject


def test_a_place_that_was_not_named_before_is_told_so(convened, edit, focal_point):
    first = edit(convened, place="")
    edit(first, place="Room VII")

    assert "Place: Room VII (none was named before)" in words(convened, focal_point)[1]


def test_moved_and_moved_back_tells_both(convened, edit, focal_point):
    first = edit(convened, starts_at=STARTS + DAY, ends_at=DETAILS.ends_at + DAY)
    edit(first)

    _subject, text, html = words(convened, focal_point)

    there, back = (
        "15:00–16:15 Geneva (09:00–10:15 your time, New York) to Thu 3 Dec 2026, 15:00",
        (
            "moved from Thu 3 Dec 2026, 15:00–16:15 Geneva (09:00–10:15 your time, New York)"
            " to Wed 2 Dec 2026, 15:00"
        ),
    )
    for mail in (text, html):
        assert mail.index(back) < mail.index("It had moved before:") < mail.index(there)


def test_an_hour_past_midnight_names_its_day_in_each_zone(convened, edit, focal_point):
    begins = datetime(2026, 12, 2, 22, 0, tzinfo=UTC)
    edit(convened, starts_at=begins, ends_at=begins + 1.5 * HOUR)

    assert (
        "to Wed 2 Dec 2026, 23:00 – Thu 3 Dec, 00:30 Geneva (17:00–18:30 your time, New York)"
    ) in words(convened, focal_point)[1]


def test_another_day_of_the_reader_is_named(convened, edit, focal_point):
    begins = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
    edit(convened, starts_at=begins, ends_at=begins + HOUR)

    assert (
        "to Thu 3 Dec 2026, 02:00–03:00 Geneva (Wed 2 Dec, 20:00–21:00 your time, New York)"
    ) in words(convened, focal_point)[1]


def test_who_came_later_or_left_is_not_told(convened, edit, focal_point, chair, colleague, unfpa):
    Appointment.objects.filter(person=colleague).update(first_day=NOW.date() + DAY)
    edit(convened, place="Room VII")
    assert told(NOW + 2 * DAY) == [(pk, "v2") for pk in sorted([focal_point.pk, chair.pk])]

    Appointment.objects.filter(person=focal_point).update(last_day=NOW.date())

    assert told(NOW + 2 * DAY) == [(chair.pk, "v2")]


def test_who_reads_of_a_move_is_not_reminded_of_the_same_hour_at_once(
    convened, edit, focal_point, chair, colleague
):
    Appointment.objects.filter(person=colleague).update(first_day=date(2026, 11, 26))
    now_known = edit(convened, starts_at=NOW + 4 * DAY, ends_at=None)

    # the week's reminder of the new hour fell before the move, which told it; who came later is
    # invited to the new hour
    assert [each.person_id for each in due.coming_meetings(NOW + 3 * HOUR)] == []
    assert [each.person_id for each in due.coming_meetings(NOW + 3 * DAY - HOUR)] == []
    assert colleague.pk in [each.person_id for each in due.invitations(NOW + 3 * DAY)]
    assert [each.stage for each in due.coming_meetings(now_known.starts_at - DAY)] == ["1d"] * 3


def test_a_meeting_that_has_begun_was_cancelled_or_is_held_is_not_told(convened, edit, focal_point):
    moved = edit(convened, place="Room VII")

    assert told(STARTS) == []
    Meeting.objects.filter(pk=moved.pk).update(state=MeetingState.HELD)
    assert told() == []
    Meeting.objects.filter(pk=moved.pk).update(state=MeetingState.CANCELLED)
    assert told() == []


def test_a_record_whose_hour_is_corrected_to_one_to_come_was_moved_from_nowhere(focal_point):
    meeting = MeetingFactory(state=MeetingState.HELD, starts_at=NOW - DAY)
    meeting.state, meeting.starts_at, meeting.version = MeetingState.CONVENED, NOW + DAY, 2
    meeting.save()

    assert told() == []


def test_a_cancellation_is_told_at_once_to_those_who_were_invited(
    convened, focal_point, chair, colleague
):
    Appointment.objects.filter(person=colleague).update(first_day=NOW.date() + DAY)
    at = NOW + SETTLED
    with dated_at(at):
        meetings.cancel_meeting(convened, version=1, by=chair, at=at)

    told_of = [(each.person_id, each.stage, each.at) for each in due.cancelled_meetings(NOW + DAY)]

    assert told_of == [(pk, "once", at) for pk in sorted([focal_point.pk, chair.pk])]


def test_a_meeting_that_is_over_invites_nobody(chair, focal_point):
    past = replace(DETAILS, starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
    recorded = meetings.convene(past, by=chair, at=NOW)

    assert (recorded.state, recorded.history.get().history_change_reason) == (
        MeetingState.HELD,
        "meeting_recorded",
    )
    for find in (due.coming_meetings, due.moved_meetings, due.cancelled_meetings):
        assert list(find(NOW)) == []
    assert queries.upcoming(NOW).count() == 0


def test_a_meeting_that_goes_on_is_convened(chair):
    going_on = replace(DETAILS, starts_at=NOW - HOUR, ends_at=NOW + HOUR)

    assert meetings.convene(going_on, by=chair, at=NOW).state == MeetingState.CONVENED


@pytest.mark.parametrize("count", [1, 5])
def test_moves_cost_the_same_queries_for_many_meetings(
    chair, focal_point, edit, django_assert_num_queries, count
):
    for number in range(count):
        meeting = meetings.convene(replace(DETAILS, title=str(number)), by=chair, at=NOW)
        edit(meeting, title=str(number), place="Room VII")

    # meetings, their agenda, history, answers, the group, its agencies, their people
    with django_assert_num_queries(7):
        assert len(told()) == 2 * count
