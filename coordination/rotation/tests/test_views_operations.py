"""The pages of operations: what changes is shown, then asked once; the loser of a race sees the present state."""

import re
from datetime import date

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.rotation.actions import corrections, operations
from coordination.rotation.actions.corrections import Correction
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.terms import TermProposal, propose_term
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries import next_steps
from coordination.rotation.tests.factories import HandoverFactory
from coordination.rotation.tests.schedule import DECIDED, H2_2027, schedule, term_of
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db

WORDS = {"decision": "Meeting of 20 November", "document": "Minutes", "reason": "Congress"}


def change(kind, slug="2026-H2"):
    return reverse("rotation:change", args=[slug, kind])


@pytest.fixture
def of_chair(sign_in, now, chair):
    return sign_in(chair)


def test_the_page_of_a_term_offers_what_applies(of_chair, terms):
    def offered(slug):
        page = of_chair.get(reverse("rotation:term", args=[slug]))
        return [step.url_args[1] for step in page.context["operations"]]

    assert offered("2026-H2") == ["move-boundary", "hand-back", "set-chairs", "cede"]
    assert offered("2027-H1") == ["extend", "hand-back", "set-chairs", "cede", "defer", "withdraw"]


def test_nothing_is_offered_for_a_proposal_or_a_term_that_is_over(of_chair, terms, unfpa):
    term_of([unfpa], H2_2027, slug="a", state=TermState.PROPOSED)
    term_of([unfpa], (date(2025, 7, 1), date(2025, 12, 31)), slug="b")

    for slug in ("a", "b"):
        assert of_chair.get(reverse("rotation:term", args=[slug])).context["operations"] == []


def test_a_term_of_which_one_day_is_left_only_goes_on(terms):
    def kinds(term, day):
        steps = next_steps.operation_steps(
            term, day, may_operate=True, may_offer=True, is_followed=True
        )
        return [step.url_args[-1] for step in steps]

    one_day = ChairTerm(
        slug="x", first_day=date(2027, 1, 1), last_day=date(2027, 1, 1), state="confirmed"
    )
    assert kinds(terms[0], date(2026, 12, 31)) == ["move-boundary"]
    assert kinds(one_day, date(2026, 12, 1)) == [
        "x",
        "move-boundary",
        "set-chairs",
        "cede",
        "defer",
        "withdraw",
    ]


def test_the_agency_of_a_term_is_offered_the_exchange_alone(sign_in, now, incoming_chair, terms):
    page = sign_in(incoming_chair).get(reverse("rotation:term", args=["2027-H1"]))

    assert [step.url for step in page.context["operations"]] == ["/rotation/2027-H1/exchange/"]


def test_what_changes_is_shown_before_it_is_asked(of_chair, terms, incoming_chair):
    asked = of_chair.get(change("move-boundary"))
    shown = of_chair.get(change("move-boundary"), {"last_day": "2027-01-31"})

    assert "Show what changes" in text_of(asked)
    page = text_of(shown)
    for words in (
        "1 Jul 2026 to 31 Dec 2026",
        "184 days",
        "1 Jul 2026 to 31 Jan 2027",
        "215 days",
        "WHO: 70 days instead of 39",
        "UNESCO would chair 215 days instead of 184.",
        "UNESCO (one person)",
        "WHO (one person)",
        "Record the decision",
    ):
        assert words in page, words
    assert schedule()[0][1] == date(2026, 12, 31)


def test_the_days_that_become_vacant_are_shown(of_chair, terms):
    page = text_of(of_chair.get(change("hand-back"), {"last_day": "2026-12-15"}))

    assert "Becomes vacant" in page
    assert "16 December 2026 to 31 December 2026</b>" in page


def test_a_decision_is_recorded_once_it_has_words(of_chair, terms):
    address, sent = change("move-boundary"), {"last_day": "2027-01-31"}
    base = of_chair.get(address, sent).context["decision"].initial["base"]
    without = of_chair.post(address, {**sent, "base": base})
    done = of_chair.post(address, {**sent, **WORDS, "base": base}, follow=True)

    assert (without.status_code, list(without.context["decision"].errors)) == (422, ["decision"])
    page = text_of(done)
    operation = TermOperation.objects.get()
    assert done.redirect_chain == [(reverse("rotation:operation", args=[operation.pk]), 302)]
    for words in ("Recorded.", "Meeting of 20 November", "Minutes", "Élodie Marchand", "Congress"):
        assert words in page
    assert schedule()[0][1] == date(2027, 1, 31)


def test_no_operation_is_offered_on_a_term_that_is_not_there(of_chair, terms):
    assert of_chair.get(change("defer", "1999-H1")).status_code == 404


def test_an_impossible_change_is_refused_beside_its_field(of_chair, terms):
    page = of_chair.get(change("move-boundary"), {"last_day": "2028-01-31"})
    nonsense = of_chair.get(change("move-boundary"), {"last_day": "soon"})

    assert (page.status_code, nonsense.status_code) == (422, 422)
    assert list(page.context["change"].errors) == ["last_day"]


