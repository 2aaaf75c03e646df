"""Permissions are asked by name, about an object on a day.

A higher domain may register the predicate behind a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model
from django.utils.translation import gettext as _

from coordination.core.errors import NotAllowed
from coordination.core.http import HttpRequest, once
from coordination.core.models import Group


@dataclass(frozen=True, slots=True)
class On:
    """What a permission is asked about: a day, an object, the group.

    The day is in the group's zone. The group is given where it is loaded already, to save a query.
    """

    day: date
    subject: Any = None
    group: Group | None = None


Sentence = Callable[[Any, On], str]
_sentences: dict[str, Sentence] = {}
_predicates: dict[str, Callable[..., bool]] = {}
_on_pages: dict[Callable[..., bool], Callable[[HttpRequest], bool]] = {}


def add(name: str, predicate: Callable[..., bool], sentence: Sentence) -> None:
    """Register `predicate(person, on)` and the sentence for a refused person."""
    rules.add_perm(name, predicate)
    _predicates[name], _sentences[name] = predicate, sentence


def answer_on_pages(predicate: Callable[..., bool], answer: Callable[[HttpRequest], bool]) -> None:
    """Let `offered` call `answer` instead of the predicate.

    Pages load some facts anyway, so their answer needs no query.
    """
    _on_pages[predicate] = answer


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


def offered(request: HttpRequest, name: str, subject: Model | None = None) -> bool:
    """Return whether a page offers its reader the permission `name`.

    It is judged once per request, for the day of the request, and decides only what a page shows.
    The action judges anew, by `require`, inside its transaction.
    """
    answer = _on_pages.get(_predicates[name])
    if answer:
        return answer(request)
    return once(
        request,
        name,
        subject,
        make=lambda: allowed(request.user, name, On(request.day, subject, request.group)),
    )


def sentence(name: str, person: AbstractBaseUser | AnonymousUser, on: On) -> str:
    """Return the sentence for a refused person: who has the permission."""
    return _sentences[name](person, on) or _("You may not do this.")


def require(person: AbstractBaseUser | AnonymousUser, name: str, on: On) -> None:
    """Raise NotAllowed, saying who may, unless `person` is allowed."""
    if not allowed(person, name, on):
        raise NotAllowed(sentence(name, person, on))


def require_offered(request: HttpRequest, name: str) -> None:
    """Raise NotAllowed unless `name` is offered; for reading pages.

    The error says who may.
    """
    if not offered(request, name):
        require(request.user, name, On(request.day))
