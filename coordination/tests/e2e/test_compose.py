"""docker-compose.yml without an engine: its commands with its environment, against PostgreSQL, Redis and a mail server of our own."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg import sql

from coordination.tests.e2e.machinery import put_migrated
from coordination.tests.house.source import ROOT
from coordination.tests.services.ports import free_port
from coordination.tests.services.waiting import PATIENCE

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = COMPOSE["services"]
GIVEN = {
    "SECRET_KEY": "a-key-that-is-long-enough-and-belongs-to-one-test-only-0123456789",
    "POSTGRES_PASSWORD": "secret",
    "SITE_URL": "http://localhost:8000",
    "ALLOW_HTTP": "true",
}


def filled(value: str, given: dict[str, str] = GIVEN) -> str:
    """Fill ${NAME:-default}, ${NAME-default} and ${NAME:?why} as docker compose does: with a colon, what is empty counts as not given."""

    def fill(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        assert kind != ":?" or given.get(name), f"{name} must be given: {rest}"
        return given.get(name, rest) if kind == "-" else given.get(name) or rest

    return re.sub(r"\$\{(\w+)(:-|-|:\?)([^}]*)\}", fill, value).replace("$$", "$")


class Composed:
    """The app's services on this machine: names of hosts and folders of the containers become ours, nothing else changes."""

    def __init__(self, folder: Path, replaced: dict[str, str]) -> None:
        self.folder, self.replaced = folder, replaced
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.log = (folder / "log.txt").open("ab")

    def ours(self, value: str) -> str:
        for theirs, our in self.replaced.items():
            value = value.replace(theirs, our)
        return value.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")

    def environment(self, name: str) -> dict[str, str]:
        """Return what the image and the service set, and nothing of this process but where programs are."""
        image = {
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "gmgapp.settings",
        }
        service = {
            key: self.ours(filled(value)) for key, value in SERVICES[name]["environment"].items()
        }
        machine = {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "ENV_FILE": os.devnull,
            "PORT": str(self.port),
            "HOSTNAME": socket.gethostname(),
        }
        return image | service | machine

    def run(self, name: str, command: list[str]) -> None:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, name: str) -> None:
        command = [self.ours(part) for part in SERVICES[name]["command"]]
        self.processes.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(name),
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
        )

    def health(self) -> tuple[int, dict]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/health/", headers={"Host": "localhost"}
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error) if error.code == 503 else {}
        except OSError as error:
            return 0, {"error": str(error)}

    def words(self) -> str:
        return (self.folder / "log.txt").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE)
        self.log.close()


@pytest.fixture
def composed(own_postgres, own_redis, smtp_sink, tmp_path):
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE gmg")
    put_migrated(f"{own_postgres.url.rpartition('/')[0]}/gmg")
    made = Composed(
        tmp_path,
        {
            "@postgres:5432": f"@127.0.0.1:{own_postgres.port}",
            "//redis:6379": f"//127.0.0.1:{own_redis.port}",
            "//mail:1025": f"//127.0.0.1:{smtp_sink.port}",
            "/data": str(tmp_path),
        },
    )
    yield made
    made.stop()


@pytest.fixture
def described(tmp_path):
    """Return the services where none of their servers is there."""
    made = Composed(tmp_path, {"/data": str(tmp_path)})
    yield made
    made.stop()


def test_no_step_of_a_start_loads_the_data_of_a_group():
    commands = {
        name: service["command"] for name, service in SERVICES.items() if "command" in service
    }

    assert commands["migrate"] == ["python", "manage.py", "migrate"]
    assert "load_" not in str(commands)


@pytest.mark.process
@pytest.mark.timeout(720)
def test_the_services_come_alive(composed):
    for name in ("migrate", "web"):
        composed.run(
            name,
            [sys.executable, "manage.py", "collectstatic", "--noinput"]
            if name == "web"
            else SERVICES[name]["command"],
        )
    for name in ("web", "worker", "mail-worker", "beat"):
        composed.start(name)

    end = time.monotonic() + 3 * PATIENCE  # beat speaks first after a minute
    while (answer := composed.health())[0] != 200 and time.monotonic() < end:
        time.sleep(0.5)

    assert answer == (
        200,
        {
            "well": True,
            "components": dict.fromkeys(
                ["database", "broker", "worker", "beat", "mail", "proxy"], "ok"
            ),
        },
    ), composed.words()
    for name in ("web", "worker", "mail-worker"):
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        composed.run(name, ["sh", "-c", filled(words[0])] if kind == "CMD-SHELL" else words)


