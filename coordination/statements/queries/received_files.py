"""Find returned Word files: who may open them, how many were sent."""

from datetime import datetime

from coordination.members.models import Person
from coordination.statements.enums import WordFileState
from coordination.statements.models import WordFile
from coordination.statements.queries.statements import Access


def files_of(statement: int, access: Access) -> list[WordFile]:
    """Return the Word files that a reader may see, newest first; one query.

    They are those of the reader's agencies; the chair's team sees what others proposed too.
    """
    sent = WordFile.objects.filter(statement=statement).select_related("agency", "sent_by", "draft")
    return [file for file in sent if may_open(file, access)]


def may_open(word_file: WordFile, access: Access) -> bool:
    """Say whether a reader may open a Word file."""
    return word_file.agency_id in access.agency_keys or (
        access.chair and word_file.state == WordFileState.PROPOSED
    )


def files_sent(person: Person, since: datetime) -> list[tuple[datetime, int]]:
    """Return when a person sent Word files since a moment.

    Each counts once; one query.
    """
    moments = WordFile.objects.filter(sent_by=person, sent_at__gt=since)
    return [(moment, 1) for moment in moments.values_list("sent_at", flat=True)]
