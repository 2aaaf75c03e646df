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

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() == "true"
PYTEST = [sys.executable, "-m", "pytest", "-q"]
COVERED = ROOT / ".covered"  # what each traced run covered
RENDERED = ROOT / ".rendered"  # which parts of templates each worker rendered

# The longest begins first: two run at a time
LINT: list[tuple[str, list[str | Path]]] = [
    ("types", [BIN / "mypy", "coordination", "gmgapp", "bench", ".ci"]),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("ruff", [BIN / "ruff", "check", "--quiet", "."]),
    (
        "house",
        [*PYTEST, "coordination/tests/house", "-n0", "-p", "no:cacheprovider", "--no-header"],
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
OURS = re.compile(
    r"(DEBUG|DEMO|CLOCK_OFFSET_SECONDS|SECRET_KEY|SITE_URL|ALLOWED_HOSTS"
    r"|(DATABASE|REDIS|EMAIL)_URL|VAR_DIR|(MEDIA|STATIC)_ROOT"
    # without bytecode each worker of each run compiles all tests again: a minute in all
    r"|PYTHONDONTWRITEBYTECODE)$"
)
EXTRAS = {
    "prod": [],
    "s3": ["--extra", "s3"],
    "test": ["--extra", "test"],
    "dev": ["--extra", "test", "--extra", "dev"],
}
ALONE, NEEDS_SERVERS = "browser or process", "postgres or redis"
ON_SERVERS = f"{NEEDS_SERVERS} or differs"
COUNTED = ("failed", "passed", "skipped", "xfailed", "error")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a check.

    Nothing of a .env, nothing of the caller's settings but what is given on purpose.
    """
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return {**kept, "ENV_FILE": os.devnull, **more}


def check(name: str, command: list[str | Path]) -> bool:
    """Run one check; print how it went."""
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(DEBUG="true", PYTEST_ADDOPTS=""),
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


class Run:
    """One run of pytest: its name, its environment, its selection."""

    def __init__(
        self, name: str, selection: str, *options: str, traced: bool = False, env: dict[str, str]
    ) -> None:
        """Begin with nothing counted, in this environment; `traced` counts lines and branches."""
        self.name, self.selection, self.options, self.env, self.traced = (
            name,
            selection,
            options,
            env,
            traced,
        )
        self.options += () if "--dist=loadgroup" in options else ("--dist=worksteal",)
        self.skipped: list[str] = []
        self.closing = "nothing ran"

    def start(self, extra: list[str]) -> bool:
        """Run it, showing its output.

        Keep its skips and its closing line; say whether all passed.
        """
        print(f"\n=== {self.name}", flush=True)
        tracer = (
            ["-m", "slipcover", "--out", str(COVERED / f"{self.name}.json")] if self.traced else []
        )
        # where tests wait for processes, two would leave the cores idle
        workers = "3" if "--dist=loadgroup" in self.options else "2"
        command = [
            sys.executable,
            *tracer,
            *PYTEST[1:],
            "-n",
            workers,
            "-m",
            self.selection,
            *self.options,
            *extra,
        ]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(RENDERED=str(RENDERED), **self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                self.keep(line)
            return process.wait() in {0, 5}  # 5: nothing was selected
        finally:
            process.terminate()

    def keep(self, line: str) -> None:
        """Keep what the end of ./test repeats."""
        if line.startswith("SKIPPED"):
            self.skipped.append(line.strip())
        if re.match(r"(=+ )?\d+ \w+.* in [\d.]+s", line):
            self.closing = line.strip(" =\n")

    def counts(self) -> Counter[str]:
        """Return how many tests passed, failed and so on."""
        return Counter(
            {
                word.removesuffix("s"): int(number)
                for number, word in re.findall(r"(\d+) (\w+)", self.closing)
            }
        )


def runs_of(urls: dict[str, str], copies: dict[str, str], *, own: bool, fast: bool) -> list[Run]:
    """Return the runs that these servers allow.

    `copies` says where each worker finds its migrated database; `own`: the servers are ours.
    """
    both = "DATABASE_URL" in urls
    # each run has a fresh copy, which goes with its server
    keep = ("--create-db", "--reuse-db") if own else ()
    on_sqlite = {"DATABASE_URL": "sqlite:///:memory:"}
    if "MIGRATED_FILE" in copies:
        on_sqlite["MIGRATED"] = copies["MIGRATED_FILE"]
    later = f"{ALONE} or {NEEDS_SERVERS}" + (" or once" if both else "")
    runs = [Run("SQLite, no servers", f"not ({later})", traced=True, env=on_sqlite)]
    if both:
        needed = f"({ON_SERVERS}) and not ({ALONE})"
        rest = f"not ({ALONE} or {ON_SERVERS})"
        runs += [
            Run("What needs PostgreSQL or Redis", needed, *keep, traced=True, env=urls),
            Run("The rest on PostgreSQL", rest, "--database-only", *keep, env=urls),
        ]
    if not fast:
        name = "Real processes, servers that are killed, and a browser"
        runs.append(Run(name, ALONE, "--dist=loadgroup", *keep, env=urls | copies))
    return runs


def everything(extra: list[str], *, fast: bool) -> tuple[bool, list[Run], list[str]]:
    """Run the tests; return whether all passed, the runs, and what was skipped."""
    for folder in (COVERED, RENDERED):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    servers = databases.Servers() if fast else databases.started()
    try:
        copies: dict[str, str] = {}
        kept = databases.kept_sqlite(environment())
        if kept:
            copies["MIGRATED_FILE"] = str(kept)
        if kept and servers.own_postgres:
            dump = databases.kept_dump(servers.urls, environment())
            servers.urls["MIGRATED"] = databases.ON_POSTGRES
            copies |= {"MIGRATED_DUMP": str(dump)} if dump else {}
        runs = runs_of(servers.urls, copies, own=servers.own_postgres, fast=fast)
        passed = [run.start(extra) for run in runs]
    finally:
        servers.stop()
    skipped = {*servers.missing, *(line for run in runs for line in run.skipped)}
    return all(passed), runs, sorted(skipped)


def part(paths: list[str], words: str, extra: list[str]) -> int:
    """Run some tests in one process, on SQLite alone; say that they are not all."""
    named = ["-k", words] if words else []
    command = [*PYTEST, "-n0", *named, *paths, *extra]
    kept = databases.kept_sqlite(environment())
    copies = {"MIGRATED": str(kept), "MIGRATED_FILE": str(kept)} if kept else {}
    done = subprocess.run(
        command, cwd=ROOT, env=environment(DATABASE_URL="sqlite:///:memory:", **copies), check=False
    )
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
            env=environment(),
        ).returncode
        == 0
    )


def tell(runs: list[Run], skipped: list[str], seconds: float, *, fast: bool) -> None:
    """Print how each run closed, the sums, and what was skipped.

    The last line is the one command that adds what was skipped.
    """
    print()
    for run in runs:
        print(f"{run.name}: {run.closing}")
    total = sum((run.counts() for run in runs), Counter())
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
    passed, runs, skipped = everything(extra, fast=options.fast)
    if passed and not extra and not options.fast:
        good = covered() and good
    tell(runs, skipped, time.monotonic() - begun, fast=options.fast)
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
