"""What the tests of meetings share."""

import pytest

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def sign_in(client):
    def as_(person):
        client.force_login(person, backend=BACKEND)
        return client

    return as_