def test_an_operation_without_a_choice_is_shown_at_once_or_says_why_not(of_chair, terms):
    shown = of_chair.get(change("defer", "2027-H1"))
    begun = of_chair.get(change("defer", "2026-H2"))

    assert (shown.status_code, "Record the decision" in text_of(shown)) == (200, True)
    assert (begun.status_code, "This term has begun." in text_of(begun)) == (422, True)
    assert "Record the decision" not in text_of(begun)


def test_the_loser_of_a_race_sees_the_present_state_and_keeps_the_words(of_chair, chair, terms):
    address, sent = change("move-boundary"), {"last_day": "2027-01-31"}
    base = of_chair.get(address, sent).context["decision"].initial["base"]
    operations.move_boundary(terms[0], date(2027, 1, 15), DECIDED, by=chair, at=NOW)

    lost = of_chair.post(address, {**sent, **WORDS, "base": base})

    page = text_of(lost)
    assert lost.status_code == 409
    assert "Somebody changed these terms meanwhile." in page
    assert "1 Jul 2026 to 15 Jan 2027" in page
    assert 'value="Meeting of 20 November"' in lost.content.decode()
    assert TermOperation.objects.count() == 1
    again = of_chair.post(
        address, {**sent, **WORDS, "base": lost.context["decision"]["base"].value()}
    )
    assert (again.status_code, schedule()[0][1]) == (302, date(2027, 1, 31))


@pytest.mark.parametrize(
    ("kind", "slug", "sent", "after"),
    [
        ("hand-back", "2026-H2", {"last_day": "2026-12-15"}, "UNESCO"),
        ("extend", "2028-H1", {"last_day": "2028-07-31"}, "UNESCO"),
        ("set-chairs", "2027-H1", {"agencies": ["WHO", "UNFPA"]}, "UNFPA+WHO"),
        ("set-chairs", "2026-H2", {"agencies": ["WHO"], "from_day": "2026-12-01"}, "UNESCO"),
        ("cede", "2027-H1", {"giver": "WHO", "taker": "OHCHR"}, "OHCHR"),
        ("defer", "2027-H1", {}, ""),
        ("withdraw", "2027-H1", {}, ""),
    ],
)
def test_each_operation_has_its_page(
    of_chair, terms, later, agencies_by_name, kind, slug, sent, after
):
    named = {
        name: [agencies_by_name[each] for each in value]
        if isinstance(value, list)
        else agencies_by_name.get(value, value)
        for name, value in sent.items()
    }
    shown = of_chair.get(change(kind, slug), named)
    done = of_chair.post(change(kind, slug), {**named, **WORDS})

    assert (shown.status_code, done.status_code) == (200, 302)
    assert TermOperation.objects.get().kind == kind.replace("-", "_")


@pytest.fixture
def agencies_by_name(unesco, who, unfpa, ohchr):
    return {agency.acronym: agency.pk for agency in (unesco, who, unfpa, ohchr)}


def test_a_page_of_nothing_is_not_found(of_chair, terms):
    assert of_chair.get(change("swap")).status_code == 404
    assert of_chair.get("/rotation/vacancies/2027-01-01/swap/").status_code == 404
    assert of_chair.get("/rotation/vacancies/2027-13-01/").status_code == 404
    assert of_chair.get("/rotation/vacancies/2027-01-01/").status_code == 404
    assert of_chair.get("/rotation/vacancies/2027-01-01/substitute/").status_code == 404


def test_a_vacancy_shows_three_remedies_side_by_side(of_chair, chair, terms, later):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    timeline = text_of(of_chair.get(reverse("rotation:timeline")))
    page = text_of(of_chair.get("/rotation/vacancies/2027-01-01/"))

    assert 'href="/rotation/vacancies/2027-01-01/"' in timeline
    for words in (
        "Nobody chairs from 1 January 2027 to 30 June 2027",
        "unexplained",
        "/rotation/vacancies/2027-01-01/leave-vacant/",
        "/rotation/vacancies/2027-01-01/substitute/",
        "/rotation/vacancies/2027-01-01/caretaker/",
        "/rotation/vacancies/2027-01-01/move-up/",
        "/rotation/vacancies/2027-01-01/pull-forward/",
        "UNFPA",
        "OHCHR",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("kind", "sent", "after"),
    [
        ("substitute", {"agencies": "WHO"}, ["UNESCO", "WHO", "UNFPA", "OHCHR"]),
        (
            "caretaker",
            {"agencies": "WHO", "first_day": "2027-01-01", "last_day": "2027-02-28"},
            ["UNESCO", "WHO", "UNFPA", "OHCHR"],
        ),
        ("move-up", {}, ["UNESCO", "UNFPA", "OHCHR"]),
        ("pull-forward", {"term": "2028-H1"}, ["UNESCO", "OHCHR", "UNFPA"]),
        ("leave-vacant", {"until": "2027-03-31"}, ["UNESCO", "UNFPA", "OHCHR"]),
    ],
)
def test_each_remedy_has_its_page(
    of_chair, chair, terms, later, agencies_by_name, kind, sent, after
):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    named = {name: agencies_by_name.get(value, value) for name, value in sent.items()}
    address = f"/rotation/vacancies/2027-01-01/{kind}/"

    empty = of_chair.get(address)
    shown = of_chair.get(address, named)
    done = of_chair.post(address, {**named, **WORDS}, follow=True)

    assert (empty.status_code, shown.status_code, done.status_code) == (200, 200, 200)
    assert [row[2] for row in schedule()] == after
    assert text_of(of_chair.get(reverse("rotation:history"))).count("Meeting of 20 November") >= 1


