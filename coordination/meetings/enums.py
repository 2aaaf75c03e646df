"""Closed lists of the meetings domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingKind(TextChoices):
    """Who meets."""

    WORKING_LEVEL = "working_level", _("working-level meeting")
    PRINCIPALS = "principals", _("principals’ meeting")
    WORKING_GROUP = "working_group", _("working-group meeting")
    EVENT = "event", _("event")


class MeetingState(TextChoices):
    """Where a meeting stands; a cancelled one stays on record."""

    CONVENED = "convened", _("convened")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Level(TextChoices):
    """At what level an agency attended."""

    PRINCIPAL = "principal", _("principal")
    DEPUTY = "deputy", _("deputy")
    DELEGATE = "delegate", _("delegate")
    FOCAL_POINT = "focal_point", _("focal point")
    APOLOGIES = "apologies", _("apologies")
    ABSENT = "absent", _("absent")


class ActionState(TextChoices):
    """Where an action item stands."""

    OPEN = "open", _("open")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")
