"""History is append-only: the database refuses, whatever the app's role asks for."""

import pytest
from django.db import IntegrityError, connection, transaction

from coordination.core import append_only
from coordination.core.models import Group
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.differs]
HistoricalAgency = Agency.history.model
CHANGES = [
    "UPDATE {table} SET history_change_reason = 'forged'",
    "UPDATE {table} SET history_user_id = NULL",
    "UPDATE {table} SET history_date = history_date WHERE history_type = '+'",
    "DELETE FROM {table}",
    "INSERT INTO {table} SELECT * FROM {table}",
]


def refused(sql: str) -> bool:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return True


@pytest.fixture
def agency(db):
    return AgencyFactory(acronym="IOM")


@pytest.mark.parametrize("sql", CHANGES)
def test_a_row_of_history_cannot_be_changed_or_removed(agency, sql):
    before = list(agency.history.values())

    assert refused(sql.format(table="members_historicalagency"))
    assert list(agency.history.values()) == before


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.update(name="x"), lambda rows: rows.delete(), lambda rows: rows[0].save()],
)
def test_the_orm_is_refused_too(agency, change):
    with pytest.raises(IntegrityError, match="history is append-only"), transaction.atomic():
        change(agency.history.all())


@pytest.mark.postgres
# PostgreSQL truncates no table of which the same transaction has checks to come
@pytest.mark.django_db(transaction=True)
def test_a_table_of_history_cannot_be_truncated():
    AgencyFactory()
    assert refused("TRUNCATE members_historicalagency")
    assert refused("TRUNCATE members_person CASCADE")  # to which each row of history points


ALL_OF_THEM = "INTO members_historicalagency SELECT * FROM members_historicalagency WHERE true"
REPLACE = {
    "postgresql": [f"INSERT {ALL_OF_THEM} ON CONFLICT (history_id) DO UPDATE SET name = 'x'"],
    "sqlite": [
        f"INSERT OR REPLACE {ALL_OF_THEM}",
        f"REPLACE {ALL_OF_THEM}",
        f"INSERT {ALL_OF_THEM} ON CONFLICT (history_id) DO UPDATE SET name = 'x'",
    ],
}


def test_a_row_of_history_cannot_be_replaced(agency):
    for statement in REPLACE[connection.vendor]:
        assert refused(statement)


def test_every_table_of_history_has_its_triggers(db):
    with connection.cursor() as cursor:
        there = append_only.existing_triggers(cursor, connection.vendor)
        tables = [
            table
            for table in connection.introspection.table_names(cursor)
            if "_historical" in table
        ]
    kinds = (
        append_only.ON_POSTGRESQL if connection.vendor == "postgresql" else append_only.ON_SQLITE
    )

    assert {
        append_only.trigger_name(table, kind) for table in tables for kind in kinds
    } - there == set()
    assert sorted(tables) == append_only.history_tables()
    assert len(tables) >= 30


def test_a_migration_may_change_history_where_it_says_so(agency):
    with append_only.lifted(connection, HistoricalAgency):
        agency.history.update(history_change_reason="Corrected by a migration")

    assert [each.history_change_reason for each in agency.history.all()] == [
        "Corrected by a migration"
    ]
    assert refused("DELETE FROM members_historicalagency")


def test_triggers_that_are_missing_come_back_after_migrate(agency):
    with connection.cursor() as cursor:
        on = " ON members_historicalagency" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER members_historicalagency_history_kept{on}")
    # before migrate has ended there may be none
    with append_only.lifted(connection, HistoricalAgency):
        agency.history.update(name="x")

    append_only.install_triggers()

    assert refused("UPDATE members_historicalagency SET name = 'y'")


def test_tables_that_are_not_there_yet_are_left_out():
    table = HistoricalAgency._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")

    append_only.install_triggers()

    with connection.cursor() as cursor:
        there = append_only.existing_triggers(cursor, connection.vendor)
    assert [name for name in there if name.startswith(f"{table}_history_")] == []
    assert f"{Group.history.model._meta.db_table}_history_kept" in there
