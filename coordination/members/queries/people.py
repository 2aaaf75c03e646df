"""Who is what for which agency, as of a day."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from coordination.core.periods import Period
from coordination.members.enums import DemoRole, MembershipStatus, Role
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.members.queries.periods import running, sharing_a_day


def appointments_on(person: Person, day: date) -> QuerySet[Appointment]:
    """Return what `person` is on `day`, and for which agencies."""
    return (
        person.appointments.filter(running(day))
        .select_related("agency")
        .order_by("agency__acronym", "role")
    )


def appointments_of(person: Person) -> QuerySet[Appointment]:
    """Return what `person` is, was and will be, the newest first."""
    return person.appointments.select_related("agency").order_by("-first_day", "agency__acronym")


def belongs_on(person: Person, day: date) -> bool:
    """Say whether `person` has any role on `day` for a member or observer of that day."""
    belonging = Membership.objects.filter(running(day), agency=OuterRef("agency"))
    return person.appointments.filter(Exists(belonging), running(day)).exists()


def may_act(person: Person, agency: Agency, day: date) -> bool:
    """Say whether `person` has any role for `agency` on `day`, and it is a member that day."""
    members = Membership.objects.filter(
        running(day), agency=OuterRef("agency"), standing=MembershipStatus.MEMBER
    )
    return person.appointments.filter(Exists(members), running(day), agency=agency).exists()


def agencies_of(person: Person, day: date) -> QuerySet[Agency]:
    """Return the agencies for which `person` has any role on `day`, by acronym."""
    return Agency.objects.filter(
        Exists(
            Appointment.objects.filter(running(day), agency=OuterRef("pk"), person_id=person.pk)
        ),
    ).order_by("acronym")


def acting_agencies(person: Person, day: date) -> QuerySet[Agency]:
    """Return the member agencies for which `person` may act on `day`: those of design.md 4.6."""
    members = Membership.objects.filter(
        running(day), agency=OuterRef("pk"), standing=MembershipStatus.MEMBER
    )
    return agencies_of(person, day).filter(Exists(members))


def people_for(agency: Agency, day: date, *roles: Role) -> QuerySet[Appointment]:
    """Return the agency's appointments that run on `day`, with their people.

    Without `roles`, of every role.
    """
    found = (
        agency.appointments.filter(running(day))
        .select_related("person")
        .order_by("first_day", "person__name")
    )
    return found.filter(role__in=roles) if roles else found


def focal_points_of(agency: Agency, day: date) -> QuerySet[Appointment]:
    """Return the agency's focal points of `day`, the longest serving first."""
    return people_for(agency, day, Role.FOCAL_POINT)


def principal_on(agency: Agency, day: date) -> Appointment | None:
    """Return the agency's executive head of `day`, or None where none is on record.

    Of several, the newest.
    """
    return people_for(agency, day, Role.PRINCIPAL).order_by("-first_day", "-pk").first()


def overlapping_appointments(
    person: Person, agency: Agency, role: str, period: Period
) -> QuerySet[Appointment]:
    """Return the person's appointments in that agency and role that share a day with `period`."""
    return person.appointments.filter(sharing_a_day(period), agency=agency, role=role)


def cast(day: date) -> list[Person]:
    """Return the cast of the demonstration in its order, each with `roles_today`.

    What they are on `day`.
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


def others_who_speak(day: date) -> list[Appointment]:
    """Return the longest serving focal point of each agency without anybody in the cast.

    They are ordered by acronym.

    With them every agency of the demonstration can take its position, and a statement be walked to
    its adoption.
    """
    heard = (
        Appointment.objects.filter(running(day), role=Role.FOCAL_POINT)
        .exclude(person__demo_role="")
        .values("agency")
    )
    rows = (
        Appointment.objects.filter(running(day), role=Role.FOCAL_POINT, person__is_active=True)
        .exclude(agency__in=heard)
        .select_related("agency", "person")
        .order_by("agency__acronym", "first_day", "pk")
    )
    return list({row.agency_id: row for row in reversed(rows)}.values())[::-1]


def with_left_after(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return the people with `left_after`: the last day of their last appointment.

    It is None for somebody who never had an appointment, and for one whose appointment has no last
    day.
    """
    ended = Appointment.objects.filter(person=OuterRef("pk")).order_by().values("person")
    ended = ended.annotate(
        last=Max("last_day"), endless=Count("pk", filter=Q(last_day__isnull=True))
    ).filter(endless=0)
    return people.annotate(left_after=Subquery(ended.values("last")))


def left_after(person: Any) -> date | None:
    """Return the last day of the person's last appointment.

    No query where they came `with_left_after`.
    """
    if not hasattr(person, "left_after"):
        person = with_left_after(Person.objects.filter(pk=person.pk)).get()
    day: date | None = person.left_after
    return day


def with_second_factor(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return the people with `second_factor`: whether they have one."""
    return people.annotate(second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))


def has_second_factor(person: Any) -> bool:
    """Say whether the person has a second factor; no query where they came `with_second_factor`."""
    if hasattr(person, "second_factor"):
        return bool(person.second_factor)
    return bool(Authenticator.objects.filter(user=person).exists())


def last_appointment(person: Person) -> Appointment | None:
    """Return the appointment of `person` that ends last."""
    return person.appointments.select_related("agency").order_by("-last_day", "-pk").first()


def granted_permissions(person: Person) -> frozenset[int]:
    """Return the keys of the permissions that a person's groups and own grants hold.

    It does not matter whether the account is open.
    """
    held = Permission.objects.filter(Q(user=person) | Q(group__user=person))
    return frozenset(held.order_by().values_list("pk", flat=True).distinct())


def colleagues_to_tell(person: Person, day: date) -> list[Person]:
    """Return who is told about a change of `person`'s account.

    The focal points of their agencies on `day`.

    About an administrator the other administrators are told as well. Nobody appears twice, and
    never `person`.
    """
    agencies = person.appointments.filter(running(day)).values("agency")
    focal_points = Q(
        pk__in=Appointment.objects.filter(
            running(day), agency__in=agencies, role=Role.FOCAL_POINT
        ).values("person")
    )
    wanted = focal_points | Q(is_staff=True) if person.is_staff else focal_points
    return list(Person.objects.filter(wanted, is_active=True).exclude(pk=person.pk).order_by("pk"))


def administrators() -> QuerySet[Person]:
    """Return the open accounts that may use the administration."""
    return Person.objects.filter(is_active=True, is_staff=True).order_by("name", "pk")


def has_way_in(person: Person) -> bool:
    """Say whether the person can sign in already: with a password, or with a passkey."""
    return person.has_usable_password() or has_second_factor(person)


def has_demonstration() -> bool:
    """Say whether accounts of the demonstration may be made and used.

    Only with DEBUG, for nobody checks a password there.
    """
    return bool(settings.DEBUG or settings.TESTING)


def may_have_session(person: Person) -> bool:
    """Say whether the account may be used here at all."""
    return person.is_active and (has_demonstration() or not person.demo_role)


def demonstration_accounts() -> QuerySet[Person]:
    """Return the accounts that the demonstration made and offers without a password."""
    return Person.objects.exclude(demo_role="").order_by("name")


def masked(address: str) -> str:
    """Return an address of which only the first letter and the domain are shown.

    "a…@example.org".
    """
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
