"""503 instead of 500 while the database or the disk is not available, wherever that is noticed; a fault of ours stays 500."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.test import Client

from coordination.core.unavailable import is_unavailable
from coordination.tests.services.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "code", ["53100", "53300", "57P01", "57P02", "57P03", "55P03", "08006", "25006", "58030"]
)
def test_what_postgresql_says_of_itself_is_no_fault_of_ours(code):
    assert is_unavailable(caused(DatabaseError(), psycopg.errors.lookup(code)()))


@pytest.mark.parametrize("code", ["42P01", "23505", "57014", "22001", "40P01"])
def test_what_postgresql_says_of_our_query_is_ours(code):
    assert not is_unavailable(caused(DatabaseError(), psycopg.errors.lookup(code)()))


def test_a_connection_that_cannot_be_made_or_is_closed():
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(f"postgres://gmg@127.0.0.1:{free_port()}/postgres")

    assert is_unavailable(caused(OperationalError(), refused.value))
    assert is_unavailable(InterfaceError("connection already closed"))
    assert is_unavailable(caused(RuntimeError(), OperationalError("the connection is closed")))
    assert not is_unavailable(
        caused(
            ProgrammingError(),
            psycopg.ProgrammingError("the query has 2 placeholders but 1 was passed"),
        )
    )
    assert not is_unavailable(ValueError("an ordinary fault"))


def sqlite_error(path, statement: str, before: str = "") -> sqlite3.Error:
    with (
        closing(sqlite3.connect(path, timeout=0)) as database,
        pytest.raises(sqlite3.Error) as refused,
    ):
        database.executescript(f"CREATE TABLE IF NOT EXISTS t (a UNIQUE); {before}")
        for number in range(200):
            database.execute(statement, {"word": "x" * 4000 + str(number)})
    return refused.value


def test_what_sqlite_says_of_the_disk_and_of_our_query(tmp_path):
    path, insert = tmp_path / "one.sqlite3", "INSERT INTO t VALUES (:word)"
    full = sqlite_error(path, insert, "PRAGMA max_page_count = 10;")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        locked = sqlite_error(path, insert)

    assert (str(full), str(locked)) == ("database or disk is full", "database is locked")
    with pytest.raises(sqlite3.OperationalError) as unopened:
        sqlite3.connect(tmp_path / "no" / "such" / "folder")
    assert [
        is_unavailable(caused(OperationalError(), error))
        for error in (full, locked, unopened.value)
    ] == [True, True, True]
    assert not is_unavailable(
        caused(OperationalError(), sqlite_error(path, "SELECT * FROM nothing"))
    )
    assert not is_unavailable(
        caused(IntegrityError(), sqlite_error(path, "INSERT INTO t VALUES (1)"))
    )


def test_an_error_of_sqlite_without_a_code_is_ours():
    assert not is_unavailable(caused(OperationalError(), sqlite3.OperationalError("no code")))


@pytest.fixture
def away():
    """Let the database refuse each statement that contains a word ("" for all), as a server that is away does."""

    def refusing(word=""):
        def refuse(execute, sql, params, many, context):
            if word in sql:
                raise OperationalError("the connection is closed")
            return execute(sql, params, many, context)

        return connection.execute_wrapper(refuse)

    return refusing


@pytest.fixture
def browser(focal_point):
    browser = Client(raise_request_exception=False)
    browser.force_login(focal_point)
    return browser


def is_the_page(response) -> bool:
    page = response.content.decode()
    return (
        response.status_code,
        response["Retry-After"],
        "<h1>Not available now</h1>" in page,
    ) == (503, "5", True)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/nothing/is/here/", "/admin/", "/accounts/login/", "/styleguide/"]
)
def test_each_page_says_so_and_asks_the_database_nothing_more(
    browser, terms, away, settings, path, debug
):
    settings.DEBUG = debug
    with away():
        response = browser.get(path)

    assert is_the_page(response)
    assert "Content-Security-Policy" in response


@pytest.mark.parametrize(
    "word", ["core_group", "django_session", "members_person", "rotation_chairterm"]
)
def test_wherever_it_is_noticed(browser, terms, away, word):
    with away(f'"{word}"'):
        assert is_the_page(browser.get("/desk/"))


def test_a_session_that_cannot_be_saved(client, focal_point, terms, away):
    client.raise_request_exception = False
    focal_point.set_password("correct horse battery staple")
    focal_point.save()

    with away('INSERT INTO "django_session"'):
        response = client.post(
            "/accounts/login/",
            {"login": focal_point.email, "password": "correct horse battery staple"},
        )

    assert is_the_page(response)
    assert "correct horse" not in response.content.decode()


def test_pages_for_403_and_404_fall_back_too(browser, terms, away):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)

    with away("rotation_chairterm"):
        answers = [
            browser.get("/members/nobody/"),
            browser.get("/outbox/"),
            strict.post("/profile/", {"name": "without a token"}),
        ]

    assert [is_the_page(answer) for answer in answers] == [True, True, True]


def test_what_was_typed_comes_back_and_one_line_is_in_the_log(
    browser, focal_point, terms, away, caplog
):
    with away('INSERT INTO "members_invitation"'):
        response = browser.post(
            "/members/unfpa/invite/",
            {"email": "new@example.org", "name": "Somebody New", "role": "focal_point"},
        )

    assert is_the_page(response)
    assert "Somebody New" in response.content.decode()
    assert [
        record.getMessage() for record in caplog.records if record.name.startswith("coordination")
    ] == ["Not available: POST /members/unfpa/invite/: OperationalError: the connection is closed"]


def test_a_fault_of_ours_stays_a_fault(browser, terms):
    def wrong(*_):
        raise ProgrammingError("column does not exist")

    with connection.execute_wrapper(wrong):
        response = browser.get("/desk/")

    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()


def full(handler, *_):
    handler.file.close()
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_of_files_is_no_fault_of_ours():
    with pytest.raises(OSError, match="No space left") as refused:
        Path("/dev/full").write_bytes(b"x")

    assert is_unavailable(refused.value)
    assert not is_unavailable(FileNotFoundError(errno.ENOENT, "gone"))


@pytest.mark.parametrize(
    "csrf", [True, False], ids=["noticed by middleware", "noticed by the view"]
)
def test_a_full_disk_refuses_an_upload_that_is_too_large_for_memory(
    focal_point, terms, monkeypatch, csrf
):
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    browser = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
    browser.force_login(focal_point)
    large = SimpleUploadedFile("paper.pdf", b"x" * 3_000_000)

    assert is_the_page(
        browser.post("/profile/", {"name": "A name of several words", "paper": large})
    )


@pytest.fixture
def full_database():
    """Let the database in memory not grow any more."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        most = cursor.execute("PRAGMA max_page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute(f"PRAGMA max_page_count = {most}")


@pytest.mark.django_db(transaction=True)
def test_a_counter_for_which_there_is_no_room_is_an_error(full_database):
    cache.set("counter", [1])

    with pytest.raises(OperationalError, match="database or disk is full"):
        cache.add("another", ["x" * 1_000_000])
    assert cache.get("counter") == [1]


def test_a_counter_that_another_process_wrote_first_is_no_error():
    """What the other wrote is taken back here, as it was written on the same connection."""

    written = []

    def write_first(execute, sql, values, many, context):
        if sql.startswith("INSERT INTO") and values[0].endswith(":another"):
            written.append(execute(sql, values, many, context))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(write_first):
        assert cache.add("another", [1]) is False
    assert len(written) == 1
