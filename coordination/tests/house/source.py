"""The code base as the house tests read it."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOMAINS = (
    "desk",
    "engagement",
    "statements",
    "meetings",
    "rotation",
    "reminders",
    "members",
    "core",
)
ENGINES = (
    "textkit",
    "filekit",
    "searchkit",
)  # pure packages below every domain; each is one room of its own name
ORDER = {name: place for place, name in enumerate(reversed(DOMAINS))}


def hold(rule: str, broken: Iterable[str]) -> None:
    """Fail with the rule in words and each place where it is broken."""
    places = list(broken)
    assert not places, "\n".join([rule, *places])


def is_test(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts or path.name == "conftest.py"


@cache
def python_files(*, tests: bool = False) -> tuple[Path, ...]:
    """Return our Python files; migrations are written by a machine."""
    found = [*ROOT.glob("coordination/**/*.py"), *ROOT.glob("gmgapp/**/*.py")]
    return tuple(
        sorted(
            path
            for path in found
            if "migrations" not in path.relative_to(ROOT).parts and (tests or not is_test(path))
        )
    )


@cache
def scripts() -> tuple[Path, ...]:
    """Return the Python files outside the app: what ./test and ./run do, and the benchmarks."""
    return tuple(sorted([*ROOT.glob(".ci/*.py"), *ROOT.glob("bench/**/*.py")]))


def in_rooms(*rooms: str) -> Iterator[Path]:
    """Return the files of these rooms, of every domain."""
    return (path for path in python_files() if domain_of(path) and room_of(path) in rooms)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path, node: ast.AST | int) -> str:
    line = node if isinstance(node, int) else node.lineno
    return f"{path.relative_to(ROOT)}:{line}"


def domain_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "coordination" and len(parts) > 2 else None


def room_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    if parts[0] != "coordination" or len(parts) < 3:
        return None
    return parts[1] if parts[1] in ENGINES else parts[2].removesuffix(".py")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Return each imported name in full, with its node."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_text(encoding="utf-8").splitlines(), 1)


def dotted(node: ast.AST) -> str:
    """Return a name or an attribute chain as text; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]))
