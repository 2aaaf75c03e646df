"""What every domain shares. Knows no domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Core: group settings, time, versions, history, reminders' contract, components."""

    name = "coordination.core"
    label = "core"
    verbose_name = _("Group")
