"""Recording which drafts an agency, and a person, have opened.

A page that shows a draft records it when it is opened (GET): nobody presses a button to have read a
text. It tells nobody else, changes nothing that others see, and only the first time counts.
"""

from datetime import datetime

from coordination.members.models import Person
from coordination.statements.models import Draft, PersonReading, Reading
from coordination.statements.queries.statements import Access


def note_reading(draft: Draft, access: Access, *, at: datetime) -> None:
    """Record that the reader's agencies have opened a draft.

    The caller has checked that the reader may see it. The first reading of each agency counts.
    """
    # no lock and no second permission check (six queries): a constraint allows one row per draft
    # and agency
    readings = [Reading(draft=draft, agency=agency, read_at=at) for agency in access.agencies]
    Reading.objects.bulk_create(readings, ignore_conflicts=True)


def note_reading_by(draft: Draft, *, by: Person, at: datetime) -> None:
    """Record that a person opened a draft on the decision page.

    The caller has checked that the person may see it. The first reading counts.
    """
    # as above: a constraint allows one row per draft and person
    reading = PersonReading(draft=draft, person=by, read_at=at)
    PersonReading.objects.bulk_create([reading], ignore_conflicts=True)
