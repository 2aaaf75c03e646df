"""Thirty comments that mention everybody: what 36 people get of them."""

from datetime import timedelta

import pytest

from coordination.members.errors import LimitReached
from coordination.members.models import Agency, LimitHit, Person
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
)
from coordination.reminders.actions import planning
from coordination.reminders.models import OutboxMessage
from coordination.statements.actions import comments
from coordination.statements.actions.comments import CommentSubject
from coordination.statements.models import Comment
from coordination.statements.tests.factories import circulated
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms", "group")]
AGENCIES, TEAM, COMMENTS = 12, 3, 30
UNLIMITED = {
    "invitations": 1000,
    "comments": 1000,
    "mentions": 1000,
    "sign_in_mails": 1000,
    "address_mails": 1000,
}


@pytest.fixture
def everybody():
    """Twelve agencies with three focal points each; the first of them writes."""
    for number in range(AGENCIES):
        agency = AgencyFactory(acronym=f"A{number:02}")
        MembershipFactory(agency=agency)
        for _ in range(TEAM):
            AppointmentFactory(agency=agency)
    return Agency.objects.filter(acronym__startswith="A").order_by("acronym")


def write_comments(everybody):
    """Write the comments, one each minute, and plan after each that was taken; return how many were refused."""
    draft, words = circulated(), " ".join(f"@{agency.acronym}" for agency in everybody)
    by, refused = Person.objects.get(pk=everybody[0].appointments.order_by("pk")[0].person_id), 0
    for minute in range(COMMENTS):
        at = NOW + timedelta(minutes=minute)
        try:
            comments.add_comment(
                draft.statement, CommentSubject("b3"), words, agency=everybody[0], by=by, at=at
            )
        except LimitReached:
            refused += 1
        else:
            planning.plan(at)
    return refused


def mails():
    return OutboxMessage.objects.filter(kind="statements.mentioned")


def test_the_limit_of_mentions_and_one_digest_bound_the_mails(everybody):
    refused = write_comments(everybody)
    planning.plan(NOW + timedelta(hours=2))

    readers = (AGENCIES - 1) * TEAM
    assert (Comment.objects.count(), refused) == (5, 25)  # 60 mentions an hour, 12 each
    # three at once, then one with the two others; 990 without limits
    assert mails().count() == readers * 4
    hit = LimitHit.objects.get()
    assert (hit.kind, hit.times) == ("mentions", 25)


def test_whoever_is_mentioned_often_gets_one_digest_at_the_end_of_the_hour(everybody, settings):
    settings.HOURLY_LIMITS = UNLIMITED
    assert write_comments(everybody) == 0
    readers = (AGENCIES - 1) * TEAM
    assert mails().count() == readers * 3

    Comment.objects.filter(pk=Comment.objects.order_by("pk")[1].pk).update(
        withdrawn_at=NOW + timedelta(minutes=31)
    )
    Comment.objects.filter(pk=Comment.objects.order_by("pk")[29].pk).update(
        withdrawn_at=NOW + timedelta(minutes=31)
    )
    for minutes in (59, 60, 61, 180):
        planning.plan(NOW + timedelta(minutes=minutes))

    assert mails().count() == readers * 4
    digest = mails().order_by("-pk").first()
    assert digest.subject == "26 more comments for your agency"
    assert digest.text.count("A00) says about") == 26
    assert digest.html.count("A00) says about") == 26
    assert digest.due_at == NOW.replace(minute=0) + timedelta(hours=1)


def test_one_comment_can_mention_too_many(everybody, settings):
    settings.HOURLY_LIMITS = {**UNLIMITED, "mentions": 10}

    assert write_comments(everybody) == COMMENTS
    assert not Comment.objects.exists()


def test_comments_have_a_limit_of_their_own(everybody, settings):
    settings.HOURLY_LIMITS = {**UNLIMITED, "comments": 2}

    assert write_comments(everybody) == COMMENTS - 2
    assert LimitHit.objects.get().kind == "comments"
