"""The meetings domain."""

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
        """Register history reasons, and what a leaver leaves.

        History words the reasons of this domain.
        """
        from coordination.meetings.queries.leavers import left_items
        from coordination.members.queries import leavers

        history.register_reasons(MeetingChange)
        leavers.register(left_items)
