"""The meetings domain."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.meetings.enums import MeetingChange


class MeetingsConfig(AppConfig):
    """Meetings."""

    name = "coordination.meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        """Let history word the reasons of this domain; tell `members` what a leaver leaves."""
        history.register_reasons(MeetingChange)
        # They need the models, which are loaded by now.
        leavers = import_module("coordination.members.queries.leavers")
        leavers.register(import_module("coordination.meetings.queries.leavers").left_items)
