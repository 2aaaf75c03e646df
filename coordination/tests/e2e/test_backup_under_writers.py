"""Back-ups while others write as fast as they can, and restores that are killed, on real processes and both databases."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from coordination.tests.e2e.machinery import ROOT, Machinery
from coordination.tests.services.postgres import PrivatePostgres, binaries
from coordination.tests.services.waiting import PATIENCE, wait_until

BACKUPS, WRITERS = 10, 2
pytestmark = [
    pytest.mark.process,
    pytest.mark.timeout(840),
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="apt-get install postgresql-client"),
]

# Each round adds one draft with two paragraphs and a letter on disk, in one transaction, and changes a paragraph of the round before
WRITE = """
import os, sys
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.utils import timezone
from coordination.meetings.models import Meeting, MeetingDocument
from coordination.statements.models import Block, Draft, Statement
me, stop = sys.argv[1:]
now, last, number = timezone.now(), None, 0
statement = Statement.objects.create(slug=me, symbol=me, title=me, started_at=now)
meeting = Meeting.objects.order_by("pk").first()
while not os.path.exists(stop):
    number += 1
    name = default_storage.save(f"meetings/{me}-{number}.pdf", ContentFile(b"%PDF " + bytes(100)))
    with transaction.atomic():
        draft = Draft.objects.create(statement=statement, number=number, sha256="")
        blocks = [Block.objects.create(draft=draft, key=f"b{n}", position=n, text=f"{me} {number}") for n in (1, 2)]
        MeetingDocument.objects.create(meeting=meeting, title=name, file=name)
        if last:
            Block.objects.filter(pk=last.pk).update(text="changed")
    last = blocks[0]
"""
MEET = """
from django.utils import timezone
from coordination.meetings.models import Meeting
Meeting.objects.create(slug="one", title="One", starts_at=timezone.now())
"""
BACK_UP = f"""
import sys, time
from pathlib import Path
from coordination.desk.actions.backup import back_up
from coordination.statements.models import Draft
before = 0
for number in range({BACKUPS}):
    while (drafts := Draft.objects.count()) == before:  # a busy machine gives the writers no turn
        time.sleep(0.05)
    before = drafts
    written = back_up(Path(sys.argv[1]) / f"{{number}}.tar")
    print(written.proof["texts"], written.proof["drafts"], len(written.missing))
"""
RESTORE = f"""
import sys
from pathlib import Path
from coordination.core.errors import RuleBroken
from coordination.desk.actions.restoration import restore
from coordination.desk.actions.backup import contents_of
for number in range({BACKUPS}):
    try:
        restore(Path(sys.argv[1]) / f"{{number}}.tar", overwrite=True)
    except RuleBroken as error:
        print(error.message)
        continue
    proof, files = contents_of("default")
    print(proof["texts"], proof["drafts"], sum(not Path(sys.argv[2], name).exists() for name in files))
"""


without_postgres = pytest.mark.skipif(binaries() is None, reason="apt-get install postgresql")


@pytest.fixture(params=[pytest.param("postgresql", marks=without_postgres), "sqlite"])
def place(request, tmp_path):
    """The machinery of one database that is migrated, and of another one that is empty."""
    servers = []
    # not the durable one: nothing kills the server here
    server = PrivatePostgres() if request.param == "postgresql" else None
    if server:
        server.start()
        subprocess.run(
            [
                server.bin / "createdb",
                "-h",
                "127.0.0.1",
                "-p",
                str(server.port),
                "-U",
                "gmg",
                "elsewhere",
            ],
            check=True,
        )
        urls = [server.url, server.url.replace("/postgres", "/elsewhere")]
    else:
        urls = [f"sqlite:///{tmp_path}/here.sqlite3", f"sqlite:///{tmp_path}/elsewhere.sqlite3"]
    for name, url in zip(("here", "elsewhere"), urls, strict=True):
        folder = tmp_path / name
        folder.mkdir()
        servers.append(Machinery(folder, DATABASE_URL=url))
    try:
        servers[0].migrate()
        servers[0].python(MEET)
        yield servers
    finally:
        for each in servers:
            each.stop()
        if server:
            server.stop()


def start(machinery, code, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}", *map(str, arguments)],
        cwd=ROOT,
        env={**machinery.environment, "DJANGO_SETTINGS_MODULE": "gmgapp.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    machinery.processes.append(process)
    return process


def said_by(process):
    out, _ = process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0, out
    return out.splitlines()


def test_back_ups_under_writers_all_restore_with_the_same_fingerprints(place, tmp_path):
    here, elsewhere = place
    stop = tmp_path / "stop"
    writers = [start(here, WRITE, f"writer-{number}", stop) for number in range(WRITERS)]
    assert wait_until(
        lambda: (
            int(
                here.python(
                    "from coordination.statements.models import Draft; print(Draft.objects.count())"
                )
            )
            > WRITERS
        )
    )

    written = said_by(start(here, BACK_UP, tmp_path))
    stop.touch()
    assert [said_by(writer) for writer in writers] == [[]] * WRITERS
    restored = said_by(start(elsewhere, RESTORE, tmp_path, elsewhere.folder / "media"))

    assert restored == written
    assert len(set(written)) == BACKUPS  # each was of another moment: the writers wrote on
    assert {line.split()[2] for line in written} == {"0"}


LARGE = """
import random
from coordination.members.models import Agency
letters = random.Random(1).randbytes
Agency.objects.bulk_create(Agency(acronym=f"A{n}", slug=f"a{n}", name=f"A{n}", time_zone="UTC", note=letters(2000).hex()) for n in range(4000))
"""
FINGERPRINT = """
from coordination.desk.actions.backup import digest, proof_of
from coordination.members.models import Agency
print(proof_of()["rows"]["members_agency"], digest(Agency.objects.order_by("pk").values_list("name")))
"""


def files(folder: Path):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def begun(machinery, log: Path):
    """Say whether a restore has begun to load: a trial database is there, or the write-ahead log of SQLite grows."""
    if "sqlite" in machinery.environment["DATABASE_URL"]:
        return log.exists() and log.stat().st_size > 1_000_000

    with psycopg.connect(
        machinery.environment["DATABASE_URL"].replace("postgres://", "postgresql://")
    ) as connection:
        return connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE '%_restore_%'"
        ).fetchone() == (1,)


def test_a_restore_killed_in_the_middle_leaves_the_old_data(place, tmp_path):
    here, _ = place
    here.python(LARGE)
    here.manage("backup", str(tmp_path / "large.tar"))
    here.python(
        "from coordination.members.models import Agency; Agency.objects.filter(acronym='A1').update(name='Changed later')"
    )
    before, media = here.python(FINGERPRINT), files(here.folder / "media")

    process = here.start("manage", "restore", str(tmp_path / "large.tar"), "--overwrite")
    log = tmp_path / "here.sqlite3-wal"
    end = time.monotonic() + PATIENCE
    while not begun(here, log) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)

    assert process.returncode == -signal.SIGKILL
    assert (here.python(FINGERPRINT), files(here.folder / "media")) == (before, media)
    assert here.manage("restore", str(tmp_path / "large.tar"), "--overwrite").startswith("Restored")
    assert here.python(FINGERPRINT) != before
