"""What the style guide asks of the papers: README, docs, CHANGELOG, locks, settings."""

import re
import tomllib
from importlib import metadata

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from coordination.tests.house.source import ROOT, at, hold, lines, python_files, templates

SETTINGS = (ROOT / "gmgapp" / "settings.py").read_text(encoding="utf-8")
TABLE = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")
PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
COMMAND = re.compile(r"manage\.py ([a-z_]+)")


def test_the_papers_that_people_look_for_are_there() -> None:
    wanted = [
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/operate/install.md",
        "docs/operate/settings.md",
        "docs/operate/backup.md",
        "docs/operate/upgrade.md",
    ]

    hold("a paper is missing", [name for name in wanted if not (ROOT / name).exists()])


def test_the_readme_begins_with_the_two_commands() -> None:
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("```sh\n")[1].split("```")[0]
    commands = [line.split()[0] for line in block.splitlines()]

    assert commands == ["./run", "./test"]
    hold(
        "a command of the README can be run",
        [name for name in commands if not (ROOT / name).stat().st_mode & 0o111],
    )


def test_commands_in_the_papers_exist() -> None:
    own = {path.stem for path in ROOT.glob("coordination/*/management/commands/*.py")}
    of_django = {
        "migrate",
        "collectstatic",
        "createsuperuser",
        "check",
        "makemigrations",
        "shell",
        "makemessages",
        "compilemessages",
        "changepassword",
        "clearsessions",
        "flush",
    }
    wrong = [
        f"{at(paper, number)}: {name}"
        for paper in PAPERS
        for number, line in lines(paper)
        for name in COMMAND.findall(line)
        if name not in own | of_django
    ]

    hold("a command that a paper names exists", wrong)


def test_own_commands_are_in_the_papers() -> None:
    texts = "\n".join(paper.read_text(encoding="utf-8") for paper in PAPERS)
    own = {path.stem for path in ROOT.glob("coordination/*/management/commands/*.py")} - {
        "__init__"
    }

    hold("a command is told of in a paper", sorted(name for name in own if name not in texts))


def test_links_between_papers_lead_somewhere() -> None:
    wrong = [
        f"{paper.relative_to(ROOT)}: {target}"
        for paper in PAPERS
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
        if "://" not in target and not (paper.parent / target).exists()
    ]

    hold("a link between papers leads somewhere", wrong)


def test_no_path_of_one_machine() -> None:
    pattern = re.compile(r"(^|[^A-Za-z0-9_.\-/])/(work|farm|root|home|Users)/")
    papers = [
        *PAPERS,
        *python_files(tests=True),
        *templates(),
        *ROOT.glob("requirements/*.txt"),
        *ROOT.glob(".ci/*"),
        ROOT / "pyproject.toml",
    ]
    wrong = [
        at(path, number)
        for path in papers
        if path.is_file()
        for number, line in lines(path)
        if pattern.search(line)
    ]

    hold("no path of one machine", wrong)


def test_every_setting_is_explained_and_no_other() -> None:
    read = set(re.findall(r"""(?:env\.\w+|os\.environ\.get)\(\s*"(\w+)\"""", SETTINGS))
    told = {
        name
        for line in TABLE.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[1])
    }

    hold(
        "docs/operate/settings.md tells of each setting that is read, and of no other",
        sorted(read ^ told),
    )


def test_the_told_defaults_are_the_defaults() -> None:
    literal = dict(re.findall(r"""env\.\w+\(\s*"(\w+)", default=([\d.]+)\)""", SETTINGS))
    wrong = []
    for line in TABLE.splitlines():
        if not line.startswith("| `"):
            continue
        names, told = (re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:3])
        wrong += [
            f"{name}: {said} is told, {literal[name]} is so"
            for name, said in zip(names, told, strict=False)
            if name in literal and float(literal[name]) != float(said)
        ]

    hold("docs/operate/settings.md tells the defaults as they are", wrong)


def test_a_language_is_offered_once_it_has_a_catalogue() -> None:
    catalogues = {
        path.name
        for folder in settings.LOCALE_PATHS
        for path in folder.glob("*")
        if any(path.glob("LC_MESSAGES/django.mo"))
    }
    offered = {code for code, _name in settings.LANGUAGES}

    assert settings.LANGUAGE_CODE in offered
    hold(
        "a language that is offered has our words, not Django's alone",
        sorted(offered - catalogues - {settings.LANGUAGE_CODE}),
    )


def test_locks_hold_what_is_asked_for_and_nothing_of_a_machine() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "prod": project["dependencies"],
        "s3": project["dependencies"] + extras["s3"],
        "test": project["dependencies"] + extras["test"],
        "dev": project["dependencies"] + extras["test"] + extras["dev"],
    }
    wrong = []
    for name, dependencies in asked.items():
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        held = set(re.findall(r"^([a-z0-9-]+)(?:\[.*?\])?==", lock, re.MULTILINE))
        wrong += [
            f"{name}.txt lacks {one}"
            for one in dependencies
            if re.split(r"[\[<>=; ]", one)[0].lower() not in held
        ]
        wrong += [
            f"{name}.txt: {line}"
            for line in lock.splitlines()
            if re.match(r"-|.*(://|@ file)", line.strip().removeprefix("--hash"))
            and not line.startswith("#")
        ]
        if lock.count("==") > lock.count("--hash"):
            wrong.append(f"{name}.txt has a package without a hash")

    hold("./test --lock was run after a change of pyproject.toml", wrong)


@pytest.mark.parametrize("name", ["prod", "s3", "test", "dev"])
def test_locks_pin_every_extra_that_a_package_asks_for(name: str) -> None:
    """Where a lock pins `package`, some pips look for `package[extra]` by themselves, take the newest there is, and refuse it."""
    lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pinned = {
        one: set(re.findall(r"[\w-]+", extras))
        for one, extras in re.findall(r"^([a-z0-9-]+)(\[.*?\])?==", lock, re.MULTILINE)
    }
    here = [one for one in metadata.distributions() if canonicalize_name(one.name) in pinned]
    asked = [(one.name, Requirement(text)) for one in here for text in one.requires or ()]
    wrong = [
        f"{name}.txt pins {wanted.name} without {wanted.extras - pinned[canonicalize_name(wanted.name)]}, which {one} asks for"
        for one, wanted in asked
        if canonicalize_name(wanted.name) in pinned
        and applies(wanted, pinned[canonicalize_name(one)])
        if not wanted.extras <= pinned[canonicalize_name(wanted.name)]
    ]

    assert len(here) > 20
    hold("requirements/*.txt pin packages with the extras that are asked for", wrong)


def applies(wanted: Requirement, extras: set[str]) -> bool:
    """Say whether a requirement is one here, of a package that is installed with these extras."""
    return wanted.marker is None or any(
        wanted.marker.evaluate({"extra": extra}) for extra in {"", *extras}
    )
