"""Before its release no public address tells anything of an adopted statement."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from coordination.meetings.models import Meeting
from coordination.statements.actions import languages, positions, releases, signing
from coordination.statements.actions.languages import LanguageInput
from coordination.statements.models import Statement
from coordination.statements.tests.conftest import cast, key_file  # noqa: F401 - fixtures
from coordination.statements.tests.proofs import ready
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "key_file")]
LATER = NOW + timedelta(days=2)
WORDS = "Zanzibar"
# what differs between two requests for one page
RANDOM = re.compile(rb'(nonce|value)="[^"]*"|nonce-[^\'; ]*')
HEADERS = ("Last-Modified", "ETag", "Content-Length", "Location")


@pytest.fixture
def statement(cast, chair):  # noqa: F811 - the fixture
    meeting = Meeting.objects.create(
        title="Working level", slug="working-level", starts_at=NOW, time_zone="Europe/Paris"
    )
    step = ready(cast, chair, title=f"Statement of {WORDS}", slug="2026-09-zanzibar")
    Statement.objects.filter(pk=step.statement_id).update(meeting=meeting)
    texts = {block.key: f"Déclaration de {WORDS}" for block in step.draft.blocks.all()}
    given = LanguageInput("fr", step.draft.sha256, texts)
    languages.save_language(step.statement, given, version=0, by=chair, at=NOW)
    return step.statement


def public_paths(statement) -> list[str]:
    """Return every address that is no page of the administration, filled for the statement."""
    values = {
        "slug": statement.slug,
        "number": 1,
        "key": "b3",
        "pk": 1,
        "act": "release",
        "language": "fr",
        "name": "statement.pdf",
    }
    paths = [
        each.filled(lambda name: values.get(name, "1"))
        for each in addresses()
        if not each.route.startswith(("admin/", "__", "styleguide"))
    ]
    meetings = ["/meetings/working-level/"]
    searches = [f"/search/?q={WORDS}", f"/statements/?q={WORDS}", "/statements/?state=adopted"]
    return sorted({*paths, *meetings, *searches})


def snapshot(paths) -> dict[str, tuple]:
    """Return what a stranger gets at each address."""
    answers = {}
    for path in paths:
        answer = Client(raise_request_exception=False).get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        headers = [
            value
            for name, value in answer.items()
            if name in HEADERS and not (name == "Content-Length" and b"csrf" in body)
        ]
        answers[path] = (answer.status_code, headers, RANDOM.sub(b"", body))
    return answers


def test_nothing_leaks_before_the_release(statement, chair, now):
    signing.keep_key(at=NOW)
    paths = public_paths(statement)
    of_statement = [path for path in paths if path.startswith(f"/statements/{statement.slug}/")]
    assert len(of_statement) > 40
    before = snapshot(paths)

    now.shift(timedelta(hours=1))
    # the same hour for both: some pages say how long something is ago
    before_adoption = snapshot(paths)
    adopted = positions.adopt(statement, by=chair, at=NOW + timedelta(hours=1))
    releases.plan_release(
        adopted, release_at=LATER, version=adopted.version, by=chair, at=NOW + timedelta(hours=1)
    )
    after_adoption = snapshot(paths)

    # beat does not run here
    assert {path for path, answer in before.items() if answer[0] >= 500} <= {"/health/"}
    differing = [path for path in paths if before_adoption[path] != after_adoption[path]]
    assert differing == []
    told = [
        path
        for path in paths
        if WORDS.lower().encode()
        in after_adoption[path][2].lower().replace(path.encode().lower(), b"")
        and WORDS.lower() not in path.lower()
    ]
    assert told == []
    public = {path for path in of_statement if after_adoption[path][0] == 200}
    assert public == set()

    now.move_to(LATER)
    assert releases.release_due(at=LATER) == 1
    released = snapshot(paths)
    opened = {
        path.removeprefix(f"/statements/{statement.slug}/")
        for path in of_statement
        if released[path][0] == 200
    }
    assert {"", "plain.txt", "proof/", "check/", "statement.zip", "statement.pdf"} <= opened
    assert {"languages/", "languages/fr/", "languages/fr/plain.txt"} <= opened
    for path in ("/statements/", "/statements/feed/", f"/search/?q={WORDS}"):
        assert WORDS.encode() in released[path][2]
