"""Meetings: invitations, agenda, documents, attendance."""

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core import zones
from coordination.core.clock import day_at
from coordination.core.models import (
    Sourced,
    Versioned,
    record_history,
    validate_moment,
    validate_time_zone,
    within_bounds,
)
from coordination.meetings.enums import (
    Level,
    MeetingKind,
    MeetingState,
    RefusalReason,
    Reply,
    Where,
)
from coordination.members.models import Agency, Person

records: Any = record_history()


class Meeting(Sourced, Versioned):
    """A meeting: working-level, principals', working group, or event."""

    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=80, unique=True
    )
    kind = models.CharField(
        _("kind"), max_length=14, choices=MeetingKind, default=MeetingKind.WORKING_LEVEL
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    title = models.CharField(pgettext_lazy("of a meeting", "title"), max_length=200)
    state = models.CharField(
        pgettext_lazy("of a meeting", "state"),
        max_length=10,
        choices=MeetingState,
        default=MeetingState.CONVENED,
    )
    starts_at = models.DateTimeField(_("starts at"), validators=[validate_moment])
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True, validators=[validate_moment]
    )
    # empty: since the meeting was convened
    hours_since = models.DateTimeField(
        _("hours as they are since"),
        null=True,
        blank=True,
        editable=False,
        validators=[validate_moment],
    )
    time_zone = models.CharField(
        _("time zone of the place"),
        max_length=60,
        default="UTC",
        validators=[validate_time_zone],
    )
    place = models.CharField(
        pgettext_lazy("where people meet", "place"), max_length=200, blank=True
    )
    video_url = models.URLField(_("videoconference"), blank=True)
    # empty: who chairs follows from the day (queries.chairs_of)
    chair_agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chair of the day, agency"),
    )
    chair_name = models.CharField(
        _("chair of the day, name and title as on that day"), max_length=200, blank=True
    )
    # why this hour, where an agency sits outside its working hours again; all agencies read it
    hour_reason = models.TextField(_("why this hour"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    series = models.ForeignKey(
        "meetings.MeetingSeries",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="meetings",
        verbose_name=_("series of meetings"),
    )
    # once the record is agreed, it is locked (actions.records)
    agreed_at = models.DateTimeField(
        _("record agreed at"), null=True, blank=True, editable=False, validators=[validate_moment]
    )
    agreed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("record agreed by"),
    )

    history: Any = records

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        permissions = [("reopen_agreed_record", "Can open an agreed record again")]
        # the order of the list of past meetings
        indexes = [models.Index(fields=["-starts_at", "-id"], name="meetings_newest_first")]
        constraints = [
            within_bounds(
                "meetings_meeting_days_in_bounds",
                moments=("starts_at", "ends_at", "hours_since", "agreed_at"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_after_start",
                violation_error_message=_("The meeting ends before it starts."),
            ),
            models.UniqueConstraint(fields=["kind", "number"], name="meetings_meeting_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the meeting's place."""
        return zones.zone_of(self.time_zone)

    @property
    def known_by_day(self) -> bool:
        """Return whether the hour is unknown.

        That is so for a record from published sources without an end.
        """
        return bool(self.sources) and self.ends_at is None

    @property
    def day(self) -> date:
        """Return the day on which the meeting begins, at its place."""
        return self.starts_at.astimezone(self.zone).date()

    def ended(self, at: datetime) -> bool:
        """Return whether it is over at `at`, as in `queries.to_come`.

        Without an end, it is over once it began.
        """
        return (self.ends_at or self.starts_at) <= at

    def begun(self, at: datetime) -> bool:
        """Return whether the meeting began by `at`.

        If only the day is known, it begins with that day at its place.
        """
        return self.day <= day_at(at, self.zone) if self.known_by_day else self.starts_at <= at


class PrincipalsMeetingManager(models.Manager["PrincipalsMeeting"]):
    """Principals' meetings only."""

    def get_queryset(self) -> "models.QuerySet[PrincipalsMeeting]":
        """Return only meetings of principals."""
        return super().get_queryset().filter(kind=MeetingKind.PRINCIPALS)


class PrincipalsMeeting(Meeting):
    """A meeting of executive heads, for its own page in the admin."""

    objects: ClassVar[Any] = PrincipalsMeetingManager()

    class Meta:
        proxy = True
        verbose_name = _("principals’ meeting")
        verbose_name_plural = _("principals’ meetings")


# Django sends a proxy's signals under its own name; simple-history hears only the concrete model
post_save.connect(records.post_save, sender=PrincipalsMeeting, weak=False)
pre_delete.connect(records.pre_delete, sender=PrincipalsMeeting, weak=False)
post_delete.connect(records.post_delete, sender=PrincipalsMeeting, weak=False)
# Without it the admin's page of history does not find the manager of a proxy.
setattr(PrincipalsMeeting._meta, "simple_history_manager_attribute", "history")  # noqa: B010 - simple-history's name for a tracked model


class MeetingAnswer(models.Model):
    """What one invited person answered, and to which hours.

    After the meeting moved to other hours the answer does not count (`invitations.counts`).
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="answers", verbose_name=_("meeting")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    reply = models.CharField(_("answer"), max_length=10, choices=Reply)
    colleague = models.CharField(_("colleague who goes instead"), max_length=200, blank=True)
    note = models.CharField(pgettext_lazy("remark", "note"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"), validators=[validate_moment])
    starts_at = models.DateTimeField(_("for the beginning at"), validators=[validate_moment])
    ends_at = models.DateTimeField(
        _("for the end at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("answer to an invitation")
        verbose_name_plural = _("answers to invitations")
        ordering = ["pk"]
        constraints = [
            within_bounds(
                "meetings_meetinganswer_days_in_bounds",
                moments=("answered_at", "starts_at", "ends_at"),
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"], name="meetings_meetinganswer_once"
            ),
            models.CheckConstraint(
                condition=Q(reply=Reply.DELEGATED) ^ Q(colleague=""),
                name="meetings_meetinganswer_colleague_named",
                violation_error_message=_("Name the colleague who goes instead, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reply_display()}"


class RefusedReply(models.Model):
    """A mail with a calendar's answer that changed nothing.

    The chair reads why.
    """

    received_at = models.DateTimeField(_("read at"), validators=[validate_moment])
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=RefusalReason)
    meeting = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting"),
    )
    message_id = models.CharField(_("Message-ID"), max_length=250)

    class Meta:
        verbose_name = _("answer that was not taken")
        verbose_name_plural = _("answers that were not taken")
        ordering = ["-received_at", "-pk"]
        constraints = [
            within_bounds("meetings_refusedreply_days_in_bounds", moments=("received_at",)),
            models.UniqueConstraint(
                fields=["message_id", "reason"], name="meetings_refusedreply_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.get_reason_display()}"


class Attendance(models.Model):
    """How one agency attended: level, who came and where.

    A seat counts once, however many people came for it.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    level = models.CharField(pgettext_lazy("of attendance", "level"), max_length=12, choices=Level)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    # several people are separated by semicolons
    name_on_day = models.CharField(_("name and title as on that day"), max_length=500, blank=True)
    # a delegate alone stands in for somebody, who came alone is somewhere, apologies alone have a
    # reason: actions.attendance keeps it
    delegate_for = models.CharField(
        _("delegate for"), max_length=200, blank=True, default="", db_default=""
    )
    where = models.CharField(
        pgettext_lazy("how somebody takes part", "where"),
        max_length=5,
        choices=Where,
        blank=True,
        default="",
        db_default="",
    )
    reason = models.CharField(
        _("reason of the apologies"), max_length=500, blank=True, default="", db_default=""
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["agency__acronym"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="meetings_attendance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_level_display()}"
