"""What is wrong in the records, as an administrator's desk lists it."""

from datetime import date, timedelta

import pytest

from coordination.core.tests.pages import text_of
from coordination.desk.queries.problems import problems
from coordination.members.actions import invitations as invitations_actions
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    InvitationFactory,
    MembershipFactory,
)
from coordination.reminders.enums import MessageState
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.rotation.enums import TermState
from coordination.rotation.queries import undecided
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def in_order(group, terms):
    """Return the terms of a group in which nothing is wrong: two focal points for each member."""
    for term in terms:
        for agency in term.agencies.all():
            AppointmentFactory.create_batch(2, agency=agency)
    return terms


def found(group):
    return [(problem.what, problem.url) for problem in problems(group, TODAY, NOW)]


def test_nothing_is_wrong_and_the_page_says_so(in_order, group, administrator, sign_in):
    assert found(group) == []

    page = text_of(sign_in(administrator).get("/desk/"))
    assert "Nothing is wrong" in page
    assert "button--main" not in page


def test_everything_that_is_wrong_has_the_page_where_it_is_put_right(
    in_order, group, administrator, sign_in, unfpa
):
    OutboxMessageFactory(state=MessageState.PARKED)
    OutboxMessageFactory(state=MessageState.PARKED)
    OutboxMessageFactory(state=MessageState.SENT)
    lapsed = InvitationFactory(agency=unfpa, name="Ana Ruiz", expires_at=NOW)
    InvitationFactory(agency=unfpa)  # still open

    assert found(group) == [
        ("2 mails could not be delivered", "/outbox/?state=parked"),
        ("UNFPA is short of focal points", "/members/unfpa/invite/"),
        (
            "The invitation of Ana Ruiz for UNFPA lapsed",
            f"/members/unfpa/#invitation-{lapsed.pk}",
        ),
    ]
    client = sign_in(administrator)
    page = text_of(client.get("/desk/"))
    assert "3 things to put right" in page
    assert page.count('class="asks__what"') == 3
    assert page.count("button--main") == 1
    assert "No focal point. 2 to 4 are expected." in page
    for _what, url in found(group):
        assert client.get(url).status_code == 200
    assert f'id="invitation-{lapsed.pk}"' in text_of(client.get("/members/unfpa/"))


def test_observers_need_no_focal_points(in_order, group):
    MembershipFactory(agency=AgencyFactory(acronym="ICRC"), standing="observer")

    assert found(group) == []


def test_a_group_without_a_term_is_told_to_propose_one(group):
    assert found(group) == [("Nobody chairs today", "/rotation/propose/")]
    [problem] = problems(group, TODAY, NOW)
    assert (problem.why, problem.verb) == ("No term is planned.", "Propose a term")


def test_days_without_a_planned_term_are_of_no_agency(group):
    days = undecided.undecided_days(TODAY)

    assert (days.term, days.agencies) == (None, "")


def test_a_proposed_term_waits_to_be_confirmed(in_order, group, terms):
    _now, following = terms
    following.state = TermState.PROPOSED
    following.save()

    [problem] = problems(group, TODAY, NOW)

    assert (problem.what, problem.why, problem.url) == (
        "Nobody chairs from 1 Jan 2027",
        "The term of WHO is proposed, and nobody has confirmed it.",
        "/rotation/2027-H1/",
    )


def test_a_confirmed_term_of_an_agency_that_left_is_open(in_order, group, who):
    who.memberships.update(last_day=date(2027, 1, 31))

    [problem] = problems(group, TODAY, NOW)

    assert (problem.what, problem.why, problem.verb) == (
        "Nobody chairs from 1 Feb 2027",
        "The term of WHO is confirmed, but they are no members then.",
        "Open the term",
    )


def test_days_more_than_90_days_ahead_are_nobodys_worry_yet(in_order, group, terms):
    # the last day of the last term is 30 June 2027
    assert [what for what, _url in found(group)] == []
    assert [problem.what for problem in problems(group, date(2027, 4, 2), NOW)] == [
        "Nobody chairs from 1 Jul 2027"
    ]
    assert problems(group, date(2027, 4, 1), NOW) == ()


def test_a_lapsed_invitation_is_settled_by_another_by_the_role_or_by_withdrawal(
    in_order, group, unesco, administrator
):
    past = NOW - timedelta(days=1)
    again = InvitationFactory(agency=unesco, expires_at=past, invited_at=past - timedelta(days=9))
    InvitationFactory(agency=unesco, email=again.email, person=again.person, invited_at=past)
    appointed = InvitationFactory(agency=unesco, expires_at=past)
    AppointmentFactory(agency=unesco, person=appointed.person)
    left = InvitationFactory(expires_at=past)  # of an agency that does not belong
    dropped = InvitationFactory(agency=unesco, expires_at=past)
    assert left.agency.memberships.count() == 0
    assert [what for what, _url in found(group)] == [
        f"The invitation of {dropped.name} for UNESCO lapsed"
    ]

    invitations_actions.withdraw_invitation(dropped, by=administrator, at=NOW)

    assert found(group) == []


def test_an_administrator_in_office_sees_both(in_order, group, chair, sign_in):
    OutboxMessageFactory(state=MessageState.PARKED)
    chair.is_staff = True
    chair.save()

    page = text_of(sign_in(chair).get("/desk/"))

    assert "1 mail could not be delivered" in page
    assert "Asked of the chair" in page
    assert page.count("button--main") == 1


def test_only_administrators_see_what_is_wrong(in_order, chair, stranger, sign_in):
    for reader in (chair, stranger):
        assert "What is wrong" not in text_of(sign_in(reader).get("/desk/"))


@pytest.mark.parametrize("rows", [1, 30])
def test_what_is_wrong_costs_the_same_at_any_size(
    group, administrator, rows, django_assert_num_queries
):
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    for agency in agencies:
        InvitationFactory(agency=agency, expires_at=NOW)
        OutboxMessageFactory(state=MessageState.PARKED)
    term = ChairTermFactory(
        slug="2027-H1", state=TermState.PROPOSED, first_day=TODAY, last_day=date(2027, 6, 30)
    )
    TermAgencyFactory(term=term, agency=agencies[0])

    with django_assert_num_queries(8):
        assert len(problems(group, TODAY, NOW)) == 2 * rows + 2
