"""The roles of people for agencies, and for how long."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core import queries as core_queries
from coordination.core.actions import constraint_as_error, refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst, RuleBroken
from coordination.core.periods import LAST_DAY, ONE_DAY, Period, gaps
from coordination.core.permissions import On
from coordination.members.enums import MembersChange, Role
from coordination.members.errors import (
    AlreadyAppointed,
    AlreadyHasPrincipal,
    OutsideMembership,
    OwnAppointment,
)
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import agencies, people


@dataclass(frozen=True, slots=True)
class Tenure:
    """The days of an appointment (both inclusive) and its title.

    No last day: until further notice.
    """

    first_day: date
    last_day: date | None = None
    title: str = ""


def refuse_backward_period(first_day: date, last_day: date | None) -> None:
    """Raise LastDayBeforeFirst.

    Check it before any overlap: a period that runs backwards overlaps nothing.
    """
    if last_day is not None and last_day < first_day:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="last_day")


def refuse_far_end(last_day: date | None, *, at: datetime) -> None:
    """Raise FarFromToday for a last day that is a typing error."""
    if last_day is not None:
        refuse_far_day(last_day, at=at, field="last_day")


def refuse_overlap(appointment: Appointment) -> None:
    """Raise AlreadyAppointed if the same appointment overlaps this one.

    Raises AlreadyHasPrincipal if another person is the agency's principal then.
    """
    period = Period(appointment.first_day, appointment.last_day)
    refuse_second_principal(appointment, period)
    others = people.overlapping_appointments(
        appointment.person, appointment.agency, appointment.role, period
    )
    other = others.exclude(pk=appointment.pk).order_by("first_day").first()
    if other:
        raise AlreadyAppointed(
            _("%(person)s is already %(role)s of %(agency)s from %(first)s.")
            % {
                "person": appointment.person,
                "role": appointment.get_role_display(),
                "agency": appointment.agency,
                "first": other.first_day.isoformat(),
            },
            field="first_day",
        )


def refuse_second_principal(appointment: Appointment, period: Period) -> None:
    """Raise AlreadyHasPrincipal if another person heads the agency during `period`."""
    if appointment.role != Role.PRINCIPAL:
        return
    principals = people.principals_in(appointment.agency, period)
    other = principals.exclude(pk=appointment.pk).exclude(person=appointment.person_id).first()
    if other:
        sentence = _(
            "%(person)s is the principal of %(agency)s from %(first)s on. An agency has one on a "
            "day: end that appointment first."
        )
        values = {
            "person": other.person,
            "agency": appointment.agency,
            "first": other.first_day.isoformat(),
        }
        raise AlreadyHasPrincipal(sentence % values, field="first_day")


def refuse_outside_membership(appointment: Appointment) -> None:
    """Raise OutsideMembership unless the agency belongs on all days of the appointment."""
    belonging = agencies.belonging_periods(appointment.agency)
    last = appointment.last_day or LAST_DAY
    outside = gaps(belonging, appointment.first_day, last)
    if not outside:
        return
    field = "first_day" if outside[0].first == appointment.first_day else "last_day"
    raise OutsideMembership(
        _(
            "%(agency)s does not belong to the group from %(first)s on. Choose days within its "
            "membership."
        )
        % {"agency": appointment.agency, "first": outside[0].first.isoformat()},
        field=field,
    )


def end_outside_membership(agency: Agency, *, by: Person, at: datetime) -> None:
    """End the appointments that outlast the agency's membership.

    Runs in the caller's transaction. Each ends with the membership in which it began. The caller
    holds the lock of the agency.
    """
    belonging = agencies.belonging_periods(agency)
    for appointment in agency.appointments.select_related("person", "agency"):
        last = appointment.last_day or LAST_DAY
        outside = gaps(belonging, appointment.first_day, last)
        # One that begins outside is a record from before this rule; it gives no power.
        if not outside or outside[0].first == appointment.first_day:
            continue
        appointment.last_day = outside[0].first - ONE_DAY
        appointment.version += 1
        reason = MembersChange.APPOINTMENT_ENDED_WITH_MEMBERSHIP
        history.sign(appointment, by=by, reason=reason, values={"agency": agency.acronym})
        appointment.save(update_fields=["last_day", "version"])


def refuse_own_appointment(person: Person, agency: Agency, *, by: Person, at: datetime) -> None:
    """Raise OwnAppointment if an administrator would appoint themselves.

    Focal points of the agency and superusers may. Others would gain a voice that they do not have.
    """
    day = core_queries.day_in_group(at)
    if person.pk == by.pk and not by.is_superuser and not people.is_focal_point(by, agency, day):
        raise OwnAppointment(
            _(
                "You cannot appoint yourself. Another administrator or a focal point of the "
                "agency can."
            )
        )


def is_within(first_day: date, last_day: date | None, appointment: Appointment) -> bool:
    """Return whether the days lie within the appointment.

    Then a change gives nobody a new voice.
    """
    return first_day >= appointment.first_day and (
        appointment.last_day is None or (last_day is not None and last_day <= appointment.last_day)
    )


def write_appointment(appointment: Appointment, fields: list[str] | None = None) -> None:
    """Save; turn the database's refusal of an overlap into AlreadyAppointed."""
    race_error = AlreadyAppointed(
        _("Somebody put the same on record for these days at the same moment."), field="first_day"
    )
    with constraint_as_error(
        ("members_appointment_no_overlap", "members_appointment_one_principal"),
        lambda: refuse_overlap(appointment),
        race_error,
    ):
        appointment.save(update_fields=fields)


