"""Minutes are written beside the agenda, circulated, adopted, and never change after that."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from coordination.core.errors import FarFromToday, NotAllowed, Stale
from coordination.meetings.actions import agenda as agenda_acts
from coordination.meetings.actions import meetings
from coordination.meetings.actions import minutes as acts
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.actions.minutes import ParagraphInput
from coordination.meetings.enums import MeetingState, MinutesState, ParagraphKind
from coordination.meetings.errors import (
    MeetingOver,
    MinutesFixed,
    MinutesNotReady,
    NotBegun,
    ParagraphIncomplete,
    RecordAgreed,
)
from coordination.meetings.models import ActionItem, Decision, Meeting, Minutes
from coordination.meetings.queries import minutes as reads
from coordination.meetings.tests.factories import DecisionFactory, MeetingFactory
from coordination.meetings.tests.writing import (
    DECISION,
    DUE,
    HELD_AT,
    INFORMATION,
    UNTIL,
    action,
    adopted_minutes,
    circulated_minutes,
    held_meeting,
    written,
)
from coordination.members.models import Appointment
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def texts(meeting):
    """Return (agenda item, paragraphs) of a meeting's page, without empty sections."""
    agenda = Meeting.objects.prefetch_related("agenda").get(pk=meeting.pk)
    return [
        (
            section.item and section.item.title,
            [(line.number, line.paragraph.text) for line in section.lines],
        )
        for section in reads.minutes_page(agenda).sections
        if section.lines
    ]


def test_the_first_paragraph_begins_the_minutes(chair):
    meeting = held_meeting()
    [_first, second] = meeting.agenda.all()

    acts.add_paragraph(meeting, None, ParagraphInput("Closed at noon."), by=chair, at=NOW)
    acts.add_paragraph(meeting, second, DECISION, by=chair, at=NOW)
    written(meeting, chair, INFORMATION)

    assert Minutes.objects.get().state == MinutesState.DRAFT
    assert texts(meeting) == [
        ("Remittances", [(1, "The chair reported on remittances.")]),
        ("Next meeting", [(2, "The group decided to meet in Turin.")]),
        (None, [(3, "Closed at noon.")]),
    ]


def test_each_change_keeps_who_wrote_what(chair, chair_colleague):
    meeting = held_meeting()
    [paragraph] = written(meeting, chair, INFORMATION)

    acts.edit_paragraph(
        paragraph, ParagraphInput("The chair told all."), version=1, by=chair_colleague, at=NOW
    )

    newest, oldest = paragraph.history.all()
    assert [(row.history_user, row.text) for row in (oldest, newest)] == [
        (chair, "The chair reported on remittances."),
        (chair_colleague, "The chair told all."),
    ]


def test_the_second_of_two_editors_is_told_what_the_first_wrote(chair, chair_colleague):
    [paragraph] = written(held_meeting(), chair, INFORMATION)
    acts.edit_paragraph(paragraph, ParagraphInput("First."), version=1, by=chair, at=NOW)

    with pytest.raises(Stale) as stale:
        acts.edit_paragraph(
            paragraph, ParagraphInput("Second."), version=1, by=chair_colleague, at=NOW
        )

    assert stale.value.current.text == "First."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"owners": ()}, "owners"),
        ({"due_day": None}, "due_day"),
        ({"text": "x" * 301}, "text"),
    ],
)
def test_an_action_names_who_acts_and_until_when(chair, unfpa, change, field):
    with pytest.raises(ParagraphIncomplete) as refused:
        written(held_meeting(), chair, replace(action(unfpa), **change))

    assert refused.value.field == field


def test_a_due_day_in_another_age_is_refused(chair, unfpa):
    with pytest.raises(FarFromToday):
        written(held_meeting(), chair, action(unfpa, due_day=date(2062, 12, 1)))


