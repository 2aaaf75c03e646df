"""Mails about signatures: both teams read that one is void or declined, and why; who did it gets none."""

from datetime import timedelta

import pytest

from coordination.reminders.tests.factories import letters
from coordination.rotation.actions import handovers, signatures
from coordination.rotation.due.signatures import signature_news
from coordination.rotation.enums import HandoverSide, ItemState
from coordination.rotation.models import Handover
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
OUT, INTO = HandoverSide.OUTGOING, HandoverSide.INCOMING


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def news(at=NOW):
    return [
        (name, mail.subject, mail)
        for name, mail in letters("rotation.signature", signature_news, at)
    ]


def named(rows):
    return sorted((name, subject) for name, subject, _mail in rows)


def test_an_edit_that_voids_a_signature_is_told_to_both_teams_once(
    handover, chair, chair_colleague, incoming_chair, now
):
    item = HandoverItemFactory(handover=handover)
    signatures.sign_handover(handover, OUT, by=chair, at=NOW)
    assert news() == []
    handovers.mark_item(item, ItemState.DONE, note="", version=1, by=chair_colleague, at=NOW)
    later = NOW + timedelta(minutes=1)

    rows = news(later)
    assert named(rows) == [
        (
            "Ruth Adeyemi",
            "The signature of UNESCO under the handover to WHO is void",
        ),
        (
            "Élodie Marchand",
            "Sign again: an edit voided your signature under the handover to WHO",
        ),
    ]
    for _name, _subject, mail in rows:
        for words in (
            f"{chair_colleague.name} then changed what was signed, so the signature is void.",
            "The chair passes on 1 January 2027, 00:00 Geneva, in any case: powers never wait for signatures.",
        ):
            assert words in mail.text
            assert words in mail.html
    assert news(NOW + timedelta(days=8)) == []
    signatures.sign_handover(Handover.objects.get(), OUT, by=chair, at=NOW)
    assert news(later) == []


def test_a_declined_signature_is_told_with_its_reason_until_the_side_signs(
    handover, chair, incoming_chair
):
    signatures.decline_signature(
        handover,
        INTO,
        reason="The archive <is> missing.",
        level="delegate",
        by=incoming_chair,
        at=NOW,
    )

    [(name, subject, mail)] = news()
    assert (name, subject) == (
        "Élodie Marchand",
        "The handover to WHO is not signed for WHO: see why",
    )
    assert "Ruth Adeyemi (delegate) declined for WHO to sign the handover to WHO." in mail.text
    assert "Reason: The archive <is> missing." in mail.text
    assert "Reason: The archive &lt;is&gt; missing." in mail.html
    signatures.sign_handover(handover, INTO, by=incoming_chair, at=NOW)
    assert news() == []


def test_a_schedule_that_voids_a_signature_names_nobody_and_a_handover_set_aside_is_silent(
    handover, chair, incoming_chair
):
    signatures.sign_handover(handover, OUT, by=chair, at=NOW)
    handover.refresh_from_db()
    handover.outgoing_signed_by = handover.outgoing_signed_at = None
    handover._history_date = NOW
    handover._change_reason = "outgoing_changed_signature_void"
    handover.save()
    rows = news()
    assert named(rows)[1] == (
        "Élodie Marchand",
        "Sign again: an edit voided your signature under the handover to WHO",
    )
    assert "The schedule then changed, so the signature is void." in rows[0][2].text
    Handover.objects.update(set_aside_at=NOW)
    assert news() == []
