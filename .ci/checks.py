"""What ./test does: lint, then the tests on SQLite, then on PostgreSQL with real servers, then the gate of coverage."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() == "true"

LINT = [
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("ruff", [BIN / "ruff", "check", "--quiet", "."]),
    ("templates", [BIN / "djlint", "templates", "--lint", "--quiet"]),
    ("layers", [BIN / "lint-imports", "--no-logo"]),
    ("types", [BIN / "mypy", "coordination", "gmgapp"]),
    ("house", [sys.executable, "-m", "pytest", "coordination/tests/house", "-q", "-n0", "-p", "no:cacheprovider", "--no-header"]),
    ("spelling", [BIN / "codespell"]),
    ("dependencies", [BIN / "deptry", "."]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    (
        "audit",
        [BIN / "pip-audit", "--requirement", "requirements/prod.txt", "--require-hashes", "--disable-pip", "--progress-spinner", "off"],
    ),
]
UNREACHABLE = re.compile(r"ConnectionError|Max retries|Name or service|resolve|ProxyError|timed out|ServiceError|HTTPError")
LOCKS = {"prod": [], "test": ["--extra", "test"], "dev": ["--extra", "test", "--extra", "dev"]}


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a check: nothing of a .env, nothing of the caller's servers unless given on purpose."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DEBUG", "DEMO", "CLOCK_OFFSET_SECONDS", "SECRET_KEY", "SITE_URL"}
    }
    return {**kept, "ENV_FILE": os.devnull, "PYTHONDONTWRITEBYTECODE": "1", **more}


def lint() -> bool:
    """Run every check, fastest first; print what failed."""
    good = True
    for name, command in LINT:
        begun = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment(DEBUG="true", PYTEST_ADDOPTS=""),
            capture_output=True,
            text=True,
            check=False,
        )
        output = (done.stdout + done.stderr).strip()
        seconds = time.monotonic() - begun
        if done.returncode == 0:
            print(f"  ok      {name:<13}{seconds:5.1f} s", flush=True)
        elif name == "audit" and UNREACHABLE.search(output):
            print(f"  not run {name:<13}{seconds:5.1f} s: the index of known vulnerabilities is out of reach", flush=True)
        else:
            good = False
            print(f"  FAILED  {name:<13}{seconds:5.1f} s\n{output[-6000:]}\n", flush=True)
    return good


def lock() -> None:
    """Write requirements/*.txt from pyproject.toml, with hashes."""
    for name, extras in LOCKS.items():
        command = [
            BIN / "uv",
            "pip",
            "compile",
            "--quiet",
            "--upgrade",
            "pyproject.toml",
            *extras,
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--custom-compile-command",
            "./test --lock",
            "-o",
            f"requirements/{name}.txt",
        ]
        without_links = {key: value for key, value in os.environ.items() if key != "PIP_FIND_LINKS"}
        subprocess.run([str(part) for part in command], cwd=ROOT, check=True, env=without_links)


class Run:
    """One run of pytest: its name, its environment, its selection."""

    def __init__(self, name: str, selection: str, workers: str, **env: str) -> None:
        self.name, self.selection, self.workers, self.env = name, selection, workers, env
        self.skipped: list[str] = []
        self.closing = ""

    def start(self, extra: list[str]) -> bool:
        """Run it, showing its output; keep its skips and its closing line."""
        print(f"\n=== {self.name}", flush=True)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            self.workers,
            "--dist",
            "worksteal",
            "-m",
            self.selection,
            "--cov",
            "--cov-append",
            "--cov-report=",
            *extra,
        ]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(**self.env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("SKIPPED"):
                self.skipped.append(line.strip())
            if re.search(r"\d+ (passed|failed|error)", line):
                self.closing = line.strip()
        return process.wait() in {0, 5}


def servers() -> tuple[dict[str, str], list, list[str]]:
    """Return DATABASE_URL and REDIS_URL, the private servers to stop, and what could not be started."""
    from coordination.tests.services.postgres import PrivatePostgres
    from coordination.tests.services.redis import PrivateRedis

    urls, owned, missing = {}, [], []
    for name, make, remedy in [
        ("DATABASE_URL", PrivatePostgres, "apt-get install postgresql"),
        ("REDIS_URL", PrivateRedis, "apt-get install redis-server"),
    ]:
        if os.environ.get(name):
            urls[name] = os.environ[name]
            continue
        try:
            server = make().start()
        except (FileNotFoundError, OSError, subprocess.CalledProcessError) as error:
            missing.append(f"{name}: {error}; add it with: {remedy}")
        else:
            owned.append(server)
            urls[name] = server.url
    return urls, owned, missing


def everything(extra: list[str], *, fast: bool) -> tuple[bool, list[str], list[str]]:
    """Run the tests; return whether all passed, what was skipped, and the closing lines."""
    (ROOT / ".coverage").unlink(missing_ok=True)
    runs = [
        Run(
            "SQLite, no servers", "not postgres and not browser and not process and not redis", "2", DATABASE_URL="sqlite:///unused.sqlite3"
        )
    ]
    urls, owned, skipped = ({}, [], []) if fast else servers()
    if "DATABASE_URL" in urls:
        runs.append(Run("PostgreSQL", "not browser and not process", "2", **urls))
        runs.append(Run("PostgreSQL, Redis, SMTP, real processes and a browser", "browser or process", "2", **urls))
    try:
        good = all([run.start(extra) for run in runs])
    finally:
        for server in owned:
            server.stop()
    for run in runs:
        skipped += run.skipped if run.name != "SQLite, no servers" else []
    return good, skipped, [f"{run.name}: {run.closing}" for run in runs]


def main() -> int:
    """Read the command line, run, and say what was skipped."""
    parser = argparse.ArgumentParser(prog="./test", description="Run the checks and all tests that this machine allows.")
    parser.add_argument("--lint", action="store_true", help="the checks only, no tests")
    parser.add_argument("--fast", action="store_true", help="the tests on SQLite only, without servers or a browser")
    parser.add_argument("--no-lint", action="store_true", help="the tests only")
    parser.add_argument("--lock", action="store_true", help="write requirements/*.txt anew from pyproject.toml")
    options, extra = parser.parse_known_args()
    extra = [part for part in extra if part != "--"]
    if options.lock:
        lock()
        return 0
    begun = time.monotonic()
    good = options.no_lint or lint()
    if options.lint:
        return 0 if good else 1
    passed, skipped, closing = everything(extra, fast=options.fast)
    if passed and not extra and not options.fast:
        good = (
            subprocess.run([sys.executable, str(ROOT / ".ci" / "coverage_gate.py")], cwd=ROOT, check=False, env=environment()).returncode
            == 0
            and good
        )
    print()
    for line in closing:
        print(line)
    print(f"{time.monotonic() - begun:.0f} seconds")
    if skipped:
        print("Skipped, with what would add it:")
        print("\n".join(sorted(set(skipped))))
    elif not options.fast:
        print("Nothing was skipped.")
    return 0 if good and passed and not (IN_CI and skipped) else 1


if __name__ == "__main__":
    sys.exit(main())
