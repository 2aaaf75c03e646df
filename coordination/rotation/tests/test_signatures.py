"""Signatures: at what level, late, by one side, declined, void, to the file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.core.permissions import On
from coordination.members.enums import ActingLevel, Role
from coordination.rotation.actions import handovers, signatures
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import HandoverSide, ItemState, SignatureState
from coordination.rotation.errors import (
    AlreadySigned,
    LevelNotHeld,
    NoOutgoingSide,
    NoteNeeded,
    SideChanged,
    SuccessorConfirmed,
)
from coordination.rotation.models import DeclinedSignature, StateOfPlay
from coordination.rotation.queries import handovers as handovers_queries
from coordination.rotation.queries.signatures import side_version, signatures_of
from coordination.rotation.rules import signing_levels
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    KeptPlaceFactory,
    LessonFactory,
    MatterJudgementFactory,
    OutsidePromiseFactory,
    StateOfPlayFactory,
)
from coordination.tests.cast import NOW, TODAY, appointed

pytestmark = pytest.mark.django_db
OUT, INTO = HandoverSide.OUTGOING, HandoverSide.INCOMING
FIRST = date(2027, 1, 1)


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


@pytest.fixture
def director(unesco, terms):
    return appointed("The Director", "dg@unesco.example.org", unesco, role=Role.PRINCIPAL)


def states(handover, group, day=TODAY):
    handover = handovers_queries.handovers().get(pk=handover.pk)
    sides = handovers_queries.sides(handover, day, group)
    return {
        signature.side.key: (signature.state, signature.late)
        for signature in signatures_of(handover, sides, day, group)
    }


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize("level", ["focal_point", "delegate", "deputy"])
def test_a_focal_point_signs_at_a_level_that_is_recorded(handover, chair, level):
    signatures.sign_handover(handover, OUT, level=level, by=chair, at=NOW)

    handover.refresh_from_db()
    assert (handover.outgoing_signed_by, handover.outgoing_level) == (chair, level)


def test_a_principal_signs_as_one_and_settles_no_item(handover, director, chair):
    item = HandoverItemFactory(handover=handover)
    with pytest.raises(NotAllowed):
        handovers.mark_item(item, ItemState.DONE, note="", version=1, by=director, at=NOW)

    signatures.sign_handover(handover, OUT, level="principal", by=director, at=NOW)

    handover.refresh_from_db()
    assert (handover.outgoing_signed_by, handover.outgoing_level) == (director, "principal")


def test_nobody_signs_at_a_level_that_is_not_theirs(handover, chair, director):
    for person, level in ((chair, "principal"), (director, "focal_point"), (chair, "king")):
        with pytest.raises(LevelNotHeld) as refusal:
            signatures.sign_handover(handover, OUT, level=level, by=person, at=NOW)
        assert refusal.value.field == "level"


def test_levels_are_those_of_the_agencys_own_people_in_office(
    terms, chair, director, focal_point, who
):
    director.is_active = False
    both = appointed("Both", "both@who.example.org", who)
    both.appointments.create(agency=who, role=Role.PRINCIPAL, first_day=date(2024, 1, 1))
    team = (ActingLevel.FOCAL_POINT, ActingLevel.DELEGATE, ActingLevel.DEPUTY)

    assert [signing_levels(terms[0], one, On(TODAY)) for one in (chair, director, focal_point)] == [
        team,
        (),
        (),
    ]
    assert signing_levels(terms[1], both, On(TODAY)) == (ActingLevel.PRINCIPAL, *team)


def test_both_sides_wait_then_sign_then_are_late(handover, group, chair, incoming_chair):
    before = states(handover, group)
    on_the_day = states(handover, group, FIRST)
    after = states(handover, group, FIRST + timedelta(days=3))
    signatures.sign_handover(handover, OUT, by=chair, at=noon(FIRST))
    signatures.sign_handover(handover, INTO, by=incoming_chair, at=noon(date(2027, 1, 5)))

    assert before == {OUT: (SignatureState.WAITS, 0), INTO: (SignatureState.WAITS, 0)}
    assert on_the_day == before
    assert after == {OUT: (SignatureState.LATE, 3), INTO: (SignatureState.LATE, 3)}
    assert states(handover, group, date(2027, 6, 1)) == {
        OUT: (SignatureState.SIGNED, 0),
        INTO: (SignatureState.SIGNED_LATE, 4),
    }


def test_the_day_of_a_signature_is_that_of_the_groups_zone(handover, group, incoming_chair):
    at = datetime(2027, 1, 1, 23, 30, tzinfo=UTC)  # 2 January, 00:30 in Geneva

    signatures.sign_handover(handover, INTO, by=incoming_chair, at=at)

    assert states(handover, group, date(2027, 1, 2))[INTO] == (SignatureState.SIGNED_LATE, 1)


def test_a_side_declines_with_a_reason_and_may_sign_later(handover, group, incoming_chair):
    with pytest.raises(NoteNeeded) as refusal:
        signatures.decline_signature(
            handover, INTO, reason=" ", level="delegate", by=incoming_chair, at=NOW
        )
    assert refusal.value.field == "reason"

    declined = signatures.decline_signature(
        handover, INTO, reason=" No archive. ", level="delegate", by=incoming_chair, at=NOW
    )
    state = states(handover, group, date(2027, 2, 1))[INTO][0]
    signatures.sign_handover(handover, INTO, by=incoming_chair, at=NOW)

    assert (declined.reason, declined.level, declined.declined_by, declined.declined_at) == (
        "No archive.",
        "delegate",
        incoming_chair,
        NOW,
    )
    assert recorded_reason(declined.history.get()) == "Declined to sign"
    assert state == SignatureState.DECLINED
    assert states(handover, group)[INTO] == (SignatureState.SIGNED, 0)
    assert DeclinedSignature.objects.count() == 1


def test_who_has_signed_does_not_decline(handover, incoming_chair):
    signatures.sign_handover(handover, INTO, by=incoming_chair, at=NOW)

    with pytest.raises(AlreadySigned):
        signatures.decline_signature(
            handover, INTO, reason="No.", level="focal_point", by=incoming_chair, at=NOW
        )


def test_the_other_side_neither_signs_nor_declines(handover, incoming_chair):
    for act in (
        lambda: signatures.sign_handover(handover, OUT, by=incoming_chair, at=NOW),
        lambda: signatures.decline_signature(
            handover, OUT, reason="No.", level="focal_point", by=incoming_chair, at=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_first_term_has_no_outgoing_side(terms, group, chair):
    handover = handovers.open_handover(terms[0], by=chair, at=NOW)

    with pytest.raises(NoOutgoingSide):
        signatures.sign_handover(handover, OUT, by=chair, at=NOW)
    assert states(handover, group)[OUT][0] == SignatureState.NO_SIDE


def test_an_edit_after_a_signature_is_shown_with_who_and_when(
    handover, group, chair, chair_colleague
):
    item = HandoverItemFactory(handover=handover)
    signatures.sign_handover(handover, OUT, by=chair, at=NOW)
    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair_colleague, at=NOW)

    def void():
        loaded = handovers_queries.handovers().get(pk=handover.pk)
        sides = handovers_queries.sides(loaded, TODAY, group)
        return [signature.void for signature in signatures_of(loaded, sides, TODAY, group)]

    outgoing, incoming = void()
    signatures.sign_handover(handover, OUT, by=chair, at=NOW)

    assert (outgoing.history_user, incoming) == (chair_colleague, None)
    assert void() == [None, None]


def test_a_signature_counts_for_what_the_signer_saw(handover, terms, chair, incoming_chair):
    item = HandoverItemFactory(handover=handover)
    seen = {side: side_version(handover, side) for side in HandoverSide}
    for change in (
        lambda: handovers.mark_item(
            item, ItemState.NOT_APPLICABLE, note="No.", version=1, by=chair, at=NOW
        ),
        lambda: StateOfPlayFactory(term=terms[0]),
        lambda: MatterJudgementFactory(term=terms[0]),
        lambda: LessonFactory(term=terms[0]),
        lambda: OutsidePromiseFactory(term=terms[0]),
        KeptPlaceFactory,
    ):
        change()
        with pytest.raises(SideChanged):
            signatures.sign_handover(handover, OUT, seen=seen[OUT], by=chair, at=NOW)
        seen[OUT] = side_version(handover, OUT)

    signatures.sign_handover(handover, OUT, seen=seen[OUT], by=chair, at=NOW)
    with pytest.raises(SideChanged):  # the other side signed meanwhile
        signatures.sign_handover(handover, INTO, seen=seen[INTO], by=incoming_chair, at=NOW)


def test_the_outgoing_chair_signs_to_the_file_where_nobody_follows(terms, chair):
    terms[1].delete()

    filed = signatures.sign_to_file(Writer(terms[0], chair, NOW), level="deputy")

    assert (filed.filed_by, filed.filed_at, filed.filed_level, filed.version, filed.summary) == (
        chair,
        NOW,
        "deputy",
        1,
        "",
    )
    assert recorded_reason(StateOfPlay.history.get()) == "Signed to the file"
    with pytest.raises(AlreadySigned):
        signatures.sign_to_file(Writer(terms[0], chair, NOW), level="deputy")


def test_nobody_signs_to_the_file_where_somebody_follows(handover, terms, chair):
    with pytest.raises(SuccessorConfirmed):
        signatures.sign_to_file(Writer(terms[0], chair, NOW), level="deputy")


def test_the_level_of_a_signature_to_the_file_is_held(terms, chair):
    terms[1].delete()

    with pytest.raises(LevelNotHeld):
        signatures.sign_to_file(Writer(terms[0], chair, NOW), level="principal")


def test_powers_pass_whatever_is_signed(handover, terms, chair, incoming_chair, group):
    signatures.decline_signature(
        handover, INTO, reason="No.", level="focal_point", by=incoming_chair, at=NOW
    )

    assert incoming_chair.has_perm("rotation.chair", On(FIRST, None, group))
    assert not chair.has_perm("rotation.chair", On(FIRST, None, group))
