"""The databases that the tests begin with: migrated once, kept, and copied by each run.

To migrate takes 15 seconds, to copy one tenth of a second.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coordination.tests.services.postgres import PrivatePostgres, binaries  # noqa: E402 - the path comes first
from coordination.tests.services.redis import PrivateRedis  # noqa: E402 - the path comes first

KEPT = ROOT / ".pytest_cache" / "migrated"
KEPT_AT_MOST = 6  # the files of three states of the migrations, on two databases
# what decides which tables and triggers a migrated database has, the packages with theirs
DECIDING = (
    "coordination/*/migrations/*.py",
    "coordination/core/append_only.py",
    "coordination/core/models.py",
    "coordination/core/models/*.py",
    "coordination/statements/triggers.py",
    "gmgapp/settings.py",
    "requirements/dev.txt",
)
ON_POSTGRES = "migrated"  # the name of the database that workers copy
Server = PrivatePostgres | PrivateRedis


@dataclass(slots=True)
class Servers:
    """The servers of one run.

    `urls` has DATABASE_URL and REDIS_URL, `owned` the private servers to stop, `missing` what did
    not start and why.
    """

    urls: dict[str, str] = field(default_factory=dict)
    owned: list[Server] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def own_postgres(self) -> bool:
        """Say whether PostgreSQL is a private one, in which we may make databases."""
        return any(isinstance(server, PrivatePostgres) for server in self.owned)

    def stop(self) -> None:
        """Stop the private servers."""
        for server in self.owned:
            server.stop()


def started() -> Servers:
    """Return the servers that the environment names, and private ones for the others."""
    servers = Servers()
    for name, scheme, make, package in [
        ("DATABASE_URL", "postgres", PrivatePostgres, "postgresql"),
        ("REDIS_URL", "redis", PrivateRedis, "redis-server"),
    ]:
        if os.environ.get(name, "").startswith(scheme):
            servers.urls[name] = os.environ[name]
            continue
        try:
            server: Server = make()
            servers.owned.append(server)
            servers.urls[name] = server.start().url
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            servers.missing.append(f"everything on {name} ({error}): apt-get install {package}")
    return servers


def state_of_migrations(root: Path = ROOT) -> str:
    """Return a hash of the files that decide what a migrated database looks like."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in DECIDING for path in root.glob(pattern)):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def told_folder(root: Path = ROOT) -> Path:
    """Return the folder where the tests keep the demonstration that this state of the code told.

    Remove those of other states.
    """
    digest = hashlib.sha256(state_of_migrations(root).encode())
    files = [*root.glob("coordination/**/*.py"), *root.glob("fixtures/*.json")]
    ours = (path for path in files if "tests" not in path.relative_to(root).parts)
    for path in sorted(ours):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    folder = KEPT / f"told-{digest.hexdigest()[:16]}"
    for other in set(KEPT.glob("told-*")) - {folder}:
        shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def migrate(url: str, env: dict[str, str]) -> bool:
    """Migrate the database at `url`; return whether that went well."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env={**env, "DEBUG": "true", "DATABASE_URL": url}, check=False
    )
    return done.returncode == 0


def kept_sqlite(env: dict[str, str]) -> Path | None:
    """Return a migrated SQLite database to copy; None if the migrations do not run.

    `env` is the environment of `manage.py migrate`.
    """
    kept = KEPT / f"{state_of_migrations()}.sqlite3"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        # migrated apart, so that an interrupted run leaves no half of a database behind
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            made = Path(folder, "made.sqlite3")
            if not migrate(f"sqlite:///{made}", env):
                return None
            made.replace(kept)
    use(kept)
    return kept


def kept_dump(urls: dict[str, str], env: dict[str, str]) -> Path | None:
    """Make the database ON_POSTGRES on a private server; return a dump of it.

    None: it is migrated, but this machine has no pg_dump. Raise RuntimeError if the migrations do
    not run.
    """
    bin_folder = binaries()
    server, _, _name = urls["DATABASE_URL"].rpartition("/")
    url = f"{server}/{ON_POSTGRES}"
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {ON_POSTGRES}")
        version = connection.info.server_version // 10000
    tools = bin_folder is not None and (bin_folder / "pg_dump").exists()
    kept = KEPT / f"{state_of_migrations()}-{version}.dump"
    if bin_folder and tools and kept.exists():
        restore: list[str | Path] = [bin_folder / "pg_restore", "--no-owner", "--dbname", url, kept]
        subprocess.run(restore, check=True)
    elif not migrate(url, env):
        raise RuntimeError("the migrations do not run on PostgreSQL")
    elif bin_folder and tools:
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            made = Path(folder, "made.dump")
            dump: list[str | Path] = [bin_folder / "pg_dump", "--format=custom", "--file", made]
            subprocess.run([*dump, "--dbname", url], check=True)
            made.replace(kept)
    else:
        return None
    use(kept)
    return kept


def use(kept: Path) -> None:
    """Note that a file is in use, and remove those that were not used for longest."""
    kept.touch()
    files = sorted(
        (path for path in KEPT.iterdir() if path.suffix in {".sqlite3", ".dump"}),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in files[KEPT_AT_MOST:]:
        path.unlink(missing_ok=True)
