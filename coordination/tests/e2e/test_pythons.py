"""./run starts under each Python that it supports and that this machine has.

Each has a copy of the app with a `.venv` of its own in `.pytest_cache/pythons/`, which is kept. uv makes it in seconds where pip takes a
minute, with the hashes of the same lock; where uv fails, pip does it as for ./run. That pip takes the lock, the first ./test of each
clone shows.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coordination.tests.e2e.starting import ROOT, Started
from coordination.tests.services.waiting import PATIENCE

pytestmark = [pytest.mark.process, pytest.mark.once, pytest.mark.timeout(1200)]

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
OURS = ".".join(map(str, sys.version_info[:2]))
KEPT = ROOT / ".pytest_cache" / "pythons"
UV = Path(sys.executable).with_name("uv")
PARTS = ("coordination", "fixtures", "gmgapp", "requirements", "templates")
PREPARE = "import sys; sys.path.insert(0, '.ci'); import bootstrap; bootstrap.prepare('prod')"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def says(*command: str | Path) -> str:
    """Return what a command prints; "" if it cannot be run."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()


def pythons() -> dict[str, Path]:
    """Return the supported Pythons by version: those on the path, of pyenv and of uv."""
    home = Path.home()
    folders = [
        *map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep)),
        *Path(os.environ.get("PYENV_ROOT", home / ".pyenv")).glob("versions/*/bin"),
        *(home / ".local" / "share" / "uv" / "python").glob("*/bin"),
    ]
    found = {OURS: Path(sys.executable)}
    for version in SUPPORTED:
        names = (folder / f"python{version}" for folder in folders)
        for path in (name for name in names if name.exists()):
            if version not in found and says(path, "-c", VERSION) == version:
                found[version] = path
    return found


PYTHONS = pythons()
# the tests of ./run start it under the Python of the tests; here that one stands in where there is no other
OTHERS = sorted(PYTHONS.keys() - {OURS}) or [OURS]


def renew(source: Path, target: Path) -> None:
    """Let a folder hold what the source holds; what Python compiled of the same files stays."""
    unused = shutil.ignore_patterns("tests", "__pycache__")
    shutil.copytree(source, target, ignore=unused, dirs_exist_ok=True)
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.suffix != ".pyc" and not (source / path.relative_to(target)).exists():
            path.unlink()


def fill(folder: Path, python: Path) -> None:
    """Make `.venv` by uv, where it is, with the packages of the lock, as bootstrap knows it; where that fails bootstrap installs them."""
    lock, venv = folder / "requirements" / "prod.txt", folder / ".venv"
    stamp = venv / "installed-prod"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not UV.exists() or (stamp.exists() and stamp.read_text() == digest):
        return
    make = [UV, "venv", "--quiet", "--clear", "--python", python, venv]
    install = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--python",
        venv / "bin" / "python",
        "-r",
        lock,
    ]
    if all(subprocess.run(each, check=False).returncode == 0 for each in (make, install)):
        stamp.write_text(digest)
    else:
        shutil.rmtree(venv, ignore_errors=True)


@pytest.fixture
def copy_of_the_app(request) -> Path:
    """Return a folder with the app as it is now, without the tests, and the `.venv` of an earlier run."""
    folder = KEPT / request.getfixturevalue("version")
    for part in PARTS:
        renew(ROOT / part, folder / part)
    (folder / ".ci").mkdir(exist_ok=True)
    for name in ("run", "manage.py", ".ci/bootstrap.py"):
        shutil.copy2(ROOT / name, folder / name)
    if folder.name != OURS:
        fill(folder, PYTHONS[folder.name])
    elif not (folder / ".venv").exists():
        (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.parametrize("version", OTHERS)
def test_the_app_starts_under_each_python(version, copy_of_the_app, tmp_path):
    python, var = PYTHONS[version], tmp_path / "var"
    prepared = subprocess.run(
        [python, "-c", PREPARE], cwd=copy_of_the_app, capture_output=True, text=True, check=False
    )
    if "package index within reach" in prepared.stderr:
        pytest.skip(f"the packages for Python {version} are out of reach")
    assert prepared.returncode == 0, prepared.stderr
    if migrated := os.environ.get("MIGRATED_FILE"):
        var.mkdir()
        shutil.copy(migrated, var / "gmg.sqlite3")

    with Started(var, "--empty", run=(python, copy_of_the_app / "run")) as app:
        page = app.page("/")
        running = app.children()
        code = app.stop(signal.SIGINT)

    assert says(copy_of_the_app / ".venv" / "bin" / "python", "-c", VERSION) == version
    assert "<h1" in page  # an empty start has no group to name
    assert sorted(running) == ["web", "worker"]
    assert code == 0
