"""What one chair writes for the next: who writes when, what follows from it, what is refused."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from coordination.core.clock import start_of
from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.rotation.actions import handovers, lessons, signatures, state_of_play
from coordination.rotation.actions.lessons import LessonInput
from coordination.rotation.actions.state_of_play import (
    JudgementInput,
    MatterName,
    PlaceInput,
    PromiseInput,
)
from coordination.rotation.actions.terms import TermProposal, confirm_term, propose_term
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import (
    HandoverSide,
    ItemPage,
    ItemState,
    LessonKind,
)
from coordination.rotation.errors import (
    TextDecides,
)
from coordination.rotation.models import (
    HandoverItem,
    StateOfPlay,
)
from coordination.rotation.queries import confirmed_terms
from coordination.rotation.queries import texts as texts_queries
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    KeptPlaceFactory,
    LessonFactory,
    OutsidePromiseFactory,
    StateOfPlayFactory,
    TemplateItemFactory,
)
from coordination.tests.cast import NOW
from coordination.tests.services.waiting import PATIENCE

pytestmark = pytest.mark.django_db
MATTER = MatterName("statement", "7")
LINE = JudgementInput("watch", "FAO has doubts.")
PLACE = {"what": "Mailing list", "where": "lists.example.org", "holder": "The IT desk"}
ANSWERS = [LessonInput(kind, "So.") for kind in LessonKind]


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


@pytest.fixture
def writer(terms, chair):
    return Writer(terms[0], chair, NOW)


@pytest.fixture
def state_item(handover):
    return HandoverItemFactory(handover=handover, page=ItemPage.STATE_OF_PLAY)


@pytest.fixture
def lessons_item(handover):
    return HandoverItemFactory(handover=handover, page=ItemPage.LESSONS)


def settled(item):
    item.refresh_from_db()
    return item.state, item.settled_by, item.settled_at


def test_the_state_of_play_is_done_when_its_summary_exists(state_item, writer, chair):
    state = state_of_play.write_summary(writer, " All is calm. ", version=0)
    done = settled(state_item)

    state_of_play.write_summary(writer, " ", version=state.version)

    assert state.summary == "All is calm."
    assert done == (ItemState.DONE, chair, NOW)
    assert settled(state_item) == (ItemState.OPEN, None, None)
    assert [recorded_reason(record) for record in state_item.history.all()][:2] == [
        "Opened again: the text is gone",
        "Done: the text exists",
    ]


def test_the_lessons_are_done_when_they_answer_all_three_questions(
    state_item, lessons_item, writer, chair
):
    states = []
    for answer in ANSWERS:
        row = lessons.write_lesson(writer, answer)
        states.append(settled(lessons_item)[0])

    lessons.withdraw_lesson(row, writer, version=1)

    assert states == [ItemState.OPEN, ItemState.OPEN, ItemState.DONE]
    assert settled(lessons_item)[0] == ItemState.OPEN
    assert settled(state_item)[0] == ItemState.OPEN


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            ItemPage.STATE_OF_PLAY,
            "This item is done when the state of play has its summary: write it there.",
        ),
        (
            ItemPage.LESSONS,
            "This item is done when the lessons answer all three questions: write them there.",
        ),
    ],
)
def test_an_item_that_asks_for_a_text_is_not_ticked_by_hand(handover, chair, page, sentence):
    item = HandoverItemFactory(handover=handover, page=page)

    with pytest.raises(TextDecides) as refusal:
        handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair, at=NOW)

    assert (refusal.value.message, settled(item)[0]) == (sentence, ItemState.OPEN)


def test_an_item_whose_text_exists_is_not_opened_by_hand(state_item, writer, chair):
    state_of_play.write_summary(writer, "All is calm.", version=0)
    state_item.refresh_from_db()

    with pytest.raises(TextDecides):
        handovers.reopen_item(state_item, version=state_item.version, by=chair, at=NOW)


def test_an_item_that_was_ticked_before_texts_were_kept_can_be_opened(state_item, chair):
    HandoverItem.objects.filter(pk=state_item.pk).update(state=ItemState.DONE)

    handovers.reopen_item(state_item, version=1, by=chair, at=NOW)

    assert settled(state_item)[0] == ItemState.OPEN


def test_an_item_without_a_text_does_not_apply_with_a_reason_until_the_text_comes(
    state_item, writer, chair
):
    handovers.mark_item(
        state_item, ItemState.NOT_APPLICABLE, note="Nothing runs.", version=1, by=chair, at=NOW
    )

    state_of_play.write_summary(writer, "Something runs.", version=0)

    assert settled(state_item)[0] == ItemState.DONE


def test_the_incoming_side_ticks_its_own_items_of_such_a_page(handover, incoming_chair):
    item = HandoverItemFactory(handover=handover, side=HandoverSide.INCOMING, page=ItemPage.LESSONS)

    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=incoming_chair, at=NOW)

    assert settled(item)[0] == ItemState.DONE


def acts(writer, unesco):
    """Return each act that changes what the outgoing chair signed, by name."""
    promise = OutsidePromiseFactory(term=writer.term)
    other = OutsidePromiseFactory(term=writer.term)
    place, ended = KeptPlaceFactory.create_batch(2, agency=unesco)
    lesson, withdrawn = LessonFactory.create_batch(2, term=writer.term)
    return {
        "summary": lambda: state_of_play.write_summary(writer, "So.", version=0),
        "judgement": lambda: state_of_play.judge(writer, MATTER, LINE, version=0),
        "promise": lambda: state_of_play.add_promise(writer, PromiseInput("A", "B")),
        "edited promise": lambda: state_of_play.edit_promise(
            promise, PromiseInput("A", "B", date(2026, 12, 1)), writer, version=1
        ),
        "kept promise": lambda: state_of_play.settle_promise(
            other, "kept", writer, note=" By letter. ", version=1
        ),
        "place": lambda: state_of_play.add_place(writer, PlaceInput(**PLACE, agency=unesco)),
        "edited place": lambda: state_of_play.edit_place(
            place, PlaceInput(**PLACE, agency=unesco), writer, version=1
        ),
        "ended place": lambda: state_of_play.end_place(ended, writer, version=1),
        "lesson": lambda: lessons.write_lesson(writer, ANSWERS[0]),
        "edited lesson": lambda: lessons.edit_lesson(lesson, ANSWERS[1], writer, version=1),
        "withdrawn lesson": lambda: lessons.withdraw_lesson(withdrawn, writer, version=1),
    }


NAMES = (
    "summary", "judgement", "promise", "edited promise", "kept promise", "place", "edited place", "ended place", "lesson", "edited lesson",
    "withdrawn lesson",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_edit_voids_the_outgoing_signature_and_no_other(
    handover, writer, unesco, chair, incoming_chair, name
):
    act = acts(writer, unesco)[name]
    signatures.sign_handover(handover, HandoverSide.OUTGOING, by=chair, at=NOW)
    signatures.sign_handover(handover, HandoverSide.INCOMING, by=incoming_chair, at=NOW)

    act()

    handover.refresh_from_db()
    assert (handover.outgoing_signed_at, handover.outgoing_level, handover.incoming_signed_by) == (
        None,
        "",
        incoming_chair,
    )
    assert (
        recorded_reason(handover.history.first())
        == "An edit voided the signature of the outgoing chair"
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_edit_voids_the_signature_to_the_file(terms, administrator, writer, unesco, name):
    terms[1].agencies.clear()
    terms[1].delete()
    act = acts(writer, unesco)[name]
    StateOfPlay.objects.filter(term=writer.term).delete()
    signatures.sign_to_file(writer, level="focal_point")
    if name == "summary":
        version = StateOfPlay.objects.get().version
        state_of_play.write_summary(writer, "So.", version=version)
    else:
        act()

    filed = StateOfPlay.objects.get()
    assert (filed.filed_by, filed.filed_at, filed.filed_level) == (None, None, "")


@pytest.mark.parametrize("name", NAMES)
def test_only_the_team_of_the_term_writes(
    handover, terms, writer, unesco, incoming_chair, focal_point, administrator, name
):
    for person in (incoming_chair, focal_point, administrator):
        act = acts(Writer(terms[0], person, NOW), unesco)[name]
        with pytest.raises(
            NotAllowed,
            match="Only the focal points of UNESCO may write this, from 1 July 2026 to 30 January 2027.",
        ):
            act()


def moments(zone):
    """Return moments in a zone beside the first day of a term, and beside the last of its grace."""
    begins = start_of(date(2026, 7, 1), zone)
    ends = start_of(date(2027, 1, 31), zone)
    second = timedelta(seconds=1)
    return [(begins - second, False), (begins, True), (ends - second, True), (ends, False)]


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("number", range(4))
def test_the_team_writes_from_its_first_day_to_the_end_of_its_grace_in_the_groups_zone(
    group, terms, chair, zone, number
):
    group.time_zone = zone
    group.save()
    moment, may = moments(ZoneInfo(zone))[number]

    def act():
        return lessons.write_lesson(Writer(terms[0], chair, moment), ANSWERS[0])

    if may:
        assert act().written_at == moment
    else:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("zone", "last_day", "grace_ends", "length"),
    [
        # the grace ends on the day on which clocks go forward: that day has 23 hours
        ("Europe/Zurich", date(2027, 2, 26), date(2027, 3, 28), 23),
        # ... and back: 25 hours
        ("Europe/Zurich", date(2027, 10, 1), date(2027, 10, 31), 25),
        ("America/New_York", date(2027, 2, 12), date(2027, 3, 14), 23),
        # in Santiago that day has no midnight: it begins at one o’clock
        ("America/Santiago", date(2027, 8, 6), date(2027, 9, 5), 23),
        # in Beirut too
        ("Asia/Beirut", date(2027, 2, 26), date(2027, 3, 28), 23),
    ],
)
def test_the_grace_ends_with_its_last_day_when_clocks_change(
    group, terms, chair, zone, last_day, grace_ends, length
):
    group.time_zone = zone
    group.save()
    term = terms[0]
    terms[1].delete()
    term.last_day = last_day
    term.save()
    begins = start_of(grace_ends, ZoneInfo(zone))
    ends = start_of(grace_ends + timedelta(days=1), ZoneInfo(zone))
    item = HandoverItemFactory(handover=HandoverFactory(incoming_term=later(last_day, term)))

    assert ends - begins == timedelta(hours=length)
    for moment in (begins, ends - timedelta(seconds=1)):
        assert lessons.write_lesson(Writer(term, chair, moment), ANSWERS[0]).pk
    item = handovers.mark_item(
        item, ItemState.DONE, note="", version=1, by=chair, at=ends - timedelta(seconds=1)
    )
    with pytest.raises(NotAllowed):
        lessons.write_lesson(Writer(term, chair, ends), ANSWERS[0])
    with pytest.raises(NotAllowed):
        handovers.reopen_item(item, version=2, by=chair, at=ends)


def later(last_day, term):
    """Return a term of somebody else from the day after `last_day`."""
    from_day = last_day + timedelta(days=1)
    return type(term).objects.create(
        slug="later", first_day=from_day, last_day=from_day + timedelta(days=180), state="confirmed"
    )


def test_what_was_written_before_the_next_term_is_confirmed_counts_in_its_handover(
    terms, writer, chair, unfpa
):
    """Nobody follows UNESCO at first: its team writes and signs to the file; UNFPA comes in March."""
    terms[1].delete()
    TemplateItemFactory(key="state", page=ItemPage.STATE_OF_PLAY)
    TemplateItemFactory(key="lessons", page=ItemPage.LESSONS)
    state_of_play.write_summary(writer, "All is calm.", version=0)
    signatures.sign_to_file(writer, level="delegate")

    proposal = TermProposal(date(2027, 3, 1), date(2027, 6, 30))
    term = propose_term([unfpa], proposal, by=chair, at=NOW)
    handover = confirm_term(term, version=1, by=chair, at=NOW).handover

    assert dict(handover.items.values_list("key", "state")) == {"state": "done", "lessons": "open"}
    assert (handover.outgoing_signed_by, handover.outgoing_signed_at, handover.outgoing_level) == (
        chair,
        NOW,
        "delegate",
    )


def test_another_outgoing_chair_begins_with_its_own_texts(
    handover, state_item, writer, chair, administrator, unfpa, terms
):
    """WHO's handover is from UNESCO, whose text exists; then a caretaker comes between."""
    terms[1].first_day = date(2027, 3, 1)
    terms[1].save()
    state_of_play.write_summary(writer, "All is calm.", version=0)

    proposal = TermProposal(date(2027, 1, 1), date(2027, 2, 28), "caretaker")
    term = propose_term([unfpa], proposal, by=administrator, at=NOW)
    confirm_term(term, version=1, by=administrator, at=NOW)

    assert settled(state_item)[0] == ItemState.OPEN


