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
        """Let history word our reasons and find what is due."""
        from coordination.reminders import tasks  # noqa: F401 - listens to changed facts

        # the tasks of the other apps are for the worker, which finds them itself
        history.register_reasons(RemindersChange)
        autodiscover_modules("due")
