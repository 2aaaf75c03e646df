"""The positions page: the clock of the silence, a broken silence, and the stepper after a return."""

from datetime import timedelta

import pytest

from coordination.core.tests.pages import tidy
from coordination.statements.actions import positions
from coordination.statements.actions.positions import PositionInput
from coordination.statements.enums import PositionKind
from coordination.statements.tests.factories import in_clearance
from coordination.statements.tests.pages import required, url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
END = "Mon 30 Nov 2026, 18:00 Geneva"


@pytest.fixture
def step(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    return in_clearance(silence=True)


def broken(step, unfpa, focal_point):
    step.refresh_from_db()
    objection = PositionInput(PositionKind.OBJECT, step.draft.sha256, "Too vague.")
    positions.take_position(step, objection, agency=unfpa, by=focal_point, at=NOW)


def test_a_clock_says_how_long_the_silence_lasts_and_what_happens_at_its_end(step, of_unfpa):
    page = of_unfpa.get(url("positions", step))

    assert page.context["clock"]["whole"] == 248
    words = tidy(page.content.decode())
    assert "72 h gone, 176 h left" in words
    assert "OHCHR, UNESCO, UNFPA and WHO count as approving," in words
    assert "and the chair may open the next step: principals’ approval." in words
    assert "Silence ends</b> <time" in words
    assert f"{END} (12:00 your time, New York)" in words


def test_a_broken_silence_shows_no_deadline(step, of_unfpa, unfpa, focal_point):
    broken(step, unfpa, focal_point)

    words = tidy(of_unfpa.get(url("positions", step)).content.decode())

    assert "the clock stands still" in words
    assert "to <time" not in words
    assert END not in words
    (of_chair,) = required([], NOW.date(), NOW, is_chair=True)
    assert of_chair.deadline is None


def test_the_stepper_after_a_return_says_that_clearance_is_still_to_come(
    step, of_unfpa, unfpa, focal_point, chair
):
    broken(step, unfpa, focal_point)
    positions.return_to_consolidation(step.statement, by=chair, at=NOW + timedelta(hours=1))

    stepper = of_unfpa.get(url("show", step)).context["stepper"]

    assert [(each.state, each.when) for each in stepper[2:4]] == [
        ("now", "of draft 1"),
        ("todo", "objection to draft 1, Mon 23 Nov"),
    ]


def test_what_a_reader_does_stands_beside_the_matrix(step, of_unfpa):
    page = of_unfpa.get(url("positions", step)).content.decode()

    columns = page[page.index('class="cols cols--act"') :]
    assert columns.index('id="take"') < columns.index('id="matrix"')
