"""What the glossary names exists."""

import re
from importlib import import_module

from coordination.tests.house.source import ROOT

NAME = re.compile(r"`([a-z_]+(?:\.\w+)*)`")


def is_there(name: str) -> bool:
    """Say whether coordination.NAME is a module, or something in one."""
    module, _dot, last = f"coordination.{name}".rpartition(".")
    try:
        return hasattr(import_module(module), last) or bool(import_module(f"{module}.{last}"))
    except ImportError:
        return False


def test_the_names_in_the_glossary_exist() -> None:
    text = (ROOT / "docs" / "develop" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and "`" in line]
    names = [name for row in rows for name in NAME.findall(row.split("|")[2])]

    assert len(names) > 40
    assert [name for name in names if not is_there(name)] == []
