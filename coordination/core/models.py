"""The group's settings, and base classes of the domains' models."""

import re
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from coordination.core import zones
from coordination.core.change_source import LONGEST_SOURCE, current_source
from coordination.core.enums import Precision


def validate_time_zone(value: str) -> None:
    """Raise ValidationError for a name that is not an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone, such as Europe/Paris."), params={"zone": value}
        )


# What mail programs turn into a link: a scheme, "www.", a host name before a slash, and the most
# common top-level domains
LINK = re.compile(
    r"://|\bwww\.|\bmailto:|[\w-]\.[a-z]{2,}(?:/|:\d)|[\w-]{2,}\.(?:com|net|org|info|biz|int|edu|gov|io|app|dev|xyz|online|site|top|link|click)\b",
    re.IGNORECASE,
)
# line breaks, and characters that change the direction of writing
UNPRINTED = re.compile("[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def validate_plain_name(value: str) -> None:
    """Raise ValidationError for a name with a link or a line break.

    Hidden control characters are refused too: names appear in mails to strangers.
    """
    if LINK.search(value):
        raise ValidationError(_("A name cannot have a web address in it."))
    if UNPRINTED.search(value):
        raise ValidationError(_("A name cannot have line breaks or hidden characters in it."))


class ChangeSourceField(models.CharField[str | None, str | None]):
    """Where a change came from; set as a row is written.

    Bulk writes set it too. NULL in rows from before the field existed. It has no default: SQLite
    would copy each table of history to add a column with one.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        """Return the row's source, or else that of the present change."""
        if add and getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, current_source())
        return super().pre_save(model_instance, add)


class ChangeFacts(models.Model):
    """What each history entry stores beside the reason's code.

    `history_source`: see core.change_source. `history_reason_values`: the values of the reason,
    by name; strings, numbers and lists of strings (see `history.reason_sentence`).
    """

    history_source = ChangeSourceField(
        _("from"), max_length=LONGEST_SOURCE, null=True, editable=False
    )
    history_reason_values = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


def record_history(**options: Any) -> Any:
    """Return the history of a model, with `ChangeFacts` in each entry."""
    return HistoricalRecords(bases=[ChangeFacts], **options)


class Versioned(models.Model):
    """An object that two people may edit at once; see core.versions.claim."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """A record of history with precision, sources and a note."""

    first_precision = models.CharField(
        _("first day known by"), max_length=5, choices=Precision, default=Precision.DAY
    )
    last_precision = models.CharField(
        _("last day known by"), max_length=5, choices=Precision, default=Precision.DAY
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class Group(Versioned):
    """The group whose memory this is: one row.

    Its name is data; no code names it.
    """

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=20)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Zurich", validators=[validate_time_zone]
    )
    city = models.CharField(_("city of the time zone"), max_length=80, default="Geneva")
    established = models.CharField(_("established"), max_length=40, blank=True)
    predecessor = models.CharField(_("predecessor"), max_length=200, blank=True)
    successor = models.CharField(_("successor"), max_length=200, blank=True)
    about = models.TextField(_("about the group"), blank=True)
    term_months = models.PositiveSmallIntegerField(
        _("usual length of a term, in months"), default=6
    )
    focal_points_min = models.PositiveSmallIntegerField(
        _("fewest focal points per agency"), default=2
    )
    focal_points_max = models.PositiveSmallIntegerField(
        _("most focal points per agency"), default=4
    )
    handover_grace_days = models.PositiveSmallIntegerField(
        _("days for which the outgoing chair keeps its handover items"), default=30
    )
    silence_hours_min = models.PositiveSmallIntegerField(
        _("shortest silence, in hours"),
        default=72,
        help_text=_("For a shorter one the chair gives a reason, and all focal points get it."),
    )
    amendment_hours_min = models.PositiveSmallIntegerField(
        _("shortest time for amendments, in hours"),
        default=72,
        help_text=_("For a shorter one the chair gives a reason, and all focal points get it."),
    )
    balance_shown = models.BooleanField(
        _("show how often mandates are named"),
        default=True,
        help_text=_("On each draft of a statement; it counts words and judges nobody."),
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("group")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_points_min__lte=models.F("focal_points_max")),
                name="core_group_focal_points_min_lte_max",
                violation_error_message=_("The fewest focal points cannot be more than the most."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which the group's days begin."""
        return zones.zone_of(self.time_zone)

    @property
    def zone_city(self) -> str:
        """Return the city to name beside hours in that zone.

        It is UTC where this machine does not know the zone.
        """
        return self.city if zones.is_known(self.time_zone) else zones.UTC_NAME


class SourceDisagreement(models.Model):
    """Where sources disagree, and what each of them says."""

    topic = models.CharField(
        _("topic"), max_length=20, choices=[("chair", _("chair")), ("membership", _("membership"))]
    )
    about = models.CharField(_("about"), max_length=200, unique=True)
    accounts = models.JSONField(
        _("accounts"), help_text=_("What each source says: source to sentence.")
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("disagreement of sources")
        verbose_name_plural = _("disagreements of sources")
        ordering = ["topic", "about"]

    def __str__(self) -> str:
        return self.about


class Heartbeat(models.Model):
    """When a component last did its work; the health page reads it."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class FormSubmission(models.Model):
    """A form that a person sent, by its one-time token.

    `leads_to` is the page of its result. See core.submissions.
    """

    token = models.UUIDField()
    person_id = models.BigIntegerField()  # the key alone: core knows no app above it
    content_sha256 = models.CharField(max_length=64)
    leads_to = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    failed = False  # not stored: the middleware sets it for an answer >= 500, to roll back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "token"], name="core_formsubmission_person_token"
            )
        ]

    def __str__(self) -> str:
        return str(self.token)
