"""Mails about Word files that came back."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F
from django.urls import reverse

from coordination.core.due import Due
from coordination.members.enums import Role
from coordination.members.models import Agency
from coordination.statements.due.recipients import appointments_of, one_per_person_and_agency
from coordination.statements.due.stages import RECENT
from coordination.statements.enums import AmendmentState
from coordination.statements.models import Amendment, Draft, WordFile
from coordination.statements.queries import outcomes
from coordination.statements.queries.outcomes import Outcome


def recorded_amendments(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the mails that tell an agency what the chair recorded for it from a Word file.

    One mail for each file and agency, while one of these amendments is open.
    """
    recorded = (
        Amendment.objects.filter(
            state=AmendmentState.OPEN,
            word_file__ended_at__lte=moment,
            word_file__ended_at__gt=(since or moment) - RECENT,
        )
        .exclude(agency=F("word_file__agency"))
        .select_related("block__draft__statement", "word_file__agency")
    )
    drafts = {amendment.word_file: amendment.block.draft for amendment in recorded}
    for word_file, draft in drafts.items():
        assert word_file
        yield from recorded_from(word_file, draft, moment)


def recorded_from(word_file: WordFile, draft: Draft, moment: datetime) -> Iterator[Due]:
    """Yield the mails about the open amendments of one file."""
    by_agency: dict[Agency, list[Outcome]] = {}
    for agency, listed in outcomes.outcomes(draft, [AmendmentState.OPEN]).items():
        # it may also co-sponsor an amendment of the file, which is not its own
        own = [
            each
            for each in listed
            if each.amendment.word_file_id == word_file.pk and each.amendment.agency == agency
        ]
        if own and agency != word_file.agency:
            by_agency[agency] = own
    people = appointments_of(by_agency, moment, Role.FOCAL_POINT)
    for agency, own in by_agency.items():
        yield from one_per_person_and_agency(
            people.get(agency.pk, []),
            kind="statements.recorded",
            subject=f"word_file:{word_file.pk}",
            stage="recorded",
            at=word_file.ended_at or moment,
            url=reverse("statements:show", args=[draft.statement.slug])
            + f"#a{own[0].amendment.pk}",
            context={
                "statement": draft.statement,
                "draft": draft,
                "file": word_file,
                "recorded": own,
            },
        )
