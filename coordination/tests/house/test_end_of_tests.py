"""What `./test` repeats at its end, as its runs write at the same time."""

import pytest

PRINTED = """\
....F.                                                                   [100%]
=================================== FAILURES ===================================
____________________________ test_two_at_once ____________________________
E   assert 1 == 2
=========================== short test summary info ============================
FAILED coordination/tests/test_two.py::test_two_at_once - assert 1 == 2
SKIPPED [1] coordination/tests/test_two.py:3: no server
1 failed, 5 passed, 1 skipped in 3.21s
"""


@pytest.fixture
def ran(of_ci):
    """Return a run whose output was read, and the module that tells of it."""
    run = of_ci("runs").Run("PostgreSQL, Redis", "", (), {})
    for line in PRINTED.splitlines(keepends=True):
        run.keep(line)
    return run, of_ci("checks")


def test_failures_stand_once_more_before_the_sums(ran, capsys):
    run, checks = ran

    checks.tell([run], run.skipped, 4, fast=False)

    lines = capsys.readouterr().out.splitlines()
    assert lines.index("=== Failed: PostgreSQL, Redis") < lines.index("E   assert 1 == 2")
    assert "FAILED coordination/tests/test_two.py::test_two_at_once - assert 1 == 2" in lines
    assert "1 failed, 5 passed, 1 skipped in 4.00s" in lines


def test_of_many_failures_the_last_lines_stand(ran, capsys):
    run, checks = ran
    run.failures[:] = [f"line {number}" for number in range(checks.LAST_LINES + 1)]

    checks.tell([run], [], 4, fast=False)

    shown = capsys.readouterr().out.splitlines()
    assert "line 0" not in shown
    assert shown.count("line 1") == shown.count(f"line {checks.LAST_LINES}") == 1
