"""The desk domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Desk."""

    name = "coordination.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Keep the search index up to date and connect the rotation.

        The rotation learns here what happened.
        """
        from coordination.desk.actions import search_index
        from coordination.desk.queries import happenings as own_happenings
        from coordination.rotation.queries import happenings

        search_index.listen()
        post_migrate.connect(
            search_index.build_if_empty, sender=self, dispatch_uid="desk.build_search_index"
        )
        happenings.register(own_happenings.chapters, own_happenings.marks)