def test_an_extension_of_the_same_chair_keeps_what_it_wrote(
    handover, state_item, lessons_item, writer, chair, administrator, unesco, terms
):
    """UNESCO has written; then it goes on for two months, and WHO begins in March."""
    terms[1].first_day = date(2027, 3, 1)
    terms[1].save()
    state_of_play.write_summary(writer, "All is calm.", version=0)
    for answer in ANSWERS[:2]:
        lessons.write_lesson(writer, answer)
    proposal = TermProposal(date(2027, 1, 1), date(2027, 2, 28), "caretaker")
    term = propose_term([unesco], proposal, by=administrator, at=NOW)
    extension = confirm_term(term, version=1, by=administrator, at=NOW)
    signatures.sign_handover(handover, HandoverSide.OUTGOING, by=chair, at=NOW)
    at = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)

    lessons.write_lesson(Writer(extension, chair, at), ANSWERS[2])

    handover.refresh_from_db()
    assert handover.outgoing_signed_at is None
    assert texts_queries.shown_summary(extension, confirmed_terms.load()).summary == "All is calm."
    assert [settled(item)[0] for item in (state_item, lessons_item)] == ["done", "done"]
    lessons.write_lesson(Writer(terms[0], chair, at), ANSWERS[2])  # in the grace of the first term
    assert texts_queries.handover_after(terms[0], confirmed_terms.load()) == handover
    assert texts_queries.shown_summary(terms[1], confirmed_terms.load()) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_number", range(5))
