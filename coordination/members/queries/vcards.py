"""People as vCards 4.0 (RFC 6350), for address books."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from coordination.members.models import Agency, Appointment, Person
from coordination.members.queries import periods
from coordination.members.queries.agencies import in_membership

LONGEST = 75  # octets of a line (RFC 6350, section 3.2)


def in_office(
    day: date, *, person: Person | None = None, agency: Agency | None = None
) -> list[Appointment]:
    """Return the appointments of `day` by person for agencies that belong then.

    One query. Only of open accounts. `person` or `agency` limits them.
    """
    rows = Appointment.objects.filter(
        in_membership(day), periods.running(day), person__is_active=True
    )
    if person:
        rows = rows.filter(person=person)
    if agency:
        rows = rows.filter(agency=agency)
    return list(
        rows.select_related("person", "agency").order_by(
            "person__name", "person", "agency__acronym"
        )
    )


def vcards(appointments: Iterable[Appointment]) -> bytes:
    """Return a card for each person. Pure.

    The appointments are ordered by person.
    """
    return b"".join(
        card(person, list(rows)) for person, rows in groupby(appointments, lambda row: row.person)
    )


def card(person: Person, appointments: Sequence[Appointment]) -> bytes:
    """Return the card of one person with these appointments. Pure."""
    return b"".join(folded(line) for line in content_lines(person, appointments))


def content_lines(person: Person, appointments: Sequence[Appointment]) -> Iterator[str]:
    """Yield the lines of a card, not yet folded. Pure."""
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"UID:urn:uuid:{uid_of(person)}"
    yield "KIND:individual"
    yield f"FN:{escaped(person.name)}"
    # names are not split into parts here; Outlook and Apple want N, so it is all in one
    yield f"N:{escaped(person.name)};;;;"
    if person.email:
        yield f"EMAIL;TYPE=work:{escaped(person.email)}"
    for row in appointments:
        yield f"ORG:{escaped(row.agency.name)}"
        yield f"ROLE:{escaped(row.get_role_display())}"
        if row.title:
            yield f"TITLE:{escaped(row.title)}"
        if row.agency.city:
            yield f"ADR;TYPE=work:;;;{escaped(row.agency.city)};;;"
        path = reverse("members:agency", args=[row.agency.slug])
        yield f"URL:{settings.SITE_URL}{path}"
    if person.time_zone:
        yield f"TZ:{escaped(person.time_zone)}"
    yield "END:VCARD"


def uid_of(person: Person) -> uuid.UUID:
    """Return the identifier of a person's card.

    An address book replaces a card with the same identifier.
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}/people/{person.pk}/")


def escaped(text: str) -> str:
    """Escape a text for a value of a card. Pure.

    RFC 6350, section 3.4.
    """
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> bytes:
    """Fold a line at 75 octets. Pure.

    No piece splits a letter.
    """
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
