"""Redis or PostgreSQL is away, frozen or full: what people see, how fast, and that it ends by itself."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from coordination.tests.e2e.website import Answer, Browser, Website
from coordination.tests.services.postgres import PrivatePostgres
from coordination.tests.services.redis import PrivateRedis
from coordination.tests.services.smtp import SmtpSink
from coordination.tests.services.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.redis, pytest.mark.timeout(450)]

SIGNED_IN = (
    "/desk/",
    "/rotation/",
    "/meetings/",
    "/statements/",
    "/members/",
    "/profile/",
    "/mail/preferences/",
    "/outbox/",
)
INVITE = "/members/unesco/invite/"


class Servers(Website):
    """One site for all tests of this module, over its own PostgreSQL and Redis."""

    def __init__(
        self, folder: Path, postgres: PrivatePostgres, redis: PrivateRedis, mail: SmtpSink
    ) -> None:
        super().__init__(folder, DATABASE_URL=postgres.url, REDIS_URL=redis.url, EMAIL_URL=mail.url)
        self.postgres, self.redis = postgres, redis

    def sql(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    @contextmanager
    def redis_away(self, fault: str) -> Iterator[None]:
        """Kill or freeze Redis for the time of the block."""
        if fault == "killed":
            self.redis.kill()
        else:
            self.redis.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.redis.process.send_signal(signal.SIGCONT)
            if fault == "killed":
                self.redis.start()

    @contextmanager
    def no_connection_left(self) -> Iterator[None]:
        """Take every connection that PostgreSQL has, the reserved ones too, and end those of the site."""
        taken = []
        end = time.monotonic() + PATIENCE
        try:
            self.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'gmg'"
            )
            while time.monotonic() < end:
                try:
                    taken.append(psycopg.connect(self.postgres.url))
                except psycopg.OperationalError:
                    break
            yield
        finally:
            for connection in taken:
                connection.close()

    @contextmanager
    def full(self, table: str) -> Iterator[None]:
        """Let the disk be full for one table: its file leads to /dev/full, where the kernel answers each write with ENOSPC."""
        self.sql(f"CREATE TABLE spare AS TABLE {table}; TRUNCATE {table} CASCADE; CHECKPOINT")
        [[relative]] = self.sql(f"SELECT pg_relation_filepath('{table}')")
        path = self.postgres.folder / "data" / relative
        self.restart()
        path.rename(path.with_suffix(".kept"))
        path.symlink_to("/dev/full")
        try:
            yield
        finally:
            path.unlink()
            path.with_suffix(".kept").rename(path)
            self.restart()
            back = f"INSERT INTO {table} SELECT * FROM spare ON CONFLICT DO NOTHING"  # noqa: S608
            self.sql(f"{back}; DROP TABLE spare")

    def restart(self) -> None:
        self.postgres.process.send_signal(signal.SIGINT)
        self.postgres.process.wait(PATIENCE)
        self.postgres.start()


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("away")
    postgres, redis, mail = PrivatePostgres(), PrivateRedis(), SmtpSink(folder)
    made = Servers(folder, postgres, redis, mail)
    try:
        postgres.start()
        redis.start()
        mail.start()
        made.prepare()
        made.serve("--threads", "2")
        yield made
    finally:
        made.stop()
        mail.stop()
        redis.stop()
        postgres.stop()


@pytest.fixture
def site(servers) -> Servers:
    """Return the site, with no attempt counted yet."""
    servers.sql("DELETE FROM core_cache; DELETE FROM members_invitation")
    return servers


@pytest.fixture
def chair(site) -> Browser:
    """Return a browser that is signed in; it knows how slow a sign-in is on this machine now, which may have other work.

    A page that waits for a silent server without a limit would take the minutes of PATIENCE.
    """
    browser = site.browser()
    signed_in = browser.sign_in()
    assert signed_in.status == 302
    browser.patience = max(8, 10 * signed_in.seconds)
    return browser


def invite(browser: Browser, name: str) -> Answer:
    """Send a form that changes something and wakes the planner."""
    return browser.ask(
        INVITE, {"email": f"{name}@example.org", "name": f"New {name}", "role": "focal_point"}
    )


@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_nobody_notices_that_redis_is_away(site, chair, fault):
    chair.ask(INVITE)
    with site.redis_away(fault):
        fresh, stranger = site.browser(), site.browser()
        answers = [fresh.sign_in("other"), *(chair.ask(path) for path in SIGNED_IN)]
        answers += [invite(chair, f"{fault}{number}") for number in range(3)]
        answers += [stranger.ask("/"), stranger.ask("/accounts/password/reset/")]
        reset = stranger.ask("/accounts/password/reset/", {"email": "nobody@example.org"})
        health = site.browser().ask("/health/")
        wrong = [stranger.sign_in("other", f"wrong {number}") for number in range(6)]

    assert [answer.status for answer in answers] == [
        302,
        *[200] * len(SIGNED_IN),
        302,
        302,
        302,
        200,
        200,
    ]
    assert reset.status == 302
    assert [answer.status for answer in wrong] == [200, 200, 200, 200, 200, 429]
    assert max(answer.seconds for answer in [*answers, reset, health, *wrong]) < chair.patience
    assert (
        health.status,
        json.loads(health.text)["components"]["broker"].partition(" (Op")[0],
    ) == (
        503,
        "The broker (Redis) does not answer",
    )


def unavailable(answer: Answer) -> bool:
    return (
        answer.status,
        answer.headers["Retry-After"],
        "<h1>Not available now</h1>" in answer.text,
    ) == (503, "5", True)


def seconds_until_it_answers(browser: Browser) -> float:
    begun = time.monotonic()
    assert wait_until(lambda: browser.ask("/desk/").status == 200)
    return time.monotonic() - begun


def test_without_postgresql_each_page_says_so_and_the_form_comes_back(site, chair):
    chair.ask(INVITE)
    site.sql("CHECKPOINT")  # this server does not wait for the disk: a kill would lose the session
    site.postgres.kill()
    try:
        stranger = site.browser()
        pages = [
            chair.ask(path)
            for path in ("/desk/", "/nothing/is/here/", "/admin/", INVITE, "/profile/")
        ]
        pages += [stranger.ask(path) for path in ("/", "/accounts/login/", "/members/nobody/")]
        health = stranger.ask("/health/")
        refused = [
            invite(chair, "Adaeze"),
            chair.sign_in(),
            stranger.ask(INVITE, {"name": "no token at all"}),
        ]
    finally:
        site.postgres.start()

    assert [answer.status for answer in pages + refused if not unavailable(answer)] == []
    assert "New Adaeze" in refused[0].text
    assert "your browser sends the form again" in refused[0].text
    assert "correct horse" not in refused[1].text
    assert (
        health.status,
        json.loads(health.text)["components"]["database"].partition(" (Op")[0],
    ) == (503, "The database does not answer")
    assert max(answer.seconds for answer in [*pages, health, *refused]) < chair.patience
    assert seconds_until_it_answers(chair) < chair.patience
    assert invite(chair, "Adaeze").status == 302


def test_too_many_connections_are_no_fault_of_ours(site, chair):
    chair.ask(INVITE)
    with site.no_connection_left():
        answers = [
            chair.ask("/desk/"),
            site.browser().ask("/"),
            site.browser().ask("/nothing/"),
            invite(chair, "Bola"),
        ]

    assert [answer.status for answer in answers if not unavailable(answer)] == []
    assert "New Bola" in answers[-1].text
    assert seconds_until_it_answers(chair) < chair.patience


@pytest.mark.parametrize("table", ["members_invitation", "django_session", "core_cache"])
def test_a_full_disk_refuses_what_is_to_be_saved(site, chair, table):
    chair.ask(INVITE)
    with site.full(table):
        if table == "members_invitation":
            assert chair.ask("/desk/").status == 200
            refused = invite(chair, "Chinua")
            assert "New Chinua" in refused.text
        else:
            refused = site.browser().sign_in("other")

    assert unavailable(refused), refused.status
    assert wait_until(lambda: site.browser().sign_in("other").status == 302)


def test_a_restarted_postgresql_is_found_again(site, chair):
    site.restart()

    assert seconds_until_it_answers(chair) < chair.patience


def test_answers_name_no_version_and_methods_that_nothing_uses_are_refused(site, chair):
    answers = [chair.ask(path, method="TRACE") for path in ("/", "/desk/", "/static/core/icon.svg")]
    page, reply = chair.ask("/desk/"), site.browser().ask("/health/", {}, method="POST")

    assert [answer.status for answer in answers] == [405, 405, 405]
    assert page.headers["Server"] in {None, "gunicorn"}
    assert (page.headers["Cache-Control"], page.headers["Cross-Origin-Resource-Policy"]) == (
        "private, no-store",
        "same-origin",
    )
    assert reply.status == 405