def lock_agency(agency: Agency) -> Agency:
    """Lock the agency and return it as saved.

    Two people cannot change its roster at once.
    """
    return Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)


def lock_agencies(keys: Collection[int]) -> None:
    """Lock several agencies.

    The order by key keeps two callers from waiting for each other.
    """
    list(Agency.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


@transaction.atomic
def appoint(
    person: Person, agency: Agency, role: Role, tenure: Tenure, *, by: Person, at: datetime
) -> Appointment:
    """Give `person` a role of `agency` for the tenure.

    Raises NotAllowed, OwnAppointment, LastDayBeforeFirst, AlreadyAppointed.
    """
    agency = lock_agency(agency)
    permissions.require(by, "members.edit_roster", On(core_queries.day_in_group(at), agency))
    refuse_own_appointment(person, agency, by=by, at=at)
    refuse_far_end(tenure.last_day, at=at)
    return record_appointment(
        Appointment(person=person, agency=agency, role=role),
        tenure,
        by=by,
        reason=MembersChange.APPOINTED,
    )


def record_appointment(
    appointment: Appointment,
    tenure: Tenure,
    *,
    by: Person,
    reason: MembersChange,
    values: Mapping[str, str] | None = None,
) -> Appointment:
    """Save a new appointment in the caller's transaction.

    The caller holds the lock of the agency.
    """
    refuse_backward_period(tenure.first_day, tenure.last_day)
    appointment.first_day, appointment.last_day = tenure.first_day, tenure.last_day
    appointment.title = tenure.title
    refuse_outside_membership(appointment)
    refuse_overlap(appointment)
    history.sign(appointment, by=by, reason=reason, values=values)
    write_appointment(appointment)
    wake_on_commit()
    return appointment


@transaction.atomic
def edit_appointment(
    appointment: Appointment,
    tenure: Tenure,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> Appointment:
    """Correct the days or the title of an appointment.

    Person, agency and role cannot change. Raises NotAllowed, OwnAppointment, LastDayBeforeFirst,
    AlreadyAppointed, Stale.
    """
    appointment = _lock_and_claim(appointment, version, by=by, at=at)
    # Longer days would give the person a voice that nobody granted.
    if not is_within(tenure.first_day, tenure.last_day, appointment):
        refuse_own_appointment(appointment.person, appointment.agency, by=by, at=at)
    if tenure.last_day != appointment.last_day:
        refuse_far_end(tenure.last_day, at=at)
    refuse_backward_period(tenure.first_day, tenure.last_day)
    appointment.first_day, appointment.last_day = tenure.first_day, tenure.last_day
    appointment.title = tenure.title
    refuse_outside_membership(appointment)
    refuse_overlap(appointment)
    history.sign(appointment, by=by, reason=MembersChange.APPOINTMENT_CORRECTED)
    write_appointment(appointment, ["first_day", "last_day", "title"])
    wake_on_commit()
    return appointment


@transaction.atomic
def end_appointment(
    appointment: Appointment, last_day: date, *, version: int, by: Person, at: datetime
) -> Appointment:
    """End an appointment with `last_day`, inclusive.

    What the person did stays theirs. Raises NotAllowed, LastDayBeforeFirst, Stale, and RuleBroken
    if it ends earlier already.
    """
    appointment = _lock_and_claim(appointment, version, by=by, at=at)
    refuse_backward_period(appointment.first_day, last_day)
    refuse_far_end(last_day, at=at)
    if appointment.last_day is not None and appointment.last_day < last_day:
        raise RuleBroken(
            _("This appointment already ends on %(day)s.")
            % {"day": appointment.last_day.isoformat()},
            field="last_day",
        )
    appointment.last_day = last_day
    history.sign(appointment, by=by, reason=MembersChange.APPOINTMENT_ENDED)
    appointment.save(update_fields=["last_day"])
    wake_on_commit()
    return appointment


def _lock_and_claim(
    appointment: Appointment, version: int, *, by: Person, at: datetime
) -> Appointment:
    """Lock, read again, check the permission, claim the version."""
    agency = lock_agency(appointment.agency)
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=appointment.pk)
    )
    # The locked agency replaces the cached one, so that checks see what is saved.
    appointment.agency = agency
    permissions.require(by, "members.edit_roster", On(core_queries.day_in_group(at), agency))
    versions.claim(appointment, version)
    return appointment
