"""who_chairs."""

import json

import pytest
from django.core.management import call_command

from coordination.tests.story import made_once

pytestmark = pytest.mark.django_db


def answer(capsys, *arguments: str) -> str:
    call_command("who_chairs", *arguments)
    return capsys.readouterr().out.strip()


@pytest.fixture
def reference(db):
    made_once("load_reference", lambda: call_command("load_reference", verbosity=0))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2009-03-15", "vacant (2009-01-01 to 2009-05-31)"),
        ("2012-06-30", "vacant (2012-06-01 to 2012-06-30)"),
        ("2013-02-01", "UN Regional Commissions, spoken for by ESCAP (2013-01-01 to 2013-06-30)"),
        (
            "2012-02-01",
            "UN Educational, Scientific and Cultural Organization, caretaker (2012-01-01 to 2012-05-31)",
        ),
        (
            "2018-05-05",
            "Food and Agriculture Organization of the United Nations and International Organization for Migration (2018-01-01 to 2018-12-31)",
        ),
        ("2006-06-30", "not on record (no term on record before, until 2006-06-30)"),
        ("2020-01-01", "vacant (from 2019-01-01, no term on record after)"),
    ],
)
def test_who_chairs_on_a_day(reference, capsys, day, words):
    assert answer(capsys, "--on", day) == words


def test_who_chairs_as_json(reference, capsys):
    assert json.loads(answer(capsys, "--on", "2013-02-01", "--json")) == {
        "on": "2013-02-01",
        "state": "term",
        "agencies": ["UNRC"],
        "spoken_for_by": ["ESCAP"],
        "heads": [],
        "first_day": "2013-01-01",
        "last_day": "2013-06-30",
    }


def test_who_chairs_today(reference, now, capsys):
    assert answer(capsys).startswith("vacant (from 2019-01-01")


def test_a_day_that_is_none_gets_a_sentence(db, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("who_chairs", "--on", "2013-02-31")

    assert (end.value.code, capsys.readouterr().err.strip()) == (
        2,
        "“2013-02-31” is not a day such as 2013-02-01.",
    )
