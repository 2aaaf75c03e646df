"""Old statements on record, without their text."""

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings

from coordination.statements.actions import reference
from coordination.statements.models import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> dict:
    return json.loads((settings.FIXTURES / "statements.json").read_text(encoding="utf-8"))


def test_the_statements_of_2010_and_2011_are_loaded_once(group, record):
    assert reference.load(record) == 2
    assert reference.load(record) == 0

    old = Statement.objects.get(symbol="GMG/2011/ST/1")
    assert (old.adopted_at, old.released_at) == (
        datetime(2011, 11, 14, 23, 0, tzinfo=UTC),
        datetime(2011, 11, 30, 23, 0, tzinfo=UTC),
    )
    assert (old.state, old.signatory_count, old.drafts.count(), old.history.count()) == (
        "adopted",
        16,
        0,
        1,
    )
    assert old.sources[0].startswith("http://www.unesco.org/")


def test_the_page_says_the_day_of_geneva_to_every_reader(group, record, client):
    reference.load(record)

    page = client.get("/statements/2011-01-impact-of-climate-change-on-migration/").content.decode()

    assert "15 November 2011" in page
    assert "1 December 2011" in page