@pytest.mark.process
@pytest.mark.parametrize(
    "command",
    [
        ["python", "manage.py", "check"],
        ["gunicorn", "gmgapp.wsgi", "--bind", "127.0.0.1:0"],
        ["celery", "-A", "gmgapp", "worker"],
        ["celery", "-A", "gmgapp", "beat", "--pidfile", ""],
    ],
)
def test_without_a_key_nothing_starts_and_one_sentence_says_why(described, command):
    environment = described.environment("web") | {"SECRET_KEY": ""}

    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode != 0
    assert (
        done.stderr.count(
            "SECRET_KEY must be set to 50 or more random characters when DEBUG is off.\n"
        )
        == 1
    )
    assert "Traceback" not in done.stderr


@pytest.mark.process
def test_an_address_without_tls_is_refused_unless_somebody_says_so(described):
    unsaid = re.sub(r"\$\{ALLOW_HTTP:-(\w+)\}", r"\1", SERVICES["web"]["environment"]["ALLOW_HTTP"])
    environment = described.environment("web") | {"ALLOW_HTTP": unsaid}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr.partition(" ")[0]) == (1, "SITE_URL")


@pytest.mark.parametrize("paper", ["docs/operate/install.md", "docker-compose.yml"])
def test_a_trial_on_one_machine_reaches_the_catcher_of_mails(paper):
    example = dict(
        re.findall(
            r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    words = " ".join(
        re.sub(r"^#", "", line) for line in (ROOT / paper).read_text(encoding="utf-8").splitlines()
    )
    [trial] = re.findall(r"To look at it on this machine (.*?\(empty)", words)
    told = dict(re.findall(r"([A-Z_]{5,})=([^\s,`]*)", trial))

    given = {
        **GIVEN,
        **example,
        "POSTGRES_PASSWORD": "secret",
        "SECRET_KEY": "50 characters",
        **told,
    }
    web = {name: filled(value, given) for name, value in SERVICES["web"]["environment"].items()}

    assert [
        web[name]
        for name in ("EMAIL_URL", "SITE_URL", "ALLOW_HTTP", "ALLOWED_HOSTS", "TRUSTED_PROXY_COUNT")
    ] == [
        "smtp://mail:1025",
        "http://localhost:8000",
        "true",
        "localhost",
        "1",
    ]


def test_nothing_is_published_beyond_this_machine_by_default():
    published = {
        name: filled(port)
        for name, service in SERVICES.items()
        for port in service.get("ports", [])
    }

    assert published == {"proxy": "127.0.0.1:8000:8080", "mail": "127.0.0.1:8025:8025"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_says_how_it_is(name):
    check = SERVICES[name].get("healthcheck", {})

    assert ("test" in check) != check.get("disable", False)


def test_no_secret_has_a_default():
    environment = COMPOSE["x-app"]["environment"]

    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert environment["DATABASE_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert environment["SITE_URL"].startswith("${SITE_URL:?")
    assert environment["DEBUG"] == "false"


def test_the_image_runs_without_rights_and_as_web_does():
    lines = DOCKERFILE.splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]
    [command] = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    copied = [
        shlex.split(line)[1] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]

    assert len(stages) == 2
    assert "USER gmg" in lines[lines.index(stages[1]) :]
    assert command == SERVICES["web"]["command"]
    # it would hold the tokens in addresses
    assert not any(word.startswith("--access-log") for word in command)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "HEALTHCHECK" in DOCKERFILE


def test_each_image_is_pinned_by_digest():
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    images += [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("FROM ")]

    assert [
        image
        for image in images
        if not re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?[a-z-]*@sha256:[0-9a-f]{64}", image)
    ] == []


@pytest.mark.process
def test_the_password_of_the_database_may_hold_any_character(own_postgres, composed, monkeypatch):
    password = "a/b?c@d#e%2Ff:g $h'i"
    connects = [
        sys.executable,
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "from django.db import connection; connection.ensure_connection()",
    ]
    rules = own_postgres.folder / "data" / "pg_hba.conf"
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE gmg PASSWORD {}").format(password))
        rules.write_text(rules.read_text().replace("trust", "scram-sha-256"))
        connection.execute("SELECT pg_reload_conf()")

    monkeypatch.setitem(GIVEN, "POSTGRES_PASSWORD", "another")
    with pytest.raises(AssertionError, match="password authentication failed"):
        composed.run("web", connects)
    monkeypatch.setitem(GIVEN, "POSTGRES_PASSWORD", password)
    composed.run("web", connects)
