"""The chair's history and the checklist template, from fixtures.

Loading twice changes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from coordination.core import history
from coordination.core.actions import load_record
from coordination.core.enums import CoreChange
from coordination.core.models import SourceDisagreement
from coordination.members.models import Agency
from coordination.rotation.actions import schedules
from coordination.rotation.actions.terms import (
    TermProposal,
    free_slug,
    refuse_overlap,
    save_term,
    set_agencies,
)
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, ChecklistTemplateItem
from coordination.rotation.queries import chair

TEMPLATE_FIELDS = ("title", "detail", "side", "due_offset_days", "position")


@transaction.atomic
def load(data: Mapping[str, Any], *, at: datetime) -> int:
    """Load terms, disagreements and the checklist template.

    `data` is fixtures/rotation.json and fixtures/checklist.json. Returns the number of changed
    records. A term on record (by its first day) and an edited template item stay as they are.
    """
    changed = sum(load_term(entry, at=at) for entry in data.get("terms", ()))
    changed += schedules.load(
        data.get("schedule", ()), lambda entry, decided_at: load_term(entry, at=decided_at)
    )
    changed += sum(load_disagreement(entry) for entry in data.get("disagreements", ()))
    return changed + sum(load_template(entry) for entry in data.get("checklist", ()))


def load_disagreement(entry: Mapping[str, Any]) -> int:
    """Load one disagreement of sources, with what each says."""
    values = {"topic": entry["topic"], "accounts": entry["accounts"]}
    return int(load_record(SourceDisagreement, {"about": entry["about"]}, values)[1])


def load_term(entry: Mapping[str, Any], *, at: datetime) -> int:
    """Load one historical term as confirmed.

    Nothing is loaded if a term begins on that day already. One that was withdrawn counts only if
    its agencies are the same.
    """
    proposal = TermProposal(
        date.fromisoformat(entry["first_day"]),
        date.fromisoformat(entry["last_day"]),
        entry.get("kind", TermKind.TERM),
        entry.get("theme", ""),
    )
    # People may have corrected the loaded term since.
    if any(
        term.state != TermState.WITHDRAWN
        or [agency.acronym for agency in chair.chairing_agencies(term)] == entry["agencies"]
        for term in chair.every_term().filter(first_day=proposal.first_day)
    ):
        return 0
    refuse_overlap(proposal)
    term = ChairTerm(
        slug=free_slug(proposal),
        first_day=proposal.first_day,
        last_day=proposal.last_day,
        kind=proposal.kind,
        theme=proposal.theme,
        state=TermState.CONFIRMED,
        sources=entry.get("sources", []),
        note=entry.get("note", ""),
        first_precision=entry.get("precision", "day"),
        last_precision=entry.get("precision", "day"),
    )
    history.sign(term, by=None, reason=CoreChange.LOADED_FROM_SOURCES)
    save_term(term, proposal)
    set_agencies(
        term, [Agency.objects.get(acronym=acronym) for acronym in entry["agencies"]], by=None
    )
    return 1


def load_template(entry: Mapping[str, Any]) -> int:
    """Load one item of the checklist template, unless it exists."""
    if ChecklistTemplateItem.objects.filter(key=entry["key"]).exists():
        return 0
    item = ChecklistTemplateItem(
        key=entry["key"],
        page=entry.get("page", ""),
        **{name: entry[name] for name in TEMPLATE_FIELDS},
    )
    history.sign(item, by=None, reason=CoreChange.REFERENCE_DATA)
    item.save()
    return 1
