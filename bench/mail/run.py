"""Measure reminders planned and delivered per second on PostgreSQL, beside a bare smtplib loop.

Both are measured in the same run; the loop keeps one connection.

python -m bench.mail.run [--database postgres://…] [--mails 3000] [--rounds 3]

Without --database a private cluster is started (fsync on). Bare loop and delivery take turns
against the same peer (aiosmtpd in a process of its own that only says 250) with the very same
bytes. Delivery claims with a lease, sends, and commits one UPDATE per mail.
"""

import argparse
import os
import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.postgres import PrivatePostgres

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def prepare(mails: int) -> None:
    """Make people, and a source that owes each of them one real mail."""
    import django

    django.setup()
    from django.core.management import call_command

    from coordination.core import due
    from coordination.core.models import Group
    from coordination.members.models import Person

    call_command("migrate", verbosity=0)
    Group.objects.get_or_create(name="Global Migration Group", acronym="GMG")
    have = Person.objects.count()
    Person.objects.bulk_create(
        [
            Person(
                name=f"Nadia Ferreira {n}",
                email=f"n{n}@unfpa.example.org",
                time_zone="America/New_York",
            )
            for n in range(have, mails)
        ],
        batch_size=1000,
    )
    people = list(Person.objects.values_list("pk", flat=True)[:mails])

    def find(at: datetime) -> Iterator[due.Due]:
        context = {
            "rows": [
                {"subject": f"Hand over item {n} by Thu 31 Dec", "url": "http://localhost/desk/"}
                for n in range(5)
            ],
            "morning": at,
        }
        for pk in people:
            yield due.Due(
                kind="bench.digest",
                subject="1",
                stage="1",
                person_id=pk,
                at=at,
                url="/desk/",
                context=context,
            )

    class DigestSource(due.Source):
        template = "reminders/mail/digest"

    due._sources.clear()
    due.register(DigestSource(kind="bench.digest", label="Handover", can_be_off=True, find=find))


def bare(port: int, mails: list[tuple[str, bytes]]) -> float:
    """Return mails per second of a loop that does nothing but send."""
    with smtplib.SMTP("127.0.0.1", port) as link:
        begun = time.perf_counter()
        for address, raw in mails:
            link.sendmail("secretariat@localhost", [address], raw)
        return len(mails) / (time.perf_counter() - begun)


def delivered(planned_at: datetime | None = None) -> float:
    """Return mails per second of delivery, everything of it included.

    Mails of an older plan get new words on the way.
    """
    from coordination.core import clock
    from coordination.reminders.actions import delivery
    from coordination.reminders.models import OutboxMessage

    OutboxMessage.objects.update(
        state="waiting", tries=0, sent_at=None, next_try_at=AT, planned_at=planned_at or clock.now()
    )
    begun, sent = time.perf_counter(), 0
    while done := delivery.deliver(clock.now).sent:
        sent += done
    rate = sent / (time.perf_counter() - begun)
    if OutboxMessage.objects.exclude(state="sent").exists():
        left = OutboxMessage.objects.exclude(state="sent").values("state", "last_answer")
        sys.exit(f"not everything was delivered: {left[:3]}")
    return rate


def measure(options: argparse.Namespace, port: int) -> None:
    """Plan once, then let the two take turns."""
    prepare(options.mails)
    from coordination.reminders.actions import planning
    from coordination.reminders.models import OutboxMessage
    from coordination.reminders.queries.emails import email_message

    OutboxMessage.objects.all().delete()
    begun = time.perf_counter()
    new = planning.plan(AT).new
    print(f"planned   {new / (time.perf_counter() - begun):6.0f} a second, {new} in all")
    begun = time.perf_counter()
    planning.plan(AT)
    print(
        f"again     {(time.perf_counter() - begun) * 1000:6.0f} ms to see that all {new} are "
        "planned"
    )
    mails = [
        (row.address, email_message(row).message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django adds it
        for row in OutboxMessage.objects.all()
    ]
    print(f"a mail    {statistics.mean(len(raw) for _, raw in mails):6.0f} bytes")
    rates = [(bare(port, mails), delivered()) for _ in range(options.rounds)]
    loop, ours = (statistics.median(column) for column in zip(*rates, strict=True))
    print(f"bare loop {loop:6.0f} a second    {[round(rate) for rate, _ in rates]}")
    print(
        f"delivered {ours:6.0f} a second    {[round(rate) for _, rate in rates]}    "
        f"{ours / loop:.0%} of the bare loop"
    )
    begun = time.process_time()
    delivered()
    print(
        f"processor {(time.process_time() - begun) / len(mails) * 1000:6.2f} ms for each mail, "
        "whatever else the machine does"
    )
    print(f"late      {delivered(AT):6.0f} a second, planned days ago: each is written anew")


def main() -> None:
    """Start what is needed, measure, stop it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database")
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    own, port = None if options.database else PrivatePostgres(durable=True).start(), free_port()
    sink = subprocess.Popen([sys.executable, "-m", "bench.mail.sink", str(port)])
    os.environ.update(
        DJANGO_SETTINGS_MODULE="gmgapp.settings",
        DEBUG="false",
        SECRET_KEY="b" * 60,
        ALLOW_HTTP="true",
        DATABASE_URL=own.url if own else options.database,
        REDIS_URL="redis://127.0.0.1:1/0",
        EMAIL_URL=f"smtp://127.0.0.1:{port}",
        DEFAULT_FROM_EMAIL="Secretariat <secretariat@localhost>",
        LOG_LEVEL="ERROR",
    )
    try:
        wait_for(port)
        measure(options, port)
    finally:
        sink.terminate()
        sink.wait()
        if own:
            own.stop()


if __name__ == "__main__":
    main()
