"""The chair's history and the checklist's template, from fixtures.

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
from coordination.rotation.actions.terms import refuse_overlap, set_agencies, slug_for, write
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, ChecklistTemplateItem
from coordination.rotation.queries.terms import TermWords

TEMPLATE_FIELDS = ("title", "detail", "side", "due_offset_days", "position")


@transaction.atomic
def load(data: Mapping[str, Any], *, at: datetime) -> int:
    """Put terms, disagreements of sources and the template of checklists on record.

    `data` is fixtures/rotation.json and fixtures/checklist.json. Return the number of records that
    changed.

    A term that is on record (by its first day) stays as people have it since; so does a template
    item that they edited.
    """
    changed = sum(load_term(entry, at=at) for entry in data.get("terms", ()))
    changed += sum(load_disagreement(entry) for entry in data.get("disagreements", ()))
    return changed + sum(load_template(entry) for entry in data.get("checklist", ()))


def load_disagreement(entry: Mapping[str, Any]) -> int:
    """Put on record where sources disagree, with what each says."""
    values = {"topic": entry["topic"], "accounts": entry["accounts"]}
    return int(load_record(SourceDisagreement, {"about": entry["about"]}, values)[1])


def load_term(entry: Mapping[str, Any], *, at: datetime) -> int:
    """Put one historical term on record, confirmed, unless a term begins on that day already."""
    words = TermWords(
        date.fromisoformat(entry["first_day"]),
        date.fromisoformat(entry["last_day"]),
        entry.get("kind", TermKind.TERM),
        entry.get("theme", ""),
    )
    if ChairTerm.objects.filter(first_day=words.first_day).exists():
        return 0
    refuse_overlap(words)
    term = ChairTerm(
        slug=slug_for(words.first_day, words.last_day),
        first_day=words.first_day,
        last_day=words.last_day,
        kind=words.kind,
        theme=words.theme,
        state=TermState.CONFIRMED,
        sources=entry.get("sources", []),
        note=entry.get("note", ""),
        first_precision=entry.get("precision", "day"),
        last_precision=entry.get("precision", "day"),
    )
    history.sign(term, by=None, reason=CoreChange.LOADED_FROM_SOURCES)
    write(term, words)
    set_agencies(
        term, [Agency.objects.get(acronym=acronym) for acronym in entry["agencies"]], by=None
    )
    return 1


def load_template(entry: Mapping[str, Any]) -> int:
    """Put one item of the checklist's template on record, unless it is there."""
    if ChecklistTemplateItem.objects.filter(key=entry["key"]).exists():
        return 0
    item = ChecklistTemplateItem(
        key=entry["key"], **{name: entry[name] for name in TEMPLATE_FIELDS}
    )
    history.sign(item, by=None, reason=CoreChange.REFERENCE_DATA)
    item.save()
    return 1
