"""A mail that waited is sent only while it is true: each case with the app's own sources, and a mail server that was away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from coordination.core import due
from coordination.core.due import Due
from coordination.meetings.enums import MeetingState
from coordination.meetings.models import Meeting
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Appointment, Invitation, Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import delivery, planning
from coordination.reminders.enums import Frequency, MessageState, Reason
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import DIGEST
from coordination.reminders.tests.factories import AT, KIND, OutboxMessageFactory, only_source, owed
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import ClearanceStep, Comment, Draft, Position, Statement
from coordination.statements.tests.factories import CIRCULATED, DEADLINE, circulated, in_clearance
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + 5 * DAY


def deliver(at):
    """Deliver what waits, and return the subjects that went."""
    before = len(mail.outbox)
    delivery.deliver(lambda: at)
    return sorted(each.subject for each in mail.outbox[before:])


def outcomes(kind):
    """Return the state and the reason of each mail of a kind, in the order of planning."""
    return list(
        OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("state", "reason")
    )


@pytest.fixture
def meeting(focal_point):
    """Plan the mail about a meeting; the mail server is away."""
    made = MeetingFactory(title="Round table", starts_at=SOON)
    assert planning.plan(NOW).new == 1
    return made


def test_a_moved_meeting_is_announced_at_its_new_hour_only(meeting, focal_point):
    Meeting.objects.update(starts_at=SOON + 2 * HOUR)

    planning.plan(NOW + HOUR)

    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 06:00: Round table"]
    assert outcomes("meetings.coming") == [("withheld", "changed"), ("sent", "")]
    row = OutboxMessage.objects.get(state=MessageState.WITHHELD)
    assert (row.withheld_at, row.leased_by, row.reason_values) == (NOW + HOUR, "", {})


def test_a_cancelled_meeting_is_not_announced(meeting):
    Meeting.objects.update(state=MeetingState.CANCELLED)

    planning.plan(NOW + HOUR)

    assert deliver(NOW + HOUR) == ["Cancelled: Round table, Sat 28 Nov 04:00"]
    assert outcomes("meetings.coming") == [("withheld", "changed")]


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

    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 04:00: Round table II"]
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
    assert deliver(NOW + 2 * HOUR) == ["Attend on Sat 28 Nov 04:00: Round table"]
    assert deliver(NOW + 3 * HOUR) == []
    assert planning.plan(NOW + 3 * HOUR).new == 0


def test_an_older_reminder_gives_way_to_the_newer_one(meeting):
    day_before = SOON - DAY

    planning.plan(day_before)

    assert deliver(day_before) == ["Attend on Sat 28 Nov 04:00: Round table"]
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
    assert deliver(NOW + HOUR) == ["Attend on Sat 28 Nov 04:00: Round table"]


def test_nobody_writes_to_who_left(meeting, colleague):
    Appointment.objects.exclude(person=colleague).update(last_day=NOW.date())

    assert deliver(NOW + DAY) == []
    assert outcomes("meetings.coming") == [("withheld", "left")]


def test_a_mail_goes_to_the_address_of_today(meeting):
    Person.objects.update(email="nadia@new.example.org")

    assert deliver(NOW) == ["Attend on Sat 28 Nov 04:00: Round table"]
    assert mail.outbox[0].to == ["nadia@new.example.org"]
    assert OutboxMessage.objects.get().address == "nadia@new.example.org"


def test_a_moved_deadline_is_the_only_one_that_is_named(focal_point):
    circulated(title="Transit")
    planning.plan(CIRCULATED)
    Statement.objects.update(amendments_until=DEADLINE + DAY)

    planning.plan(CIRCULATED + HOUR)

    assert deliver(CIRCULATED + HOUR) == ["Amend by Tue 1 Dec 12:00: Transit (draft 1)"]
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
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "coordination.core.mail.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for hour in range(24):
        planning.plan(NOW + hour * HOUR)
        delivery.deliver(lambda at=NOW + hour * HOUR: at)
    settings.EMAIL_BACKEND = backend

    assert len(deliver(NOW + DAY + HOUR)) == 3
    assert outcomes("meetings.coming") == [("sent", "")] * 3


@pytest.fixture
def nadia(letter, group):
    return PersonFactory(
        name="Nadia Ferreira", email="nadia@unfpa.example.org", time_zone="America/New_York"
    )


MORNING = AT + 4 * HOUR  # 08:00 in New York


@pytest.fixture
def in_digest(nadia, monkeypatch):
    """Owe Nadia two letters, which she wants in her digest; return the list of what is owed."""
    MailPreference.objects.create(person=nadia, kind=KIND, frequency=Frequency.DIGEST)
    found = owed(nadia) + owed(nadia, stage="14d")
    only_source(monkeypatch, lambda at: found)
    planning.plan(AT)
    return found


def test_a_digest_gathers_only_what_is_true(in_digest, nadia):
    in_digest.pop()
    dry = planning.plan(MORNING, dry=True)

    planning.plan(MORNING)

    assert [row.subject for row in dry.rows] == ["Digest of Mon 23 Nov: 1 reminder"]
    assert outcomes(KIND) == [("digested", ""), ("withheld", "replaced")]
    assert deliver(MORNING) == ["Digest of Mon 23 Nov: 1 reminder"]


def test_a_digest_of_nothing_is_not_made_and_what_is_true_again_is_held_again(in_digest, nadia):
    kept, in_digest[:] = list(in_digest), []

    assert planning.plan(MORNING).new == 0
    assert outcomes(KIND) == [("withheld", "changed")] * 2
    in_digest[:] = kept
    assert planning.plan(MORNING + HOUR).new == 2
    assert outcomes(KIND) == [("held", "")] * 2
    assert [row.kind for row in planning.plan(MORNING + DAY).rows] == [DIGEST]


def test_a_digest_has_the_words_of_its_morning(in_digest, nadia):
    in_digest[:] = owed(nadia, words="Today")

    planning.plan(MORNING)

    assert "- Today: 30d" in OutboxMessage.objects.get(kind=DIGEST).text


def test_what_is_held_for_a_closed_account_is_withheld(in_digest):
    Person.objects.update(is_active=False)

    assert planning.plan(MORNING).new == 0
    assert outcomes(KIND) == [("withheld", "inactive")] * 2


def test_a_digest_that_waited_loses_what_is_not_true_any_more(in_digest, nadia):
    planning.plan(MORNING)
    in_digest.pop()

    assert deliver(MORNING + HOUR) == ["Digest of Mon 23 Nov: 1 reminder"]
    assert "14d" not in mail.outbox[0].body
    assert outcomes(KIND) == [("digested", ""), ("withheld", "replaced")]


def test_a_digest_of_which_nothing_is_true_any_more_is_withheld(in_digest):
    planning.plan(MORNING)
    in_digest.clear()

    assert deliver(MORNING + HOUR) == []
    assert outcomes(DIGEST) == [("withheld", "empty")]


def test_a_digest_of_an_earlier_version_goes_as_it_is(in_digest):
    planning.plan(MORNING)
    OutboxMessage.objects.update(digest=None)
    in_digest.clear()

    assert deliver(MORNING + HOUR) == ["Digest of Mon 23 Nov: 2 reminders"]


def broken(at):
    raise LookupError("no such table")


def test_a_mail_that_cannot_be_checked_waits_and_the_others_go(nadia, monkeypatch):
    found = owed(nadia)
    only_source(monkeypatch, lambda at: found)
    planning.plan(AT)
    OutboxMessageFactory(kind="tests.other", subject="Other")
    only_source(monkeypatch, broken)

    with pytest.raises(ExceptionGroup, match="some mails could not be checked") as caught:
        deliver(AT + HOUR)

    row = OutboxMessage.objects.get(kind=KIND)
    assert caught.value.exceptions[0].__notes__ == [row.key]
    assert [each.subject for each in mail.outbox] == ["Other"]
    assert (row.state, row.last_answer) == (
        MessageState.WAITING,
        "It could not be checked against the facts: no such table",
    )
    assert row.next_try_at == AT + HOUR + timedelta(minutes=1)
    only_source(monkeypatch, lambda at: found)
    assert deliver(AT + 2 * HOUR) == ["Hand over: 30d"]


def test_a_mail_that_could_not_be_checked_for_days_goes_when_the_fault_is_over(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)
    only_source(monkeypatch, broken)
    for hours in range(1, delivery.MOST_TRIES + 3):
        with pytest.raises(ExceptionGroup):
            deliver(AT + hours * HOUR)
    row = OutboxMessage.objects.get()
    assert (row.state, row.tries) == (MessageState.WAITING, 0)

    only_source(monkeypatch, lambda at: owed(nadia))

    assert deliver(row.next_try_at + HOUR) == ["Hand over: 30d"]


class Unreadable:
    def __str__(self):
        raise LookupError("no such word")


def test_a_mail_whose_words_cannot_be_made_waits(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)
    only_source(monkeypatch, lambda at: owed(nadia, words=Unreadable()))

    with pytest.raises(ExceptionGroup):
        deliver(AT + HOUR)

    assert (
        OutboxMessage.objects.get().last_answer
        == "It could not be checked against the facts: no such word"
    )


@pytest.mark.parametrize("find", [broken, None])
def test_what_cannot_be_checked_stays_held(in_digest, nadia, monkeypatch, find):
    only_source(
        monkeypatch,
        find
        or (
            lambda at: (
                owed(nadia, words=Unreadable()) + owed(nadia, stage="14d", words=Unreadable())
            )
        ),
    )

    with pytest.raises(ExceptionGroup):
        planning.plan(MORNING)

    assert outcomes(KIND) == [("held", "")] * 2


def test_a_digest_whose_mails_cannot_be_checked_waits(in_digest, monkeypatch):
    planning.plan(MORNING)
    only_source(monkeypatch, broken)

    with pytest.raises(ExceptionGroup):
        deliver(MORNING + HOUR)

    assert outcomes(DIGEST) == [("waiting", "")]


def test_a_source_is_asked_once_for_many_mails_and_again_before_one_is_withheld(
    letter, monkeypatch, group
):
    people, asked = PersonFactory.create_batch(120), []

    def find(at):
        asked.append(at)
        return owed(*people)

    only_source(monkeypatch, find)
    planning.plan(AT)
    asked.clear()
    OutboxMessageFactory(
        kind=KIND,
        key="tests.letter:thing:1:0:gone",
        planned_at=AT,
        next_try_at=AT + timedelta(seconds=1),
    )
    moments = iter([AT + timedelta(milliseconds=n) for n in range(1000, 3000)])

    done = delivery.deliver(lambda: next(moments))

    assert (done.sent, done.withheld) == (120, 1)
    assert len(asked) == 2


def test_a_kind_that_no_app_registers_any_more_is_sent_unless_its_moment_has_passed(group):
    OutboxMessageFactory(kind="old.kind", subject="True")
    OutboxMessageFactory(kind="old.kind", subject="Past", until=AT)

    assert deliver(AT + HOUR) == ["True"]


def test_the_part_of_a_mail_counts_when_a_later_one_replaces_it(nadia, monkeypatch):
    def item(stage, part=""):
        return Due(
            kind=KIND,
            subject="thing:1",
            stage=stage,
            part=part,
            person_id=nadia.pk,
            at=AT,
            url="/",
            context={"words": "Hand over"},
        )

    only_source(
        monkeypatch,
        lambda at: [item("opened"), item("opened", "agency 1"), item("opened", "agency 2")],
    )
    planning.plan(AT)
    only_source(monkeypatch, lambda at: [item("48 h before", "agency 2")])

    assert deliver(AT + HOUR) == []
    assert outcomes(KIND) == [
        ("withheld", "replaced"),
        ("withheld", "not_addressed"),
        ("withheld", "replaced"),
    ]


def test_a_mail_that_another_worker_took_meanwhile_is_left_to_it(nadia, monkeypatch):
    only_source(monkeypatch, lambda at: owed(nadia))
    planning.plan(AT)

    def find(at):
        OutboxMessage.objects.update(leased_by="other")
        return []

    only_source(monkeypatch, find)
    done = delivery.deliver(lambda: AT)

    assert (done.withheld, OutboxMessage.objects.get().state) == (0, MessageState.WAITING)


def test_sources_say_what_may_have_changed():
    general = {source.kind for source in due.sources() if source.changed == due.FACTS_CHANGED}

    assert general == {"members.address_changed", "statements.settled", "statements.ended"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"state": "withheld", "reason": "changed", "kind": "meetings.coming"},
            "The meeting was moved or cancelled.",
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
