"""The proxy of docker-compose.yml: a real nginx with the configuration that we ship, before a real gunicorn."""

import http.client
import json
import re
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from coordination.core.uploads import LARGEST
from coordination.tests.e2e.machinery import Machinery
from coordination.tests.e2e.test_compose import SERVICES
from coordination.tests.services.nginx import CONFIGURATION, Proxy
from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE, wait_until
from gmgapp.logs import TOKEN

HALF_A_FORM = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin="
TOKENS = [
    "/invitations/a-secret/",
    "/mail/unsubscribe/a-secret:1:2/",
    "/meetings/answer/by-link/a-secret:1:2/",
    "/meetings/polls/link/a-secret:1:2/",
    "/feeds/a-secret/meetings.ics",
    "/people/confirm/a-secret:1:2/",
    "/accounts/confirm-email/a-secret:1/",
    "/accounts/password/reset/key/1-a-secret/",
]


def ask(port: int, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Send one request; return the answer, with its `content`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(
        method,
        path,
        headers={"Host": "localhost"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


class Site:
    """Gunicorn as docker-compose.yml starts it, with a database in a file, and the proxy before it."""

    def __init__(self, folder: Path) -> None:
        """Start both."""
        self.folder = folder
        self.machinery = Machinery(
            folder,
            DATABASE_URL=f"sqlite:///{folder / 'gmg.sqlite3'}",
            DEBUG="false",
            SECRET_KEY="a-key-that-is-long-enough-and-belongs-to-one-test-only-0123456789",
            ALLOW_HTTP="true",
            REDIS_URL="redis://127.0.0.1:1/0",
            EMAIL_URL="smtp://127.0.0.1:1",
            TRUSTED_PROXY_COUNT="1",
            WAKE_PLANNER="false",
            LOG_LEVEL="INFO",
        )
        self.machinery.migrate()
        self.machinery.manage("load_reference")
        self.machinery.manage("collectstatic", "--noinput")
        self.app = free_port()
        self.start_app()
        wait_for(self.app)
        self.proxy = Proxy(folder, self.app)
        self.front = self.proxy.port

    def start_app(self) -> subprocess.Popen[bytes]:
        name, *options = [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.app}")
            for word in SERVICES["web"]["command"]
        ]
        return self.machinery.start(name, *options)

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        return ask(self.front, path, method, **headers)

    def answers_beside_unfinished_bodies(self, port: int, *, patience: float) -> bool:
        """Say whether a page comes while 32 visitors send a form byte by byte.

        Four for each thread of gunicorn: the kernel does not spread them evenly over its workers.
        """
        visitors = [socket.create_connection(("127.0.0.1", port)) for _ in range(32)]
        over = threading.Event()

        def send_on() -> None:
            while not over.wait(1):
                for visitor in visitors:
                    visitor.sendall(b"x")

        dripping = threading.Thread(target=send_on)
        try:
            for visitor in visitors:
                visitor.sendall(HALF_A_FORM)
            time.sleep(1)
            dripping.start()
            with socket.create_connection(("127.0.0.1", port), timeout=patience) as page:
                page.sendall(
                    b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                try:
                    return page.recv(100).startswith(b"HTTP/1.1 200 ")
                except TimeoutError:
                    return False
        finally:
            over.set()
            if dripping.is_alive():
                dripping.join()
            for visitor in visitors:
                visitor.close()

    def stop(self) -> None:
        self.proxy.stop()
        self.machinery.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    yield made
    made.stop()


pytestmark = [pytest.mark.process, pytest.mark.nginx, pytest.mark.timeout(360)]


def test_unfinished_bodies_do_not_stop_the_site(site):
    site.ask("/accounts/login/")

    assert site.answers_beside_unfinished_bodies(site.front, patience=PATIENCE)
    # what gunicorn alone does, once each of its workers is there: install.md says that it needs the proxy
    assert wait_until(lambda: not site.answers_beside_unfinished_bodies(site.app, patience=5))


def test_an_unfinished_request_is_given_up_in_seconds(site):
    with socket.create_connection(("127.0.0.1", site.front), timeout=PATIENCE) as visitor:
        visitor.sendall(HALF_A_FORM)
        begun = time.monotonic()
        try:
            left = visitor.recv(1000)
        except ConnectionResetError:
            left = b""

    # ten seconds are ours; nginx alone waits for a minute
    assert (left[:12], 8 < time.monotonic() - begun < 40) in [(b"", True), (b"HTTP/1.1 408", True)]


def test_pages_are_compressed_and_say_no_version(site):
    page = site.ask("/accounts/login/", Accept_Encoding="gzip")

    assert (page.status, page.getheader("Content-Encoding"), page.getheader("Vary")) == (
        200,
        "gzip",
        page.getheader("Vary"),
    )
    assert "Accept-Encoding" in page.getheader("Vary")
    assert page.getheader("Server") == "nginx"
    assert site.ask("/nowhere/", method="TRACE").status == 405


def test_a_body_that_no_upload_may_have_is_refused_at_once(site):
    begun = time.monotonic()
    answer = site.ask("/accounts/login/", method="POST", Content_Length=str(26 * 1024 * 1024))

    assert (answer.status, answer.content) == (
        413,
        b"The files are too large: together at most 25 MB, and one at most 20 MB.\n",
    )
    assert time.monotonic() - begun < 8  # nginx would wait ten seconds for the body
    assert (
        int(re.search(r"client_max_body_size (\d+)m;", CONFIGURATION)[1]) * 1024 * 1024
        == LARGEST + 5 * 1024 * 1024
    )


class Echo(BaseHTTPRequestHandler):
    """An app that answers with the headers that it sees."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write no log."""


def test_the_app_sees_the_visitor_and_whether_there_was_tls(tmp_path):
    app = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    proxy = Proxy(tmp_path, app.server_port)
    try:
        plain, behind = (
            json.loads(ask(proxy.port, "/", **headers).content)
            for headers in (
                {},
                {
                    "X_Forwarded_For": "192.0.2.1",
                    "X_Forwarded_Proto": "https",
                    "Proxy": "http://evil",
                },
            )
        )
    finally:
        proxy.stop()
        app.shutdown()
        app.server_close()

    named = ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "Proxy")
    assert [plain.get(name) for name in named] == ["localhost", "127.0.0.1", "http", None]
    assert [behind.get(name) for name in named] == [
        "localhost",
        "192.0.2.1, 127.0.0.1",
        "https",
        None,
    ]


def test_an_app_that_is_away_is_503_and_comes_back(site):
    app = site.machinery.processes[0]
    site.machinery.kill(app)
    away = site.ask("/accounts/login/")
    site.start_app()

    assert (away.status, away.getheader("Retry-After")) == (503, "10")
    assert wait_until(lambda: site.ask("/accounts/login/").status == 200)


def test_no_log_has_a_token(site):
    for path in TOKENS:
        site.ask(path)
        site.ask(path + "?next=a-secret", method="POST")
    words = site.proxy.log.read_text() + (site.folder / "log.txt").read_text()

    assert "a-secret" not in words
    assert [
        f"/{kind}/..." in words
        for kind in (
            "invitations",
            "mail/unsubscribe",
            "meetings/answer/by-link",
            "feeds",
            "accounts/confirm-email",
        )
    ] == [True] * 5
    assert "Forbidden (CSRF cookie not set.): /accounts/password/reset/key/.../" in words


def patterns(resolver, prefix: str = ""):
    """Yield each address of the app as it is written, with the names of its variable parts."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield (
                prefix + str(pattern.pattern),
                set(pattern.pattern.converters)
                | set(getattr(pattern.pattern, "regex", re.compile("")).groupindex),
            )
        else:
            yield from patterns(pattern, prefix + str(pattern.pattern))


def test_each_address_with_a_token_is_known_to_the_logs():
    secret = {"token", "uidb36", "key"}
    addresses = [
        address
        for address, names in patterns(get_resolver())
        if names & secret and not address.startswith("statements/")
    ]

    assert len(addresses) >= 4
    assert [
        address for address in addresses if not TOKEN.match("/" + address.replace("^", ""))
    ] == []
    kinds = re.search(r"\(\?:(.+?)\)", TOKEN.pattern)[1]
    assert f"<kind>{kinds})" in CONFIGURATION
