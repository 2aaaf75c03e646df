"""The reminders domain."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.reminders.enums import RemindersChange


class RemindersConfig(AppConfig):
    """Reminders; each app's `due.py` is found as the admin finds each `admin.py`."""

    name = "coordination.reminders"
    label = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Let history word our reasons; find what is due; `tasks` listens to changed facts."""
        history.register_reasons(RemindersChange)
        autodiscover_modules("due", "tasks")
