"""Closed lists of meetings, and which states may follow each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.core.states import Life


class MeetingKind(TextChoices):
    """Who meets."""

    WORKING_LEVEL = "working_level", _("working-level meeting")
    PRINCIPALS = "principals", _("principals’ meeting")
    WORKING_GROUP = "working_group", _("working-group meeting")
    EVENT = "event", _("event")


class MeetingState(TextChoices):
    """The state of a meeting; a cancelled one stays on record."""

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
    """The state of an action item."""

    OPEN = "open", _("open")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


MEETING_LIFE = Life(
    name="meeting",
    title="The life of a meeting",
    states=MeetingState,
    begins=(MeetingState.CONVENED, MeetingState.HELD),
    moves={
        MeetingState.CONVENED: frozenset({MeetingState.HELD, MeetingState.CANCELLED}),
        MeetingState.HELD: frozenset({MeetingState.HELD, MeetingState.CONVENED}),
        MeetingState.CANCELLED: frozenset(),
    },
    notes=(
        (
            "A meeting counts as held once its outcome is recorded, after it began; the outcome "
            "may be corrected. A meeting of published sources is held from the start."
        ),
        (
            "Administrators keep the records in the admin: a meeting that they put on record after"
            " it began counts as held; one whose hour they move to the future is convened again."
        ),
    ),
)
ACTION_LIFE = Life(
    name="action-item",
    title="The life of an action item",
    states=ActionState,
    begins=(ActionState.OPEN,),
    moves={
        ActionState.OPEN: frozenset(ActionState),
        ActionState.IN_PROGRESS: frozenset(ActionState),
        ActionState.DONE: frozenset({ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.DONE}),
        ActionState.DROPPED: frozenset(
            {ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.DROPPED}
        ),
    },
    notes=(
        (
            "The same state may be recorded again with another note. An item that is done is "
            "opened again before it is dropped, and the other way round."
        ),
    ),
)
