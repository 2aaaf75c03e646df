"""The members domain."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.members.enums import MembersChange

DJANGO_S_OWN = "update_last_login"


class MembersConfig(AppConfig):
    """Members."""

    name = "coordination.members"
    label = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        """Replace Django's listener to sign-ins.

        Both use the same uid, so it does not matter which is connected first.
        """
        history.register_reasons(MembersChange)
        # Django connects its own listener when its app loads, which may be before or after ours.
        user_logged_in.disconnect(dispatch_uid=DJANGO_S_OWN)
        from coordination.members import adapter

        user_logged_in.connect(adapter.note_sign_in, dispatch_uid=DJANGO_S_OWN)
        checks.register(adapter.check_demonstration, checks.Tags.database)
