"""Recent changes: what people did, and nothing that only the chair may know."""

from datetime import timedelta

import pytest

from coordination.core import history
from coordination.desk.queries.recent_changes import recent_changes
from coordination.meetings.actions import meetings
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Appointment
from coordination.rotation.enums import RotationChange
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.statements.actions import amendments, drafts, settlements
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import Position
from coordination.statements.queries.amendments import returned_amendments
from coordination.statements.tests.factories import DEADLINE, circulated, in_clearance
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(now=NOW + DAY):
    return [
        (item.who, item.agency, item.act, item.title, item.kind) for item in recent_changes(now)
    ]


def test_what_people_did_newest_first_and_not_what_was_loaded(
    chair, focal_point, unfpa, terms, now
):
    MeetingFactory(title="Loaded")
    meeting = MeetingFactory(title="Meeting 42", slug="42")
    meetings.cancel_meeting(meeting, version=meeting.version, by=chair, at=NOW)
    now.shift(60)
    item = HandoverItemFactory(handover=HandoverFactory(incoming_term=terms[1]), title="Archive")
    history.sign(item, by=chair, reason=RotationChange.ITEM_DONE)
    item.save()
    now.shift(60)
    row = Appointment(person=focal_point, agency=unfpa, role="principal", first_day=TODAY)
    history.sign(row, by=chair, reason=None)
    row.save()
    now.shift(60)
    history.sign(terms[0], by=chair, reason=RotationChange.TERM_CORRECTED)
    terms[0].save()

    assert told() == [
        (chair.name, "", "Corrected the term", "2026-H2", "term"),
        (chair.name, "", "changed", "Nadia Ferreira", "agency"),
        (chair.name, "", "Marked done", "Archive", "handover"),
        (chair.name, "", "Cancelled the meeting", "Meeting 42", "meeting"),
    ]
    assert [item.slug for item in recent_changes(NOW + DAY)] == [
        "2026-H2",
        "unfpa",
        "2027-H1",
        "42",
    ]


def test_only_the_newest_of_the_last_thirty_days(chair, terms, now):
    for _ in range(10):
        meetings.cancel_meeting(MeetingFactory(), version=1, by=chair, at=NOW)

    assert len(recent_changes(NOW)) == 8
    assert recent_changes(NOW + 31 * DAY) == ()


def test_what_the_chair_prepares_and_settles_stays_with_the_chair(chair, focal_point, unfpa, now):
    statement = drafts.start_statement("Transit", text="One.\n\nTwo.", by=chair, at=NOW)
    assert told() == []
    now.shift(60)
    draft = drafts.circulate_draft(statement.drafts.get(), deadline=DEADLINE, by=chair, at=NOW)
    now.shift(60)
    amendment = amendments.amend(
        draft.blocks.get(key="b1"),
        AmendmentInput("1.", "Why."),
        agency=unfpa,
        by=focal_point,
        at=NOW,
    )
    now.move_to(DEADLINE)
    amendments.close_amendments(statement, by=chair, at=DEADLINE)
    now.shift(60)
    settlements.take(amendment, version=1, by=chair, at=DEADLINE)

    found = told(DEADLINE + DAY)

    assert [(who, agency, kind) for who, agency, _act, _title, kind in found] == [
        (chair.name, "", "statement"),
        (focal_point.name, "UNFPA", "statement"),
        (chair.name, "", "statement"),
    ]
    assert found[1][2] == "proposed an amendment"
    assert not [act for _who, _agency, act, _title, _kind in found if "aken" in act]


def test_what_is_proposed_anew_is_news_and_what_is_carried_on_is_not(
    chair, focal_point, other_agency, unfpa, ohchr, now
):
    draft = circulated(title="Transit")
    care, end = draft.blocks.get(key="b3"), draft.blocks.get(key="b4")
    for block, words, agency, by in (
        (care, care.text.replace("Call upon", "Request"), unfpa, focal_point),
        (end, f"{end.text} Now.", unfpa, focal_point),
        (care, care.text.replace("Call upon", "Urge"), ohchr, other_agency),
    ):
        taken = amendments.amend(block, AmendmentInput(words, "Why."), agency=agency, by=by, at=NOW)
        now.shift(60)
    amendments.close_amendments(draft.statement, by=chair, at=NOW)
    now.shift(60)
    settlements.take(taken, version=1, by=chair, at=NOW)
    new = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )
    now.shift(60)
    [returned] = returned_amendments(new, [unfpa])
    amendments.amend(
        new.blocks.get(key="b3"),
        AmendmentInput("Anew;", "Why.", renews=returned),
        agency=unfpa,
        by=focal_point,
        at=NOW,
    )

    assert [(who, act) for who, _agency, act, _title, _kind in told()] == [
        ("Nadia Ferreira", "proposed an amendment"),
        ("Élodie Marchand", "Draft 2 issued"),
        ("Élodie Marchand", "Amendments closed"),
        ("Samira Okonkwo", "proposed an amendment"),
        ("Nadia Ferreira", "proposed an amendment"),
        ("Nadia Ferreira", "proposed an amendment"),
    ]


def test_positions_are_said_with_their_agency(focal_point, unfpa):
    step = in_clearance(title="Transit", slug="transit")
    Position.objects.create(
        step=step,
        agency=unfpa,
        person=focal_point,
        kind=PositionKind.OBJECT,
        sha256="0",
        taken_at=NOW,
    )

    assert told() == [("Nadia Ferreira", "UNFPA", "objects", "Transit", "statement")]


def test_news_is_one_query(chair, terms, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert recent_changes(NOW) == ()


def test_each_kind_of_news_has_its_link(client, chair, focal_point, unfpa, terms, now):
    meetings.cancel_meeting(MeetingFactory(slug="42"), version=1, by=chair, at=NOW)
    item = HandoverItemFactory(handover=HandoverFactory(incoming_term=terms[1]))
    row = Appointment(person=focal_point, agency=unfpa, role="principal", first_day=TODAY)
    for changed in (item, row, terms[0]):
        history.sign(changed, by=chair, reason=None)
        changed.save()
    Position.objects.create(
        step=in_clearance(slug="transit"),
        agency=unfpa,
        person=focal_point,
        kind=PositionKind.APPROVE,
        sha256="0",
        taken_at=NOW,
    )
    client.force_login(focal_point, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/desk/").content.decode()

    for path in (
        "/meetings/42/",
        "/rotation/2027-H1/handover/",
        "/members/unfpa/",
        "/rotation/2026-H2/",
        "/statements/transit/",
    ):
        assert f'href="{path}"' in page
