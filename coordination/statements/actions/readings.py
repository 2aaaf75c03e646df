"""Recording which drafts an agency has opened."""

from datetime import datetime

from coordination.statements.models import Draft, Reading
from coordination.statements.queries.statements import Access


def note_reading(draft: Draft, access: Access, *, at: datetime) -> None:
    """Record that the reader's agencies have opened a draft.

    The caller has checked that the reader may see it. The first reading of each agency counts.
    """
    # no lock and no second permission check (six queries): a constraint allows one row per draft
    # and agency
    readings = [Reading(draft=draft, agency=agency, read_at=at) for agency in access.agencies]
    Reading.objects.bulk_create(readings, ignore_conflicts=True)
