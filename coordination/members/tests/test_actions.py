"""What people do in the members domain, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.due import facts_changed
from coordination.core.errors import LastDayBeforeFirst, NotAllowed, RuleBroken, Stale
from coordination.core.permissions import On
from coordination.members.actions import agencies, appointments, people
from coordination.members.actions.agencies import RecordedPeriod
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import DemoRole, MembershipStatus, Role
from coordination.members.errors import (
    AlreadyAppointed,
    AlreadyBelongs,
    AlreadyRepresented,
    OutsideMembership,
)
from coordination.members.models import Appointment, Person
from coordination.members.queries.agencies import is_member_on, representation_on
from coordination.members.queries.people import demo_cast, focal_points_of
from coordination.members.rules import may_act_for
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    MembershipFactory,
    RepresentationFactory,
)
from coordination.members.tests.history import newest

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture
def woken():
    """Return the list of wake-ups that the planner got."""
    calls = []

    def hear(sender, **_):
        calls.append(sender)

    facts_changed.connect(hear)
    yield calls
    facts_changed.disconnect(hear)


def test_appoint_records_who_and_why_and_wakes_the_planner(
    focal_point, stranger, unfpa, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = appointments.appoint(
            stranger, unfpa, Role.OFFICE, Tenure(DAY, title="Adviser"), by=focal_point, at=AT
        )

    assert (made.person, made.agency, made.role, made.first_day, made.last_day, made.title) == (
        stranger,
        unfpa,
        Role.OFFICE,
        DAY,
        None,
        "Adviser",
    )
    assert newest(made) == (focal_point, "Appointed")
    assert len(woken) == 1


def test_appoint_is_for_the_agency_s_own_focal_points_and_administrators(
    focal_point, stranger, other_agency, administrator, unfpa
):
    with pytest.raises(
        NotAllowed, match=r"^Only the focal points of UNFPA \(Nadia Ferreira\) or an administrator"
    ):
        appointments.appoint(stranger, unfpa, Role.FOCAL_POINT, Tenure(DAY), by=other_agency, at=AT)
    appointments.appoint(stranger, unfpa, Role.FOCAL_POINT, Tenure(DAY), by=administrator, at=AT)

    assert [a.person for a in focal_points_of(unfpa, DAY)] == [focal_point, stranger]


def test_appoint_refuses_a_last_day_before_the_first_before_any_overlap(focal_point, unfpa):
    with pytest.raises(
        LastDayBeforeFirst, match=r"^The last day is before the first\.$"
    ) as refused:
        appointments.appoint(
            focal_point,
            unfpa,
            Role.FOCAL_POINT,
            Tenure(DAY, DAY - timedelta(days=1)),
            by=focal_point,
            at=AT,
        )

    assert refused.value.field == "last_day"


def test_appoint_refuses_the_same_role_twice_on_one_day(focal_point, unfpa, ohchr, administrator):
    with pytest.raises(
        AlreadyAppointed,
        match=r"^Nadia Ferreira is already focal point of UNFPA from 2024-01-01\.$",
    ):
        appointments.appoint(
            focal_point, unfpa, Role.FOCAL_POINT, Tenure(DAY), by=focal_point, at=AT
        )

    appointments.appoint(focal_point, unfpa, Role.OFFICE, Tenure(DAY), by=focal_point, at=AT)
    appointments.appoint(focal_point, ohchr, Role.FOCAL_POINT, Tenure(DAY), by=administrator, at=AT)
    assert focal_point.appointments.count() == 3


def test_edit_appointment_changes_days_and_title(focal_point, colleague):
    appointment = colleague.appointments.get()

    edited = appointments.edit_appointment(
        appointment,
        Tenure(date(2024, 2, 1), date(2026, 12, 31), "Analyst"),
        version=1,
        by=focal_point,
        at=AT,
    )

    saved = Appointment.objects.get(pk=appointment.pk)
    assert (saved.first_day, saved.last_day, saved.title, saved.version) == (
        date(2024, 2, 1),
        date(2026, 12, 31),
        "Analyst",
        2,
    )
    assert newest(edited) == (focal_point, "Corrected")


def test_edit_appointment_of_an_old_version_is_stale_and_changes_nothing(focal_point, colleague):
    appointment = colleague.appointments.get()
    appointments.edit_appointment(
        appointment, Tenure(date(2024, 2, 1)), version=1, by=colleague, at=AT
    )

    with pytest.raises(Stale) as stale:
        appointments.edit_appointment(
            appointment, Tenure(date(2024, 3, 1)), version=1, by=focal_point, at=AT
        )

    assert stale.value.current.first_day == date(2024, 2, 1)
    assert Appointment.objects.get(pk=appointment.pk).first_day == date(2024, 2, 1)


def test_edit_appointment_refuses_strangers_and_former_focal_points(
    colleague, former_focal_point, stranger
):
    for person in (former_focal_point, stranger):
        with pytest.raises(NotAllowed):
            appointments.edit_appointment(
                colleague.appointments.get(), Tenure(DAY), version=1, by=person, at=AT
            )


def test_end_appointment_moves_the_powers_the_day_after(focal_point, colleague, unfpa):
    ended = appointments.end_appointment(
        colleague.appointments.get(), DAY, version=1, by=focal_point, at=AT
    )

    assert ended.last_day == DAY
    assert newest(ended) == (focal_point, "Ended")
    assert may_act_for(colleague, On(DAY, unfpa)) is True
    assert may_act_for(colleague, On(DAY + timedelta(days=1), unfpa)) is False


def test_end_appointment_refuses_backwards_and_prolonging(focal_point, former_focal_point):
    appointment = former_focal_point.appointments.get()

    with pytest.raises(LastDayBeforeFirst):
        appointments.end_appointment(
            appointment, date(2023, 12, 31), version=1, by=focal_point, at=AT
        )
    with pytest.raises(RuleBroken, match=r"^This appointment already ends on 2026-06-30\.$"):
        appointments.end_appointment(appointment, DAY, version=1, by=focal_point, at=AT)
    assert appointments.end_appointment(
        appointment, date(2026, 5, 31), version=1, by=focal_point, at=AT
    ).last_day == date(2026, 5, 31)


def test_update_profile_is_one_s_own_or_an_administrator_s(focal_point, colleague, administrator):
    people.update_profile(
        focal_point, name="N. Ferreira", time_zone="Asia/Tokyo", version=1, by=focal_point
    )
    changed = people.update_profile(
        focal_point, name="Nadia F.", time_zone="", version=2, by=administrator
    )

    with pytest.raises(NotAllowed):
        people.update_profile(focal_point, name="X", time_zone="", version=3, by=colleague)
    assert (changed.name, changed.time_zone, changed.version) == ("Nadia F.", "", 3)
    assert newest(changed) == (administrator, "Profile changed")


def test_update_profile_of_an_old_version_is_stale(focal_point):
    people.update_profile(focal_point, name="One", time_zone="", version=1, by=focal_point)

    with pytest.raises(Stale):
        people.update_profile(focal_point, name="Two", time_zone="", version=1, by=focal_point)
    assert Person.objects.get(pk=focal_point.pk).name == "One"


def test_add_person_twice_changes_nothing(group):
    first = people.add_person(
        "Admin", email="Admin@example.org", time_zone="UTC", at=AT, administrator=True
    )
    again = people.add_person("Other", email="admin@example.org", time_zone="", at=AT)

    assert first == again
    assert (again.name, again.is_staff, again.is_superuser, again.has_usable_password()) == (
        "Admin",
        True,
        True,
        False,
    )
    assert first.history.count() == 1


def test_give_part_moves_the_part(focal_point, colleague):
    people.set_demo_role(focal_point, DemoRole.FOCAL_POINT)
    people.set_demo_role(colleague, DemoRole.FOCAL_POINT)

    assert demo_cast(DAY) == [colleague]


def test_memberships_are_kept_by_administrators_and_never_overlap(administrator, focal_point):
    body = AgencyFactory(acronym="NEW")
    known = RecordedPeriod(date(2020, 1, 1), date(2020, 12, 31), "year", ("a letter",), "a note")

    with pytest.raises(NotAllowed, match=r"^Only an administrator may change when agencies belong"):
        agencies.add_membership(body, MembershipStatus.MEMBER, known, by=focal_point, at=AT)
    made = agencies.add_membership(body, MembershipStatus.OBSERVER, known, by=administrator, at=AT)
    assert (
        made.standing,
        made.first_day,
        made.last_day,
        made.first_precision,
        made.sources,
        made.note,
    ) == (
        "observer",
        date(2020, 1, 1),
        date(2020, 12, 31),
        "year",
        ["a letter"],
        "a note",
    )
    with pytest.raises(
        AlreadyBelongs, match=r"^NEW already belongs to the group from 2020-01-01\.$"
    ):
        agencies.add_membership(
            body,
            MembershipStatus.MEMBER,
            RecordedPeriod(date(2020, 12, 31)),
            by=administrator,
            at=AT,
        )
    with pytest.raises(LastDayBeforeFirst):
        agencies.add_membership(
            body,
            MembershipStatus.MEMBER,
            RecordedPeriod(DAY, date(2020, 1, 1)),
            by=administrator,
            at=AT,
        )
    agencies.add_membership(
        body, MembershipStatus.MEMBER, RecordedPeriod(date(2021, 1, 1)), by=administrator, at=AT
    )
    assert is_member_on(body, DAY)


def test_end_membership_leaves_the_agency_out_from_the_next_day(administrator, focal_point, unfpa):
    membership = unfpa.memberships.get()

    with pytest.raises(NotAllowed):
        agencies.end_membership(membership, DAY, version=1, by=focal_point, at=AT)
    with pytest.raises(LastDayBeforeFirst):
        agencies.end_membership(membership, date(2005, 1, 1), version=1, by=administrator, at=AT)
    ended = agencies.end_membership(membership, DAY, version=1, by=administrator, at=AT)
    with pytest.raises(Stale):
        agencies.end_membership(membership, DAY, version=1, by=administrator, at=AT)

    assert newest(ended) == (administrator, "Left")
    assert may_act_for(focal_point, On(DAY, unfpa)) is True
    assert may_act_for(focal_point, On(DAY + timedelta(days=1), unfpa)) is False


def test_a_membership_does_not_end_in_the_next_one(administrator, unfpa):
    first = MembershipFactory(agency=unfpa, first_day=date(2000, 1, 1), last_day=date(2001, 12, 31))

    with pytest.raises(
        AlreadyBelongs, match=r"^UNFPA already belongs to the group from 2006-01-01\.$"
    ):
        agencies.end_membership(first, date(2006, 1, 1), version=1, by=administrator, at=AT)
    ended = agencies.end_membership(first, date(2005, 12, 31), version=1, by=administrator, at=AT)

    assert ended.last_day == date(2005, 12, 31)


def test_one_commission_speaks_at_a_time(administrator, stranger, group):
    commission = CommissionFactory()
    MembershipFactory(agency=commission.agency)
    eca = CommissionFactory(acronym="ECA", agency=commission.agency)
    other = RepresentationFactory(
        commission=CommissionFactory(acronym="XX", agency__acronym="OTHER"),
        first_day=DAY,
        last_day=None,
    )
    made = agencies.set_representation(
        commission, RecordedPeriod(DAY, date(2026, 12, 31)), by=administrator, at=AT
    )

    with pytest.raises(
        AlreadyRepresented, match=r"^ESCAP already speaks for UNRC from 2026-11-23\.$"
    ):
        agencies.set_representation(
            eca, RecordedPeriod(date(2026, 12, 31)), by=administrator, at=AT
        )
    with pytest.raises(NotAllowed):
        agencies.set_representation(eca, RecordedPeriod(date(2027, 1, 1)), by=stranger, at=AT)
    agencies.set_representation(eca, RecordedPeriod(date(2027, 1, 1)), by=administrator, at=AT)

    assert representation_on(commission.agency, DAY) == made
    assert representation_on(commission.agency, date(2027, 1, 1)).commission == eca
    assert representation_on(other.commission.agency, DAY) == other


def test_appointing_an_office_of_a_former_agency_gives_no_powers(administrator, stranger, group):
    body = AgencyFactory(acronym="GONE")
    MembershipFactory(agency=body, last_day=date(2020, 1, 1))

    with pytest.raises(OutsideMembership):
        appointments.appoint(stranger, body, Role.OFFICE, Tenure(DAY), by=administrator, at=AT)

    # one from before that rule gives no power either
    AppointmentFactory(person=stranger, agency=body, role=Role.OFFICE, first_day=DAY)
    assert may_act_for(stranger, On(DAY, body)) is False
