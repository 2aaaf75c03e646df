"""The pages on which a chair writes for the next, reads lessons, and signs."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.members.queries.people import last_appointment
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.rotation.enums import ItemPage, LessonKind
from coordination.rotation.models import (
    DeclinedSignature,
    KeptPlace,
    Lesson,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.queries.texts import open_promises
from coordination.rotation.tests.asking import as_shown
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    KeptPlaceFactory,
    LessonFactory,
    OutsidePromiseFactory,
    StateOfPlayFactory,
)
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SLUG = "2026-H2"
STATE = f"/rotation/{SLUG}/state-of-play/"


def of(name, *args):
    return reverse(f"rotation:{name}", args=[SLUG, *args])


@pytest.fixture
def elodie(sign_in, chair):
    return sign_in(chair)


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_the_summary_is_written_then_changed(elodie):
    for text in ("All is calm.", "One thing waits."):
        address = of("summary")
        answer = elodie.post(address, as_shown(elodie, address, summary=text))
        assert answer.url == STATE

    assert StateOfPlay.objects.get().summary == "One thing waits."


def test_the_second_of_two_editors_keeps_both_texts(elodie, terms, chair_colleague):
    StateOfPlayFactory(term=terms[0], summary="By Kwame.", version=2, written_by=chair_colleague)

    answer = elodie.post(of("summary"), {"summary": "By Élodie.", "version": 1})

    assert answer.status_code == 409
    [pair] = answer.context["pairs"]
    assert (pair["theirs"], pair["yours"]) == ("By Kwame.", "By Élodie.")


def test_a_promise_is_put_down_edited_and_kept(elodie):
    address = of("add_promise")
    sent = as_shown(elodie, address, what="A brief", to_whom="The Forum", due_day="2026-12-24")
    assert elodie.post(address, sent).url == f"{STATE}#promise"
    promise = OutsidePromise.objects.get()

    address = of("promise", promise.pk)
    page = text_of(elodie.get(address))
    elodie.post(address, as_shown(elodie, address, what="A long brief"))
    address = of("settle_promise", promise.pk)
    elodie.post(address, as_shown(elodie, address, state="kept", note="Sent."))

    promise.refresh_from_db()
    assert f'href="{of("settle_promise", promise.pk)}"' in page
    assert (promise.what, promise.due_day, promise.state, promise.note) == (
        "A long brief",
        date(2026, 12, 24),
        "kept",
        "Sent.",
    )


def test_a_promise_that_was_settled_meanwhile_says_so_on_top(elodie, terms):
    promise = OutsidePromiseFactory(term=terms[0], state="kept")

    answer = elodie.post(
        of("promise", promise.pk), {"what": "A", "to_whom": "B", "version": promise.version}
    )

    assert answer.status_code == 422
    assert "This promise is “kept” already." in text_of(answer)


def test_a_place_is_put_down_edited_and_ended(elodie, unesco):
    address = of("add_place")
    words = {"what": "Mailing list", "agency": unesco.pk, "holder": "The IT desk"}
    assert elodie.post(address, as_shown(elodie, address, **words)).url == f"{STATE}#place"
    place = KeptPlace.objects.get()

    address = of("place", place.pk)
    elodie.post(address, as_shown(elodie, address, where="lists.example.org"))
    address = of("end_place", place.pk)
    question = text_of(elodie.get(address))
    elodie.post(address, as_shown(elodie, address))

    place.refresh_from_db()
    assert "End “Mailing list”?" in question
    assert (place.where, place.ended_at) == ("lists.example.org", NOW)


def test_the_page_of_a_place_says_that_no_secret_is_kept_and_refuses_one(elodie, unesco):
    page = text_of(elodie.get(of("add_place")))

    words = {"what": "List", "agency": unesco.pk, "holder": "Password: sesame"}
    answer = elodie.post(of("add_place"), words)

    assert "Name the place and who holds its key. No password is kept here." in page
    assert "A name, never a secret: no password, no PIN. Everybody in the group reads this." in page
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors["holder"]
    assert sentence == (
        "This looks like a password. Everybody in the group reads this page: say who holds the "
        "key, and hand the secret over another way."
    )
    assert not KeptPlace.objects.exists()


def test_lessons_are_written_edited_and_withdrawn(elodie, terms):
    address = of("add_lesson")
    assert elodie.get(f"{address}?kind=did_not").context["form"]["kind"].value() == "did_not"
    sent = as_shown(elodie, address, kind="worked", text="Calling.")
    assert elodie.post(address, sent).url == f"/rotation/lessons/#{SLUG}"
    lesson = Lesson.objects.get()

    address = of("lesson", lesson.pk)
    elodie.post(address, as_shown(elodie, address, text="Calling early."))
    shown = text_of(elodie.get(reverse("rotation:lessons")))
    address = of("withdraw_lesson", lesson.pk)
    elodie.post(address, as_shown(elodie, address))
    after = text_of(elodie.get(reverse("rotation:lessons")))

    assert "Calling early." in shown
    assert "Calling early." not in after
    assert Lesson.objects.get().withdrawn_at == NOW


def test_a_lesson_is_edited_under_its_own_term_alone(elodie, terms):
    lesson = LessonFactory(term=terms[1])

    assert elodie.get(of("lesson", lesson.pk)).status_code == 404


def test_lessons_of_earlier_chairs_are_read_by_all_and_edited_by_none(
    elodie, sign_in, terms, incoming_chair, now
):
    LessonFactory(term=terms[0], text="Calling early.", kind=LessonKind.WORKED)
    now.move_to(datetime(2027, 2, 15, 9, 0, tzinfo=UTC))  # after the grace of UNESCO

    page = sign_in(incoming_chair).get(reverse("rotation:lessons"))

    assert [row.term for row in page.context["listed"]] == [terms[1], terms[0]]
    assert "Calling early." in text_of(page)
    assert page.context["writes"] == {terms[1].pk}
    assert "2 questions are open" in text_of(page)


def test_a_group_without_terms_is_told_what_belongs_here(sign_in, focal_point):
    page = text_of(sign_in(focal_point).get(reverse("rotation:lessons")))

    assert "No chair has written lessons yet" in page


@pytest.mark.parametrize("count", ROWS)
def test_lessons_cost_the_same_however_many(elodie, terms, chair, django_assert_num_queries, count):
    many(LessonFactory, count, term=terms[0], written_by=chair)
    elodie.get(reverse("rotation:lessons"))

    with django_assert_num_queries(9):
        elodie.get(reverse("rotation:lessons"))


@pytest.mark.parametrize(
    ("name", "queries"), [("summary", 10), ("add_promise", 8), ("add_place", 9), ("add_lesson", 8)]
)
def test_a_form_of_the_chair_costs_few_queries(elodie, django_assert_num_queries, name, queries):
    elodie.get(of(name))

    with django_assert_num_queries(queries):
        elodie.get(of(name))


def test_a_proposed_term_has_no_pages_of_its_chair(elodie, terms):
    terms[0].state = "proposed"
    terms[0].save()

    assert elodie.get(of("summary")).status_code == 404


def sign_page(slug, side):
    return reverse("rotation:sign", args=[slug, side])


def test_signing_asks_first_and_shows_what_is_unsettled(elodie, handover):
    HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2026, 11, 20))
    HandoverItemFactory(handover=handover, title="Lists", due_day=date(2026, 12, 1))
    HandoverItemFactory(handover=handover, title="Done", state="done")

    page = elodie.get(sign_page("2027-H1", "outgoing"))

    handover.refresh_from_db()
    assert handover.outgoing_signed_at is None
    assert [item.title for item in page.context["side"].open] == ["Minutes", "Lists"]
    text = text_of(page)
    assert "They pass on 1 January 2027, 00:00 Geneva, whatever is signed." in text
    assert '<b class="c-blocks">late</b>' in text
    assert "focal point" in text


def test_a_signature_of_what_has_changed_is_refused_and_the_page_shows_the_new_state(
    elodie, handover
):
    address = sign_page("2027-H1", "outgoing")
    sent = as_shown(elodie, address)
    HandoverItemFactory(handover=handover, title="A new one")

    refused = elodie.post(address, sent)
    accepted = elodie.post(address, as_shown_again(refused))

    assert refused.status_code == 422
    assert "Something changed since you opened this page." in text_of(refused)
    assert "A new one" in text_of(refused)
    assert accepted.status_code == 302


def as_shown_again(page):
    return {field.html_name: field.value() for field in page.context["form"]}


def test_declining_needs_a_reason_and_is_shown(elodie, handover):
    address = reverse("rotation:decline", args=["2027-H1", "outgoing"])
    empty = elodie.post(address, {"level": "focal_point", "reason": ""})
    elodie.post(address, as_shown(elodie, address, reason="The archive is missing."))

    page = text_of(elodie.get(reverse("rotation:handover", args=["2027-H1"])))

    assert empty.status_code == 422
    assert DeclinedSignature.objects.get().reason == "The archive is missing."
    assert "Declined" in page
    assert "“The archive is missing.”" in page


def test_each_state_of_a_signature_stands_on_the_page(
    elodie, sign_in, handover, incoming_chair, now
):
    item = HandoverItemFactory(handover=handover, side="incoming")
    shown = reverse("rotation:handover", args=["2027-H1"])
    waits = text_of(elodie.get(shown))
    now.move_to(datetime(2027, 1, 3, 9, 0, tzinfo=UTC))
    elodie = sign_in(incoming_chair)
    late = text_of(elodie.get(shown))
    address = sign_page("2027-H1", "incoming")
    asked = text_of(elodie.get(address))
    decline = reverse("rotation:decline", args=["2027-H1", "incoming"])
    elodie.post(decline, as_shown(elodie, decline, reason="Not yet."))
    elodie.post(address, as_shown(elodie, address))
    signed = text_of(elodie.get(shown))
    elodie.post(
        reverse("rotation:item", args=["2027-H1", item.pk]), {"state": "done", "version": 1}
    )
    void = text_of(elodie.get(shown))

    assert "0 of 2 sides signed; powers never wait for them" in waits
    assert "2 days late" in late
    assert "a signature now is marked as late" in asked
    assert "1 of 2 sides signed" in signed
    assert "2 days after the chair passed" in signed
    assert "Declined before:" in signed
    assert "The signature before is void, by an edit of Ruth Adeyemi," in void


def test_a_handover_across_a_vacancy_says_who_signs_when(elodie, handover, terms):
    terms[1].first_day = date(2027, 3, 1)
    terms[1].save()

    page = text_of(elodie.get(reverse("rotation:handover", args=["2027-H1"])))

    assert (
        "Nobody is confirmed to chair from 1 January 2027 to 28 February 2027. The outgoing side "
        "signs to the file; the incoming side signs later." in page
    )


def test_who_stands_in_reads_what_it_signs_for(sign_in, handover, incoming_chair, now):
    now.move_to(datetime(2027, 2, 15, 9, 0, tzinfo=UTC))

    page = text_of(sign_in(incoming_chair).get(sign_page("2027-H1", "outgoing")))

    assert "WHO signs for what it found" in page
    assert "Nothing: each item of this side is settled." in page


def test_the_outgoing_chair_signs_to_the_file_on_a_page_that_asks(elodie, terms):
    terms[1].delete()
    address = of("sign_to_file")
    empty = text_of(elodie.get(address))
    for kind in LessonKind:
        LessonFactory(term=terms[0], kind=kind)
    wrong = elodie.post(address, {"level": "principal"})
    elodie.post(of("summary"), {"summary": "All is calm.", "version": 0})
    shown = elodie.get(address)
    full = text_of(shown)
    seen = as_shown(elodie, address, level="delegate")
    LessonFactory(term=terms[0])
    changed = elodie.post(address, seen)
    assert changed.status_code == 422
    assert "Something changed since you opened this page." in text_of(changed)

    answer = elodie.post(address, as_shown(elodie, address, level="delegate"))

    assert "not written" in empty
    assert "What worked; What did not; What to do otherwise" in empty
    assert wrong.status_code == 422
    assert "They answer all three questions." in full
    assert answer.url == STATE
    assert StateOfPlay.objects.get().filed_level == "delegate"
    assert "Signed to the file" in text_of(elodie.get(STATE))


def test_an_item_of_a_text_offers_to_write_it_and_no_tick(elodie, handover):
    HandoverItemFactory(handover=handover, page=ItemPage.STATE_OF_PLAY)
    shown = reverse("rotation:handover", args=["2027-H1"])

    before = text_of(elodie.get(shown))
    elodie.post(of("summary"), {"summary": "All is calm.", "version": 0})
    after = text_of(elodie.get(shown))

    assert "Write: state of play" in before
    assert "Mark done" not in before
    assert "Done by itself when the text is there. If there will be none, say why:" in before
    assert "Done by Élodie Marchand" in after
    assert "Open again" not in after


def test_a_tick_by_hand_is_refused_beside_the_item(elodie, handover):
    item = HandoverItemFactory(handover=handover, page=ItemPage.LESSONS)

    answer = elodie.post(
        reverse("rotation:item", args=["2027-H1", item.pk]), {"state": "done", "version": 1}
    )

    assert answer.status_code == 422
    assert "This item is done when the lessons answer all three questions" in text_of(answer)


def test_rows_of_others_are_not_found(elodie, terms):
    assert elodie.get(of("promise", 9)).status_code == 404
    assert elodie.get(of("place", 9)).status_code == 404
    place = KeptPlaceFactory()
    assert elodie.get(of("place", place.pk)).status_code == 200


def test_both_databases_put_what_has_no_day_at_the_same_end(sign_in, administrator, terms, unfpa):
    """By itself PostgreSQL holds NULL for the last of all values, and SQLite for the first."""
    for what, due_day in (("No day", None), ("Late", date(2027, 9, 1)), ("Soon", TODAY)):
        OutsidePromiseFactory(term=terms[0], what=what, due_day=due_day)
    person = PersonFactory()
    open_end = AppointmentFactory(person=person, agency=unfpa)
    AppointmentFactory(person=person, agency=unfpa, role="principal", last_day=date(2025, 1, 1))

    records = sign_in(administrator).get(reverse("admin:rotation_outsidepromise_changelist"))
    in_records = [row.what for row in records.context["cl"].result_list]

    assert in_records == ["Soon", "Late", "No day"]
    assert [row.what for row in open_promises()] == in_records
    assert last_appointment(person) == open_end
