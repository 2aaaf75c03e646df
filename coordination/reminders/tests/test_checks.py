"""A mail that waited is sent only while it is true: each case with the app's own sources, and a mail server that was away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from coordination.core import due
from coordination.core.history import dated_at
from coordination.meetings.actions.meetings import MeetingDetails, edit_meeting
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Appointment, Invitation, Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import delivery, planning
from coordination.reminders.enums import MessageState, Reason
from coordination.reminders.models import OutboxMessage
from coordination.reminders.tests.factories import AT, OutboxMessageFactory
from coordination.reminders.tests.outbox import deliver, outcomes
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import ClearanceStep, Comment, Draft, Position, Statement
from coordination.statements.tests.factories import CIRCULATED, DEADLINE, circulated, in_clearance
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + 5 * DAY


@pytest.fixture
def meeting(focal_point):
    """Plan the mail about a meeting; the mail server is away."""
    made = MeetingFactory(title="Round table", starts_at=SOON)
    assert planning.plan(NOW).new == 1
    return made


def test_a_moved_meeting_is_announced_at_its_new_hour_only(meeting, focal_point):
    Meeting.objects.update(starts_at=SOON + 2 * HOUR)

    planning.plan(NOW + HOUR)

    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 06:00 New York: Round table"]
    assert outcomes("meetings.coming") == [("withheld", "changed"), ("sent", "")]
    row = OutboxMessage.objects.get(state=MessageState.WITHHELD)
    assert (row.withheld_at, row.leased_by, row.reason_values) == (NOW + HOUR, "", {})


def test_a_cancelled_meeting_is_not_announced(focal_point):
    with dated_at(NOW - 20 * DAY):
        meeting = MeetingFactory(title="Round table", starts_at=SOON)
    assert planning.plan(NOW).new == 2  # the invitation, and the reminder of the week
    with dated_at(NOW + HOUR):
        meeting.state = MeetingState.CANCELLED
        meeting.save()

    planning.plan(NOW + HOUR)

    assert deliver(NOW + HOUR) == ["Cancelled: Round table, Sat 28 Nov 04:00 New York"]
    for kind in ("meetings.invited", "meetings.coming"):
        assert outcomes(kind) == [("withheld", "changed")]


def test_a_meeting_that_has_begun_is_not_announced(meeting):
    assert deliver(SOON) == []
    row = OutboxMessage.objects.get()
    assert (row.state, row.reason, row.reason_values) == (
        MessageState.EXPIRED,
        Reason.PAST,
        {"until": SOON.isoformat()},
    )


def test_a_meeting_with_another_place_is_announced_in_the_words_of_today(meeting):
    Meeting.objects.update(place="Room XIX", title="Round table II")

    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 04:00 New York: Round table II"]
    assert "Place: Room XIX" in mail.outbox[0].body
    assert OutboxMessage.objects.get().text == mail.outbox[0].body


def test_a_meeting_moved_and_moved_back_is_announced_once(meeting):
    Meeting.objects.update(starts_at=SOON + 2 * HOUR)
    assert deliver(NOW + HOUR) == []
    Meeting.objects.update(starts_at=SOON)

    planned = [planning.plan(NOW + 2 * HOUR).new, planning.plan(NOW + 2 * HOUR).new]

    assert planned == [1, 0]
    row = OutboxMessage.objects.get()
    assert (row.reason, row.reason_values, row.withheld_at, row.tries) == ("", None, None, 0)
    assert deliver(NOW + 2 * HOUR) == ["Attend on Sat 28 Nov 04:00 New York: Round table"]
    assert deliver(NOW + 3 * HOUR) == []
    assert planning.plan(NOW + 3 * HOUR).new == 0


def test_an_older_reminder_gives_way_to_the_newer_one(meeting):
    day_before = SOON - DAY

    planning.plan(day_before)

    assert deliver(day_before) == ["Attend on Sat 28 Nov 04:00 New York: Round table"]
    assert outcomes("meetings.coming") == [("withheld", "replaced"), ("sent", "")]
    assert OutboxMessage.objects.get(reason="replaced").reason_values == {
        "key": OutboxMessage.objects.get(state="sent").key
    }


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": None}])
def test_nobody_writes_to_a_closed_account(meeting, focal_point, fields):
    Person.objects.update(**fields)

    assert deliver(NOW + HOUR) == []
    assert outcomes("meetings.coming") == [("withheld", "inactive")]
    Person.objects.update(is_active=True, email=focal_point.email)
    assert planning.plan(NOW + HOUR).new == 1
    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 04:00 New York: Round table"]


def test_nobody_writes_to_who_left(meeting, colleague):
    Appointment.objects.exclude(person=colleague).update(last_day=NOW.date())

    assert deliver(NOW + DAY) == []
    assert outcomes("meetings.coming") == [("withheld", "left")]


def test_a_mail_goes_to_the_address_of_today(meeting):
    Person.objects.update(email="nadia@new.example.org")

    assert deliver(NOW) == ["Attend on Sat 28 Nov 04:00 New York: Round table"]
    assert mail.outbox[0].to == ["nadia@new.example.org"]
    assert OutboxMessage.objects.get().address == "nadia@new.example.org"


def test_a_moved_deadline_is_the_only_one_that_is_named(focal_point):
    circulated(title="Transit")
    planning.plan(CIRCULATED)
    Statement.objects.update(amendments_until=DEADLINE + DAY)

    planning.plan(CIRCULATED + HOUR)

    assert deliver(CIRCULATED + HOUR) == ["Amend by Tue 1 Dec 12:00 New York: Transit (draft 1)"]
    assert outcomes("statements.amend_open") == [("withheld", "changed"), ("sent", "")]


def test_a_deadline_that_has_passed_is_not_announced(focal_point):
    circulated(title="Transit")
    planning.plan(CIRCULATED)

    assert deliver(DEADLINE) == []
    assert outcomes("statements.amend_open") == [("expired", "past")]


@pytest.mark.parametrize(
    "fields", [{"closed_at": CIRCULATED + HOUR}, {"broken_at": CIRCULATED + HOUR}]
)
def test_nobody_is_asked_for_a_position_in_a_step_that_is_closed_or_broken(focal_point, fields):
    in_clearance(title="Transit")
    planning.plan(CIRCULATED)
    ClearanceStep.objects.update(**fields)

    assert deliver(CIRCULATED + HOUR) == []
    assert outcomes("statements.position_due") == [("withheld", "changed")]


def test_an_agency_that_has_answered_is_not_asked_while_another_is(
    focal_point, other_agency, unfpa
):
    step = in_clearance(title="Transit")
    planning.plan(CIRCULATED)
    Position.objects.create(
        step=step,
        agency=unfpa,
        person=focal_point,
        kind=PositionKind.APPROVE,
        sha256=step.draft.sha256,
        taken_at=CIRCULATED,
    )

    assert [subject[:27] for subject in deliver(CIRCULATED + HOUR)] == [
        "Approve or object for OHCHR"
    ]
    assert dict(OutboxMessage.objects.values_list("recipient__name", "reason")) == {
        "Nadia Ferreira": "not_addressed",
        "Samira Okonkwo": "",
    }


@pytest.mark.parametrize(
    ("fields", "at", "outcome"),
    [
        ({"expires_at": NOW + DAY}, NOW + 2 * DAY, ("expired", "past")),
        ({"withdrawn_at": NOW}, NOW + HOUR, ("withheld", "changed")),
        ({"accepted_at": NOW}, NOW + HOUR, ("withheld", "changed")),
    ],
)
def test_an_invitation_that_cannot_be_accepted_any_more_is_not_sent(
    unfpa, focal_point, fields, at, outcome
):
    invitation = Invitation.objects.create(
        agency=unfpa,
        email="new@example.org",
        person=PersonFactory(),
        invited_by=focal_point,
        invited_at=NOW,
        expires_at=NOW + DAY,
    )
    planning.plan(NOW)
    Invitation.objects.filter(pk=invitation.pk).update(**fields)

    assert deliver(at) == []
    assert outcomes("members.invitation") == [outcome]


def news(focal_point, unfpa, ohchr):
    """Make a comment that mentions UNFPA, and an adopted statement."""
    draft = circulated(StatementState.CLEARANCE, title="Transit")
    said = Comment.objects.create(
        statement=draft.statement,
        author=focal_point,
        agency=ohchr,
        key="b1",
        text="@UNFPA look",
        said_at=NOW,
    )
    said.mentions.add(unfpa)
    return said


def test_news_that_waited_for_the_mail_server_beyond_their_days_still_go(focal_point, unfpa, ohchr):
    """The source yields a comment for fourteen days; this mail was planned on the last one, and the server was away for a day."""
    news(focal_point, unfpa, ohchr)
    last = NOW + 14 * DAY - HOUR
    planning.plan(last)
    assert planning.plan(last + 2 * HOUR).new == 0

    assert deliver(last + DAY) == ["Answer OHCHR’s comment: Transit"]


def test_a_withdrawn_comment_is_not_sent(focal_point, unfpa, ohchr):
    said = news(focal_point, unfpa, ohchr)
    planning.plan(NOW)
    Comment.objects.filter(pk=said.pk).update(withdrawn_at=NOW)

    assert deliver(NOW + HOUR) == []
    assert outcomes("statements.mentioned") == [("withheld", "changed")]


def test_after_a_day_without_a_server_each_true_mail_goes_once(
    focal_point, colleague, other_agency, settings
):
    Draft.objects.all().delete()
    MeetingFactory(starts_at=SOON)
    assert planning.plan(NOW).new == 3
    backend, settings.EMAIL_BACKEND = (
        settings.EMAIL_BACKEND,
        "coordination.reminders.smtp.EmailBackend",
    )
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for hour in range(24):
        planning.plan(NOW + hour * HOUR)
        delivery.deliver(lambda at=NOW + hour * HOUR: at)
    settings.EMAIL_BACKEND = backend

    assert len(deliver(NOW + DAY + HOUR)) == 3
    assert outcomes("meetings.coming") == [("sent", "")] * 3


def test_sources_say_what_may_have_changed():
    general = {source.kind for source in due.sources() if source.changed == due.FACTS_CHANGED}

    assert general == {
        "members.address_changed",
        "rotation.offer_ended",
        "rotation.operation",
        "statements.call_recorded",
        "statements.settled",
        "statements.ended",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"state": "withheld", "reason": "changed", "kind": "meetings.coming"},
            "The person answered, or the meeting was moved or cancelled.",
        ),
        (
            {"state": "withheld", "reason": "changed", "kind": "old.kind"},
            "The facts changed after it was planned.",
        ),
        ({"state": "withheld", "reason": "left"}, "The recipient is not in office any more."),
        (
            {
                "state": "expired",
                "reason": "past",
                "reason_values": {"until": "2026-11-23T10:00:00+00:00"},
            },
            "It came too late. It was of use until Mon 23 Nov 2026, 11:00 CET.",
        ),
    ],
)
def test_the_chair_reads_why_a_mail_was_not_sent(sign_in, now, chair, fields, sentence):
    row = OutboxMessageFactory(subject="Lost", withheld_at=AT, **fields)
    client = sign_in(chair)

    listed = client.get(reverse("reminders:outbox"), {"state": fields["state"]}).content.decode()
    page = client.get(reverse("reminders:message", args=[row.pk])).content.decode()

    assert (sentence in listed, sentence in page, "Try again" in page) == (True, True, False)


def test_a_move_is_told_once_and_stands_for_the_reminder_that_waited(focal_point, now, chair):
    with dated_at(NOW - 20 * DAY):
        meeting = MeetingFactory(title="Round table", starts_at=SOON)
    planning.plan(NOW - 19 * DAY)
    assert len(deliver(NOW - 19 * DAY)) == 2
    assert planning.plan(NOW).new == 2  # reminders that wait for the mail server
    now.move_to(NOW + HOUR)
    details = MeetingDetails(
        "Round table", meeting.kind, SOON + 2 * HOUR, None, meeting.time_zone, "Room VII"
    )
    edit_meeting(meeting, details, version=1, by=chair, at=NOW + HOUR)

    for hours in (1, 2):
        planning.plan(NOW + hours * HOUR)

    assert deliver(NOW + 2 * HOUR) == [
        "Moved to Sat 28 Nov 2026, 06:00 New York: Round table",
        "Moved to Sat 28 Nov 2026, 12:00 Paris: Round table",
    ]
    assert outcomes("meetings.coming") == [("withheld", "changed")] * 2
    planning.plan(NOW + DAY)
    assert deliver(NOW + DAY) == []
