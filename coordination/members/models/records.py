"""Agencies, their memberships, people and appointments."""

import secrets
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core import zones
from coordination.core.models import (
    Sourced,
    Versioned,
    record_history,
    validate_day,
    validate_plain_name,
    validate_time_zone,
    within_bounds,
)
from coordination.core.periods import Period
from coordination.members.enums import (
    DemoRole,
    InvitationState,
    MembershipStatus,
    Role,
)


class Dated(models.Model):
    """A period of whole days, both inclusive.

    No last day means that it still runs.
    """

    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), null=True, blank=True, validators=[validate_day])

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        """Return the days as a Period."""
        return Period(self.first_day, self.last_day)


def period_constraints(table: str) -> list[models.BaseConstraint]:
    """Return the constraints of a period.

    Its days are within bounds and in order.
    """
    in_order = models.CheckConstraint(
        condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
        name=f"{table}_last_not_before_first",
        violation_error_message=_("The last day is before the first."),
    )
    return [within_bounds(f"{table}_days_in_bounds", days=("first_day", "last_day")), in_order]


class Agency(Versioned):
    """A member organisation, known by its acronym."""

    acronym = models.CharField(
        _("acronym"), max_length=20, unique=True, validators=[validate_plain_name]
    )
    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=30, unique=True
    )
    name = models.CharField(_("name"), max_length=200, validators=[validate_plain_name])
    city = models.CharField(
        _("headquarters"), max_length=80, blank=True, validators=[validate_plain_name]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, validators=[validate_time_zone]
    )
    mandate_terms = models.JSONField(_("mandate terms"), default=list, blank=True)
    note = models.TextField(pgettext_lazy("remark", "note"), blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["acronym"]

    def __str__(self) -> str:
        return self.acronym


class Membership(Sourced, Dated, Versioned):
    """A period in which an agency belongs to the group.

    An agency can leave and come back, but belongs once on a day. PostgreSQL has an exclusion
    constraint (members_membership_no_overlap, in a migration), as for the other periods here. On
    SQLite the action checks under the write lock.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="memberships", verbose_name=_("agency")
    )
    standing = models.CharField(
        _("standing"), max_length=10, choices=MembershipStatus, default=MembershipStatus.MEMBER
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["first_day", "agency__acronym"]
        constraints = period_constraints("members_membership")

    def __str__(self) -> str:
        return f"{self.agency}, {self.period.first}"


class Commission(models.Model):
    """A body that can speak for its agency.

    The regional commissions are such bodies.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="commissions", verbose_name=_("agency")
    )
    acronym = models.CharField(
        _("acronym"), max_length=20, unique=True, validators=[validate_plain_name]
    )
    name = models.CharField(_("name"), max_length=200, blank=True, validators=[validate_plain_name])
    city = models.CharField(_("city"), max_length=80, validators=[validate_plain_name])
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])

    history: Any = record_history()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["acronym"]

    def __str__(self) -> str:
        return self.acronym


