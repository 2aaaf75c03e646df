"""The reminders domain."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """Reminders; each app's `due.py` is found as the admin finds each `admin.py`."""

    name = "coordination.reminders"
    label = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Find the sources of what is due; `tasks` listens to changed facts."""
        autodiscover_modules("due", "tasks")
