"""Reference data: made once, brought up to date, left alone where people changed it."""

import pytest

from coordination.core.actions import load_record, set_group
from coordination.core.models import Group, SourceDisagreement
from coordination.core.queries import disagreement_changes
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_record_that_nobody_changed_is_the_fixtures():
    key = {"about": "Chair in 2006"}
    first, made = load_record(SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "one"}})

    _again, same = load_record(
        SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "one"}}
    )
    _newer, changed = load_record(
        SourceDisagreement, key, {"topic": "chair", "accounts": {"a": "two"}}
    )

    first.refresh_from_db()
    assert (made, same, changed, first.accounts) == (True, False, True, {"a": "two"})


def test_a_disagreement_that_somebody_changed_stays_and_says_what_it_was(administrator):
    key = {"about": "Chair in 2006"}
    load_record(
        SourceDisagreement, key, {"topic": "chair", "accounts": {"UN": "ILO", "IOM": "IOM"}}
    )
    record = SourceDisagreement.objects.get()
    record.accounts = {"UN": "IOM"}
    record._history_user = administrator
    record.save()

    again, changed = load_record(
        SourceDisagreement, key, {"topic": "chair", "accounts": {"UN": "ILO"}}
    )

    assert (changed, again.accounts) == (False, {"UN": "IOM"})
    [edit, made] = disagreement_changes("chair")
    assert (edit.who, edit.deed) == (
        administrator,
        "changed disagreement of sources “Chair in 2006”",
    )
    assert [(d.label, d.before, d.after) for d in edit.differences] == [
        ("accounts", "UN: ILO; IOM: IOM", "UN: IOM")
    ]
    assert made.deed == "Reference data: disagreement of sources “Chair in 2006”"
    assert disagreement_changes("membership") == []


def test_a_record_that_somebody_changed_stays_as_they_left_it(administrator):
    set_group({"name": "Group of the fixture", "acronym": "GMG"}, at=NOW)
    group = Group.objects.get()
    group.name = "Our group"
    group._history_user = administrator
    group.save()

    changed = set_group({"name": "Another name", "acronym": "GMG"}, at=NOW)

    group.refresh_from_db()
    assert (changed, group.name) == (False, "Our group")
