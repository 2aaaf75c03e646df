"""PostgreSQL itself refuses what the actions refuse, no more and no less, and its refusal is the same sentence."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from coordination.members.actions import agencies, appointments
from coordination.members.enums import MembershipStatus, Role
from coordination.members.errors import AlreadyAppointed, AlreadyBelongs, AlreadyRepresented
from coordination.members.models import Appointment, Membership, Representation
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    MembershipFactory,
    PersonFactory,
    RepresentationFactory,
)
from coordination.tests.vanishing import once_refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

FIRST, LAST = date(2013, 1, 1), date(2013, 6, 30)
SHARING = [
    (date(2013, 6, 30), None),
    (date(2012, 1, 1), None),
    (date(2012, 1, 1), date(2013, 1, 1)),
    (date(2013, 2, 1), date(2013, 2, 1)),
]
APART = [(date(2013, 7, 1), None), (date(2012, 1, 1), date(2012, 12, 31))]


def periods():
    """Return one period of each kind, with what a second one of the same would be made of."""
    belonging = MembershipFactory(first_day=FIRST, last_day=LAST)
    appointment = AppointmentFactory(first_day=FIRST, last_day=LAST)
    speaking = RepresentationFactory(first_day=FIRST, last_day=LAST)
    other_voice = CommissionFactory(acronym="ECA", agency=speaking.commission.agency)
    return {
        "members_membership_no_overlap": (
            Membership,
            {"agency": belonging.agency, "standing": MembershipStatus.OBSERVER},
        ),
        "members_appointment_no_overlap": (
            Appointment,
            {"person": appointment.person, "agency": appointment.agency},
        ),
        "members_representation_no_overlap": (Representation, {"commission": other_voice}),
    }


def refused(model, **fields):
    """Return which constraint refuses the record; "" where it is written, without history: an older schema has not its columns."""
    try:
        with transaction.atomic():
            model.objects.bulk_create([model(**fields)])
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


@pytest.mark.parametrize(("first_day", "last_day"), SHARING)
def test_a_period_that_shares_a_day_is_refused(first_day, last_day):
    for constraint, (model, same) in periods().items():
        assert refused(model, **same, first_day=first_day, last_day=last_day) == constraint


def test_after_a_period_that_still_runs_nothing_begins():
    agency = MembershipFactory(first_day=FIRST, last_day=None).agency

    assert (
        refused(Membership, agency=agency, first_day=date(2026, 1, 1))
        == "members_membership_no_overlap"
    )
    assert (
        refused(Membership, agency=agency, first_day=date(2012, 1, 1), last_day=date(2012, 12, 31))
        == ""
    )


@pytest.mark.parametrize(("first_day", "last_day"), APART)
def test_a_period_that_shares_no_day_is_written(first_day, last_day):
    for model, same in periods().values():
        assert refused(model, **same, first_day=first_day, last_day=last_day) == ""


def test_others_may_have_the_same_days():
    kinds = periods()
    belonging, appointment = Membership.objects.get(), Appointment.objects.get()
    days = {"first_day": FIRST, "last_day": LAST}

    assert refused(Membership, agency=appointment.agency, **days) == ""
    assert (
        refused(
            Representation,
            commission=CommissionFactory(acronym="XX", agency=AgencyFactory()),
            **days,
        )
        == ""
    )
    _model, same = kinds["members_appointment_no_overlap"]
    for other in ({"role": Role.OFFICE}, {"person": PersonFactory()}, {"agency": belonging.agency}):
        assert refused(Appointment, **{**same, **other, **days}) == ""


def test_a_second_membership_is_told_in_the_sentence_of_the_action():
    agency = MembershipFactory(agency__acronym="UNFPA", first_day=FIRST).agency

    with pytest.raises(
        AlreadyBelongs, match=r"^UNFPA already belongs to the group from 2013-01-01\.$"
    ):
        agencies.write_membership(Membership(agency=agency, first_day=LAST))


def test_a_second_voice_is_told_in_the_sentence_of_the_action():
    agency = RepresentationFactory().commission.agency
    other = CommissionFactory(acronym="ECA", agency=agency)

    with pytest.raises(
        AlreadyRepresented, match=r"^ESCAP already speaks for UNRC from 2013-01-01\.$"
    ):
        agencies.write_representation(Representation(commission=other, first_day=LAST))


def test_a_second_appointment_is_told_in_the_sentence_of_the_action():
    known = AppointmentFactory(
        agency__acronym="UNFPA", person__name="Nadia Ferreira", first_day=FIRST
    )

    with pytest.raises(
        AlreadyAppointed,
        match=r"^Nadia Ferreira is already focal point of UNFPA from 2013-01-01\.$",
    ):
        appointments.write_appointment(
            Appointment(person=known.person, agency=known.agency, first_day=LAST)
        )


def test_a_refusal_that_nothing_explains_any_more_still_gets_a_sentence():
    """The other period may be ended between the database's refusal and our second look."""
    kinds = periods()
    writes = (
        agencies.write_membership,
        appointments.write_appointment,
        agencies.write_representation,
    )

    for (model, same), write, error in zip(
        kinds.values(), writes, (AlreadyBelongs, AlreadyAppointed, AlreadyRepresented), strict=True
    ):
        with (
            once_refused(model.objects.all().delete),
            pytest.raises(error, match="at the same moment"),
        ):
            write(model(**same, first_day=LAST))


def test_another_refusal_of_the_database_stays_what_it_is():
    known = MembershipFactory(first_day=FIRST, last_day=LAST)
    known.last_day = date(2012, 1, 1)

    with pytest.raises(IntegrityError, match="members_membership_last_not_before_first"):
        agencies.write_membership(known, ["last_day"])


def test_a_commission_takes_its_periods_along_to_another_agency():
    speaking = RepresentationFactory(first_day=FIRST, last_day=LAST)
    moved = RepresentationFactory(
        commission=CommissionFactory(acronym="ECA", agency=AgencyFactory()), first_day=FIRST
    ).commission
    former, moved.agency = moved.agency, speaking.commission.agency

    with (
        pytest.raises(IntegrityError, match="members_representation_no_overlap"),
        transaction.atomic(),
    ):
        moved.save()
    moved.agency = AgencyFactory()
    moved.save()

    heir = CommissionFactory(acronym="XX", agency=former)
    second = CommissionFactory(acronym="YY", agency=moved.agency)
    assert refused(Representation, commission=heir, first_day=FIRST) == ""
    assert (
        refused(Representation, commission=second, first_day=FIRST)
        == "members_representation_no_overlap"
    )
