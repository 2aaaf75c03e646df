"""A second real group from fixtures alone: ASEAN's chair, each irregularity by its operation."""

import json
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from coordination.core import due
from coordination.core.models import Group
from coordination.desk.actions.reference import load_reference
from coordination.members.models import Agency
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, Handover, OwedTurn, TermOperation
from coordination.rotation.queries import chair

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "fixtures" / "asean"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# by year, as https://www.mfaic.gov.kh/about-asean/asean-chair and news since then have it
YEARLY = "VNM IDN KHM BRN MMR MYS LAO PHL SGP THA VNM BRN KHM IDN LAO MYS PHL SGP THA TLS"
CHAIRS = dict(enumerate(YEARLY.split(), 2010))


@pytest.fixture
def asean(db):
    assert load_reference(FOLDER, at=AT) > 0


def chairs_of(*days: date) -> list[str]:
    return [
        " + ".join(agency.acronym for agency in agencies)
        for agencies in chair.agencies_chairing(days).values()
    ]


def test_the_chair_of_each_year_is_that_of_the_published_list(asean):
    days = [date(year, month, 1) for year in CHAIRS for month in (1, 7)]

    assert chairs_of(*days) == [acronym for acronym in CHAIRS.values() for _half in range(2)]
    assert chairs_of(*(date(year, 12, 31) for year in CHAIRS)) == [*CHAIRS.values()]


def test_a_turn_given_up_is_owed_and_the_next_agencies_move_up(asean):
    assert chairs_of(date(2006, 7, 31), date(2006, 8, 1), date(2007, 8, 1), date(2008, 8, 1)) == [
        "MYS",
        "PHL",
        "SGP",
        "THA",
    ]
    [turn] = OwedTurn.objects.select_related("agency", "operation")
    assert (turn.agency.acronym, turn.operation.kind) == ("MMR", "defer")
    given_up = ChairTerm.objects.get(first_day=date(2006, 8, 1), state=TermState.WITHDRAWN)
    assert [agency.acronym for agency in given_up.agencies.all()] == ["MMR"]


def test_an_exchange_leaves_the_year_between_in_place(asean):
    exchange = TermOperation.objects.get(kind="exchange", decided_at__year=2010)

    assert [(row["first_day"], row["agencies"]) for row in exchange.before] == [
        ("2011-01-01", ["BRN"]),
        ("2013-01-01", ["IDN"]),
    ]
    assert [(row["first_day"], row["agencies"]) for row in exchange.after] == [
        ("2011-01-01", ["IDN"]),
        ("2013-01-01", ["BRN"]),
    ]
    assert "Cambodia keeps 2012" in exchange.decision


def test_one_long_term_lasts_from_2008_to_2009(asean):
    [term] = chair.confirmed().filter(agencies__acronym="THA", first_day__year=2008)

    assert term.period.days == 518
    assert TermOperation.objects.get(kind="extend").decided_at.date() == date(2008, 12, 15)


def test_a_newcomer_of_2025_chairs_in_2029_and_not_before(asean):
    [membership] = Agency.objects.get(acronym="TLS").memberships.all()

    assert membership.first_day == date(2025, 10, 26)
    chaired = chair.confirmed().filter(agencies__acronym="TLS")
    assert [term.first_day for term in chaired] == [date(2029, 1, 1)]


def test_what_was_decided_is_told_in_the_words_of_its_source(asean):
    told = TermOperation.objects.order_by("decided_at", "pk").values_list("kind", "document")

    assert [kind for kind, _document in told] == [
        "defer",
        "move_up",
        "extend",
        "exchange",
        "exchange",
        "withdraw",
        "move_up",
    ]
    assert all(document for _kind, document in told)


def test_loading_twice_changes_nothing_and_history_asks_nobody_for_anything(asean):
    before = list(ChairTerm.objects.order_by("pk").values())

    assert load_reference(FOLDER, at=AT) == 0

    assert list(ChairTerm.objects.order_by("pk").values()) == before
    assert not Handover.objects.exists()
    assert [owed for source in due.sources() for owed in source.find(AT)] == []


def test_the_group_runs_from_its_files_alone(asean, client, now):
    page = client.get("/rotation/", {"from": "2005", "to": "2029"}).content.decode()

    group = Group.objects.get()
    assert (group.acronym, group.term_months) == ("ASEAN", 12)
    assert all(acronym in page for acronym in CHAIRS.values())
    told = json.loads((FOLDER / "rotation.json").read_text())
    assert all(entry["sources"] and entry["decision"] for entry in told["schedule"])
