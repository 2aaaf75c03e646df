"""States and what may follow each are one table in enums.py: it is complete, its paper is drawn from it, and the actions ask it.

`STATES=write ./test --fast -- coordination/tests/house/test_states.py` draws the papers anew.
"""

import os
from importlib import import_module

import pytest
from django.apps import apps

from coordination.core.states import Life
from coordination.tests.house.source import DOMAINS, ROOT, hold, in_rooms, python_files

PAPERS = ROOT / "docs" / "states"
LIVES = {
    (domain, name): found
    for domain in DOMAINS
    if (ROOT / "coordination" / domain / "enums.py").exists()
    for name, found in vars(import_module(f"coordination.{domain}.enums")).items()
    if isinstance(found, Life)
}
ASKED_BY_ITS_MOVES = {"STATEMENT_LIFE": "TRANSITIONS"}  # the table has a name of its own there


def test_each_state_that_is_kept_has_its_table() -> None:
    told = [life.states.choices for life in LIVES.values()]
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in DOMAINS
        and not model.__name__.startswith("Historical")
        and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.name == "state" and field.choices not in told
    ]

    assert len(told) > 5
    hold("what has a state has a table of what may follow each, a Life in its enums.py", wrong)


@pytest.mark.parametrize("life", LIVES.values(), ids=lambda life: life.name)
def test_a_table_has_each_state_and_each_can_be_reached(life: Life) -> None:
    reached, border = set(life.begins), set(life.begins)
    while border:
        border = {after for state in border for after in life.moves[state]} - reached
        reached |= border

    assert set(life.moves) == set(life.states)
    assert reached == set(life.states)


@pytest.mark.parametrize("life", LIVES.values(), ids=lambda life: life.name)
def test_the_paper_is_drawn_from_the_table(life: Life) -> None:
    paper = PAPERS / f"{life.name}.md"
    if os.environ.get("STATES") == "write":
        paper.write_text(life.diagram(), encoding="utf-8")

    assert paper.read_text(encoding="utf-8") == life.diagram()


def test_no_paper_is_left_of_a_table_that_is_gone() -> None:
    hold(
        "each paper of docs/states/ has its table",
        sorted({p.stem for p in PAPERS.iterdir()} - {life.name for life in LIVES.values()}),
    )


def test_actions_ask_the_table() -> None:
    texts = {
        domain: "\n".join(
            path.read_text(encoding="utf-8")
            for path in in_rooms("actions")
            if f"/{domain}/actions" in str(path)
        )
        for domain, _name in LIVES
    }
    wrong = [
        f"{domain}: {name}"
        for domain, name in LIVES
        if ASKED_BY_ITS_MOVES.get(name, name) not in texts[domain]
    ]

    hold("the actions of a domain ask its tables", wrong)


def test_nobody_keeps_a_second_table() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if "stateDiagram" in path.read_text(encoding="utf-8") and path.name != "states.py"
    ]

    hold("diagrams are drawn by core.states alone", wrong)
