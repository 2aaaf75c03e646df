"""Archives of back-ups as tests make and compare them."""

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from coordination.desk.actions import backup

needs_tools = pytest.mark.skipif(
    shutil.which("pg_dump") is None, reason="apt-get install postgresql-client"
)


def old_manifest():
    """Return a manifest as older releases wrote it: it lists no files."""
    return {"vendor": connection.vendor, "texts": "a", "positions": "b", "drafts": 1, "said": 1}


def like_older_releases(content: bytes) -> bytes:
    """Return a manifest without what older releases did not write."""
    manifest = json.loads(content)
    return json.dumps({name: manifest[name] for name in old_manifest()}).encode()


def state():
    """Return what a refused restore must leave as it was: each table's rows, each text, and the uploaded files."""
    files = {
        path.name: path.read_bytes()
        for path in Path(settings.MEDIA_ROOT).rglob("*")
        if path.is_file()
    }
    return backup.proof_of(), files


def rewritten(source, target, name, change):
    """Copy an archive with another content of one entry."""
    with tarfile.open(source) as real, tarfile.open(target, "w") as file:
        for entry in real.getmembers():
            content = real.extractfile(entry).read() if entry.isfile() else b""
            if entry.name == name:
                content = change(content)
                entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))


def changed(**fields):
    """Return what makes another manifest of one, with a checksum that agrees."""

    def change(content: bytes) -> bytes:
        manifest = json.loads(content) | fields
        return json.dumps(manifest | {"checksum": backup.checksum(manifest)}).encode()

    return change
