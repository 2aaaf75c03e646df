"""The least time to amend and of a silence, hours at which nobody works, and who had a silence whole."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.core.models import Group
from coordination.core.tests.pages import tidy
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import drafts, positions
from coordination.statements.due import clearance, short
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.errors import PositionsMissing, TooShort
from coordination.statements.queries.deadline_hints import Office, deadline_hint
from coordination.statements.queries.positions import missing_positions_at
from coordination.statements.tests.factories import (
    CIRCULATED,
    DEADLINE,
    circulated,
    drafted,
    in_clearance,
)
from coordination.statements.tests.pages import form_of, required, url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW, appointed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HOUR = timedelta(hours=1)
WHY = "The General Assembly votes tonight."
TOO_SHORT = (
    "In this group agencies have at least 72 hours: choose Thu 26 Nov 2026, 10:00 (Paris) or later."
)


@pytest.fixture
def members(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    return {unfpa: focal_point, ohchr: other_agency, unesco: chair, who: incoming_chair}


def consolidated():
    return circulated(StatementState.CONSOLIDATION)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("circulate", drafted),
        ("issue", consolidated),
        ("reopen_amendments", consolidated),
    ],
)
def test_a_silence_or_time_for_amendments_of_minutes_is_refused_beside_its_field(
    members, of_chair, name, make
):
    draft = make()
    path = url(name, draft)
    page = of_chair.get(path)

    refused = of_chair.post(path, form_of(page, deadline="2026-11-23T10:04"))

    assert refused.status_code == 422
    assert refused.context["form"].errors["deadline"][0].startswith(TOO_SHORT)
    draft.statement.refresh_from_db()
    assert draft.statement.short_reason == ""
    taken = of_chair.post(path, form_of(page, deadline="2026-11-26T10:00"))
    assert taken.status_code == 302


def test_a_short_silence_has_a_reason_and_a_name_that_all_focal_points_read(
    members, group, of_chair, of_unfpa, chair
):
    draft = consolidated()
    path = url("issue", draft)

    of_chair.post(path, form_of(of_chair.get(path), deadline="2026-11-23T16:00", short_reason=WHY))

    step = draft.statement.steps.get()
    assert (step.short_reason, step.short_by) == (WHY, chair)
    page = tidy(of_unfpa.get(url("positions", step)).content.decode())
    assert f"The silence is shorter than usual: “{WHY}” {chair.name}, for the chair" in page
    assert f"Shorter than usual: “{WHY}”" in of_unfpa.get(url("show", step)).content.decode()
    history = of_unfpa.get(url("history", step)).content.decode()
    assert f"Opened for less than 72 hours: {WHY}" in history
    mails = list(short.short_deadlines(NOW + HOUR))
    assert {item.person_id for item in mails} == {person.pk for person in members.values()}
    subject, text, html = mail(mails[0], group)
    assert subject.startswith("Silence ends soon, Mon 23 Nov 10:00 New York: ")
    assert "This is less than the 72 hours that agencies have in this group." in tidy(text)
    assert f"“{WHY}”\n{chair.name}, for the chair" in text
    assert WHY in html
    assert list(short.short_deadlines(step.deadline)) == []


def test_a_short_time_for_amendments_is_told_with_its_reason(members, group, of_unfpa, chair):
    draft = drafted()
    why = drafts.Confirmation(WHY)
    drafts.circulate_draft(draft, deadline=NOW + HOUR, confirmed=why, by=chair, at=NOW)

    assert f"Shorter than usual: “{WHY}” ({chair.name})" in tidy(
        of_unfpa.get(url("show", draft)).content.decode()
    )
    mails = list(short.short_deadlines(NOW))
    assert {item.person_id for item in mails} == {person.pk for person in members.values()}
    subject, text, _html = mail(mails[0], group)
    assert subject.startswith("Amendments close soon, Mon 23 Nov 05:00 New York: ")
    assert WHY in text
    assert WHY in of_unfpa.get(url("history", draft)).content.decode()


def test_the_least_length_is_a_setting_of_the_group(members, chair):
    Group.objects.update(silence_hours_min=2, amendment_hours_min=1)

    drafts.circulate_draft(drafted(), deadline=NOW + HOUR, by=chair, at=NOW)
    issue = {"to": StatementState.CLEARANCE, "by": chair, "at": NOW}
    with pytest.raises(TooShort):
        drafts.issue_draft(consolidated().statement, deadline=NOW + HOUR, **issue)
    drafts.issue_draft(consolidated().statement, deadline=NOW + 2 * HOUR, **issue)


def test_a_step_in_which_all_must_speak_may_be_short(members, chair):
    step = in_clearance()
    for agency, person in members.items():
        positions.take_position(
            step,
            positions.PositionInput(PositionKind.APPROVE, step.draft.sha256),
            agency=agency,
            by=person,
            at=NOW,
        )

    following = positions.open_next_step(step.statement, deadline=NOW + HOUR, by=chair, at=NOW)

    assert following.short_reason == ""


def test_a_restarted_silence_is_as_long_as_a_new_one_and_more_time_is_always_allowed(
    members, unfpa, focal_point, chair
):
    step = in_clearance(silence=True)
    more = positions.extend_step(
        step.statement, deadline=DEADLINE + HOUR, reason="More time.", by=chair, at=DEADLINE - HOUR
    )
    assert (more.short_reason, more.silent_since) == ("", CIRCULATED)
    for kind in (PositionKind.OBJECT, PositionKind.APPROVE):
        positions.take_position(
            step,
            positions.PositionInput(kind, step.draft.sha256, "Why."),
            agency=unfpa,
            by=focal_point,
            at=NOW,
        )
    restart = {"reason": "The objection is lifted.", "by": chair, "at": NOW}
    with pytest.raises(TooShort):
        positions.extend_step(step.statement, deadline=NOW + HOUR, **restart)

    begun = positions.extend_step(step.statement, deadline=NOW + 72 * HOUR, **restart)

    assert (begun.broken_at, begun.silent_since) == (None, NOW)


# hours at which nobody works


GENEVA = ("Geneva", ZoneInfo("Europe/Zurich"))
OFFICES = [Office(*GENEVA), Office("New York", ZoneInfo("America/New_York"))]


@pytest.mark.parametrize(
    ("deadline", "hint"),
    [
        ("2026-11-26T16:00", ""),
        ("2026-11-26T20:00", ""),  # 15:00 in New York
        (
            "2026-11-28T09:00",
            "This is a Saturday in Geneva. You may set it; few people read mail then.",
        ),
        (
            "2026-11-27T02:00",
            "No agency is at work then (Monday to Friday, 9:00 to 17:00): Geneva 03:00 and New York 21:00. You may set it.",
        ),
    ],
)
def test_a_deadline_at_which_nobody_works_is_pointed_out(deadline, hint):
    moment = datetime.fromisoformat(deadline).replace(tzinfo=UTC)

    assert deadline_hint(moment, GENEVA[1], GENEVA[0], OFFICES) == hint


def test_a_weekend_is_pointed_out_before_it_is_set_and_not_refused(members, of_chair):
    draft = drafted()
    path = url("circulate", draft)
    saturday = "2026-11-28T12:00"

    typing = of_chair.get(path, {"deadline": saturday}, headers={"HX-Request": "true"})
    checked = of_chair.post(path, form_of(of_chair.get(path), deadline=saturday) | {"keep": "yes"})

    for page in (typing, checked):
        assert "This is a Saturday in Geneva." in page.content.decode()
    draft.refresh_from_db()
    assert draft.circulated_at is None
    assert of_chair.post(path, form_of(checked)).status_code == 302


# who has had a silence whole


@pytest.fixture
def fao():
    joined = AgencyFactory(acronym="FAO", city="Rome", time_zone="Europe/Rome")
    MembershipFactory(agency=joined, first_day=(CIRCULATED + timedelta(days=2)).date())
    appointed("Lucía Prado", "lucia.prado@fao.example.org", joined)
    return joined


def test_who_joins_while_a_silence_runs_never_approves_by_it(members, fao, chair, of_unfpa, group):
    step = in_clearance(silence=True)

    running = missing_positions_at(step, NOW)
    assert running.late == (fao,)
    assert running.sentence.endswith("FAO joined after the silence began and must speak.")
    (ask,) = required([fao], NOW.date(), NOW)
    assert ask.why == "FAO has not spoken yet."
    asked = [item for item in clearance.waiting_positions(NOW) if item.context["agency"] == fao]
    _subject, text, _html = mail(asked[0], group)
    assert "FAO joined after the silence began, so its silence does not count as approval." in text
    assert "Silence until then counts as approval." not in text

    after = missing_positions_at(step, DEADLINE)
    assert (after.waiting, [agency.acronym for agency in after.silent]) == (
        (fao,),
        ["OHCHR", "UNESCO", "UNFPA", "WHO"],
    )
    with pytest.raises(PositionsMissing):
        positions.open_next_step(
            step.statement, deadline=DEADLINE + 99 * HOUR, by=chair, at=DEADLINE + HOUR
        )
    (again,) = clearance.waiting_positions(DEADLINE + HOUR)
    assert (again.context["agency"], again.stage) == (fao, "after silence")
    assert mail(again, group)[0] == f"Approve or object for FAO: {step.statement.title}"


def test_an_agency_of_the_first_day_of_a_restarted_silence_has_it_whole(
    members, fao, unfpa, focal_point, chair
):
    step = in_clearance(silence=True)
    for kind in (PositionKind.OBJECT, PositionKind.APPROVE):
        positions.take_position(
            step,
            positions.PositionInput(kind, step.draft.sha256, "Why."),
            agency=unfpa,
            by=focal_point,
            at=NOW,
        )
    end = NOW + 72 * HOUR
    step = positions.extend_step(step.statement, deadline=end, reason="Anew.", by=chair, at=NOW)

    assert fao in missing_positions_at(step, end).silent
