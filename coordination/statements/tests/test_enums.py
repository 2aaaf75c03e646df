"""The table of states."""

from pathlib import Path

from django.conf import settings

from coordination.statements.enums import TRANSITIONS, StatementState, diagram


def test_the_diagram_in_the_papers_is_that_of_the_code():
    assert (Path(settings.BASE_DIR) / "docs/states/statement.md").read_text(encoding="utf-8") == diagram()


def test_every_state_is_in_the_table():
    assert set(TRANSITIONS) == set(StatementState)
