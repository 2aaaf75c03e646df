"""The positions of agencies in each clearance step, and which are missing.

Pages, mails and the adoption use the same function.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.queries import group
from coordination.members.models import Agency
from coordination.statements.enums import PositionKind
from coordination.statements.models import (
    ClearanceStep,
    LetterToSilent,
    Position,
    PreparedPosition,
    Statement,
)
from coordination.statements.queries import labels
from coordination.statements.queries.statements import participants_of_days

PositionsByAgency = Mapping[int, Position]


@dataclass(frozen=True, slots=True)
class MissingPositions:
    """Which agencies have not taken a position, object, or let silence pass.

    `spoken` of `asked` agencies took a position; `keys` are those of all asked. `about` has, by
    agency key, the paragraphs to which an agency objects, "" for the whole text. `late` are those
    waiting that joined after the silence began: theirs never approves.
    """

    waiting: tuple[Agency, ...]
    objecting: tuple[Agency, ...]
    spoken: int
    asked: int
    keys: frozenset[int] = frozenset()
    silent: tuple[Agency, ...] = ()
    about: Mapping[int, str] = field(default_factory=dict)
    late: tuple[Agency, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether no position is missing and no agency objects."""
        return not self.waiting and not self.objecting

    @property
    def sentence(self) -> str:
        """Return the missing positions as one sentence."""
        return missing_sentence(self)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """An agency's position in a step; `past_silence` if it let silence pass."""

    step: ClearanceStep
    position: Position | None
    past_silence: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The positions of one agency, one cell for each step."""

    agency: Agency
    cells: tuple[MatrixCell, ...]

    @property
    def last(self) -> Position | None:
        """Return the agency's position in the newest step."""
        return self.cells[-1].position if self.cells else None


@dataclass(frozen=True, slots=True)
class PositionMatrix:
    """The positions of all agencies in all steps.

    `missing` and `tally` are those of the newest step.
    """

    steps: tuple[ClearanceStep, ...]
    rows: tuple[MatrixRow, ...]
    missing: MissingPositions
    tally: tuple[tuple[PositionKind, int], ...]

    @property
    def step(self) -> ClearanceStep | None:
        """Return the newest step, or None when none was opened."""
        return self.steps[-1] if self.steps else None


def steps_of(statement: Statement) -> list[ClearanceStep]:
    """Return the opened steps in order, with their drafts."""
    return list(
        statement.steps.select_related("draft", "short_by").order_by("draft__number", "position")
    )


def open_step(statement: Statement) -> ClearanceStep | None:
    """Return the open step with its draft, or None."""
    return (
        statement.steps.filter(closed_at__isnull=True)
        .select_related("draft")
        .order_by("-draft__number", "-position")
        .first()
    )


def newest_positions(steps: Iterable[ClearanceStep]) -> dict[int, dict[int, Position]]:
    """Return the newest position by step key and agency key, each with its step. One query."""
    by_step: dict[int, dict[int, Position]] = {}
    by_key = {step.pk: step for step in steps}
    rows = (
        Position.objects.filter(step__in=by_key)
        .select_related("agency", "person")
        .order_by("taken_at", "pk")
    )
    for position in rows:  # oldest first, so the newest of each agency stays
        position.step = by_key[position.step_id]
        by_step.setdefault(position.step_id, {})[position.agency_id] = position
    return by_step


def prepared_positions(
    step: ClearanceStep, agencies: Iterable[Agency]
) -> dict[Agency, PreparedPosition]:
    """Return the prepared positions that were not taken yet, by agency.

    Only the agency's own people may see them.
    """
    # the row of a prepared position stays; a later position says that it was taken
    taken = Position.objects.filter(
        step=step, agency=OuterRef("agency"), taken_at__gte=OuterRef("saved_at")
    )
    untaken = PreparedPosition.objects.filter(~Exists(taken), step=step, agency__in=list(agencies))
    return {
        prepared.agency: prepared
        for prepared in untaken.select_related("author", "agency").order_by("agency__acronym")
    }


def letters_to_silent(step: ClearanceStep) -> list[LetterToSilent]:
    """Return the chair's letters to silent agencies, newest first.

    Two queries.
    """
    letters = step.letters_to_silent.select_related("sent_by").prefetch_related("agencies")
    return list(letters.order_by("-sent_at"))


