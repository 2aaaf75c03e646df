"""A statement from pasted text to its public page: the chair and three agencies, by the pages alone (design.md section 5)."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client

from coordination.statements.enums import StatementState
from coordination.statements.models import Amendment, Statement
from coordination.statements.tests.factories import TEXT
from coordination.statements.tests.pages import form_of
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def later(days: int) -> str:
    return (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def cast(focal_point, other_agency, chair, incoming_chair, now):
    """Return a browser for UNFPA, OHCHR, UNESCO (the chair) and WHO."""
    return {
        person.name.split()[0]: signed_in(person)
        for person in (focal_point, other_agency, chair, incoming_chair)
    }


def start(browser) -> str:
    """Start a statement and circulate draft 1; return its address."""
    page = browser.get("/statements/start/")
    response = browser.post(
        "/statements/start/",
        form_of(page, title="Migrants in transit", text=TEXT, occasion="Migrants Day"),
    )
    address = response["Location"]
    assert address == "/statements/2026-01-migrants-in-transit/"
    assert browser.post(f"{address}circulate/", {"deadline": later(5)}).status_code == 302
    return address


def amend(browser, address: str, key: str, old: str, new: str) -> None:
    page = browser.get(f"{address}amend/{key}/")
    text = page.context["form"]["proposed_text"].value()
    response = browser.post(
        f"{address}amend/{key}/",
        form_of(page, proposed_text=text.replace(old, new), rationale="Our mandate."),
    )
    assert response.status_code == 302


def approve(browser, address: str, kind: str = "approve", reason: str = "") -> None:
    page = browser.get(f"{address}positions/")
    response = browser.post(f"{address}positions/", form_of(page, kind=kind, reason=reason))
    assert response.status_code == 302, response.context["form"].errors


def consolidate(chair, address: str) -> None:
    """Take WHO's amendment, decline UNFPA's, write a compromise for the two that meet."""
    assert chair.post(f"{address}act/close/").status_code == 302
    of_who, of_unfpa = (
        Amendment.objects.get(block__key="b4"),
        Amendment.objects.get(block__key="b2"),
    )
    assert (
        chair.post(
            f"{address}amendments/{of_who.pk}/take/", {"version": of_who.version}
        ).status_code
        == 302
    )
    response = chair.post(
        f"{address}amendments/{of_unfpa.pk}/decline/",
        {"version": of_unfpa.version, "reason": "Said in OP 1."},
    )
    assert response.status_code == 302
    page = chair.get(f"{address}consolidate/b3/")
    compromise = "Call upon States to ensure that all migrants in transit have access to mental and other health care;"
    assert (
        chair.post(
            f"{address}consolidate/b3/", form_of(page, text=compromise, reason="Names both.")
        ).status_code
        == 302
    )


def test_a_statement_from_pasted_text_to_its_public_page(cast, terms):
    chair, unfpa, ohchr, who = (cast[name] for name in ("Élodie", "Nadia", "Samira", "Ruth"))
    anonymous = Client()

    address = start(chair)
    assert anonymous.get(address).status_code == 404
    amend(unfpa, address, "b2", "human rights", "human rights, women and girls among them")
    amend(ohchr, address, "b3", "that migrants", "that all migrants")
    amend(unfpa, address, "b3", "health care", "mental and other health care")
    amend(who, address, "b4", "States", "States and communities")
    consolidate(chair, address)
    response = chair.post(f"{address}issue/", {"to": "clearance", "deadline": later(4)})
    assert response.status_code == 302, response.context["form"].errors

    assert (
        "Waiting for OHCHR, UNESCO, UNFPA and WHO; nobody objects."
        in unfpa.get(f"{address}positions/").content.decode()
    )
    approve(unfpa, address)
    approve(ohchr, address, "object", "It must say all migrants.")
    assert (
        "Waiting for UNESCO and WHO; OHCHR objects."
        in unfpa.get(f"{address}positions/").content.decode()
    )
    for browser in (ohchr, chair, who):
        approve(browser, address)
    assert chair.post(f"{address}act/adopt/").status_code == 422
    assert chair.post(f"{address}steps/open/", {"deadline": later(9)}).status_code == 302
    approve(unfpa, address, "reserve", "Paragraph 2 is read as covering girls.")
    approve(who, address, "not_join")
    approve(ohchr, address)
    approve(chair, address)
    assert chair.post(f"{address}act/adopt/").status_code == 302

    statement = Statement.objects.get()
    assert statement.state == StatementState.ADOPTED
    assert anonymous.get(address).status_code == 404
    assert chair.post(f"{address}act/release/").status_code == 302
    page = anonymous.get(address)
    words = re.sub(r"<[^>]+>", "", page.content.decode())
    assert page.status_code == 200
    assert (
        "Call upon States to ensure that all migrants in transit have access to mental and other health care;"
        in words
    )
    assert [each.agency.acronym for each in page.context["joined"]] == ["OHCHR", "UNESCO", "UNFPA"]
    assert [each.agency.acronym for each in page.context["apart"]] == ["WHO"]
    plain = anonymous.get(f"{address}plain.txt").content
    assert hashlib.sha256(plain).hexdigest() == statement.adopted_sha256
    assert statement.adopted_sha256 in page.content.decode()
