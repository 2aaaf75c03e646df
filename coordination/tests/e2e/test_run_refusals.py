"""./run says in one sentence what is in the way of a start."""

import ast
import os
import re
import subprocess
import sys
import tomllib

import pytest

from coordination.tests.e2e.starting import ROOT, refused
from coordination.tests.services.ports import free_port

pytestmark = [pytest.mark.process, pytest.mark.timeout(540)]


def test_a_busy_port_is_said(tmp_path):
    taken = subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        port = re.search(rb"port (\d+)", taken.stdout.readline())[1].decode()
        said = refused(tmp_path / "var", "--port", port)
    finally:
        taken.kill()
        taken.communicate()

    assert said == f"Port {port} is taken by another program; choose another with --port.\n"


def test_a_full_disk_is_said(tmp_path):
    (tmp_path / "probe").symlink_to("/dev/full")

    assert refused(tmp_path) == f"The disk is full: make room for {tmp_path} and start again.\n"


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    assert (
        refused(tmp_path / "file" / "var")
        == f"{tmp_path}/file/var cannot be written: Not a directory.\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"DEBUG=true\nSECRET\n", "env.txt, line 2: “SECRET” is not NAME=value.\n"),
        (b"DEBUG=tr\xffue\n", "env.txt cannot be read as UTF-8 text.\n"),
        (
            b"EMAIL_URL=pigeon://loft\n",
            "The settings cannot be used: EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or file://.\n",
        ),
        (
            b"DEBUG=false\n",
            "The settings cannot be used: SECRET_KEY must be set to 50 or more random characters when DEBUG is off. For the data of ./run: ./manage in place of manage.py.\n",
        ),
        (
            b"PLAN_EVERY_SECONDS=often\n",
            "The settings cannot be used: the value of PLAN_EVERY_SECONDS is not understood.\n",
        ),
    ],
)
def test_a_broken_env_is_said(tmp_path, content, sentence):
    (tmp_path / "env.txt").write_bytes(content)

    assert refused(tmp_path / "var", ENV_FILE=str(tmp_path / "env.txt")) == sentence


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("tomorrow", "--now wants a moment such as 2026-12-31T23:59, not “tomorrow”.\n"),
        ("9999-12-31T23:59", "--now goes from the year 1990 to 2199, not to 9999.\n"),
        (
            "2027-03-28T02:30",
            "--now 2027-03-28T02:30: clocks change then. Add the offset: 2027-03-28T02:30+0100 or 2027-03-28T02:30+0200.\n",
        ),
        (
            "2027-10-31T02:30",
            "--now 2027-10-31T02:30: clocks change then. Add the offset: 2027-10-31T02:30+0200 or 2027-10-31T02:30+0100.\n",
        ),
    ],
)
def test_a_moment_that_is_none_is_said(tmp_path, moment, sentence):
    assert refused(tmp_path / "var", "--now", moment) == sentence


def test_a_database_out_of_reach_is_said(tmp_path):
    said = refused(tmp_path / "var", DATABASE_URL=f"postgres://gmg@127.0.0.1:{free_port()}/gmg")

    assert said.startswith("“migrate” did not finish: ")
    assert said.count("\n") == 1


def test_an_old_python_is_said():
    code = "import sys; sys.path.insert(0, '.ci'); sys.version_info = (3, 6, 15); import bootstrap; bootstrap.good_python()"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (
        2,
        "Python 3.11 to 3.14 is needed; this is 3.6, and no other was found.\n",
    )


def test_the_pythons_that_a_start_takes_are_those_of_the_project():
    code = "import sys; sys.path.insert(0, '.ci'); import bootstrap; print(bootstrap.SUPPORTED)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = ast.literal_eval(done.stdout)
    (_, oldest), (_, newest) = supported[0], supported[-1]
    assert supported == [(3, minor) for minor in range(oldest, newest + 1)]
    assert project["requires-python"] == f">=3.{oldest},<3.{newest + 1}"


@pytest.mark.parametrize("name", ["run", "test", "manage", ".ci/bootstrap.py"])
def test_an_old_python_can_read_what_says_so(name):
    source = (ROOT / name).read_text(encoding="ascii")

    assert ast.parse(source, feature_version=(3, 4))
