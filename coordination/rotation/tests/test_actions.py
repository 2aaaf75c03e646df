"""The acts of people on terms and handovers, and the rules that forbid them."""

import threading
from datetime import date

import pytest
from django.db import connections

from coordination.core.errors import LastDayBeforeFirst, NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.actions import reference
from coordination.rotation.actions.terms import (
    TermProposal,
    confirm_term,
    edit_term,
    propose_term,
    save_term,
    slug_for,
    withdraw_term,
)
from coordination.rotation.enums import TERM_LIFE, HandoverSide, TermKind, TermState
from coordination.rotation.errors import (
    NobodyChairs,
    TermBegan,
    TermNotProposed,
    TermsOverlap,
    TooManyChairs,
)
from coordination.rotation.models import ChairTerm, Handover
from coordination.rotation.queries import changes
from coordination.rotation.queries.chair import chairing_agencies
from coordination.rotation.queries.next_steps import term_steps
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    TemplateItemFactory,
    TermAgencyFactory,
)
from coordination.tests.cast import NOW
from coordination.tests.services.waiting import PATIENCE
from coordination.tests.vanishing import once_refused

pytestmark = pytest.mark.django_db

NEXT = TermProposal(date(2027, 7, 1), date(2027, 12, 31), theme="Youth")


@pytest.mark.parametrize(
    ("first", "last", "slug"),
    [
        (date(2013, 1, 1), date(2013, 6, 30), "2013-H1"),
        (date(2013, 7, 1), date(2013, 12, 31), "2013-H2"),
        (date(2014, 1, 1), date(2014, 12, 31), "2014"),
        (date(2009, 6, 1), date(2009, 12, 31), "2009-06"),
        (date(2009, 6, 2), date(2009, 12, 31), "2009-06-02"),
        (date(2026, 11, 1), date(2027, 4, 30), "2026-11"),
    ],
)
def test_slug_reads_well(first, last, slug):
    assert slug_for(first, last) == slug


def test_propose_term_by_the_chair(chair, unfpa):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)

    assert (term.slug, term.state, term.theme, chairing_agencies(term)) == (
        "2027-H2",
        TermState.PROPOSED,
        "Youth",
        (unfpa,),
    )
    assert term.history.get().history_user == chair


def test_propose_term_jointly(administrator, terms, unfpa, ohchr):
    term = propose_term([ohchr, unfpa], NEXT, by=administrator, at=NOW)

    assert chairing_agencies(term) == (ohchr, unfpa)


def test_a_withdrawn_proposal_frees_its_days_and_keeps_its_address(chair, unfpa):
    first = propose_term([unfpa], NEXT, by=chair, at=NOW)
    withdraw_term(first, version=first.version, by=chair, at=NOW)

    second = propose_term([unfpa], NEXT, by=chair, at=NOW)

    assert second.slug == "2027-H2-2"
    assert ChairTerm.objects.get(slug="2027-H2").state == TermState.WITHDRAWN


def test_last_day_before_first_is_refused_before_any_overlap(chair, unfpa):
    with pytest.raises(LastDayBeforeFirst) as refusal:
        propose_term([unfpa], TermProposal(date(2026, 12, 1), date(2026, 11, 1)), by=chair, at=NOW)

    assert (refusal.value.message, refusal.value.field) == (
        "The last day is before the first.",
        "last_day",
    )


def test_overlap_names_the_other_term(chair, unfpa):
    rival = propose_term(
        [unfpa], TermProposal(date(2026, 12, 31), date(2027, 12, 31)), by=chair, at=NOW
    )
    with pytest.raises(TermsOverlap) as refusal:
        confirm_term(rival, version=1, by=chair, at=NOW)

    assert (
        refusal.value.message
        == "These days overlap with the term of UNESCO, 1 July 2026 to 31 December 2026."
    )


def test_an_agency_must_be_a_member_on_the_first_day(chair):
    newcomer = AgencyFactory(acronym="NEW")
    MembershipFactory(agency=newcomer, first_day=date(2028, 1, 1))

    with pytest.raises(NobodyChairs, match="NEW is not a member on 1 July 2027."):
        propose_term([newcomer], NEXT, by=chair, at=NOW)
    with pytest.raises(NobodyChairs, match="Name at least one agency."):
        propose_term([], NEXT, by=chair, at=NOW)