def objecting_now(statement: Statement, agencies: Iterable[Agency]) -> list[Agency]:
    """Return those of the agencies that object in the open step; one query."""
    listed = list(agencies)
    taken = Position.objects.filter(
        step__statement=statement, step__closed_at__isnull=True, agency__in=listed
    )
    # oldest first, so the newest of each agency stays
    newest = dict(taken.order_by("taken_at", "pk").values_list("agency_id", "kind"))
    return [agency for agency in listed if newest.get(agency.pk) == PositionKind.OBJECT]


def objects_now(statement: Statement, agency: Agency) -> bool:
    """Say whether the agency objects in the open step; one query."""
    return bool(objecting_now(statement, [agency]))


def missing_positions(
    positions: PositionsByAgency,
    asked: Sequence[Agency],
    silent: Collection[Agency] = (),
    whole: Collection[Agency] | None = None,
) -> MissingPositions:
    """Return the missing positions of the agencies asked. Pure.

    Silence has passed for those in `silent` that took no position. `whole` are those that have had
    the silence from its beginning, None where silence does not approve.
    """
    let_pass = tuple(agency for agency in asked if agency.pk not in positions and agency in silent)
    waiting = tuple(
        agency for agency in asked if agency.pk not in positions and agency not in silent
    )
    objecting = tuple(
        agency
        for agency in asked
        if agency.pk in positions and positions[agency.pk].kind == PositionKind.OBJECT
    )
    about = {agency.pk: positions[agency.pk].about for agency in objecting}
    return MissingPositions(
        waiting,
        objecting,
        sum(agency.pk in positions for agency in asked),
        len(asked),
        frozenset(agency.pk for agency in asked),
        let_pass,
        about,
        tuple(agency for agency in waiting if whole is not None and agency not in whole),
    )


def missing_positions_at(
    step: ClearanceStep,
    at: datetime,
    own_group: Group | None = None,
    newest: PositionsByAgency | None = None,
) -> MissingPositions:
    """Return the missing positions in `step` at `at`.

    The agencies asked are those that participate on that day, or did when the step closed. Three
    queries; one less without each of the group and the newest positions, where they are loaded.
    """
    newest = newest_positions([step]).get(step.pk, {}) if newest is None else newest
    own_group = own_group or group()
    asked_on = day_at(step.closed_at or at, own_group.zone)
    silence = days_of_silence(step, at, own_group.zone) if step.silence_holds else ()
    participants = participants_of_days(step.statement_id, {asked_on, *silence})
    asked = participants[asked_on]
    # who has spoken is neither silent nor late
    all_spoke = all(agency.pk in newest for agency in asked)
    whole = on_both(silence, participants) if silence and not all_spoke else None
    return missing_positions(
        newest,
        asked,
        (whole or ()) if step.silence_passed(at) else (),
        whole,
    )


def agencies_past_silence(step: ClearanceStep, at: datetime) -> list[Agency]:
    """Return the agencies for which silence in `step` has passed at `at`.

    They are those that had the whole silence: they participated on its first and its last day.
    """
    if not step.silence_passed(at):
        return []
    days = days_of_silence(step, at, group().zone)
    return on_both(days, participants_of_days(step.statement_id, days))


