"""Time stamps of another authority on signed manifests."""

import logging

from django.conf import settings

from coordination.statements import authority
from coordination.statements.authority import NoStamp, Stamp
from coordination.statements.models import ManifestEnvelope, TimeStamp

logger = logging.getLogger(__name__)
# of one call: it runs every minute
MOST = 20


def stamp_unstamped() -> int:
    """Get missing time stamps, oldest first; return how many.

    Nothing without TIMESTAMP_URL. An authority that is away is asked again at the next call. It is
    asked outside of any transaction, because it may take seconds.
    """
    if not settings.TIMESTAMP_URL:
        return 0
    waiting = ManifestEnvelope.objects.filter(stamp__isnull=True).order_by("manifest__number")
    count = 0
    for envelope in waiting[:MOST]:
        try:
            stamp = authority.stamp(settings.TIMESTAMP_URL, envelope.content.encode())
        except NoStamp as fault:
            logger.warning("No time stamp: %s", fault)
            break
        count += keep_stamp(envelope, stamp, settings.TIMESTAMP_URL)
    return count


def keep_stamp(envelope: ManifestEnvelope, stamp: Stamp, url: str) -> bool:
    """Save a time stamp; return False for a later worker.

    The stamp of the faster one stays.
    """
    _row, is_new = TimeStamp.objects.get_or_create(
        envelope=envelope,
        defaults={"authority": url, "content": stamp.content, "stamped_at": stamp.at},
    )
    return is_new
