"""Who gets which mail.

The lists are derived from the appointments of a day and not stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from coordination.core import due
from coordination.desk.enums import Readers
from coordination.members.enums import Role
from coordination.members.models import Appointment, Person
from coordination.members.queries import people, recipients
from coordination.members.queries.agencies import belonging_on
from coordination.reminders.enums import Frequency
from coordination.reminders.queries import outbox
from coordination.rotation.queries.chair_now import ChairNow

OF_ROLE = {
    Role.FOCAL_POINT: Readers.FOCAL_POINTS,
    Role.PRINCIPAL: Readers.PRINCIPALS,
    Role.OFFICE: Readers.OFFICES,
}
SENIORS = (Readers.PRINCIPALS, Readers.OFFICES)


@dataclass(frozen=True, slots=True)
class ListsOfKind:
    """Whom a kind of mail reaches.

    `all_of` are the lists that get each such mail, `some_of` those of which only the people of the
    agencies that it concerns do. Without either it goes to the one person that it is about.
    """

    all_of: tuple[Readers, ...] = ()
    some_of: tuple[Readers, ...] = ()


EVERY_TEAM = ListsOfKind(all_of=(Readers.FOCAL_POINTS,))
TEAMS = ListsOfKind(some_of=(Readers.FOCAL_POINTS,))
TEAMS_AND_SENIORS = ListsOfKind(some_of=(Readers.FOCAL_POINTS, *SENIORS))
LATE = ListsOfKind(some_of=(Readers.FOCAL_POINTS, Readers.OFFICES, Readers.CHAIR))
ACCOUNTS = ListsOfKind(some_of=(Readers.FOCAL_POINTS, Readers.ADMINISTRATORS))
# to the administrators while nobody chairs
CHAIR = ListsOfKind((Readers.CHAIR,), (Readers.ADMINISTRATORS,))
# What is not here goes to the person that it is about. A test holds this to what is really due.
LISTS_OF_KINDS = {
    "meetings.cancelled": EVERY_TEAM,
    "meetings.coming": EVERY_TEAM,
    "meetings.invited": EVERY_TEAM,
    "meetings.moved": EVERY_TEAM,
    "meetings.poll": EVERY_TEAM,
    "meetings.series": EVERY_TEAM,
    "meetings.correction": TEAMS,
    "meetings.item_due": TEAMS,
    "meetings.item_late": LATE,
    "meetings.minutes": ListsOfKind((Readers.FOCAL_POINTS,)),
    "meetings.proposal": TEAMS,
    "members.address_changed": ACCOUNTS,
    "members.factor_reset": ACCOUNTS,
    "members.focal_points_short": ListsOfKind(some_of=(Readers.FOCAL_POINTS, Readers.OFFICES)),
    "members.roster_check": ListsOfKind(some_of=(Readers.FOCAL_POINTS, Readers.OFFICES)),
    "rotation.agency_short": CHAIR,
    "rotation.confirmed": ListsOfKind((Readers.FOCAL_POINTS,), SENIORS),
    "rotation.decide": CHAIR,
    "rotation.escalation": TEAMS_AND_SENIORS,
    "rotation.handover": TEAMS,
    "rotation.item_overdue": LATE,
    "rotation.offer": TEAMS,
    "rotation.offer_ended": TEAMS,
    "rotation.operation": TEAMS,
    "rotation.signature": TEAMS,
    "rotation.stand": TEAMS,
    "rotation.vacancy": EVERY_TEAM,
    "rotation.vote": TEAMS,
    "statements.amend_open": TEAMS,
    "statements.call_recorded": TEAMS_AND_SENIORS,
    "statements.ended": TEAMS_AND_SENIORS,
    "statements.letter_to_silent": TEAMS_AND_SENIORS,
    "statements.mentioned": TEAMS,
    "statements.objection": ListsOfKind((Readers.CHAIR,)),
    "statements.position_due": TEAMS_AND_SENIORS,
    "statements.recorded": TEAMS,
    "statements.reworded": TEAMS,
    "statements.settled": TEAMS,
    "statements.short_deadline": EVERY_TEAM,
    "statements.step_changed": TEAMS_AND_SENIORS,
}


@dataclass(frozen=True, slots=True)
class MailingList:
    """One list, and its people by name."""

    readers: Readers
    people: tuple[Person, ...]

    @property
    def addresses(self) -> str:
        """Return the addresses for the field "To" of a mail."""
        # names keep their letters: mail programs encode them themselves
        return ", ".join(f'"{quoted(person.name)}" <{person.email}>' for person in self.people)


@dataclass(frozen=True, slots=True)
class Mailing:
    """A kind of mail, its readers, and their choices.

    The choices are counted where they differ from "at once".
    """

    label: str | Promise
    can_be_off: bool
    lists: ListsOfKind
    off: int = 0
    digest: int = 0


def quoted(name: str) -> str:
    """Return a name for a quoted string (RFC 5322, section 3.2.4). Pure."""
    return name.replace("\\", "\\\\").replace('"', '\\"')


def mailing_lists(day: date, chair: ChairNow) -> list[MailingList]:
    """Return each list as of `day`.

    Two queries.
    """
    rows = list(recipients.reachable_appointments(belonging_on(day), day, *Role))
    by_readers: dict[Readers, dict[int, Person]] = defaultdict(dict)
    for row in rows:
        by_readers[OF_ROLE[Role(row.role)]][row.person_id] = row.person
    teams = ((Readers.CHAIR, chair.agencies), (Readers.INCOMING, chair.next_agencies))
    for readers, agencies in teams:
        by_readers[readers] = team_of({agency.pk for agency in agencies}, rows)
    by_readers[Readers.ADMINISTRATORS] = {
        person.pk: person for person in people.administrators() if person.email
    }
    return [
        MailingList(
            readers, tuple(sorted(by_readers[readers].values(), key=lambda each: each.name))
        )
        for readers in Readers
    ]


def team_of(agencies: set[int], rows: Iterable[Appointment]) -> dict[int, Person]:
    """Return the focal points of agencies (keys) among appointments, by key. Pure."""
    return {
        row.person_id: row.person
        for row in rows
        if row.role == Role.FOCAL_POINT and row.agency_id in agencies
    }


def mailings(lists: Sequence[MailingList]) -> list[Mailing]:
    """Return each kind of mail with its readers on the day of the lists.

    One query.
    """
    members = {each.readers: {person.pk for person in each.people} for each in lists}
    chosen = choices(set().union(*members.values()))
    found = []
    for source in due.sources():
        of_kind = LISTS_OF_KINDS.get(source.kind, ListsOfKind())
        off, digest = counted(chosen.get(source.kind, {}), readers_of(of_kind, members))
        found.append(Mailing(source.label, source.can_be_off, of_kind, off, digest))
    return found


def readers_of(lists: ListsOfKind, members: Mapping[Readers, set[int]]) -> set[int]:
    """Return the keys of the people whom a kind can reach. Pure."""
    return set().union(*(members[readers] for readers in (*lists.all_of, *lists.some_of)))


def counted(chosen: Mapping[int, str], readers: set[int]) -> tuple[int, int]:
    """Count readers with a kind off and in a digest. Pure."""
    counts = Counter(frequency for person, frequency in chosen.items() if person in readers)
    return counts[Frequency.OFF], counts[Frequency.DIGEST]


def choices(person_ids: set[int]) -> dict[str, dict[int, str]]:
    """Return what these people chose, by kind and person.

    One query.
    """
    by_kind: dict[str, dict[int, str]] = defaultdict(dict)
    for kind, person, frequency in outbox.all_frequencies(person_ids):
        by_kind[kind][person] = frequency
    return by_kind
