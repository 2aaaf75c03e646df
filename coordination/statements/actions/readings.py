"""Which drafts an agency's people have opened, so that they can be shown what is new since."""

from datetime import datetime

from coordination.statements.models import Draft, Reading
from coordination.statements.queries.statements import Access


def note_reading(draft: Draft, reach: Access, *, at: datetime) -> None:
    """Note that the reader's agencies have a draft before them.

    The first reading of each agency stands.

    The page that shows the draft has asked who may see it, and hands on what the reader is
    (`queries.reach_of`): a second question would cost each first visit six queries. It needs no
    lock: the database keeps one per draft and agency.
    """
    found = [Reading(draft=draft, agency=agency, read_at=at) for agency in reach.agencies]
    Reading.objects.bulk_create(found, ignore_conflicts=True)
