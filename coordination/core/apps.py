"""What every domain shares. It knows no domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.core.enums import CoreChange


class CoreConfig(AppConfig):
    """Group settings, time, versions, history, the contract of reminders, components."""

    name = "coordination.core"
    label = "core"
    verbose_name = _("Group")

    def ready(self) -> None:
        """Register checks and reasons of history, and make history append-only by triggers."""
        from coordination.core import append_only, checks  # noqa: F401 - registers itself

        history.register_reasons(CoreChange)
        post_migrate.connect(
            append_only.install_triggers, sender=self, dispatch_uid="core.keep_history"
        )
