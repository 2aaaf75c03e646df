"""What the masthead says about the chair."""

from datetime import date

import pytest

from coordination.rotation.queries.chair_now import chair_now
from coordination.rotation.tests.selections import opened


@pytest.mark.parametrize(
    ("day", "agencies", "until", "next_agencies", "vacant_since"),
    [
        (date(2026, 6, 30), [], None, ["UNESCO"], None),
        (date(2026, 7, 1), ["UNESCO"], date(2026, 12, 31), ["WHO"], None),
        (date(2026, 12, 31), ["UNESCO"], date(2026, 12, 31), ["WHO"], None),
        (date(2027, 1, 1), ["WHO"], date(2027, 6, 30), [], None),
        (date(2027, 7, 1), [], None, [], date(2027, 7, 1)),
    ],
)
def test_masthead_names_the_chair_of_the_day_and_the_next(
    terms, day, agencies, until, next_agencies, vacant_since
):
    now = chair_now(day)

    assert [agency.acronym for agency in now.agencies] == agencies
    assert [agency.acronym for agency in now.next_agencies] == next_agencies
    assert (now.until, now.vacant_since, now.vacant) == (until, vacant_since, not agencies)


def test_masthead_takes_one_query(terms, django_assert_num_queries):
    with django_assert_num_queries(1):
        chair_now(date(2026, 11, 23))


def test_the_masthead_leads_to_the_selection_that_runs_also_where_nobody_chairs_or_will(
    sign_in, chair, focal_point, now, terms, django_assert_num_queries
):
    days = (date(2026, 11, 23), date(2027, 1, 1), date(2027, 7, 1))
    assert [chair_now(day).selection for day in days] == ["", "", ""]
    selection = opened(chair)

    assert {chair_now(day, focal_point.pk).selection for day in days} == {selection.slug}
    with django_assert_num_queries(3):
        chair_now(days[2], focal_point.pk)
    now.move_to("2027-07-02 09:00Z")
    page = sign_in(focal_point).get("/rotation/").content.decode()
    assert f'href="/rotation/selections/{selection.slug}/"' in page.partition("</header>")[0]


def test_masthead_knows_its_team_on_the_day(chair, incoming_chair, focal_point):
    people = (chair, incoming_chair, focal_point)

    assert [chair_now(date(2026, 12, 31), person.pk).ours for person in people] == [
        True,
        False,
        False,
    ]
    assert [chair_now(date(2027, 1, 1), person.pk).ours for person in people] == [
        False,
        True,
        False,
    ]
    assert [chair_now(date(2027, 7, 1), person.pk).ours for person in people] == [
        False,
        False,
        False,
    ]
