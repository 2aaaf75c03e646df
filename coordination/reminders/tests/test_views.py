"""The outbox, preferences, health, tasks and the command."""

import re
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.core.management import call_command
from django.urls import reverse

from coordination.core import clock
from coordination.core.due import facts_changed, sources
from coordination.members.actions.invitations import invite
from coordination.members.enums import Role
from coordination.members.tests.factories import PersonFactory
from coordination.reminders import tasks
from coordination.reminders.actions.planning import plan
from coordination.reminders.enums import Failure, Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import read_unsubscribe_token, unsubscribe_token
from coordination.reminders.tests.factories import MOMENT, OutboxMessageFactory, due_for
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many
from coordination.tests.pseudo import accented, pseudo_locale
from coordination.tests.services.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    """Forget that the broker of another test did not answer."""
    monkeypatch.setattr(tasks.Broker, "paused_until", datetime.min.replace(tzinfo=UTC))


@pytest.fixture
def gone_broker(settings, monkeypatch):
    settings.WAKE_PLANNER = True
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{free_port()}/0")


def test_the_chair_sees_what_failed_and_why(sign_in, now, chair):
    OutboxMessageFactory(
        subject="Lost", state=MessageState.PARKED, last_answer="550 no such person"
    )
    OutboxMessageFactory(subject="Gone", state=MessageState.SENT, sent_at=MOMENT)
    client = sign_in(chair)

    everything = client.get(reverse("reminders:outbox")).content.decode()
    parked = client.get(reverse("reminders:outbox"), {"state": "parked"}).content.decode()
    found = client.get(reverse("reminders:outbox"), {"q": "gon", "state": "eaten"}).content.decode()

    assert "550 no such person" in everything
    assert ("Lost" in parked, "Gone" in parked) == (True, False)
    assert ("Lost" in found, "Gone" in found) == (False, True)


@pytest.mark.parametrize(
    ("failure", "values", "sentence"),
    [
        (Failure.TOO_SLOW, {"seconds": 30.0}, "%(seconds)g s for one mail"),
        (Failure.UNCHECKED, {"error": "no such table"}, "checked against the facts: %(error)s"),
        (Failure.SILENT, None, "every try ended without an answer"),
        (Failure.CONTROL_CHARACTER, {"header": "Subject"}, "%(header)s holds a control character"),
        (Failure.ADDRESS, {"address": "a b@c"}, "cannot write to %(address)s"),
        (Failure.UNWRITABLE, {"error": "no header"}, "cannot be written: %(error)s"),
    ],
)
def test_a_failure_is_worded_in_the_language_of_its_reader(
    sign_in, now, administrator, chair, failure, values, sentence
):
    row = OutboxMessageFactory(state=MessageState.PARKED, failure=failure, failure_values=values)
    own = accented(sentence) % (values or {})
    pages = {
        reverse("reminders:outbox"): chair,
        reverse("reminders:message", args=[row.pk]): chair,
        reverse("admin:reminders_outboxmessage_change", args=[row.pk]): administrator,
    }

    for address, person in pages.items():
        assert sentence % (values or {}) in sign_in(person).get(address).content.decode()
        with pseudo_locale():
            assert own in sign_in(person).get(address).content.decode()


def test_others_may_not_see_the_outbox(sign_in, now, focal_point, terms):
    row = OutboxMessageFactory()
    client = sign_in(focal_point)

    assert client.get(reverse("reminders:outbox")).status_code == 403
    assert client.get(reverse("reminders:message", args=[row.pk])).status_code == 403
    assert client.post(reverse("reminders:retry", args=[row.pk])).status_code == 403


def test_a_mail_with_a_secret_link_shows_no_words_but_to_its_recipient(
    sign_in, now, chair, focal_point
):
    row = OutboxMessageFactory(
        kind="members.invitation", text="the secret link", recipient=focal_point
    )
    address = reverse("reminders:message", args=[row.pk])

    assert "the secret link" not in sign_in(chair).get(address).content.decode()
    assert "the secret link" in sign_in(focal_point).get(address).content.decode()


def test_try_again(sign_in, now, chair):
    row = OutboxMessageFactory(state=MessageState.PARKED)
    client = sign_in(chair)
    assert "Try again" in client.get(reverse("reminders:message", args=[row.pk])).content.decode()

    client.post(reverse("reminders:retry", args=[row.pk]))

    row.refresh_from_db()
    assert row.state == MessageState.WAITING


@pytest.mark.parametrize("count", ROWS)
def test_the_outbox_asks_the_same_number_of_queries(
    sign_in, now, chair, django_assert_num_queries, count
):
    many(OutboxMessageFactory, count, recipient=many(PersonFactory, count))
    client = sign_in(chair)
    client.get(reverse("reminders:outbox"))

    with django_assert_num_queries(8):
        client.get(reverse("reminders:outbox"))


