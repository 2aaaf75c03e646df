"""An open selection of the second half of 2027, for tests of selections."""

from datetime import date

from coordination.core.periods import Period
from coordination.rotation.actions import candidatures, selections
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.selections import SelectionDates, SelectionPlan
from coordination.tests.cast import NOW

DAYS = Period(date(2027, 7, 1), date(2027, 12, 31))
DATES = SelectionDates(date(2026, 12, 11), date(2026, 12, 30), date(2027, 1, 29))
STANDS = AnswerInput("stands", priorities="One joint statement")
DECLINES = AnswerInput("declines", "resources")


def opened(by, *, number=1, period=DAYS, dates=DATES, at=NOW):
    return selections.open_selection(SelectionPlan(period, number, dates), by=by, at=at)


def answered(selection, agency, by, said=STANDS, *, version=0, at=NOW):
    return candidatures.answer_call(selection, agency, said, version=version, by=by, at=at)
