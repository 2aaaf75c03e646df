"""The modules of `.ci`, which lie outside of the packages."""

import importlib
import sys

import pytest

from coordination.tests.house.source import ROOT


@pytest.fixture
def of_ci(monkeypatch):
    """Return the function that imports a module of `.ci`; what it imports is gone after the test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    yield importlib.import_module
    for name in {"checks", "runs", "databases"} - before:
        sys.modules.pop(name, None)
