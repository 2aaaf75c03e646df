"""The desk domain."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Desk."""

    name = "coordination.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Keep the search index in step with what is written; tell the rotation what happened."""
        search_index = import_module("coordination.desk.actions.search_index")
        search_index.listen()
        post_migrate.connect(
            search_index.build_if_empty, sender=self, dispatch_uid="desk.build_search_index"
        )
        # It needs the models, which are loaded by now.
        told = import_module("coordination.desk.queries.happenings")
        happenings = import_module("coordination.rotation.queries.happenings")
        happenings.register(told.chapters, told.marks)
