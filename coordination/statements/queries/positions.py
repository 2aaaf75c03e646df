"""What agencies said in each step, and what is missing.

Page, mail and adoption use the same function.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.queries import day_in_group
from coordination.members.models import Agency
from coordination.statements.enums import PositionKind
from coordination.statements.models import ClearanceStep, Position, PreparedPosition, Statement
from coordination.statements.queries import labels
from coordination.statements.queries.statements import participants_on

Said = Mapping[int, Position]


@dataclass(frozen=True, slots=True)
class Missing:
    """Where a step stands: who has not spoken, who objects, who let silence pass.

    It also counts how many agencies have spoken of how many. `about` has the paragraphs to which an
    agency (by key) objects, "" for the text as a whole.
    """

    waiting: tuple[Agency, ...]
    objecting: tuple[Agency, ...]
    spoken: int
    asked: int
    keys: frozenset[int] = frozenset()
    silent: tuple[Agency, ...] = ()
    about: Mapping[int, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Say whether nobody is waited for and nobody objects.

        Every agency that is asked has spoken or let silence pass.
        """
        return not self.waiting and not self.objecting

    @property
    def sentence(self) -> str:
        """Return what is missing as one sentence."""
        return whats_missing(self)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency said in one step; None: nothing, and `heard` if silence has passed for it."""

    step: ClearanceStep
    position: Position | None
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One agency's line of the matrix.

    The newest thing it said in the newest step stands beside it.
    """

    agency: Agency
    cells: tuple[Cell, ...]

    @property
    def last(self) -> Position | None:
        """Return what the agency said in the newest step."""
        return self.cells[-1].position if self.cells else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Agencies and steps, with what is missing in the newest step."""

    steps: tuple[ClearanceStep, ...]
    rows: tuple[Row, ...]
    missing: Missing
    tally: tuple[tuple[PositionKind, int], ...]

    @property
    def step(self) -> ClearanceStep | None:
        """Return the newest step, or None when none was opened."""
        return self.steps[-1] if self.steps else None


def steps_of(statement: Statement) -> list[ClearanceStep]:
    """Return the steps that were opened, in order, with their drafts."""
    return list(statement.steps.select_related("draft").order_by("draft__number", "position"))


def open_step(statement: Statement) -> ClearanceStep | None:
    """Return the step in which agencies are asked now, with its draft, or None."""
    return (
        statement.steps.filter(closed_at__isnull=True)
        .select_related("draft")
        .order_by("-draft__number", "-position")
        .first()
    )


def newest_positions(steps: Iterable[ClearanceStep]) -> dict[int, dict[int, Position]]:
    """Return, per step and agency (by key), the newest position.

    Older ones stay on record. One query.
    """
    found: dict[int, dict[int, Position]] = {}
    rows = (
        Position.objects.filter(step__in=list(steps))
        .select_related("agency", "person")
        .order_by("taken_at", "pk")
    )
    for position in rows:
        found.setdefault(position.step_id, {})[position.agency_id] = position
    return found


def prepared_positions(
    step: ClearanceStep, agencies: Iterable[Agency]
) -> dict[Agency, PreparedPosition]:
    """Return, by agency, the position that its own people prepare in the step.

    Nobody else may see it. Positions already taken are left out.
    """
    later = Position.objects.filter(
        step=step, agency=OuterRef("agency"), taken_at__gte=OuterRef("saved_at")
    )
    found = PreparedPosition.objects.filter(~Exists(later), step=step, agency__in=list(agencies))
    return {
        prepared.agency: prepared
        for prepared in found.select_related("author", "agency").order_by("agency__acronym")
    }


def objects_now(statement: Statement, agency: Agency) -> bool:
    """Say whether the agency's newest position in the open step is an objection."""
    said = Position.objects.filter(
        step__statement=statement, step__closed_at__isnull=True, agency=agency
    )
    return (
        said.order_by("-taken_at", "-pk").values_list("kind", flat=True).first()
        == PositionKind.OBJECT
    )