def test_only_an_action_keeps_owners_and_a_due_day(chair, unfpa):
    meeting = held_meeting()
    [paragraph] = written(meeting, chair, action(unfpa))

    changed = replace(action(unfpa), kind=ParagraphKind.INFORMATION)
    saved = acts.edit_paragraph(paragraph, changed, version=1, by=chair, at=NOW)

    assert (list(saved.owners.all()), saved.due_day, saved.version) == ([], None, 2)


def test_a_removed_paragraph_can_be_restored(chair):
    meeting = held_meeting()
    first, _second = written(meeting, chair, INFORMATION, DECISION)

    removed = acts.remove_paragraph(first, version=1, by=chair, at=NOW)
    assert texts(meeting) == [("Remittances", [(1, "The group decided to meet in Turin.")])]

    acts.restore_paragraph(removed, version=2, by=chair, at=NOW)
    assert [number for number, _text in texts(meeting)[0][1]] == [1, 2]


def test_paragraphs_change_places_within_their_item(chair):
    meeting = held_meeting()
    first, second = written(meeting, chair, INFORMATION, DECISION)

    acts.move_paragraph(second, up=True, version=1, by=chair, at=NOW)
    assert [text for _number, text in texts(meeting)[0][1]] == [DECISION.text, INFORMATION.text]

    acts.move_paragraph(second, up=True, version=2, by=chair, at=NOW)  # it is the first already
    first.refresh_from_db()
    acts.move_paragraph(first, up=True, version=first.version, by=chair, at=NOW)
    first.refresh_from_db()
    acts.move_paragraph(first, up=False, version=first.version, by=chair, at=NOW)
    assert [text for _number, text in texts(meeting)[0][1]] == [DECISION.text, INFORMATION.text]


def test_minutes_are_written_once_the_meeting_has_begun_and_was_not_cancelled(chair):
    with pytest.raises(NotBegun):
        written(held_meeting(slug="coming", starts_at=NOW + timedelta(hours=1)), chair, INFORMATION)
    with pytest.raises(MeetingOver):
        written(held_meeting(slug="gone", state=MeetingState.CANCELLED), chair, INFORMATION)

    assert not Minutes.objects.exists()


def test_only_those_who_keep_the_minutes_write_them(focal_point, terms):
    with pytest.raises(NotAllowed):
        written(held_meeting(), focal_point, INFORMATION)


def test_an_unfinished_draft_passes_to_the_next_chair(chair, incoming_chair):
    meeting = held_meeting()
    [paragraph] = written(meeting, chair, INFORMATION)
    after_the_turn = datetime.fromisoformat("2027-02-15T09:00:00+00:00")

    with pytest.raises(NotAllowed):  # the days of grace of the former chair are over
        acts.edit_paragraph(paragraph, DECISION, version=1, by=chair, at=after_the_turn)
    saved = acts.edit_paragraph(
        paragraph, DECISION, version=1, by=incoming_chair, at=after_the_turn
    )

    assert saved.text == DECISION.text
    assert [(step.what, step.verb) for step in reads.minutes_steps(after_the_turn)] == [
        (meeting.title, "Finish the minutes")
    ]


def test_circulating_numbers_decisions_and_gives_each_agency_its_action(chair, unfpa, ohchr):
    earlier = DecisionFactory(meeting=MeetingFactory(starts_at=HELD_AT), year=2026, serial=7)
    minutes = circulated_minutes(chair, INFORMATION, DECISION, action(unfpa, ohchr))

    assert (minutes.state, minutes.circulated_at, minutes.corrections_until) == (
        MinutesState.CIRCULATED,
        NOW,
        UNTIL,
    )
    decision = Decision.objects.exclude(pk=earlier.pk).get()
    assert (decision.register_number, decision.number, decision.text) == (
        "2026/8",
        1,
        "The group decided to meet in Turin.",
    )
    assert [
        (item.number, item.title, item.agency, item.due_day) for item in ActionItem.objects.all()
    ] == [(1, "Write to the host.", ohchr, DUE), (2, "Write to the host.", unfpa, DUE)]
    assert Meeting.objects.get(slug="held").state == MeetingState.HELD


