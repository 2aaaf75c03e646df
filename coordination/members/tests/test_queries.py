"""Who belongs, who is who, what is flagged: as of any day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.core import queries as core_queries
from coordination.core.models import SourceDisagreement
from coordination.core.periods import Period
from coordination.core.permissions import On
from coordination.members.actions import invitations
from coordination.members.enums import FlagKind, MembershipStatus, Role
from coordination.members.queries import flags, people, roster
from coordination.members.queries.agencies import (
    AgencySeat,
    belonging_on,
    disagreements_about,
    is_member_on,
    members_on,
    membership_changes,
    memberships_in_order,
    overlapping_memberships,
    overlapping_representations,
    representation_on,
    zone_and_city,
)
from coordination.members.queries.changes import agency_changes
from coordination.members.queries.invitations import invitation_of, invitations_of, token_of
from coordination.members.rules import belongs, may_act_for
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    RepresentationFactory,
)

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def acronyms(agencies):
    return [agency.acronym for agency in agencies]


@pytest.fixture
def comes_and_goes(db):
    """Return an agency that was a member 2006 to 2008 and is an observer since 2010."""
    body = AgencyFactory(acronym="COMES")
    MembershipFactory(agency=body, first_day=date(2006, 1, 1), last_day=date(2008, 12, 31))
    MembershipFactory(agency=body, first_day=date(2010, 1, 1), standing=MembershipStatus.OBSERVER)
    return body


@pytest.mark.parametrize(
    ("day", "member", "belongs"),
    [
        (date(2005, 12, 31), False, False),
        (date(2006, 1, 1), True, True),
        (date(2008, 12, 31), True, True),
        (date(2009, 1, 1), False, False),
        (date(2010, 1, 1), False, True),
        (DAY, False, True),
    ],
)
def test_members_on_counts_first_and_last_day_and_no_observers(
    comes_and_goes, day, member, belongs
):
    assert acronyms(members_on(day)) == (["COMES"] if member else [])
    assert acronyms(belonging_on(day)) == (["COMES"] if belongs else [])
    assert is_member_on(comes_and_goes, day) is member


def test_member_steps_tell_how_the_group_grew(comes_and_goes):
    other = AgencyFactory(acronym="OTHER")
    MembershipFactory(agency=other, first_day=date(2006, 1, 1), first_precision="year")

    steps = membership_changes(memberships_in_order())

    assert [(s.day, s.precision, s.members, s.joined, s.left) for s in steps] == [
        (date(2006, 1, 1), "year", 2, ("COMES", "OTHER"), ()),
        (date(2009, 1, 1), "day", 1, (), ("COMES",)),
    ]


def test_agencies_of_are_those_of_the_day(focal_point, unfpa, ohchr, former_focal_point):
    AppointmentFactory(
        person=focal_point, agency=ohchr, role=Role.OFFICE, first_day=date(2026, 12, 1)
    )

    assert acronyms(people.agencies_of(focal_point, DAY)) == ["UNFPA"]
    assert acronyms(people.agencies_of(focal_point, date(2026, 12, 1))) == ["OHCHR", "UNFPA"]
    assert acronyms(people.agencies_of(former_focal_point, DAY)) == []
    assert acronyms(people.agencies_of(former_focal_point, date(2026, 6, 30))) == ["UNFPA"]


def test_acting_agencies_are_members_that_day(comes_and_goes, focal_point):
    AppointmentFactory(person=focal_point, agency=comes_and_goes, first_day=date(2006, 1, 1))

    assert acronyms(people.acting_agencies(focal_point, DAY)) == ["UNFPA"]
    assert acronyms(people.acting_agencies(focal_point, date(2008, 12, 31))) == ["COMES"]


def test_focal_points_of_leave_out_other_roles_and_former_ones(
    focal_point, colleague, principals_office, former_focal_point, unfpa
):
    assert [a.person for a in people.focal_points_of(unfpa, DAY)] == [focal_point, colleague]
    assert [a.person for a in people.people_for(unfpa, DAY, Role.OFFICE)] == [principals_office]
    assert {a.person for a in people.people_for(unfpa, DAY)} == {
        focal_point,
        colleague,
        principals_office,
    }


def test_principal_on_is_the_newest_head_of_the_day(unfpa):
    AppointmentFactory(
        agency=unfpa, role=Role.PRINCIPAL, first_day=date(2020, 1, 1), last_day=date(2026, 11, 22)
    )
    new = AppointmentFactory(agency=unfpa, role=Role.PRINCIPAL, first_day=date(2026, 11, 23))

    assert people.principal_on(unfpa, DAY) == new
    assert people.principal_on(unfpa, date(2019, 12, 31)) is None


def test_appointments_of_a_person_newest_first(focal_point, ohchr):
    late = AppointmentFactory(person=focal_point, agency=ohchr, first_day=date(2027, 1, 1))

    assert [a.agency.acronym for a in people.appointments_of(focal_point)] == ["OHCHR", "UNFPA"]
    assert [a.agency.acronym for a in people.appointments_on(focal_point, DAY)] == ["UNFPA"]
    assert people.appointments_of(focal_point)[0] == late


def test_belongs_on_needs_an_agency_that_belongs(comes_and_goes, stranger):
    AppointmentFactory(person=stranger, agency=comes_and_goes, first_day=date(2006, 1, 1))

    assert belongs(stranger, On(date(2009, 6, 1))) is False
    assert belongs(stranger, On(DAY)) is True
    assert may_act_for(stranger, On(DAY, comes_and_goes)) is False
    assert may_act_for(stranger, On(date(2008, 1, 1), comes_and_goes)) is True


def test_zone_and_city_of_an_agency_are_its_own(unfpa):
    assert zone_and_city(unfpa, DAY) == AgencySeat("New York", ZoneInfo("America/New_York"))


def test_zone_and_city_of_the_regional_commissions_are_those_of_the_one_that_speaks(db):
    speaking = RepresentationFactory()
    unrc = speaking.commission.agency

    assert representation_on(unrc, date(2013, 6, 30)) == speaking
    assert representation_on(unrc, date(2013, 7, 1)) is None
    assert zone_and_city(unrc, date(2013, 2, 1)) == AgencySeat(
        "Bangkok", ZoneInfo("Asia/Bangkok"), "ESCAP"
    )
    assert zone_and_city(unrc, date(2013, 7, 1)) == AgencySeat("", None)


OPEN = Period(date(2024, 1, 1))
TO_NEW_YEAR = Period(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("periods", "kind", "count", "since", "sentence"),
    [
        ([OPEN, OPEN], None, None, None, None),
        ([OPEN] * 4, None, None, None, None),
        ([], FlagKind.SHORTAGE, 0, DAY, "No focal point"),
        ([OPEN], FlagKind.SHORTAGE, 1, date(2024, 1, 1), "One focal point"),
        (
            [OPEN, Period(date(2024, 1, 1), date(2026, 11, 1))],
            FlagKind.SHORTAGE,
            1,
            date(2026, 11, 2),
            "One focal point",
        ),
        (
            [OPEN, Period(date(2020, 1, 1), date(2021, 1, 1))],
            FlagKind.SHORTAGE,
            1,
            date(2024, 1, 1),
            "One focal point",
        ),
        ([OPEN] * 5, FlagKind.EXCESS, 5, date(2024, 1, 1), "5 focal points"),
        (
            [OPEN, TO_NEW_YEAR],
            FlagKind.SHORTAGE_AHEAD,
            1,
            date(2027, 1, 1),
            "One focal point after 31 Dec 2026",
        ),
        ([OPEN, TO_NEW_YEAR, Period(date(2026, 12, 20))], None, None, None, None),
        ([OPEN, Period(date(2024, 1, 1), date(2027, 6, 30))], None, None, None, None),
        (
            [OPEN, Period(date(2024, 1, 1), DAY)],
            FlagKind.SHORTAGE_AHEAD,
            1,
            date(2026, 11, 24),
            "One focal point after 23 Nov 2026",
        ),
    ],
)
def test_judge_flags_shortage_excess_and_shortage_ahead(periods, kind, count, since, sentence):
    flag = flags.judge_periods(periods, DAY, 2, 4)

    assert (flag and (flag.kind, flag.count, flag.since, flag.sentence)) == (
        kind and (kind, count, since, sentence)
    )
    assert flag is None or flag.expected == "2 to 4 are expected."


def test_shortage_or_excess_is_for_members_only(focal_point, unfpa, group, comes_and_goes):
    flag = flags.shortage_or_excess(unfpa, DAY, group)

    assert (flag.kind, flag.count, flag.minimum, flag.maximum) == (FlagKind.SHORTAGE, 1, 2, 4)
    assert flags.shortage_or_excess(comes_and_goes, DAY, group) is None


def test_roster_brings_people_place_and_flag_in_three_queries(
    focal_point,
    colleague,
    principals_office,
    former_focal_point,
    other_agency,
    comes_and_goes,
    django_assert_num_queries,
):
    RepresentationFactory(last_day=None)
    MembershipFactory(agency__acronym="UNRC")
    head = AppointmentFactory(agency__acronym="OHCHR", role=Role.PRINCIPAL)

    group = core_queries.group()
    with django_assert_num_queries(3):
        entries = roster.roster(DAY, group)

    shown = [
        (
            e.agency.acronym,
            e.place.city,
            [a.person for a in e.focal_points],
            e.flag and e.flag.sentence,
        )
        for e in entries
    ]
    assert shown == [
        ("COMES", "Geneva", [], None),
        ("OHCHR", "Geneva", [other_agency], "One focal point"),
        ("UNFPA", "New York", [focal_point, colleague], None),
        ("UNRC", "Bangkok", [], "No focal point"),
    ]
    assert [a.person for a in entries[2].offices] == [principals_office]
    assert entries[1].principals == (head,)
    assert entries[0].membership.standing == MembershipStatus.OBSERVER


@pytest.mark.parametrize(
    ("text", "found"),
    [("unf", ["UNFPA"]), ("agency oh", ["OHCHR"]), ("new y", ["UNFPA"]), ("zzz", [])],
)
def test_roster_keeps_what_matches(group, unfpa, ohchr, text, found):
    assert [entry.agency.acronym for entry in roster.roster(DAY, group, text=text)] == found


def test_agency_record_tells_now_former_ahead(
    group, focal_point, former_focal_point, unfpa, django_assert_num_queries
):
    later = AppointmentFactory(agency=unfpa, first_day=date(2027, 1, 1))
    head = AppointmentFactory(
        agency=unfpa, role=Role.PRINCIPAL, first_day=date(2011, 1, 1), last_day=date(2011, 6, 30)
    )

    with django_assert_num_queries(2):
        record = roster.agency_record("unfpa", DAY, group)

    assert [a.person for a in record.now] == [focal_point]
    assert [a.person for a in record.former] == [former_focal_point]
    assert record.ahead == (later,)
    assert record.heads == (head,)
    assert record.standing == MembershipStatus.MEMBER
    assert record.flag.sentence == "One focal point"
    assert record.with_role[Role.PRINCIPAL] == ()


def test_agency_record_of_one_with_commissions_takes_the_seat_of_the_one_that_speaks(group):
    old = RepresentationFactory()
    now = RepresentationFactory(
        commission__acronym="ECA",
        commission__city="Addis Ababa",
        first_day=date(2026, 1, 1),
        last_day=None,
    )

    record = roster.agency_record("unrc", DAY, group)

    assert record.representations == (old, now)
    assert record.place.city == "Addis Ababa"
    assert record.standing == ""
    assert record.flag is None
    assert roster.agency_record("nobody", DAY, group) is None


def test_open_invitations_are_not_accepted_withdrawn_or_expired(unfpa):
    still = InvitationFactory(agency=unfpa)
    InvitationFactory(agency=unfpa, accepted_at=MOMENT)
    InvitationFactory(agency=unfpa, withdrawn_at=MOMENT)
    InvitationFactory(agency=unfpa, expires_at=MOMENT)

    assert list(invitations_of(unfpa, MOMENT)) == [still]


def test_invitation_of_a_token_is_found_by_its_hash_only(db):
    invitation = InvitationFactory()

    assert invitation_of(token_of(invitation.nonce)) == invitation
    assert invitation_of(invitation.token_sha256) is None
    assert invitation_of(invitation.nonce) is None


def test_token_follows_from_the_secret_key(settings):
    first = token_of("a nonce")
    settings.SECRET_KEY = "another"

    assert len(first) == 64
    assert token_of("a nonce") != first


def test_overlapping_finds_what_shares_a_day(comes_and_goes, focal_point, unfpa):
    representation = RepresentationFactory()
    unrc = representation.commission.agency

    assert (
        overlapping_memberships(
            comes_and_goes, Period(date(2008, 12, 31), date(2009, 12, 31))
        ).count()
        == 1
    )
    assert (
        overlapping_memberships(
            comes_and_goes, Period(date(2009, 1, 1), date(2009, 12, 31))
        ).count()
        == 0
    )
    assert overlapping_memberships(comes_and_goes, Period(date(2000, 1, 1))).count() == 2
    assert overlapping_representations(unrc, Period(date(2013, 6, 30))).get() == representation
    assert (
        people.overlapping_appointments(
            focal_point, unfpa, Role.FOCAL_POINT, Period(date(2023, 1, 1), date(2023, 12, 31))
        ).count()
        == 0
    )


def test_cast_stands_in_its_order_with_the_roles_of_the_day(
    focal_point, administrator, chair, former_focal_point
):
    for person, part in (
        (administrator, "administrator"),
        (chair, "chair"),
        (focal_point, "focal_point"),
    ):
        person.demo_role = part
        person.save()

    cast = people.demo_cast(DAY)

    assert cast == [focal_point, chair, administrator]
    assert [[a.agency.acronym for a in person.roles_today] for person in cast] == [
        ["UNFPA"],
        ["UNESCO"],
        [],
    ]


def told(changes):
    return [
        (change.deed, [(d.label, d.before, d.after) for d in change.differences])
        for change in changes
    ]


def test_agency_changes_tell_of_all_that_is_on_record_newest_first(
    focal_point, other_agency, administrator, now
):
    representation = RepresentationFactory(last_day=None)
    unrc = representation.commission.agency
    membership = MembershipFactory(agency=unrc, first_day=date(2007, 1, 1))
    appointment = AppointmentFactory(agency=unrc, person=focal_point)
    disagreement = SourceDisagreement.objects.create(
        topic="membership", about="Joining of UNRC", accounts={"UN": "2006"}
    )
    for obj, values in (
        (unrc, {"city": "Bangkok"}),
        (membership, {"standing": MembershipStatus.OBSERVER}),
        (appointment, {"person": other_agency}),
        (representation.commission, {"city": "Addis Ababa"}),
        (representation, {"last_day": date(2013, 12, 31)}),
        (disagreement, {"accounts": {"UN": "2007"}}),
    ):
        now.shift(60)
        for name, value in values.items():
            setattr(obj, name, value)
        obj._history_user = administrator
        obj.save()

    changes = agency_changes(unrc, with_invitations=False)

    assert {change.who for change in changes[:6]} == {administrator}
    assert told(changes[:6]) == [
        (
            "changed disagreement of sources “Joining of UNRC”",
            [("accounts", "UN: 2006", "UN: 2007")],
        ),
        ("changed representation by ESCAP", [("last day", "", "31 Dec 2013")]),
        ("changed commission ESCAP", [("city", "Bangkok", "Addis Ababa")]),
        ("changed Samira Okonkwo, focal point", [("person", "Nadia Ferreira", "Samira Okonkwo")]),
        ("changed membership from 1 Jan 2007", [("standing", "member", "observer")]),
        ("changed this record", [("headquarters", "", "Bangkok")]),
    ]


def test_agency_changes_tell_what_was_removed(group, now):
    representation = RepresentationFactory()
    commission, unrc = representation.commission, representation.commission.agency
    membership = MembershipFactory(
        agency=unrc, standing=MembershipStatus.OBSERVER, note="By letter"
    )
    for obj in (membership, representation, commission):
        now.shift(60)
        obj.delete()

    changes = told(agency_changes(unrc, with_invitations=False)[:3])

    assert [deed for deed, _ in changes] == [
        "removed commission ESCAP",
        "removed representation by (no longer on record)",
        "removed membership from 1 Jan 2006",
    ]
    assert ("last day", "30 Jun 2013", "") in changes[1][1]
    assert [row for row in changes[2][1] if "known by" not in row[0]] == [
        ("note", "By letter", ""),
        ("first day", "1 Jan 2006", ""),
        ("standing", "observer", ""),
    ]


def test_agency_changes_tell_of_invitations_to_those_who_may_invite(unfpa, focal_point, now):
    invitation = InvitationFactory(agency=unfpa, name="Ana")
    now.shift(60)
    invitations.withdraw_invitation(invitation, by=focal_point, at=MOMENT)

    outside, inside = (agency_changes(unfpa, with_invitations=value) for value in (False, True))

    assert [change.deed for change in outside if "Ana" in change.deed] == []
    assert (inside[0].who, inside[0].deed) == (focal_point, "Withdrawn: invitation of Ana")


def test_agency_changes_are_those_of_one_agency(unfpa, ohchr, other_agency):
    InvitationFactory(agency=ohchr)
    RepresentationFactory()

    changes = agency_changes(unfpa, with_invitations=True)

    assert sorted(change.deed for change in changes) == [
        "added membership from 1 Jan 2006",
        "made this record",
    ]


def test_person_and_commission_are_said_by_name(db):
    assert str(CommissionFactory()) == "ESCAP"
    assert str(PersonFactory(name="", email="a@example.org")) == "a@example.org"


def test_disagreements_about_an_agency_are_those_that_name_it(unfpa, ohchr):
    SourceDisagreement.objects.create(
        topic="membership", about="Joining of OHCHR", accounts={"a": "2003", "b": "2004"}
    )
    SourceDisagreement.objects.create(topic="chair", about="Chair OHCHR", accounts={})

    assert [d.about for d in disagreements_about(ohchr)] == ["Joining of OHCHR"]
    assert list(disagreements_about(unfpa)) == []