def days_of_silence(step: ClearanceStep, at: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day of the silence of `step` until `at`. Pure."""
    last = min(step.deadline, step.closed_at or at)
    return day_at(step.silent_since, zone), day_at(last, zone)


def on_both(days: tuple[date, date], participants: Mapping[date, Sequence[Agency]]) -> list[Agency]:
    """Return the agencies that participate on both days, by acronym. Pure.

    Who joined after the silence began never counts as approving by it (docs/decisions/0013).
    """
    first, last = days
    return [agency for agency in participants[last] if agency in participants[first]]


def reservation_text(position: Position) -> str:
    """Return the reservation of a signatory, or "".

    It has the paragraphs and the reason: "OP 3: Our mandate differs."
    """
    if position.kind != PositionKind.RESERVE:
        return ""
    return f"{position.about}: {position.reason}" if position.about else position.reason


def missing_sentence(missing: MissingPositions) -> str:
    """Return the missing positions as a sentence.

    For instance "Waiting for UNFPA and WHO; OHCHR objects to OP 3."
    """
    sentence = _who_is_missing(missing)
    if not missing.late:
        return sentence
    late = ngettext(
        "%(agencies)s joined after the silence began and must speak.",
        "%(agencies)s joined after the silence began and must speak.",
        len(missing.late),
    )
    return f"{sentence} {late % {'agencies': list_agencies(missing.late)}}"


def _who_is_missing(missing: MissingPositions) -> str:
    objecting = objection_clause(missing)
    if missing.silent and not missing.waiting:
        return _(
            "Silence has passed: %(agencies)s did not speak and count as approving; %(objections)s."
        ) % {
            "agencies": list_agencies(missing.silent),
            "objections": objecting,
        }
    if missing.waiting:
        return _("Waiting for %(agencies)s; %(objections)s.") % {
            "agencies": list_agencies(missing.waiting),
            "objections": objecting,
        }
    if missing.objecting:
        return _("All have spoken; %(objections)s.") % {"objections": objecting}
    return _("Nothing is missing: every agency that is asked has spoken and nobody objects.")


def objection_clause(missing: MissingPositions) -> str:
    """Return who objects to what: "OHCHR objects to OP 3", without a full stop."""
    objections = [
        (agency.acronym, labels.labels_in_words(missing.about.get(agency.pk, "")))
        for agency in missing.objecting
    ]
    if not objections:
        return _("nobody objects")
    if len(objections) > 1:
        named = [f"{name} ({about})" if about else name for name, about in objections]
        return _("%(agencies)s object") % {"agencies": formatting.list_of(named)}
    [(name, about)] = objections
    if not about:
        return _("%(agency)s objects") % {"agency": name}
    return _("%(agency)s objects to %(paragraphs)s") % {"agency": name, "paragraphs": about}


def list_agencies(agencies: Iterable[Agency]) -> str:
    """Return acronyms as a list in a sentence: "FAO, ILO and WHO"."""
    return formatting.list_of(agency.acronym for agency in agencies)


def positions_matrix(
    statement: Statement,
    steps: Sequence[ClearanceStep],
    day: date,
    at: datetime,
    own_group: Group | None = None,
) -> PositionMatrix:
    """Return the positions in `steps` as a matrix.

    The rows are the agencies asked in the newest step, and those that took a position and have
    left since. Two queries, one more without `own_group`.
    """
    by_step = newest_positions(steps)
    zone = (own_group or group()).zone
    # a closed step shows the members of its last day, not those of today
    closed = steps[-1].closed_at if steps else None
    asked_on = day_at(closed, zone) if closed else day
    silences = {step.pk: days_of_silence(step, at, zone) for step in steps if step.silence_holds}
    participants = participants_of_days(
        statement.pk, {asked_on, *itertools.chain(*silences.values())}
    )
    asked = participants[asked_on]
    # None where silence does not approve
    whole = {
        step.pk: on_both(silences[step.pk], participants) if step.pk in silences else None
        for step in steps
    }
    past_silence = {
        step.pk: (whole[step.pk] or []) if step.silence_passed(at) else [] for step in steps
    }
    asked_keys = {agency.pk for agency in asked}
    departed = {
        position.agency_id: position.agency
        for by_agency in by_step.values()
        for position in by_agency.values()
        if position.agency_id not in asked_keys
    }
    agencies = sorted([*asked, *departed.values()], key=lambda agency: agency.acronym)
    rows = tuple(
        MatrixRow(
            agency,
            tuple(
                MatrixCell(
                    step, by_step.get(step.pk, {}).get(agency.pk), agency in past_silence[step.pk]
                )
                for step in steps
            ),
        )
        for agency in agencies
    )
    newest = by_step.get(steps[-1].pk, {}) if steps else {}
    kinds = [position.kind for key, position in newest.items() if key in asked_keys]
    tally = tuple((kind, kinds.count(kind)) for kind in PositionKind)
    missing = (
        missing_positions(newest, asked, past_silence[steps[-1].pk], whole[steps[-1].pk])
        if steps
        else missing_positions(newest, asked)
    )
    return PositionMatrix(tuple(steps), rows, missing, tally)
