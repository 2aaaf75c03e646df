"""Back-up and restore, on whichever database this run has."""

import io
import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from coordination.desk import actions
from coordination.desk.actions import backup
from coordination.desk.actions.backup import DumpFailed, NotABackup, NotEmpty
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.statements.models import Block, Draft, Position, Statement
from coordination.statements.tests.factories import in_clearance, unfrozen
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs]
needs_tools = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="apt-get install postgresql-client")


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


@pytest.fixture
def said(focal_point, unfpa):
    step = in_clearance(title="Transit – 移民")
    Position.objects.create(step=step, agency=unfpa, person=focal_point, kind="object", sha256="a" * 64, reason="Why.", taken_at=NOW)
    return step


@needs_tools
def test_what_is_restored_is_what_was_backed_up(said, tmp_path):
    paper = Path(settings.MEDIA_ROOT) / "meetings" / "1.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF")
    target = tmp_path / "2026.tar"

    proof = actions.back_up(target)
    paper.unlink()
    emptied()
    restored = actions.restore(target, overwrite=False)

    assert restored == proof
    assert (proof["drafts"], proof["said"]) == (1, 1)
    assert (Statement.objects.get().title, Position.objects.get().reason) == ("Transit – 移民", "Why.")
    assert (paper.read_bytes(), target.stat().st_mode & 0o777) == (b"%PDF", 0o600)
    assert [path.name for path in tmp_path.glob("*.tar*")] == ["2026.tar"]


@needs_tools
def test_a_database_with_people_is_replaced_only_when_told_so(said, tmp_path):
    target = tmp_path / "2026.tar"
    actions.back_up(target)
    PersonFactory(name="Came later")

    with pytest.raises(NotEmpty):
        actions.restore(target, overwrite=False)
    assert Person.objects.filter(name="Came later").exists()

    actions.restore(target, overwrite=True)
    assert not Person.objects.filter(name="Came later").exists()


def test_other_files_are_refused_and_change_nothing(focal_point, tmp_path):
    words = tmp_path / "words.tar"
    words.write_text("no archive")
    for file in (words, tmp_path / "nowhere.tar", archive(tmp_path, {}), archive(tmp_path, {"vendor": "oracle"}), archive(tmp_path, None)):
        with pytest.raises(NotABackup):
            actions.restore(file, overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def archive(folder, manifest, *others):
    path = folder / f"{manifest}.tar"
    with tarfile.open(path, "w") as file:
        for name, text in [("manifest.json", json.dumps(manifest)), *((other, "words") for other in others)]:
            if text != "null":
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                file.addfile(entry, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../escaped", "../escaped does not belong in one"),
        ("/etc/escaped", "/etc/escaped does not belong in one"),
        ("media/../../escaped", "media/../../escaped does not belong in one"),
        ("database/escaped", "database/escaped does not belong in one"),
        ("other", "other does not belong in one"),
        ("media/1.pdf", "there is no database in it"),
    ],
)
def test_an_archive_with_anything_else_in_it_is_refused_whole(focal_point, tmp_path, name, sentence):
    with pytest.raises(NotABackup, match=re.escape(sentence)):
        actions.restore(archive(tmp_path, {"vendor": connection.vendor}, name), overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def test_an_archive_with_a_link_in_it_is_refused_whole(focal_point, tmp_path):
    path = archive(tmp_path, {"vendor": connection.vendor})
    with tarfile.open(path, "a") as file:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)

    with pytest.raises(NotABackup, match="media/link does not belong in one"):
        actions.restore(path, overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def damaged(content: bytes) -> bytes:
    """Return a database whose beginning is right and whose later pages are not."""
    return content[:4096] + b"x" * (len(content) - 4096)


@needs_tools
@pytest.mark.parametrize("spoil", [damaged, lambda content: content[:0], lambda content: b"words"])
def test_a_database_in_it_that_cannot_be_read_replaces_nothing(said, tmp_path, spoil):
    target, forged = tmp_path / "2026.tar", tmp_path / "forged.tar"
    actions.back_up(target)
    rewritten(target, forged, "database", spoil)
    PersonFactory(name="Came later")

    with pytest.raises((NotABackup, DumpFailed)):
        actions.restore(forged, overwrite=True)

    assert Person.objects.filter(name="Came later").exists()


def rewritten(source, target, name, change):
    """Copy an archive with another content of one entry."""
    with tarfile.open(source) as real, tarfile.open(target, "w") as file:
        for entry in real.getmembers():
            content = real.extractfile(entry).read() if entry.isfile() else b""
            if entry.name == name:
                content = change(content)
                entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))


