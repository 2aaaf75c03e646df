"""Templates that fail a test where they show an unknown variable."""

import pytest
from django.template import engines


class Unknown(str):
    """Fails the test that shows a variable which nobody gave."""

    __slots__ = ()

    def __contains__(self, key):
        return True

    def __mod__(self, name):
        msg = f"unknown variable: {name}"
        raise AssertionError(msg)


@pytest.fixture
def strict(monkeypatch):
    # another setting would make an engine anew, which compiles each template again
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Unknown("%s"))
