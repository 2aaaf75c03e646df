"""The statements domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.statements.enums import StatementsChange
from coordination.statements.frozen import freeze, thaw


class StatementsConfig(AppConfig):
    """Statements."""

    name = "coordination.statements"
    label = "statements"
    verbose_name = _("Statements")

    def ready(self) -> None:
        """Let history word our reasons; have the database freeze what never changes."""
        history.register_reasons(StatementsChange)
        pre_migrate.connect(thaw, sender=self, dispatch_uid="statements.thaw")
        post_migrate.connect(freeze, sender=self, dispatch_uid="statements.freeze")
