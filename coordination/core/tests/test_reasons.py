"""Reasons in history: stored as codes and values, worded for whoever reads them."""

import re

import pytest
from django.utils import translation

from coordination.core import formatting, history
from coordination.core.enums import ChangeReason, CoreChange
from coordination.meetings.tests.factories import MeetingFactory
from coordination.rotation.enums import RotationChange
from coordination.tests.pseudo import CODE, pseudo_locale

VALUES = re.compile(r"%\((\w+)\)s")


def test_a_reason_is_stored_as_code_and_values(db):
    meeting = MeetingFactory()
    values = {"agencies": ["UNESCO", "WHO"], "term": "2026-H2"}
    history.sign(meeting, by=None, reason=RotationChange.HANDOVER_BEGUN_FROM, values=values)
    meeting.save()

    entry = meeting.history.first()
    assert (entry.history_change_reason, entry.history_reason_values) == (
        "handover_begun_from",
        values,
    )
    assert history.recorded_reason(entry) == "Began the handover from UNESCO and WHO (2026-H2)"


def test_a_reason_is_worded_in_the_language_of_its_reader():
    with pseudo_locale(), translation.override(CODE):
        sentence = history.reason_sentence("handover_begun_from", {"agencies": ["FAO", "WHO"]})

    assert sentence == "Ɓéǧáń ťĥé ĥáńďóṽéŕ ƒŕóḿ FAO وWHO ()"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("Corrected by a migration", "Corrected by a migration"), ("", ""), (None, "")],
)
def test_what_nobody_registered_is_shown_as_it_is(code, sentence):
    assert history.reason_sentence(code, {}) == sentence


def test_a_change_without_a_reason_says_what_it_did(db):
    meeting = MeetingFactory()

    assert [entry.deed for entry in history.changes(meeting)] == ["made this record"]
    assert meeting.history.get().history_reason_values == {}


def test_codes_are_unique():
    class Double(ChangeReason):
        """A code that core has."""

        LOADED = CoreChange.REFERENCE_DATA.value, "Loaded again"

    with pytest.raises(ValueError, match="have the same code"):
        history.register_reasons(Double)
    assert {code for code in history._reasons if not re.fullmatch("[a-z_]+", code)} == set()


@pytest.mark.parametrize(
    ("language", "items", "words"),
    [
        ("en", ["UNESCO"], "UNESCO"),
        ("en", ["UNESCO", "UNHCR", "WHO"], "UNESCO, UNHCR and WHO"),
        ("en-us", ["UNESCO", "UNHCR", "WHO"], "UNESCO, UNHCR, and WHO"),
        ("fr", ["UNESCO", "UNHCR", "WHO"], "UNESCO, UNHCR et WHO"),
        ("zh-hans", ["UNESCO", "WHO"], "UNESCO和WHO"),
        ("xx-unknown", ["UNESCO", "WHO"], "UNESCO and WHO"),
        ("en", [], ""),
    ],
)
def test_a_list_is_written_as_its_language_does(language, items, words):
    with translation.override(language):
        assert formatting.list_of(items) == words
