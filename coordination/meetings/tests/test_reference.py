"""Historical meetings from fixtures/meetings.json."""

import json

import pytest
from django.conf import settings

from coordination.meetings.actions import reference
from coordination.meetings.models import Meeting
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
DATA = json.loads((settings.FIXTURES / "meetings.json").read_text(encoding="utf-8"))


def test_loading_twice_changes_nothing(unesco, ohchr):
    assert (reference.load(DATA, at=NOW), reference.load(DATA, at=NOW)) == (3, 0)

    assert (Meeting.objects.count(), Meeting.history.count()) == (3, 3)


def test_each_has_its_day_place_chair_and_sources(unesco, ohchr):
    reference.load(DATA, at=NOW)

    july, paris, geneva = Meeting.objects.all()
    assert (
        geneva.starts_at.date().isoformat(),
        geneva.place,
        geneva.chair_agency,
        geneva.chair_name,
    ) == (
        "2010-09-30",
        "Geneva",
        ohchr,
        "Navi Pillay",
    )
    assert (paris.starts_at.date().isoformat(), paris.place, paris.chair_agency) == (
        "2011-11-15",
        "Paris",
        unesco,
    )
    assert geneva.sources == ["Press text of 30 September 2010 on the joint statement"]
    assert (paris.kind, paris.state) == ("principals", "held")
    assert (july.first_precision, july.place, july.chair_agency) == ("month", "", None)
