"""No update is lost: the version decides who was first."""

from django.utils.translation import gettext as _

from coordination.core.errors import Stale
from coordination.core.models import Versioned


def claim(obj: Versioned, version: int) -> None:
    """Take the right to change `obj` as it was at `version`.

    Raises Stale with the saved object for whoever comes second. For the first, `obj.version` is one
    higher. Call it inside the transaction that makes the change.
    """
    # A conditional UPDATE decides: of two people at once only one changes a row.
    rows = type(obj)._default_manager.filter(pk=obj.pk, version=version).update(version=version + 1)
    if not rows:
        current = type(obj)._default_manager.get(pk=obj.pk)
        raise Stale(
            _("Somebody saved this while you wrote. Both versions are below; nothing is lost."),
            current=current,
        )
    obj.version = version + 1
