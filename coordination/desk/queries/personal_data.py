"""All that is stored of a person, as data to take along."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import Field, ForeignKey, Model
from simple_history.models import HistoricalChanges

from coordination.members.models import Person

# What opens an account or speaks for somebody; a copy of it must not lie in a file.
SECRETS = {
    "account.EmailConfirmation": {"key"},
    "members.FeedToken": {"token_sha256"},
    "members.Invitation": {"nonce", "token_sha256"},
    "members.Person": {"password"},
    "mfa.Authenticator": {"data"},
    "reminders.OutboxMessage": {"headers", "html", "calendar", "url", "message_id"},
    "usersessions.UserSession": {"session_key"},
}
# What an agency prepares is for its own people alone, until it is sent.
PREPARED = {"statements.PreparedAmendment", "statements.PreparedPosition"}
# the words of a mail are the person's, the secret links in them are not for a file
LINK = re.compile(r"https?://\S+")


def personal_data(person: Person, at: datetime, *, is_own: bool) -> dict[str, object]:
    """Return what is stored of a person as of `at` (UTC).

    It is ready for JSON. `is_own` says that the person reads it. Others do not read what an agency
    has only prepared. `person` is the account. `records` are the rows that name the person, by
    model and by the field that names them. `history` has the former versions of the account, newest
    first. One query for each field that names a person, and one more.
    """
    return {
        "made_at": at,
        "person": row_data(person),
        "records": {
            f"{model._meta.label}.{field.name}": rows
            for model, field in naming_fields()
            if is_own or model._meta.label not in PREPARED
            if (rows := [row_data(row) for row in rows_naming(model, field, person)])
        },
        "history": [row_data(record) for record in person.history.all()],
    }


def naming_fields() -> Iterator[tuple[type[Model], ForeignKey[Any, Any]]]:
    """Yield each model with a field that names a person.

    Histories are left out.
    """
    for model in apps.get_models():
        if issubclass(model, HistoricalChanges):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Person:
                yield model, field


def rows_naming(model: type[Model], field: ForeignKey[Any, Any], person: Person) -> list[Model]:
    """Return the rows of a model that name the person.

    The field is given. Oldest first.
    """
    if model is LogEntry:
        return []  # the administration's log of its own acts, told by histories
    return list(model._default_manager.filter(**{field.name: person}).order_by("pk"))


def row_data(row: Any) -> dict[str, object]:
    """Return the fields of a row by name, without secrets. Pure."""
    label = row._meta.label.replace("Historical", "")
    secrets = SECRETS.get(label, set())
    return {
        field.name: value_data(row, field)
        for field in row._meta.concrete_fields
        if field.name not in secrets
    }


def value_data(row: Any, field: Field[Any, Any]) -> object:
    """Return one value for JSON. Pure.

    A relation is its key, a file its name.
    """
    value = field.value_from_object(row)
    if row._meta.label == "reminders.OutboxMessage" and field.name == "text":
        return LINK.sub("(link)", value)
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
