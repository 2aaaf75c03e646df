"""A selection whose deadline passes goes to the principals, who answer on one page."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.errors import NotAllowed
from coordination.members.enums import Role
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.rotation.actions import candidatures, selections
from coordination.rotation.actions.candidatures import PrincipalInput
from coordination.rotation.actions.selections import SelectionDates
from coordination.rotation.errors import (
    AnswerRefused,
    SelectionOver,
)
from coordination.rotation.tests.selections import DATES, answered, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_a_late_decision_escalates_once_for_each_deadline(chair, focal_point, unfpa):
    selection = opened(chair)
    answered(selection, unfpa, focal_point)

    assert selections.escalate_overdue(at=at_noon(date(2027, 1, 29))) == 0
    assert selections.escalate_overdue(at=at_noon(date(2027, 1, 30))) == 1
    assert selections.escalate_overdue(at=at_noon(date(2027, 2, 9))) == 0
    later = SelectionDates(DATES.call_until, DATES.consultation_until, date(2027, 2, 12))
    selection = selections.set_dates(
        selection, later, version=1, by=chair, at=at_noon(date(2026, 12, 30))
    )
    assert selections.escalate_overdue(at=at_noon(date(2027, 2, 13))) == 1
    assert [(row.reason, row.deadline) for row in selection.escalations.all()] == [
        ("undecided", date(2027, 1, 29)),
        ("undecided", date(2027, 2, 12)),
    ]


def test_a_call_that_nobody_stands_for_escalates_when_it_ends(chair):
    selection = opened(chair)

    assert selections.escalate_overdue(at=at_noon(date(2026, 12, 11))) == 0
    assert selections.escalate_overdue(at=at_noon(date(2026, 12, 12))) == 1
    assert selection.escalations.get().reason == "nobody_stands"


@pytest.fixture
def escalated(chair, focal_point, unfpa):
    """Return a selection with the principals; UNFPA stands."""
    selection = opened(chair)
    answered(selection, unfpa, focal_point)
    selections.escalate_overdue(at=at_noon(date(2027, 1, 30)))
    return selection


def answer_of_principal(selection, agency, by, said, version=0):
    return candidatures.answer_for_principal(
        selection, agency, said, version=version, by=by, at=at_noon(date(2027, 2, 1))
    )


def test_a_principals_office_answers_and_may_change_it(escalated, unfpa, principals_office):
    row = answer_of_principal(escalated, unfpa, principals_office, PrincipalInput("any"))
    row = answer_of_principal(
        escalated, unfpa, principals_office, PrincipalInput("supports", unfpa), row.version
    )

    assert (row.view, row.supported, row.version) == ("supports", unfpa, 2)


def test_only_the_principal_or_the_office_answers_where_there_is_one(
    escalated, unfpa, principals_office, focal_point, other_agency, ohchr, administrator
):
    with pytest.raises(NotAllowed, match="Only the principal of UNFPA"):
        answer_of_principal(escalated, unfpa, focal_point, PrincipalInput("any"))
    for person in (administrator, other_agency):
        with pytest.raises(NotAllowed):
            answer_of_principal(escalated, unfpa, person, PrincipalInput("any"))
    # without a principal or office that has an account, the focal points bring the answer
    AppointmentFactory(
        person=PersonFactory(name="A Head", email=None), agency=ohchr, role=Role.PRINCIPAL
    )
    assert answer_of_principal(escalated, ohchr, other_agency, PrincipalInput("any")).pk


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (PrincipalInput("supports"), "supported"),
        (PrincipalInput("other", None, " "), "words"),
    ],
)
def test_an_incomplete_answer_of_a_principal_is_refused(
    escalated, unfpa, principals_office, said, field
):
    with pytest.raises(AnswerRefused) as refusal:
        answer_of_principal(escalated, unfpa, principals_office, said)

    assert refusal.value.field == field


def test_a_principal_supports_an_agency_that_stands(escalated, unfpa, ohchr, principals_office):
    with pytest.raises(AnswerRefused, match="one of the agencies that stand"):
        answer_of_principal(escalated, unfpa, principals_office, PrincipalInput("supports", ohchr))


def test_a_selection_that_is_not_with_the_principals_takes_no_answer(
    chair, unfpa, principals_office
):
    with pytest.raises(SelectionOver, match="not with the principals"):
        answer_of_principal(opened(chair), unfpa, principals_office, PrincipalInput("any"))
