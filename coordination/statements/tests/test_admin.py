"""The admin shows statements; the workflow owns what they say."""

import pytest
from django.urls import reverse

from coordination.meetings.models import Meeting
from coordination.statements.models import Comment, Settlement, StepTemplate
from coordination.statements.tests.factories import (
    AmendmentFactory,
    StatementFactory,
    circulated,
    in_clearance,
)
from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db
MODELS = ("statement", "draft", "amendment", "settlement", "clearancestep", "comment")


@pytest.fixture
def browser(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def things(focal_point, unfpa):
    step = in_clearance(title="Transit")
    amendment = AmendmentFactory(block=step.draft.blocks.get(key="b3"), agency=unfpa)
    step.positions.create(
        agency=unfpa, person=focal_point, kind="approve", sha256=step.draft.sha256, taken_at=NOW
    )
    settled = Settlement.objects.create(
        block=amendment.block, text="Settled.", settled_by=focal_point, settled_at=NOW
    )
    comment = Comment.objects.create(
        statement=step.statement,
        key="b3",
        agency=unfpa,
        author=focal_point,
        text="Here.",
        said_at=NOW,
    )
    return dict(
        zip(MODELS, (step.statement, step.draft, amendment, settled, step, comment), strict=True)
    )


@pytest.mark.parametrize("model", MODELS)
def test_each_is_listed_searched_and_shown_and_nothing_is_added_or_deleted(browser, things, model):
    listed = browser.get(reverse(f"admin:statements_{model}_changelist"), {"q": "e"})
    one = things[model].pk

    assert [row.pk for row in listed.context["cl"].result_list] == [one]
    assert browser.get(reverse(f"admin:statements_{model}_change", args=[one])).status_code == 200
    assert browser.get(reverse(f"admin:statements_{model}_add")).status_code == 403
    assert browser.get(reverse(f"admin:statements_{model}_delete", args=[one])).status_code == 403


def test_an_amendment_is_not_set_back_through_its_history(browser, things):
    amendment = things["amendment"]
    amendment.state = "taken"
    amendment.save()
    first = amendment.history.last()

    sent = browser.post(
        f"{reverse('admin:statements_amendment_history', args=[amendment.pk])}{first.history_id}/",
        {},
    )

    assert sent.status_code == 403
    amendment.refresh_from_db()
    assert (amendment.state, first.state) == ("taken", "open")


def test_moments_that_are_only_read_name_their_zone_too(browser, things):
    page = browser.get(
        reverse("admin:statements_clearancestep_change", args=[things["clearancestep"].pk])
    ).content.decode()

    assert page.count("<div>In your time zone, Geneva.</div>") == 6
    assert 'title="In your time zone, Geneva."' in page


def test_a_step_for_new_statements_may_go(browser):
    step = StepTemplate.objects.create(position=1, level="principals")

    assert (
        browser.post(
            reverse("admin:statements_steptemplate_delete", args=[step.pk]), {"post": "yes"}
        ).status_code
        == 302
    )

    assert StepTemplate.objects.count() == 0
    assert StepTemplate.history.first().history_type == "-"


def test_the_occasion_can_be_corrected_and_the_state_cannot(browser):
    statement = StatementFactory(title="Transit")
    path = reverse("admin:statements_statement_change", args=[statement.pk])
    fields = sent_by(browser.get(path)) | {
        "occasion": "Migrants Day",
        "state": "adopted",
        "title": "Hijacked",
    }

    assert browser.post(path, fields).status_code == 302

    statement.refresh_from_db()
    assert (statement.occasion, statement.state, statement.title) == (
        "Migrants Day",
        "drafting",
        "Transit",
    )


def test_a_statement_shows_the_agencies_that_are_in_and_they_are_not_chosen_here(
    browser, unfpa, ohchr, who
):
    statement = StatementFactory(title="Transit")
    path = reverse("admin:statements_statement_change", args=[statement.pk])
    assert (
        '<div class="readonly">all members of each day</div>' in browser.get(path).content.decode()
    )

    statement.participating.set([unfpa, ohchr])
    page = browser.get(path)
    assert '<div class="readonly">OHCHR and UNFPA</div>' in page.content.decode()
    assert (
        browser.post(
            path, sent_by(page) | {"participating": [who.pk], "taking_part": "WHO"}
        ).status_code
        == 302
    )

    assert list(statement.participating.all()) == [ohchr, unfpa]


def test_a_principals_meeting_shows_the_statements_linked_to_it(browser):
    meeting = Meeting.objects.create(
        slug="principals", title="Principals", kind="principals", starts_at=NOW
    )
    draft = circulated(title="For the principals")
    draft.statement.meeting = meeting
    draft.statement.save()

    page = browser.get(
        reverse("admin:meetings_principalsmeeting_change", args=[meeting.pk])
    ).content.decode()

    assert "For the principals" in page
    assert reverse("admin:statements_statement_change", args=[draft.statement.pk]) in page


def test_a_statement_is_linked_to_the_meeting_that_adopted_it_and_the_meeting_lists_it(browser):
    meeting = Meeting.objects.create(
        slug="principals", title="Principals", kind="principals", starts_at=NOW
    )
    statement = StatementFactory(title="Transit")
    path = reverse("admin:statements_statement_change", args=[statement.pk])

    assert (
        browser.post(path, sent_by(browser.get(path)) | {"meeting": meeting.pk}).status_code == 302
    )

    statement.refresh_from_db()
    assert statement.meeting_id == meeting.pk
    assert (
        "Transit"
        in browser.get(
            reverse("admin:meetings_principalsmeeting_change", args=[meeting.pk])
        ).content.decode()
    )
