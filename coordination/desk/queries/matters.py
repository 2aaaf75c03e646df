"""An open matter of the state of play, and its day.

The page shows that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from coordination.core import formatting
from coordination.core.clock import start_of
from coordination.core.models import Group
from coordination.members.models import Agency
from coordination.rotation.models import MatterJudgement
from coordination.rotation.queries.chair import Sitting


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day of the page, and what the page needs to show it.

    `on` is that day, `now` the present moment (UTC). `sees_drafts`: the reader sees statements in
    preparation, as the chair's team does. `sittings` are all of them, oldest first.
    """

    on: date
    now: datetime
    group: Group
    sittings: Sequence[Sitting]
    sees_drafts: bool = False

    @property
    def is_today(self) -> bool:
        """Return whether the page tells of the present day."""
        return self.on == self.now.astimezone(self.group.zone).date()

    @property
    def moment(self) -> datetime:
        """Return the moment (UTC) from which meetings are to come."""
        return self.now if self.is_today else start_of(self.on, self.group.zone)


@dataclass(frozen=True, slots=True)
class Matter:
    """One open matter: its place, its facts and the chair's newest line on it.

    `own` tells whether that line is of this term; else it is of an earlier one. `row` is the
    promise or place, None for the others.
    """

    kind: str
    key: str
    title: str
    url: str
    facts: tuple[str, ...]
    is_late: bool = False
    row: object = None
    judgement: MatterJudgement | None = None
    own: bool = False


def acronyms_of(agencies: Iterable[Agency]) -> str:
    """Return agencies for a sentence."""
    return formatting.list_of(agency.acronym for agency in agencies)