def test_an_agency_must_be_a_member_on_the_last_day_too(chair, unfpa):
    unfpa.memberships.update(last_day=date(2027, 12, 30))

    with pytest.raises(NobodyChairs) as refusal:
        propose_term([unfpa], NEXT, by=chair, at=NOW)

    assert (refusal.value.message, refusal.value.field) == (
        "UNFPA is not a member on 31 December 2027.",
        "agencies",
    )
    unfpa.memberships.update(last_day=date(2027, 12, 31))
    assert propose_term([unfpa], NEXT, by=chair, at=NOW).pk


def test_three_agencies_do_not_chair(chair, unfpa, ohchr, who):
    with pytest.raises(TooManyChairs) as refusal:
        propose_term([unfpa, ohchr, who], NEXT, by=chair, at=NOW)

    assert (refusal.value.message, refusal.value.field) == (
        "At most 2 agencies chair together; these are 3.",
        "agencies",
    )
    term = propose_term([unfpa, ohchr], NEXT, by=chair, at=NOW)
    with pytest.raises(TooManyChairs):
        edit_term(term, [unfpa, ohchr, who], NEXT, version=1, by=chair, at=NOW)
    TermAgencyFactory(term=term, agency=who)
    with pytest.raises(TooManyChairs):
        confirm_term(term, version=term.version, by=chair, at=NOW)


def test_others_may_not_propose(focal_point, chair, unfpa):
    with pytest.raises(
        NotAllowed, match="Only the chair’s team or an administrator may change terms."
    ):
        propose_term([unfpa], NEXT, by=focal_point, at=NOW)


def test_edit_term_changes_a_proposal(chair, unfpa, ohchr):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)
    later = TermProposal(date(2027, 8, 1), date(2027, 12, 31), TermKind.CARETAKER, "Bridges")

    edit_term(term, [ohchr], later, version=term.version, by=chair, at=NOW)

    term.refresh_from_db()
    assert (term.first_day, term.kind, term.theme, term.version, chairing_agencies(term)) == (
        date(2027, 8, 1),
        "caretaker",
        "Bridges",
        2,
        (ohchr,),
    )


def test_history_tells_which_agency_took_the_place_of_which(chair, unfpa, ohchr, now):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)
    now.shift(60)

    edit_term(term, [ohchr], NEXT, version=1, by=chair, at=NOW)

    assert [(step.who, step.deed) for step in changes.term_changes(term)] == [
        (chair, "Corrected the term"),
        (chair, "Put in the chair: OHCHR"),
        (chair, "Taken out of the chair: UNFPA"),
        (chair, "Proposed the term"),
        (chair, "Put in the chair: UNFPA"),
    ]
    assert [(d.label, d.before, d.after) for d in changes.term_changes(term)[2].differences] == [
        ("position", "1", "")
    ]


def test_an_agency_that_stays_where_it_was_leaves_no_trace(chair, unfpa, ohchr, now):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)
    now.shift(60)

    edit_term(term, [unfpa, ohchr], NEXT, version=1, by=chair, at=NOW)

    assert chairing_agencies(term) == (unfpa, ohchr)
    assert [step.deed for step in changes.term_changes(term) if step.at > NOW] == [
        "Corrected the term",
        "Put in the chair: OHCHR",
    ]


def test_agencies_of_a_joint_proposal_change_places(chair, unfpa, ohchr, now):
    term = propose_term([unfpa, ohchr], NEXT, by=chair, at=NOW)
    now.shift(60)

    edit_term(term, [ohchr, unfpa], NEXT, version=1, by=chair, at=NOW)
    edit_term(
        term,
        [ohchr, unfpa],
        TermProposal(NEXT.first_day, NEXT.last_day, theme="Age"),
        version=2,
        by=chair,
        at=NOW,
    )

    assert chairing_agencies(term) == (ohchr, unfpa)
    moved = [step for step in changes.term_changes(term) if step.at > NOW and step.what]
    assert sorted(
        (step.deed, step.differences[0].before, step.differences[0].after) for step in moved
    ) == [
        ("Put in another place in the chair: OHCHR", "2", "1"),
        ("Put in another place in the chair: UNFPA", "1", "2"),
    ]


