"""Who is missing from the roll says so, and who keeps the minutes settles it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.tests.pages import text_of
from coordination.meetings.actions import claims
from coordination.meetings.errors import ClaimRefused, ClaimSettled, RecordAgreed
from coordination.meetings.models import AttendanceClaim
from coordination.meetings.queries import roll
from coordination.meetings.tests.factories import (
    AttendanceClaimFactory,
    AttendanceFactory,
    MeetingFactory,
)
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import NOW, TODAY
from coordination.tests.e2e.addresses import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


@pytest.fixture
def meeting(unfpa):
    """Return a meeting of Monday 16 November, five working days ago."""
    return MeetingFactory(
        slug="42", title="Meeting 42", starts_at=datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
    )


def seat(meeting):
    rows = meeting.attendances.values_list("level", "name_on_day", "where", "person__name")
    return list(rows)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # Monday: the Monday after
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday
    ],
)
def test_a_claim_is_made_within_five_working_days(day, last):
    assert roll.last_claim_day(day) == last


def test_a_member_says_that_they_attended_and_the_chair_confirms(focal_point, chair, meeting):
    member, keeper = client_of(focal_point), client_of(chair)
    page = text_of(member.get("/meetings/42/"))
    assert "Say so until Mon 23 Nov 2026; the chair confirms it." in page

    assert member.post("/meetings/42/roll/claim/", {"where": "video"}).url == "/meetings/42/"

    assert "You said that you attended. The chair has not confirmed it yet." in text_of(
        member.get("/meetings/42/")
    )
    desk = text_of(keeper.get("/desk/"))
    assert "Nadia Ferreira (UNFPA) says that they attended" in desk
    assert 'href="/meetings/42/roll/#claims"' in desk
    [claim] = AttendanceClaim.objects.all()
    done = keeper.post(f"/meetings/42/roll/claims/{claim.pk}/", {"confirm": "yes"})
    assert done.url == "/meetings/42/roll/#claims"
    assert seat(meeting) == [("focal_point", "Nadia Ferreira", "video", "Nadia Ferreira")]
    assert "You said that you attended, and it is confirmed." in text_of(
        member.get("/meetings/42/")
    )
    assert "says that they attended" not in text_of(keeper.get("/desk/"))
    assert [entry.history_change_reason for entry in claim.history.all()] == [
        "claim_confirmed",
        "presence_claimed",
    ]


@pytest.mark.parametrize(
    ("level", "names", "after"),
    [
        ("apologies", "", ("focal_point", "Nadia Ferreira")),
        ("deputy", "Jo Ba", ("deputy", "Jo Ba; Nadia Ferreira")),
        ("deputy", "Jo Ba; Nadia Ferreira", ("deputy", "Jo Ba; Nadia Ferreira")),
    ],
)
def test_a_confirmed_claim_adds_a_name_to_the_seat(
    meeting, focal_point, chair, unfpa, level, names, after
):
    reason = "On leave" if level == "apologies" else ""
    AttendanceFactory(meeting=meeting, agency=unfpa, level=level, name_on_day=names, reason=reason)
    claim = claims.claim_presence(meeting, "room", by=focal_point, at=NOW)

    claims.confirm_claim(claim, by=chair, at=NOW)

    [record] = meeting.attendances.all()
    assert (record.level, record.name_on_day, record.reason) == (*after, "")


def test_a_claim_that_is_declined_says_why(sign_in, focal_point, chair, meeting):
    claim = claims.claim_presence(meeting, "room", by=focal_point, at=NOW)
    keeper, address = sign_in(chair), f"/meetings/42/roll/claims/{claim.pk}/"

    refused = keeper.post(address, {"why": ""})
    assert refused.status_code == 422
    assert "Say why; the person reads it." in text_of(refused)
    assert keeper.post(address, {"why": "You left before it began."}).status_code == 302

    assert "It is not confirmed: You left before it began." in text_of(
        sign_in(focal_point).get("/meetings/42/")
    )
    assert seat(meeting) == []
    with pytest.raises(ClaimSettled) as settled:
        claims.confirm_claim(claim, by=chair, at=NOW)
    assert settled.value.message == "This was settled before: declined."


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "cancelled"}, "This meeting was cancelled."),
        ({"starts_at": NOW + timedelta(hours=1)}, "This meeting has not begun."),
        ({"agreed_at": NOW}, "The record of this meeting is agreed."),
        (
            {"starts_at": datetime(2026, 11, 13, 14, 0, tzinfo=UTC)},
            (
                "Who attended says so until 20 Nov 2026, five working days after the meeting. "
                "Write to the chair."
            ),
        ),
        (
            {"starts_at": datetime(2023, 11, 20, 14, 0, tzinfo=UTC)},
            (
                "Who attended says so until 27 Nov 2023, five working days after the meeting. "
                "Write to the chair."
            ),
        ),
    ],
)
def test_a_claim_that_comes_too_early_or_too_late_is_refused(
    sign_in, focal_point, meeting, values, sentence
):
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.save()

    with pytest.raises(ClaimRefused) as refused:
        claims.claim_presence(meeting, "room", by=focal_point, at=NOW)

    assert refused.value.message == sentence
    page = sign_in(focal_point).post("/meetings/42/roll/claim/", {"where": "room"})
    assert (page.status_code, sentence in text_of(page)) == (422, True)


def test_who_is_no_focal_point_claims_nothing(sign_in, meeting, principals_office):
    page = sign_in(principals_office).post("/meetings/42/roll/claim/", {"where": "room"})

    assert page.status_code == 403
    assert "Only the focal points of an agency of the group say that they attended" in text_of(page)


def test_a_claim_says_how_they_took_part(sign_in, meeting, focal_point):
    page = sign_in(focal_point).post("/meetings/42/roll/claim/", {"where": "boat"})

    assert (page.status_code, AttendanceClaim.objects.count()) == (422, 0)
    assert "boat is not one of the available choices." in text_of(page)


def test_a_claim_is_made_once_by_who_was_in_office(meeting, focal_point, colleague):
    colleague.appointments.update(first_day=TODAY)
    with pytest.raises(ClaimRefused) as stranger:
        claims.claim_presence(meeting, "room", by=colleague, at=NOW)
    claims.claim_presence(meeting, "room", by=focal_point, at=NOW)
    with pytest.raises(ClaimRefused) as twice:
        claims.claim_presence(meeting, "room", by=focal_point, at=NOW)

    assert [error.value.message for error in (stranger, twice)] == [
        "You were no focal point of an agency of the group on that day.",
        "You said so before.",
    ]


def test_who_is_on_the_roll_is_not_asked(sign_in, meeting, focal_point, unfpa):
    AttendanceFactory(
        meeting=meeting, agency=unfpa, level="focal_point", name_on_day="Jo Ba; Nadia Ferreira"
    )

    assert "I was there" not in text_of(sign_in(focal_point).get("/meetings/42/"))


def test_nobody_settles_a_claim_on_an_agreed_record(meeting, focal_point, chair):
    claim = claims.claim_presence(meeting, "room", by=focal_point, at=NOW)
    meeting.agreed_at = NOW
    meeting.save()

    with pytest.raises(RecordAgreed):
        claims.decline_claim(claim, "No.", by=chair, at=NOW)


def test_the_team_that_chaired_on_that_day_is_asked_for_its_days_of_grace(
    group, chair, incoming_chair, focal_point, unfpa, unesco
):
    before = ChairTermFactory(
        slug="2026-H1", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30)
    )
    TermAgencyFactory(term=before, agency=unfpa)
    meeting = MeetingFactory(slug="41", starts_at=datetime(2026, 6, 29, 14, 0, tzinfo=UTC))
    AttendanceClaimFactory(meeting=meeting)

    def steps(agency, day, **names):
        return [
            step.url for step in roll.claim_steps([agency], day, group, is_chair=False, **names)
        ]

    address = "/meetings/41/roll/#claims"
    assert steps(unfpa, date(2026, 7, 30)) == [address]
    assert steps(unfpa, date(2026, 7, 31)) == []
    assert steps(unesco, date(2026, 7, 30)) == []
    assert len(roll.claim_steps([], date(2026, 9, 1), group, is_chair=True)) == 1
