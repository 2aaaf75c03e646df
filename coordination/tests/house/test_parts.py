"""What counts as a part of a template, and that it is noted when it is shown."""

import pytest
from django.template import Context, Engine
from django.template.base import Node, TextNode

from coordination.tests import parts

FRAME = "<main>{% block content %}none{% endblock %}</main>"
PAGE = """{% extends "frame.html" %}never {% block content %}
{% if late %}late{% else %}{{ day }}{% endif %}
{% for each in days %}<i>{{ each }}</i>{% empty %}no day{% endfor %}{% endblock %}"""


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "FOLDER", tmp_path)
    for kind in (Node, TextNode):
        monkeypatch.setattr(kind, "render_annotated", kind.render_annotated)
    for name, text in (("frame.html", FRAME), ("page.html", PAGE)):
        (tmp_path / name).write_text(text)
    return Engine(dirs=[str(tmp_path)], debug=True).get_template("page.html")


def test_each_branch_is_a_part_and_what_only_holds_others_is_none(page):
    assert sorted(parts.parts_of(page.nodelist)) == [
        "page.html:2: day",
        "page.html:2: if late",
        "page.html:2: late",
        "page.html:3: </i>",
        "page.html:3: <i>",
        "page.html:3: each",
        "page.html:3: for each in days",
        "page.html:3: no day",
    ]


def test_what_is_shown_is_noted_once(page):
    seen: set[str] = set()
    parts.watch(seen)

    for _ in range(2):
        page.render(Context({"late": False, "day": "Monday", "days": []}))

    assert set(parts.parts_of(page.nodelist)) & seen == {
        "page.html:2: day",
        "page.html:2: if late",
        "page.html:3: for each in days",
        "page.html:3: no day",
    }
    assert {part for part in seen if part.startswith("frame")} == {
        "frame.html:1: <main>",
        "frame.html:1: </main>",
    }
