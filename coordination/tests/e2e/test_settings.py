"""The settings of a production, read in a process of its own: what is refused, in which one sentence; that Django finds nothing amiss."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coordination.tests.house.source import ROOT

PRODUCTION = {
    "SECRET_KEY": "a-key-that-is-long-enough-and-belongs-to-one-test-only-0123456789",
    "SITE_URL": "https://secretariat.example.org",
    "ALLOWED_HOSTS": "secretariat.example.org",
    "DATABASE_URL": "postgres://gmg:secret@127.0.0.1:1/gmg",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://user:secret@127.0.0.1:1",
    "TRUSTED_PROXY_COUNT": "1",
}

pytestmark = [pytest.mark.process, pytest.mark.once]


def started(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with an environment and nothing else of this machine's; a setting that is empty is not given."""
    given = {name: value for name, value in environment.items() if value}
    machine = {
        "PATH": os.defpath,
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=machine | given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY must be set to 50 or more random characters when DEBUG is off.",
        ),
        (
            {"SIGNING_KEY": "too short"},
            "SIGNING_KEY must be the 32 bytes of a private Ed25519 key in base64.",
        ),
        (
            {"TIMESTAMP_URL": "https://user:pass/word@tsa.example.org"},
            (
                "TIMESTAMP_URL cannot be read: in a user or password of a URL, percent-encode the "
                "characters : / ? # @ % (/ is %2F)."
            ),
        ),
        (
            {"HOURLY_LIMITS": "invitation=30"},
            (
                "HOURLY_LIMITS must be limits of 1 or more, such as invitations=30,comments=60; "
                "there are invitations, comments, mentions, word_files, sign_in_mails, address_mails."
            ),
        ),
        (
            {"HOURLY_LIMITS": "invitations=30,comments=0"},
            (
                "HOURLY_LIMITS must be limits of 1 or more, such as invitations=30,comments=60; "
                "there are invitations, comments, mentions, word_files, sign_in_mails, address_mails."
            ),
        ),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts, not '*', when DEBUG is off."),
        (
            {"SITE_URL": "http://secretariat.example.org"},
            "SITE_URL must begin with https:// when DEBUG is off (or set ALLOW_HTTP=true behind a closed network).",
        ),
        (
            {"DEMO": "true"},
            "DEMO offers sign-in without a password; it can be set only together with DEBUG.",
        ),
        (
            {"CLOCK_OFFSET_SECONDS": "60"},
            "CLOCK_OFFSET_SECONDS moves the clock; it can be set only together with DEBUG.",
        ),
        (
            {"DATABASE_URL": ""},
            "DATABASE_URL must be set when DEBUG is off: without it the data would be in a file of this machine alone.",
        ),
        (
            {"EMAIL_URL": ""},
            "EMAIL_URL must be set when DEBUG is off: without it every mail would count as sent, and lie in a folder.",
        ),
        (
            {"EMAIL_URL": "pigeon://loft"},
            "EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or file://.",
        ),
        (
            {"EMAIL_URL": "console://"},
            "EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or file://.",
        ),
        (
            {"EMAIL_URL": "file:///var/mail"},
            "EMAIL_URL must name a mail server when DEBUG is off: in a folder every mail would count as sent, and reach nobody.",
        ),
        *(
            (
                {name: f"{scheme}://user:{password}@127.0.0.1:1/0"},
                f"{name} cannot be read: in a user or password of a URL, percent-encode the characters : / ? # @ % (/ is %2F).",
            )
            for name, scheme in (
                ("DATABASE_URL", "postgres"),
                ("REDIS_URL", "redis"),
                ("EMAIL_URL", "smtp+tls"),
            )
            for password in ("a/b", "a?b", "a#b", "12/34")
        ),
        (
            {"REDIS_URL": ""},
            "REDIS_URL must be set when DEBUG is off: web, worker and beat share it.",
        ),
        ({"SESSION_DAYS": "0"}, "SESSION_IDLE_HOURS and SESSION_DAYS must be more than 0."),
        (
            {"SECOND_FACTOR_REQUIRED_FOR": "everybody"},
            "SECOND_FACTOR_REQUIRED_FOR takes administrators, chair, both with a comma between them, or nothing.",
        ),
    ],
)
def test_what_is_insecure_or_lacks_stops_the_start_with_one_sentence(tmp_path, change, sentence):
    done = started(tmp_path, "-c", "import gmgapp.settings", **PRODUCTION | change)

    assert (done.returncode, done.stderr) == (1, f"{sentence}\n")