def test_preferences_are_one_table_of_kinds_and_choices(sign_in, now, focal_point):
    MailPreference.objects.create(
        person=focal_point, kind="rotation.vacancy", frequency=Frequency.DIGEST
    )

    page = sign_in(focal_point).get(reverse("reminders:preferences")).content.decode()

    [table] = re.findall(r"<table.*?</table>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    kinds = {source.kind: source.can_be_off for source in sources()}
    assert len(rows) == 1 + len(kinds)
    assert re.findall(r'<th scope="col">(.*?)</th>', rows[0]) == [
        "Mail",
        "At once",
        "Daily digest",
        "Off",
    ]
    by_kind = {re.search(r'id="([a-z_.]+)"', row)[1]: row for row in rows[1:]}
    assert {kind: row.count('type="radio"') for kind, row in by_kind.items()} == {
        kind: 3 if can_be_off else 0 for kind, can_be_off in kinds.items()
    }
    assert {row.count("<td>") for row in by_kind.values()} == {3}
    assert re.findall(r'value="(\w+)"[^>]*checked', by_kind["rotation.vacancy"]) == ["digest"]
    assert "Nobody chairs: in a daily digest" in by_kind["rotation.vacancy"]
    assert page.count("Keep this choice") == 1
    assert "comes at 08:00 New York." in " ".join(page.split())


def test_preferences(sign_in, now, focal_point):
    client = sign_in(focal_point)
    fields = client.get(reverse("reminders:preferences")).context["form"].fields
    assert (fields["rotation.handover"].disabled, fields["rotation.vacancy"].disabled) == (
        True,
        False,
    )
    chosen = dict.fromkeys(fields, "at_once") | {"rotation.vacancy": "digest"}

    refused = client.post(reverse("reminders:preferences"), {**chosen, "rotation.vacancy": "often"})
    assert (refused.status_code, "often is not one of" in refused.content.decode()) == (422, True)
    assert client.post(reverse("reminders:preferences"), chosen).status_code == 302

    assert (
        MailPreference.objects.get(person=focal_point, kind="rotation.vacancy").frequency
        == Frequency.DIGEST
    )


def test_unsubscribe_asks_first_and_takes_one_click(client, now, group):
    person = PersonFactory()
    address = reverse("reminders:unsubscribe", args=[unsubscribe_token(person, "rotation.vacancy")])

    assert "Switch this kind of mail off?" in client.get(address).content.decode()
    assert not MailPreference.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailPreference.objects.get().frequency == Frequency.OFF


def test_unsubscribe_with_a_token_that_is_not_ours(client, now, group):
    assert client.get(reverse("reminders:unsubscribe", args=["nonsense"])).status_code == 404
    must = unsubscribe_token(PersonFactory(), "rotation.handover")
    assert client.post(reverse("reminders:unsubscribe", args=[must])).status_code == 404
    assert read_unsubscribe_token("a:b:c") is None


def test_the_inbox_is_of_the_demonstration_only(sign_in, now, focal_point, settings):
    OutboxMessageFactory(recipient=focal_point, subject="For you")
    OutboxMessageFactory(subject="For others")
    client = sign_in(focal_point)
    assert client.get(reverse("reminders:inbox")).status_code == 404

    settings.DEMO = True
    page = client.get(reverse("reminders:inbox")).content.decode()

    assert ("For you" in page, "For others" in page) == (True, False)


def test_the_link_of_an_invitation_is_shown_in_the_demonstration(
    sign_in, now, focal_point, unfpa, settings, client
):
    invite(
        unfpa, email="n@unfpa.example", name="Noor", role=Role.FOCAL_POINT, by=focal_point, at=NOW
    )
    plan(NOW)
    mail = OutboxMessage.objects.get(kind="members.invitation")
    address = reverse("reminders:message", args=[mail.pk])
    reader = sign_in(focal_point)
    assert "/invitations/" not in reader.get(address).content.decode()

    settings.DEMO = True
    inbox = reader.get(reverse("reminders:inbox")).content.decode()
    shown = reader.get(address).content.decode()

    assert f'href="{address}"' in inbox
    assert "to Noor" in " ".join(inbox.split())
    link = re.search(r'href="[^"]*(/invitations/[^"]+)"', shown)[1]
    assert "Become a focal point of UNFPA" in client.get(link).content.decode()


@pytest.mark.parametrize("count", ROWS)
def test_the_inbox_asks_the_same_number_of_queries(
    sign_in, now, focal_point, settings, django_assert_num_queries, count
):
    settings.DEMO = True
    many(OutboxMessageFactory, count, recipient=focal_point)
    client = sign_in(focal_point)
    client.get(reverse("reminders:inbox"))

    with django_assert_num_queries(9):
        client.get(reverse("reminders:inbox"))


def test_tasks_plan_and_deliver_and_leave_a_heartbeat(now, group, owed, settings, tmp_path):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = (
        "django.core.mail.backends.filebased.EmailBackend",
        str(tmp_path / "out"),
    )
    person = PersonFactory()
    owed.append(due_for(person))

    tasks.plan(sent_by="beat", unknown="of an older message")
    tasks.deliver()

    assert OutboxMessage.objects.get().state == MessageState.SENT
    assert len(list((tmp_path / "out").iterdir())) == 1


def waiting_messages(queue: str = "mail") -> int:
    with current_app.connection_for_write() as link:
        return link.default_channel._size(queue)


def test_changed_facts_wake_the_planner_unless_told_not_to(settings, monkeypatch, group, tmp_path):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "memory://localhost/")
    settings.WAKE_FILE = tmp_path / "wake"
    before = waiting_messages("plan")

    settings.WAKE_PLANNER = False
    facts_changed.send(sender=None)
    assert not settings.WAKE_FILE.exists()

    settings.WAKE_PLANNER = True
    facts_changed.send(sender=None)
    assert settings.WAKE_FILE.exists()
    # nobody would read a message in the memory of this process
    assert waiting_messages("plan") == before