def test_a_meeting_that_is_held_already_is_not_changed_by_its_minutes(chair):
    meeting = held_meeting(state=MeetingState.HELD)
    written(meeting, chair, INFORMATION)

    acts.circulate_minutes(Minutes.objects.get(), UNTIL, version=1, by=chair, at=NOW)

    assert Meeting.objects.get(slug="held").version == meeting.version


def test_a_removed_paragraph_decides_nothing(chair):
    meeting = held_meeting()
    decision, _information = written(meeting, chair, DECISION, INFORMATION)
    acts.remove_paragraph(decision, version=1, by=chair, at=NOW)

    acts.circulate_minutes(Minutes.objects.get(), UNTIL, version=1, by=chair, at=NOW)

    assert not Decision.objects.exists()


def test_minutes_are_circulated_with_words_and_with_time(chair):
    meeting = held_meeting()
    [paragraph] = written(meeting, chair, INFORMATION)
    minutes = Minutes.objects.get()

    with pytest.raises(MinutesNotReady, match="This moment has passed."):
        acts.circulate_minutes(minutes, NOW, version=1, by=chair, at=NOW)
    with pytest.raises(FarFromToday):
        far = datetime.fromisoformat("2062-01-01T09:00:00+00:00")
        acts.circulate_minutes(minutes, far, version=1, by=chair, at=NOW)
    acts.remove_paragraph(paragraph, version=1, by=chair, at=NOW)
    with pytest.raises(MinutesNotReady, match="Write at least one paragraph first."):
        acts.circulate_minutes(minutes, UNTIL, version=1, by=chair, at=NOW)


def test_circulated_minutes_are_not_written_any_more(chair):
    minutes = circulated_minutes(chair)
    paragraph = minutes.paragraphs.get()

    with pytest.raises(MinutesFixed):
        acts.edit_paragraph(paragraph, DECISION, version=1, by=chair, at=NOW)
    with pytest.raises(MinutesFixed):
        acts.circulate_minutes(minutes, UNTIL, version=2, by=chair, at=NOW)


def test_a_later_meeting_adopts_the_minutes(chair):
    minutes = adopted_minutes(chair)

    assert (minutes.state, minutes.adopted_by_meeting.slug, minutes.adopted_at) == (
        MinutesState.ADOPTED,
        "later",
        NOW + timedelta(hours=1),
    )
    assert reads.minutes_steps(NOW + timedelta(hours=2)) == []


def test_minutes_are_not_adopted_too_early(chair, focal_point):
    meeting = held_meeting()
    written(meeting, chair, INFORMATION)
    minutes, later = Minutes.objects.get(), MeetingFactory(slug="later", starts_at=NOW)

    def adopt(by=chair, at=NOW, meeting=later):
        fresh = Minutes.objects.get()
        return acts.adopt_minutes(fresh, meeting, version=fresh.version, by=by, at=at)

    with pytest.raises(MinutesFixed, match="Draft minutes are circulated first."):
        adopt()
    acts.circulate_minutes(minutes, UNTIL, version=1, by=chair, at=NOW)
    with pytest.raises(MinutesNotReady, match="Agencies may still propose corrections."):
        adopt()
    with pytest.raises(NotAllowed):
        adopt(by=focal_point, at=UNTIL)
    with pytest.raises(MinutesNotReady, match="Choose a later meeting that has begun."):
        adopt(at=UNTIL, meeting=meeting)
    adopt(at=UNTIL)
    with pytest.raises(MinutesFixed, match="These minutes are adopted already."):
        adopt(at=UNTIL)


def test_a_corrigendum_stands_beside_adopted_minutes(chair):
    minutes = adopted_minutes(chair)
    paragraph = minutes.paragraphs.get()

    for number in (1, 2):
        issued = acts.issue_corrigendum(
            paragraph, "Read: 2025.", "A wrong year.", by=chair, at=NOW + timedelta(days=1)
        )
        assert (issued.number, issued.text) == (number, "Read: 2025.")

    paragraph.refresh_from_db()
    assert paragraph.text == INFORMATION.text


