"""`migrate` beside a running app: it gives up a lock soon, and tries again."""

from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from coordination.core.management.commands import migrate


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrate, "PAUSES", (0.1,) * 20)


@pytest.fixture
def writer():
    """Return a connection in whose transaction a table is in use, which migrate changes after each run (statements.triggers)."""
    with psycopg.connect(
        **{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    ) as other:
        other.execute("LOCK TABLE statements_block IN ROW EXCLUSIVE MODE")
        yield other


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_migrate_with_nothing_to_do_says_nothing(db):
    words = StringIO()

    call_command("migrate", verbosity=0, stdout=words, stderr=words)

    assert words.getvalue() == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_migrate_waits_for_a_table_in_several_tries(quick, writer):
    class Words(StringIO):
        def write(self, text):
            written = super().write(text)
            if self.getvalue().count("in use") == 2:
                writer.rollback()  # the second refusal frees the table
            return written

    words = Words()

    call_command("migrate", verbosity=0, stderr=words)

    assert words.getvalue().splitlines() == ["A table is in use; the next try is in 0.1 s."] * 2
    assert lock_timeout() == "0"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_migrate_says_so_when_a_table_stays_in_use(quick, writer, monkeypatch):
    monkeypatch.setattr(migrate, "PAUSES", ())

    with pytest.raises(OperationalError, match="lock timeout"):
        call_command("migrate", verbosity=0)

    assert lock_timeout() == "0"
