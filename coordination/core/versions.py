"""No update is lost: the version that a form carried decides who was first."""

from django.utils.translation import gettext as _

from coordination.core.errors import Stale
from coordination.core.models import Versioned


def claim(obj: Versioned, version: int) -> None:
    """Take the right to change `obj` as it was at `version`.

    A conditional UPDATE decides between two people. The loser gets Stale with the object as it is
    saved now; the winner's `obj.version` is one higher. Call it inside the transaction that makes
    the change.
    """
    rows = type(obj)._default_manager.filter(pk=obj.pk, version=version).update(version=version + 1)
    if not rows:
        current = type(obj)._default_manager.get(pk=obj.pk)
        raise Stale(
            _("Somebody saved this while you wrote. Both versions are below; nothing is lost."),
            current=current,
        )
    obj.version = version + 1