def test_only_adopted_minutes_have_corrigenda(chair):
    minutes = circulated_minutes(chair)

    with pytest.raises(MinutesFixed):
        acts.issue_corrigendum(minutes.paragraphs.get(), "A", "B", by=chair, at=NOW)


def test_the_chair_is_asked_for_what_is_due_of_minutes(chair):
    def steps(at=NOW):
        return [(step.verb, step.why) for step in reads.minutes_steps(at)]

    meeting = held_meeting()
    assert steps() == [("Write the minutes", "The meeting has no minutes yet")]
    assert steps(NOW + timedelta(days=30)) == []
    written(meeting, chair, INFORMATION)
    assert steps() == [("Finish the minutes", "The minutes are a draft")]
    acts.circulate_minutes(Minutes.objects.get(), UNTIL, version=1, by=chair, at=NOW)
    assert steps() == []
    assert steps(UNTIL) == []  # no later meeting has begun
    MeetingFactory(starts_at=NOW, outcome="Met.")
    assert steps(UNTIL) == [("Record that the minutes are adopted", "No correction is open")]


def test_nobody_is_asked_for_minutes_of_a_meeting_with_an_outcome(chair):
    held_meeting(outcome="All agreed.")

    assert reads.minutes_steps(NOW) == []


def test_a_decision_of_no_minutes_has_no_number_of_the_register():
    assert Decision(number=1, text="To wait.").register_number == ""


def test_the_chair_of_an_agency_that_left_keeps_nothing(chair):
    Appointment.objects.filter(person=chair).update(last_day=date(2026, 11, 1))

    with pytest.raises(NotAllowed):
        written(held_meeting(), chair, INFORMATION)


def test_a_line_without_a_decision_has_none(chair):
    meeting = held_meeting()
    written(meeting, chair, INFORMATION)
    agenda = Meeting.objects.prefetch_related("agenda").get(pk=meeting.pk)

    [line] = reads.minutes_page(agenda).sections[0].lines

    assert line.decision is None
    with pytest.raises(ObjectDoesNotExist):
        assert line.paragraph.decision


def test_the_agenda_is_a_part_of_circulated_minutes(chair):
    meeting = circulated_minutes(chair).meeting
    meeting.refresh_from_db()
    item = meeting.agenda.first()
    lines = "\n".join(each.title for each in meeting.agenda.all())
    details = MeetingDetails(
        meeting.title, meeting.kind, meeting.starts_at, meeting.ends_at, "UTC", agenda=lines
    )

    with pytest.raises(MinutesFixed):
        agenda_acts.move_agenda_item(item, up=False, version=item.version, by=chair, at=NOW)
    with pytest.raises(MinutesFixed) as refused:
        meetings.edit_meeting(
            meeting,
            replace(details, agenda=f"{lines}\nMore"),
            version=meeting.version,
            by=chair,
            at=NOW,
        )
    assert refused.value.field == "agenda"
    saved = meetings.edit_meeting(meeting, details, version=meeting.version, by=chair, at=NOW)
    assert saved.time_zone == "UTC"


def test_the_minutes_of_an_agreed_record_do_not_change(chair):
    meeting = held_meeting(agreed_at=NOW)

    with pytest.raises(RecordAgreed):
        written(meeting, chair, INFORMATION)


def test_the_minutes_say_who_was_not_there_for_an_item(chair, unfpa, ohchr):
    meeting = held_meeting()
    absent = ParagraphInput("", ParagraphKind.ABSENT, (unfpa, ohchr), DUE)

    [paragraph] = written(meeting, chair, absent)

    assert (list(paragraph.owners.all()), paragraph.due_day) == ([ohchr, unfpa], None)
    with pytest.raises(ParagraphIncomplete, match="Choose at least one agency."):
        written(meeting, chair, replace(absent, owners=()))
    with pytest.raises(ParagraphIncomplete, match="Write the paragraph."):
        written(meeting, chair, replace(INFORMATION, text=" "))
