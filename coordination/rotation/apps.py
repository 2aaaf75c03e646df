"""The rotation domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.rotation.enums import HandoverChange, RotationChange, SelectionChange


class RotationConfig(AppConfig):
    """Rotation."""

    name = "coordination.rotation"
    label = "rotation"
    verbose_name = _("Rotation")

    def ready(self) -> None:
        """Register history texts, and the hooks of `members` on terms."""
        from coordination.members.actions import leaving as acts_of_leaving
        from coordination.members.queries import leaving, replies
        from coordination.rotation.actions import leaving as turns
        from coordination.rotation.models.letters import LetterChange
        from coordination.rotation.queries import chair
        from coordination.rotation.queries import leaving as terms_lost

        history.register_reasons(RotationChange)
        history.register_reasons(HandoverChange)
        history.register_reasons(SelectionChange)
        history.register_reasons(LetterChange)
        leaving.register(terms_lost.lost_terms)
        acts_of_leaving.register(turns.end_turns)
        replies.register(chair.agencies_on)
