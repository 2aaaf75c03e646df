"""Corrections of the record: what they say, beside what the record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.members.models import Agency
from coordination.rotation.enums import TermKind
from coordination.rotation.models import ChairTerm, TermCorrection
from coordination.rotation.queries import chair


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """One field of a correction: the record's and the corrected value."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Return whether the two differ."""
        return self.before != self.after


def corrections() -> QuerySet[TermCorrection]:
    """Return the corrections with their people and agencies, newest first."""
    return TermCorrection.objects.select_related(
        "term", "proposed_by", "proposed_for", "agreed_by", "agreed_for"
    )


def open_corrections() -> QuerySet[TermCorrection]:
    """Return the corrections that wait for a second agency, oldest first."""
    waiting = corrections().filter(applied_at__isnull=True, withdrawn_at__isnull=True)
    return waiting.order_by("proposed_at")


def agencies_of(correction: TermCorrection) -> list[Agency]:
    """Return the agencies that a correction names, in their order."""
    by_key = Agency.objects.in_bulk(correction.agencies)
    return [by_key[key] for key in correction.agencies if key in by_key]


def as_recorded(term: ChairTerm) -> dict[str, object]:
    """Return what the record says of a term, as a correction stores it."""
    return {
        "first_day": term.first_day.isoformat(),
        "last_day": term.last_day.isoformat(),
        "kind": term.kind,
        "theme": term.theme,
        "agencies": [agency.acronym for agency in chair.chairing_agencies(term)],
    }


def differences(correction: TermCorrection) -> list[CorrectedField]:
    """Return the lines of a correction: before and after."""
    recorded = correction.before or {}
    if correction.is_open and correction.term:
        recorded = as_recorded(correction.term)
    after = {
        "first_day": correction.first_day.isoformat(),
        "last_day": correction.last_day.isoformat(),
        "kind": correction.kind,
        "theme": correction.theme,
        "agencies": [agency.acronym for agency in agencies_of(correction)],
    }
    labels = {
        "agencies": _("Chair"),
        "first_day": _("First day"),
        "last_day": _("Last day"),
        "kind": _("Kind"),
        "theme": _("Theme"),
    }
    return [
        CorrectedField(label, text_of(name, recorded.get(name)), text_of(name, after[name]))
        for name, label in labels.items()
    ]


def text_of(name: str, value: object) -> str:
    """Return a stored value as people read it."""
    if not value:
        return ""
    if name in {"first_day", "last_day"}:
        return formatting.plain_day(date.fromisoformat(str(value)))
    if name == "kind":
        return str(TermKind(str(value)).label)
    if name == "agencies" and isinstance(value, Sequence):
        return " + ".join(map(str, value))
    return str(value)