@pytest.mark.redis
def test_changed_facts_wake_the_planner_through_redis(settings, monkeypatch, group, own_redis):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{own_redis.port}/0")
    settings.WAKE_PLANNER = True

    facts_changed.send(sender=None)

    assert (waiting_messages("plan"), waiting_messages("mail")) == (1, 0)


def test_a_broker_out_of_reach_fails_no_request(gone_broker, group, caplog):
    facts_changed.send(sender=None)

    assert "Connection refused" in caplog.messages[0]
    assert caplog.messages[0].endswith("beat will plan later.")


def test_a_silent_broker_costs_one_request_a_second_and_the_next_nothing(
    settings, monkeypatch, group, caplog
):
    settings.WAKE_PLANNER = True
    seconds = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv(
            "CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        )
        for _ in range(3):
            begun = time.monotonic()
            facts_changed.send(sender=None)
            seconds.append(time.monotonic() - begun)

    assert seconds[0] < 10  # it would be silent for ever
    assert max(seconds[1:]) < 0.9  # the second that the first took
    assert caplog.messages == [
        "The broker is out of reach (Timeout reading from socket); beat will plan later."
    ]


def test_the_broker_is_asked_again_after_the_pause(
    settings, monkeypatch, gone_broker, group, caplog
):
    facts_changed.send(sender=None)
    monkeypatch.setattr(tasks.Broker, "paused_until", clock.now())
    facts_changed.send(sender=None)

    assert len(caplog.messages) == 2


def test_a_plan_without_news_leaves_delivery_to_beat(now, group, owed):
    before = waiting_messages()

    tasks.plan()

    assert waiting_messages() == before


def test_a_round_that_leaves_mails_asks_for_another_and_a_worker_that_must_stop_does_not(
    now, group, monkeypatch
):
    OutboxMessageFactory()
    monkeypatch.setattr(tasks, "LONGEST_ROUND", timedelta(0))
    before = waiting_messages()

    tasks.deliver()
    assert waiting_messages() == before + 1
    tasks.request_stop()
    stopping = tasks.is_stopping()
    tasks.deliver()
    tasks.stop_requested[0] = 0

    assert (stopping, tasks.is_stopping(), waiting_messages()) == (True, False, before + 1)
    assert OutboxMessage.objects.get().state == MessageState.WAITING


def test_send_reminders_plans_and_delivers(now, group, owed, settings, tmp_path, capsys):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = (
        "django.core.mail.backends.filebased.EmailBackend",
        str(tmp_path / "out"),
    )
    owed.append(due_for(PersonFactory(name="Nadia Ferreira")))

    call_command("send_reminders", "--as-of", "2026-11-23T10:00", "--dry-run")
    assert (
        "Nobody chairs from Fri 1 Jan, and no selection runs\n1 would be planned; nothing was changed."
        in capsys.readouterr().out
    )
    call_command("send_reminders")
    assert capsys.readouterr().out.endswith(
        "1 planned, 1 sent, 0 put off, 0 could not be delivered, 0 withheld or expired.\n"
    )
    call_command("send_reminders", "--as-of", "2026-11-23T10:00+01:00", "--dry-run")
    assert "0 would be planned" in capsys.readouterr().out


def test_send_reminders_says_what_is_wrong(now, group, owed, settings, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("send_reminders", "--as-of", "yesterday")
    assert (end.value.code, capsys.readouterr().err.strip()) == (
        2,
        "“yesterday” is not a moment such as 2026-12-24T08:00.",
    )

    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "coordination.reminders.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    owed.append(due_for(PersonFactory()))
    with pytest.raises(SystemExit) as end:
        call_command("send_reminders")
    assert (end.value.code, capsys.readouterr().err.strip()) == (
        1,
        "The mail server is out of reach ([Errno 111] Connection refused); what waits is kept.",
    )


def test_a_recipient_reads_the_own_mail_and_tries_nothing_again(sign_in, now, focal_point, terms):
    row = OutboxMessageFactory(
        recipient=focal_point, state=MessageState.PARKED, text="Hand it over."
    )

    page = sign_in(focal_point).get(reverse("reminders:message", args=[row.pk])).content.decode()

    assert (
        "Hand it over." in page,
        "Try again" in page,
        f'href="{reverse("reminders:outbox")}"' in page,
    ) == (True, False, False)
