"""The roles of people for agencies, as of a day."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from coordination.core.periods import Period
from coordination.members.enums import DemoRole, MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries.agencies import in_membership
from coordination.members.queries.periods import running, sharing_a_day


def appointments_on(person: Person, day: date) -> QuerySet[Appointment]:
    """Return the appointments of `person` on `day`, by agency."""
    return (
        person.appointments.filter(running(day))
        .select_related("agency")
        .order_by("agency__acronym", "role")
    )


def appointments_of(person: Person) -> QuerySet[Appointment]:
    """Return all appointments of `person`, newest first."""
    return person.appointments.select_related("agency").order_by("-first_day", "agency__acronym")


def is_focal_point(person: Person, agency: Agency, day: date) -> bool:
    """Return whether `person` is a focal point on `day`.

    Only while the agency belongs.
    """
    return focal_points_of(agency, day).filter(in_membership(day), person=person).exists()


def agencies_of(person: Person, day: date) -> QuerySet[Agency]:
    """Return the agencies for which `person` has a role on `day`."""
    return Agency.objects.filter(
        Exists(
            Appointment.objects.filter(running(day), agency=OuterRef("pk"), person_id=person.pk)
        ),
    ).order_by("acronym")


def acting_agencies(person: Person, day: date) -> QuerySet[Any]:
    """Return the member agencies for which `person` may act on `day`.

    `by_office` says that the person is not its focal point, so acts from the principal's office.
    """
    is_member = in_membership(day, MembershipStatus.MEMBER, agency="pk")
    as_focal_point = Appointment.objects.filter(
        running(day), agency=OuterRef("pk"), person_id=person.pk, role=Role.FOCAL_POINT
    )
    return agencies_of(person, day).filter(is_member).annotate(by_office=~Exists(as_focal_point))


def people_for(agency: Agency, day: date, *roles: Role) -> QuerySet[Appointment]:
    """Return the agency's appointments on `day`, with their people.

    Without `roles`, those of every role.
    """
    appointments = (
        agency.appointments.filter(running(day))
        .select_related("person")
        .order_by("first_day", "person__name")
    )
    return appointments.filter(role__in=roles) if roles else appointments


def focal_points_of(agency: Agency, day: date) -> QuerySet[Appointment]:
    """Return the agency's focal points of `day`, longest serving first.

    One whose account is closed is none.
    """
    return people_for(agency, day, Role.FOCAL_POINT).filter(person__is_active=True)


def principal_on(agency: Agency, day: date) -> Appointment | None:
    """Return the agency's executive head of `day`, the newest of several, or None."""
    return people_for(agency, day, Role.PRINCIPAL).order_by("-first_day", "-pk").first()


def principals_on(day: date) -> dict[int, Appointment]:
    """Return the executive heads of `day` by agency.

    By key of the agency. One query.
    """
    heads = Appointment.objects.filter(running(day), role=Role.PRINCIPAL).select_related("person")
    # of several the newest, as in `principal_on`
    return {head.agency_id: head for head in heads.order_by("first_day", "pk")}


def principals_in(agency: Agency, period: Period) -> QuerySet[Appointment]:
    """Return the agency's principals on a day of `period`, the first before."""
    rows = agency.appointments.filter(sharing_a_day(period), role=Role.PRINCIPAL)
    return rows.select_related("person").order_by("first_day")


def overlapping_appointments(
    person: Person, agency: Agency, role: str, period: Period
) -> QuerySet[Appointment]:
    """Return the same appointments of the person that overlap `period`.

    The same are those for the same agency and role.
    """
    return person.appointments.filter(sharing_a_day(period), agency=agency, role=role)


def demo_cast(day: date) -> list[Person]:
    """Return the people of the demonstration, each with `roles_today`.

    `roles_today` are their appointments on `day`. The order is that of DemoRole.
    """
    roles = (
        Appointment.objects.filter(running(day))
        .select_related("agency")
        .order_by("agency__acronym")
    )
    people = Person.objects.exclude(demo_role="").filter(is_active=True)
    people = people.prefetch_related(
        Prefetch("appointments", queryset=roles, to_attr="roles_today")
    )
    order = DemoRole.values
    return sorted(people, key=lambda person: (order.index(person.demo_role), person.name))


