"""Which migrated database `./test` takes from an earlier run, and which ones it throws away."""

import os

import pytest

from coordination.tests.house.source import ROOT


@pytest.fixture
def databases(of_ci):
    return of_ci("databases")


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "coordination" / "core" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("one")
    (folder.parent / "views.py").write_text("a view")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("coordination/core/migrations/0001_initial.py", False),
        ("coordination/core/migrations/0002_more.py", False),
        ("coordination/statements/triggers.py", False),
        ("requirements/dev.txt", False),
        ("coordination/core/views.py", True),
    ],
)
def test_a_database_is_kept_until_what_makes_it_changes(databases, project, path, same):
    before = databases.state_of_migrations(project)

    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("two")

    assert (databases.state_of_migrations(project) == before) == same


def test_every_file_that_decides_is_there(databases):
    """A file that moves away would no longer decide."""
    missing = [pattern for pattern in databases.DECIDING if not list(ROOT.glob(pattern))]

    assert missing == ["coordination/core/models/*.py"]  # what models.py may become


def test_only_the_databases_used_last_are_kept(databases, tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "KEPT", tmp_path)
    for number in range(8):
        kept = tmp_path / f"{number}.sqlite3"
        kept.touch()
        os.utime(kept, (number, number))

    databases.use(tmp_path / "1.sqlite3")

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{number}.sqlite3" for number in (1, 3, 4, 5, 6, 7)
    ]


@pytest.mark.parametrize(
    ("path", "same"),
    [("coordination/core/views.py", False), ("coordination/core/tests/test_views.py", True)],
)
def test_the_demonstration_is_told_anew_when_code_changes(
    databases, project, monkeypatch, path, same
):
    monkeypatch.setattr(databases, "KEPT", project / "kept")
    before = databases.told_folder(project)

    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("two")
    after = databases.told_folder(project)

    assert ((after == before), before.exists(), after.exists()) == (same, same, True)