def test_a_text_counts_whether_it_is_written_before_or_after_the_term_is_confirmed(
    terms, chair, unfpa, _number
):
    terms[1].chairs.all().delete()
    terms[1].delete()
    TemplateItemFactory(key="state", page=ItemPage.STATE_OF_PLAY)
    proposal = TermProposal(date(2027, 1, 1), date(2027, 6, 30))
    term = propose_term([unfpa], proposal, by=chair, at=NOW)
    ready = threading.Barrier(2)

    def at_once(act):
        try:
            ready.wait(PATIENCE)
            act()
        finally:
            connections.close_all()

    writer = Writer(terms[0], chair, NOW)
    acts = (
        lambda: state_of_play.write_summary(writer, "All is calm.", version=0),
        lambda: confirm_term(term, version=1, by=chair, at=NOW),
    )
    threads = [threading.Thread(target=at_once, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert HandoverItem.objects.get().state == ItemState.DONE


def test_stored_states_of_texts_agree_with_the_texts(
    handover, state_item, lessons_item, writer, chair
):
    """Whatever order the acts come in, an item is done exactly when its text exists."""
    state = state_of_play.write_summary(writer, "One.", version=0)
    rows = [lessons.write_lesson(writer, answer) for answer in ANSWERS]
    steps = [
        lambda: state_of_play.write_summary(writer, "", version=state.version),
        lambda: lessons.edit_lesson(rows[0], ANSWERS[1], writer, version=1),
        lambda: lessons.edit_lesson(rows[1], ANSWERS[0], writer, version=1),
        lambda: lessons.withdraw_lesson(rows[2], writer, version=1),
        lambda: lessons.write_lesson(writer, ANSWERS[2]),
    ]

    for act in [lambda: None, *steps]:
        act()
        for item in (state_item, lessons_item):
            exists = texts_queries.has_text(item.page, writer.term)
            assert (settled(item)[0] == ItemState.DONE) is exists


def test_all_that_a_chair_wrote_is_in_one_history(writer, unesco):
    for act in acts(writer, unesco).values():
        act()
    summary = StateOfPlayFactory._meta.model.objects.get()

    reasons = {entry.deed for entry in texts_queries.text_changes(writer.term, summary)}

    assert {deed.split(":")[0] for deed in reasons} >= {
        "Wrote the summary of the state of play",
        "Judged the matter",
        "Settled the promise",
        "Ended the place",
        "Withdrew the lesson",
    }
