"""`./test` for a part: these tests alone, and a last line that says that they are not all."""

import os
import re
import subprocess
import sys

import pytest

from coordination.tests.house.source import ROOT

TESTS = "coordination/tests/house/test_templates.py"
A_PART = "A PART ONLY, on SQLite alone: neither the checks nor the other tests ran. ./test runs all of them."

pytestmark = [pytest.mark.process, pytest.mark.once]


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """Run what `./test` runs once its environment is there, with nothing of this run of the tests."""
    command = [sys.executable, str(ROOT / ".ci" / "checks.py"), *words]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tests_of_a_file_with_such_a_name_run_alone_and_are_called_a_part():
    done = ran(TESTS, "-k", "templates_stay_short and not lines")

    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [re.sub(r"\d+ deselected in .*", "", line) for line in lines if "passed" in line] == [
        "1 passed, "
    ]
    assert lines[-1] == A_PART


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (
            [TESTS, "--", "-m", "no_such_mark"],
            4,
            "ERROR: Unknown marker(s) in '-m' expression: no_such_mark.",
        ),
        ([TESTS, "-k", "nothing_of_this_name"], 5, " deselected in "),
        (
            ["coordination/nowhere.py"],
            4,
            "ERROR: file or directory not found: coordination/nowhere.py",
        ),
    ],
)
def test_what_finds_no_test_does_not_pass(words, status, sentence):
    done = ran(*words)

    assert done.returncode == status
    assert sentence in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr


def test_a_part_is_not_asked_of_the_checks():
    done = ran("--lint", TESTS)

    assert done.returncode == 2
    assert (
        done.stderr.splitlines()[-1]
        == "./test: error: --lint and --lock look at everything; leave the paths and -k away"
    )
