"""Back-up and restore: the database and the uploaded files in one archive, with hashes that prove it."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from coordination.core.errors import RuleBroken
from coordination.members.models import Person
from coordination.statements.models import Block, Draft, Position

MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"  # what an archive holds


class NotEmpty(RuleBroken):
    """The database holds people; restoring would replace them."""


class NotABackup(RuleBroken):
    """The file is no archive of ours."""


class DumpFailed(RuleBroken):
    """The database's own tool did not do its work."""


def proof() -> dict[str, Any]:
    """Return what a restore must give back exactly: hashes over statements' texts and positions, and how many there are."""
    drafts = Draft.objects.order_by("pk").values_list("pk", "sha256")
    blocks = Block.objects.order_by("pk").values_list("pk", "draft", "key", "position", "text")
    said = Position.objects.order_by("pk").values_list("pk", "step", "agency", "kind", "sha256", "reason")
    return {"texts": digest([*drafts, *blocks]), "positions": digest(said), "drafts": len(drafts), "said": len(said)}


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 of rows."""
    return hashlib.sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()


def tool(name: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on our database; the password goes by environment. Raises DumpFailed."""
    db = connection.settings_dict
    environment = {
        **os.environ,
        "PGPASSWORD": db["PASSWORD"] or "",
        "PGHOST": db["HOST"] or "",
        "PGPORT": str(db["PORT"] or ""),
        "PGUSER": db["USER"] or "",
        "PGSSLMODE": db["OPTIONS"].get("sslmode", "prefer"),
    }
    try:
        done = subprocess.run([name, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    except FileNotFoundError as error:
        raise DumpFailed(f"{name} is not on this machine; install postgresql-client.") from error
    if done.returncode:
        raise DumpFailed(f"{name} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no output'}")


def dump(path: Path) -> None:
    """Write the database to a file: SQLite by its back-up interface, PostgreSQL by pg_dump."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(path)
        connection.connection.backup(copy)
        copy.close()
    else:
        tool("pg_dump", "--format=custom", "--no-owner", "--file", str(path), str(connection.settings_dict["NAME"]))


def is_whole(database: sqlite3.Connection) -> bool:
    """Say whether a database of SQLite can be read to its end and has our tables."""
    try:
        ours = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [Person._meta.db_table]).fetchone()  # noqa: SLF001 - Django's public name
        return ours is not None and database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def undump(path: Path) -> None:
    """Put the database back from a file, in place of what is there."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            if not is_whole(copy):
                raise NotABackup("The database in this back-up cannot be read.")
            copy.backup(connection.connection)
    else:
        name = str(connection.settings_dict["NAME"])
        connections.close_all()
        tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", name, str(path))


def back_up(target: Path) -> dict[str, Any]:
    """Write database and files to `target`, a tar archive that only its owner reads; return the proof that is in it."""
    found = proof()
    media = Path(settings.MEDIA_ROOT)
    part = target.with_name(f"{target.name}.part")
    file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")  # a back-up holds everybody's address
    with tempfile.TemporaryDirectory() as folder, file, tarfile.open(fileobj=file, mode="w", dereference=True) as archive:
        dump(Path(folder) / DATABASE)
        archive.add(Path(folder) / DATABASE, DATABASE)
        if media.exists():
            archive.add(media, MEDIA)
        text = json.dumps({"vendor": connection.vendor, **found}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    part.replace(target)
    return found


def manifest_of(archive: tarfile.TarFile) -> dict[str, Any]:
    """Return what an archive says about itself; raises NotABackup."""
    try:
        file = archive.extractfile(MANIFEST)
        found: dict[str, Any] = json.loads(file.read()) if file else {}
    except (KeyError, ValueError) as error:
        raise NotABackup("This file is no back-up of this app.") from error
    if found.get("vendor") != connection.vendor:
        raise NotABackup(f"This back-up is of {found.get('vendor')}, and the database here is {connection.vendor}.")
    return found


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the database and the files of an archive to a folder, and nothing beside it; raises NotABackup for any other entry.

    By hand, as `extractall(filter="data")` is unknown to the Python 3.11.2 of Debian bookworm.
    """
    for entry in archive:
        if entry.isdir() or entry.name == MANIFEST:
            continue
        content, path = archive.extractfile(entry) if entry.isfile() or entry.islnk() else None, folder / entry.name
        inside = entry.name == DATABASE or (entry.name.startswith(f"{MEDIA}/") and ".." not in path.parts)
        if content is None or not inside:
            raise NotABackup(f"This file is no back-up of this app: {entry.name} does not belong in one.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with content, path.open("wb") as target:
            shutil.copyfileobj(content, target)
    if not (folder / DATABASE).exists():
        raise NotABackup("This file is no back-up of this app: there is no database in it.")


def restore(source: Path, *, overwrite: bool) -> dict[str, Any]:
    """Put database and files back from `source`; refuse to replace people unless `overwrite`. Returns the proof, compared."""
    if not overwrite and holds_people():
        raise NotEmpty("The database is not empty; --overwrite replaces all that is in it.")
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source) as archive:
                manifest = manifest_of(archive)
                unpack(archive, Path(folder))
        except (OSError, KeyError, tarfile.TarError) as error:
            raise NotABackup("This file cannot be read as a back-up.") from error
        undump(Path(folder) / DATABASE)
        put_files(Path(folder) / MEDIA)
    found = proof()
    if any(manifest[name] != value for name, value in found.items()):
        raise NotABackup("What was restored is not what was backed up; the archive may be damaged.")
    return found


def holds_people() -> bool:
    """Say whether the database has people; one that was never migrated has none."""
    return Person._meta.db_table in connection.introspection.table_names() and Person.objects.exists()  # noqa: SLF001 - Django's public name


def put_files(folder: Path) -> None:
    """Copy the files of an archive to where uploads are kept."""
    for path in folder.rglob("*"):
        if path.is_file():
            target = Path(settings.MEDIA_ROOT) / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
