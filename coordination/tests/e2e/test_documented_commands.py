"""Every command in README and docs/, run as it is printed.

Commands of manage.py run in this process where their meaning allows; those of a new group and of a back-up run as processes, in their
order, on a folder as ./run leaves it. CANNOT says which ones no test can run, and why; READ_ONLY of which kinds only the words are read.
"""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from celery.bin.celery import celery
from django.core.management import CommandError, call_command, load_command_class

from coordination.members.models import Person
from coordination.tests.e2e.machinery import put_migrated
from coordination.tests.e2e.starting import environment
from coordination.tests.house.source import ROOT
from coordination.textkit.__main__ import main as fold
from gmgapp import start

PAPERS = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
PROGRAM = re.compile(
    r"(?:[A-Z]+=\S+ )?(?:\*/5 \* \* \* \* )?"
    r"(?:\./(?:run|test|manage)\b|(?:python3?|manage\.py|\.venv/\S+|docker|cp|aws|pip|bash|celery|gunicorn|curl) )"
)
BEFORE_MANAGE = (
    r"(?:docker compose exec web python |\.venv/bin/python |python |\*/5 \* \* \* \* python |)"
)
MANAGE = re.compile(rf"{BEFORE_MANAGE}manage\.py (?P<words>[a-z_]+.*)")
OWN = re.compile(r"\./manage (?P<words>[a-z_]+.*)")
MODULE = re.compile(r"python -m (?P<name>[\w.]+)(?: (?P<words>.*))?")

DOCKER = "needs an engine of containers; test_compose runs the commands of the services without one"
CANNOT = {
    "docker compose up -d": DOCKER,
    "docker compose build": DOCKER,
    "docker compose cp": DOCKER,
    "docker compose stop": DOCKER,
    "docker compose cp web:/data/backup.tar ./2026-11-23.tar": DOCKER,
    "docker compose exec web python manage.py": DOCKER,
    "docker compose build && docker compose up -d": DOCKER,
    "docker compose build --pull && docker compose up -d": DOCKER,
    "docker buildx imagetools inspect --format '{{.Manifest.Digest}}' postgres:17.11-trixie": DOCKER,
    "aws s3 sync MEDIA_ROOT s3://BUCKET": "needs an account of Amazon",
    "python3 -m venv .venv": "makes the environment that runs this test; ./run and ./test do the same",
    ".venv/bin/pip install --require-hashes -r requirements/prod.txt": "asks the package index; ./run does the same",
    "bash .ci/run": "installs Debian packages",
    "python manage.py NAME": "a form, not a command",
    "manage.py makemessages --locale fr --no-location": "needs gettext, and writes into the code",
    "manage.py compilemessages": "needs gettext, and writes into the code",
}
# what is printed is read by the program itself, so a wrong option fails; it goes no further
READ_ONLY = {
    "server": "runs until it is stopped; test_compose starts each service with its options",
    "test": "runs tests, this one among them",
    "run": "serves until it is stopped; test_run starts it with each option",
    "module": "measures for minutes, except the text engine, which is run",
}


@cache
def documented() -> dict[str, str]:
    """Return each command with the paper that prints it first."""
    commands: dict[str, str] = {}
    for paper in PAPERS:
        text = paper.read_text(encoding="utf-8")
        lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
        printed = [re.split(r"\s+#", line)[0].strip() for line in lines]
        rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        printed += [words for words in INLINE.findall(rest) if PROGRAM.match(words)]
        for command in filter(None, printed):
            commands.setdefault(command, str(paper.relative_to(ROOT)))
    return commands


def kind(command: str) -> str:
    """Return how a command is tried here; "" for one that nobody has thought of."""
    words = re.sub(r"^[A-Z]+=\S+ ", "", command)
    if command in CANNOT:
        return "cannot"
    if command in IN_ORDER:
        return "process"
    patterns = {"manage": MANAGE, "own": OWN, "module": MODULE}
    for name, pattern in patterns.items():
        if pattern.fullmatch(words):
            return name
    first = words.split()[0]
    kinds = {"./run": "run", "./test": "test", "./manage": "run", "cp": "copy"}
    servers = dict.fromkeys((".venv/bin/gunicorn", ".venv/bin/celery"), "server")
    return (kinds | servers).get(first, "")


