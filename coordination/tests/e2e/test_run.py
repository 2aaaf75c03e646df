"""./run as people meet it: it starts, stops, and starts again on the same data."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from coordination.tests.e2e.machinery import put_migrated
from coordination.tests.e2e.starting import ROOT, Started, refused
from coordination.tests.services.ports import listens
from coordination.tests.services.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(540)]


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """Return a folder in which the demonstration was begun anew and stopped once: the tables and the story are what ./run made.

    Before that it had other data, and a file that is not ours.
    """
    var = tmp_path_factory.mktemp("run") / "var"
    var.mkdir()
    (var / "letter.txt").write_text("not ours")
    (var / "prepared").write_text("version demo")
    with closing(sqlite3.connect(var / "gmg.sqlite3")) as database:
        database.execute("CREATE TABLE core_group (id INTEGER, name TEXT, time_zone TEXT)")
        database.execute("INSERT INTO core_group VALUES (1, 'A group renamed', 'Asia/Tokyo')")
        database.commit()
    with Started(var, "--reset-demo") as app:
        pages = app.page("/"), app.page("/accounts/login/")
        children = app.children()
        wait_until(lambda: bool(list((var / "outbox").glob("*.log"))))
        code = app.stop(signal.SIGINT)

    assert "A group renamed" not in pages[0]
    assert pages[1].count('name="person"') >= 7
    assert code == 0
    assert [name for name, pid in children.items() if Path(f"/proc/{pid}").exists()] == []
    assert not listens(app.port)
    return var


@pytest.fixture
def var(told, tmp_path) -> Path:
    """Return a copy of the folder, for a test that changes it."""
    return Path(shutil.copytree(told, tmp_path / "var"))


def ask(var: Path, question: str, *values: str) -> list[tuple]:
    with closing(sqlite3.connect(var / "gmg.sqlite3")) as database:
        rows = database.execute(question, values).fetchall()
        database.commit()
    return rows


def test_starts_again_on_the_same_data_which_nobody_else_may_use_meanwhile(var):
    ask(var, "UPDATE core_group SET name = 'A group renamed'")

    with Started(var) as app:
        assert "A group renamed" in app.page("/")
        assert sorted(app.children()) == ["web", "worker"]
        said = refused(var)

    assert (
        said
        == f"{var} is in use by another ./run: stop that one, or set VAR_DIR to another folder.\n"
    )


def test_is_well_soon_after_a_start_however_seldom_beat_plans(var):
    ask(var, "DELETE FROM core_heartbeat")

    with Started(var, PLAN_EVERY_SECONDS="3600") as app:
        wait_until(lambda: health(app)["well"])
        components = health(app)["components"]

    assert components == dict.fromkeys(
        ("database", "broker", "worker", "beat", "mail", "proxy"), "ok"
    )


def health(app: Started) -> dict[str, Any]:
    """Return what the page of health says, whether the answer is 200 or 503."""
    try:
        return json.loads(app.page("/health/"))
    except urllib.error.HTTPError as unwell:
        return json.loads(unwell.read())


def test_mail_goes_to_a_folder(told):
    mails = "".join(mail.read_text() for mail in (told / "outbox").glob("*.log"))

    assert mails.count("\nMessage-ID: ") == mails.count("\nTo: ") >= 1


TOLD_TO_END = """
import os, signal, sys
from gmgapp import start
from gmgapp.children import STOPPING, Children

class Looked:
    def poll(self):
        os.kill(os.getpid(), signal.SIGTERM)
        print("looked to the end")

def in_the_middle(event, _):
    if event == "subprocess.Popen":
        os.kill(os.getpid(), signal.SIGTERM)

for number in STOPPING:
    signal.signal(number, start.interrupted)
children = Children(open(os.devnull))
try:
    children.running["web"] = Looked()
    children.ended()
except KeyboardInterrupt:
    children.running.clear()
sys.addaudithook(in_the_middle)
try:
    children.start("worker", ["-c", "import time; time.sleep(60)"])
except KeyboardInterrupt:
    print("known:", *children.running)