def test_a_password_is_taken_as_it_is_and_in_a_url_percent_encoded(tmp_path):
    code = "from gmgapp import settings as s; print([s.DATABASES['default']['PASSWORD'], s.EMAIL_HOST_PASSWORD, s.SECRET_KEY])"
    given = {
        "DATABASE_PASSWORD": "$a/b?c@d#e%2Ff:g",
        "EMAIL_URL": "smtp://user:%24a%2Fb%3Fc%40d%23e%25%3Ag@127.0.0.1:1",
        "SECRET_KEY": "$" * 50,
    }

    done = started(tmp_path, "-c", code, **PRODUCTION | given)

    assert (done.stderr, done.stdout) == (
        "",
        f"{['$a/b?c@d#e%2Ff:g', '$a/b?c@d#e%:g', '$' * 50]}\n",
    )


def test_limits_are_set_one_by_one(tmp_path):
    done = started(
        tmp_path,
        "-c",
        "import gmgapp.settings as s; print(s.HOURLY_LIMITS)",
        **PRODUCTION | {"HOURLY_LIMITS": "mentions=90,comments=5"},
    )

    assert (done.stderr, done.stdout) == (
        "",
        (
            "{'invitations': 20, 'comments': 5, 'mentions': 90, 'word_files': 20, 'sign_in_mails': 5, "
            "'address_mails': 5}\n"
        ),
    )


@pytest.mark.parametrize(
    ("change", "required"),
    [
        ({}, "['administrators', 'chair'] 14 12.0 1209600 True"),
        ({"DEBUG": "true", "DEMO": "true"}, "[] 14 12.0 1209600 True"),
        (
            {"SECOND_FACTOR_REQUIRED_FOR": "chair", "SESSION_DAYS": "1"},
            "['chair'] 14 12.0 86400 True",
        ),
    ],
)
def test_a_second_factor_is_required_outside_the_demonstration(tmp_path, change, required):
    names = "SECOND_FACTOR_REQUIRED_FOR SECOND_FACTOR_GRACE_DAYS SESSION_IDLE_HOURS SESSION_COOKIE_AGE SESSION_EXPIRE_AT_BROWSER_CLOSE"
    code = f"from gmgapp import settings; print({', '.join(f'settings.{name}' for name in names.split())})"

    done = started(tmp_path, "-c", code, **PRODUCTION | change)

    assert (done.stderr, done.stdout) == ("", f"{required}\n")


def test_the_embedded_run_needs_none_of_them(tmp_path):
    done = started(
        tmp_path,
        "-c",
        "from gmgapp import settings; print(settings.EMAIL_FILE_PATH, settings.DATABASES['default']['NAME'])",
        DEBUG="1",
    )

    assert (done.stderr, done.stdout) == ("", f"{tmp_path}/outbox {tmp_path}/gmg.sqlite3\n")


def test_the_image_is_made_with_what_the_settings_ask_for(tmp_path):
    [made] = re.findall(
        r"^RUN (DEBUG=false(?:[^\n]*\\\n)+)",
        (ROOT / "Dockerfile").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    given = dict(re.findall(r"(\w+)=(\S+)", made))

    done = started(
        tmp_path,
        "manage.py",
        "collectstatic",
        "--dry-run",
        "--noinput",
        **given | {"VAR_DIR": str(tmp_path)},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "static files" in done.stdout


def test_the_checks_of_a_deployment_find_nothing(tmp_path):
    done = started(
        tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION
    )

    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr
    assert done.stderr == ""


def test_the_checks_of_a_deployment_look_at_what_is_not_as_it_should_be(tmp_path):
    done = started(
        tmp_path,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        **PRODUCTION | {"DEBUG": "true"},
    )

    assert done.returncode == 1
    assert "(security.W018) You should not have DEBUG set to True in deployment." in done.stderr
