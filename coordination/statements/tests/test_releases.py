"""The release of a statement at a moment that the chair set beforehand."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import positions, releases
from coordination.statements.enums import StatementState
from coordination.statements.errors import (
    AlreadyReleased,
    DeadlineNotAhead,
    ReleaseNotPlanned,
    WrongState,
)
from coordination.statements.models import Statement
from coordination.statements.tasks import keep
from coordination.statements.tests.factories import circulated
from coordination.statements.tests.proofs import adopted, ready
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_file", "now")]
LATER = NOW + timedelta(days=2)


@pytest.fixture
def statement(cast, chair):
    return adopted(cast, chair)


def plan(statement, chair, release_at=LATER, version=None, at=NOW):
    return releases.plan_release(
        statement,
        release_at=release_at,
        version=version or Statement.objects.get(pk=statement.pk).version,
        by=chair,
        at=at,
    )


def reasons(statement):
    return [recorded_reason(row) for row in statement.history.order_by("history_id")][-3:]


def released(statement):
    statement.refresh_from_db()
    return statement.released_at


def test_a_planned_release_comes_by_itself_and_once(statement, chair, now):
    plan(statement, chair)

    assert releases.release_due(at=LATER - timedelta(seconds=1)) == 0
    assert released(statement) is None
    late = LATER + timedelta(hours=7)
    assert [releases.release_due(at=late), releases.release_due(at=late)] == [1, 0]
    assert released(statement) == late
    assert reasons(statement)[1:] == ["Release planned", "Released as planned"]
    assert statement.history.latest("history_id").history_user is None


def test_the_task_releases_what_is_due(statement, chair, now):
    plan(statement, chair)
    now.move_to(LATER)

    keep()
    call_command("keep_statements")

    assert released(statement) == LATER


def test_a_release_is_moved_and_withdrawn_with_history(statement, chair):
    plan(statement, chair)
    plan(statement, chair, LATER + timedelta(days=1))
    assert releases.release_due(at=LATER) == 0
    version = Statement.objects.get().version

    statement = releases.unplan_release(statement, version=version, by=chair, at=NOW)

    assert (statement.release_planned_for, statement.version) == (None, version + 1)
    assert reasons(statement) == [
        "Release planned",
        "Release moved",
        "Planned release withdrawn",
    ]
    assert releases.release_due(at=LATER + timedelta(days=9)) == 0
    with pytest.raises(ReleaseNotPlanned):
        releases.unplan_release(statement, version=version + 1, by=chair, at=NOW)


def test_who_releases_now_ends_the_plan(statement, chair):
    plan(statement, chair)
    positions.release(statement, by=chair, at=NOW)

    assert releases.release_due(at=LATER) == 0
    assert released(statement) == NOW
    with pytest.raises(AlreadyReleased):
        plan(statement, chair)


def test_only_the_chair_plans_and_only_ahead(statement, chair, focal_point):
    with pytest.raises(NotAllowed):
        plan(statement, focal_point)
    for moment in (NOW, NOW - timedelta(minutes=1)):
        with pytest.raises(DeadlineNotAhead):
            plan(statement, chair, moment)
    with pytest.raises(Stale):
        plan(statement, chair, version=99)
    withdrawn = circulated(StatementState.WITHDRAWN).statement
    with pytest.raises(WrongState):
        plan(withdrawn, chair)


def test_a_release_planned_before_the_adoption_stands(cast, chair):
    step = ready(cast, chair)
    plan(step.statement, chair)
    assert releases.release_due(at=LATER) == 0

    statement = positions.adopt(step.statement, by=chair, at=NOW)

    assert statement.release_planned_for == LATER
    assert releases.release_due(at=LATER) == 1


def test_a_moment_that_passed_before_the_adoption_releases_nothing(cast, chair):
    step = ready(cast, chair)
    plan(step.statement, chair)

    statement = positions.adopt(step.statement, by=chair, at=LATER)

    assert statement.release_planned_for is None
    assert releases.release_due(at=LATER + timedelta(days=1)) == 0


def test_a_release_moved_while_the_task_waits_is_not_released(statement, chair):
    plan(statement, chair)
    later = LATER + timedelta(days=1)
    plan(statement, chair, later)

    assert releases._release(statement.pk, at=LATER) is False
    assert released(statement) is None


def test_the_chair_plans_on_a_page_and_everybody_who_prepares_sees_it(
    statement, of_chair, of_unfpa, client
):
    address = f"/statements/{statement.slug}/release/"
    assert "Release it now" in of_chair.get(address).content.decode()

    wrong = of_chair.post(address, {"release_at": "2026-11-20T10:00", "version": statement.version})
    done = of_chair.post(address, {"release_at": "2026-11-25T10:00", "version": statement.version})

    assert (wrong.status_code, "Choose a moment in the future." in wrong.content.decode()) == (
        422,
        True,
    )
    assert done.status_code == 302
    statement.refresh_from_db()
    assert statement.release_planned_for == LATER
    for reader in (of_chair, of_unfpa):
        page = reader.get(f"/statements/{statement.slug}/").content.decode()
        assert "Adopted; only the agencies see it before its planned release." in page
        assert 'datetime="2026-11-25T10:00+01:00' in page
    assert "Move the release" in of_chair.get(f"/statements/{statement.slug}/").content.decode()
    assert client.get(f"/statements/{statement.slug}/").status_code == 404


def test_two_of_the_chairs_team_at_once(statement, of_chair):
    address = f"/statements/{statement.slug}/release/"
    fields = {"release_at": "2026-11-25T10:00", "version": statement.version}

    answers = [of_chair.post(address, fields).status_code for _turn in range(2)]

    assert answers == [302, 409]


def test_the_chair_withdraws_on_the_page(statement, chair, of_chair, of_unfpa):
    plan(statement, chair)
    statement.refresh_from_db()
    address = f"/statements/{statement.slug}/release/withdraw/"

    assert of_unfpa.post(address, {"version": statement.version}).status_code == 403
    assert "Withdraw the planned release" in (
        of_chair.get(f"/statements/{statement.slug}/release/").content.decode()
    )
    assert of_chair.post(address, {}).status_code == 409
    assert of_chair.post(address, {"version": statement.version}).status_code == 302
    statement.refresh_from_db()
    assert statement.release_planned_for is None


def test_a_text_in_clearance_says_until_when_it_is_not_public(cast, chair, of_unfpa, of_chair):
    step = ready(cast, chair)
    plan(step.statement, chair)
    address = f"/statements/{step.statement.slug}/"

    for reader in (of_unfpa, of_chair):
        page = reader.get(f"{address}positions/").content.decode()
        assert "Not public until" in page
        assert 'datetime="2026-11-25T10:00+01:00' in page
    assert "you are asked again" in of_chair.get(f"{address}release/").content.decode()
