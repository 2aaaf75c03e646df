"""1,200 reminders while workers, beat and the database are killed and the mail server fails: none is lost, few are doubled."""

import time
from collections import Counter

import pytest

from coordination.tests.e2e.machinery import Machinery
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(840)]

# three batches of the planning, twenty-four of the delivery
PEOPLE = 1200
MAKE = f"""
from datetime import date, timedelta
from coordination.core import clock
from coordination.core.models import Group
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.rotation.models import ChairTerm, TermAgency
Group.objects.create(name="Global Migration Group", acronym="GMG", selection_lead_months=0, focal_points_min=0, focal_points_max=30000)
today = clock.today(Group.objects.get().zone)
agency = Agency.objects.create(acronym="UNESCO", slug="unesco", name="UNESCO")
Membership.objects.create(agency=agency, first_day=date(2006, 1, 1))
people = Person.objects.bulk_create(Person(name=f"Person {{n}}", email=f"p{{n}}@example.org") for n in range({PEOPLE}))
Appointment.objects.bulk_create(Appointment(person=p, agency=agency, first_day=date(2020, 1, 1)) for p in people)
term = ChairTerm.objects.create(slug="now", first_day=today - timedelta(days=100), last_day=today + timedelta(days=9), state="confirmed")
TermAgency.objects.create(term=term, agency=agency)
"""
COUNT = "from coordination.reminders.queries.outbox import counts; print(counts())"


@pytest.fixture
def machinery(own_postgres, own_redis, tmp_path, request):
    options = getattr(request, "param", {})
    sink = SmtpSink(tmp_path, **options).start()
    made = Machinery(
        tmp_path,
        DATABASE_URL=own_postgres.url,
        REDIS_URL=own_redis.url,
        EMAIL_URL=sink.url,
        MAIL_LEASE_SECONDS="20",  # a busy machine may take seconds for a mail
        # to look through 1,200 people takes a quarter of a second, on a busy machine ten times as long
        PLAN_EVERY_SECONDS="15",
    )
    made.sink, made.postgres, made.redis = sink, own_postgres, own_redis
    made.migrate()
    made.python(MAKE)
    yield made
    made.stop()
    sink.stop()


def arrived(machinery) -> Counter:
    """Return how often each Message-ID arrived."""
    return Counter(mail["headers"]["Message-ID"] for mail in machinery.sink.mails())


def wait_for_mails(machinery, count: int) -> None:
    """Wait for so many mails, however slow the machine.

    Fail when none is planned and none comes for three minutes.
    """

    def enough() -> bool:
        machinery.supervise()
        return len(arrived(machinery)) >= count

    before = None
    while not wait_until(enough, seconds=180):
        progress = (len(arrived(machinery)), machinery.python(COUNT))
        if progress == before:
            break
        before = progress
    now = len(arrived(machinery))
    assert now >= count, (
        f"{now} of {count}, the outbox {machinery.python(COUNT)}\n{machinery.words()}"
    )


@pytest.mark.timeout(2700)  # workers, beat and servers begin anew six times
@pytest.mark.parametrize("machinery", [{"later": 0.08}], indirect=True)
def test_no_reminder_is_lost_and_copies_carry_the_same_id(machinery):
    killed = 0
    worker, beat, _second_beat = machinery.worker(), machinery.beat(), machinery.beat()
    for share in (120, 320, 520):
        wait_for_mails(machinery, share)
        machinery.kill(worker)
        killed += 2  # both children of the pool
        worker = machinery.worker()
    machinery.kill(beat)
    machinery.beat()
    wait_for_mails(machinery, 680)
    machinery.postgres.kill()
    killed += 2
    time.sleep(1)
    machinery.postgres.start()
    wait_for_mails(machinery, 840)
    machinery.sink.stop()
    time.sleep(2)
    machinery.sink.start()
    machinery.redis.kill()
    machinery.redis.start()

    wait_for_mails(machinery, PEOPLE)
    wait_until(lambda: machinery.python(COUNT) == f"{{'sent': {PEOPLE}}}")

    mails = arrived(machinery)
    assert machinery.python(COUNT) == f"{{'sent': {PEOPLE}}}"
    assert len(mails) == PEOPLE
    assert mails.total() - PEOPLE <= killed
    addresses = {(mail["to"][0], mail["headers"]["Message-ID"]) for mail in machinery.sink.mails()}
    assert len(addresses) == PEOPLE
