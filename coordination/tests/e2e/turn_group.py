"""A group of six agencies before the turn of its chair, made in a process of its own; its people are signed in."""

import json
from datetime import UTC, date, datetime

from django.conf import settings

from coordination.core.models import Group
from coordination.members.enums import Role
from coordination.members.tests.factories import PersonFactory
from coordination.rotation.actions import reference, terms
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import TermKind
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import agency, appointed
from coordination.tests.e2e.test_browser import session_of

OPENS = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
GENEVA, NEW_YORK = ("Geneva", "Europe/Zurich"), ("New York", "America/New_York")
# the first name of a focal point, by which tests call them, and who they are
FOCAL_POINTS = {
    "Élodie": ("Élodie Marchand", "UNESCO", ("Paris", "Europe/Paris")),
    "Nadia": ("Nadia Ferreira", "UNFPA", NEW_YORK),
    "Ruth": ("Ruth Adeyemi", "WHO", GENEVA),
    "Grace": ("Grace Mwangi", "UNICEF", NEW_YORK),
    "Petra": ("Petra Dlamini", "ILO", GENEVA),
    "Samira": ("Samira Okonkwo", "OHCHR", GENEVA),
}
# both of UNFPA and WHO can be reached; the principal of UNESCO is on record without an address
SENIORS = {
    "Head of UNFPA": ("Aurelia Bianchi", "UNFPA", Role.PRINCIPAL),
    "Office of WHO": ("Office of the Director-General", "WHO", Role.OFFICE),
    "Head of UNESCO": ("Yves Moreau", "UNESCO", Role.PRINCIPAL),
}
CHECKLIST = ("state-of-play", "team")


def make() -> str:
    """Make the group; return the session of each person, as JSON."""
    Group.objects.create(
        name="Global Migration Group",
        acronym="GMG",
        time_zone="Europe/Zurich",
        city="Geneva",
        focal_points_min=1,
    )
    for entry in json.loads((settings.FIXTURES / "checklist.json").read_text())["checklist"]:
        if entry["key"] in CHECKLIST:
            reference.load_template(entry)
    agencies = {acronym: agency(acronym, *place) for _name, acronym, place in FOCAL_POINTS.values()}
    people = {
        first: appointed(name, address_of(name), agencies[acronym])
        for first, (name, acronym, _place) in FOCAL_POINTS.items()
    }
    people |= {
        key: appointed(name, address_of(name), agencies[acronym], role=role)
        for key, (name, acronym, role) in SENIORS.items()
    }
    people["Amara"] = PersonFactory(
        name="Amara Diallo", email="admin@example.org", is_staff=True, is_superuser=True
    )
    silent = people.pop("Head of UNESCO")
    silent.email = None
    silent.save(update_fields=["email"])
    make_terms(agencies, people["Amara"])
    return json.dumps({first: session_of(person) for first, person in people.items()})


def address_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.').encode('ascii', 'ignore').decode()}@example.org"


def make_terms(agencies, administrator) -> None:
    """Let UNFPA and UNESCO chair one after the other; ILO and OHCHR are confirmed for 2027-H2 and 2028-H1."""
    for slug, first, last, acronym in (
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "UNFPA"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), "UNESCO"),
    ):
        term = ChairTermFactory(slug=slug, first_day=first, last_day=last)
        TermAgencyFactory(term=term, agency=agencies[acronym])
    early = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    for first, last, acronym in (
        (date(2027, 7, 1), date(2027, 12, 31), "ILO"),
        (date(2028, 1, 1), date(2028, 6, 30), "OHCHR"),
    ):
        proposal = TermProposal(first, last, TermKind.TERM)
        term = terms.propose_term([agencies[acronym]], proposal, by=administrator, at=early)
        terms.confirm_term(term, version=term.version, by=administrator, at=early)