def demo_speakers(day: date) -> list[Appointment]:
    """Return a focal point of each agency without anybody in the cast.

    It is the longest serving, and the order is by acronym. With them every agency of the
    demonstration can take its position, so a statement can be adopted.
    """
    agencies_in_cast = (
        Appointment.objects.filter(running(day), role=Role.FOCAL_POINT)
        .exclude(person__demo_role="")
        .values("agency")
    )
    rows = (
        Appointment.objects.filter(running(day), role=Role.FOCAL_POINT, person__is_active=True)
        .exclude(agency__in=agencies_in_cast)
        .select_related("agency", "person")
        .order_by("agency__acronym", "first_day", "pk")
    )
    # The first of each agency wins: built from the end, then turned back.
    return list({row.agency_id: row for row in reversed(rows)}.values())[::-1]


def with_left_after(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return the people with `left_after`, their last day in office.

    None for a person who never had an appointment or has one without a last day.
    """
    # One appointment without a last day means that the person has not left.
    ended = Appointment.objects.filter(person=OuterRef("pk")).order_by().values("person")
    ended = ended.annotate(
        last=Max("last_day"), endless=Count("pk", filter=Q(last_day__isnull=True))
    ).filter(endless=0)
    return people.annotate(left_after=Subquery(ended.values("last")))


def left_after(person: Any) -> date | None:
    """Return the person's last day in office, or None.

    No query where they came from `with_left_after`.
    """
    # AccountBackend loads the person of a request with it.
    if not hasattr(person, "left_after"):
        person = with_left_after(Person.objects.filter(pk=person.pk)).get()
    day: date | None = person.left_after
    return day


def with_second_factor(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return the people with `second_factor`: whether they have one."""
    return people.annotate(second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))


def has_second_factor(person: Any) -> bool:
    """Return whether the person has a second factor.

    No query for a person loaded `with_second_factor`.
    """
    if hasattr(person, "second_factor"):
        return bool(person.second_factor)
    return bool(Authenticator.objects.filter(user=person).exists())


def last_appointment(person: Person) -> Appointment | None:
    """Return the appointment of `person` that ends last.

    One without an end is the last.
    """
    appointments = person.appointments.select_related("agency")
    return appointments.order_by(F("last_day").desc(nulls_first=True), "-pk").first()


def granted_permissions(person: Person) -> frozenset[int]:
    """Return the keys of the person's own and their groups' permissions.

    Whether the account is open does not matter.
    """
    held = Permission.objects.filter(Q(user=person) | Q(group__user=person))
    return frozenset(held.order_by().values_list("pk", flat=True).distinct())


def permissions_on_records() -> QuerySet[Permission]:
    """Return the permissions to see, add and change our records.

    Nothing is deleted, and groups of permissions are for superusers.
    """
    ours = [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(f"{__name__.partition('.')[0]}.")
    ]
    return Permission.objects.filter(content_type__app_label__in=ours).exclude(
        Q(codename__startswith="delete_") | Q(codename__contains="_historical")
    )


def colleagues_to_tell(person: Person, day: date) -> list[Person]:
    """Return who is told about a change of `person`'s account.

    They are the focal points of the person's agencies on `day`. About an administrator the other
    administrators are told too. Nobody appears twice, and never `person`.
    """
    agencies = person.appointments.filter(running(day)).values("agency")
    focal_points = Q(
        pk__in=Appointment.objects.filter(
            running(day), agency__in=agencies, role=Role.FOCAL_POINT
        ).values("person")
    )
    condition = focal_points | Q(is_staff=True) if person.is_staff else focal_points
    return list(
        Person.objects.filter(condition, is_active=True).exclude(pk=person.pk).order_by("pk")
    )


def administrators() -> QuerySet[Person]:
    """Return the open accounts that may use the admin."""
    return Person.objects.filter(is_active=True, is_staff=True).order_by("name", "pk")


def has_credentials(person: Person) -> bool:
    """Return whether the person has a password or a passkey."""
    return person.has_usable_password() or has_second_factor(person)


def has_demonstration() -> bool:
    """Return whether demonstration accounts may be created and used.

    Only with DEBUG, since they need no password.
    """
    return bool(settings.DEBUG or settings.TESTING)


def may_have_session(person: Person) -> bool:
    """Return whether the account may be used here."""
    return person.is_active and (has_demonstration() or not person.demo_role)


def demonstration_accounts() -> QuerySet[Person]:
    """Return the accounts of the demonstration."""
    return Person.objects.exclude(demo_role="").order_by("name")


def masked_address(address: str) -> str:
    """Return "a…@example.org": only the first letter and the domain."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