# as somebody types them, one after the other
IN_ORDER = (
    "./manage set_up --file docs/operate/new-group.json",
    "./manage import_members docs/operate/new-group.csv --dry-run",
    "./manage import_members docs/operate/new-group.csv",
    "./manage who_chairs",
    "python manage.py check --deploy",
    "python manage.py check --database default",
    "python manage.py backup /somewhere/2026-11-23.tar",
    "python manage.py restore /somewhere/2026-11-23.tar",
    "manage.py flush",
)
# the paper says that it is refused
REFUSED = {"manage.py flush"}


def test_every_command_is_tried_or_says_why_not():
    unknown = [
        f"{paper}: {command}" for command, paper in documented().items() if not kind(command)
    ]

    assert unknown == []
    assert len(documented()) > 50
    run = [each for each in documented() if kind(each) not in {"cannot", *READ_ONLY}]
    assert len(run) > len(CANNOT)


def test_no_entry_is_about_a_command_that_no_paper_prints():
    assert [command for command in (*CANNOT, *IN_ORDER) if command not in documented()] == []


@pytest.mark.process
def test_a_bare_clone_says_which_command_to_use(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "createsuperuser"],
        cwd=ROOT,
        env=environment(tmp_path / "var"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == (
        "SECRET_KEY must be set to 50 or more random characters when DEBUG is off. "
        "For the data of ./run: ./manage in place of manage.py.\n"
    )


def of_kind(name: str) -> list[str]:
    return [command for command in documented() if kind(command) == name]


@pytest.mark.process
@pytest.mark.timeout(300)
def test_the_commands_of_a_new_group_and_of_a_back_up_do_what_the_paper_says(tmp_path):
    var = tmp_path / "var"
    put_migrated(f"sqlite:///{var}/gmg.sqlite3")
    bare = environment(var) | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    if not (var / "gmg.sqlite3").exists():
        migrated = [sys.executable, "manage.py", "migrate", "-v0"]
        var.mkdir(exist_ok=True)
        subprocess.run(migrated, cwd=ROOT, env=bare | {"DEBUG": "true"}, check=True)
    (var / "prepared").write_text("version empty")
    (var / "address").write_text("http://localhost:8123")
    words = {}
    for command in IN_ORDER:
        given = {} if command.startswith("./manage") else {"DEBUG": "true"}
        printed = command.replace("/somewhere", str(tmp_path))
        printed = re.sub(r"^manage\.py", "python manage.py", printed)
        if " restore " in printed:
            # into an empty database, as the paper has it
            given["DATABASE_URL"] = f"sqlite:///{tmp_path}/another.sqlite3"
        done = subprocess.run(
            shlex.split(printed), cwd=ROOT, env=bare | given, input="yes\n", capture_output=True, text=True, check=False
        )  # fmt: skip
        assert (done.returncode != 0) == (command in REFUSED), (command, done.stderr)
        words[command] = done.stdout
    set_up, dry, real, chairs, *_ = words.values()
    assert "http://localhost:8123/accounts/password/reset/key/" in set_up
    assert dry.splitlines()[-1] == "Nothing was put on record: a dry run."
    assert real.splitlines()[-1] == "Done."
    told = (ROOT / "docs" / "operate" / "new-group.md").read_text(encoding="utf-8")
    assert f"`{chairs.strip()}`" in told


VALUES = {
    "EMAIL": "lost@example.org",
    "WHY": "lost",
    "MOMENT": "2026-11-23T09:00:00+00:00",
    "/data/backup.tar": "backup.tar",
    "before-upgrade.tar": "backup.tar",
}
# these run on the test's own database; its file is not one that a back-up could copy
AS_PARSED = {"backup", "restore", "set_up", "import_members"}


def forms_of(words: str) -> list[list[str]]:
    """Return a command without what stands in brackets, and with it."""
    without, with_it = re.sub(r" \[[^\]]*\]", "", words), words.replace("[", "").replace("]", "")
    return [
        [VALUES.get(word, word) for word in shlex.split(form)]
        for form in dict.fromkeys([without, with_it])
    ]


@pytest.mark.django_db
def test_commands_of_manage_run_as_printed(now, settings, tmp_path, monkeypatch, capsys):
    settings.STATIC_ROOT = tmp_path
    Person.objects.create_user("lost@example.org", name="Lena")
    commands = [*of_kind("manage"), *of_kind("own")]
    for command in commands:
        pattern = MANAGE if kind(command) == "manage" else OWN
        for name, *arguments in forms_of(pattern.fullmatch(command)["words"]):
            if name in AS_PARSED:
                parse(name, arguments)
            else:
                run(name, arguments)
    capsys.readouterr()
    assert len(commands) > 12


def parse(name: str, arguments: list[str]) -> None:
    """Let the command read its arguments; it ends the process at one that it does not know."""
    load_command_class(app_of(name), name).create_parser("manage.py", name).parse_args(arguments)


def app_of(name: str) -> str:
    [path] = ROOT.glob(f"coordination/*/management/commands/{name}.py")
    return f"coordination.{path.parents[2].name}"


def run(name: str, arguments: list[str]) -> None:
    """Run the command; where there is nothing for it to do, it says so."""
    if name in ANSWERS:
        with pytest.raises(CommandError, match=ANSWERS[name]):
            call_command(name, *arguments)
    else:
        call_command(name, *arguments)


ANSWERS = {"reset_second_factor": "no second factor"}


@pytest.mark.parametrize("command", of_kind("module"))
def test_modules_are_there(command, tmp_path, capsys):
    found = MODULE.fullmatch(command)
    name, words = found["name"], found["words"]
    spec = importlib.util.find_spec(name)
    assert spec, name
    assert not spec.submodule_search_locations or importlib.util.find_spec(f"{name}.__main__")
    if words == "FILE.json":
        paper = (ROOT / "docs" / "develop" / "textkit.md").read_text(encoding="utf-8")
        file = tmp_path / "FILE.json"
        file.write_text(re.search(r"```json\n(.*?)```", paper, re.DOTALL)[1], encoding="utf-8")
        assert fold([str(file)]) == 0
        compiled = json.loads(capsys.readouterr().out)["compiled"]
        assert all(line in paper for line in compiled.splitlines() if line)


@pytest.mark.process
def test_servers_take_what_is_printed(tmp_path, capsys):
    commands = of_kind("server")
    assert len(commands) == 4
    for command in commands:
        program, *options = shlex.split(command)
        if program.endswith("celery"):
            # help is shown once all options are read
            assert celery.main(args=[*options, "--help"], standalone_mode=False) == 0
            continue
        done = subprocess.run(
            [sys.executable, "-m", "gunicorn", *options, "--check-config"],
            cwd=ROOT, env=environment(tmp_path / "var", DEBUG="true"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    with pytest.raises(SystemExit):
        celery.main(args=["-A", "gmgapp", "beat", "--no-such", "--help"])
    assert "No such option" in capsys.readouterr().err


@pytest.mark.parametrize("command", of_kind("run"))
def test_run_takes_what_is_printed(command, monkeypatch, capsys):
    """test_run starts it; here it reads its options, without any."""
    first, *options = shlex.split(command)
    assert os.access(ROOT / first, os.X_OK)
    if first == "./manage":
        assert options == []
        return
    monkeypatch.setattr(sys, "argv", [first, *options])
    if "--help" in options:
        with pytest.raises(SystemExit) as end:
            start.arguments()
        assert (end.value.code, "--empty" in capsys.readouterr().out) == (0, True)
    else:
        assert start.arguments()


@pytest.fixture
def given():
    """Return what reads the command line of ./test."""
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        checks = importlib.import_module("checks")
    finally:
        sys.path.remove(str(ROOT / ".ci"))
    return checks.given


@pytest.mark.parametrize("command", of_kind("test"))
def test_test_takes_what_is_printed(command, given, monkeypatch):
    words = shlex.split(re.sub(r"^[A-Z]+=\S+ ", "", command))
    monkeypatch.setattr(sys, "argv", words)

    options, extra = given()

    paths = [word for word in (*options.paths, *extra) if "/" in word]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("command", of_kind("copy"))
def test_files_to_copy_are_there(command, tmp_path):
    _cp, source, target = shlex.split(command)

    shutil.copy(ROOT / source, tmp_path / target)
    assert "SECRET_KEY" in (tmp_path / target).read_text(encoding="utf-8")
