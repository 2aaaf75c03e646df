"""Tasks go to the broker of the settings, whichever process sends them."""

import subprocess
import sys

import pytest

from coordination.tests.house.source import ROOT

BROKER = """
import gmgapp.wsgi
from celery import current_app
print(current_app.main, current_app.connection_for_write().transport_cls)
"""


@pytest.mark.process
def test_a_web_process_sends_tasks_to_our_broker():
    done = subprocess.run(
        [sys.executable, "-c", BROKER],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
        env={"DEBUG": "true", "ENV_FILE": "/dev/null", "PATH": ""},
    )

    assert done.stdout.split() == ["gmgapp", "memory"]
