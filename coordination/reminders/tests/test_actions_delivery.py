"""Delivery against a real SMTP peer: each once, marked at once; what is refused, put off, out of reach."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import quote

import pytest
from django.core import mail
from django.db import connection

from coordination.members.tests.factories import PersonFactory
from coordination.reminders.actions import planning, preferences
from coordination.reminders.actions.delivery import (
    MOST_TRIES,
    Round,
    claim_rows,
    deliver,
    pause_after,
    send_batch,
)
from coordination.reminders.enums import Failure, MessageState
from coordination.reminders.errors import NotParked
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.answers import FailedTry, ServerAnswer, server_answer
from coordination.reminders.queries.emails import email_message
from coordination.reminders.tests.factories import AT, OutboxMessageFactory, only_source, owed
from coordination.tests.services.ports import free_port

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def clock():
    return AT


def test_mails_go_over_one_connection_and_are_marked(sink):
    peer = sink()
    rows = OutboxMessageFactory.create_batch(60)
    heard = []

    done = deliver(clock, tell=lambda row, words: heard.append((row.pk, words)))

    assert (done.sent, done.put_off, done.parked, done.unreachable) == (60, 0, 0, None)
    assert heard == [(row.pk, "sent") for row in rows]
    assert [mail["to"] for mail in peer.mails()] == [[row.address] for row in rows]
    assert peer.connections() == 1
    assert set(OutboxMessage.objects.values_list("state", "sent_at", "tries", "leased_by")) == {
        (MessageState.SENT, AT, 1, "")
    }


def received(peer) -> EmailMessage:
    """Return the first mail that arrived, as a mail program reads it."""
    body = peer.mails()[0]["body"].replace("\r\n", "\n")
    return message_from_bytes(body.encode(), policy=policy.default)


def test_a_mail_on_the_wire(sink, settings):
    settings.DEFAULT_FROM_EMAIL = "Secrétariat <secretariat@gmg.example.org>"
    peer = sink()
    row = OutboxMessageFactory(
        subject="Genève: sign by Thu",
        text="Dear Élodie,\n\n.hidden dot\n" + "long " * 300 + "\n",
        html="<p>Élodie = <b>you</b></p>",
        headers={"List-Id": "GMG <gmg.example.org>"},
    )

    deliver(clock)

    found = received(peer)
    assert found.defects == []
    assert dict(found.items()) == {
        "From": "Secrétariat <secretariat@gmg.example.org>",
        "To": row.address,
        "Subject": "Genève: sign by Thu",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": row.message_id,
        "List-Id": "GMG <gmg.example.org>",
        "MIME-Version": "1.0",
        "Content-Type": found["Content-Type"],
    }
    text, html = found.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().rstrip("\n") == row.text.rstrip("\n")
    assert html.get_content().rstrip("\n") == row.html


def test_a_calendar_message_is_in_the_mail_twice_and_copies_are_equal(sink):
    peer = sink()
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    row = OutboxMessageFactory(subject="Genève: first call", calendar=calendar)

    assert email_message(row).message().as_bytes() == email_message(row).message().as_bytes()
    deliver(clock)

    found = received(peer)
    words, file = found.iter_parts()
    _text, _html, request = words.iter_parts()
    assert found.defects == words.defects == []
    assert request.get_content_type() == "text/calendar"
    assert request["Content-Type"].params["method"] == "REQUEST"
    assert request.get_content().split() == calendar.split()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_payload(decode=True).split() == calendar.encode().split()


TRAP = "=?utf-8?q?=0d=0aBcc:=20everybody@example.org?="


@pytest.mark.parametrize(
    "typed",
    [
        TRAP,
        f"Genève {TRAP}",
        f"Sign {TRAP} " * 5,
        "=?",
        "a =?x b",
        "=?utf-8?b?QmNj?= =?utf-8?b?QmNj?=",
    ],
)
def test_text_that_looks_like_an_encoded_word_arrives_as_it_was_typed(sink, typed):
    peer = sink()
    subject = " ".join(typed.split())
    OutboxMessageFactory(subject=subject)

    deliver(clock)

    found = received(peer)
    assert found["Subject"] == subject
    assert set(found.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    }
    assert (found.defects, found["Subject"].defects) == ([], ())


# Short names: Python's own parser leaves a space between two encoded words of a name
@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?=0d=0aBcc:?=",
        "Genève =?utf-8?q?=0d=0aBcc:?=",
        'Group <x@y.example>, "GMG"',
        "Global Migration Group",
        "Gruppe; (neu)",
    ],
)
def test_names_in_headers_arrive_as_they_were_typed(
    sink, settings, name, group, letter, monkeypatch
):
    settings.DEFAULT_FROM_EMAIL = f'"{quote(name)}" <secretariat@gmg.example.org>'
    group.name = name
    group.save()
    peer = sink()
    nadia = PersonFactory(email="nadia@example.org")
    only_source(monkeypatch, lambda at: owed(nadia, words=name))
    planning.plan(AT)

    deliver(clock)

    found = received(peer)
    [sender] = found["From"].addresses
    [listed] = HeaderRegistry()("To", peer.mails()[0]["headers"]["List-Id"]).addresses
    assert (sender.display_name, sender.addr_spec) == (name, "secretariat@gmg.example.org")
    assert (listed.display_name, listed.addr_spec) == (name, "gmg.localhost")
    assert found["Subject"] == f"{name}: 30d"
    assert "Bcc" not in found


def test_a_refused_recipient_is_parked_with_the_servers_words_and_the_others_go(sink):
    peer = sink(refuse=("gone@example.org",))
    OutboxMessageFactory()
    gone = OutboxMessageFactory(recipient__email="gone@example.org")
    OutboxMessageFactory()

    done = deliver(clock)

    gone.refresh_from_db()
    assert (done.sent, done.parked, len(peer.mails())) == (2, 1, 2)
    assert (gone.state, gone.last_answer, gone.leased_by) == (
        MessageState.PARKED,
        "550 5.1.1 no such person here",
        "",
    )


def test_put_off_is_tried_again_after_a_pause(sink):
    peer = sink(later=1)
    row = OutboxMessageFactory()

    first = deliver(clock)
    too_soon = deliver(lambda: AT + timedelta(seconds=59))

    row.refresh_from_db()
    assert (first.put_off, too_soon.put_off, peer.mails()) == (1, 0, [])
    assert (row.state, row.tries, row.next_try_at) == (MessageState.WAITING, 1, AT + MINUTE)
    assert row.last_answer == "451 4.7.1 come back later"


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 60), (2, 120), (3, 240), (6, 1920), (7, 3600), (500, 3600)]
)
def test_the_pause_doubles_up_to_an_hour(tries, seconds):
    assert pause_after(tries) == timedelta(seconds=seconds)


def test_a_mail_put_off_for_days_is_parked(sink):
    sink(later=1)
    row = OutboxMessageFactory(tries=MOST_TRIES, last_answer="451 4.7.1 come back later")

    done = deliver(clock)

    row.refresh_from_db()
    assert (done.parked, row.state, row.last_answer) == (
        1,
        MessageState.PARKED,
        "451 4.7.1 come back later",
    )


def test_a_day_without_a_server_parks_nothing(smtp, sink):
    smtp(free_port())
    rows = OutboxMessageFactory.create_batch(3)
    for minutes in range(0, 24 * 60, 30):
        done = deliver(lambda at=AT + minutes * MINUTE: at)
        assert (done.sent, done.put_off, done.parked) == (0, 0, 0)
        assert "refused" in str(done.unreachable)
    assert set(OutboxMessage.objects.values_list("state", "tries", "leased_by")) == {
        (MessageState.WAITING, 0, "")
    }
    assert "refused" in OutboxMessage.objects.first().last_answer
    peer = sink()

    assert deliver(lambda: AT + timedelta(days=2)).sent == 3
    assert [mail["to"] for mail in peer.mails()] == [[row.address] for row in rows]


def test_a_server_that_hangs_up_on_one_mail_holds_up_no_other(sink):
    peer = sink(hang_up=("poison@example.org",))
    poison = OutboxMessageFactory(recipient__email="poison@example.org")
    OutboxMessageFactory.create_batch(2)

    done = deliver(clock)

    poison.refresh_from_db()
    assert (done.sent, done.put_off, done.unreachable, len(peer.mails())) == (2, 1, None, 2)
    assert (poison.state, poison.tries) == (MessageState.WAITING, 1)
    assert poison.last_answer == "Connection unexpectedly closed"


def test_an_address_that_cannot_be_written_is_parked(sink):
    peer = sink()
    wrong = OutboxMessageFactory(
        recipient__email="x@example.org>\r\nRCPT TO:<everybody@example.org"
    )
    OutboxMessageFactory(recipient__email="nadia@bücher.example")

    done = deliver(clock)

    wrong.refresh_from_db()
    assert (done.sent, done.parked, wrong.state) == (1, 1, MessageState.PARKED)
    assert (wrong.failure, wrong.failure_values) == (Failure.ADDRESS, {"address": wrong.address})
    assert [mail["to"] for mail in peer.mails()] == [["nadia@xn--bcher-kva.example"]]


@pytest.mark.parametrize("later", [0, 1])
def test_a_line_break_in_a_header_never_leaves(sink, later):
    peer = sink()
    if later:
        OutboxMessageFactory()
    row = OutboxMessageFactory(subject="Sign\r\nBcc: everybody@example.org")

    deliver(clock)

    row.refresh_from_db()
    assert (row.state, row.failure, row.failure_values, row.last_answer) == (
        MessageState.PARKED,
        Failure.CONTROL_CHARACTER,
        {"header": "Subject"},
        "",
    )
    assert len(peer.mails()) == later


def test_each_mail_is_marked_as_soon_as_the_server_has_it(sink):
    peer, work, seen = sink(), Round(clock), []
    OutboxMessageFactory.create_batch(3)

    def watch(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            seen.append(len(peer.mails()))
        return execute(sql, params, many, context)

    rows = claim_rows(work.worker, AT)
    with connection.execute_wrapper(watch):
        send_batch(rows, work)
    work.connection.close()

    assert seen == [1, 2, 3]


def test_a_folder_takes_the_very_bytes():
    row = OutboxMessageFactory(subject="Genève")

    done = deliver(clock)

    assert done.sent == 1
    sent = mail.outbox[0].message()
    assert (sent["Message-ID"], sent["To"], sent["Subject"]) == (
        row.message_id,
        row.address,
        "=?utf-8?q?Gen=C3=A8ve?=",
    )


@pytest.mark.parametrize(
    ("error", "answer", "is_final", "is_disconnected"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no")}),
            ServerAnswer(550, "no"),
            True,
            False,
        ),
        (
            smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"later")}),
            ServerAnswer(450, "later"),
            False,
            False,
        ),
        (
            smtplib.SMTPSenderRefused(550, b"not you", "s@b.c"),
            ServerAnswer(550, "not you", is_about_this_mail=False),
            False,
            False,
        ),
        (
            smtplib.SMTPSenderRefused(552, b"too large", "s@b.c"),
            ServerAnswer(552, "too large"),
            True,
            False,
        ),
        (smtplib.SMTPDataError(554, "spam"), ServerAnswer(554, "spam"), True, False),
        (smtplib.SMTPDataError(421, b"closing"), ServerAnswer(421, "closing"), False, True),
        (TimeoutError(), ServerAnswer(0, "TimeoutError"), False, True),
    ],
)
def test_answers_are_read_for_what_they_say(error, answer, is_final, is_disconnected):
    found = server_answer(error)

    assert (found, found.is_final, found.is_disconnected) == (answer, is_final, is_disconnected)


def test_a_refused_sender_is_put_off_not_parked(sink):
    sink(refuse_sender=True)
    row = OutboxMessageFactory()

    done = deliver(clock)

    row.refresh_from_db()
    assert (done.put_off, done.parked, row.state, row.last_answer) == (
        1,
        0,
        MessageState.WAITING,
        "553 5.7.1 not from you",
    )


def test_a_server_that_is_closing_is_asked_anew(sink):
    peer = sink(closing=True)
    row = OutboxMessageFactory()

    done = deliver(clock)

    row.refresh_from_db()
    assert (done.put_off, row.last_answer, peer.mails()) == (1, "421 4.3.2 closing", [])


def test_the_chair_has_a_parked_mail_tried_again_at_the_present_address(chair):
    person = PersonFactory(email="right@example.org")
    row = OutboxMessageFactory(
        recipient=person,
        address="wrong@example.org",
        state=MessageState.PARKED,
        tries=3,
        last_answer="550 no such person",
    )

    preferences.retry(row, by=chair, at=AT + MINUTE)

    row.refresh_from_db()
    assert (row.state, row.tries, row.next_try_at, row.address) == (
        MessageState.WAITING,
        0,
        AT + MINUTE,
        "right@example.org",
    )
    with pytest.raises(
        NotParked, match="Only a mail that could not be delivered can be tried again"
    ):
        preferences.retry(row, by=chair, at=AT)


def test_a_mail_that_the_library_cannot_write_is_parked_with_what_it_said(sink):
    sink()
    row = OutboxMessageFactory(headers={"X-Odd": "one\ntwo"})

    deliver(clock)

    row.refresh_from_db()
    assert (row.state, row.failure) == (MessageState.PARKED, Failure.UNWRITABLE)
    assert "newlines" in row.failure_values["error"]


@pytest.mark.parametrize("values", [{}, {"seconds": "WWW"}])
def test_a_failure_without_its_values_breaks_no_page(values):
    assert str(FailedTry(failure=Failure.TOO_SLOW, values=values)) == (
        "The details of the failure are not on record."
    )
    assert str(FailedTry("450 Later", Failure.TOO_SLOW, values)) == "450 Later"
