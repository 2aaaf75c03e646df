"""The group's settings, and base classes of the domains' models."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from coordination.core import languages, zones
from coordination.core.change_source import LONGEST_SOURCE, current_source
from coordination.core.enums import NewcomerEntry, Precision
from coordination.core.periods import FIRST_DAY, LAST_DAY


def validate_day(value: date) -> None:
    """Raise ValidationError for a day outside the allowed days.

    Pages count days back and forth from a stored one, and draw years.
    """
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(
            _("Give a day from %(first)s to %(last)s."),
            params={"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()},
        )


def validate_moment(value: datetime) -> None:
    """Raise ValidationError for a moment outside the allowed days."""
    # In no zone do the moments within the bounds leave the years that Python knows.
    validate_day(value.date())


def within_bounds(
    name: str, *, days: Sequence[str] = (), moments: Sequence[str] = ()
) -> models.CheckConstraint:
    """Return the constraint that fields lie within the allowed days."""
    first = datetime.combine(FIRST_DAY, time.min, tzinfo=UTC)
    last = datetime.combine(LAST_DAY, time.max, tzinfo=UTC)
    condition = models.Q()
    bounds = dict.fromkeys(days, (FIRST_DAY, LAST_DAY)) | dict.fromkeys(moments, (first, last))
    for field, (lower, upper) in bounds.items():
        # An empty field passes: NULL is neither true nor false.
        condition &= models.Q(**{f"{field}__gte": lower, f"{field}__lte": upper})
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=_("Give days from 1900 to 2200."),
    )


def validate_sources(value: object) -> None:
    """Raise ValidationError unless the value is a list of texts.

    Pages show the texts one by one.
    """
    if not isinstance(value, list) or not all(isinstance(source, str) for source in value):
        raise ValidationError(_("Write a list of texts, such as [“https://example.org/minutes”]."))


def validate_accounts(value: object) -> None:
    """Raise ValidationError for anything but texts by the name of their source."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValidationError(_("Write what each source says, such as {“source”: “sentence”}."))


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


LONGEST_LANGUAGE = 12


