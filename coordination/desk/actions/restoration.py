"""Restore: check a whole archive, then replace database and files."""

import errno
import filecmp
import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection

from coordination.core import unavailable
from coordination.core.errors import RuleBroken
from coordination.desk.actions import databases
from coordination.desk.actions.backup import (
    DATABASE,
    MANIFEST,
    MEDIA,
    HashedReader,
    checksum,
    proof_of,
    replacing,
)
from coordination.desk.actions.databases import NotABackup
from coordination.members.models import Person

# errors of writing say nothing about the archive
NO_ROOM = unavailable.NO_ROOM | {errno.EFBIG}
# every release writes these keys; "said" is the number of positions
PROOF = ("texts", "positions", "drafts", "said")


class NotEmpty(RuleBroken):
    """The database has people.

    Restoring would replace them.
    """


class RestoredOtherwise(RuleBroken):
    """The restored database differs from the manifest.

    It was replaced without a trial.
    """


class Restored(NamedTuple):
    """The proof of what was restored, and whether a trial came first."""

    proof: dict[str, Any]
    tried: bool


def restore(source: Path, *, overwrite: bool) -> Restored:
    """Replace database and files by those in `source`.

    People are replaced only with `overwrite`. Everything is checked first: each file by its hash,
    and the database by its proof, in a trial database. Where our role may not create one, our
    database is compared after it is replaced.

    New files are copied first, the database is replaced next, files of the same name last. If the
    restore is killed, the database is either the old one or the restored one, never a mixture. The
    restore can then be repeated.

    Raises NotEmpty, NotABackup or DumpFailed; RestoredOtherwise after the database was replaced;
    OSError where there is no room.
    """
    if not overwrite and holds_people():
        raise NotEmpty("The database is not empty; --overwrite replaces all that is in it.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with tarfile.open(source) as archive:
                manifest = manifest_of(archive)
                hashes = unpack(archive, folder)
        except (OSError, KeyError, tarfile.TarError) as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise
            raise NotABackup("This file cannot be read as a back-up.") from error
        # archives of older releases do not list their files
        if hashes != manifest.get("files", hashes):
            raise NotABackup(
                "The archive is damaged: a file in it is missing, or is not what was backed up."
            )
        with databases.loaded(folder / DATABASE) as trial:
            if trial:
                compare_trial(trial, manifest)
            # Before the database, since its rows must never name a file that is not there.
            put_new_files(folder / MEDIA)
            databases.put_in_place(folder / DATABASE, trial)
        replace_files(folder / MEDIA)
    if trial is None:
        check_restored(manifest)
    return Restored({name: manifest[name] for name in PROOF}, tried=trial is not None)


def manifest_of(archive: tarfile.TarFile) -> dict[str, Any]:
    """Return the manifest of an archive.

    Raises NotABackup.
    """
    try:
        file = archive.extractfile(MANIFEST)
        manifest: dict[str, Any] = json.loads(file.read()) if file else {}
    except (KeyError, ValueError) as error:
        raise NotABackup("This file is no back-up of this app.") from error
    if manifest.get("vendor") != connection.vendor:
        raise NotABackup(
            f"This back-up is of {manifest.get('vendor')}, and the database here is "
            f"{connection.vendor}."
        )
    if not manifest.keys() >= set(PROOF):
        raise NotABackup("This file is no back-up of this app: its manifest has no proof.")
    # Manifests of older releases have no checksum.
    if manifest.get("checksum", checksum(manifest)) != checksum(manifest):
        raise NotABackup("The archive is damaged: its manifest was changed.")
    return manifest


def unpack(archive: tarfile.TarFile, folder: Path) -> dict[str, str]:
    """Write the database and files of an archive to a folder.

    Returns the SHA-256 of each by name. Raises NotABackup for any other entry. It does not use
    `extractall(filter="data")`, which the Python 3.11.2 of Debian bookworm lacks.
    """
    hashes = {}
    for entry in archive:
        if entry.isdir() or entry.name == MANIFEST:
            continue
        content, path = (
            archive.extractfile(entry) if entry.isfile() or entry.islnk() else None,
            folder / entry.name,
        )
        is_expected = entry.name == DATABASE or (
            entry.name.startswith(f"{MEDIA}/") and ".." not in path.parts
        )
        if content is None or not is_expected:
            raise NotABackup(
                f"This file is no back-up of this app: {entry.name} does not belong in one."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with content, path.open("wb") as target:
            reader = HashedReader(content)
            shutil.copyfileobj(reader, target)
        hashes[entry.name] = reader.hash.hexdigest()
    if DATABASE not in hashes:
        raise NotABackup("This file is no back-up of this app: there is no database in it.")
    return hashes


def compare_trial(trial: str, manifest: dict[str, Any]) -> None:
    """Compare the trial database with the manifest.

    Raises NotABackup.
    """
    try:
        trial_proof = proof_of(trial)
    except DatabaseError as error:
        raise NotABackup(
            "The tables in this back-up are not those of this release. Restore it with the "
            "release that wrote it."
        ) from error
    if any(manifest.get(name, value) != value for name, value in trial_proof.items()):
        raise NotABackup(
            "The database in this back-up is not what was backed up; the archive may be damaged."
        )


def check_restored(manifest: dict[str, Any]) -> None:
    """Compare our database, restored without a trial, with the manifest.

    Only tables of the manifest are counted: those of a later release stay. Raises
    RestoredOtherwise.
    """
    try:
        our_proof = proof_of()
    except DatabaseError as error:
        raise RestoredOtherwise(
            "The back-up is restored, but could not be compared: its tables are not those of this "
            "release. Restore it with the release that wrote it, then run migrate."
        ) from error
    counted = manifest.get("rows", {})
    our_proof["rows"] = {
        table: rows for table, rows in our_proof["rows"].items() if table in counted
    }
    if any(manifest.get(name, value) != value for name, value in our_proof.items()):
        raise RestoredOtherwise(
            "The back-up is restored, but the database is not what was backed up: somebody wrote "
            "meanwhile, or the archive is damaged. Stop web, worker and beat, and restore again."
        )


def holds_people() -> bool:
    """Return whether the database has people."""
    return (
        Person._meta.db_table in connection.introspection.table_names() and Person.objects.exists()
    )


def put_new_files(folder: Path) -> None:
    """Copy the files that are not yet in the folder of uploads.

    No row of our database names them, so the old database stays valid.
    """
    for path, target in file_pairs(folder):
        if not target.exists():
            put_file(path, target)


def replace_files(folder: Path) -> None:
    """Replace the files whose content differs from the archive's."""
    for path, target in file_pairs(folder):
        if not filecmp.cmp(path, target, shallow=False):
            put_file(path, target)


def file_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Return each unpacked file with its place in the uploads."""
    return [
        (path, Path(settings.MEDIA_ROOT) / path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def put_file(path: Path, target: Path) -> None:
    """Copy a file to its place, complete or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("rb") as source,
        replacing(target, mode=settings.FILE_UPLOAD_PERMISSIONS) as file,
    ):
        shutil.copyfileobj(source, file)
