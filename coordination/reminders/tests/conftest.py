"""Templates of a letter that only tests send."""

from copy import deepcopy

import pytest

LETTER = {
    "letter.subject.txt": "{{ words }}: {{ due.stage }}\n",
    "letter.txt": (
        '{% extends "reminders/mail/base.txt" %}{% block content %}{{ words }} at {{ due.at|date:"H:i e" }} & <now>\n{% endblock %}'
    ),
    "letter.html": '{% extends "reminders/mail/base.html" %}{% block content %}<p>{{ words }}</p>{% endblock content %}',
}


@pytest.fixture
def letter(settings, tmp_path):
    """Write the templates of the kind "tests.letter"."""
    folder = tmp_path / "tests" / "mail"
    folder.mkdir(parents=True)
    for name, text in LETTER.items():
        (folder / name).write_text(text)
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    return folder