children.stop()
print("ended:", *(process.returncode is not None for process in children.running.values()))
"""


def test_told_to_end_while_a_child_is_made_or_looked_at_loses_none():
    done = subprocess.run(
        [sys.executable, "-c", TOLD_TO_END],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["looked to the end", "known: worker", "ended: True"],
    ), done.stderr


class Visitor:
    """A person at a browser, signed in as one of the cast."""

    def __init__(self, app: Started, role: str) -> None:
        self.address = f"http://localhost:{app.port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        [(person,)] = ask(app.var, "SELECT id FROM members_person WHERE demo_role = ?", role)
        self.send("/accounts/login/", "/demo/sign-in/", person=str(person))

    def send(self, page: str, path: str, **fields: str) -> str:
        """Fill the form that stands on a page, and send it; return the page that follows."""
        with self.opener.open(self.address + page, timeout=PATIENCE) as answer:
            form = next(
                part
                for part in answer.read().decode().split("<form")[1:]
                if f'action="{path}"' in part or page == path
            )
        hidden = dict(
            re.findall(
                r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.partition("</form>")[0]
            )
        )
        request = urllib.request.Request(
            self.address + path,
            urllib.parse.urlencode(hidden | fields).encode(),
            {"Referer": self.address + page},
        )
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def invite(self, address: str) -> None:
        page = "/members/ilo/invite/"
        self.send(page, page, email=address, name="New", role="focal_point")


def test_a_mail_leaves_within_five_seconds_of_the_act(var):
    with Started(var, PLAN_EVERY_SECONDS="3600", DELIVER_EVERY_SECONDS="3600") as app:
        app.children()
        administrator = Visitor(app, "administrator")
        in_time = []
        for number in range(3):
            address = f"new-{number}@example.org"
            before = time.monotonic()
            administrator.invite(address)
            begun = time.monotonic()
            assert wait_until(
                lambda to=address: any(
                    f"To: {to}" in mail.read_text() for mail in (var / "outbox").glob("*.log")
                )
            )
            # a busy machine is slow with the act too
            in_time.append(time.monotonic() - begun < max(5, 20 * (begun - before)))

    # other tests run beside this one
    assert in_time.count(True) >= 2


def test_files_that_an_older_version_left_or_damaged_stop_nothing(var):
    (var / "broker" / "queue").mkdir(parents=True)
    for name in ("broker/queue/1_message.msg", "beat-schedule", "beat-schedule.db", "beat.pid"):
        (var / name).write_bytes(b"")

    with Started(var) as app:
        children = app.children()
        for name in ("broker/queue/2_message.msg", "beat-schedule"):  # and while it runs
            (var / name).parent.mkdir(parents=True, exist_ok=True)
            (var / name).write_bytes(b"")
        time.sleep(3)
        later = app.children()

    assert [
        path.name
        for folder in (var, ROOT)
        for path in folder.glob("*beat-schedule*")
        if path.stat().st_size
    ] == []
    assert later == children
    assert "ended" not in app.words.read_text()


def test_a_child_that_ends_is_started_again_while_the_other_stays_up(var):
    with Started(var) as app:
        for name in ("worker", "web"):
            before = app.children()
            os.kill(before[name], signal.SIGKILL)
            assert wait_until(lambda pid=before[name]: not Path(f"/proc/{pid}").exists())
            after = app.children()
            assert [other for other in before if before[other] == after[other]] == [
                other for other in before if other != name
            ]
            assert wait_until(lambda: answers(app))
        mails = len(list((var / "outbox").glob("*.log")))
        Visitor(app, "administrator").invite("new@example.org")
        assert wait_until(lambda: len(list((var / "outbox").glob("*.log"))) > mails), (
            app.words.read_text()
        )
        code = app.stop(signal.SIGTERM)

    assert code == 0
    assert (
        "The worker process ended (exit code -9); it starts again in 0.5 s.\n"
        in app.words.read_text()
    )
    assert not listens(app.port)


def answers(app: Started) -> bool:
    try:
        return "<html" in app.page("/")
    except OSError:
        return False


ONE_FAILS = """
import os, sys
from gmgapp import start
from gmgapp.children import Children

