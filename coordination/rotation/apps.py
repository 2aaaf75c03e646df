"""The rotation domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.rotation.enums import RotationChange


class RotationConfig(AppConfig):
    """Rotation."""

    name = "coordination.rotation"
    label = "rotation"
    verbose_name = _("Rotation")

    def ready(self) -> None:
        """Let history word the reasons of this domain."""
        history.register_reasons(RotationChange)
