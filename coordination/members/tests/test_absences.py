"""Days away, and who stands in."""

from datetime import date, timedelta

import pytest

from coordination.core.errors import FarFromToday, NotAllowed, RuleBroken
from coordination.members.actions import absences
from coordination.members.actions.absences import DaysAway
from coordination.members.errors import AbsenceOver, AlreadyAway, NoColleague, WrongDays
from coordination.members.models import Absence, Appointment
from coordination.members.queries import absences as queries
from coordination.tests.cast import NOW, TODAY

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 10)
pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def away(focal_point, colleague) -> Absence:
    days = DaysAway(FIRST, LAST, colleague)
    return absences.note_absence(focal_point, days, by=focal_point, at=NOW)


def test_days_away_have_a_first_and_last_day_and_an_alternate(away, focal_point, colleague):
    assert (away.person, away.alternate, away.first_day, away.last_day) == (
        focal_point,
        colleague,
        FIRST,
        LAST,
    )
    days = (FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1))
    assert [list(queries.absences_on(day)) for day in days] == [
        [],
        [focal_point.pk],
        [focal_point.pk],
        [],
    ]


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        (date(2026, 12, 5), date(2026, 12, 4), WrongDays),
        (date(2026, 11, 1), date(2026, 11, 22), WrongDays),
        (date(2037, 1, 1), date(2037, 1, 2), FarFromToday),
        (date(2026, 12, 1), date(2037, 1, 2), FarFromToday),
        (date(2026, 12, 10), date(2026, 12, 20), AlreadyAway),
    ],
)
def test_days_that_nobody_means_are_refused(away, focal_point, first, last, error):
    with pytest.raises(error):
        absences.note_absence(focal_point, DaysAway(first, last), by=focal_point, at=NOW)
    assert Absence.objects.count() == 1


def test_the_alternate_is_a_colleague_in_office(focal_point, former_focal_point, other_agency):
    for other in (former_focal_point, other_agency, focal_point):
        with pytest.raises(NoColleague, match="in office today"):
            absences.note_absence(focal_point, DaysAway(FIRST, LAST, other), by=focal_point, at=NOW)


def test_nobody_notes_days_of_another(away, focal_point, colleague, administrator, stranger):
    for other in (colleague, administrator):
        with pytest.raises(NotAllowed, match="only your own"):
            absences.note_absence(focal_point, DaysAway(TODAY, TODAY), by=other, at=NOW)
        with pytest.raises(NotAllowed, match="only your own"):
            absences.withdraw_absence(away, by=other, at=NOW)
    with pytest.raises(NotAllowed):
        absences.note_absence(stranger, DaysAway(TODAY, TODAY), by=stranger, at=NOW)


def test_days_away_are_withdrawn_once_and_may_be_noted_again(away, focal_point, colleague):
    absences.withdraw_absence(away, by=focal_point, at=NOW)

    assert queries.absences_on(FIRST) == {}
    with pytest.raises(AbsenceOver):
        absences.withdraw_absence(away, by=focal_point, at=NOW)
    absences.note_absence(focal_point, DaysAway(FIRST, LAST), by=focal_point, at=NOW)
    assert [entry.reason for entry in queries.absence_changes(focal_point)] == [
        "Days away noted",
        "Days away withdrawn",
        "Days away noted",
    ]


def test_days_that_are_over_are_not_withdrawn(away, focal_point):
    with pytest.raises(RuleBroken, match="over"):
        absences.withdraw_absence(away, by=focal_point, at=NOW + timedelta(days=30))


def test_who_left_needs_no_alternate_and_is_none(away, focal_point, colleague):
    assert queries.with_alternate(FIRST) == [away]
    Appointment.objects.filter(person=colleague).update(last_day=TODAY)
    assert queries.with_alternate(FIRST) == []
    Appointment.objects.filter(person=colleague).update(last_day=None)
    Appointment.objects.filter(person=focal_point).update(last_day=TODAY)
    assert queries.with_alternate(FIRST) == []


def test_the_page_notes_and_withdraws_days(focal_point, colleague, sign_in):
    client = sign_in(focal_point)
    days = {"first_day": "2026-11-23", "last_day": "2026-11-30", "alternate": colleague.pk}

    saved = client.post("/profile/away/", days, follow=True)
    wrong = client.post("/profile/away/", days | {"last_day": "2026-11-22"})
    alone = client.post(
        "/profile/away/", {"first_day": "2026-12-01", "last_day": "2026-12-01"}, follow=True
    )

    assert "mails to you on these days reach Tomás Akande too" in saved.content.decode()
    assert (wrong.status_code, "The last day is before the first." in wrong.content.decode()) == (
        422,
        True,
    )
    assert "colleagues see them beside your name" in alone.content.decode()
    first = Absence.objects.order_by("pk").first()
    client.post(f"/profile/away/{first.pk}/withdraw/")
    assert Absence.objects.filter(withdrawn_at=None).count() == 1


def test_the_absence_stands_beside_the_name(focal_point, colleague, sign_in):
    absences.note_absence(focal_point, DaysAway(TODAY, LAST, colleague), by=focal_point, at=NOW)
    client = sign_in(colleague)

    pages = [
        " ".join(client.get(p).content.decode().split()) for p in ("/people/", "/members/unfpa/")
    ]

    words = "away until 10 Dec 2026, Tomás Akande stands in"
    assert [words in page for page in pages] == [True, True]


def test_nobody_withdraws_the_days_of_another_by_address(away, colleague, sign_in):
    answer = sign_in(colleague).post(f"/profile/away/{away.pk}/withdraw/")

    assert answer.status_code == 404
    away.refresh_from_db()
    assert away.withdrawn_at is None


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_however_many_days(
    focal_point, colleague, sign_in, count, django_assert_num_queries
):
    Absence.objects.bulk_create(
        Absence(
            person=focal_point,
            alternate=colleague,
            first_day=FIRST + timedelta(days=number),
            last_day=FIRST + timedelta(days=number),
        )
        for number in range(count)
    )
    client = sign_in(focal_point)

    with django_assert_num_queries(11):
        page = client.get("/profile/away/")

    assert page.context["ahead"].count() == count
