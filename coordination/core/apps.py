"""What every domain shares. It knows no domain."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Group settings, time, versions, history, the contract of reminders, components."""

    name = "coordination.core"
    label = "core"
    verbose_name = _("Group")

    def ready(self) -> None:
        """Register the checks; create the triggers of history after each `migrate`."""
        import_module("coordination.core.checks")
        # Both modules need loaded models, so they cannot be imported at the top.
        append_only = import_module("coordination.core.append_only")
        post_migrate.connect(
            append_only.install_triggers, sender=self, dispatch_uid="core.keep_history"
        )
