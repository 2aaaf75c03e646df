"""A web process does not load what few pages need."""

import subprocess
import sys

import pytest

from coordination.tests.house.source import ROOT

LOADED = """
import sys
import gmgapp.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
few = {"docx", "lxml", "icalendar", "holidays", "openpyxl", "typst", "puremagic"}
of_tasks = {"imap_tools", "rfc3161_client"}
print(*sorted((few | of_tasks) & set(sys.modules)))
"""


@pytest.mark.process
def test_libraries_of_few_pages_are_loaded_when_a_page_needs_them():
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
        env={"DEBUG": "true", "ENV_FILE": "/dev/null", "PATH": ""},
    )

    assert done.stdout.split() == []
