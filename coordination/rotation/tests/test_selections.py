"""Open a selection, answer its call, change its dates, take it to the principals."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from coordination.core.errors import FarFromToday, LastDayBeforeFirst, NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.core.periods import Period
from coordination.rotation import tasks
from coordination.rotation.actions import candidatures, selections
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.selections import SelectionDates
from coordination.rotation.enums import SelectionStage, SelectionState
from coordination.rotation.errors import (
    AnswerRefused,
    DatesOutOfOrder,
    SelectionOver,
    SelectionRuns,
    TermBegan,
)
from coordination.rotation.models import Candidature, Escalation, Selection, Unavailability
from coordination.rotation.queries import selections as queries
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.rotation.tests.selections import DATES, DAYS, DECLINES, STANDS, answered, opened
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def facts(selection, agency, day=TODAY):
    view = queries.view_of(queries.with_votes().get(pk=selection.pk), day)
    [line] = [line for line in view.lines if line.agency == agency]
    return [fact.code for fact in line.facts]


# --- open


def test_the_chair_opens_a_selection_of_one_term(chair):
    selection = opened(chair)

    assert (selection.slug, selection.state, selection.opened_by) == ("2027-H2", "running", chair)
    assert [(term.first_day, term.last_day) for term in selection.terms.all()] == [
        (date(2027, 7, 1), date(2027, 12, 31))
    ]
    assert recorded_reason(selection.history.first()) == "Opened the selection"


def test_a_selection_fills_a_run_of_terms_that_follow_each_other(chair):
    selection = opened(chair, number=3)

    assert [str(term) for term in selection.terms.all()] == [
        "2027-07-01 – 2027-12-31",
        "2028-01-01 – 2028-06-30",
        "2028-07-01 – 2028-12-31",
    ]


def test_months_are_counted_from_an_anchor():
    run = queries.run_of_terms(Period(date(2026, 3, 1), date(2026, 8, 30)), 3, 6)

    assert [period.first for period in run[1:]] == [date(2026, 8, 31), date(2027, 2, 28)]
    assert run[2].last == date(2027, 8, 30)


def test_a_second_selection_of_the_days_of_a_closed_one_has_another_address(chair):
    first = opened(chair)
    selections.close_selection(first, "Nobody can.", version=1, by=chair, at=NOW)

    assert opened(chair).slug == "2027-H2-2"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"period": Period(date(2027, 6, 1), date(2027, 12, 31))}, SelectionRuns, "first_day"),
        ({"period": Period(date(2026, 7, 1), date(2027, 12, 31))}, TermBegan, "first_day"),
        ({"period": Period(date(2027, 7, 1), date(2027, 6, 30))}, LastDayBeforeFirst, "last_day"),
        ({"period": Period(date(2027, 7, 1), date(2097, 12, 31))}, FarFromToday, "last_day"),
        (
            {"dates": SelectionDates(TODAY - timedelta(1), TODAY, TODAY)},
            DatesOutOfOrder,
            "call_until",
        ),
        (
            {"dates": SelectionDates(date(2026, 12, 11), date(2026, 12, 1), date(2027, 1, 29))},
            DatesOutOfOrder,
            "consultation_until",
        ),
        (
            {"dates": SelectionDates(date(2026, 12, 11), date(2026, 12, 30), date(2026, 12, 29))},
            DatesOutOfOrder,
            "decision_until",
        ),
        (
            {"dates": SelectionDates(date(2026, 12, 11), date(2026, 12, 30), date(2027, 7, 1))},
            DatesOutOfOrder,
            "decision_until",
        ),
    ],
)
def test_a_selection_that_cannot_be_is_refused_beside_its_field(chair, change, error, field):
    with pytest.raises(error) as refusal:
        opened(chair, **change)

    assert (refusal.value.field, Selection.objects.count()) == (field, 0)


def test_two_selections_never_fill_the_same_day(chair):
    opened(chair)

    with pytest.raises(SelectionRuns, match="The selection 2027-H2 fills these days already"):
        opened(chair, period=Period(date(2027, 12, 31), date(2028, 6, 30)))


def test_while_somebody_chairs_no_administrator_opens_a_selection(administrator, focal_point):
    for person in (administrator, focal_point):
        with pytest.raises(NotAllowed, match="Only the chair’s team may do this"):
            opened(person)


def test_while_nobody_chairs_an_administrator_opens_a_selection(administrator, terms):
    terms[0].delete()

    assert opened(administrator).opened_by == administrator


# --- the scheduler


@pytest.mark.parametrize(
    ("months", "day", "is_open"),
    [
        (6, date(2026, 12, 31), False),
        (6, date(2027, 1, 1), True),
        (3, date(2027, 3, 31), False),
        (3, date(2027, 4, 1), True),
        (0, date(2027, 6, 1), False),
    ],
)
def test_the_scheduler_opens_at_the_lead_time_of_the_group(group, terms, months, day, is_open):
    group.selection_lead_months = months
    group.save()

    selection = selections.open_due_selection(at=at_noon(day))

    assert (selection is not None) == is_open
    if selection:
        assert (selection.opened_by, selection.terms.get().period) == (None, DAYS)


def test_the_scheduler_opens_one_however_often_it_runs(terms):
    first = selections.open_due_selection(at=at_noon(date(2027, 1, 4)))
    again = selections.open_due_selection(at=at_noon(date(2027, 1, 4)))

    assert (again, Selection.objects.get()) == (None, first)


def test_the_scheduler_leaves_what_people_closed(chair):
    selections.close_selection(opened(chair), "Later.", version=1, by=chair, at=NOW)

    assert selections.open_due_selection(at=at_noon(date(2027, 1, 4))) is None


def test_the_scheduler_opens_the_term_after_one_that_people_closed_in_time(chair):
    selections.close_selection(opened(chair), "Left vacant.", version=1, by=chair, at=NOW)

    assert selections.open_due_selection(at=at_noon(date(2027, 6, 30))) is None
    following = selections.open_due_selection(at=at_noon(date(2027, 7, 1)))
    assert following.terms.get().period == Period(date(2028, 1, 1), date(2028, 6, 30))


def test_the_scheduler_fills_a_vacancy_that_runs_up_to_the_next_term(terms):
    terms[0].delete()
    terms[1].first_day = date(2027, 4, 1)
    terms[1].save()
    ChairTermFactory(slug="2026-H1", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30))

    selection = selections.open_due_selection(at=NOW)

    assert selection.terms.get().period == Period(TODAY, date(2027, 3, 31))
    assert (selection.call_until, selection.decision_until) == (
        date(2026, 11, 30),
        date(2026, 12, 14),
    )


def test_the_scheduler_opens_nothing_for_a_few_free_days_or_without_a_record(terms, unfpa):
    first = ChairTermFactory(first_day=date(2027, 7, 8), last_day=date(2027, 12, 31))
    TermAgencyFactory(term=first, agency=unfpa)

    assert selections.open_due_selection(at=at_noon(date(2027, 6, 25))) is None
    # the term after them has its selection in time
    opened_at_lead = selections.open_due_selection(at=at_noon(date(2027, 7, 1)))
    assert opened_at_lead.terms.get().first_day == date(2028, 1, 1)
    first.delete()
    for term in terms:
        term.delete()
    assert selections.open_due_selection(at=NOW) is None


def test_the_scheduler_leaves_days_of_a_term_whose_agency_has_left(terms, who):
    who.memberships.update(last_day=date(2026, 12, 31))

    assert selections.open_due_selection(at=NOW) is None


def test_a_selection_ends_when_its_days_are_confirmed_by_another_act(chair, unfpa):
    selection = opened(chair, number=2)
    days = [(term.first_day, term.last_day) for term in selection.terms.all()]
    for first, last in days:
        assert selections.end_settled_selections(at=NOW) == 0
        term = ChairTermFactory(first_day=first, last_day=last)
        TermAgencyFactory(term=term, agency=unfpa)

    assert selections.end_settled_selections(at=NOW) == 1
    selection.refresh_from_db()
    assert (selection.state, selection.version) == (SelectionState.CONFIRMED, 2)
    assert recorded_reason(selection.history.first()).startswith("Ended the selection: its days")
    assert selections.end_settled_selections(at=NOW) == 0


def test_the_task_opens_and_escalates(now, group):
    now.move_to(datetime(2027, 1, 4, 12, tzinfo=UTC))
    tasks.keep_selections()
    selection = Selection.objects.get()
    now.move_to(at_noon(selection.decision_until + timedelta(1)))
    tasks.keep_selections()
    tasks.keep_selections()

    assert Escalation.objects.get().reason == "undecided"


def test_cron_does_the_same_by_a_command(now, group):
    now.move_to(datetime(2027, 1, 4, 12, tzinfo=UTC))

    call_command("keep_selections")

    assert Selection.objects.count() == 1


# --- answers


def test_an_agency_stands_declines_withdraws_and_the_record_keeps_each(chair, focal_point, unfpa):
    selection = opened(chair)
    row = answered(selection, unfpa, focal_point, AnswerInput("not_yet"))
    for said in (DECLINES, STANDS, AnswerInput("withdrawn", words="Too much else.")):
        row = answered(selection, unfpa, focal_point, said, version=row.version)

    assert (row.answer, row.decline_reason, row.words) == ("withdrawn", "", "Too much else.")
    assert [recorded_reason(entry) for entry in row.history.all()] == [
        "Said that the agency stands no longer",
        "Said that the agency stands",
        "Said that the agency declines",
        "Said that the agency cannot say yet",
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (AnswerInput("withdrawn"), "answer"),
        (AnswerInput("declines"), "decline_reason"),
        (AnswerInput("declines", "other", " "), "words"),
    ],
)
def test_an_incomplete_answer_is_refused_beside_its_field(chair, focal_point, unfpa, said, field):
    with pytest.raises(AnswerRefused) as refusal:
        answered(opened(chair), unfpa, focal_point, said)

    assert (refusal.value.field, Candidature.objects.count()) == (field, 0)


def test_an_agency_that_stands_withdraws_and_does_not_decline(chair, focal_point, unfpa):
    selection = opened(chair)
    row = answered(selection, unfpa, focal_point)

    with pytest.raises(AnswerRefused, match="From “stands” an agency cannot go to “declines”"):
        answered(selection, unfpa, focal_point, DECLINES, version=row.version)


def test_an_agency_stands_for_a_term_of_its_selection(chair, focal_point, unfpa):
    selection = opened(chair, number=2)
    second = selection.terms.last()
    said = AnswerInput("stands", preferred=second)

    assert answered(selection, unfpa, focal_point, said).preferred == second
    other = opened(chair, period=Period(date(2028, 7, 1), date(2028, 12, 31)))
    with pytest.raises(AnswerRefused, match="of another selection"):
        answered(other, unfpa, focal_point, said)


def test_of_two_that_answer_for_one_agency_the_second_sees_the_first(
    chair, focal_point, colleague, unfpa
):
    selection = opened(chair)
    row = answered(selection, unfpa, focal_point)
    answered(selection, unfpa, colleague, version=row.version)

    with pytest.raises(Stale):
        answered(selection, unfpa, focal_point, version=row.version)


def test_nobody_answers_for_another_agency_or_an_agency_that_left(
    chair, focal_point, administrator, ohchr, unfpa
):
    selection = opened(chair)

    for person, agency in ((focal_point, ohchr), (administrator, unfpa), (chair, unfpa)):
        with pytest.raises(NotAllowed):
            answered(selection, agency, person)
    unfpa.memberships.update(last_day=TODAY - timedelta(1))
    with pytest.raises(NotAllowed):
        answered(selection, unfpa, focal_point)


def test_nobody_answers_once_the_selection_is_over(chair, focal_point, unfpa):
    selection = opened(chair)
    selections.close_selection(selection, "Later.", version=1, by=chair, at=NOW)

    with pytest.raises(SelectionOver):
        answered(selection, unfpa, focal_point)
    with pytest.raises(SelectionOver):
        selections.set_dates(selection, DATES, version=2, by=chair, at=NOW)


# --- the four facts


def test_a_decline_is_no_wish_and_a_wish_is_no_decline(
    chair, focal_point, other_agency, unfpa, ohchr
):
    selection = opened(chair)
    answered(selection, unfpa, focal_point, DECLINES)
    answered(selection, ohchr, other_agency, AnswerInput("not_yet", wishes_next=True))

    assert (facts(selection, unfpa), facts(selection, ohchr)) == (["declined"], ["wishes_next"])


def test_not_being_available_is_a_fact_of_its_own_that_can_be_taken_back(chair, focal_point, unfpa):
    selection = opened(chair)
    away = Period(date(2027, 9, 1), date(2028, 3, 1))
    answered(selection, unfpa, focal_point, AnswerInput("stands", away=away, away_reason="Move"))
    row = Unavailability.objects.get()

    assert facts(selection, unfpa) == ["unavailable"]
    assert list(queries.unavailable_ahead(unfpa, TODAY)) == [row]
    candidatures.withdraw_unavailability(row, by=focal_point, at=NOW)
    assert (facts(selection, unfpa), list(queries.unavailable_ahead(unfpa, TODAY))) == ([], [])
    with pytest.raises(AnswerRefused, match="taken back already"):
        candidatures.withdraw_unavailability(row, by=focal_point, at=NOW)


def test_days_away_are_in_order(chair, focal_point, unfpa):
    away = Period(date(2027, 9, 2), date(2027, 9, 1))

    with pytest.raises(LastDayBeforeFirst):
        answered(opened(chair), unfpa, focal_point, AnswerInput("stands", away=away))


def test_the_page_counts_members_of_the_day_alone(chair, focal_point, unfpa, who, ohchr, unesco):
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    unfpa.memberships.update(last_day=date(2026, 12, 31))

    view = queries.view_of(queries.with_votes().get(pk=selection.pk), date(2027, 1, 4))

    assert (view.standing, view.silent, view.declined) == ([], [ohchr, unesco, who], [])
    # so nobody stands for the principals either, and no vote is opened on it
    assert queries.escalation_due(selection, date(2027, 1, 4)) == "nobody_stands"
    assert queries.standing_in(selection, TODAY) == [unfpa.pk]


# --- stages and dates


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 12, 11), SelectionStage.CALL),
        (date(2026, 12, 12), SelectionStage.CONSULTATION),
        (date(2026, 12, 31), SelectionStage.DECISION),
        (date(2027, 1, 30), SelectionStage.OVERDUE),
    ],
)
def test_the_stage_follows_from_the_dates(chair, day, stage):
    assert queries.stage_on(opened(chair), day) == stage


def test_the_chair_changes_the_dates_and_the_second_of_two_is_told(chair, chair_colleague):
    selection = opened(chair)
    later = SelectionDates(date(2026, 12, 18), date(2027, 1, 15), date(2027, 2, 26))
    selections.set_dates(selection, later, version=1, by=chair, at=NOW)

    assert Selection.objects.get().decision_until == date(2027, 2, 26)
    with pytest.raises(Stale):
        selections.set_dates(selection, DATES, version=1, by=chair_colleague, at=NOW)


def test_dates_that_have_passed_are_refused(chair):
    past = SelectionDates(TODAY - timedelta(3), TODAY - timedelta(2), TODAY - timedelta(1))

    with pytest.raises(DatesOutOfOrder, match="This day has passed"):
        selections.set_dates(opened(chair), past, version=1, by=chair, at=NOW)


def test_a_selection_is_closed_with_words(chair):
    selection = selections.close_selection(opened(chair), " No. ", version=1, by=chair, at=NOW)

    assert (selection.state, selection.closing_words, selection.closed_at) == (
        SelectionState.CLOSED,
        "No.",
        NOW,
    )
    with pytest.raises(SelectionOver):
        selections.close_selection(selection, "No.", version=2, by=chair, at=NOW)
    with pytest.raises(SelectionOver):
        selections.conclude(selection, SelectionState.CONFIRMED, by=chair, at=NOW)