class ChangeSourceField(models.CharField[str | None, str | None]):
    """Where a change came from.

    It is set as a row is written. Bulk writes set it too. NULL in rows from before the field
    existed. It has no default: SQLite would copy each table of history to add a column with one.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
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
    """An object that two people may edit at once.

    See core.versions.claim.
    """

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
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


LONGEST_GRACE, LONGEST_TERM = 366, 120  # in days, in months
LONGEST_LEAD = 36  # months
MOST_CHAIRS = 20


def english_alone() -> list[str]:
    """Return the languages of statements of a group that has chosen none."""
    return ["en"]


def validate_languages(value: Any) -> None:
    """Raise ValidationError unless `value` is a list of different known language codes."""
    is_list = (
        isinstance(value, list) and bool(value) and all(isinstance(code, str) for code in value)
    )
    if not is_list or len(set(value)) < len(value):
        raise ValidationError(_('This is a list of language codes, such as ["en", "fr"].'))
    for code in value:
        if len(code) > LONGEST_LANGUAGE or not languages.is_known(code):
            raise ValidationError(
                _("“%(code)s” is not the code of a language."), params={"code": code}
            )


def validate_symbol_pattern(value: str) -> None:
    """Raise ValidationError for an invalid pattern of symbols.

    It needs the year, and allows no other names in braces.
    """
    rest = value.replace("{acronym}", "").replace("{year}", "")
    if "{year}" not in value or set(rest) & set("{} \t"):
        raise ValidationError(
            _("Write the pattern with {year}, and no other name than {acronym} in braces.")
        )


def validate_abbreviations(value: Any) -> None:
    """Raise ValidationError unless `value` gives a text for each text."""
    if not isinstance(value, dict) or not all(
        words and isinstance(short, str) for words, short in value.items()
    ):
        raise ValidationError(
            _('This gives a text for each text, such as {"United Nations": "UN"}.')
        )


class Group(Versioned):
    """The group whose memory this is: one row.

    Its name is data; no code names it.
    """

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=20)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[validate_time_zone]
    )
    city = models.CharField(_("city of the time zone"), max_length=80, default="UTC")
    established = models.CharField(_("established"), max_length=40, blank=True)
    predecessor = models.CharField(_("predecessor"), max_length=200, blank=True)
    successor = models.CharField(_("successor"), max_length=200, blank=True)
    about = models.TextField(_("about the group"), blank=True)
    term_months = models.PositiveSmallIntegerField(
        _("usual length of a term, in months"), default=6
    )
    selection_lead_months = models.PositiveSmallIntegerField(
        _("months before a term at which its selection opens"),
        default=6,
        validators=[MaxValueValidator(LONGEST_LEAD)],
        help_text=_(
            "The system opens it then, unless the chair did before. 0 leaves it to people."
        ),
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
    chairs_max = models.PositiveSmallIntegerField(
        _("most agencies that chair together"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_CHAIRS)],
    )
    newcomer_months = models.PositiveSmallIntegerField(
        _("months of membership before an agency chairs"),
        default=0,
        validators=[MaxValueValidator(LONGEST_TERM)],
    )
    newcomer_entry = models.CharField(
        _("where a new member enters the order of the chair"),
        max_length=12,
        choices=NewcomerEntry,
        default=NewcomerEntry.END,
    )
    work_begins = models.TimeField(
        _("work begins"),
        default=time(9),
        help_text=_("On the clocks of each city; an agency may set hours of its own."),
    )
    work_ends = models.TimeField(_("work ends"), default=time(18))
    statement_languages = models.JSONField(
        _("languages of statements"),
        default=english_alone,
        validators=[validate_languages],
        help_text=_('Codes such as ["en", "fr"]; a new statement has the first one.'),
    )
    symbol_pattern = models.CharField(
        _("symbols of statements"),
        max_length=25,
        default="{acronym}/{year}/ST/",
        validators=[validate_symbol_pattern],
        help_text=_("{year} is needed, {acronym} may stand there; a number follows."),
    )
    name_abbreviations = models.JSONField(
        _("abbreviations of names"),
        default=dict,
        blank=True,
        validators=[validate_abbreviations],
        help_text=_(
            "Words of agencies’ names, and what stands for them where there is little room."
        ),
    )
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("group")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handover_grace_days__lte=LONGEST_GRACE),
                name="core_group_handover_grace_days_in_bounds",
                violation_error_message=_("The outgoing chair keeps its items for a year at most."),
            ),
            models.CheckConstraint(
                condition=models.Q(term_months__gte=1, term_months__lte=LONGEST_TERM),
                name="core_group_term_months_in_bounds",
                violation_error_message=_("A term is usually 1 to 120 months long."),
            ),
            models.CheckConstraint(
                condition=models.Q(focal_points_min__lte=models.F("focal_points_max")),
                name="core_group_focal_points_min_lte_max",
                violation_error_message=_("The fewest focal points cannot be more than the most."),
            ),
            models.CheckConstraint(
                condition=models.Q(work_begins__lt=models.F("work_ends")),
                name="core_group_work_begins_before_ends",
                violation_error_message=_("Work begins before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which the group's days begin."""
        return zones.zone_of(self.time_zone)

    def short_name(self, name: str) -> str:
        """Return the name of an agency with the group's abbreviations."""
        for words, short in self.name_abbreviations.items():
            name = name.replace(words, short)
        return name

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
        _("accounts"),
        validators=[validate_accounts],
        help_text=_("What each source says: source to sentence."),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("disagreement of sources")
        verbose_name_plural = _("disagreements of sources")
        ordering = ["topic", "about"]

    def __str__(self) -> str:
        return self.about


class Heartbeat(models.Model):
    """When a component last did its work.

    The health page reads it.
    """

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(validators=[validate_moment])

    class Meta:
        constraints = [
            within_bounds("core_heartbeat_days_in_bounds", moments=("at",)),
        ]

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
    at = models.DateTimeField(db_index=True, validators=[validate_moment])

    failed = False  # not stored: the middleware sets it for an answer >= 500, to roll back

    class Meta:
        constraints = [
            within_bounds("core_formsubmission_days_in_bounds", moments=("at",)),
            models.UniqueConstraint(
                fields=["person_id", "token"], name="core_formsubmission_person_token"
            ),
        ]

    def __str__(self) -> str:
        return str(self.token)
