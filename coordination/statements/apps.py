"""The statements domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.statements.enums import StatementsChange
from coordination.statements.triggers import create_triggers, drop_triggers


class StatementsConfig(AppConfig):
    """Statements."""

    name = "coordination.statements"
    label = "statements"
    verbose_name = _("Statements")

    def ready(self) -> None:
        """Register history reasons and meetings' statements; connect triggers.

        The triggers are made by `migrate`.
        """
        history.register_reasons(StatementsChange)
        # They need the models, which are loaded by now.
        from coordination.meetings.queries import outcomes
        from coordination.statements.queries import of_meetings

        outcomes.register(of_meetings.statements_of)
        pre_migrate.connect(drop_triggers, sender=self, dispatch_uid="statements.drop_triggers")
        post_migrate.connect(
            create_triggers, sender=self, dispatch_uid="statements.create_triggers"
        )
