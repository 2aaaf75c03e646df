"""The page of the minutes, as its writers and its readers see it."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.test import Client

from coordination.meetings.actions import corrections as correction_acts
from coordination.meetings.actions import minutes as acts
from coordination.meetings.actions.corrections import ProposedCorrection
from coordination.meetings.actions.minutes import ParagraphInput
from coordination.meetings.enums import (
    CorrectionKind,
    CorrectionState,
    MinutesState,
    ParagraphKind,
)
from coordination.meetings.models import Minutes, MinutesCorrection, MinutesParagraph
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.meetings.tests.writing import (
    DECISION,
    INFORMATION,
    UNTIL,
    action,
    adopted_minutes,
    circulated_minutes,
    held_meeting,
    written,
)
from coordination.members.tests.factories import AppointmentFactory
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/meetings/held/minutes/"
WRITTEN = {"text": "All agreed.", "kind": "information"}


def browser(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def of_chair(chair):
    return browser(chair)


@pytest.fixture
def of_unfpa(focal_point, terms):
    return browser(focal_point)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_chair_writes_paragraph_after_paragraph(of_chair):
    meeting = held_meeting()
    item = meeting.agenda.first()

    begun = of_chair.get(PAGE, {"at": item.pk})
    added = of_chair.post(f"{PAGE}write/", {**WRITTEN, "item": item.pk})

    assert "Nothing is written yet." in text_of(begun)
    paragraph = MinutesParagraph.objects.get()
    assert (paragraph.text, paragraph.item) == ("All agreed.", item)
    assert added.url == f"{PAGE}?at={item.pk}#paragraph-{paragraph.pk}"
    assert "Add the paragraph" in text_of(of_chair.get(added.url))


def test_a_paragraph_of_no_item_stands_under_other_matters(of_chair):
    held_meeting()

    of_chair.post(f"{PAGE}write/", {**WRITTEN, "item": 0})

    assert MinutesParagraph.objects.get().item is None
    assert "Add the paragraph" in text_of(of_chair.get(PAGE, {"at": 0}))


def test_what_is_missing_of_an_action_stands_beside_its_field(of_chair):
    held_meeting()

    page = of_chair.post(f"{PAGE}write/", {"text": "Write.", "kind": "action", "item": 0})

    assert page.status_code == 422
    assert "Choose at least one agency." in text_of(page)
    assert "Write." in text_of(page)


def test_a_day_in_another_age_is_refused(of_chair, unfpa):
    held_meeting()
    late = {"kind": "action", "owners": unfpa.pk, "due_day": "2222-01-01", "item": 0}

    page = of_chair.post(f"{PAGE}write/", {"text": "Write.", **late})

    assert "This is not a day on which something is due." in text_of(page)


def test_two_editors_of_one_paragraph_lose_nothing(of_chair, chair, chair_colleague):
    [paragraph] = written(held_meeting(), chair, INFORMATION)
    edit = f"{PAGE}{paragraph.pk}/"
    second = browser(chair_colleague)
    assert INFORMATION.text in text_of(second.get(PAGE, {"edit": paragraph.pk}))

    saved = of_chair.post(edit, {**WRITTEN, "text": "First words.", "version": 1})
    refused = second.post(edit, {**WRITTEN, "text": "Second words.", "version": 1})

    assert saved.url == f"{PAGE}#paragraph-{paragraph.pk}"
    assert refused.status_code == 409
    page = text_of(refused)
    assert "This paragraph was changed while you wrote" in page
    assert "Saved by Élodie Marchand" in page
    assert ("First" in page, "Second words." in page) == (True, True)
    both = second.post(edit, {**WRITTEN, "text": "First and second words.", "version": 2})
    assert both.status_code == 302
    paragraph.refresh_from_db()
    assert [row.text for row in paragraph.history.all()] == [
        "First and second words.",
        "First words.",
        INFORMATION.text,
    ]


def test_an_action_is_edited_with_its_owners(of_chair, chair, unfpa):
    [paragraph] = written(held_meeting(), chair, action(unfpa))

    form = text_of(of_chair.get(PAGE, {"edit": paragraph.pk}))
    refused = of_chair.post(f"{PAGE}{paragraph.pk}/", {"text": "", "version": 1})

    assert f'value="{unfpa.pk}"' in form
    assert "checked" in form
    assert refused.status_code == 422
    assert "Save the paragraph" in text_of(refused)


def test_paragraphs_are_moved_removed_and_restored(of_chair, chair):
    first, second = written(held_meeting(), chair, INFORMATION, DECISION)

    moved = of_chair.post(f"{PAGE}{second.pk}/up/", {"version": 1})
    removed = of_chair.post(f"{PAGE}{first.pk}/remove/", {"version": 1})
    late = of_chair.post(f"{PAGE}{first.pk}/remove/", {"version": 1})
    without = of_chair.post(f"{PAGE}{first.pk}/remove/")

    assert [each.status_code for each in (moved, removed, late, without)] == [302, 302, 409, 409]
    assert "Somebody changed this paragraph while you read." in text_of(late)
    restored = of_chair.post(f"{PAGE}{first.pk}/restore/", {"version": 2})
    assert restored.url == f"{PAGE}#paragraph-{first.pk}"
    of_chair.post(f"{PAGE}{first.pk}/down/", {"version": 3})
    assert not MinutesParagraph.objects.filter(is_removed=True).exists()


def test_a_draft_is_for_those_who_keep_it(of_unfpa, chair):
    written(held_meeting(), chair, INFORMATION)

    page = text_of(of_unfpa.get(PAGE))

    assert "The minutes are not circulated yet" in page
    assert INFORMATION.text not in page
    assert of_unfpa.get(f"{PAGE}history/").status_code == 403
    assert "Minutes" not in text_of(of_unfpa.get("/meetings/held/"))[3000:]


def test_there_is_nothing_to_write_before_the_meeting(of_chair):
    held_meeting(starts_at=NOW + timedelta(days=1))

    assert "There is nothing to write yet" in text_of(of_chair.get(PAGE))


def test_the_chair_circulates_and_agencies_read(of_chair, chair, of_unfpa, unfpa):
    written(held_meeting(), chair, INFORMATION, DECISION, action(unfpa))

    late = of_chair.post(
        f"{PAGE}circulate/", {"version": 1, "corrections_until": "2026-11-22T18:00"}
    )
    sent = of_chair.post(
        f"{PAGE}circulate/", {"version": 1, "corrections_until": "2026-12-03T18:00"}
    )

    assert late.status_code == 422
    assert "This moment has passed." in text_of(late)
    assert sent.url == PAGE
    page = text_of(of_unfpa.get(PAGE))
    assert "Decision 2026/1" in page
    assert "Propose a correction" in page
    assert "Read the minutes" in text_of(of_unfpa.get("/meetings/held/"))
    assert "Circulated the minutes" in text_of(of_unfpa.get(f"{PAGE}history/"))


def test_an_agency_proposes_and_withdraws_a_correction(of_unfpa, unfpa, chair):
    minutes = circulated_minutes(chair)
    paragraph = minutes.paragraphs.get()
    form = text_of(of_unfpa.get(PAGE, {"correct": paragraph.pk}))
    unchanged = {"kind": "change", "text": INFORMATION.text}

    assert "Propose the correction" in form
    refused = of_unfpa.post(f"{PAGE}{paragraph.pk}/correct/", {**unchanged, "agency": unfpa.pk})
    sent = of_unfpa.post(
        f"{PAGE}{paragraph.pk}/correct/",
        {"kind": "change", "text": "The chair spoke.", "agency": unfpa.pk},
    )

    assert refused.status_code == 422
    assert "This is the present text. Change it first." in text_of(refused)
    correction = MinutesCorrection.objects.get()
    assert sent.url == f"{PAGE}#correction-{correction.pk}"
    assert "Withdraw" in text_of(of_unfpa.get(PAGE))
    of_unfpa.post(f"{PAGE}corrections/{correction.pk}/withdraw/")
    assert MinutesCorrection.objects.get().state == CorrectionState.WITHDRAWN


@pytest.fixture
def correction(chair, focal_point, unfpa):
    minutes = circulated_minutes(chair)
    proposed = ProposedCorrection(CorrectionKind.CHANGE, "The chair spoke.", "Shorter.")
    return correction_acts.propose_correction(
        minutes.paragraphs.get(), unfpa, proposed, by=focal_point, at=NOW
    )


def test_the_chair_takes_a_correction(of_chair, correction):
    page = text_of(of_chair.get(PAGE))
    take = f"{PAGE}corrections/{correction.pk}/take/"

    refused = of_chair.post(take, {"text": "", "version": 1})
    taken = of_chair.post(take, {"text": "The chair spoke.", "version": 1})
    again = of_chair.post(take, {"text": "The chair spoke.", "version": 1})

    assert "1 correction is open." in page
    assert refused.status_code == 422
    assert "Write how the paragraph shall read." in text_of(refused)
    assert taken.url == f"{PAGE}#correction-{correction.pk}"
    assert again.status_code == 422
    assert "This correction is settled: taken." in text_of(again)
    assert "No correction is open." in text_of(of_chair.get(PAGE))


def test_the_chair_declines_a_correction_with_an_answer(of_chair, correction):
    decline = f"{PAGE}corrections/{correction.pk}/decline/"

    refused = of_chair.post(decline, {"version": 1})
    declined = of_chair.post(decline, {"version": 1, "answer": "It was said."})

    assert "Tell the agency why." in text_of(refused)
    assert declined.status_code == 302
    assert "It was said." in text_of(of_chair.get(PAGE))


def test_two_who_decide_at_once_see_both_texts(of_chair, correction, chair_colleague):
    paragraph = correction.paragraph
    MinutesParagraph.objects.filter(pk=paragraph.pk).update(text="Other words.", version=2)

    page = of_chair.post(
        f"{PAGE}corrections/{correction.pk}/take/", {"text": "The chair spoke.", "version": 1}
    )

    assert page.status_code == 409
    assert "Other words." in text_of(page)


def test_the_chair_records_the_adoption(correction, chair, now):
    correction_acts.decline_correction(correction, "No.", by=chair, at=NOW)
    now.move_to(UNTIL + timedelta(hours=1))
    of_chair = browser(chair)
    assert "The next meeting can adopt the minutes." in text_of(of_chair.get(PAGE))
    later = MeetingFactory(slug="later", title="Later", starts_at=UNTIL, outcome="Met.")

    refused = of_chair.post(f"{PAGE}adopt/", {"version": 2, "meeting": 0})
    adopted = of_chair.post(f"{PAGE}adopt/", {"version": 2, "meeting": later.pk})

    assert refused.status_code == 422
    assert adopted.url == PAGE
    assert Minutes.objects.get().state == MinutesState.ADOPTED
    page = text_of(of_chair.get(PAGE))
    assert '<a href="/meetings/later/" >Later</a>' in page or ">Later</a>" in page
    assert "adopted" in text_of(of_chair.get("/meetings/held/"))


def test_a_corrigendum_is_issued_beside_its_paragraph(chair, now):
    minutes = adopted_minutes(chair)
    paragraph = minutes.paragraphs.get()
    now.move_to(NOW + timedelta(days=1))
    of_chair = browser(chair)

    form = text_of(of_chair.get(PAGE, {"rectify": paragraph.pk}))
    refused = of_chair.post(f"{PAGE}{paragraph.pk}/rectify/", {"text": "Read: 2025."})
    issued = of_chair.post(
        f"{PAGE}{paragraph.pk}/rectify/", {"text": "Read: 2025.", "reason": "A wrong year."}
    )

    assert "Issue the corrigendum" in form
    assert refused.status_code == 422
    assert issued.url == f"{PAGE}#corrigenda"
    assert "Corrigendum 1" in text_of(of_chair.get(PAGE))


def test_a_focal_point_of_two_agencies_says_for_which(of_unfpa, focal_point, ohchr, chair):
    AppointmentFactory(person=focal_point, agency=ohchr)
    minutes = circulated_minutes(chair)

    form = text_of(of_unfpa.get(PAGE, {"correct": minutes.paragraphs.get().pk}))

    assert "For which agency" in form


def test_the_minutes_open_with_who_was_there(of_unfpa, chair, unfpa, ohchr, unesco, who):
    meeting = circulated_minutes(chair).meeting
    for agency in (unfpa, unesco):
        AttendanceFactory(meeting=meeting, agency=agency, level="focal_point")
    AttendanceFactory(meeting=meeting, agency=ohchr, level="apologies", reason="On mission")

    page = text_of(of_unfpa.get(PAGE))

    assert (
        "2 of 4 members were represented. Apologies: OHCHR (On mission). Not on record: WHO."
        in page
    )


def pdf_text(answer):
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_minutes_as_pdf_say_what_came_of_each_paragraph(chair, focal_point, unfpa, now):
    minutes = adopted_minutes(chair, INFORMATION, DECISION, action(unfpa))
    acts.issue_corrigendum(
        minutes.paragraphs.first(), "Read: 2025.", "A wrong year.", by=chair, at=NOW
    )
    now.move_to(NOW + timedelta(days=1))

    words = pdf_text(browser(focal_point).get("/meetings/held/minutes.pdf"))

    assert f"Minutes: {minutes.meeting.title} Adopted at" in words
    assert (
        "1. Remittances 1. The chair reported on remittances. 2. The group decided to meet in "
        "Turin. Decision 2026/1 3. Write to the host. Action: UNFPA, due 15 Dec 2026"
    ) in words
    assert "Corrigendum 1 to paragraph 1: Read: 2025. A wrong year." in words


def test_a_draft_is_printed_for_those_who_keep_it(of_chair, of_unfpa, chair):
    meeting = held_meeting()
    of_nobody = pdf_text(of_chair.get("/meetings/held/minutes.pdf"))
    item = meeting.agenda.first()
    acts.add_paragraph(meeting, item, DECISION, by=chair, at=NOW)
    acts.add_paragraph(meeting, None, INFORMATION, by=chair, at=NOW)

    words = pdf_text(of_chair.get("/meetings/held/minutes.pdf"))

    assert "Draft, not circulated" in of_nobody
    assert "1. The group decided to meet in Turin. Decision" in words
    assert "Other matters 2. The chair reported on remittances." in words
    assert of_unfpa.get("/meetings/held/minutes.pdf").status_code == 403


def test_circulated_minutes_are_printed_as_such(of_unfpa, chair, unfpa, ohchr):
    absent = ParagraphInput("They came at ten.", ParagraphKind.ABSENT, (unfpa, ohchr))
    circulated_minutes(chair, INFORMATION, absent)

    words = pdf_text(of_unfpa.get("/meetings/held/minutes.pdf"))

    assert "Circulated for corrections, not adopted" in words
    assert "2. Not there for this item: OHCHR and UNFPA. They came at ten." in words
    page = text_of(of_unfpa.get(PAGE))
    assert "2. Not there for this item:" in page
    assert "They came at ten." in page


@pytest.mark.parametrize("rows", ROWS)
def test_the_minutes_cost_the_same_whatever_their_length(
    of_chair, chair, focal_point, unfpa, rows, django_assert_num_queries
):
    minutes = circulated_minutes(chair, *[DECISION, action(unfpa)] * rows)
    for paragraph in minutes.paragraphs.all():
        correction_acts.propose_correction(
            paragraph,
            unfpa,
            ProposedCorrection(CorrectionKind.ADD, "And more."),
            by=focal_point,
            at=NOW,
        )

    with django_assert_num_queries(16):
        page = of_chair.get(PAGE)

    assert text_of(page).count('class="margin-note"') == 2 * rows


@pytest.mark.parametrize("rows", [1, 12])
def test_circulating_costs_a_few_queries_for_each_outcome(
    chair, unfpa, rows, django_assert_max_num_queries
):
    meeting = held_meeting()
    written(meeting, chair, *[DECISION, action(unfpa)] * rows)
    minutes = Minutes.objects.get()

    with django_assert_max_num_queries(40):
        acts.circulate_minutes(minutes, UNTIL, version=1, by=chair, at=NOW)


def test_only_agencies_propose_corrections(chair, administrator):
    paragraph = circulated_minutes(chair).paragraphs.get()

    refused = browser(administrator).post(f"{PAGE}{paragraph.pk}/correct/")

    assert refused.status_code == 403
    assert "Corrections come from people in office for a member agency." in text_of(refused)


def test_the_agenda_of_circulated_minutes_offers_no_change(of_chair, chair):
    circulated_minutes(chair)

    agenda, meeting = (text_of(of_chair.get(f"/meetings/held/{end}")) for end in ("agenda/", ""))

    assert "The minutes are circulated, and the agenda is a part of them." in agenda
    offered = ("Move down", "Take off", "Add an item", "Proposed by agencies")
    assert [words for words in offered if words in agenda] == []
    assert "Edit the agenda" not in meeting
