"""Browsers of the cast, for the tests of pages."""

import pytest
from django.test import Client

from coordination.statements.tests.factories import circulated


@pytest.fixture
def signed_in():
    def enter(person) -> Client:
        client = Client()
        if person:
            client.force_login(person)
        return client

    return enter


@pytest.fixture
def of_chair(chair, signed_in):
    return signed_in(chair)


@pytest.fixture
def of_unfpa(focal_point, signed_in, terms):
    return signed_in(focal_point)


@pytest.fixture
def cast(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    """Return who speaks for each member agency."""
    return {unfpa: focal_point, ohchr: other_agency, unesco: chair, who: incoming_chair}


@pytest.fixture
def key_file(settings, tmp_path):
    """Keep the signing key of a test in a folder of its own."""
    settings.SIGNING_KEY, settings.SIGNING_KEY_FILE = "", tmp_path / "keys" / "signing.key"
    return settings.SIGNING_KEY_FILE


@pytest.fixture
def draft(unfpa, ohchr, who, chair):
    """Return a draft that is open for amendments; many files of tests have a draft of their own."""
    return circulated()