def test_a_caretaker_whose_days_run_backwards_is_refused(of_chair, chair, terms, later, who):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    sent = {"agencies": who.pk, "first_day": "2027-02-01", "last_day": "2027-01-01"}
    page = of_chair.get("/rotation/vacancies/2027-01-01/caretaker/", sent)

    assert page.context["change"].errors == {"last_day": ["The last day is before the first."]}


def test_a_vacancy_that_was_left_vacant_says_until_when(of_chair, chair, terms, later):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    day = date(2027, 1, 1)
    operations.leave_vacant(day, date(2027, 3, 31), DECIDED, by=chair, at=NOW)

    page = text_of(of_chair.get("/rotation/vacancies/2027-01-01/"))

    assert "left vacant by decision until 31 March 2027" in page
    assert "unexplained" not in page


def test_a_focal_point_sees_the_remedies_and_who_records_them(
    sign_in, now, chair, terms, focal_point
):
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    page = text_of(sign_in(focal_point).get("/rotation/vacancies/2027-01-01/"))

    assert "The chair’s team or an administrator records what the group decided." not in page
    assert "The chair’s team or an administrator records what the group decides." in page
    assert "No confirmed turn comes after these days." in page
    assert "leave-vacant" not in page


def test_the_history_lists_operations_and_corrections_newest_first(
    of_chair, now, chair, administrator, terms, unfpa
):
    past = term_of([unfpa], (date(2025, 7, 1), date(2025, 12, 31)), slug="2025-H2")
    empty = text_of(of_chair.get(reverse("rotation:history")))
    now.shift(60)
    operations.hand_back(terms[0], date(2026, 12, 15), DECIDED, by=chair, at=NOW)
    corrections.correct_record(
        past,
        Correction(
            [unfpa], TermProposal(past.first_day, past.last_day, theme="Age"), "The minutes"
        ),
        version=1,
        by=administrator,
        at=NOW.replace(hour=10),
    )

    page = text_of(of_chair.get(reverse("rotation:history")))

    assert "Nothing yet" in empty
    assert page.index("Correction of the record") < page.index("Hand back early")
    assert "The minutes" in page
    assert "2026-H2: UNESCO, 1 Jul 2026 to 31 Dec 2026" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_pages_cost_the_same_with_one_and_with_thirty(
    of_chair, django_assert_num_queries, chair, terms, later, number
):
    for _each in range(number):
        operations.set_chairs(
            terms[1], [later[0].agencies.get()], GroupDecision("A"), by=chair, at=NOW
        )
        operations.set_chairs(
            terms[1], [later[1].agencies.get()], GroupDecision("A"), by=chair, at=NOW
        )
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)
    with django_assert_num_queries(12):
        of_chair.get(reverse("rotation:history"))


def test_confirming_keeps_who_decided(of_chair, chair, terms, unfpa):
    propose_term([unfpa], TermProposal(*H2_2027), by=chair, at=NOW)
    address = reverse("rotation:confirm", args=["2027-H2"])
    sent = {"seen-version": "1", **WORDS}

    long = of_chair.post(address, {**sent, "decision": "x" * 301})
    done = of_chair.post(address, sent)

    assert (long.status_code, done.status_code) == (422, 302)
    assert TermOperation.objects.get().decision == "Meeting of 20 November"
    history = text_of(of_chair.get(reverse("rotation:history")))
    assert "2027-H2: UNFPA, proposed → UNFPA, 1 Jul 2027 to 31 Dec 2027" in history
    assert text_of(of_chair.get(history_link(history))).count("UNFPA") > 1


def history_link(page):
    """Return the address of the first operation in the history."""
    return re.search(r'href="(/rotation/operations/\d+/)"', page)[1]


def test_a_handover_that_is_set_aside_says_so(of_chair, chair, terms):
    HandoverFactory(incoming_term=terms[1])
    operations.withdraw_confirmed(terms[1], DECIDED, by=chair, at=NOW)

    page = text_of(of_chair.get(reverse("rotation:handover", args=["2027-H1"])))

    assert "This handover is set aside" in page
