"""Every address that the resolver knows, ours, allauth's and the admin's, how its parameters are filled, and how it is asked."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coordination.members.models import Person

PARAMETER = re.compile(r"\((?:\?P<(\w+)>)?[^()]*\)|<(?:\w+:)?(\w+)>")
OF_A_MODEL = re.compile(r"^admin/(\w+)/(\w+)/")


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the resolver: its name with its namespace, or its route where it has none."""

    name: str
    route: str
    converters: tuple[tuple[str, str], ...]

    @property
    def model(self) -> str:
        """Return "app.model" for an address of a model in the admin, else ""."""
        found = OF_A_MODEL.match(self.route)
        return f"{found[1]}.{found[2]}" if found and found[2] in apps.all_models[found[1]] else ""

    @property
    def kind(self) -> str:
        """Return the name, for an address of a model in the admin without the model: "admin:*_changelist", "admin:*/<path:object_id>/"."""
        if not self.model:
            return self.name
        rest = OF_A_MODEL.sub("", self.route)
        return f"admin:*/{rest}"

    def filled(self, value: Callable[[str], object]) -> str:
        """Return the path, each parameter filled by what `value` says of its name; one without a name is called by its place: "0", "1"."""
        places = iter("0123")
        path = PARAMETER.sub(
            lambda found: str(value(found[1] or found[2] or next(places))), self.route
        )
        return "/" + re.sub(r"[\^$]|\\Z", "", path)


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", prefix: str = ""
) -> list[Address]:
    """Return each address there is, by name."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry, entry.namespace or namespace, route)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}:{entry.name}".removeprefix(":") if entry.name else route
            converters = tuple(
                (parameter, type(converter).__name__)
                for parameter, converter in entry.pattern.converters.items()
            )
            found.append(Address(name, route, converters))
    return sorted(found, key=lambda each: (each.name, each.route))


def client_of(person: Person | None) -> Client:
    """Return a client in which the person is signed in."""
    client = Client()
    if person:
        client.force_login(person, backend="coordination.members.adapter.AccountBackend")
    return client


def answer_of(method: str, path: str, client: Client, fields: dict[str, object]) -> HttpResponse:
    """Return the answer to a request, and undo what it did, signing in and out too."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method.lower())(path, fields)
        b"".join(response)  # a file is closed when it was read
        transaction.set_rollback(True)
    client.cookies = cookies
    return response
