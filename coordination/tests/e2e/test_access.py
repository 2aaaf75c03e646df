"""Who gets what: every address x GET and POST x eight roles, against the explicit table in access.txt; an address without a row fails.

The table is read by people when it changes: `ACCESS=write ./test --fast -- coordination/tests/e2e/test_access.py` writes what is so.
Columns: anonymous, focal point, colleague, other agency, chair, incoming chair, former focal point, administrator. POST is sent
without fields, so 422 or 302 say that the person may, and 403 that they may not.
"""

import logging
import os
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from coordination.meetings.models import ActionItem, Meeting, MeetingDocument
from coordination.members.models import Agency, Appointment, Person
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.queries.mails import unsubscribe_token
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.rotation.models import HandoverItem
from coordination.statements.models import Amendment

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(280), pytest.mark.once]

TABLE = Path(__file__).with_name("access.txt")
ROLES = ["anonymous", "focal_point", "colleague", "other_agency", "chair", "incoming_chair", "former", "administrator"]
OURS = {"desk", "core", "members", "reminders", "rotation", "meetings", "statements"}


def names(resolver: URLResolver, namespace: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Return the name and the parameters of each of our addresses."""
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace in OURS or (not namespace and entry.namespace is None):
                found += names(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and namespace in OURS:
            found.append((f"{namespace}:{entry.name}", tuple(entry.pattern.converters)))
    return sorted(found)


def people() -> dict[str, Person | None]:
    """Return one person per role."""
    cast = {role: Person.objects.get(demo_role=role) for role in ROLES if role not in {"anonymous", "former"}}
    former = PersonFactory(name="Ingrid Halvorsen")
    AppointmentFactory(person=former, agency=Agency.objects.get(acronym="UNFPA"), last_day=date(2026, 6, 30))
    return {"anonymous": None, **cast, "former": former}


def world(cast: dict[str, Person | None]) -> dict[str, dict[str, object]]:
    """Return what each parameter stands for, by the domain of its address."""
    amendment = Amendment.objects.select_related("block__draft__statement").order_by("pk").first()
    item = HandoverItem.objects.filter(side="outgoing", state="open").select_related("handover__incoming_term").first()
    action = ActionItem.objects.filter(agency__acronym="UNFPA").select_related("meeting").first()
    document = MeetingDocument.objects.create(meeting=action.meeting, title="Paper", link="https://example.org/")
    upcoming = Meeting.objects.order_by("-starts_at").first()
    appointment = Appointment.objects.filter(agency__acronym="UNFPA", person=cast["colleague"]).first()
    mail = OutboxMessageFactory()
    token = unsubscribe_token(cast["focal_point"], "rotation.vacancy")
    return {
        "members": {"slug": "unfpa", "pk": appointment.pk, "token": "no-such-token"},
        "reminders": {"pk": mail.pk, "token": token},
        "rotation": {"slug": item.handover.incoming_term.slug, "pk": item.pk, "side": "outgoing"},
        "meetings": {"slug": action.meeting.slug, "pk": action.pk, "document": document.pk, "upcoming": upcoming.slug},
        "statements": {
            "slug": amendment.block.draft.statement.slug,
            "number": 1,
            "key": amendment.block.key,
            "pk": amendment.pk,
            "act": "close",
        },
    }


def address(name: str, parameters: tuple[str, ...], known: dict[str, dict[str, object]]) -> str:
    """Return the address of a name with real keys."""
    values = dict(known.get(name.partition(":")[0], {}))
    if name == "meetings:document":
        values["pk"] = values["document"]
    return reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})


def client_of(person: Person | None) -> Client:
    """Return a client in which the person is signed in."""
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def status_of(method: str, path: str, client: Client) -> int:
    """Return the status of a request, and undo what it did."""
    with transaction.atomic():
        status = getattr(client, method.lower())(path).status_code
        transaction.set_rollback(True)
    return status


def test_each_address_answers_each_role_as_the_table_says(now, settings):
    settings.DEMO = True
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    cast = people()
    known = world(cast)
    clients = [client_of(cast[role]) for role in ROLES]
    logging.disable(logging.ERROR)

    lines = []
    for name, parameters in names(get_resolver()):
        path = address(name, parameters, known)
        if name == "desk:health":
            continue  # its status tells of the machinery, not of people; reminders' own tests hold it
        for method in ("GET", "POST"):
            statuses = " ".join(str(status_of(method, path, client)) for client in clients)
            lines.append(f"{name:<36} {method:<4} {statuses}")
    logging.disable(logging.NOTSET)
    if os.environ.get("ACCESS") == "write":
        TABLE.write_text("\n".join(lines) + "\n")

    assert lines == TABLE.read_text().splitlines()