@needs_tools
def test_files_that_are_links_are_kept_as_files(said, tmp_path):
    """A file of several names, and a folder of uploads that stands elsewhere."""
    elsewhere, media = tmp_path / "elsewhere", Path(settings.MEDIA_ROOT)
    elsewhere.mkdir()
    (elsewhere / "1.pdf").write_bytes(b"%PDF")
    (elsewhere / "2.pdf").hardlink_to(elsewhere / "1.pdf")
    media.symlink_to(elsewhere)
    actions.back_up(tmp_path / "2026.tar")
    media.unlink()

    actions.restore(tmp_path / "2026.tar", overwrite=True)

    assert {path.name: path.read_bytes() for path in media.iterdir()} == {"1.pdf": b"%PDF", "2.pdf": b"%PDF"}


@needs_tools
def test_archives_of_before_that_hold_one_file_by_two_names_are_restored(said, tmp_path):
    target, media = tmp_path / "2026.tar", Path(settings.MEDIA_ROOT)
    media.mkdir()
    (media / "1.pdf").write_bytes(b"%PDF")
    actions.back_up(target)
    with tarfile.open(target, "a") as file:
        second, astray = tarfile.TarInfo("media/2.pdf"), tarfile.TarInfo("media/3.pdf")
        second.type = astray.type = tarfile.LNKTYPE
        second.linkname, astray.linkname = "media/1.pdf", "media/none.pdf"
        file.addfile(second)
    actions.restore(target, overwrite=True)
    assert (media / "2.pdf").read_bytes() == b"%PDF"

    with tarfile.open(target, "a") as file:
        file.addfile(astray)
    with pytest.raises(NotABackup, match="cannot be read as a back-up"):
        actions.restore(target, overwrite=True)


@needs_tools
def test_an_archive_that_does_not_agree_with_its_proof_is_said(said, tmp_path):
    target, forged = tmp_path / "2026.tar", tmp_path / "forged.tar"
    actions.back_up(target)
    rewritten(target, forged, "manifest.json", lambda content: json.dumps(json.loads(content) | {"texts": "other"}).encode())

    with pytest.raises(NotABackup, match="What was restored is not what was backed up"):
        actions.restore(forged, overwrite=True)


def test_the_proof_tells_each_change(said):
    before = backup.proof()
    with unfrozen():
        Block.objects.filter(key="b2").update(text="Other words")
        Position.objects.update(reason="Other reason")
    after = backup.proof()

    assert (before["texts"] != after["texts"], before["positions"] != after["positions"]) == (True, True)


def test_a_database_without_the_tables_holds_nobody(focal_point):
    assert backup.holds_people()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_person RENAME TO members_nobody")
        try:
            assert not backup.holds_people()
        finally:
            cursor.execute("ALTER TABLE members_nobody RENAME TO members_person")
    assert backup.holds_people()


def test_a_tool_that_fails_or_is_missing_is_said():
    backup.tool("true")
    with pytest.raises(DumpFailed, match="no-such-tool is not on this machine; install postgresql-client."):
        backup.tool("no-such-tool")
    with pytest.raises(DumpFailed, match="false failed: no output"):
        backup.tool("false")
    with pytest.raises(DumpFailed, match="ls failed: ls: cannot access"):
        backup.tool("ls", "/nowhere")


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
    assert "The database is not empty; --overwrite replaces all that is in it." in capsys.readouterr().err
