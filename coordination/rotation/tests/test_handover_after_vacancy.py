"""A handover across a vacancy, with the dates of 2009: who answers for what the outgoing chair left, on each page and in each mail."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.core.permissions import On, allowed
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.rotation.actions import handovers, signatures
from coordination.rotation.actions.corrections import Correction, correct_record
from coordination.rotation.actions.terms import (
    TermProposal,
    confirm_term,
    propose_term,
    withdraw_term,
)
from coordination.rotation.due.handovers import overdue_items
from coordination.rotation.enums import HandoverSide, ItemState, TermKind, TermState
from coordination.rotation.models import HandoverItem
from coordination.rotation.queries.handovers import items_ahead, outgoing_term, sides, terms_of
from coordination.rotation.tests.asking import as_shown
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    HandoverItemFactory,
    TermAgencyFactory,
)

pytestmark = pytest.mark.django_db
GRACE_ENDS, STANDS_IN = date(2009, 1, 30), date(2009, 1, 31)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def morning(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def term_of(agency, first, last, **fields):
    term = ChairTermFactory(slug=f"{first:%Y-%m}", first_day=first, last_day=last, **fields)
    TermAgencyFactory(term=term, agency=agency)
    return term


def person_of(name, agency):
    return AppointmentFactory(
        person=PersonFactory(name=name, time_zone="Europe/Zurich"),
        agency=agency,
        first_day=date(2008, 1, 1),
        last_day=None,
    ).person


@pytest.fixture
def outgoing(unesco):
    """Return a focal point of the agency that chaired to the end of 2008."""
    term_of(unesco, date(2008, 7, 1), date(2008, 12, 31))
    return person_of("Out", unesco)


@pytest.fixture
def incoming(who):
    return person_of("In", who)


@pytest.fixture
def handover(outgoing, incoming, who):
    return HandoverFactory(incoming_term=term_of(who, date(2009, 6, 1), date(2009, 12, 31)))


@pytest.fixture
def item(handover):
    return HandoverItemFactory(
        handover=handover, title="Minutes", side=HandoverSide.OUTGOING, due_day=date(2009, 1, 5)
    )


@pytest.mark.parametrize(
    ("day", "who_answers"),
    [
        (date(2008, 12, 31), "Out"),
        (date(2009, 1, 10), "Out"),
        (GRACE_ENDS, "Out"),
        (STANDS_IN, "In"),
        (date(2009, 3, 15), "In"),
        (date(2009, 5, 31), "In"),
        (date(2009, 6, 1), "In"),
        (date(2009, 7, 1), "In"),
    ],
)
def test_page_action_mail_and_desk_agree_on_who_answers_for_the_outgoing_side(
    item, handover, outgoing, incoming, unesco, who, group, day, who_answers
):
    people, agencies = (outgoing, incoming), {unesco: "Out", who: "In"}
    terms = terms_of(handover, group)

    signs = [
        p.name
        for p in people
        if allowed(p, "rotation.sign_handover", On(day, (terms, HandoverSide.OUTGOING)))
    ]
    settles = [p.name for p in people if allowed(p, "rotation.edit_handover_item", On(day, item))]
    on_page = [agencies[agency] for agency in sides(handover, day, group)[0].answering]
    on_desk = [
        name for agency, name in agencies.items() if items_ahead([agency], day, group).get().ours
    ]
    mailed = {owed.person_id for owed in overdue_items(morning(day))}

    assert (signs, settles, on_page, on_desk) == ([who_answers],) * 4
    assert mailed == (
        {p.pk for p in people if p.name == who_answers} if day > item.due_day else set()
    )


@pytest.mark.parametrize("day", [date(2009, 1, 10), date(2009, 3, 15), date(2009, 6, 15)])
def test_the_incoming_side_always_answers_for_its_own_items(
    handover, incoming, outgoing, who, group, day
):
    item = HandoverItemFactory(handover=handover, side=HandoverSide.INCOMING)

    assert [
        allowed(p, "rotation.edit_handover_item", On(day, item)) for p in (outgoing, incoming)
    ] == [False, True]
    assert items_ahead([who], day, group).get().ours
    assert sides(handover, day, group)[1].answering == (who,)


def test_what_the_incoming_side_settles_and_signs_for_the_other_is_recorded_as_such(
    item, handover, incoming, group, django_user_model
):
    before = HandoverItemFactory(
        handover=handover,
        side=HandoverSide.OUTGOING,
        state=ItemState.DONE,
        settled_at=morning(GRACE_ENDS),
    )

    handovers.mark_item(
        item,
        ItemState.DONE,
        note="found in the archive",
        version=1,
        by=incoming,
        at=morning(date(2009, 6, 2)),
    )
    signatures.sign_handover(
        handover, HandoverSide.OUTGOING, by=incoming, at=morning(date(2009, 6, 3))
    )

    handover.refresh_from_db()
    side = sides(handover, date(2009, 6, 4), group)[0]
    assert (
        recorded_reason(item.history.first())
        == "Marked done by the incoming chair, for the outgoing one"
    )
    assert (
        recorded_reason(handover.history.first())
        == "Signed by the incoming chair, for what it found of the outgoing one"
    )
    assert (side.signed_by, side.signed_by_stand_in, side.settled_by_stand_in) == (
        incoming,
        True,
        (item,),
    )
    assert before not in side.settled_by_stand_in


def test_the_outgoing_side_signs_for_itself_in_its_days_of_grace(item, handover, outgoing, group):
    handovers.mark_item(
        item, ItemState.DONE, note="", version=1, by=outgoing, at=morning(GRACE_ENDS)
    )
    signatures.sign_handover(handover, HandoverSide.OUTGOING, by=outgoing, at=morning(GRACE_ENDS))

    handover.refresh_from_db()
    side = sides(handover, STANDS_IN, group)[0]
    assert (side.stands_in, side.signed_by_stand_in, side.settled_by_stand_in) == (True, False, ())
    assert recorded_reason(handover.history.first()) == "Signed for the outgoing chair"


def test_after_its_days_of_grace_the_outgoing_side_is_told_who_answers(item, outgoing):
    with pytest.raises(NotAllowed) as refusal:
        handovers.mark_item(
            item, ItemState.DONE, note="", version=1, by=outgoing, at=morning(STANDS_IN)
        )

    assert (
        refusal.value.message
        == "Only the focal points of WHO may do this: UNESCO answered for these items until 30 January 2009."
    )


def test_a_first_chair_answers_for_both_sides(unesco, group, who):
    first = HandoverFactory(incoming_term=term_of(unesco, date(2008, 7, 1), date(2008, 12, 31)))
    item = HandoverItemFactory(
        handover=first,
        side=HandoverSide.OUTGOING,
        settled_at=morning(date(2008, 7, 2)),
        state=ItemState.DONE,
    )
    person, stranger = person_of("First", unesco), person_of("Stranger", who)

    side = sides(first, date(2008, 7, 1), group)[0]

    assert (side.agencies, side.answering, side.stands_in, side.settled_by_stand_in) == (
        (),
        (unesco,),
        True,
        (item,),
    )
    assert allowed(person, "rotation.edit_handover_item", On(date(2008, 7, 1), item))
    with pytest.raises(NotAllowed, match="^Only the focal points of UNESCO may do this.$"):
        handovers.reopen_item(item, version=1, by=stranger, at=morning(date(2008, 7, 3)))


def test_the_page_says_who_answers_and_what_was_found(client, now, item, handover, incoming):
    now.move_to(morning(date(2009, 6, 2)))
    handovers.mark_item(
        item, ItemState.DONE, note="", version=1, by=incoming, at=morning(date(2009, 6, 2))
    )
    client.force_login(incoming, backend=BACKEND)
    address = reverse("rotation:handover", args=["2009-06"])

    before = " ".join(client.get(address).content.decode().split())
    sign = reverse("rotation:sign", args=["2009-06", "outgoing"])
    client.post(sign, as_shown(client, sign))
    after = " ".join(client.get(address).content.decode().split())

    assert "Handover from UNESCO to WHO" in before
    assert (
        "UNESCO answered for these until 30 January 2009. Now they are with WHO, to settle as they were found and to sign for."
        in before
    )
    assert "Done by In for the outgoing chair," in before
    assert "Signed by the incoming chair, for what it found" not in before
    assert "Signed by the incoming chair, for what it found" in after


def test_the_page_speaks_of_a_joint_chair_as_of_one(client, now, item, handover, incoming, unfpa):
    TermAgencyFactory(term=handover.incoming_term, agency=unfpa, position=2)
    pages = []

    for day in (date(2009, 1, 15), date(2009, 6, 2)):
        now.move_to(morning(day))
        client.force_login(incoming, backend=BACKEND)
        pages.append(
            " ".join(
                client.get(reverse("rotation:handover", args=["2009-06"])).content.decode().split()
            )
        )

    assert (
        "These are with UNESCO until 30 January 2009, and with the incoming chair after that."
        in pages[0]
    )
    assert (
        "Now they are with WHO and UNFPA, to settle as they were found and to sign for." in pages[1]
    )


def test_the_page_of_a_first_chair_names_nobody_before(client, now, unesco):
    HandoverFactory(incoming_term=term_of(unesco, date(2008, 7, 1), date(2008, 12, 31)))
    now.move_to(morning(date(2008, 7, 1)))
    client.force_login(person_of("First", unesco), backend=BACKEND)

    page = " ".join(
        client.get(reverse("rotation:handover", args=["2008-07"])).content.decode().split()
    )

    assert "Handover to UNESCO" in page
    assert "This is the first term on record: nobody hands over." in page
    assert "Nobody chaired before, so nobody signs for this side." in page


H1 = TermProposal(date(2027, 7, 1), date(2027, 12, 31))
CARETAKER = TermProposal(date(2027, 4, 1), date(2027, 6, 30), TermKind.CARETAKER)


def confirmed(agency, words, chair, at):
    return confirm_term(propose_term([agency], words, by=chair, at=at), version=1, by=chair, at=at)


def test_a_handover_follows_the_terms_that_are_confirmed_later(
    administrator, terms, unfpa, ohchr, unesco, group
):
    """Confirm the second half of next year, then the first quarter, then a caretaker between."""
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    terms[1].delete()
    later = confirmed(unfpa, H1, administrator, at).handover
    assert outgoing_term(later) == terms[0]

    december = confirmed(
        ohchr, TermProposal(date(2027, 1, 1), date(2027, 3, 31)), administrator, at
    )
    assert outgoing_term(later) == december
    caretaker = confirmed(unesco, CARETAKER, administrator, at)

    assert outgoing_term(later) == caretaker
    assert outgoing_term(december.handover) == terms[0]
    assert [recorded_reason(record) for record in later.history.order_by("history_id")] == [
        "Began the handover from UNESCO (2026-H2)",
        "The outgoing chair is now OHCHR (2027-01)",
        "The outgoing chair is now UNESCO (2027-04)",
    ]
    assert december.handover.history.count() == 1


def test_a_proposal_and_its_withdrawal_change_no_handover(administrator, terms, unfpa, unesco):
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    later = confirmed(unfpa, H1, administrator, at).handover
    terms[1].last_day = date(2027, 3, 31)
    terms[1].save()

    proposal = propose_term([unesco], CARETAKER, by=administrator, at=at)
    assert outgoing_term(later) == terms[1]
    withdraw_term(proposal, version=proposal.version, by=administrator, at=at)

    assert outgoing_term(later) == terms[1]
    assert later.history.count() == 1


def test_a_signature_of_who_is_not_the_outgoing_chair_any_more_is_void(
    administrator, chair, terms, unfpa, unesco, who
):
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    terms[1].last_day = date(2027, 3, 31)
    terms[1].save()
    later = confirmed(unfpa, H1, administrator, at).handover
    before = person_of("Before", who)
    signatures.sign_handover(later, HandoverSide.OUTGOING, by=before, at=at)

    confirmed(unesco, CARETAKER, administrator, at)

    later.refresh_from_db()
    assert (later.outgoing_signed_by, later.outgoing_signed_at) == (None, None)
    assert recorded_reason(later.history.first()) == (
        "The outgoing chair is now UNESCO (2027-04); the signature of the one before is void"
    )
    with pytest.raises(NotAllowed):
        signatures.sign_handover(later, HandoverSide.OUTGOING, by=before, at=at)
    assert (
        signatures.sign_handover(later, HandoverSide.OUTGOING, by=chair, at=at).outgoing_signed_by
        == chair
    )


def test_a_term_that_was_over_when_it_was_put_on_record_changes_no_handover(
    administrator, terms, unfpa, handover
):
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def recorded(first, last):
        record = Correction([unfpa], TermProposal(first, last), "Minutes of 2009")
        correct_record(None, record, version=0, by=administrator, at=at)

    recorded(date(2009, 1, 1), date(2009, 1, 31))
    changed = recorded_reason(handover.history.first())
    recorded(date(2008, 1, 1), date(2008, 1, 31))

    assert (changed, handover.history.count()) == ("The outgoing chair is now UNFPA (2009-01)", 2)
    assert not HandoverItem.objects.exists()
    assert ChairTermFactory._meta.model.objects.filter(
        state=TermState.CONFIRMED, slug="2008-01"
    ).exists()