def test_edit_term_of_another_version_is_stale_and_shows_what_is_saved(chair, unfpa):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)
    edit_term(
        term,
        [unfpa],
        TermProposal(NEXT.first_day, NEXT.last_day, theme="First"),
        version=1,
        by=chair,
        at=NOW,
    )

    with pytest.raises(Stale) as lost:
        edit_term(
            term,
            [unfpa],
            TermProposal(NEXT.first_day, NEXT.last_day, theme="Second"),
            version=1,
            by=chair,
            at=NOW,
        )

    assert lost.value.current.theme == "First"


def test_only_the_theme_of_a_confirmed_term_can_be_corrected(chair, terms, unesco, unfpa):
    current = terms[0]
    words = TermProposal(current.first_day, current.last_day, current.kind, "Education on the move")

    edit_term(current, [unesco], words, version=1, by=chair, at=NOW)
    with pytest.raises(TermNotProposed):
        edit_term(current, [unfpa], words, version=2, by=chair, at=NOW)

    current.refresh_from_db()
    assert current.theme == "Education on the move"


@pytest.mark.parametrize("state", [TermState.CONFIRMED, TermState.WITHDRAWN])
def test_a_term_that_is_over_is_corrected_with_a_source_alone(chair, terms, unfpa, state):
    past = ChairTermFactory(
        first_day=date(2025, 7, 1), last_day=date(2025, 12, 31), state=state, theme="Youth"
    )
    TermAgencyFactory(term=past, agency=unfpa)
    words = TermProposal(past.first_day, past.last_day, past.kind, "Education on the move")

    with pytest.raises(TermBegan, match="corrected with a source"):
        edit_term(past, [unfpa], words, version=1, by=chair, at=NOW)

    past.refresh_from_db()
    assert past.theme == "Youth"
    steps = term_steps(past, NOW.date(), may_edit=True)
    assert [step.kind for step in steps] == []


def test_confirm_term_makes_the_handover_with_its_checklist(chair, terms, unfpa):
    TemplateItemFactory(key="minutes", side=HandoverSide.OUTGOING, due_offset_days=-30)
    TemplateItemFactory(key="letter", side=HandoverSide.INCOMING, due_offset_days=7)
    TemplateItemFactory(key="old", active=False)
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)

    confirm_term(term, version=term.version, by=chair, at=NOW)

    handover = Handover.objects.get(incoming_term=term)
    items = list(handover.items.order_by("due_day").values_list("key", "side", "due_day"))
    assert recorded_reason(handover.history.get()) == "Began the handover from WHO (2027-H1)"
    assert items == [
        ("minutes", "outgoing", date(2027, 6, 1)),
        ("letter", "incoming", date(2027, 7, 8)),
    ]
    with pytest.raises(TermNotProposed, match="not a proposal any more"):
        confirm_term(term, version=term.version, by=chair, at=NOW)
    with pytest.raises(TermNotProposed, match="Only a proposal can be withdrawn"):
        withdraw_term(term, version=term.version, by=chair, at=NOW)


@pytest.mark.parametrize("act", [confirm_term, withdraw_term])
def test_a_term_of_another_version_is_neither_confirmed_nor_withdrawn(chair, unfpa, act):
    term = propose_term([unfpa], NEXT, by=chair, at=NOW)
    edit_term(
        term,
        [unfpa],
        TermProposal(NEXT.first_day, NEXT.last_day, theme="Other"),
        version=1,
        by=chair,
        at=NOW,
    )

    with pytest.raises(Stale) as lost:
        act(term, version=1, by=chair, at=NOW)

    term.refresh_from_db()
    assert (lost.value.current.theme, term.state, term.version) == ("Other", TermState.PROPOSED, 2)
    assert act(term, version=2, by=chair, at=NOW).version == 3


