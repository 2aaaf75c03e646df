"""Templates of a letter that only tests send, what is owed, and mail servers to send it to."""

import pytest
from django.template import engines

from coordination.core import due
from coordination.core.due import Source
from coordination.tests.services.smtp import SmtpSink

LETTER = {
    "letter.subject.txt": "{{ words }}: {{ due.stage }}\n",
    "letter.txt": (
        '{% extends "reminders/mail/base.txt" %}{% block content %}{{ words }} at {{ due.at|date:"H:i e" }} & <now>\n{% endblock %}'
    ),
    "letter.act.txt": "Hand it over",
    "letter.html": '{% extends "reminders/mail/base.html" %}{% block content %}<p>{{ words }}</p>{% endblock content %}',
}


@pytest.fixture(autouse=True)
def small_teams(request):
    """Let the cast's agencies have one focal point, or these tests would all have mails about that."""
    if "group" in request.fixturenames:
        group = request.getfixturevalue("group")
        group.focal_points_min = 0
        group.save(update_fields=["focal_points_min"])


@pytest.fixture
def letter(monkeypatch, tmp_path):
    """Write the templates of the kind "tests.letter"."""
    folder = tmp_path / "tests" / "mail"
    folder.mkdir(parents=True)
    for name, text in LETTER.items():
        (folder / name).write_text(text)
    # another setting would make an engine anew, which compiles each template again
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, tmp_path])
    forget_letter(engine)
    yield folder
    forget_letter(engine)


def forget_letter(engine):
    """Let the engine look for the templates of the letter again."""
    for name in LETTER:
        engine.template_loaders[0].get_template_cache.pop(f"tests/mail/{name}", None)


@pytest.fixture
def owed(monkeypatch):
    """Return a list: what a test puts there is all that is due."""
    dues = []
    real = {source.kind: source for source in due.sources()}

    def of(kind):
        source = real[kind]
        find = lambda at: [item for item in dues if item.kind == kind and item.at <= at]  # noqa: E731 - as short as it is
        return Source(kind=kind, label=source.label, can_be_off=source.can_be_off, find=find)

    monkeypatch.setattr(
        due, "_sources", {kind: of(kind) for kind in ("rotation.vacancy", "rotation.handover")}
    )
    return dues


@pytest.fixture
def smtp(settings):
    """Return a function that points the app at a mail server."""

    def point(port: int) -> None:
        settings.EMAIL_BACKEND = "coordination.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    return point


@pytest.fixture
def sink(smtp, tmp_path):
    """Start a peer with given faults; stop all at the end."""
    started = []

    def start(**faults) -> SmtpSink:
        peer = SmtpSink(tmp_path, **faults).start()
        started.append(peer)
        smtp(peer.port)
        return peer

    yield start
    for peer in started:
        peer.stop()
