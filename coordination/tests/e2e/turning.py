"""The servers and the people of the turn of the chair: a web process, a Celery worker, beat, an SMTP server, browsers.

The clock of all processes stands in one file. Each test begins with the same group and with a worker of its own.
"""

import email.policy
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_string
from pathlib import Path

from playwright.sync_api import Browser, Page

from coordination.tests.e2e.machinery import Machinery
from coordination.tests.e2e.turn_group import FOCAL_POINTS, SENIORS, address_of
from coordination.tests.services.ports import free_port, listens
from coordination.tests.services.redis import PrivateRedis
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import PATIENCE, wait_until

APP = "coordination.tests.e2e.moved_clock"
BEFORE = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
NAMES = {
    address_of(name): first for first, (name, *_rest) in [*FOCAL_POINTS.items(), *SENIORS.items()]
}


class Servers:
    """What both tests share; `begin` puts the group back to where it began."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.clock, self.database = folder / "clock", folder / "gmg.sqlite3"
        self.prepared = folder / "prepared.sqlite3"
        self.redis, self.sink = PrivateRedis().start(), SmtpSink(folder).start()
        self.machinery = Machinery(
            folder,
            CLOCK_FILE=str(self.clock),
            DATABASE_URL=f"sqlite:///{self.database}",
            REDIS_URL=self.redis.url,
            EMAIL_URL=self.sink.url,
            SITE_URL=self.address,
            PLAN_EVERY_SECONDS="0.6",
            DELIVER_EVERY_SECONDS="6",  # planning asks for delivery by itself
            MAIL_LEASE_SECONDS="600",  # a busy machine takes longer than the four of Machinery
            SECOND_FACTOR_REQUIRED_FOR="",
            # months go by between two acts of a person
            SESSION_IDLE_HOURS="99999",
            SESSION_DAYS="999",
        )
        self.sessions: dict[str, str] = {}

    def start(self) -> None:
        self.set_clock(BEFORE)
        self.machinery.migrate()
        made = "from coordination.tests.e2e import turn_group; print(turn_group.make())"
        self.sessions = json.loads(self.machinery.python(made))
        self.copy(self.database, self.prepared)
        web = ("--bind", f"127.0.0.1:{self.port}", "--threads", "4", "--log-level", "error")
        self.machinery.start("gunicorn", f"{APP}:application", *web)
        assert wait_until(lambda: listens(self.port)), self.machinery.words()

    def stop(self) -> None:
        self.machinery.stop()
        self.sink.stop()
        self.redis.stop()

    @staticmethod
    def copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    def set_clock(self, moment: datetime) -> None:
        written = self.clock.with_suffix(".new")
        written.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="ascii")
        written.replace(self.clock)  # at once: nobody reads half a number

    def ask(self, question: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(question).fetchall()


class Turn:
    """The play of one test: who opens which page, at which hour, and which mails came."""

    def __init__(self, servers: Servers, chromium: Browser) -> None:
        self.servers, self.chromium = servers, chromium
        self.pages: dict[str, Page] = {}
        self.expected: dict[str, Counter[str]] = {}
        servers.set_clock(BEFORE)
        servers.copy(servers.prepared, servers.database)
        self.begun = len(servers.sink.mails())
        words = ("--loglevel", "ERROR")
        worker = ("--queues", "default,plan,mail", "--concurrency", "2", "-n", "turn@localhost")
        beat = ("--pidfile", "", "--schedule", str(servers.machinery.folder / "schedule"))
        start = servers.machinery.start
        self.processes = [
            start("celery", "-A", APP, "worker", *worker, *words),
            start("celery", "-A", APP, "beat", *beat, *words),
        ]

    def end(self) -> None:
        for process in self.processes:
            self.servers.machinery.kill(process)
        for page in self.pages.values():
            page.context.close()

    def move_to(self, moment: datetime) -> None:
        """Move the clock once nothing is on its way: a mail that is being sent would be claimed again."""
        assert wait_until(self.is_quiet), self.log()
        self.servers.set_clock(moment)

    def is_quiet(self) -> bool:
        waiting = "SELECT count(*) FROM reminders_outboxmessage WHERE state = 'waiting'"
        return self.servers.ask(waiting) == [(0,)]

    def page(self, first: str) -> Page:
        """Return the browser of a person, who signed in once; "" is a visitor."""
        if first not in self.pages:
            context = self.chromium.new_context(
                viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE * 1000)
            if first:
                context.add_cookies(
                    [
                        {
                            "name": "sessionid",
                            "value": self.servers.sessions[first],
                            "url": self.servers.address,
                        }
                    ]
                )
            self.pages[first] = context.new_page()
        return self.pages[first]

    def open(self, first: str, path: str, status: int = 200) -> Page:
        page = self.page(first)
        answer = page.goto(self.servers.address + path)
        assert answer.status == status, (first, path, answer.status)
        return page

    def mails(self) -> list[tuple[str, str, str]]:
        """Return recipient, subject and text of each mail of this test."""
        return [read(mail) for mail in self.servers.sink.mails()[self.begun :]]

    def text(self, first: str, subject: str = "") -> str:
        """Return the newest mail to a person whose subject begins so."""
        return [
            text
            for name, about, text in self.mails()
            if name == first and about.startswith(subject)
        ][-1]

    def follow(self, first: str, subject: str) -> Page:
        """Open the link of the newest mail to a person whose subject begins so."""
        text = self.text(first, subject)
        link = re.search(rf"^{self.servers.address}(/\S+)", text, re.MULTILINE)
        return self.open(first, link[1])

    def expect_mails(self, subject: str, *names: str) -> None:
        """Wait for these mails whose subject begins so: one to each name, and to nobody else."""
        self.expected[subject] = Counter(names)
        wait_until(lambda: self.received(subject) >= self.expected[subject])
        received = self.received(subject)
        assert received == self.expected[subject], (subject, received, self.log())

    def received(self, subject: str) -> Counter[str]:
        return Counter(name for name, about, _text in self.mails() if about.startswith(subject))

    def expect_nothing_else(self) -> None:
        """Hold that no mail came but those that were expected, each once, in the whole play."""
        assert wait_until(self.is_quiet), self.log()
        mails = self.servers.sink.mails()[self.begun :]
        assert {subject: self.received(subject) for subject in self.expected} == self.expected
        assert len({mail["headers"]["Message-ID"] for mail in mails}) == len(mails)
        assert len(mails) == sum(names.total() for names in self.expected.values()), [
            mail[:2] for mail in self.mails()
        ]

    def log(self) -> str:
        return self.servers.machinery.words()


def read(mail: dict) -> tuple[str, str, str]:
    message = message_from_string(mail["body"], policy=email.policy.default)
    [to] = mail["to"]
    return NAMES.get(to, to), message["subject"], message.get_body(("plain",)).get_content()