@pytest.mark.parametrize("state", TermState)
@pytest.mark.parametrize(
    ("act", "to"),
    [(confirm_term, TermState.CONFIRMED), (withdraw_term, TermState.WITHDRAWN)],
)
def test_a_term_moves_as_its_table_says(chair, unfpa, state, act, to):
    term = ChairTermFactory(first_day=NEXT.first_day, last_day=NEXT.last_day, state=state)
    TermAgencyFactory(term=term, agency=unfpa)

    # a confirmed term is withdrawn by an operation, with its decision
    may = TERM_LIFE.allows(state, to) and state == TermState.PROPOSED
    if may:
        act(term, version=1, by=chair, at=NOW)
    else:
        with pytest.raises(TermNotProposed):
            act(term, version=1, by=chair, at=NOW)

    term.refresh_from_db()
    assert term.state == (to if may else state)


DATA = {
    "terms": [
        {
            "agencies": ["UNESCO"],
            "first_day": "2012-01-01",
            "last_day": "2012-05-31",
            "kind": "caretaker",
            "sources": ["a page"],
            "precision": "month",
        }
    ],
    "checklist": [
        {
            "key": "minutes",
            "title": "Minutes",
            "detail": "",
            "side": "outgoing",
            "due_offset_days": -30,
            "position": 1,
        }
    ],
}


def test_loading_reference_data_twice_changes_nothing(unesco):
    assert reference.load(DATA, at=NOW) == 2
    records = ChairTerm.history.count()

    assert reference.load(DATA, at=NOW) == 0
    assert ChairTerm.history.count() == records
    term = ChairTerm.objects.get()
    assert (term.slug, term.state, term.kind, term.first_precision, term.sources) == (
        "2012-01",
        "confirmed",
        "caretaker",
        "month",
        ["a page"],
    )


@pytest.mark.postgres
def test_the_database_itself_refuses_an_overlap_with_the_same_sentence(terms, unfpa):
    words = TermProposal(date(2026, 8, 1), date(2026, 9, 1))

    with pytest.raises(TermsOverlap, match="These days overlap with the term of UNESCO"):
        save_term(confirmed_from(words), words)


def confirmed_from(words):
    return ChairTerm(
        slug="x", first_day=words.first_day, last_day=words.last_day, state=TermState.CONFIRMED
    )


def test_another_refusal_of_the_database_stays_what_it_is(terms):
    words = TermProposal(date(2030, 8, 1), date(2030, 9, 1))

    with pytest.raises(Exception, match="(?i)unique"):
        save_term(
            ChairTerm(slug=terms[0].slug, first_day=words.first_day, last_day=words.last_day), words
        )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_rivals_confirmed_at_once_one_is_refused(chair, unfpa, ohchr):
    rivals = [propose_term([agency], NEXT, by=chair, at=NOW) for agency in (unfpa, ohchr)]
    outcome = []
    ready = threading.Barrier(2)

    def confirm(rival):
        try:
            ready.wait(PATIENCE)
            confirm_term(rival, version=1, by=chair, at=NOW)
            outcome.append("confirmed")
        except TermsOverlap as refusal:
            outcome.append(refusal.message.split()[2])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=(rival,)) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(outcome) == ["confirmed", "overlap"]
    assert ChairTerm.objects.filter(first_day=NEXT.first_day, state="confirmed").count() == 1


@pytest.mark.postgres
def test_a_refusal_that_nothing_explains_any_more_still_gets_a_sentence(terms):
    """The other term may be withdrawn between the database's refusal and our second look."""
    words = TermProposal(date(2026, 8, 1), date(2026, 9, 1))
    withdrawn = ChairTerm.objects.filter(first_day__lte=words.last_day)

    with (
        once_refused(lambda: withdrawn.update(state=TermState.WITHDRAWN)),
        pytest.raises(TermsOverlap, match="at the same moment"),
    ):
        save_term(confirmed_from(words), words)


def test_confirming_a_term_of_an_agency_that_left_is_refused(chair, unfpa):
    term = ChairTermFactory(
        first_day=date(2027, 7, 1), last_day=date(2027, 12, 31), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=term, agency=unfpa)
    unfpa.memberships.update(last_day=date(2027, 6, 30))

    with pytest.raises(NobodyChairs, match="UNFPA is not a member on 1 July 2027"):
        confirm_term(term, version=term.version, by=chair, at=NOW)
