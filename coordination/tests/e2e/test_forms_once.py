"""Each form makes one thing: sent again, it leads to what the first one made."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from coordination.core import tasks
from coordination.core.models import FormSubmission
from coordination.core.submissions import FIELD
from coordination.core.tests.pages import text_of
from coordination.statements.models import Comment
from coordination.statements.tests.factories import circulated
from coordination.tests.admin_pages import sent_by, sent_by_form_with
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, client_of
from coordination.tests.e2e.creating import CHANGES, CREATES, RECORDS, RECORDS_OF_OTHERS, Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms"), pytest.mark.both]
TABLE = Path(__file__).with_name("access.txt")
CASES = [
    pytest.param(case, id=f"{name}-{n}")
    for name, cases in CREATES.items()
    for n, case in enumerate(cases)
]
NOT_OURS = ("account_", "mfa_", "usersessions_", "admin", "core:", "desk:")


@pytest.fixture
def clients(chair, focal_point, administrator) -> dict[str, Client]:
    return {
        "chair": client_of(chair),
        "focal_point": client_of(focal_point),
        "administrator": client_of(administrator),
    }


def rows() -> Counter[str]:
    """Return how many rows each table of ours has, history too."""
    return Counter(
        {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model.__module__.startswith("coordination.")
            and not model._meta.proxy
            and model is not FormSubmission
        }
    )


def opened(client: Client, case: Case) -> tuple[str, dict[str, object], dict[str, str]]:
    """Return where the form of a page is sent, what a browser sends with what a person types, and the headers."""
    path = case.path()
    headers = {"HX-Request": "true"} if case.htmx else {}
    form_at = path
    if case.page:  # a form about one thing on the page of another
        key = path.rstrip("/").split("/")[-2]
        form_at = urljoin(path, case.page.replace("%s", key))
    page = client.get(form_at, headers=headers)
    return path, {**sent_by_form_with(page, FIELD), **case.typed()}, headers


@pytest.mark.parametrize("case", CASES)
def test_a_form_that_is_sent_three_times_makes_one_thing(case, clients, unfpa):
    client = clients[case.role]
    path, sent, headers = opened(client, case)
    before = rows()

    first = client.post(path, sent, headers=headers)
    made = rows() - before
    rewind(sent)
    second = client.post(path, sent, headers=headers)
    rewind(sent)
    third = client.post(path, sent, headers=headers)

    assert first.status_code == (200 if case.htmx else 302), first.content.decode()
    assert sent[FIELD]
    assert made.total() > 0
    assert rows() - before == made
    leads_to = first["Content-Location"] if case.htmx else first["Location"]
    assert [(again.status_code, again["Location"]) for again in (second, third)] == [
        (302, leads_to)
    ] * 2
    if case.htmx:
        assert client.get(leads_to, headers=headers).status_code == 200


def rewind(sent: dict[str, object]) -> None:
    """Let a file be sent once more."""
    for value in sent.values():
        if hasattr(value, "seek"):
            value.seek(0)


@pytest.mark.parametrize("label", RECORDS)
def test_a_record_that_is_added_twice_is_one(label, clients, unfpa):
    client = clients["administrator"]
    path = reverse(f"admin:{label.replace('.', '_')}_add")
    sent = {**sent_by(client.get(path)), **RECORDS[label]()}
    before = rows()

    first = client.post(path, sent)
    made = rows() - before
    second = client.post(path, sent)

    assert first.status_code == 302, first.context["errors"]
    assert rows() - before == made
    assert (second.status_code, second["Location"]) == (302, first["Location"])


def test_a_record_that_is_added_in_a_window_leads_to_its_page_in_that_window(clients, unfpa):
    client = clients["administrator"]
    path = reverse("admin:members_agency_add") + "?_popup=1"
    sent = {**sent_by(client.get(path)), **RECORDS["members.agency"](), "_popup": "1"}

    first = client.post(path, sent)
    second = client.post(path, sent)

    assert first.status_code == 200
    assert second["Location"].endswith("/change/?_popup=1")
    assert client.get(second["Location"]).status_code == 200


def test_every_address_that_takes_a_form_is_known_to_make_something_or_not():
    """A new address belongs into CREATES (its form carries a token) or into CHANGES, with the reason why a repeat makes nothing."""
    taken = set()
    for line in TABLE.read_text().splitlines():
        kind, method, *statuses = line.split()
        if (
            method == "POST"
            and not kind.startswith(NOT_OURS)
            and set(statuses[:8]) - {"405", "who"}
        ):
            taken.add(kind)
    pages = {name for name in taken if name in READ_ONLY}

    assert taken - pages == CREATES.keys() | CHANGES.keys()
    assert not CREATES.keys() & CHANGES.keys()


READ_ONLY = {
    "meetings:calendar", "meetings:document", "meetings:list", "meetings:meeting", "reminders:inbox", "reminders:message",
    "reminders:outbox", "rotation:handover", "rotation:term", "rotation:timeline",
}  # fmt: skip


def test_every_record_that_can_be_added_is_among_the_cases():
    [line] = [
        line
        for line in TABLE.read_text().splitlines()
        if re.match(r"admin:\*/add/ +POST who … … … who … … 200", line)
    ]

    assert set(line.split()[10:]) == RECORDS.keys() | RECORDS_OF_OTHERS.keys()


def test_the_same_form_with_other_words_saves_nothing_and_gives_them_back(
    focal_point, unfpa, clients
):
    client, slug = clients["focal_point"], circulated().statement.slug
    path = reverse("statements:discuss", args=[slug])
    sent = {**sent_by_form_with(client.get(f"{path}?about=b3"), FIELD), "text": "The first words."}
    client.post(path, sent)

    answer = client.post(path, {**sent, "text": "Second words, after the way back."})

    assert answer.status_code == 409
    assert "You already sent this form, with other content." in answer.content.decode()
    assert "Second words, after the way back." in answer.content.decode()
    assert f'href="{path}#t-b3">See what you sent first</a>' in text_of(answer)
    assert list(Comment.objects.values_list("text", flat=True)) == ["The first words."]


def test_another_person_with_the_same_token_sends_a_form_of_their_own(
    unfpa, ohchr, other_agency, clients
):
    client, slug = clients["focal_point"], circulated().statement.slug
    path = reverse("statements:amend", args=[slug, "b3"])
    sent = {
        **sent_by_form_with(client.get(path), FIELD),
        "proposed_text": "Secret words.",
        "keep": "yes",
    }
    client.post(path, sent)

    answer = client_of(other_agency).post(path, sent)

    # its own words: the agency is not its own
    assert (answer.status_code, "Secret words." in answer.content.decode()) == (422, True)
    assert FormSubmission.objects.count() == 1


def test_a_token_is_unused_until_something_is_made(clients, unfpa):
    client, slug = clients["focal_point"], circulated().statement.slug
    path = reverse("statements:discuss", args=[slug])
    sent = sent_by_form_with(client.get(f"{path}?about=b3"), FIELD)

    refused = client.post(path, {**sent, "text": ""})
    assert (refused.status_code, FormSubmission.objects.count()) == (422, 0)
    assert client.post(path, {**sent, "text": "Now with words."}).status_code == 302
    assert [each.at for each in FormSubmission.objects.all()] == [NOW]


@pytest.mark.parametrize(
    "token", [None, "", "no token", "x" * 5000], ids=["none", "empty", "words", "long"]
)
def test_a_form_without_a_token_is_taken_as_it_comes(token, clients, unfpa):
    client, slug = clients["focal_point"], circulated().statement.slug
    path = reverse("statements:discuss", args=[slug])
    sent = {
        "about": "b3",
        "agency": unfpa.pk,
        "text": "Words.",
        **({} if token is None else {FIELD: token}),
    }

    assert [client.post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert Comment.objects.count() == 2


def test_a_fault_leaves_nothing_behind(clients, unfpa, quiet):
    client = clients["focal_point"]
    client.raise_request_exception = False
    path = reverse("statements:discuss", args=[circulated().statement.slug])
    sent = {**sent_by_form_with(client.get(f"{path}?about=b3"), FIELD), "text": "Words."}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coordination.statements.views.comments.messages.success", lambda *_: 1 / 0)
        assert client.post(path, sent).status_code == 500

    assert (Comment.objects.count(), FormSubmission.objects.count()) == (0, 0)
    assert client.post(path, sent).status_code == 302


def test_old_tokens_and_expired_sessions_are_deleted(focal_point):
    for key, days in (("a", 1), ("b", -1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=NOW + timedelta(days=days)
        )
    for days in (0, 6, 8, 30):
        FormSubmission.objects.create(
            token=f"{days:032d}",
            person_id=focal_point.pk,
            content_sha256="",
            leads_to="/",
            at=NOW - timedelta(days=days),
        )

    tasks.purge()

    assert [each.session_key for each in Session.objects.all()] == ["a"]
    assert sorted((NOW - each.at).days for each in FormSubmission.objects.all()) == [0, 6]


def test_addresses_are_those_of_the_resolver():
    assert CREATES.keys() | CHANGES.keys() <= {each.name for each in addresses()}
