"""Languages of texts by their codes."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from coordination.core import languages
from coordination.core.models import (
    validate_abbreviations,
    validate_languages,
    validate_symbol_pattern,
)


@pytest.mark.parametrize(
    ("code", "name", "is_right_to_left"),
    [
        ("en", "English", False),
        ("id", "Indonesian", False),
        ("ar", "Arabic", True),
        ("zh-Hant", "Chinese (Traditional)", False),
        ("klingon!", "Klingon!", False),
    ],
)
def test_a_language_has_a_name_and_a_direction(code, name, is_right_to_left):
    assert languages.name_of(code) == name
    assert languages.is_right_to_left(code) is is_right_to_left


def test_a_language_is_named_in_the_reader_s_language():
    with override("fr"):
        assert languages.name_of("id") == "Indonésien"


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (validate_languages, []),
        (validate_languages, "en"),
        (validate_languages, ["en", "en"]),
        (validate_languages, ["en", 1]),
        (validate_languages, ["klingon!"]),
        (validate_symbol_pattern, "{acronym}/ST/"),
        (validate_symbol_pattern, "{year}/{number}"),
        (validate_symbol_pattern, "{year}/{0}"),
        (validate_symbol_pattern, "{year} ST"),
        (validate_abbreviations, ["United Nations"]),
        (validate_abbreviations, {"": "UN"}),
        (validate_abbreviations, {"United Nations": 1}),
    ],
)
def test_a_setting_that_no_page_could_use_is_refused(validate, value):
    with pytest.raises(ValidationError):
        validate(value)


def test_settings_of_a_group_are_accepted():
    validate_languages(["en", "id", "zh-Hant"])
    validate_symbol_pattern("DOC-{year}-")
    validate_symbol_pattern("{acronym}/{year}/ST/")
    validate_abbreviations({"United Nations ": "UN ", "Ministry of ": ""})
