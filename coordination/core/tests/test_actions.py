"""Reference data: made once, brought up to date, left alone where people changed it."""

import pytest

from coordination.core.actions import load_record, set_group
from coordination.core.models import Group, SourceDisagreement
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_record_without_history_is_always_the_fixtures():
    key = {"about": "Chair in 2006"}
    first, made = load_record(SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "one"}})

    _again, same = load_record(SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "one"}})
    _newer, changed = load_record(SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "two"}})

    first.refresh_from_db()
    assert (made, same, changed, first.accounts) == (True, False, True, {"a": "two"})


def test_a_record_that_somebody_changed_stays_as_they_left_it(administrator):
    set_group({"name": "Group of the fixture", "acronym": "GMG"}, at=NOW)
    group = Group.objects.get()
    group.name = "Our group"
    group._history_user = administrator
    group.save()

    changed = set_group({"name": "Another name", "acronym": "GMG"}, at=NOW)

    group.refresh_from_db()
    assert (changed, group.name) == (False, "Our group")
