"""Browsers of the cast, for the tests of pages."""

import pytest
from django.test import Client


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