children = Children(open(os.devnull))
children.pauses = (0.1, 0.3, 0.5)
stays = ["-c", "import time; time.sleep(60)"]
fails = ["-c", "import sys; print('first words', file=sys.stderr); sys.exit('no room for the letters')"]
for name, command in (("web", stays), ("worker", fails)):
    children.start(name, command)
web = children.running["web"].pid
print(start.supervise(children, {"web": stays, "worker": fails}))
print(children.running["web"].poll(), children.running["web"].pid == web)
children.stop()
"""


def test_one_that_does_not_stay_up_ends_the_run_and_says_why():
    done = subprocess.run(
        [sys.executable, "-c", ONE_FAILS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()) == (0, ["1", "None True"]), done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("The worker")] == [
        *(
            f"The worker process ended (exit code 1); it starts again in {pause} s."
            for pause in (0.1, 0.3, 0.5)
        ),
        "The worker process ended 4 times within a minute of its start, so the run ends; its last words: “no room for the letters”.",
    ]
    assert done.stderr.count("first words\n") == 4


def test_a_mail_server_that_does_not_answer_delays_no_planning(var):
    planned = "SELECT count(*) FROM reminders_outboxmessage WHERE address = ?"
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Started(
            var,
            PLAN_EVERY_SECONDS="3600",
            EMAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}",
            MAIL_EXCHANGE_SECONDS="3600",
            MAIL_LEASE_SECONDS="7200",
        ) as app,
    ):
        app.children()
        silent.settimeout(PATIENCE)
        administrator = Visitor(app, "administrator")
        administrator.invite("first@example.org")
        with silent.accept()[0]:  # a delivery hangs from here on
            administrator.invite("second@example.org")
            assert wait_until(lambda: ask(var, planned, "second@example.org") == [(1,)], 60), (
                app.words.read_text()
            )


def test_the_moment_can_be_chosen_and_the_chair_with_it(var):
    [(last_day,)] = ask(
        var,
        "SELECT last_day FROM rotation_chairterm WHERE date('now') BETWEEN first_day AND last_day",
    )
    names = {}
    for moment in (
        f"{last_day}T23:50",
        f"{date.fromisoformat(last_day) + timedelta(days=1)}T00:10",
    ):
        with Started(var, "--now", moment) as app:
            names[moment] = re.search(
                r'id="chair".*?class="big[^>]*>(.*?)</p>', app.page("/"), re.DOTALL
            )[1]

    assert len(set(names.values())) == 2


def test_empty_and_demonstration_are_not_mixed(tmp_path, told):
    var = tmp_path / "var"
    put_migrated(f"sqlite:///{var}/gmg.sqlite3")
    with Started(var, "--empty") as app:
        page = app.page("/accounts/login/")

    assert 'name="person"' not in page
    tables = [
        name
        for (name,) in ask(var, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if name.split("_")[0] in {"members", "rotation", "meetings", "statements"}
    ]
    assert len(tables) > 40
    assert [name for name in tables if ask(var, f"SELECT 1 FROM {name}")] == []  # noqa: S608 - names of its own tables
    assert ask(var, "SELECT count(*) FROM core_group") == [(0,)]
    assert (
        refused(var)
        == f"{var} holds real data, begun with --empty: start it so, or throw it away with --reset-demo.\n"
    )
    assert refused(told, "--empty") == (
        f"{told} holds the demonstration: set VAR_DIR to another folder, or throw it away with --reset-demo.\n"
    )


def test_resetting_takes_away_ours_only(told):
    assert (told / "letter.txt").read_text() == "not ours"
    assert ask(told, "SELECT count(*) FROM core_group") == [(1,)]
    assert ask(told, "SELECT 1 FROM core_group WHERE name = 'A group renamed'") == []


def test_resetting_leaves_a_server_alone(told):
    said = refused(told, "--reset-demo", DATABASE_URL="postgres://gmg@127.0.0.1:1/gmg")

    assert (
        said
        == "--reset-demo throws the embedded data away only; DATABASE_URL names another database.\n"
    )
