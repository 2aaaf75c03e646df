"""What is kept under an edition, and that the database gives a new one at each change."""

import threading
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.auth.models import update_last_login
from django.db import connection, connections, transaction
from django.utils import timezone, translation
from simple_history.models import HistoricalChanges

from coordination.core import editions, queries
from coordination.core.editions import MOST, NO_EDITION, Stamp, kept
from coordination.members.models import Agency, Appointment, Person
from coordination.members.tests.factories import AgencyFactory, AppointmentFactory
from coordination.rotation.tests.factories import TermAgencyFactory
from coordination.statements.tests.factories import DraftFactory

ONE, TWO = Stamp("work", "one"), Stamp("work", "two")
committing = pytest.mark.django_db(transaction=True)


class Count:
    """How often it was worked out, as the thing that is kept."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return self.times


@pytest.fixture
def count():
    editions.forget()
    return Count()


def stamp() -> Stamp:
    return queries.group_with_edition().edition


@committing
def test_a_thing_is_worked_out_once_under_a_stamp_for_each_key(count):
    assert [
        kept(ONE, "thing", 1, make=count),
        kept(ONE, "thing", 1, make=count),
        kept(ONE, "thing", 2, make=count),
    ] == [1, 1, 2]
    assert kept(TWO, "thing", 1, make=count) == 3
    assert kept(ONE, "thing", 1, make=count) == 4  # an earlier stamp finds nothing of what was


@committing
def test_each_language_and_zone_has_its_own(count):
    kept(ONE, "thing", make=count)

    with translation.override("fr"):
        assert kept(ONE, "thing", make=count) == 2
    with timezone.override("Asia/Bangkok"):
        assert kept(ONE, "thing", make=count) == 3
    assert kept(ONE, "thing", make=count) == 1


@committing
def test_nothing_is_kept_without_a_stamp_and_inside_a_transaction(count):
    assert [kept(NO_EDITION, "thing", make=count), kept(NO_EDITION, "thing", make=count)] == [1, 2]
    with transaction.atomic():
        assert [kept(ONE, "thing", make=count), kept(ONE, "thing", make=count)] == [3, 4]
    assert kept(ONE, "thing", make=count) == 5


@committing
def test_what_failed_is_tried_again(count):
    with pytest.raises(ZeroDivisionError):
        kept(ONE, "thing", make=lambda: 1 // 0)

    assert kept(ONE, "thing", make=count) == 1


@committing
def test_there_is_an_end_to_what_is_kept(count):
    for key in range(MOST + 1):
        kept(ONE, key, make=count)

    assert len(editions._shelves["work"].things) == 1


@committing
def test_each_change_gives_another_stamp_and_looking_does_not(group):
    seen = [stamp()]
    assert seen[0].value

    body = AgencyFactory(acronym="UNFPA")
    seen.append(stamp())
    Agency.objects.filter(pk=body.pk).update(city="New York")
    seen.append(stamp())
    appointment = AppointmentFactory(agency=body)
    seen.append(stamp())
    Appointment.objects.filter(pk=appointment.pk).delete()
    seen.append(stamp())
    TermAgencyFactory(agency=body)
    seen.append(stamp())
    statement = DraftFactory().statement
    seen.append(stamp())
    statement.participating.add(body)
    seen.append(stamp())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_group SET acronym = 'GMG2'")
    seen.append(stamp())

    assert len(set(seen)) == len(seen)
    assert stamp() == stamp() == seen[-1]


@committing
def test_each_edition_has_its_own_changes(unfpa):
    """What happens in statements and meetings leaves what is kept of the roster; the roster is part of all."""
    before = queries.group_with_edition()
    DraftFactory()
    after_work = queries.group_with_edition()
    Agency.objects.filter(pk=unfpa.pk).update(city="Geneva")
    after_all = queries.group_with_edition()

    assert before.roster == after_work.roster != after_all.roster
    assert len({before.edition, after_work.edition, after_all.edition}) == 3


@committing
def test_a_group_that_is_not_on_record_keeps_nothing(db):
    assert (
        queries.group_with_edition().edition.value,
        queries.group_with_edition().roster.value,
    ) == ("", "")


@committing
def test_a_sign_in_changes_nothing_that_a_page_shows(focal_point):
    before = stamp()

    update_last_login(None, focal_point)

    assert stamp() == before
    Person.objects.filter(pk=focal_point.pk).update(name="Nadia Ferreira-Gomes")
    assert stamp() != before


@committing
def test_what_is_undone_leaves_the_stamp(unfpa):
    before = stamp()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Agency.objects.filter(pk=unfpa.pk).update(city="Geneva")
        raise ZeroDivisionError

    assert stamp() == before


def triggers_of_the_database() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall() if "_edition_" in name}


def test_every_table_of_ours_is_watched_but_for_what_no_page_is_kept_of():
    """A new model is watched by itself; one that is not has its reason here."""
    watched = {model for model, _kind, _columns in editions.watched()}
    ours = {
        model
        for app in apps.get_app_configs()
        if app.name.startswith("coordination.")
        for model in app.get_models()
    }

    assert {
        model._meta.label
        for model in ours - watched
        if not model._meta.proxy and not issubclass(model, HistoricalChanges)
    } == {
        "core.Edition",  # the stamp itself
        "core.FormSubmission",  # no page shows it
        "members.LimitHit",  # the page of the outbox asks anew
        "core.Heartbeat",  # written every minute; the health page asks anew
        "reminders.MailPreference",  # the pages of mail ask anew
        "reminders.OutboxMessage",
    }
    assert [model._meta.label for model, _kind, columns in editions.watched() if columns] == [
        "members.Person"
    ]


@pytest.mark.django_db
@pytest.mark.differs
def test_every_trigger_is_there():
    assert triggers_of_the_database() == {trigger.name for trigger in editions.triggers()}


@pytest.mark.django_db
@pytest.mark.differs
def test_while_migrations_are_applied_nothing_is_kept(group):
    before = stamp()
    with transaction.atomic():
        editions.suspend(plan=[("a migration", False)])
        gone, without = triggers_of_the_database(), stamp()
        editions.begin()

    assert (gone, without.value) == (set(), "")
    assert triggers_of_the_database() == {trigger.name for trigger in editions.triggers()}
    assert len({before, without, stamp()}) == 3


@pytest.mark.django_db
@pytest.mark.differs
def test_a_migrate_that_has_nothing_to_apply_leaves_all(group):
    before = stamp()

    editions.suspend(plan=[])
    editions.begin()

    assert stamp() == before
    assert triggers_of_the_database() == {trigger.name for trigger in editions.triggers()}


@contextmanager
def another_connection():
    """Run the block's function in a thread, which has a connection of its own."""
    found = []

    def run(act):
        def inside():
            try:
                found.append(act())
            finally:
                connections.close_all()

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "it waits for the other"
        return found[-1]

    yield run


@pytest.mark.postgres
@committing
def test_two_that_write_wait_for_each_other_no_longer_than_a_commit_takes(unfpa, ohchr):
    before = stamp()

    with another_connection() as other:
        with transaction.atomic():
            Agency.objects.filter(pk=unfpa.pk).update(city="Geneva")
            other(lambda: Agency.objects.filter(pk=ohchr.pk).update(city="New York"))
            theirs = other(stamp)
        both = other(stamp)

    assert len({before, theirs, both}) == 3
