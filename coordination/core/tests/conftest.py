"""Templates that fail a test where they show an unknown variable."""

import copy

import pytest


class Unknown(str):
    """Fails the test that shows a variable which nobody gave."""

    __slots__ = ()

    def __contains__(self, key):
        return True

    def __mod__(self, name):
        msg = f"unknown variable: {name}"
        raise AssertionError(msg)


@pytest.fixture
def strict(settings):
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = Unknown("%s")
    settings.TEMPLATES = templates
