"""What ./test does: the checks, the tests and the gate of coverage.

The tests run on SQLite, on PostgreSQL with real servers, and with processes and a browser.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import databases
import runs
from runs import Run

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() == "true"

# The longest begins first: two run at a time
LINT: list[tuple[str, list[str | Path]]] = [
    ("types", [BIN / "mypy", "coordination", "gmgapp", "bench", ".ci"]),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("ruff", [BIN / "ruff", "check", "--quiet", "."]),
    (
        "house",
        [*runs.PYTEST, "coordination/tests/house", "-n0", "-p", "no:cacheprovider", "--no-header"],
    ),
    ("spelling", [BIN / "codespell"]),
    ("dependencies", [BIN / "deptry", "."]),
    ("layers", [BIN / "lint-imports", "--no-logo"]),
    ("markup", [BIN / "djangofmt", "--check", "--quiet", "templates"]),
    ("templates", [BIN / "djlint", "templates", "--lint", "--quiet"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    (
        "audit",
        [
            BIN / "pip-audit",
            "--requirement",
            "requirements/s3.txt",
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner=off",
        ],
    ),
]
UNREACHABLE = re.compile(
    r"ConnectionError|Max retries|Name or service|resolve|ProxyError|timed out|ServiceError"
    r"|HTTPError"
)
EXTRAS = {
    "prod": [],
    "s3": ["--extra", "s3"],
    "test": ["--extra", "test"],
    "dev": ["--extra", "test", "--extra", "dev"],
}
COUNTED = ("failed", "passed", "skipped", "xfailed", "error")
LAST_LINES = 80  # of the failures of one run, shown again at the end


def check(name: str, command: list[str | Path]) -> bool:
    """Run one check; print how it went."""
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=runs.environment(DEBUG="true", PYTEST_ADDOPTS=""),
        capture_output=True,
        text=True,
        check=False,
    )
    output = (done.stdout + done.stderr).strip()
    line = f"{name:<13}{time.monotonic() - begun:5.1f} s"
    if done.returncode == 0:
        print(f"  ok      {line}", flush=True)
    elif name == "audit" and UNREACHABLE.search(output):
        print(
            f"  NOT RUN {line}: the list of known vulnerabilities is out of reach; nothing is "
            "known of the dependencies",
            flush=True,
        )
        return True
    else:
        print(f"  FAILED  {line}\n{output[-6000:]}\n", flush=True)
    return done.returncode == 0


def lint(*, alone: bool) -> bool:
    """Run every check, two at a time; say whether all went well.

    The rules of the house are tests: they come again with the others.
    """
    checks = [(name, command) for name, command in LINT if alone or name != "house"]
    with ThreadPoolExecutor(2) as pool:
        return all(list(pool.map(lambda each: check(*each), checks)))


def lock() -> None:
    """Write requirements/*.txt anew from pyproject.toml, with hashes.

    Indexes and links of this machine are left out.
    """
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))
    }
    for name, extras in EXTRAS.items():
        options = [
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-emit-find-links",
        ]
        command: list[str | Path] = [
            BIN / "uv",
            "pip",
            "compile",
            "--quiet",
            "--upgrade",
            "--no-strip-extras",
            "pyproject.toml",
            *extras,
            *options,
        ]
        subprocess.run(
            [
                *command,
                "--custom-compile-command",
                "./test --lock",
                "-o",
                f"requirements/{name}.txt",
            ],
            cwd=ROOT,
            check=True,
            env=plain,
        )


def copies_of_migrated(servers: databases.Servers) -> dict[str, str]:
    """Migrate a database of each kind, both at once; return where the workers find what they copy.

    The private PostgreSQL has its own, which `servers` names.
    """
    with ThreadPoolExecutor(2) as pool:
        on_sqlite = pool.submit(databases.kept_sqlite, runs.environment())
        on_postgres = (
            pool.submit(databases.kept_dump, servers.urls, runs.environment())
            if servers.own_postgres
            else None
        )
    kept = on_sqlite.result()
    if not kept:
        return {}
    copies = {"MIGRATED_FILE": str(kept), "TOLD": str(databases.told_folder())}
    if on_postgres:
        dump = on_postgres.result()
        servers.urls |= {"MIGRATED": databases.ON_POSTGRES, "TOLD": copies["TOLD"]}
        copies |= {"MIGRATED_DUMP": str(dump)} if dump else {}
    return copies


def everything(extra: list[str], *, fast: bool) -> tuple[bool, list[Run], list[str]]:
    """Run the tests; return whether all passed, the runs, and what was skipped."""
    for folder in (runs.COVERED, runs.RENDERED):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    servers = databases.Servers() if fast else databases.started()
    try:
        copies = copies_of_migrated(servers)
        lanes = (
            runs.on_sqlite_alone(copies)
            if fast
            else runs.with_servers(servers.urls, copies, own=servers.own_postgres)
        )
        passed = runs.all_at_once(lanes, extra)
    finally:
        servers.stop()
    ran = [run for lane in lanes for run in lane]
    skipped = {*servers.missing, *(line for run in ran for line in run.skipped)}
    return passed, ran, sorted(skipped)


def part(paths: list[str], words: str, extra: list[str]) -> int:
    """Run some tests in one process, on SQLite alone; say that they are not all."""
    named = ["-k", words] if words else []
    command = [*runs.PYTEST, "-n0", *named, *paths, *extra]
    kept = databases.kept_sqlite(runs.environment())
    copies = {}
    if kept:
        copies = dict.fromkeys(("MIGRATED", "MIGRATED_FILE"), str(kept))
        copies["TOLD"] = str(databases.told_folder())
    env = runs.environment(DATABASE_URL="sqlite:///:memory:", **copies)
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    print(
        "\nA PART ONLY, on SQLite alone: neither the checks nor the other tests ran. ./test runs "
        "all of them."
    )
    return done.returncode


def covered() -> bool:
    """Say whether the tests reach what they must."""
    return (
        subprocess.run(
            [sys.executable, ROOT / ".ci" / "coverage_gate.py"],
            cwd=ROOT,
            check=False,
            env=runs.environment(),
        ).returncode
        == 0
    )


def tell(ran: list[Run], skipped: list[str], seconds: float, *, fast: bool) -> None:
    """Print what failed, how each run closed, the sums, and what was skipped.

    Failures stand here once more, since other runs wrote on after them. The last line is the one
    command that adds what was skipped.
    """
    print()
    for run in ran:
        if run.failures:
            print(f"\n=== Failed: {run.name}", *run.failures[-LAST_LINES:], "", sep="\n")
    for run in ran:
        print(f"{run.name}: {run.closing}")
    total = sum((run.counts() for run in ran), Counter())
    print(
        f"{', '.join(f'{total[word]} {word}' for word in COUNTED if total[word]) or '0 passed'} "
        f"in {seconds:.2f}s"
    )
    if fast:
        print(
            "Left out by --fast: PostgreSQL, Redis, real processes and the browser. ./test runs "
            "them."
        )
    elif skipped:
        packages = sorted(
            {package for line in skipped for package in re.findall(r"apt-get install (\S+)", line)}
        )
        print("Skipped:\n" + "\n".join(skipped))
        print(
            f"Add them with: apt-get install {' '.join(packages)}" if packages else "Each says why."
        )
    else:
        print("Nothing was skipped.")


def interrupted(number: int, frame: FrameType | None) -> None:
    """Exit as on Ctrl-C when asked to end, so that the private servers end too."""
    raise KeyboardInterrupt


def given() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line: what is asked for, and what goes to pytest as it is."""
    parser = argparse.ArgumentParser(
        prog="./test",
        description=(
            "Run the checks and all tests that this machine allows. What follows -- goes to pytest."
        ),
    )
    parser.add_argument(
        "paths",
        nargs="*",
        help="the tests of these files and folders only, on SQLite alone, without the checks",
    )
    parser.add_argument(
        "-k", metavar="WORDS", default="", help="the tests of such a name only, likewise"
    )
    parser.add_argument("--lint", action="store_true", help="the checks only, no tests")
    parser.add_argument("--no-lint", action="store_true", help="the tests only")
    parser.add_argument(
        "--fast", action="store_true", help="the tests on SQLite only, without servers or a browser"
    )
    parser.add_argument(
        "--lock", action="store_true", help="write requirements/*.txt anew from pyproject.toml"
    )
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:split])
    if (options.paths or options.k) and (options.lint or options.lock):
        parser.error("--lint and --lock look at everything; leave the paths and -k away")
    return options, words[split + 1 :]


def main() -> int:
    """Read the command line, run, and say what was skipped."""
    options, extra = given()
    if options.lock:
        lock()
        return 0
    signal.signal(signal.SIGTERM, interrupted)
    if options.paths or options.k:
        return part(options.paths, options.k, extra)
    begun = time.monotonic()
    good = options.no_lint or lint(alone=options.lint)
    if options.lint:
        return 0 if good else 1
    passed, ran, skipped = everything(extra, fast=options.fast)
    if passed and not extra and not options.fast:
        good = covered() and good
    tell(ran, skipped, time.monotonic() - begun, fast=options.fast)
    if not good:
        print(
            "The tests passed, but a check above did not."
            if passed
            else "A check above did not pass either."
        )
    return 0 if good and passed and not (IN_CI and skipped) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
