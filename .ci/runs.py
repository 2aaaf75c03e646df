"""The runs of pytest that ./test consists of, and which of them go at the same time."""

import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
COVERED = ROOT / ".covered"  # what each traced run covered
RENDERED = ROOT / ".rendered"  # which parts of templates each worker rendered
OURS = re.compile(
    r"(DEBUG|DEMO|CLOCK_OFFSET_SECONDS|SECRET_KEY|SITE_URL|ALLOWED_HOSTS"
    r"|(DATABASE|REDIS|EMAIL)_URL|VAR_DIR|(MEDIA|STATIC)_ROOT"
    # without bytecode each worker of each run compiles all tests again: a minute in all
    r"|PYTHONDONTWRITEBYTECODE)$"
)
ALONE, NEEDS_SERVERS = "browser or process", "postgres or redis"
ON_SERVERS = f"{NEEDS_SERVERS} or differs"


def files_that_mark(*markers: str) -> tuple[str, ...]:
    """Return the test files in which one of these markers is written.

    A run that needs few tests collects these alone: all of them take each worker ten seconds.
    """
    written = re.compile(rf"mark\.({'|'.join(markers)})\b")
    files = sorted((ROOT / "coordination").rglob("test_*.py"))
    return tuple(
        str(file.relative_to(ROOT)) for file in files if written.search(file.read_text("utf-8"))
    )


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a check.

    Nothing of a .env, nothing of the caller's settings but what is given on purpose.
    """
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return {**kept, "ENV_FILE": os.devnull, **more}


@dataclass(slots=True)
class Run:
    """One run of pytest.

    `selection` is an expression of markers; `traced` counts lines and branches.
    """

    name: str
    selection: str
    options: tuple[str, ...]
    env: dict[str, str]
    workers: int = 2
    traced: bool = False
    skipped: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    closing: str = "nothing ran"
    process: "subprocess.Popen[str] | None" = None
    stopped: bool = False

    def start(self, extra: list[str]) -> bool:
        """Run it, showing its output.

        Keep what the end of ./test repeats; say whether all passed.
        """
        if self.stopped:
            return False
        print(f"\n=== {self.name}", flush=True)
        report = str(COVERED / f"{self.name}.json")
        tracer = ["-m", "slipcover", "--out", report] if self.traced else []
        selected = ["-n", str(self.workers), "-m", self.selection, *self.options, *extra]
        self.process = subprocess.Popen(
            [sys.executable, *tracer, *PYTEST[1:], *selected],
            cwd=ROOT,
            env=environment(RENDERED=str(RENDERED), **self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        try:
            for line in self.process.stdout:
                # each line says whose it is: two runs write at the same time
                print(f"{self.name:<18.18}| {line}", end="", flush=True)
                self.keep(line)
            return self.process.wait() in {0, 5}  # 5: nothing was selected
        finally:
            self.process.terminate()

    def stop(self) -> None:
        """End it, or let it not begin."""
        self.stopped = True
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def keep(self, line: str) -> None:
        """Keep what the end of ./test repeats: skips, failures, the closing line."""
        if self.failures or re.match(r"=+ (FAILURES|ERRORS) =+$", line):
            self.failures.append(line.rstrip("\n"))
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


Lanes = list[list[Run]]


def all_at_once(lanes: Lanes, extra: list[str]) -> bool:
    """Run the lanes at the same time, the runs of each one after another; say if all passed."""

    def one_lane(lane: list[Run]) -> list[bool]:
        return [run.start(extra) for run in lane]

    with ThreadPoolExecutor(len(lanes)) as pool:
        try:
            return all(chain.from_iterable(list(pool.map(one_lane, lanes))))
        finally:
            for run in chain.from_iterable(lanes):
                run.stop()


def on_sqlite_alone(copies: dict[str, str]) -> Lanes:
    """Return what runs without servers; `copies` says where each worker finds its database."""
    return [[run_on_sqlite(f"{ALONE} or {NEEDS_SERVERS}", copies)]]


def run_on_sqlite(later: str, copies: dict[str, str]) -> Run:
    """Return the run on SQLite, without what comes later."""
    env = {"DATABASE_URL": "sqlite:///:memory:"}
    if "MIGRATED_FILE" in copies:
        env |= {"MIGRATED": copies["MIGRATED_FILE"], "TOLD": copies["TOLD"]}
    return Run("SQLite", f"not ({later})", ("--dist=worksteal",), env, traced=True)


def with_servers(urls: dict[str, str], copies: dict[str, str], *, own: bool) -> Lanes:
    """Return the runs that these servers allow.

    `own`: they are private ones, so two lanes have databases of their own. The tests of the second
    lane wait for processes and locks half of their time, which the first lane uses. Tests that wait
    for locks have a third worker. Those with processes have none: the processes of one slow down
    those of another, and work on while they are waited for.
    """
    processes = ("--dist=loadgroup",)
    if "DATABASE_URL" not in urls:
        lane = [
            run_on_sqlite(f"{ALONE} or {NEEDS_SERVERS}", copies),
            Run("Processes, browser", ALONE, processes, urls | copies),
        ]
        return [lane]
    # each run has a fresh copy, which goes with its server
    keep = ("--create-db", "--reuse-db") if own else ()
    beside = beside_the_others(urls) if own else urls
    computing = [
        run_on_sqlite(f"{ALONE} or {NEEDS_SERVERS} or once", copies),
        Run(
            "Rest on PostgreSQL",
            f"not ({ALONE} or {ON_SERVERS})",
            ("--dist=worksteal", "--second-database", *keep),
            urls,
        ),
    ]
    waiting = [
        Run(
            "PostgreSQL, Redis",
            f"({ON_SERVERS}) and not ({ALONE})",
            ("--dist=worksteal", *keep, *files_that_mark("postgres", "redis", "differs")),
            beside,
            workers=3,
            traced=True,
        ),
        Run(
            "Processes, browser",
            ALONE,
            (*processes, *keep, *files_that_mark("process", "browser")),
            beside | copies,
        ),
    ]
    return [computing, waiting] if own else [[*computing, *waiting]]


def beside_the_others(urls: dict[str, str]) -> dict[str, str]:
    """Return the same servers with another database and another number of Redis's."""
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE beside")
    changed = {"DATABASE_URL": f"{urls['DATABASE_URL'].rpartition('/')[0]}/beside"}
    if "REDIS_URL" in urls:
        changed["REDIS_URL"] = f"{urls['REDIS_URL'].rpartition('/')[0]}/1"
    return urls | changed