class Representation(Sourced, Dated, Versioned):
    """A period in which a commission speaks for its agency.

    One on a day (members_representation_no_overlap).
    """

    commission = models.ForeignKey(
        Commission, models.PROTECT, related_name="representations", verbose_name=_("commission")
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        ordering = ["first_day"]
        constraints = period_constraints("members_representation")

    def __str__(self) -> str:
        return f"{self.commission}, {self.first_day}"


class PersonManager(BaseUserManager["Person"]):
    """Creates people.

    One without an e-mail address cannot sign in.
    """

    def create_user(
        self, email: str | None, password: str | None = None, **fields: Any
    ) -> "Person":
        """Create a person.

        `password` None sets an unusable one. The address is saved in lower case, as allauth
        searches for it.
        """
        # An unknown address is NULL, since "" would be unique once only.
        person = self.model(email=(email or "").strip().lower() or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with that address, in any case."""
        return self.get(email=(username or "").lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Create an administrator with all permissions."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin, Versioned):
    """A person: focal point, principal, administrator.

    Heads of earlier years have no address and no account.
    """

    name = models.CharField(_("name"), max_length=150, validators=[validate_plain_name])
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: the zone of the group."),
    )
    # no choices: they come from the setting LANGUAGES, and would make a migration of each change
    language = models.CharField(_("language"), max_length=12, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    joined_at = models.DateTimeField(_("joined at"), null=True, blank=True, editable=False)
    demo_role = models.CharField(
        _("part in the demonstration"), max_length=20, choices=DemoRole, blank=True, editable=False
    )
    # part of each session's hash: see `_get_session_auth_hash`
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    second_factor_since = models.DateTimeField(
        _("needs a second factor since"), null=True, blank=True, editable=False
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()
    history: Any = record_history(
        excluded_fields=[
            "password",
            "last_login",
            "demo_role",
            "sessions_ended",
            "second_factor_since",
        ]
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="members_person_email_any_case",
                violation_error_message=_("This address cannot be used here. Choose another."),
            ),
            within_bounds(
                "members_person_days_in_bounds",
                moments=("last_login", "joined_at", "second_factor_since", "erased_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or ""

    def get_full_name(self) -> str:
        """Return the name as the person writes it."""
        return self.name

    def get_short_name(self) -> str:
        """Return the whole name.

        Names are not split into parts.
        """
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash that each session carries.

        A session with another hash is signed out. `sessions_ended` is part of it, so one UPDATE
        ends every session of the person, wherever it is stored.
        """
        if not self.sessions_ended:
            return super()._get_session_auth_hash(secret)  # type: ignore[misc,no-any-return]  # Django's, without types
        # The password stays part of the hash, so that a new one ends sessions too.
        signed = f"{self.password} {self.sessions_ended}"
        return salted_hmac(
            "coordination.members.sessions", signed, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def reading_language(self) -> str:
        """Return the code of the language of the person's pages and mails.

        It is the site's language where the person chose none, or one that is no longer offered.
        """
        offered = {code for code, _name in settings.LANGUAGES}
        return self.language if self.language in offered else settings.LANGUAGE_CODE

    @property
    def zone(self) -> ZoneInfo | None:
        """Return the person's own zone, or None for the group's."""
        return zones.zone_of(self.time_zone) if self.time_zone else None


class Appointment(Sourced, Dated, Versioned):
    """A period in which a person has a role for an agency.

    The same person has the same role for the same agency once on a day
    (members_appointment_no_overlap), and an agency has one principal on a day
    (members_appointment_one_principal). An appointment lies within the agency's membership.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="appointments", verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.FOCAL_POINT)
    title = models.CharField(
        pgettext_lazy("of a person", "title"),
        max_length=120,
        blank=True,
        validators=[validate_plain_name],
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["agency__acronym", "role", "first_day"]
        indexes = [
            models.Index(fields=["person", "first_day"]),
            models.Index(fields=["agency", "role", "first_day"]),
        ]
        constraints = period_constraints("members_appointment")

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.agency}"


def new_nonce() -> str:
    """Return 128 random bits as hex.

    An invitation's token follows from them and the secret key.
    """
    return secrets.token_hex(16)


class Invitation(models.Model):
    """An invitation by e-mail to a role for an agency.

    Only the hash of its token is stored.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="invitations", verbose_name=_("agency")
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150, validators=[validate_plain_name])
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.FOCAL_POINT)
    # with the secret key it gives the token, so history leaves it out too
    nonce = models.CharField(max_length=32, editable=False, default=new_nonce)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )

    history: Any = record_history(excluded_fields=["nonce", "token_sha256"])

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]
        constraints = [
            within_bounds(
                "members_invitation_days_in_bounds",
                moments=("invited_at", "expires_at", "accepted_at", "withdrawn_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.agency}"

    def state(self, at: datetime) -> InvitationState:
        """Return the state of the invitation at the moment `at`."""
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        if self.accepted_at:
            return InvitationState.ACCEPTED
        return InvitationState.OPEN if at < self.expires_at else InvitationState.EXPIRED
