"""1,000 requests of random and hostile parameters over all addresses, the admin's too: no fault of ours (500) ever answers.

Half of them carry the keys of something real, a quarter of something else that is real, so that what lies behind a 404 is tried too.
"""

import random
from urllib.parse import quote

import pytest
from django.apps import apps

from coordination.statements.models import Block, Statement
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import Address, addresses, answer_of, client_of
from coordination.tests.e2e.things import Things, told

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REQUESTS = 1000
LEFT_OUT = {"desk:health"}  # answers 503 where no beat runs
# pages of so many kinds must have been shown
REACHED = {"anonymous": 9, "focal_point": 30, "chair": 40, "administrator": 25}
HOSTILE = [
    "",
    "0",
    "-1",
    "1",
    "2",
    "999999999999999999999",
    "1e309",
    "NaN",
    "null",
    "true",
    "\x00",
    "%00",
    "é",
    "漢字",
    "🙂",
    "\u202e",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "a" * 5000,
    "9" * 5000,
    "020069",
    "2026-13-45",
    "0000-00-00",
    "2026-02-30",
    "9999-12-31",
    "-9999-01-01",
    "2026-11-23T25:61",
    "\r\nBcc: a@example.org",
    "[]",
    "{}",
    "b1",
    "1.5",
    "on",
    "approve",
    "desc",
    "😀" * 400,
]
NAMES = [
    "q",
    "on",
    "from",
    "to",
    "page",
    "state",
    "kind",
    "version",
    "text",
    "proposed_text",
    "rationale",
    "reason",
    "note",
    "deadline",
    "sha256",
    "agency",
    "email",
    "name",
    "time_zone",
    "title",
    "first_day",
    "last_day",
    "theme",
    "agencies",
    "next",
    "step",
    "side",
    "role",
    "action",
    "prepared",
    "returned",
    "opened",
    "about",
    "for",
]
OF_THE_ADMIN = [
    "action",
    "select_across",
    "_selected_action",
    "post",
    "_save",
    "_popup",
    "_to_field",
    "o",
    "p",
    "all",
    "q",
    "id__exact",
    "agency__id__exact",
    "state__exact",
    "app_label",
    "model_name",
    "field_name",
    "term",
]


def pool_of(things: Things) -> list[object]:
    """Return the real keys of everything, so that one may stand where another is meant."""
    single = [
        value
        for known in (*things.by_domain.values(), *things.by_name.values())
        for value in known.values()
    ]
    others = [
        *Statement.objects.values_list("slug", flat=True),
        *Block.objects.values_list("key", flat=True),
        "2013-H1",
        "unesco",
        1,
        2,
    ]
    return [*single, *others, *(record.pk for record in things.records.values())]


def path_of(address: Address, things: Things, pool: list[object], rng: random.Random) -> str:
    """Return the address with real keys, with those of something else, or with hostile words."""
    real = things.values(address)
    way = rng.choice(["real", "real", "mixed", "hostile"])

    def value(name: str) -> object:
        chosen = {
            "real": real[name],
            "mixed": rng.choice([real[name], rng.choice(pool)]),
            "hostile": rng.choice(HOSTILE),
        }[way]
        return quote(str(chosen), safe="") or "x"

    return address.filled(value)


def fields_of(address: Address, pool: list[object], rng: random.Random) -> dict[str, object]:
    """Return up to five fields of a form or of a query, with hostile words and real keys."""
    names = (
        [*OF_THE_ADMIN, *(field.name for field in apps.get_model(address.model)._meta.fields)]
        if address.model
        else NAMES
    )
    return {
        rng.choice(names): rng.choice([*HOSTILE, *rng.sample(pool, 10)])
        for _ in range(rng.randint(0, 5))
    }


@pytest.mark.parametrize("role", ["anonymous", "focal_point", "chair", "administrator"])
def test_hostile_parameters_never_cause_a_fault(role: str, quiet, now, settings) -> None:
    settings.DEMO = True
    cast, things = told(NOW)
    client = client_of(cast[role])
    client.raise_request_exception = False
    rng = random.Random(f"gmg {role}")
    pool = pool_of(things)
    ours = [
        each
        for each in addresses()
        if each.name not in LEFT_OUT and not each.route.startswith("admin/")
    ]
    of_the_admin = [
        each
        for each in addresses()
        if each.name not in LEFT_OUT and each.route.startswith("admin/")
    ]
    reached, faults = set(), []

    for number in range(REQUESTS // 4):
        address = rng.choice(
            of_the_admin if number % (2 if role == "administrator" else 20) == 0 else ours
        )
        path, fields, method = (
            path_of(address, things, pool, rng),
            fields_of(address, pool, rng),
            rng.choice(["GET", "GET", "POST"]),
        )
        status = answer_of(method, path, client, fields).status_code
        if status == 200:
            reached.add(address.kind)
        if status >= 500:
            faults.append(
                (
                    status,
                    method,
                    path[:80],
                    {name: str(value)[:20] for name, value in fields.items()},
                )
            )

    assert faults == []
    assert len(reached) >= REACHED[role]
