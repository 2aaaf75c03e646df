"""An agency that leaves loses its turns ahead, and does not get them back if it returns."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from coordination.core.periods import Period
from coordination.core.permissions import On, allowed
from coordination.members.actions import leaving
from coordination.members.actions.agencies import RecordedPeriod, add_membership, end_membership
from coordination.members.enums import MembershipStatus
from coordination.members.models import Membership
from coordination.members.tests.factories import MembershipFactory
from coordination.rotation.actions.leaving import end_turns, last_day_as_member
from coordination.rotation.enums import HandoverSide, OperationKind, TermState
from coordination.rotation.models import ChairTerm, TermAgency, TermOperation
from coordination.rotation.queries.chair import (
    agencies_chairing,
    agencies_on,
    chair_on,
    term_on,
)
from coordination.rotation.queries.handovers import grace_ends, items_ahead
from coordination.rotation.queries.vacancies import vacancies_ahead
from coordination.rotation.rules import signing_levels
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.rotation.tests.schedule import (
    H1_2027,
    H1_2028,
    H2_2026,
    H2_2027,
    schedule,
    term_of,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def leave(agency, last_day, by):
    membership = agency.memberships.get(last_day=None)
    return end_membership(
        membership, last_day, version=membership.version, by=by, at=NOW, chair_ends=True
    )


def come_back(agency, first_day, by):
    days = RecordedPeriod(first_day)
    return add_membership(agency, MembershipStatus.MEMBER, days, by=by, at=NOW)


def test_the_chair_that_leaves_in_mid_term_is_followed_by_a_vacancy(terms, unesco, administrator):
    leave(unesco, date(2026, 11, 30), administrator)

    assert agencies_on(date(2026, 11, 30)) == (unesco,)
    assert (chair_on(date(2026, 12, 1)).vacant, chair_on(date(2026, 12, 1)).last_day) == (
        True,
        date(2026, 12, 31),
    )
    assert schedule() == [(date(2026, 7, 1), date(2026, 11, 30), "UNESCO"), (*H1_2027, "WHO")]


def test_coming_back_in_the_same_term_does_not_bring_the_chair_back(terms, unesco, administrator):
    leave(unesco, date(2026, 11, 30), administrator)
    come_back(unesco, date(2026, 12, 5), administrator)

    assert agencies_on(date(2026, 12, 10)) == ()


def test_its_turns_ahead_become_open_and_stay_so(terms, later, unfpa, administrator):
    leave(unfpa, date(2026, 12, 31), administrator)
    come_back(unfpa, date(2027, 6, 1), administrator)

    later[0].refresh_from_db()
    assert later[0].state == TermState.WITHDRAWN
    assert agencies_on(date(2027, 9, 1)) == ()
    assert vacancies_ahead(TODAY)[:-1] == [Period(*H2_2027)]
    assert schedule() == [(*H2_2026, "UNESCO"), (*H1_2027, "WHO"), (*H1_2028, "OHCHR")]


def test_one_operation_keeps_what_the_leaving_ended(terms, later, unesco, administrator):
    term_of([unesco], (date(2028, 7, 1), date(2028, 12, 31)), slug="2028-H2")
    leave(unesco, date(2026, 11, 30), administrator)

    operation = TermOperation.objects.get()
    assert (operation.kind, operation.made_by, operation.decided_at) == (
        OperationKind.LEFT,
        administrator,
        NOW,
    )
    assert [(row["term"], row["last_day"], row["state"]) for row in operation.after] == [
        ("2026-H2", "2026-11-30", "confirmed"),
        ("2028-H2", "2028-12-31", "withdrawn"),
    ]


def test_a_turn_ahead_is_cut_where_the_membership_ends_in_it(terms, who, administrator):
    leave(who, date(2027, 3, 31), administrator)

    assert schedule()[1] == (date(2027, 1, 1), date(2027, 3, 31), "WHO")


def test_the_others_of_a_joint_chair_go_on(terms, unesco, ohchr, administrator):
    TermAgency.objects.create(term=terms[0], agency=ohchr, position=2)
    leave(unesco, date(2026, 11, 30), administrator)
    come_back(unesco, date(2026, 12, 5), administrator)

    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 10)]
    assert agencies_chairing(days) == {
        days[0]: (unesco, ohchr),
        days[1]: (ohchr,),
        days[2]: (ohchr,),
    }
    assert [agencies_on(day) for day in days] == [(unesco, ohchr), (ohchr,), (ohchr,)]
    operation = TermOperation.objects.get()
    assert (operation.kind, operation.before[0]["agencies"], operation.after[0]["agencies"]) == (
        "left",
        ["UNESCO", "OHCHR"],
        ["OHCHR"],
    )
    # the last of them leaves too
    leave(ohchr, date(2026, 12, 15), administrator)
    assert chair_on(date(2026, 12, 16)).vacant


def test_of_two_that_leave_a_joint_chair_the_later_goes_on_until_its_day(
    terms, later, unesco, unfpa, ohchr, administrator
):
    TermAgency.objects.create(term=terms[0], agency=ohchr, position=2)
    TermAgency.objects.create(term=later[0], agency=ohchr, position=2)  # UNFPA's
    # recorded in advance, the later one first
    leave(ohchr, date(2026, 12, 15), administrator)
    leave(unesco, date(2026, 11, 30), administrator)

    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 16)]
    assert [agencies_on(day) for day in days] == [(unesco, ohchr), (ohchr,), (ohchr,), ()]
    assert schedule()[0] == (date(2026, 7, 1), date(2026, 12, 15), "UNESCO+OHCHR")
    assert later[0].agencies.get() == unfpa


def test_of_two_that_leave_a_joint_turn_ahead_the_later_keeps_its_days(
    terms, who, ohchr, administrator
):
    TermAgency.objects.create(term=terms[1], agency=ohchr, position=2)
    leave(ohchr, date(2027, 3, 31), administrator)
    leave(who, date(2026, 12, 31), administrator)

    assert schedule()[1] == (date(2027, 1, 1), date(2027, 3, 31), "OHCHR")


def test_who_left_a_joint_chair_and_came_back_does_not_write_and_sign_for_it(
    chair, terms, unesco, ohchr, other_agency, administrator
):
    TermAgency.objects.create(term=terms[0], agency=ohchr, position=2)
    leave(unesco, date(2026, 11, 30), administrator)
    come_back(unesco, date(2026, 12, 5), administrator)

    for day, who_writes in ((TODAY, [chair, other_agency]), (date(2026, 12, 10), [other_agency])):
        on, people = On(day, terms[0]), (chair, other_agency)
        assert [p for p in people if allowed(p, "rotation.write_handover", on)] == who_writes
        assert [p for p in people if signing_levels(terms[0], p, On(day))] == who_writes


def test_who_left_a_joint_chair_and_came_back_has_no_items_of_it(
    chair, terms, unesco, ohchr, administrator, group
):
    item = HandoverItemFactory(
        handover=HandoverFactory(incoming_term=terms[1]), side=HandoverSide.OUTGOING
    )
    TermAgency.objects.create(term=terms[0], agency=ohchr, position=2)
    leave(unesco, date(2026, 11, 30), administrator)
    come_back(unesco, date(2026, 12, 5), administrator)

    def answers(agency, day):
        return items_ahead([agency], day, group).get(pk=item.pk).ours

    assert [answers(each, TODAY) for each in (unesco, ohchr)] == [True, True]
    assert [answers(each, date(2026, 12, 10)) for each in (unesco, ohchr)] == [False, True]
    leave(ohchr, date(2027, 1, 10), administrator)
    assert grace_ends(term_on(TODAY), timedelta(days=30)) == date(2027, 1, 10)


def test_the_others_of_a_joint_turn_ahead_keep_it(terms, who, ohchr, administrator):
    TermAgency.objects.create(term=terms[1], agency=ohchr, position=2)
    leave(who, date(2026, 12, 31), administrator)

    assert schedule()[1] == (*H1_2027, "OHCHR")


def test_a_joint_turn_ahead_is_shared_until_one_leaves(terms, who, ohchr, administrator):
    TermAgency.objects.create(term=terms[1], agency=ohchr, position=2)
    leave(who, date(2027, 3, 31), administrator)

    assert agencies_on(date(2027, 3, 31)) == (who, ohchr)
    assert agencies_on(date(2027, 4, 1)) == (ohchr,)


def test_anybody_else_that_leaves_changes_nothing(terms, later, unesco, administrator):
    stays = schedule()
    outsider = term_of([], (date(2020, 1, 1), date(2020, 6, 30))).agencies.model.objects.create(
        acronym="IOM", name="IOM", slug="iom", city="Geneva", time_zone="Europe/Zurich"
    )
    Membership.objects.create(agency=outsider, first_day=date(2010, 1, 1))
    leave(outsider, date(2026, 11, 30), administrator)

    assert [row for row in schedule() if row[2]] == stays
    assert not TermOperation.objects.exists()


def test_a_term_that_is_over_stays_as_it_was(terms, unfpa, administrator):
    past = (date(2025, 7, 1), date(2025, 12, 31))
    term_of([unfpa], past, slug="2025-H2")
    leave(unfpa, date(2025, 9, 30), administrator)

    assert schedule()[0] == (*past, "UNFPA")
    assert agencies_on(date(2025, 10, 1)) == ()


def test_a_membership_that_ended_before_its_running_term_leaves_one_day(
    terms, unesco, administrator
):
    leave(unesco, date(2026, 5, 31), administrator)

    assert schedule()[0] == (date(2026, 7, 1), date(2026, 7, 1), "UNESCO")
    assert chair_on(date(2026, 7, 1)).vacant


def test_the_admin_ends_the_turns_too(sign_in, now, terms, later, unfpa, administrator):
    membership = unfpa.memberships.get()
    sent = {
        "agency": unfpa.pk, "standing": "member", "first_day": "2006-01-01",
        "first_precision": "day", "last_day": "2026-12-31", "last_precision": "day",
        "sources": "[]", "note": "", "version_seen": "1", "chair_ends": "on",
    }  # fmt: skip
    address = reverse("admin:members_membership_change", args=[membership.pk])

    answer = sign_in(administrator).post(address, sent)

    assert answer.status_code == 302
    assert TermOperation.objects.get().kind == OperationKind.LEFT
    later[0].refresh_from_db()
    assert later[0].state == TermState.WITHDRAWN


def test_a_membership_that_goes_to_another_agency_ends_the_turns_of_the_first(
    sign_in, now, terms, later, unfpa, administrator
):
    membership = unfpa.memberships.get()
    other = MembershipFactory(first_day=date(1990, 1, 1), last_day=date(1990, 12, 31)).agency
    sent = {
        "agency": other.pk, "standing": "member", "first_day": "2006-01-01",
        "first_precision": "day", "last_day": "", "last_precision": "day",
        "sources": "[]", "note": "", "version_seen": "1", "chair_ends": "on",
    }  # fmt: skip
    address = reverse("admin:members_membership_change", args=[membership.pk])

    answer = sign_in(administrator).post(address, sent)

    later[0].refresh_from_db()
    assert (answer.status_code, later[0].state) == (302, TermState.WITHDRAWN)


def test_what_an_app_ends_is_registered_once():
    leaving.register(end_turns)

    assert leaving._endings == [end_turns]


def test_a_turn_ends_with_the_first_break_also_if_a_later_membership_is_in_the_same_term():
    term = ChairTerm(first_day=date(2026, 7, 1), last_day=date(2027, 1, 31))
    first, gap = Period(date(2020, 1, 1), date(2026, 11, 30)), Period(date(2026, 12, 20))
    whole = Period(date(2020, 1, 1), date(2026, 12, 19))
    before = Period(date(2026, 7, 20), date(2026, 8, 31))

    for days, today, last_day in (
        ([first, gap], TODAY, first.last),
        ([first, gap], date(2026, 6, 1), first.last),
        ([first, gap], date(2026, 12, 10), first.last),
        ([whole, gap], TODAY, term.last_day),
        # it came back before today: the days that it chaired since stay
        ([first, gap], date(2026, 12, 24), term.last_day),
        ([before], date(2026, 6, 1), before.last),
        ([Period(date(2028, 1, 1))], TODAY, None),
    ):
        assert last_day_as_member(term, days, today) == last_day, (days, today)
