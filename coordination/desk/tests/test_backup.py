"""Back-up and restore, on whichever database this run has."""

import os
import resource
import tarfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from coordination.desk.actions import backup, databases, restoration
from coordination.desk.actions.backup import back_up
from coordination.desk.actions.databases import DumpFailed, NotABackup
from coordination.desk.actions.restoration import NotEmpty, RestoredOtherwise, restore
from coordination.desk.tests.archives import (
    changed,
    like_older_releases,
    needs_tools,
    old_manifest,
    rewritten,
    state,
)
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.statements.models import Block, Draft, Position, Statement
from coordination.statements.tests.factories import unfrozen
from coordination.tests.services.postgres import PrivatePostgres

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs]


def emptied():
    with unfrozen():
        Position.objects.all().delete()
        Block.objects.all().delete()
        connection.cursor().execute("DELETE FROM statements_clearancestep")
        Draft.objects.all().delete()
    Statement.objects.all().delete()
    connection.cursor().execute("DELETE FROM members_appointment")
    connection.cursor().execute("DELETE FROM rotation_termagency")
    Person.objects.all().delete()


@needs_tools
def test_what_is_restored_is_what_was_backed_up(said, tmp_path):
    paper = Path(settings.MEDIA_ROOT) / "meetings" / "1.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF")
    target = tmp_path / "2026.tar"

    written = back_up(target)
    paper.unlink()
    emptied()
    restored = restore(target, overwrite=False)

    assert (restored.proof.items() <= written.proof.items(), restored.tried, written.missing) == (
        True,
        True,
        [],
    )
    assert (restored.proof["drafts"], restored.proof["said"]) == (1, 1)
    assert backup.proof_of() == written.proof
    assert (Statement.objects.get().title, Position.objects.get().reason) == (
        "Transit – 移民",
        "Why.",
    )
    assert (paper.read_bytes(), target.stat().st_mode & 0o777) == (b"%PDF", 0o600)
    assert [path.name for path in tmp_path.glob("*.tar*")] == ["2026.tar"]


@needs_tools
def test_a_database_with_people_is_replaced_only_when_told_so(said, tmp_path):
    target = tmp_path / "2026.tar"
    back_up(target)
    PersonFactory(name="Came later")

    with pytest.raises(NotEmpty):
        restore(target, overwrite=False)
    assert Person.objects.filter(name="Came later").exists()

    restore(target, overwrite=True)
    assert not Person.objects.filter(name="Came later").exists()


@needs_tools
def test_a_file_that_a_row_names_and_that_is_not_there_is_named(letter, tmp_path, capsys, settings):
    letter.unlink()
    broken = letter.parent / "broken.pdf"
    broken.symlink_to("nowhere.pdf")

    call_command("backup", str(tmp_path / "2026.tar"))

    sentence = "Missing: letters/1.pdf is named in the database, but is not in the folder of uploaded files."
    assert capsys.readouterr().err.splitlines() == [sentence]
    settings.S3_BUCKET = "elsewhere"
    assert back_up(tmp_path / "2027.tar").missing == []


@needs_tools
def test_a_file_uploaded_after_the_snapshot_began_is_in_the_archive(letter, tmp_path, monkeypatch):
    """Its row is not; the other way round, a row without its file, cannot be."""
    late = letter.with_name("late.pdf")

    def dump(*arguments, real=databases.dump, **options):
        found = real(*arguments, **options)
        late.write_bytes(b"%PDF late")
        return found

    monkeypatch.setattr(databases, "dump", dump)
    back_up(tmp_path / "2026.tar")

    with tarfile.open(tmp_path / "2026.tar") as archive:
        assert {"media/letters/1.pdf", "media/letters/late.pdf"} <= set(archive.getnames())


