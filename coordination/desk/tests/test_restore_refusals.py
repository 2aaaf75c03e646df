"""Archives that are no back-up of ours, or were altered, are refused and change nothing."""

import io
import json
import re
import shutil
import tarfile

import pytest
from django.db import connection

from coordination.desk.actions import backup, databases
from coordination.desk.actions.backup import back_up
from coordination.desk.actions.databases import DumpFailed, NotABackup
from coordination.desk.actions.restoration import restore
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

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs]


def test_other_files_are_refused_and_change_nothing(focal_point, tmp_path):
    words = tmp_path / "words.tar"
    words.write_text("no archive")
    unproven = archive(tmp_path, {"vendor": connection.vendor})
    for file in (
        words,
        tmp_path / "nowhere.tar",
        archive(tmp_path, {}),
        archive(tmp_path, {"vendor": "oracle"}),
        archive(tmp_path, None),
        unproven,
    ):
        with pytest.raises(NotABackup):
            restore(file, overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def archive(folder, manifest, *others):
    path = folder / f"{len(list(folder.iterdir()))}.tar"
    with tarfile.open(path, "w") as file:
        for name, text in [
            ("manifest.json", json.dumps(manifest)),
            *((other, "words") for other in others),
        ]:
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
def test_an_archive_with_anything_else_in_it_is_refused_whole(
    focal_point, tmp_path, name, sentence
):
    with pytest.raises(NotABackup, match=re.escape(sentence)):
        restore(archive(tmp_path, old_manifest(), name), overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def test_an_archive_with_a_link_in_it_is_refused_whole(focal_point, tmp_path):
    path = archive(tmp_path, old_manifest())
    with tarfile.open(path, "a") as file:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)

    with pytest.raises(NotABackup, match="media/link does not belong in one"):
        restore(path, overwrite=True)

    assert Person.objects.filter(pk=focal_point.pk).exists()


def damaged(content: bytes) -> bytes:
    """Return a database whose beginning is right and whose later pages are not."""
    return content[:4096] + b"x" * (len(content) - 4096)


@needs_tools
@pytest.mark.parametrize("spoil", [damaged, lambda content: content[:0], lambda content: b"words"])
def test_a_database_in_it_that_cannot_be_read_replaces_nothing(said, tmp_path, spoil):
    """Older archives list no files, so that only the trial finds out."""
    target, older, forged = (tmp_path / name for name in ("2026.tar", "older.tar", "forged.tar"))
    back_up(target)
    rewritten(target, older, "manifest.json", like_older_releases)
    rewritten(older, forged, "database", spoil)
    PersonFactory(name="Came later")
    before = state()

    with pytest.raises((NotABackup, DumpFailed)):
        restore(forged, overwrite=True)

    assert state() == before


def flip(path, place):
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@needs_tools
def test_a_bit_flipped_anywhere_replaces_nothing(said, tmp_path, letter):
    target, forged = tmp_path / "2026.tar", tmp_path / "forged.tar"
    back_up(target)
    PersonFactory(name="Came later")
    before, length = state(), target.stat().st_size
    with tarfile.open(target) as real:
        places = [entry.offset_data + entry.size // 2 for entry in real] + [
            entry.offset for entry in real
        ]
        places += [entry.offset_data + entry.size - 1 for entry in real]

    for place in places:
        shutil.copyfile(target, forged)
        flip(forged, place)
        with pytest.raises(NotABackup):
            restore(forged, overwrite=True)
    for size in (0, 512, length // 2, places[0]):
        shutil.copyfile(target, forged)
        with forged.open("r+b") as file:
            file.truncate(size)
        with pytest.raises(NotABackup):
            restore(forged, overwrite=True)

    assert state() == before


@needs_tools
@pytest.mark.parametrize(
    "field", [{"texts": "other"}, {"positions": "other"}, {"drafts": 7}, {"said": 7}, {"rows": {}}]
)
def test_a_proof_that_was_altered_replaces_nothing(said, tmp_path, field):
    target, altered, consistent = (
        tmp_path / name for name in ("2026.tar", "altered.tar", "consistent.tar")
    )
    back_up(target)
    PersonFactory(name="Came later")
    before = state()
    rewritten(
        target,
        altered,
        "manifest.json",
        lambda content: json.dumps(json.loads(content) | field).encode(),
    )
    rewritten(target, consistent, "manifest.json", changed(**field))

    with pytest.raises(NotABackup, match="its manifest was changed"):
        restore(altered, overwrite=True)
    with pytest.raises(NotABackup, match="The database in this back-up is not what was backed up"):
        restore(consistent, overwrite=True)

    assert state() == before


@needs_tools
def test_tables_of_another_release_replace_nothing(said, tmp_path, monkeypatch):
    target = tmp_path / "2026.tar"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE statements_position RENAME TO statements_stance")
        try:
            monkeypatch.setattr(databases, "dump", dumped_as_by_that_release)
            back_up(target)
        finally:
            cursor.execute("ALTER TABLE statements_stance RENAME TO statements_position")
    before = state()

    with pytest.raises(NotABackup, match="Restore it with the release that wrote it"):
        restore(target, overwrite=True)

    assert state() == before


def dumped_as_by_that_release(path, *, read, dump=databases.dump):
    return dump(path, read=lambda _alias: backup.Contents(old_manifest(), set()))
