"""Agencies propose corrections of circulated minutes; the chair takes, adapts or declines them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.meetings.actions import corrections as acts
from coordination.meetings.actions import items
from coordination.meetings.actions import minutes as minutes_acts
from coordination.meetings.actions.corrections import ProposedCorrection
from coordination.meetings.enums import ActionState, CorrectionKind, CorrectionState
from coordination.meetings.errors import CorrectionSettled, MinutesNotReady, ParagraphIncomplete
from coordination.meetings.models import ActionItem, Decision, Meeting
from coordination.meetings.queries import minutes as reads
from coordination.meetings.tests.factories import MeetingFactory
from coordination.meetings.tests.writing import (
    DECISION,
    INFORMATION,
    UNTIL,
    action,
    circulated_minutes,
)
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CHANGE = ProposedCorrection(CorrectionKind.CHANGE, "The chair reported on costs.", "As we said.")
ADD = ProposedCorrection(CorrectionKind.ADD, "UNFPA disagreed.")
REMOVE = ProposedCorrection(CorrectionKind.REMOVE, "")


@pytest.fixture
def minutes(chair):
    return circulated_minutes(chair, INFORMATION, DECISION)


@pytest.fixture
def propose(minutes, focal_point, unfpa):
    """Return a function that proposes a correction to a paragraph for UNFPA."""

    def proposed(what=CHANGE, number=0):
        paragraph = minutes.paragraphs.all()[number]
        return acts.propose_correction(paragraph, unfpa, what, by=focal_point, at=NOW)

    return proposed


def texts(minutes):
    agenda = Meeting.objects.prefetch_related("agenda").get(pk=minutes.meeting_id)
    page = reads.minutes_page(agenda)
    return [line.paragraph.text for section in page.sections for line in section.lines]


def line_of(minutes, correction):
    """Return a correction as the page shows it."""
    agenda = Meeting.objects.prefetch_related("agenda").get(pk=minutes.meeting_id)
    [found] = [
        each
        for section in reads.minutes_page(agenda).sections
        for line in section.lines
        for each in line.corrections
        if each.correction == correction
    ]
    return found


def test_a_correction_shows_the_words_that_it_changes(minutes, propose):
    shown = line_of(minutes, propose())

    assert [(segment.kind, segment.text) for segment in shown.segments] == [
        ("keep", "The chair reported on "),
        ("delete", "remittances"),
        ("insert", "costs"),
        ("keep", "."),
    ]
    assert shown.result == "The chair reported on costs."


def test_a_correction_that_is_taken_changes_the_minutes(minutes, propose, chair):
    taken = acts.take_correction(propose(), CHANGE.text, version=1, by=chair, at=NOW)

    assert (taken.state, taken.decided_at) == (CorrectionState.TAKEN, NOW)
    assert texts(minutes) == ["The chair reported on costs.", DECISION.text]
    assert minutes.paragraphs.first().history.first().history_user == chair


def test_other_words_of_the_chair_adapt_it(minutes, propose, chair):
    adapted = acts.take_correction(
        propose(), "The chair spoke.", "Shorter.", version=1, by=chair, at=NOW
    )

    assert (adapted.state, adapted.answer) == (CorrectionState.ADAPTED, "Shorter.")
    assert texts(minutes)[0] == "The chair spoke."


def test_a_new_paragraph_stands_after_the_one_it_names(minutes, propose, chair):
    acts.take_correction(propose(ADD), ADD.text, version=1, by=chair, at=NOW)

    assert texts(minutes) == [INFORMATION.text, "UNFPA disagreed.", DECISION.text]


def test_a_decision_that_is_removed_keeps_its_number(minutes, propose, chair):
    removal = propose(REMOVE, number=1)
    late = propose(replace(CHANGE, text="The group decided nothing."), number=1)

    acts.take_correction(removal, "", version=1, by=chair, at=NOW)

    assert texts(minutes) == [INFORMATION.text]
    decision = Decision.objects.get()
    assert (decision.register_number, decision.is_withdrawn) == ("2026/1", True)
    with pytest.raises(CorrectionSettled, match="removed by another correction"):
        acts.take_correction(late, late.text, version=2, by=chair, at=NOW)


def test_a_decision_follows_its_corrected_paragraph(propose, chair):
    correction = propose(replace(CHANGE, text="The group decided to meet in Rome."), number=1)

    acts.take_correction(correction, correction.text, version=1, by=chair, at=NOW)

    assert Decision.objects.get().text == "The group decided to meet in Rome."


def test_action_items_follow_their_corrected_paragraph(chair, focal_point, unfpa, ohchr):
    minutes = circulated_minutes(chair, action(unfpa, ohchr))
    paragraph = minutes.paragraphs.get()
    done = ActionItem.objects.get(agency=ohchr)
    items.update_action_item(done, "done", note="", version=1, by=chair, at=NOW)

    def take(what, version):
        correction = acts.propose_correction(paragraph, unfpa, what, by=focal_point, at=NOW)
        acts.take_correction(correction, correction.text, version=version, by=chair, at=NOW)

    take(replace(CHANGE, text="Write to both hosts."), 1)
    assert {item.title for item in ActionItem.objects.all()} == {"Write to both hosts."}
    take(REMOVE, 2)
    assert [
        (item.agency.acronym, item.state, item.settled_at) for item in ActionItem.objects.all()
    ] == [("OHCHR", ActionState.DONE, NOW), ("UNFPA", ActionState.DROPPED, NOW)]


def test_a_correction_of_an_action_fits_an_action_item(chair, focal_point, unfpa):
    minutes = circulated_minutes(chair, action(unfpa))
    paragraph = minutes.paragraphs.get()

    with pytest.raises(ParagraphIncomplete, match="at most 300 characters"):
        long = replace(CHANGE, text="x" * 301)
        acts.propose_correction(paragraph, unfpa, long, by=focal_point, at=NOW)
    correction = acts.propose_correction(paragraph, unfpa, CHANGE, by=focal_point, at=NOW)
    with pytest.raises(ParagraphIncomplete, match="at most 300 characters"):
        acts.take_correction(correction, "x" * 301, version=1, by=chair, at=NOW)


def test_two_corrections_of_other_words_are_both_taken(minutes, propose, chair):
    first = propose(replace(CHANGE, text="UNESCO reported on remittances."))
    second = propose(replace(CHANGE, text="The chair reported on remittances and costs."))

    acts.take_correction(first, first.text, version=1, by=chair, at=NOW)
    shown = line_of(minutes, second)
    acts.take_correction(second, shown.result, version=2, by=chair, at=NOW)

    second.refresh_from_db()
    assert texts(minutes)[0] == "UNESCO reported on remittances and costs."
    assert second.state == CorrectionState.TAKEN


def test_a_correction_of_words_that_were_changed_needs_a_person(minutes, propose, chair):
    first, second = propose(), propose(replace(CHANGE, text="The chair reported on fees."))

    acts.take_correction(first, first.text, version=1, by=chair, at=NOW)

    shown = line_of(minutes, second)
    assert shown.result is None
    assert [segment.text for segment in shown.segments if segment.kind != "keep"] == [
        "remittances",
        "fees",
    ]


def test_the_second_of_two_who_decide_sees_what_the_first_did(propose, chair, chair_colleague):
    first, second = propose(), propose(replace(CHANGE, text="The chair reported on fees."))
    acts.take_correction(first, first.text, version=1, by=chair, at=NOW)

    with pytest.raises(Stale) as stale:
        acts.take_correction(second, second.text, version=1, by=chair_colleague, at=NOW)

    assert stale.value.current.text == "The chair reported on costs."


def test_a_declined_correction_has_an_answer(minutes, propose, chair):
    correction = propose()

    with pytest.raises(ParagraphIncomplete) as refused:
        acts.decline_correction(correction, " ", by=chair, at=NOW)
    assert refused.value.field == "answer"
    declined = acts.decline_correction(correction, "Nobody said so.", by=chair, at=NOW)

    assert (declined.state, declined.answer) == (CorrectionState.DECLINED, "Nobody said so.")
    assert texts(minutes)[0] == INFORMATION.text
    assert line_of(minutes, declined).result is None


def test_a_settled_correction_is_not_settled_again(propose, chair, focal_point):
    correction = propose()
    withdrawn = acts.withdraw_correction(correction, by=focal_point, at=NOW)

    assert withdrawn.state == CorrectionState.WITHDRAWN
    with pytest.raises(CorrectionSettled, match="This correction is settled: withdrawn."):
        acts.take_correction(correction, CHANGE.text, version=1, by=chair, at=NOW)


def test_an_open_correction_holds_up_the_adoption(minutes, propose, chair):
    propose()
    later = MeetingFactory(starts_at=NOW + timedelta(hours=1), outcome="Met.")
    at = UNTIL + timedelta(hours=1)

    with pytest.raises(MinutesNotReady, match="Decide the open corrections first."):
        minutes_acts.adopt_minutes(minutes, later, version=2, by=chair, at=at)
    assert [(step.verb, step.why) for step in reads.minutes_steps(at)] == [
        ("Decide the corrections", "1 correction is open")
    ]


def test_no_correction_is_decided_after_the_adoption(minutes, propose, chair, focal_point):
    correction = propose()
    minutes.state = "adopted"
    minutes.adopted_at, minutes.adopted_by_meeting = NOW, minutes.meeting
    minutes.save()

    with pytest.raises(CorrectionSettled, match="These minutes are adopted."):
        acts.decline_correction(correction, "Too late.", by=chair, at=NOW)


def test_nobody_corrects_for_another_agency_nor_decides_without_the_chair(
    minutes, propose, focal_point, other_agency, ohchr
):
    with pytest.raises(NotAllowed):
        acts.propose_correction(minutes.paragraphs.first(), ohchr, CHANGE, by=focal_point, at=NOW)
    correction = propose()
    with pytest.raises(NotAllowed):
        acts.withdraw_correction(correction, by=other_agency, at=NOW)
    with pytest.raises(NotAllowed):
        acts.take_correction(correction, CHANGE.text, version=1, by=focal_point, at=NOW)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (replace(CHANGE, text=""), "text"),
        (replace(CHANGE, text=INFORMATION.text), "text"),
        (replace(ADD, text=""), "text"),
    ],
)
def test_a_correction_says_something_new(propose, what, field):
    with pytest.raises(ParagraphIncomplete) as refused:
        propose(what)

    assert refused.value.field == field


def test_a_correction_is_not_taken_as_an_empty_text(propose, chair):
    with pytest.raises(ParagraphIncomplete, match="Write how the paragraph shall read."):
        acts.take_correction(propose(), " ", version=1, by=chair, at=NOW)


def test_corrections_come_until_the_deadline(minutes, focal_point, unfpa):
    with pytest.raises(CorrectionSettled):
        acts.propose_correction(minutes.paragraphs.first(), unfpa, CHANGE, by=focal_point, at=UNTIL)