@needs_tools
@pytest.mark.parametrize("step", ["put_new_files", "put_in_place", "replace_files"])
def test_a_restore_that_stops_at_any_step_loses_nothing(letter, tmp_path, monkeypatch, step):
    """Before the database is swapped all is as it was; after it, restoring again completes it."""
    target, module = tmp_path / "2026.tar", databases if step == "put_in_place" else restoration
    back_up(target)
    backed_up = state()
    PersonFactory(name="Came later")
    letter.write_bytes(b"%PDF another")
    before = state()
    with monkeypatch.context() as patch:
        patch.setattr(module, step, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore(target, overwrite=True)

    after = state()
    assert after == (before if step != "replace_files" else (backed_up[0], before[1]))
    restore(target, overwrite=True)
    assert state() == backed_up


@needs_tools
def test_files_that_are_links_are_kept_as_files(said, tmp_path):
    """A file of several names, and a folder of uploads that stands elsewhere."""
    elsewhere, media = tmp_path / "elsewhere", Path(settings.MEDIA_ROOT)
    elsewhere.mkdir()
    (elsewhere / "1.pdf").write_bytes(b"%PDF")
    (elsewhere / "2.pdf").hardlink_to(elsewhere / "1.pdf")
    media.symlink_to(elsewhere)
    back_up(tmp_path / "2026.tar")
    media.unlink()

    restore(tmp_path / "2026.tar", overwrite=True)

    assert {path.name: path.read_bytes() for path in media.iterdir()} == {
        "1.pdf": b"%PDF",
        "2.pdf": b"%PDF",
    }


@needs_tools
def test_archives_of_before_that_hold_one_file_by_two_names_are_restored(said, tmp_path):
    target, media = tmp_path / "2026.tar", Path(settings.MEDIA_ROOT)
    media.mkdir()
    (media / "1.pdf").write_bytes(b"%PDF")
    back_up(tmp_path / "new.tar")
    rewritten(tmp_path / "new.tar", target, "manifest.json", like_older_releases)
    with tarfile.open(target, "a") as file:
        second, astray = tarfile.TarInfo("media/2.pdf"), tarfile.TarInfo("media/3.pdf")
        second.type = astray.type = tarfile.LNKTYPE
        second.linkname, astray.linkname = "media/1.pdf", "media/none.pdf"
        file.addfile(second)
    restore(target, overwrite=True)
    assert (media / "2.pdf").read_bytes() == b"%PDF"

    with tarfile.open(target, "a") as file:
        file.addfile(astray)
    with pytest.raises(NotABackup, match="cannot be read as a back-up"):
        restore(target, overwrite=True)


@needs_tools
@pytest.mark.postgres
def test_a_role_that_may_not_create_databases_restores_in_one_transaction(
    letter, tmp_path, monkeypatch, capsys
):
    target = tmp_path / "2026.tar"
    back_up(target)
    backed_up = state()
    PersonFactory(name="Came later")
    monkeypatch.setattr(databases, "may_create_databases", lambda: False)

    call_command("restore", str(target), "--overwrite")

    assert state() == backed_up
    out, err = capsys.readouterr()
    assert err.startswith("The role of the database may not create databases")
    assert out == "Restored: 1 drafts, 1 positions; the hashes agree.\n"


@needs_tools
@pytest.mark.postgres
@pytest.mark.parametrize(
    "field",
    [
        {"texts": "other"},
        {"said": 7},
        {"rows": {"members_person": 99}},
        {"positions": ""},
    ],
)
def test_what_was_not_tried_before_is_compared_afterwards(
    said, tmp_path, monkeypatch, capsys, field
):
    target, forged = tmp_path / "2026.tar", tmp_path / "forged.tar"
    back_up(target)
    rewritten(target, forged, "manifest.json", changed(**field))
    monkeypatch.setattr(databases, "may_create_databases", lambda: False)

    with pytest.raises(SystemExit) as stopped:
        call_command("restore", str(forged), "--overwrite")

    out, err = capsys.readouterr()
    assert (stopped.value.code, out) == (2, "")
    assert err.startswith(
        "The back-up is restored, but the database is not what was backed up: somebody wrote "
    )


@needs_tools
@pytest.mark.postgres
def test_tables_of_a_later_release_stay_without_a_trial(said, tmp_path, monkeypatch):
    target = tmp_path / "2026.tar"
    back_up(target)
    monkeypatch.setattr(databases, "may_create_databases", lambda: False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE core_later (id integer)")
    try:
        assert not restore(target, overwrite=True).tried
    finally:
        connection.cursor().execute("DROP TABLE core_later")


def test_a_restored_database_of_another_release_is_said_not_to_be_compared(said):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE statements_position RENAME TO statements_stance")
        try:
            with pytest.raises(RestoredOtherwise, match="could not be compared"):
                restoration.check_restored(old_manifest())
        finally:
            cursor.execute("ALTER TABLE statements_stance RENAME TO statements_position")


@needs_tools
def test_a_full_disk_is_not_called_a_damaged_archive(said, tmp_path):
    target = tmp_path / "2026.tar"
    back_up(target)
    before = state()

    with files_of_at_most(100), pytest.raises(OSError, match="File too large"):
        restore(target, overwrite=True)

    assert state() == before


@needs_tools
@pytest.mark.postgres
def test_the_sessions_of_the_app_end_with_the_swap_and_connect_again(letter, tmp_path):
    target = tmp_path / "2026.tar"
    back_up(target)
    backed_up = state()
    with databases.connected_to(connection.settings_dict["NAME"]) as other:
        connections[other].ensure_connection()
        restore(target, overwrite=True)
        with pytest.raises(OperationalError):
            connections[other].cursor().execute("SELECT 1")
        connections[other].close()
        assert backup.proof_of(other) == backed_up[0]


@needs_tools
@pytest.mark.postgres
def test_a_session_that_cannot_be_ended_keeps_the_database_as_it_is(letter, tmp_path, monkeypatch):
    """As that of another role."""
    target = tmp_path / "2026.tar"
    back_up(target)
    PersonFactory(name="Came later")
    before = state()
    monkeypatch.setattr(databases, "END_SESSIONS", "SELECT %s")
    monkeypatch.setattr(databases, "SWAP_ATTEMPTS", 1)
    with databases.connected_to(connection.settings_dict["NAME"]) as other:
        connections[other].ensure_connection()
        with pytest.raises(DumpFailed, match="Other programs stay connected to the database"):
            restore(target, overwrite=True)

    assert state() == before
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE %s",
            [f"{connection.settings_dict['NAME']}_restore%"],
        )
        assert cursor.fetchone() == (0,)


def test_the_proof_tells_each_change(said):
    before = backup.proof_of()
    with unfrozen():
        Block.objects.filter(key="b2").update(text="Other words")
        Position.objects.update(reason="Other reason")
    after = backup.proof_of()

    assert (before["texts"] != after["texts"], before["positions"] != after["positions"]) == (
        True,
        True,
    )


def test_a_database_without_the_tables_holds_nobody(focal_point):
    assert restoration.holds_people()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_person RENAME TO members_nobody")
        try:
            assert not restoration.holds_people()
        finally:
            cursor.execute("ALTER TABLE members_nobody RENAME TO members_person")
    assert restoration.holds_people()


def test_a_tool_that_fails_or_is_missing_is_said():
    databases.run_tool("true")
    with pytest.raises(
        DumpFailed, match="no-such-tool is not on this machine; install postgresql-client."
    ):
        databases.run_tool("no-such-tool")
    with pytest.raises(DumpFailed, match="false failed: no output"):
        databases.run_tool("false")
    with pytest.raises(DumpFailed, match="ls failed: ls: cannot access"):
        databases.run_tool("ls", "/nowhere")


@pytest.fixture
def server_of_few_locks(monkeypatch):
    """Let the app use another PostgreSQL: it has too few locks for a restore in one transaction."""
    server = PrivatePostgres(locks=10).start()
    with monkeypatch.context() as patch:
        connection.close()
        for name, value in {"NAME": "postgres", "HOST": "127.0.0.1", "PORT": server.port}.items():
            patch.setitem(connection.settings_dict, name, value)
        yield
        connection.close()
    server.stop()


@needs_tools
@pytest.mark.postgres
def test_a_restore_for_which_there_are_too_few_locks_changes_nothing_and_says_what_helps(
    said, tmp_path, request
):
    dump = tmp_path / "database"
    databases.dump(dump, read=lambda _alias: None)
    request.getfixturevalue("server_of_few_locks")
    databases.run_tool("pg_restore", "--no-owner", "--dbname=postgres", str(dump))
    PersonFactory(name="Came later")

    with pytest.raises(DumpFailed, match="too few locks for this; nothing was changed"):
        databases.put_in_place(dump, None)
    assert Person.objects.filter(name="Came later").exists()

    with pytest.raises(DumpFailed, match='psql failed: ERROR:  relation "nowhere" does not exist'):
        databases.run_tool("psql", "--dbname=postgres", "--command", "SELECT 1 FROM nowhere")


@contextmanager
def files_of_at_most(size):
    """Let no file grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@needs_tools
def test_a_back_up_that_fails_leaves_the_one_before_and_nothing_else(said, tmp_path, monkeypatch):
    target = tmp_path / "2026.tar"
    target.write_bytes(b"yesterday's")
    monkeypatch.setattr(backup, "add_uploads", lambda _archive: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        back_up(target)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "2026.tar": b"yesterday's"
    }


@needs_tools
def test_two_back_ups_at_once_write_a_file_each(said, tmp_path, monkeypatch):
    target, real = tmp_path / "2026.tar", backup.add_uploads

    def add_uploads(archive):
        monkeypatch.setattr(backup, "add_uploads", real)
        back_up(target)
        return real(archive)

    monkeypatch.setattr(backup, "add_uploads", add_uploads)

    back_up(target)

    assert restore(target, overwrite=True).tried
    assert [path.name for path in tmp_path.iterdir()] == ["2026.tar"]


@needs_tools
def test_an_uploaded_file_that_cannot_be_put_back_leaves_nothing(letter, tmp_path):
    target = tmp_path / "2026.tar"
    back_up(target)
    letter.unlink()
    with files_of_at_most(1000), pytest.raises(OSError, match="File too large"):
        restoration.put_file(target, letter)
    assert list(letter.parent.iterdir()) == []

    restore(target, overwrite=True)
    assert (letter.read_bytes(), letter.stat().st_mode & 0o777) == (b"%PDF letter", 0o640)


def test_a_tool_connects_as_the_app_does(tmp_path, monkeypatch):
    """By all that DATABASE_URL says, and else by what the operator exported."""
    said = {"HOST": "db.example", "PORT": 5433, "USER": "gmg", "PASSWORD": "s3cret"}
    options = {
        "sslrootcert": "/etc/ca.pem",
        "sslcert": "/etc/gmg.pem",
        "sslkey": "/etc/gmg.key",
        "connect_timeout": 2,
        "options": "-c search_path=gmg",
        "pool": {"min_size": 1},
    }
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    for name, value in {**said, "OPTIONS": options}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGUSER", "somebody")

    assert variables_of_a_tool(tmp_path) == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "gmg",
        "PGPASSWORD": "s3cret",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/ca.pem",
        "PGSSLCERT": "/etc/gmg.pem",
        "PGSSLKEY": "/etc/gmg.key",
        "PGCONNECT_TIMEOUT": "2",
        "PGOPTIONS": "-c search_path=gmg",
    }
    for name in said:
        monkeypatch.setitem(connection.settings_dict, name, "")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"sslmode": "require"})
    assert variables_of_a_tool(tmp_path) == {"PGSSLMODE": "require", "PGUSER": "somebody"}


def variables_of_a_tool(folder):
    databases.run_tool("sh", "-c", f"env > {folder}/variables")
    lines = (folder / "variables").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith("PG"))


@needs_tools
def test_commands(said, tmp_path, capsys):
    target = tmp_path / "2026.tar"

    call_command("backup", str(target))
    call_command("restore", str(target), "--overwrite")

    out = capsys.readouterr().out
    assert ("1 drafts, 1 positions" in out, "the hashes agree" in out) == (True, True)
    for command in (
        ["restore", str(target)],
        ["backup", str(tmp_path / "no" / "folder.tar")],
        ["restore", str(tmp_path / "none.tar"), "--overwrite"],
    ):
        with pytest.raises(SystemExit) as stopped:
            call_command(*command)
        assert stopped.value.code == 2
    assert (
        "The database is not empty; --overwrite replaces all that is in it."
        in capsys.readouterr().err
    )
