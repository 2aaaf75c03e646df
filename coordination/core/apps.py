"""What every domain shares. Knows no domain."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Core: group settings, time, versions, history, reminders' contract, components."""

    name = "coordination.core"
    label = "core"
    verbose_name = _("Group")
    edition = "roster"

    def ready(self) -> None:
        """Have the database give a new edition at each change, and keep history as it is.

        Register the checks.
        """
        import_module("coordination.core.checks")
        editions = import_module("coordination.core.editions")
        pre_migrate.connect(editions.suspend, sender=self, dispatch_uid="core.suspend_editions")
        post_migrate.connect(editions.begin, sender=self, dispatch_uid="core.begin_editions")
        append_only = import_module("coordination.core.append_only")
        post_migrate.connect(append_only.install, sender=self, dispatch_uid="core.keep_history")
