"""Each text of a chair by itself: two editors, what it keeps, what it refuses."""

from datetime import UTC, date, datetime

import pytest

from coordination.core.errors import Stale
from coordination.core.history import recorded_reason
from coordination.rotation.actions import lessons, state_of_play
from coordination.rotation.actions.lessons import LessonInput
from coordination.rotation.actions.state_of_play import (
    JudgementInput,
    MatterName,
    PlaceInput,
    PromiseInput,
)
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import PromiseState
from coordination.rotation.errors import IfAndThen, PromiseClosed, SecretRefused, TextGone
from coordination.rotation.models import KeptPlace, Lesson, MatterJudgement, OutsidePromise
from coordination.rotation.queries import texts as texts_queries
from coordination.rotation.tests.factories import (
    KeptPlaceFactory,
    LessonFactory,
    MatterJudgementFactory,
    OutsidePromiseFactory,
)
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
MATTER = MatterName("statement", "7")
LINE = JudgementInput("watch", "FAO has doubts.")
PLACE = {"what": "Mailing list", "where": "lists.example.org", "holder": "The IT desk"}
ANSWER = LessonInput("worked", "So.")


@pytest.fixture
def writer(terms, chair):
    return Writer(terms[0], chair, NOW)


def test_two_people_write_one_summary(writer, terms, chair_colleague):
    state_of_play.write_summary(writer, "By Élodie.", version=0)

    with pytest.raises(Stale) as lost:
        state_of_play.write_summary(Writer(terms[0], chair_colleague, NOW), "By Kwame.", version=0)

    assert lost.value.current.summary == "By Élodie."


def test_two_people_judge_one_matter(writer, terms, chair_colleague):
    state_of_play.judge(writer, MATTER, LINE, version=0)

    with pytest.raises(Stale) as lost:
        state_of_play.judge(Writer(terms[0], chair_colleague, NOW), MATTER, LINE, version=0)

    assert (lost.value.current.judged_by, MatterJudgement.objects.count()) == (writer.by, 1)


def test_a_judgement_keeps_what_it_said_before(writer):
    row = state_of_play.judge(writer, MATTER, LINE, version=0)

    worse = JudgementInput("urgent", " FAO objects. ", " it stays silent ", " call its head. ")
    row = state_of_play.judge(writer, MATTER, worse, version=row.version)

    assert (row.outlook, row.words, row.condition, row.response) == (
        "urgent",
        "FAO objects.",
        "it stays silent",
        "call its head.",
    )
    assert [record.outlook for record in row.history.all()] == ["urgent", "watch"]


@pytest.mark.parametrize(
    ("condition", "response", "field"), [("it rains", " ", "response"), ("", "run", "condition")]
)
def test_if_and_then_belong_together(writer, condition, response, field):
    with pytest.raises(IfAndThen) as refusal:
        state_of_play.judge(
            writer, MATTER, JudgementInput("watch", "So.", condition, response), version=0
        )

    assert refusal.value.field == field


def test_the_newest_line_on_a_matter_is_that_of_the_term_then_that_of_earlier_ones(terms, chair):
    of_next = MatterJudgementFactory(term=terms[1], key="1", judged_by=chair)
    own = MatterJudgementFactory(term=terms[0], key="1", judged_by=chair)
    earlier = MatterJudgementFactory(term=terms[0], key="2", judged_by=chair)

    assert texts_queries.newest_judgements(terms[0]) == {
        ("statement", "1"): own,
        ("statement", "2"): earlier,
    }
    assert texts_queries.newest_judgements(terms[1]) == {
        ("statement", "1"): of_next,
        ("statement", "2"): earlier,
    }


def test_a_promise_passes_to_the_next_chair_who_settles_it(terms, writer, incoming_chair):
    promise = state_of_play.add_promise(
        writer, PromiseInput(" A brief ", " The Forum ", date(2027, 2, 1))
    )
    at = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)

    kept = state_of_play.settle_promise(
        promise, "kept", Writer(terms[1], incoming_chair, at), note="Sent.", version=1
    )

    assert (promise.what, promise.to_whom, promise.put_down_by) == (
        "A brief",
        "The Forum",
        writer.by,
    )
    assert (kept.state, kept.note, kept.settled_at, kept.term) == (
        PromiseState.KEPT,
        "Sent.",
        at,
        terms[0],
    )
    assert list(texts_queries.open_promises()) == []


def test_a_settled_promise_is_not_changed(writer):
    promise = OutsidePromiseFactory(term=writer.term, state=PromiseState.DROPPED)

    with pytest.raises(PromiseClosed, match="This promise is “dropped” already."):
        state_of_play.edit_promise(promise, PromiseInput("A", "B"), writer, version=1)


def test_promises_without_a_day_come_last(terms):
    without = OutsidePromiseFactory(term=terms[0])
    later_one, sooner = (
        OutsidePromiseFactory(term=terms[0], due_day=day)
        for day in (date(2027, 2, 1), date(2026, 12, 1))
    )

    assert list(texts_queries.open_promises()) == [sooner, later_one, without]


@pytest.mark.parametrize("field", ["what", "where", "holder"])
def test_a_place_refuses_a_secret_beside_its_field(writer, unesco, field):
    words = {**PLACE, field: "password: sesame"}
    row = KeptPlaceFactory(agency=unesco)

    for act in (
        lambda: state_of_play.add_place(writer, PlaceInput(**words, agency=unesco)),
        lambda: state_of_play.edit_place(
            row, PlaceInput(**words, agency=unesco), writer, version=1
        ),
    ):
        with pytest.raises(SecretRefused) as refusal:
            act()
        assert refusal.value.field == field
        assert refusal.value.message.startswith("This looks like a password.")
    assert KeptPlace.objects.get().what == row.what


def test_an_ended_place_is_not_changed(writer, unesco):
    row = KeptPlaceFactory(agency=unesco, ended_at=NOW)

    with pytest.raises(TextGone):
        state_of_play.edit_place(row, PlaceInput(**PLACE, agency=unesco), writer, version=1)
    assert list(texts_queries.kept_places()) == []


def test_a_withdrawn_lesson_stays_on_record_and_is_not_changed(writer):
    row = LessonFactory(term=writer.term)
    lessons.withdraw_lesson(row, writer, version=1)

    with pytest.raises(TextGone):
        lessons.edit_lesson(row, ANSWER, writer, version=2)
    assert (Lesson.objects.get().withdrawn_at, list(texts_queries.lessons_in_use())) == (NOW, [])


def test_a_promise_has_history(writer):
    promise = state_of_play.add_promise(writer, PromiseInput("A", "B"))

    assert recorded_reason(OutsidePromise.history.get(id=promise.pk)) == "Added the promise"
