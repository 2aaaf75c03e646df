"""2,000 requests of random and hostile parameters over all addresses: no fault of ours (500) ever answers."""

import logging
import random
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coordination.members.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REQUESTS = 2000
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
]
CONVERTERS = {"IntConverter": ["0", "1", "2", "99999999999999999999999"], "UUIDConverter": ["00000000-0000-0000-0000-000000000000"]}


def patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, dict]]:
    """Return each address of the app as a pattern with its converters; the framework's own admin and accounts apart."""
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += patterns(entry, route)
        elif isinstance(entry, URLPattern) and not route.startswith("admin/"):
            found.append((route, entry.pattern.converters))
    return found


def filled(route: str, converters: dict, rng: random.Random, real: list[str]) -> str:
    """Return the address with each parameter filled, by a real key or a hostile one."""
    path = route
    for name, converter in converters.items():
        choices = CONVERTERS.get(type(converter).__name__) or rng.choice([real, HOSTILE])
        value = rng.choice(choices).replace("/", "").replace("\\", "") or "x"
        path = re.sub(rf"<[^>]*\b{name}>", lambda _, value=value: value, path, count=1)
    return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "")


@pytest.mark.parametrize("role", ["", "focal_point", "chair", "administrator"])
def test_hostile_parameters_never_cause_a_fault(role: str) -> None:
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    client = Client(raise_request_exception=False)
    if role:
        client.force_login(Person.objects.get(demo_role=role), backend="django.contrib.auth.backends.ModelBackend")
    logging.disable(logging.ERROR)  # hundreds of "not found" are what this test asks for
    rng = random.Random(f"gmg {role}")
    real = ["2026-H2", "unfpa", "unesco", "b1", "b2", "2013-H1"]
    addresses = patterns(get_resolver())
    faults = []

    for _ in range(REQUESTS // 4):
        route, converters = rng.choice(addresses)
        path = filled(route, converters, rng, real)
        data = {rng.choice(NAMES): rng.choice(HOSTILE) for _ in range(rng.randint(0, 5))}
        method = rng.choice([client.get, client.get, client.post])
        status = method(path, data).status_code
        if status >= 500 and path != "/health/":
            faults.append((status, method.__name__, path[:80], {k: v[:20] for k, v in data.items()}))

    logging.disable(logging.NOTSET)
    assert faults == []
