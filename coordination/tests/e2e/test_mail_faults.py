"""Worker, beat, PostgreSQL and Redis as processes, and a mail server that is away, slow, or sends its answers byte by byte."""

import signal
import time
from collections import Counter
from itertools import count as count_from

import psycopg
import pytest

from coordination.tests.e2e.machinery import Machinery
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(540)]

REDIS_DATABASES = count_from(1)  # the messages of one test are not those of another
GROUP = """
from datetime import date, timedelta
from coordination.core import clock
from coordination.core.history import dated_at
from coordination.core.models import Group
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.rotation.models import ChairTerm, TermAgency
group, _ = Group.objects.get_or_create(name="Global Migration Group", acronym="GMG", focal_points_min=0, focal_points_max=99)
agency, new = Agency.objects.get_or_create(acronym="UNESCO", slug="unesco", name="UNESCO")
if new:
    Membership.objects.create(agency=agency, first_day=date(2006, 1, 1))
    term = ChairTerm.objects.create(slug="now", first_day=date(2020, 1, 1), last_day=clock.today(group.zone) + timedelta(days=400), state="confirmed")
    TermAgency.objects.create(term=term, agency=agency)
def appoint(*names):
    for name in names:
        person = Person.objects.create(name=name, email=f"{name}@example.org")
        Appointment.objects.create(person=person, agency=agency, first_day=date(2020, 1, 1))
def change(slug, **fields):
    meeting = Meeting.objects.get(slug=slug)
    for name, value in fields.items():
        setattr(meeting, name, value)
    with dated_at(clock.now() - timedelta(minutes=20)):
        meeting.save()
def convene(*titles):
    with dated_at(clock.now() - timedelta(hours=1)):  # invitations wait for ten minutes
        for title in titles:
            Meeting.objects.create(slug=title.lower(), title=title, starts_at=clock.now() + timedelta(days=3))
"""
ALL = "SELECT state, reason, last_answer, failure, count(*) FROM reminders_outboxmessage GROUP BY 1, 2, 3, 4"
OUTCOME = "SELECT m.state, m.reason, p.name FROM reminders_outboxmessage m JOIN members_person p ON p.id = m.recipient_id ORDER BY 1, 2, 3"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Start PostgreSQL and Redis once, with a migrated database, of which each test gets a copy."""
    postgres, redis = PrivatePostgres(durable=True).start(), PrivateRedis().start()
    first = Machinery(tmp_path_factory.mktemp("migrate"), DATABASE_URL=postgres.url)
    first.migrate()
    first.stop()
    yield postgres, redis
    redis.stop()
    postgres.kill()
    postgres.stop()


@pytest.fixture
def machinery(servers, tmp_path, request):
    postgres, redis = servers
    name = f"copy{request.node.name.partition('[')[0][-40:]}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    options = dict(request.param)
    sink = SmtpSink(tmp_path, **options.pop("sink", {}))
    url = f"{postgres.url.rpartition('/')[0]}/{name}"
    redis_url = f"{redis.url.rpartition('/')[0]}/{next(REDIS_DATABASES)}"
    made = Machinery(tmp_path, DATABASE_URL=url, REDIS_URL=redis_url, EMAIL_URL=sink.url, **options)
    made.sink = sink
    yield made
    made.stop()
    sink.stop()


def run(machinery, code):
    machinery.python(GROUP + code)


def rows(machinery, sql):
    with psycopg.connect(machinery.environment["DATABASE_URL"]) as connection:
        return connection.execute(sql).fetchall()


def count(machinery, condition):
    return rows(machinery, f"SELECT count(*) FROM reminders_outboxmessage WHERE {condition}")[0][0]  # noqa: S608 - our own words


def wait_for(machinery, condition):
    assert wait_until(condition), (
        f"{len(machinery.sink.mails())}: {rows(machinery, ALL)}\n{machinery.words()}"
    )


@pytest.mark.parametrize("machinery", [{}], indirect=True)
def test_after_the_mail_server_was_away_only_true_mails_arrive(machinery):
    run(machinery, "appoint('nadia', 'tomas'); convene('Stays', 'Moved', 'Cancelled')")
    machinery.worker()
    machinery.beat()
    wait_for(machinery, lambda: count(machinery, "last_answer LIKE '%refused%'") == 6)
    run(
        machinery,
        "Person.objects.filter(name='tomas').update(is_active=False)\n"
        "change('moved', starts_at=clock.now() + timedelta(days=4), place='Room XIX')\n"
        "change('cancelled', state='cancelled')",
    )
    wait_for(machinery, lambda: count(machinery, "true") == 8)

    machinery.sink.start()
    wait_for(machinery, lambda: count(machinery, "state = 'waiting'") == 0)

    mails = machinery.sink.mails()
    assert {mail["to"][0] for mail in mails} == {"nadia@example.org"}
    openings = sorted(mail["headers"]["Subject"].partition(" ")[0] for mail in mails)
    assert openings == ["Cancelled:", "Moved", "Say", "Say"]
    # the invitation that waited says where the meeting is now
    assert sum("Room XIX" in mail["body"] for mail in mails) == 2
    assert rows(machinery, OUTCOME) == [
        *[("sent", "", "nadia")] * 4,
        ("withheld", "changed", "nadia"),
        *[("withheld", "inactive", "tomas")] * 3,
    ]


MAILS = 30
LOAD = {"sink": {"slow": 0.4}, "MAIL_LEASE_SECONDS": "120"}


@pytest.mark.parametrize("machinery", [LOAD], indirect=True)
def test_a_worker_that_is_stopped_under_load_doubles_and_loses_nothing(machinery):
    """As `docker compose stop` does it: SIGTERM to the main process, and SIGKILL to all after ten seconds."""
    run(machinery, f"appoint(*[f'p{{n}}' for n in range({MAILS})]); convene('Table')")
    machinery.sink.start()
    machinery.beat()
    seconds = []
    for _ in range(3):
        before, started, worker = len(machinery.sink.mails()), time.monotonic(), machinery.worker()
        wait_for(machinery, lambda enough=before + 4: len(machinery.sink.mails()) >= enough)
        begun = time.monotonic()
        machinery.killed.add(worker.pid)
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE)
        # a busy machine is slow with the start too
        seconds.append((time.monotonic() - begun, max(8, 2 * (begun - started))))
        assert count(machinery, "state = 'waiting' AND leased_by <> ''") == 0
    machinery.worker()
    wait_for(machinery, lambda: len(machinery.sink.mails()) >= MAILS)
    wait_for(machinery, lambda: count(machinery, "state = 'sent'") == MAILS)

    ids = Counter(mail["headers"]["Message-ID"] for mail in machinery.sink.mails())
    assert (len(ids), ids.total()) == (MAILS, MAILS)
    assert [each for each in seconds if each[0] >= each[1]] == []


@pytest.mark.parametrize(
    "machinery",
    [{"sink": {"drip": 1}, "MAIL_EXCHANGE_SECONDS": "2", "MAIL_LEASE_SECONDS": "10"}],
    indirect=True,
)
def test_planning_goes_on_while_a_mail_server_drips_and_what_waited_arrives(machinery):
    run(machinery, "appoint('nadia'); convene('First')")
    machinery.sink.start()
    machinery.worker("default,plan")
    machinery.worker("mail")
    machinery.beat()
    wait_for(machinery, lambda: count(machinery, "failure = 'too_slow'") == 1)
    run(machinery, "convene('Second', 'Third')")
    begun = time.monotonic()
    wait_for(machinery, lambda: count(machinery, "true") == 3)
    planned_after = time.monotonic() - begun

    machinery.sink.stop()
    machinery.sink.options = []
    machinery.sink.start()
    wait_for(machinery, lambda: count(machinery, "state = 'sent'") == 3)

    assert planned_after < 60  # to the end of its drops, one dialogue takes three minutes
    assert len(machinery.sink.mails()) == 3
