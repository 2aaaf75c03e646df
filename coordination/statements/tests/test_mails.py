"""The mails: each says what is asked in its subject, in the reader's zone, and stands alone as text."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import escape

from coordination.core.http import reader_in
from coordination.core.mails import render_mail
from coordination.core.tests.pages import tidy
from coordination.members.tests.factories import AppointmentFactory
from coordination.statements.actions import drafts, positions, settlements
from coordination.statements.due import amending, clearance, endings
from coordination.statements.enums import AmendmentState, PositionKind, StatementState
from coordination.statements.models import Signatory, Statement
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


def mail(item, group) -> tuple[str, str, str]:
    """Return subject, text and HTML of a reminder, as read in New York."""
    stem = item.kind.replace(".", "/mail/")
    context = {
        "due": item, "group": group, "person": {"name": "Nadia Ferreira"}, "url": f"https://example.org{item.url}", "reason": "test",
        "can_be_off": True, "preferences_url": "https://example.org/mail/preferences/", "unknown_zone": "",
        "reader": reader_in("America/New_York", group), **item.context,
    }  # fmt: skip
    words = render_mail(stem, context, ZoneInfo("America/New_York"), "en")
    assert act_of(words.text, words.html)
    return words.subject, words.text, words.html


def act_of(text, html):
    """Return what the link of a mail does, which its text and its HTML say alike."""
    act, address = re.search(r"\n(.+):\n(https://example.org/\S+)\n\n--\n", text).groups()
    assert f'href="{escape(address)}">{escape(act)}</a>' in html
    return act


def first(find, moment=NOW):
    return next(iter(find(moment)))


def test_a_draft_is_open_to_amendments(group, focal_point):
    circulated(title="Migrants in transit")

    subject, text, html = mail(first(amending.open_to_amendments), group)
    assert subject == "Amend by Mon 30 Nov 12:00 New York: Migrants in transit (draft 1)"
    assert "Draft 1 of “Migrants in transit” is open to amendments." in text
    assert "Until Mon 30 Nov 2026, 12:00 New York (18:00 Geneva)" in text
    assert act_of(text, html) == "Amend draft 1"
    subject, text, _html = mail(
        first(amending.open_to_amendments, DEADLINE - 23 * (DEADLINE - NOW) / 400), group
    )
    assert subject == "Amend for UNFPA by Mon 30 Nov 12:00 New York: Migrants in transit (draft 1)"
    assert "UNFPA has proposed nothing yet" in text


def test_a_position_is_asked_for(group, focal_point, ohchr):
    in_clearance(title="Migrants in transit")

    subject, text, html = mail(first(clearance.waiting_positions), group)
    assert (
        subject == "Approve or object for UNFPA by Mon 30 Nov 12:00 New York: Migrants in transit"
    )
    assert "UNFPA is asked for its position on draft 1" in text
    assert "Waiting for OHCHR and UNFPA; nobody objects." in text
    assert act_of(text, html) == "Approve draft 1, or object"


def test_what_became_of_amendments(group, focal_point, unfpa, chair):
    draft = circulated(StatementState.CONSOLIDATION, title="Migrants in transit")
    amendment = AmendmentFactory(
        block=draft.blocks.get(key="b3"), agency=unfpa, proposed_text="Call upon <all> States;"
    )
    settlements.decline(amendment, reason="Said in OP 2.", version=1, by=chair, at=NOW)
    drafts.issue_draft(
        draft.statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
    )

    subject, text, html = mail(first(amending.settled_amendments), group)
    assert subject == "Read what became of the amendments of UNFPA: Migrants in transit (draft 2)"
    assert (
        "1. OP 1, declined: Call upon [<all>] States [delete: to ensure that migrants in transit have access to health care];"
        in text
    )
    assert "\n   The chair: Said in OP 2." in text
    assert "[&lt;all&gt;] States" in tidy(html)


def test_who_is_in_office_for_two_agencies_reads_what_became_of_the_amendments_of_each(
    focal_point, unfpa, ohchr, chair
):
    AppointmentFactory(person=focal_point, agency=ohchr)
    draft = circulated(StatementState.CONSOLIDATION)
    for key, agency in (("b2", unfpa), ("b3", ohchr)):
        amendment = AmendmentFactory(block=draft.blocks.get(key=key), agency=agency)
        settlements.decline(amendment, reason="No.", version=1, by=chair, at=NOW)
    second = drafts.issue_draft(
        draft.statement, to=StatementState.CLEARANCE, deadline=DEADLINE, by=chair, at=NOW
    )

    mails = [
        (item.key, [each.label for each in item.context["outcomes"]])
        for item in amending.settled_amendments(NOW)
    ]

    key = f"statements.settled:draft:{second.pk}:{focal_point.pk}:issued:agency"
    assert mails == [(f"{key} {unfpa.pk}", ["PP 1"]), (f"{key} {ohchr.pk}", ["OP 1"])]


def test_all_who_are_in_are_told_of_adoption_and_release(group, focal_point, unfpa, ohchr, chair):
    statement = circulated(
        StatementState.ADOPTED, title="Migrants <in> transit", adopted_at=NOW
    ).statement
    Signatory.objects.create(statement=statement, agency=unfpa)
    Signatory.objects.create(statement=statement, agency=ohchr, joined=False)
    Statement.objects.update(adopted_sha256="f" * 64)
    assert [
        item.stage for item in endings.statement_endings(NOW) if item.person_id == focal_point.pk
    ] == ["adopted"]
    Statement.objects.update(released_at=NOW)

    (adopted, released) = [
        item for item in endings.statement_endings(NOW) if item.person_id == focal_point.pk
    ]

    subject, text, html = mail(adopted, group)
    assert subject == "Adopted: Migrants <in> transit"
    assert "was adopted on Mon 23 Nov 2026, 04:00 New York (10:00 Geneva)." in text
    assert "Signatories: UNFPA. Did not join: OHCHR." in text
    assert "Signatories: UNFPA. Did not join: OHCHR." in tidy(html)
    assert "Migrants &lt;in&gt; transit" in html
    subject, text, html = mail(released, group)
    assert subject == "Public now: Migrants <in> transit"
    assert "has been public since Mon 23 Nov 2026, 04:00 New York (10:00 Geneva)" in text
    assert "has been public since" in html
    assert list(endings.statement_endings(NOW + timedelta(days=15))) == []


def test_with_the_adoption_an_agency_is_told_what_of_its_own_lapsed(
    group, focal_point, colleague, other_agency, unfpa, ohchr
):
    AppointmentFactory(person=focal_point, agency=ohchr)
    draft = circulated(StatementState.ADOPTED, title="Migrants in transit", adopted_at=NOW)
    Statement.objects.update(adopted_sha256="f" * 64)
    lapsed = {"state": AmendmentState.LAPSED}
    AmendmentFactory(
        block=draft.blocks.get(key="b3"),
        agency=unfpa,
        proposed_text="Call upon <all> States;",
        **lapsed,
    )
    AmendmentFactory(
        block=draft.blocks.get(key="b2"),
        agency=ohchr,
        proposed_text="New.",
        kind="insert",
        **lapsed,
    )
    AmendmentFactory(block=draft.blocks.get(key="b4"), agency=ohchr, state=AmendmentState.WITHDRAWN)

    dues = {item.person_id: item for item in endings.statement_endings(NOW)}

    lapsed = {
        person: [each.label for each in dues[person.pk].context["lapsed"]]
        for person in (focal_point, colleague, other_agency)
    }
    assert lapsed == {focal_point: ["PP 1", "OP 1"], colleague: ["OP 1"], other_agency: ["PP 1"]}
    _subject, text, html = mail(dues[focal_point.pk], group)
    assert (
        "By that these amendments lapsed:\n\n1. PP 1, OHCHR: a new paragraph after it: [New.]\n2. OP 1, UNFPA: Call upon [<all>]"
        in text
    )
    assert "<b>OP 1, UNFPA:</b> Call upon [&lt;all&gt;] States" in tidy(html)


def test_all_are_told_why_a_statement_was_withdrawn_once_they_had_seen_it(
    now, group, focal_point, unfpa, chair, of_unfpa
):
    circulated_draft, unsent_draft = circulated(title="Migrants in transit"), drafted()
    for draft in (circulated_draft, unsent_draft):
        positions.withdraw_statement(draft.statement, reason="The event is off.", by=chair, at=NOW)

    (item,) = [item for item in endings.statement_endings(NOW) if item.person_id == focal_point.pk]

    subject, text, html = mail(item, group)
    assert subject == "Withdrawn: Migrants in transit"
    assert "was withdrawn on Mon 23 Nov 2026, 04:00 New York (10:00 Geneva)." in text
    assert "The chair: The event is off." in text
    assert "The chair: The event is off." in html
    assert (
        "Élodie Marchand: “The event is off.”"
        in of_unfpa.get(url("show", circulated_draft)).content.decode()
    )
    assert (
        "This statement was withdrawn"
        in of_unfpa.get(url("show", circulated(StatementState.WITHDRAWN))).content.decode()
    )


def test_an_objection_reaches_the_chair(group, chair, ohchr, other_agency):
    step = in_clearance(title="Migrants in transit")
    step.positions.create(
        agency=ohchr,
        person=other_agency,
        kind=PositionKind.OBJECT,
        sha256="",
        about="OP 3",
        reason="Not <all>.",
        taken_at=NOW,
    )

    subject, text, html = mail(first(clearance.objections), group)
    assert subject == "Answer the objection of OHCHR: Migrants in transit"
    assert (
        "On Mon 23 Nov 2026, 04:00 New York (10:00 Geneva) Samira Okonkwo objected for OHCHR to draft 1 of “Migrants in transit”:\n\nOP 3: “Not <all>.”"
        in text
    )
    assert "<b>OP 3:</b> Not &lt;all&gt;." in html
