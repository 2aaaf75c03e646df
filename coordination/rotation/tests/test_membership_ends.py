"""An agency whose membership has ended neither chairs nor acts, on every surface."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from coordination.core.permissions import On, allowed
from coordination.core.tests.pages import text_of
from coordination.members.actions.agencies import end_membership
from coordination.members.errors import ChairEnds
from coordination.members.models import Membership
from coordination.members.queries import leaving
from coordination.members.tests.factories import MembershipFactory
from coordination.rotation.due.handovers import overdue_items
from coordination.rotation.due.vacancies import vacancy_warnings
from coordination.rotation.queries import chair as chair_queries
from coordination.rotation.queries import handovers, timeline, windows
from coordination.rotation.queries.chair_now import chair_now
from coordination.rotation.tests.factories import (
    HandoverFactory,
    HandoverItemFactory,
    TermAgencyFactory,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
LEFT = date(2026, 10, 31)  # the last day of UNESCO, whose term goes on to 31 December


@pytest.fixture
def left(terms, unesco):
    Membership.objects.filter(agency=unesco).update(last_day=LEFT)


def test_the_chair_is_vacant_from_the_day_after_the_membership(left, terms, unesco):
    before, after = chair_queries.chair_on(LEFT), chair_queries.chair_on(TODAY)

    assert (before.agencies, before.last_day) == ((unesco,), LEFT)
    assert (after.vacant, after.on_record, after.lapsed) == (True, True, terms[0])
    assert (after.first_day, after.last_day) == (date(2026, 11, 1), date(2026, 12, 31))
    assert chair_queries.term_on(LEFT) == terms[0]
    assert chair_queries.term_on(TODAY) is None
    assert chair_queries.agencies_chairing([LEFT, TODAY]) == {LEFT: (unesco,), TODAY: ()}


def test_the_masthead_and_the_home_page_say_so(client, now, left, chair):
    masthead = chair_now(TODAY, chair.pk)

    assert (masthead.vacant, masthead.vacant_since) == (True, date(2026, 11, 1))
    assert (masthead.ours, [a.acronym for a in masthead.next_agencies]) == (False, ["WHO"])
    page = text_of(client.get(reverse("desk:home")))
    assert page.count("No chair since 1 November 2026") == 2  # the masthead and the banner
    assert "Nobody" in page


def test_the_masthead_does_not_say_then_over_a_vacancy(client, now, left, terms):
    now.move_to(datetime(2026, 10, 1, 9, tzinfo=UTC))

    page = text_of(client.get(reverse("desk:home")))

    assert "then nobody; from 1 Jan 2027" in page


def test_the_timeline_cuts_the_term_and_its_table_says_why(client, now, left):
    drawn = timeline.timeline(timeline.record(), windows.years(2026, 2026), TODAY)
    lines = [(line.span, line.spoken_label) for line in drawn.lines]

    assert lines == [
        ("1 Nov 2026 to 31 Dec 2026", "No chair"),
        ("1 Jul 2026 to 31 Oct 2026", "UNESCO"),
        ("until 30 Jun 2026", "Not on record"),
    ]
    page = text_of(client.get(reverse("rotation:timeline")))
    assert "2026-H2 is confirmed for UNESCO, not a member of the group on these days." in page
    assert "23 days without a chair until today" in page


def test_the_page_of_the_term_says_so(client, now, left):
    page = text_of(client.get(reverse("rotation:term", args=["2026-H2"])))

    assert "Nobody chairs from 1 November 2026 to 31 December 2026" in page


def test_the_command_says_so(left, terms):
    out = StringIO()
    call_command("who_chairs", "--on", "2026-11-23", stdout=out)
    call_command("who_chairs", "--on", "2026-11-23", "--json", stdout=out)

    line, data = out.getvalue().splitlines()
    assert line == "vacant (2026-11-01 to 2026-12-31)"
    assert (json.loads(data)["state"], json.loads(data)["agencies"]) == ("vacant", [])


def test_its_people_have_no_power(left, chair, unesco):
    for name, subject in (
        ("rotation.chair", None),
        ("rotation.edit_term", None),
        ("reminders.see_outbox", None),
        ("members.edit_roster", unesco),
        ("members.invite", unesco),
        ("members.act_for", unesco),
    ):
        assert not allowed(chair, name, On(TODAY, subject)), name
        assert allowed(chair, name, On(LEFT, subject)), name


def test_its_desk_asks_nothing_and_it_cannot_act(sign_in, now, left, chair):
    page = text_of(sign_in(chair).get(reverse("rotation:timeline")))

    assert "Propose a term" not in page
    assert sign_in(chair).get(reverse("rotation:propose")).status_code == 403


def test_the_handover_is_with_the_incoming_team_alone(left, terms, chair, incoming_chair, group):
    handover = HandoverFactory(incoming_term=terms[1])
    item = HandoverItemFactory(handover=handover, due_day=date(2026, 11, 20))
    of_terms = handovers.terms_of(handover, group)

    assert of_terms.answering("outgoing", LEFT) == terms[0]
    assert of_terms.answering("outgoing", TODAY) == terms[1]
    assert not allowed(chair, "rotation.edit_handover_item", On(TODAY, item))
    assert allowed(incoming_chair, "rotation.edit_handover_item", On(TODAY, item))
    assert {due.person_id for due in overdue_items(NOW)} == {incoming_chair.pk}
    for agency, ours in ((terms[0].agencies.get(), False), (terms[1].agencies.get(), True)):
        assert [row.ours for row in handovers.items_ahead([agency], TODAY, group)] == [ours]


def test_the_members_are_warned_of_the_vacancy_and_the_one_that_left_is_not(
    left, chair, incoming_chair, focal_point, group
):
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)

    warned = {(due.person_id, due.subject) for due in vacancy_warnings(at)}

    assert warned == {(incoming_chair.pk, "2026-11-01"), (focal_point.pk, "2026-11-01")}


def test_the_other_of_a_joint_chair_goes_on_alone(left, terms, ohchr):
    TermAgencyFactory(term=terms[0], agency=ohchr, position=2)

    chair = chair_queries.chair_on(TODAY)

    assert (chair.term, chair.agencies, chair.first_day) == (
        terms[0],
        (ohchr,),
        date(2026, 11, 1),
    )


def test_one_membership_after_another_leaves_no_vacancy(left, terms, unesco):
    MembershipFactory(agency=unesco, first_day=date(2026, 11, 1))

    chair = chair_queries.chair_on(TODAY)

    assert (chair.agencies, chair.first_day, chair.last_day) == (
        (unesco,),
        date(2026, 7, 1),
        date(2026, 12, 31),
    )


def test_an_observer_does_not_chair(terms, unesco):
    Membership.objects.filter(agency=unesco).update(standing="observer")

    assert chair_queries.chair_on(TODAY).vacant


WARNING = (
    "UNESCO is confirmed to chair from 1 July 2026 to 31 December 2026 (2026-H2): the chair would "
    "be vacant from 1 November 2026 on."
)


def test_ending_the_membership_says_which_term_ends(terms, unesco, administrator):
    membership = unesco.memberships.get()

    with pytest.raises(ChairEnds, match="vacant from 1 November 2026") as refused:
        end_membership(membership, LEFT, version=1, by=administrator, at=NOW)
    end_membership(membership, LEFT, version=1, by=administrator, at=NOW, chair_ends=True)

    assert (refused.value.message, refused.value.field) == (WARNING, "chair_ends")
    assert chair_queries.chair_on(TODAY).vacant


def test_ending_the_membership_of_one_of_two_names_the_other(terms, unesco, ohchr, administrator):
    TermAgencyFactory(term=terms[0], agency=ohchr, position=2)

    with pytest.raises(ChairEnds, match="from 1 November 2026 on OHCHR would chair without it"):
        end_membership(unesco.memberships.get(), LEFT, version=1, by=administrator, at=NOW)


def test_ending_the_membership_after_its_terms_says_nothing(terms, unesco, administrator):
    ended = end_membership(
        unesco.memberships.get(), date(2026, 12, 31), version=1, by=administrator, at=NOW
    )

    assert ended.last_day == date(2026, 12, 31)


@pytest.fixture
def superuser(administrator):
    administrator.is_superuser = True
    administrator.save()
    return administrator


def test_the_admin_asks_before_it_ends_a_chair(sign_in, now, terms, unesco, superuser):
    membership = unesco.memberships.get()
    client = sign_in(superuser)
    address = reverse("admin:members_membership_change", args=[membership.pk])
    sent = {
        "agency": unesco.pk, "standing": "member", "first_day": "2006-01-01",
        "first_precision": "day", "last_day": "2026-10-31", "last_precision": "day",
        "sources": "[]", "note": "", "version_seen": "1",
    }  # fmt: skip

    page = text_of(client.post(address, sent))
    kept = unesco.memberships.get().last_day
    client.post(address, sent | {"chair_ends": "on"})

    assert (WARNING in page, kept) == (True, None)
    assert unesco.memberships.get().last_day == LEFT


@pytest.mark.parametrize("change", [{"standing": "observer"}, {"first_day": "2026-08-01"}])
def test_the_admin_asks_whatever_takes_days_from_the_chair(
    sign_in, now, terms, unesco, superuser, change
):
    membership = unesco.memberships.get()
    sent = {
        "agency": unesco.pk, "standing": "member", "first_day": "2006-01-01",
        "first_precision": "day", "last_day": "", "last_precision": "day",
        "sources": "[]", "note": "", "version_seen": "1",
    }  # fmt: skip

    page = text_of(
        sign_in(superuser).post(
            reverse("admin:members_membership_change", args=[membership.pk]), sent | change
        )
    )

    assert "the chair would be vacant from 1 July 2026 on" in page


def test_the_admin_lists_the_days_on_which_nobody_chairs(sign_in, now, left, superuser):
    page = text_of(sign_in(superuser).get(reverse("admin:rotation_chairterm_changelist")))

    assert "UNESCO until 2026-10-31; nobody from 2026-11-01 to 2026-12-31" in page


def test_nobody_chairs_on_the_days_between_two_memberships(left, terms, unesco):
    MembershipFactory(agency=unesco, first_day=date(2026, 12, 1))

    sat = [each for each in chair_queries.sittings() if each.agencies == (unesco,)]

    assert [(each.first_day, each.last_day) for each in sat] == [
        (date(2026, 7, 1), LEFT),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ]
    assert chair_queries.chair_on(TODAY).vacant


def test_a_membership_that_goes_to_another_agency_ends_the_chair_of_the_first(terms, unesco, who):
    membership = unesco.memberships.get()
    membership.agency = MembershipFactory().agency

    words = " ".join(leaving.consequences_of(membership))

    assert words == (
        "UNESCO is confirmed to chair from 1 July 2026 to 31 December 2026 (2026-H2): "
        "the chair would be vacant from 1 July 2026 on."
    )


def test_what_an_app_says_of_leaving_is_said_once():
    [find, *_more] = leaving._consequences
    leaving.register(find)

    assert leaving._consequences.count(find) == 1
