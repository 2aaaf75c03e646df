"""The rotation domain."""

from importlib import import_module

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
        """Let history word the reasons; tell `members` who chairs and which terms end with it."""
        history.register_reasons(RotationChange)
        history.register_reasons(HandoverChange)
        history.register_reasons(SelectionChange)
        # They need the models, which are loaded by now.
        letters = import_module("coordination.rotation.models.letters")
        history.register_reasons(letters.LetterChange)
        terms_lost = import_module("coordination.rotation.queries.leaving")
        leaving = import_module("coordination.members.queries.leaving")
        leaving.register(terms_lost.lost_terms)
        acts_of_leaving = import_module("coordination.members.actions.leaving")
        turns = import_module("coordination.rotation.actions.leaving")
        acts_of_leaving.register(turns.end_turns)
        chair = import_module("coordination.rotation.queries.chair")
        replies = import_module("coordination.members.queries.replies")
        replies.register(chair.agencies_on)
