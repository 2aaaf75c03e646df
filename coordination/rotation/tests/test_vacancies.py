"""While the chair is vacant the mails go on, unless the group left it vacant by decision."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.tests.pages import text_of
from coordination.rotation.actions import operations
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.queries.vacancies import vacancies_ahead
from coordination.rotation.tests.schedule import DECIDED
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def vacant(chair, terms, later):
    """Return the first vacant day: WHO's turn is taken back."""
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    return date(2027, 1, 1)


def stages(day, hour=14):
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return {(due.stage, due.at.date()) for due in vacancy_warnings(at)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 3), {("0d", date(2027, 1, 1))}),
        (date(2027, 1, 20), {("day 14", date(2027, 1, 15))}),
        (date(2027, 1, 31), {("day 30", date(2027, 1, 31))}),
        (date(2027, 3, 1), {("day 30", date(2027, 1, 31))}),
        (date(2027, 3, 2), {("day 60", date(2027, 3, 2))}),
    ],
)
def test_the_warnings_go_on_while_the_chair_is_vacant(vacant, focal_point, day, expected):
    assert stages(day) == expected


def test_a_month_begins_in_the_morning_of_the_reader(vacant, chair):
    # 08:00 in Paris is 07:00 UTC
    assert stages(date(2027, 1, 31), 6) == {("day 14", date(2027, 1, 15))}
    assert stages(date(2027, 1, 31), 7) == {("day 30", date(2027, 1, 31))}


def test_nobody_is_warned_of_a_vacancy_that_the_group_left_vacant(vacant, chair, focal_point):
    operations.leave_vacant(vacant, date(2027, 2, 28), DECIDED, by=chair, at=NOW)

    assert stages(date(2027, 1, 31)) == set()
    assert stages(date(2027, 3, 2)) == {("day 60", date(2027, 3, 2))}


def test_without_a_term_there_is_no_vacancy(group):
    assert vacancies_ahead(TODAY) == []


def test_after_the_last_turn_a_term_of_the_usual_length_is_vacant(terms):
    [gap] = vacancies_ahead(date(2027, 7, 10))

    assert (gap.first, gap.last) == (date(2027, 7, 10), date(2028, 1, 9))
    [gap] = vacancies_ahead(date(2027, 6, 30))
    assert (gap.first, gap.last) == (date(2027, 7, 1), date(2027, 12, 31))


@pytest.mark.parametrize("first", ["2027-07-10", "2027-07-01"])
def test_a_vacancy_after_the_last_turn_is_acknowledged_as_any_other_also_before_it_begins(
    sign_in, now, terms, chair, administrator, first
):
    now.move_to("2027-07-10 12:00Z" if first == "2027-07-10" else "2027-06-20 12:00Z")
    client, address = sign_in(administrator), f"/rotation/vacancies/{first}/leave-vacant/"
    sent = {"until": "2027-09-30", "decision": "Meeting of 9 June 2027, by consensus"}
    assert f'href="{address[:-13]}"' in client.get("/rotation/").content.decode()
    assert "Nobody chairs from" in text_of(client.get(address[:-13]))
    base = client.get(address, sent).context["decision"].initial["base"]
    assert stages(date(2027, 8, 1)) != set()

    page = client.post(address, sent | {"base": base})

    assert page.status_code == 302
    assert stages(date(2027, 8, 1)) == stages(date(2027, 9, 30)) == set()
    assert stages(date(2027, 10, 1)) == {("day 90", date(2027, 9, 29))}


def test_two_open_turns_that_touch_are_two_vacancies(vacant, chair, later):
    operations.withdraw_confirmed(later[0], DECIDED, by=chair, at=NOW)

    assert [(gap.first, gap.last) for gap in vacancies_ahead(TODAY)] == [
        (date(2027, 1, 1), date(2027, 6, 30)),
        (date(2027, 7, 1), date(2027, 12, 31)),
        (date(2028, 7, 1), date(2028, 12, 31)),
    ]
