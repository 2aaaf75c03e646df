"""Time the planner, the resolver of who chairs over forty years of terms, and the state of play.

    python -m bench.rotation [--repeat 7] [--seed 1]

- plan: the next terms of a group with forty years of half-yearly terms behind it, an agency of
  eight a newcomer and one of five paused; `why not` asks about the last agency of the first term,
  `what if` has a swap and a pause;
- assign: the assignment alone, of random costs of 150 bits, beside munkres;
- resolver: who chairs on each first day of a month of forty years (`rotation.queries.chair`), as
  all sittings at once and as one question a day, in a SQLite database in memory;
- state of play: of the term that runs in the demonstration, and with 200 promises and a line of the
  chair on each; what the page reads, and the page with its reading.

Reported: the least of the repetitions in ms of CPU time of this process.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from random import Random

from django.core.management import call_command
from django.test import Client
from munkres import Munkres

from coordination.core import clock
from coordination.core.models import Group
from coordination.desk.queries import state_of_play
from coordination.desk.queries.matters import AsOf
from coordination.members.models import Agency, Membership, Person
from coordination.rotation.models import ChairTerm, MatterJudgement, OutsidePromise, TermAgency
from coordination.rotation.planning import changes, plan, spans, why
from coordination.rotation.planning.assignment import assign
from coordination.rotation.planning.changes import PlanChanges
from coordination.rotation.planning.situation import (
    ChairedDays,
    OpenTerm,
    PlannedMember,
    Situation,
)
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import balances, chair, confirmed_terms, planning

FIRST, TERMS = date(1987, 1, 1), 80
SIZES = ((6, 16), (20, 16), (20, 40))


def least_ms(work: Callable[[], object], repeat: int) -> float:
    """Return the milliseconds of the quickest of `repeat` runs, in time of this process."""
    best = float("inf")
    for _ in range(repeat):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best * 1000


def situation(random: Random, terms: int, agencies: int) -> Situation:
    """Return a group with forty years behind it."""
    half_years = list(spans.terms_in(DaySpan(FIRST, date(2050, 12, 31)), 6))
    members = [
        PlannedMember(
            key,
            key,
            (DaySpan(date(2020 if key % 8 == 7 else 1980, 1, 1)),),
            ((FIRST, f"Agency {key:02}"),),
        )
        for key in range(agencies)
    ]
    past = [ChairedDays(days, (random.randrange(agencies),)) for days in half_years[:TERMS]]
    ahead = half_years[TERMS : TERMS + terms]
    announced = [random.choice([None, random.randrange(agencies)]) for _ in ahead]
    paused = tuple((key, random.choice(ahead)) for key in range(0, agencies, 5))
    return Situation(
        tuple(members),
        tuple(past),
        tuple(OpenTerm(days, key) for days, key in zip(ahead, announced, strict=True)),
        unavailable=paused,
        owed={3: 1},
    )


def time_planner(random: Random, repeat: int) -> None:
    """Print a line for each size."""
    print(f"{'terms x agencies':<20}{'plan':>8}{'why not':>9}{'what if':>9}  ms")
    for terms, agencies in SIZES:
        given = situation(random, terms, agencies)
        made = plan.make(given)
        last = made.rounds[0].ranking.order[-1]
        ahead = given.open_terms
        what_if = PlanChanges(((1, ahead[0].days),), swapped=((0, len(ahead) - 1),))
        figures = [
            least_ms(partial(plan.make, given), repeat),
            least_ms(partial(why.why_not, given, made, last, 0), repeat),
            least_ms(partial(changes.planned_with, given, what_if), repeat),
        ]
        print(f"{f'{terms} x {agencies}':<20}{figures[0]:8.1f}{figures[1]:9.1f}{figures[2]:9.1f}")


def time_assignment(random: Random, repeat: int) -> None:
    """Print the time of the assignment alone, beside munkres."""
    costs = [[random.getrandbits(150) for _ in range(60)] for _ in range(20)]
    ours = least_ms(partial(assign, costs), repeat)
    theirs = least_ms(lambda: Munkres().compute([row[:] for row in costs]), min(repeat, 3))
    print(f"assign 20 x 60: {ours:.1f} ms, munkres {theirs:.1f} ms")


def fill(random: Random) -> None:
    """Put forty years of terms of forty agencies into the database."""
    call_command("migrate", verbosity=0)
    Group.objects.create(name="Group", acronym="G")
    agencies = Agency.objects.bulk_create(
        Agency(acronym=f"A{n}", slug=f"a{n}", name=f"Agency {n}") for n in range(40)
    )
    Membership.objects.bulk_create(Membership(agency=a, first_day=FIRST) for a in agencies)
    half_years = list(spans.terms_in(DaySpan(FIRST, date(2026, 12, 31)), 6))
    terms = ChairTerm.objects.bulk_create(
        ChairTerm(slug=f"{days.first}", first_day=days.first, last_day=days.last, state="confirmed")
        for days in half_years
    )
    TermAgency.objects.bulk_create(
        TermAgency(term=term, agency=random.choice(agencies)) for term in terms
    )


def time_resolver(random: Random, repeat: int) -> None:
    """Print the time of who chairs over forty years."""
    fill(random)
    days = [date(FIRST.year + n // 12, n % 12 + 1, 1) for n in range(480)]
    today, group = date(2026, 11, 23), Group.objects.get()
    print(f"all sittings of 40 years: {least_ms(chair.sittings, repeat):.1f} ms")
    at_once = least_ms(partial(chair.agencies_chairing, days), repeat)
    print(f"who chairs on {len(days)} days, asked at once: {at_once:.1f} ms")
    one_by_one = least_ms(lambda: [chair.agencies_on(day) for day in days[:48]], repeat)
    print(f"who chairs on one day: {one_by_one / 48:.2f} ms")
    print(f"what 40 have carried: {least_ms(partial(balances.carried_on, today), repeat):.1f} ms")
    base = partial(planning.plan_base, today, group, count=18)
    print(f"what the planner reads: {least_ms(base, repeat):.1f} ms")


def time_state_of_play(repeat: int) -> None:
    """Print the time of the state of play in the demonstration; in a process of its own."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    group, now = Group.objects.get(), clock.now()
    term, chair_person = chair.term_on(now.date()), Person.objects.get(demo_role="chair")
    assert term
    client = Client(HTTP_HOST="localhost")
    client.force_login(chair_person)
    address = f"/rotation/{term.slug}/state-of-play/"
    assert client.get(address).status_code == 200
    print(f"{'state of play':<20}{'matters':>8}{'reads':>8}{'page':>8}  ms")
    for promises in (0, 200):
        promise(term, chair_person, now, promises)
        as_of = AsOf(now.date(), now, group, chair.sittings(), sees_drafts=True)
        read = partial(read_state_of_play, term, as_of)
        figures = [least_ms(read, repeat), least_ms(partial(client.get, address), repeat)]
        name = f"with {promises} promises" if promises else "demonstration"
        print(f"{name:<20}{read().total:8}{figures[0]:8.1f}{figures[1]:8.1f}")


def read_state_of_play(term: ChairTerm, as_of: AsOf) -> state_of_play.StateOfPlayPage:
    """Return the state of play, with the terms that it asks about."""
    return state_of_play.state_of_play(term, confirmed_terms.load(), as_of)


def promise(term: ChairTerm, person: Person, now: datetime, count: int) -> None:
    """Put down promises, each with the chair's line."""
    rows = OutsidePromise.objects.bulk_create(
        OutsidePromise(
            term=term, what=f"Promise {n}", to_whom="A partner", put_down_by=person, put_down_at=now
        )
        for n in range(count)
    )
    MatterJudgement.objects.bulk_create(
        MatterJudgement(
            term=term,
            kind="promise",
            key=str(row.pk),
            outlook="watch",
            words="No answer yet.",
            judged_by=person,
            judged_at=now,
        )
        for row in rows
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = Random(options.seed)
    time_planner(random, options.repeat)
    time_assignment(random, options.repeat)
    # a database in memory cannot be emptied: its history is append-only
    other = get_context("fork").Process(target=time_state_of_play, args=(options.repeat,))
    other.start()
    other.join()
    time_resolver(random, options.repeat)
