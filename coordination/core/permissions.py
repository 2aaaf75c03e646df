"""Permissions are asked by name, about an object on a day.

A higher domain may register the predicate behind a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _

from coordination.core.errors import NotAllowed
from coordination.core.http import HttpRequest, once
from coordination.core.models import Group


@dataclass(frozen=True, slots=True)
class On:
    """What a permission is asked about: a day, an object, the group.

    The day is in the group's zone. The group is given where it is loaded already, to save a query.
    A page also gives its request, so that what all its permissions need is loaded once. An action
    never does: it judges by what is stored now.
    """

    day: date
    subject: Any = None
    group: Group | None = None
    request: HttpRequest | None = None


Sentence = Callable[[Any, On], str]
_sentences: dict[str, Sentence] = {}


def add(name: str, predicate: Callable[..., bool], sentence: Sentence) -> None:
    """Register `predicate(person, on)` and the sentence for a refused person."""
    rules.add_perm(name, predicate)
    _sentences[name] = sentence


def names() -> frozenset[str]:
    """Return every registered permission name."""
    return frozenset(_sentences)


def allowed(person: AbstractBaseUser | AnonymousUser, name: str, on: On) -> bool:
    """Return whether `person` has the permission `name`.

    Raises LookupError for an unknown name.
    """
    if name not in _sentences:
        raise LookupError(name)
    # rules treats an unknown name as refused, which would hide a typing error.
    return bool(rules.has_perm(name, person, on))


def on_page(request: HttpRequest, subject: Any = None) -> On:
    """Return what a page asks a permission about.

    The day is that of its request.
    """
    return On(request.day, subject, request.group, request)


def offered(request: HttpRequest, name: str, subject: Any = None) -> bool:
    """Return whether a page offers its reader the permission `name`.

    It is judged once per request, for the day of the request, and decides only what a page shows.
    The action judges anew, by `require`, inside its transaction.
    """
    return once(
        request,
        name,
        subject,
        make=lambda: allowed(request.user, name, on_page(request, subject)),
    )


def sentence(name: str, person: AbstractBaseUser | AnonymousUser, on: On) -> str:
    """Return the sentence for a refused person: who has the permission."""
    return _sentences[name](person, on) or _("You may not do this.")


def require(person: AbstractBaseUser | AnonymousUser, name: str, on: On) -> None:
    """Raise NotAllowed, saying who may, unless `person` is allowed."""
    if not allowed(person, name, on):
        raise NotAllowed(sentence(name, person, on))


def require_offered(request: HttpRequest, name: str, subject: Any = None) -> None:
    """Raise NotAllowed unless a page offers the permission `name`.

    The error says who may.
    """
    if not offered(request, name, subject):
        raise NotAllowed(sentence(name, request.user, on_page(request, subject)))
