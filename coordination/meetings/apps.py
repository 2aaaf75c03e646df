"""The meetings domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings."""

    name = "coordination.meetings"
    label = "meetings"
    verbose_name = _("Meetings")
