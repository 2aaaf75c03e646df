"""What a person is for an agency, and for how long."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core import queries as core_queries
from coordination.core.actions import kept_by
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst, RuleBroken
from coordination.core.periods import Period
from coordination.core.permissions import On
from coordination.members.enums import MembersChange, Role
from coordination.members.errors import AlreadyAppointed, OwnAppointment
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import people


@dataclass(frozen=True, slots=True)
class Tenure:
    """From when to when (both inclusive.

    No last day: until further notice), and under which title.
    """

    first_day: date
    last_day: date | None = None
    title: str = ""


def refuse_backwards(first_day: date, last_day: date | None) -> None:
    """Raise LastDayBeforeFirst; it is looked at before any overlap is."""
    if last_day is not None and last_day < first_day:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="last_day")


def refuse_overlap(appointment: Appointment) -> None:
    """Raise AlreadyAppointed if the person has the same role there in a part of the period."""
    period = Period(appointment.first_day, appointment.last_day)
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


def refuse_own_appointment(person: Person, agency: Agency, *, by: Person, at: datetime) -> None:
    """Raise OwnAppointment when an administrator would appoint themselves.

    Focal points of the agency and superusers may; anybody else would grant themselves a voice that
    they do not have.
    """
    day = core_queries.day_in_group(at)
    if (
        person.pk == by.pk
        and not by.is_superuser
        and not people.focal_points_of(agency, day).filter(person=by).exists()
    ):
        raise OwnAppointment(
            _(
                "You cannot appoint yourself. Another administrator or a focal point of the "
                "agency can."
            )
        )


def is_within(first_day: date, last_day: date | None, appointment: Appointment) -> bool:
    """Say whether the days are among those of the appointment, so that nobody gains a voice."""
    return first_day >= appointment.first_day and (
        appointment.last_day is None or (last_day is not None and last_day <= appointment.last_day)
    )


def write(appointment: Appointment, fields: list[str] | None = None) -> None:
    """Save; the database's own refusal of an overlap becomes the same sentence as ours."""
    otherwise = AlreadyAppointed(
        _("Somebody put the same on record for these days at the same moment."), field="first_day"
    )
    with kept_by("members_appointment_no_overlap", lambda: refuse_overlap(appointment), otherwise):
        appointment.save(update_fields=fields)


def lock_agency(agency: Agency) -> Agency:
    """Lock the agency and return it as saved; two people cannot change its roster at once."""
    return Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)


def lock_agencies(keys: Collection[int]) -> None:
    """Lock the agencies of those keys, for who changes the rosters of several at once.

    In one order, so that no two wait for each other.
    """
    list(Agency.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


@transaction.atomic
def appoint(
    person: Person, agency: Agency, role: Role, tenure: Tenure, *, by: Person, at: datetime
) -> Appointment:
    """Make `person` focal point, principal or principal's office of `agency` for the tenure."""
    agency = lock_agency(agency)
    permissions.require(by, "members.edit_roster", On(core_queries.day_in_group(at), agency))
    refuse_own_appointment(person, agency, by=by, at=at)
    return record(
        Appointment(person=person, agency=agency, role=role),
        tenure,
        by=by,
        reason=MembersChange.APPOINTED,
    )


def record(
    appointment: Appointment,
    tenure: Tenure,
    *,
    by: Person,
    reason: MembersChange,
    values: Mapping[str, str] | None = None,
) -> Appointment:
    """Write a new appointment in the caller's transaction, under its lock of the agency."""
    refuse_backwards(tenure.first_day, tenure.last_day)
    appointment.first_day, appointment.last_day = tenure.first_day, tenure.last_day
    appointment.title = tenure.title
    refuse_overlap(appointment)
    history.sign(appointment, by=by, reason=reason, values=values)
    write(appointment)
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

    Its person, agency and role stay what they are.
    """
    appointment = _take(appointment, version, by=by, at=at)
    if not is_within(tenure.first_day, tenure.last_day, appointment):
        refuse_own_appointment(appointment.person, appointment.agency, by=by, at=at)
    refuse_backwards(tenure.first_day, tenure.last_day)
    appointment.first_day, appointment.last_day = tenure.first_day, tenure.last_day
    appointment.title = tenure.title
    refuse_overlap(appointment)
    history.sign(appointment, by=by, reason=MembersChange.APPOINTMENT_CORRECTED)
    write(appointment, ["first_day", "last_day", "title"])
    wake_on_commit()
    return appointment


@transaction.atomic
def end_appointment(
    appointment: Appointment, last_day: date, *, version: int, by: Person, at: datetime
) -> Appointment:
    """End an appointment with `last_day`, inclusive; what the person did stays theirs."""
    appointment = _take(appointment, version, by=by, at=at)
    refuse_backwards(appointment.first_day, last_day)
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


def _take(appointment: Appointment, version: int, *, by: Person, at: datetime) -> Appointment:
    """Lock, look again, ask whether `by` may, and take the version."""
    agency = lock_agency(appointment.agency)
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=appointment.pk)
    )
    appointment.agency = agency
    permissions.require(by, "members.edit_roster", On(core_queries.day_in_group(at), agency))
    versions.claim(appointment, version)
    return appointment
