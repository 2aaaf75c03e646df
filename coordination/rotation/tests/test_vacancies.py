"""Vacancies: how the group is reminded of them, and what it says about them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coordination.core.errors import LastDayBeforeFirst, NotAllowed, Stale
from coordination.core.tests.pages import text_of
from coordination.rotation.actions import vacancies
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.enums import VacancyState
from coordination.rotation.errors import NoteNeeded, NotVacant
from coordination.rotation.models import VacancyNote
from coordination.rotation.queries import vacancies as queries
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory

pytestmark = pytest.mark.django_db
BEGINS = date(2027, 7, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def note(by, *, until=date(2027, 9, 30), words="Elections until October", version=0, on=BEGINS):
    return vacancies.acknowledge_vacancy(BEGINS, until, words, version=version, by=by, at=noon(on))


def confirmed(agency, first_day: date, last_day: date) -> None:
    """Confirm a term of an agency that is a member since then at least."""
    term = ChairTermFactory(
        slug=str(first_day), first_day=first_day, last_day=last_day, state="confirmed"
    )
    TermAgencyFactory(term=term, agency=agency)


def stages(on: date) -> set[str]:
    return {due.stage for due in vacancy_warnings(noon(on))}


def test_the_mails_go_on_while_nobody_chairs(terms, chair):
    days = {n: stages(BEGINS + timedelta(days=n)) for n in (0, 6, 7, 13, 14, 30, 59, 60, 61, 400)}

    assert days == {
        0: {"0d"},
        6: {"0d"},
        7: {"day 7"},
        13: {"day 7"},
        14: {"day 14"},
        30: {"day 30"},
        59: {"day 30"},
        60: {"day 60"},
        61: {"day 60"},
        400: {"day 390"},
    }


def test_a_vacancy_that_is_over_raises_no_alarm(terms, who, chair):
    confirmed(who, date(2027, 9, 1), date(2027, 12, 31))

    assert stages(date(2027, 8, 31)) == {"day 60"}
    assert stages(date(2027, 9, 1)) == set()


def test_an_acknowledged_vacancy_is_not_reminded_of_until_its_day_is_over(
    terms, chair, administrator
):
    note(administrator)

    assert stages(date(2027, 9, 30)) == set()
    assert stages(date(2027, 10, 1)) == {"day 90"}


def test_the_state_of_a_vacancy(terms, administrator):
    states = lambda on: queries.vacancy_on(on, BEGINS).state  # noqa: E731 - read beside its days
    assert states(BEGINS) == VacancyState.UNEXPLAINED

    saved = note(administrator)

    assert states(date(2027, 6, 1)) == states(date(2027, 9, 30)) == VacancyState.ACKNOWLEDGED
    assert states(date(2027, 10, 1)) == VacancyState.UNEXPLAINED
    assert (saved.words, saved.noted_by) == ("Elections until October", administrator)
    assert queries.vacancy_on(BEGINS, date(2027, 7, 2)) is None


def test_vacancies_are_listed_after_the_first_term(terms, who, group):
    confirmed(who, date(2028, 1, 1), date(2028, 6, 30))

    listed = queries.vacancies(date(2028, 2, 1))

    assert [(each.first_day, each.last_day, each.days, each.runs) for each in listed] == [
        (date(2028, 7, 1), None, None, False),
        (BEGINS, date(2027, 12, 31), 184, False),
    ]
    assert listed[1].is_over


def test_without_a_term_nothing_is_vacant_on_record(group):
    assert queries.vacancies(BEGINS) == []


def test_who_keeps_no_terms_may_not_say_it(terms, focal_point):
    with pytest.raises(NotAllowed):
        note(focal_point)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"words": "  "}, NoteNeeded),
        ({"until": date(2027, 6, 30)}, LastDayBeforeFirst),
        ({"until": date(2027, 7, 9), "on": date(2027, 7, 10)}, LastDayBeforeFirst),
        ({"until": date(2029, 1, 1)}, NotVacant),
    ],
)
def test_a_note_that_says_nothing_or_ends_at_no_time_is_refused(
    terms, administrator, values, error
):
    with pytest.raises(error):
        note(administrator, **values)
    assert not VacancyNote.objects.exists()


def test_a_note_ends_with_its_vacancy(terms, who, administrator):
    confirmed(who, date(2027, 9, 1), date(2027, 12, 31))

    with pytest.raises(NotVacant, match="again"):
        note(administrator)
    with pytest.raises(NotVacant, match="Somebody chairs on this day"):
        vacancies.acknowledge_vacancy(
            date(2027, 9, 1), date(2027, 9, 2), "x", version=0, by=administrator, at=noon(BEGINS)
        )
    # what was said of one that is over stays
    saved = note(administrator, until=date(2027, 8, 31), on=date(2027, 10, 1))
    over = queries.vacancy_on(date(2027, 10, 1), BEGINS)
    assert (over.note, over.state) == (saved, VacancyState.ACKNOWLEDGED)


def test_the_second_of_two_editors_reads_what_the_first_wrote(terms, administrator):
    first = note(administrator)

    with pytest.raises(Stale):
        note(administrator, words="Another reason")
    changed = note(administrator, words="Another reason", version=first.version)

    assert changed.words == "Another reason"
    assert VacancyNote.history.count() == 2


def test_pages_of_the_vacancies(sign_in, now, terms, who, administrator, focal_point):
    confirmed(who, date(2013, 7, 1), date(2013, 12, 31))
    page = reverse("rotation:acknowledge", args=[BEGINS.isoformat()])
    client = sign_in(administrator)

    form = client.get(page)
    wrong = client.post(page, {"words": "", "until": "2027-09-30"})
    sent = client.post(page, {"words": "Elections", "until": "2027-09-30"}, follow=True)
    stale = client.post(page, {"words": "Other", "until": "2027-08-30", "version": "0"})

    assert "Nobody chairs from 1 July 2027, and no later term is confirmed." in text_of(form)
    assert (wrong.status_code, stale.status_code) == (422, 409)
    assert "Elections" in text_of(sent)
    assert "until 30 Sep 2027" in text_of(sent)
    old = text_of(client.get(reverse("rotation:acknowledge", args=["2014-01-01"])))
    assert ("Why nobody chairs" in old, "No reminders until" in old) == (True, False)
    client.post(reverse("rotation:acknowledge", args=["2014-01-01"]), {"words": "Reform"})
    assert VacancyNote.objects.get(words="Reform").until == date(2026, 6, 30)
    member = text_of(sign_in(focal_point).get(reverse("rotation:vacancies")))
    assert ("Elections" in member, "Change" in member) == (True, False)
    for wrong_day in ("2027-07-02", "someday"):
        answer = sign_in(administrator).get(reverse("rotation:acknowledge", args=[wrong_day]))
        assert answer.status_code == 404


def test_the_head_of_each_page_says_why_to_those_who_belong(
    client, sign_in, now, terms, administrator, focal_point
):
    note(administrator)
    now.move_to(noon(BEGINS))

    outside = text_of(client.get("/rotation/"))
    inside = text_of(sign_in(focal_point).get("/rotation/"))

    assert "Elections until October" in inside
    assert "Acknowledged until 30 Sep 2027." in inside
    assert "Elections until October" not in outside


def test_the_list_costs_the_same_for_many_vacancies(
    sign_in, now, terms, who, administrator, django_assert_max_num_queries
):
    client = sign_in(administrator)
    for year in range(2030, 2050):
        confirmed(who, date(year, 1, 1), date(year, 6, 1))

    with django_assert_max_num_queries(12):
        assert client.get(reverse("rotation:vacancies")).status_code == 200
