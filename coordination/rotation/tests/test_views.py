"""The pages of the rotation."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from simple_history.utils import bulk_create_with_history

from coordination.core.models import SourceDisagreement
from coordination.core.tests.pages import text_of
from coordination.rotation.enums import HandoverSide, ItemState, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.tests.asking import as_shown
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TemplateItemFactory,
    TermAgencyFactory,
)
from coordination.tests.many import ROWS, many

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ONLY_THE_THEME = (
    "The days and agencies of a confirmed term are changed by a decision: see “Change the schedule” "
    "on its page. Here only its theme can be corrected."
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def proposal(unfpa, unesco):
    return {
        "first_agency": unfpa.pk,
        "second_agency": unesco.pk,
        "first_day": "2027-07-01",
        "last_day": "2027-12-31",
        "kind": "term",
        "theme": "Youth",
    }


def test_timeline_shows_terms_and_vacancies_to_everybody(client, now, terms):
    page = client.get(reverse("rotation:timeline"), {"from": "2026", "to": "2027"}).content.decode()

    assert "UNESCO" in page
    assert "1 Jul 2026 to 31 Dec 2026" in " ".join(page.split())
    assert [
        # who chairs now stands in both tables
        page.count(f'data-state="{state}"')
        for state in ("unknown", "now", "next", "ahead")
    ] == [1, 2, 1, 1]
    assert "Propose a term" not in page


def test_the_history_tells_how_disagreements_changed_to_those_who_belong(
    sign_in, client, now, terms, focal_point, former_focal_point
):
    disagreement = SourceDisagreement.objects.create(
        topic="chair", about="Chair in 2006", accounts={"UN": "ILO"}
    )
    disagreement.accounts = {"UN": "IOM"}
    disagreement.save()
    words = "<del>UN: ILO</del> → <ins>UN: IOM</ins>"
    address = reverse("rotation:history")

    assert words not in text_of(client.get(address))
    assert words not in text_of(sign_in(former_focal_point).get(address))
    assert words in text_of(sign_in(focal_point).get(address))


@pytest.mark.parametrize(
    "query",
    [
        {"from": "abc"},
        {"from": "2026", "to": "1999"},
        {"from": "99999999999"},
        {"from": "020069"},
        {"from": "02000" + "0" * 5000},
        {"to": "020269"},
        {"to": "²"},
    ],
)
def test_timeline_takes_any_years(client, now, terms, query):
    page = client.get(reverse("rotation:timeline"), query)

    assert page.status_code == 200
    assert page.context["timeline"].window.name.startswith("2026")


@pytest.mark.parametrize(
    ("established", "first"),
    [("2003", 2003), ("since long", 2026), ("", 2026)],
    ids=["in a year", "in no year", "not known"],
)
def test_timeline_begins_with_the_group_or_its_first_term(
    client, now, group, terms, established, first
):
    group.established = established
    group.save()

    assert (
        client.get(reverse("rotation:timeline"))
        .context["timeline"]
        .window.name.startswith(str(first))
    )
    ChairTerm.objects.update(state="withdrawn")
    assert (
        client.get(reverse("rotation:timeline"))
        .context["timeline"]
        .window.name.startswith(str(first))
    )


@pytest.mark.parametrize("count", ROWS)
def test_timeline_asks_the_same_number_of_queries(
    sign_in, client, now, chair, unesco, django_assert_num_queries, count
):
    days = [date(2006, 1, 1) + timedelta(days=2 * n) for n in range(count)]
    many(
        TermAgencyFactory,
        count,
        term=many(ChairTermFactory, count, first_day=days, last_day=days),
        agency=unesco,
    )
    differing = [
        SourceDisagreement(topic="chair", about=f"Term {n}", accounts={}) for n in range(count)
    ]
    bulk_create_with_history(differing, SourceDisagreement)

    with django_assert_num_queries(8):
        client.get(reverse("rotation:timeline"))
    sign_in(chair).get(reverse("rotation:timeline"))
    with django_assert_num_queries(13):
        client.get(reverse("rotation:timeline"))


def test_term_page_tells_all_who_chairs_and_its_history_to_those_who_belong(
    sign_in,
    client,
    now,
    handover,
    focal_point,
    principals_office,
    administrator,
    former_focal_point,
    stranger,
):
    address = reverse("rotation:term", args=["2027-H1"])

    history = reverse("rotation:term_history", args=["2027-H1"])

    def seen():
        page = client.get(address).content.decode()
        told = "who, when, what before" in client.get(history).content.decode()
        return [words in page for words in ("Agency WHO", history, "Open handover")] + [told]

    assert seen() == [True, False, False, False]
    sign_in(stranger)
    assert seen() == [True, False, False, False]
    sign_in(former_focal_point)
    assert client.get(address).url == f"/accounts/login/?next={address}"
    assert seen() == [True, False, False, False]
    for person in (focal_point, principals_office, administrator):
        sign_in(person)
        assert seen() == [True, True, True, True]
    assert client.get(reverse("rotation:term", args=["1999"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_a_term_costs_the_same_however_often_it_changed(
    sign_in, now, chair, handover, unfpa, ohchr, django_assert_num_queries, rows
):
    term = handover.incoming_term
    for n in range(rows):
        TermAgencyFactory(term=term, agency=(unfpa, ohchr)[n % 2]).delete()
        term.theme = f"Theme {n}"
        term.save()
    client = sign_in(chair)
    address = reverse("rotation:term", args=["2027-H1"])
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)
    with django_assert_num_queries(8):
        client.get(reverse("rotation:term_history", args=["2027-H1"]))
    present = reverse("rotation:term", args=["2026-H2"])
    with django_assert_num_queries(12):  # what happened in it too
        client.get(present)


def test_propose_confirm_and_open_the_handover(sign_in, now, chair, unfpa, unesco):
    TemplateItemFactory(title="Hand over the minutes")
    client = sign_in(chair)

    answer = client.post(reverse("rotation:propose"), proposal(unfpa, unesco))
    assert answer.url == "/rotation/2027-H2/"
    assert "This is a proposal" in client.get(answer.url).content.decode()
    confirmed = client.post(reverse("rotation:confirm", args=["2027-H2"]), {"seen-version": 1})

    assert confirmed.url == "/rotation/2027-H2/handover/"
    assert "Hand over the minutes" in client.get(confirmed.url).content.decode()


def test_withdraw_a_proposal(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))

    client.post(reverse("rotation:withdraw", args=["2027-H2"]), {"seen-version": 1})

    assert ChairTerm.objects.get(slug="2027-H2").state == TermState.WITHDRAWN


def hidden(page):
    """Return the hidden fields of a page that say what its reader saw."""
    return dict(re.findall(r'<input type="hidden" name="(seen-[a-z_]+)" value="([^"]*)">', page))


@pytest.mark.parametrize(
    ("act", "verb", "state"),
    [
        ("confirm", "Confirm the term", TermState.CONFIRMED),
        ("withdraw", "Withdraw the proposal", TermState.WITHDRAWN),
    ],
)
def test_what_was_changed_since_the_page_was_opened_is_not_confirmed_unseen(
    sign_in, now, chair, unfpa, unesco, who, act, verb, state
):
    client, address = sign_in(chair), reverse(f"rotation:{act}", args=["2027-H2"])
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))
    seen = hidden(client.get(reverse("rotation:term", args=["2027-H2"])).content.decode())
    client.post(
        reverse("rotation:edit", args=["2027-H2"]),
        {**proposal(who, unesco), "last_day": "2027-11-30", "version": 1},
    )

    refused = client.post(address, seen)

    page = text_of(refused)
    assert (refused.status_code, ChairTerm.objects.get(slug="2027-H2").state) == (
        409,
        TermState.PROPOSED,
    )
    assert "Élodie Marchand saved it" in page
    rows = re.findall(
        r'<th scope="row" role="rowheader">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*><b>(.*?)</b>', page
    )
    assert rows == [("Chair", "UNFPA", "WHO"), ("Last day", "31 Dec 2027", "30 Nov 2027")]
    assert f'>{verb}</button></form><a href="/rotation/2027-H2/">Go back</a>' in page
    assert client.post(address, hidden(refused.content.decode())).status_code == 302
    assert ChairTerm.objects.get(slug="2027-H2").state == state


def test_a_button_that_carries_no_version_confirms_nothing(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))

    assert client.post(reverse("rotation:confirm", args=["2027-H2"])).status_code == 409
    nonsense = client.post(
        reverse("rotation:confirm", args=["2027-H2"]),
        {"seen-version": "²", "seen-first_day": "when?"},
    )
    assert (nonsense.status_code, ">when?</td>" in text_of(nonsense)) == (409, True)
    assert ChairTerm.objects.get(slug="2027-H2").state == TermState.PROPOSED


def test_what_is_wrong_stands_beside_its_field(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)

    backward = client.post(
        reverse("rotation:propose"), {**proposal(unfpa, unesco), "last_day": "2027-06-30"}
    )
    twice = client.post(
        reverse("rotation:propose"), {**proposal(unfpa, unesco), "second_agency": unfpa.pk}
    )

    assert (backward.status_code, twice.status_code) == (422, 422)
    assert backward.context["form"].errors == {"last_day": ["The last day is before the first."]}
    assert twice.context["form"].errors == {
        "second_agency": ["A joint chair needs two different agencies."]
    }


def test_a_lost_race_shows_both_texts(sign_in, now, chair, unfpa, unesco):
    client = sign_in(chair)
    client.post(reverse("rotation:propose"), proposal(unfpa, unesco))
    address = reverse("rotation:edit", args=["2027-H2"])
    assert client.get(address).context["form"].initial["version"] == 1
    client.post(address, {**proposal(unfpa, unesco), "theme": "First", "version": 1})

    second = client.post(address, {**proposal(unfpa, unesco), "theme": "Second", "version": 1})

    page = second.content.decode()
    assert second.status_code == 409
    assert "First" in page
    assert "Second" in page
    assert (
        client.post(address, {**proposal(unfpa, unesco), "theme": "Both", "version": 2}).status_code
        == 302
    )


def test_an_impossible_correction_is_said(sign_in, now, chair, terms, unesco):
    data = {
        "first_agency": unesco.pk,
        "first_day": "2026-08-01",
        "last_day": "2026-12-31",
        "kind": "term",
        "version": 1,
    }

    answer = sign_in(chair).post(reverse("rotation:edit", args=["2026-H2"]), data)

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [ONLY_THE_THEME]
    assert "Change the theme of 2026-H2" in text_of(answer)
    assert '<a href="/rotation/2026-H2/">Go back</a>' in text_of(answer)


def test_others_are_told_who_may(sign_in, now, terms, focal_point, unfpa, unesco):
    client = sign_in(focal_point)

    for answer in (
        client.get(reverse("rotation:propose")),
        client.post(reverse("rotation:propose"), proposal(unfpa, unesco)),
        client.get(reverse("rotation:edit", args=["2026-H2"])),
    ):
        assert answer.status_code == 403
        assert (
            "Only the chair’s team or an administrator may change terms." in answer.content.decode()
        )


def test_a_form_opened_before_midnight_is_judged_by_the_new_day(
    sign_in, now, chair, terms, unfpa, unesco
):
    now.move_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    client = sign_in(chair)
    assert client.get(reverse("rotation:propose")).status_code == 200

    now.move_to(datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    answer = client.post(
        reverse("rotation:propose"),
        {**proposal(unfpa, unesco), "theme": "A theme that took long to write"},
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "A theme that took long to write" in page
    assert not ChairTerm.objects.filter(slug="2027-H2").exists()


def test_handover_page_and_its_items(sign_in, now, handover, chair):
    item = HandoverItemFactory(handover=handover, title="Minutes", due_day=date(2026, 11, 20))
    client = sign_in(chair)
    address = reverse("rotation:item", args=["2027-H1", item.pk])
    assert (
        "One item is late:"
        in client.get(reverse("rotation:handover", args=["2027-H1"])).content.decode()
    )

    done = client.post(address, {"state": "done", "note": "sent", "version": 1})

    item.refresh_from_db()
    assert (done.url, item.state) == (f"/rotation/2027-H1/handover/#item-{item.pk}", ItemState.DONE)
    assert client.post(address, {"state": "open", "version": 2}).status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_item_errors_stand_beside_the_item(sign_in, now, handover, chair):
    item = HandoverItemFactory(handover=handover)
    address = reverse("rotation:item", args=["2027-H1", item.pk])
    client = sign_in(chair)

    without_note = client.post(address, {"state": "not_applicable", "note": "", "version": 1})
    nonsense = client.post(address, {"state": "eaten", "version": 1})
    too_long = client.post(address, {"state": "done", "note": "kept " * 401, "version": 1})
    client.post(address, {"state": "done", "note": "first", "version": 1})
    stale = client.post(address, {"state": "done", "note": "second", "version": 1})

    assert (without_note.status_code, nonsense.status_code, stale.status_code) == (422, 422, 409)
    assert "Give a reason why this does not apply." in without_note.content.decode()
    assert "Choose what became of this item." in nonsense.content.decode()
    assert "at most 2000 characters" in too_long.content.decode()
    assert "kept kept" in too_long.content.decode()


def test_an_item_that_is_settled_otherwise_says_so_beside_it(sign_in, now, handover, chair):
    item = HandoverItemFactory(
        handover=handover, state=ItemState.DONE, settled_at=NOW, settled_by=chair
    )

    answer = sign_in(chair).post(
        reverse("rotation:item", args=["2027-H1", item.pk]),
        {"state": "not_applicable", "note": "No.", "version": 1},
    )

    assert answer.status_code == 422
    assert "This item is “done” now; open it again first." in answer.content.decode()


def test_signing(sign_in, now, handover, incoming_chair):
    client = sign_in(incoming_chair)
    address = reverse("rotation:sign", args=["2027-H1", "incoming"])

    client.post(address, as_shown(client, address))

    handover.refresh_from_db()
    assert (handover.incoming_signed_by, handover.incoming_level) == (incoming_chair, "focal_point")
    assert client.post(reverse("rotation:sign", args=["2027-H1", "sideways"])).status_code == 404
    assert client.post(reverse("rotation:sign", args=["2027-H1", "outgoing"])).status_code == 403
    assert client.post(address, {"level": "focal_point"}).status_code == 422


def test_handover_of_a_term_without_one_is_not_found(sign_in, now, terms, focal_point):
    assert (
        sign_in(focal_point).get(reverse("rotation:handover", args=["2026-H2"])).status_code == 404
    )


@pytest.mark.parametrize("count", ROWS)
def test_handover_asks_the_same_number_of_queries(
    sign_in, now, handover, chair, django_assert_num_queries, count
):
    many(
        HandoverItemFactory,
        count,
        handover=handover,
        side=[HandoverSide.values[n % 2] for n in range(count)],
    )
    client = sign_in(chair)
    client.get(reverse("rotation:handover", args=["2027-H1"]))

    with django_assert_num_queries(12):
        client.get(reverse("rotation:handover", args=["2027-H1"]))


def test_history_of_a_handover_tells_what_became_of_each_item(
    sign_in, now, handover, chair, former_focal_point
):
    item = HandoverItemFactory(handover=handover, title="Minutes")
    address = reverse("rotation:item", args=["2027-H1", item.pk])
    client = sign_in(chair)
    for moment, form in enumerate(
        ({"state": "done", "note": "Sent on Monday"}, {"state": "open"}), 1
    ):
        now.shift(60)
        client.post(address, {**form, "version": moment})
    now.shift(60)
    sign = reverse("rotation:sign", args=["2027-H1", "outgoing"])
    client.post(sign, as_shown(client, sign))
    history = reverse("rotation:handover_history", args=["2027-H1"])
    assert history in client.get(reverse("rotation:handover", args=["2027-H1"])).content.decode()

    found = client.get(history).context["changes"]

    signed, reopened, done, made = [
        (
            step.deed,
            [(d.label, d.before, d.after) for d in step.differences if not d.label.endswith("at")],
        )
        for step in found
    ]
    assert {step.who for step in found[:3]} == {chair}
    assert signed == (
        "Signed for the outgoing chair",
        [("level of the outgoing signer", "", "focal point")],
    )
    assert reopened == (
        "Opened again: Minutes",
        [("state", "done", "open"), ("settled by", str(chair), "")],
    )
    assert done == (
        "Marked done: Minutes",
        [("state", "open", "done"), ("note", "", "Sent on Monday")],
    )
    assert made == ("made this record", [])
    assert sign_in(former_focal_point).get(history).url == f"/accounts/login/?next={history}"


@pytest.mark.parametrize("count", [1, 60])
def test_history_of_a_handover_asks_the_same_number_of_queries(
    sign_in, now, handover, chair, django_assert_num_queries, count
):
    for n in range(count):
        item = HandoverItemFactory(handover=handover)
        item.settled_by, item.note, item._history_user = chair, f"Note {n}", chair
        item.save()
    client = sign_in(chair)
    client.get(reverse("rotation:handover_history", args=["2027-H1"]))

    with django_assert_num_queries(8):
        client.get(reverse("rotation:handover_history", args=["2027-H1"]))