def missing(said: Said, asked: Sequence[Agency], silent: Collection[Agency] = ()) -> Missing:
    """Return who of those asked has not spoken, and who objects.

    `silent` are those for whom silence has passed if they did not speak.
    """
    let_pass = tuple(agency for agency in asked if agency.pk not in said and agency in silent)
    waiting = tuple(agency for agency in asked if agency.pk not in said and agency not in silent)
    objecting = tuple(
        agency
        for agency in asked
        if agency.pk in said and said[agency.pk].kind == PositionKind.OBJECT
    )
    about = {agency.pk: said[agency.pk].about for agency in objecting}
    return Missing(
        waiting,
        objecting,
        sum(a.pk in said for a in asked),
        len(asked),
        frozenset(a.pk for a in asked),
        let_pass,
        about,
    )


def missing_in(step: ClearanceStep, at: datetime) -> Missing:
    """Return what is missing in `step` at `at`; two queries, three once silence has passed.

    Asked are those who are in on that day; in a step that is closed, those who were in when it
    closed. Whoever joins later speaks in the step that is open, on the same text: page, mail, My
    desk and adoption count alike.
    """
    said = newest_positions([step]).get(step.pk, {})
    return missing(
        said,
        list(participants_on(step.statement_id, day_in_group(step.closed_at or at))),
        heard(step, at),
    )


def heard(step: ClearanceStep, at: datetime) -> list[Agency]:
    """Return the agencies for which silence in `step` has passed at `at`.

    They are those that were in on the day of its deadline; before that, none.
    """
    return (
        list(participants_on(step.statement_id, day_in_group(step.deadline)))
        if step.passed(at)
        else []
    )


def whats_missing(state: Missing) -> str:
    """Return one sentence: "Waiting for UNFPA and WHO; OHCHR objects to OP 3."."""
    objecting = _objections(state)
    if state.silent and not state.waiting:
        return _(
            "Silence has passed: %(agencies)s did not speak and count as approving; %(objections)s."
        ) % {
            "agencies": listed(state.silent),
            "objections": objecting,
        }
    if state.waiting:
        return _("Waiting for %(agencies)s; %(objections)s.") % {
            "agencies": listed(state.waiting),
            "objections": objecting,
        }
    if state.objecting:
        return _("All have spoken; %(objections)s.") % {"objections": objecting}
    return _("Nothing is missing: every agency that is asked has spoken and nobody objects.")


def _objections(state: Missing) -> str:
    objections = [
        (agency.acronym, labels.labels_in_words(state.about.get(agency.pk, "")))
        for agency in state.objecting
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


def listed(agencies: Iterable[Agency]) -> str:
    """Return acronyms as a sentence has them: "FAO, ILO and WHO"."""
    return formatting.list_of(agency.acronym for agency in agencies)


def positions_matrix(
    statement: Statement, steps: Sequence[ClearanceStep], day: date, at: datetime
) -> Matrix:
    """Return who said what in each of its steps.

    Those asked in the newest (as in `missing_in`), and whoever spoke and has left since.

    Two queries, and one for each step in which silence has passed.
    """
    said = newest_positions(steps)
    closed = steps[-1].closed_at if steps else None
    asked = list(participants_on(statement.pk, day_in_group(closed) if closed else day))
    silent = {step.pk: heard(step, at) for step in steps}
    known = {agency.pk for agency in asked}
    left = {
        p.agency_id: p.agency
        for by_agency in said.values()
        for p in by_agency.values()
        if p.agency_id not in known
    }
    agencies = sorted([*asked, *left.values()], key=lambda agency: agency.acronym)
    rows = tuple(
        Row(
            agency,
            tuple(
                Cell(step, said.get(step.pk, {}).get(agency.pk), agency in silent[step.pk])
                for step in steps
            ),
        )
        for agency in agencies
    )
    newest = said.get(steps[-1].pk, {}) if steps else {}
    kinds = [position.kind for key, position in newest.items() if key in known]
    tally = tuple((kind, kinds.count(kind)) for kind in PositionKind)
    state = missing(newest, asked, silent[steps[-1].pk] if steps else ())
    return Matrix(tuple(steps), rows, state, tally)
