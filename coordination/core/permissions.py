"""Permissions are asked by name, about a thing on a day.

The predicate behind a name may live in a higher domain.
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
    """What a permission is asked about.

    The day (in the group's zone), the thing, if there is one, and the group, where it is at hand.
    """

    day: date
    thing: Any = None
    group: Group | None = None


Sentence = Callable[[Any, On], str]
_sentences: dict[str, Sentence] = {}
_predicates: dict[str, Callable[..., bool]] = {}
_on_pages: dict[Callable[..., bool], Callable[[HttpRequest], bool]] = {}


def add(name: str, predicate: Callable[..., bool], sentence: Sentence) -> None:
    """Register `predicate(person, on)` under a name, and the sentence for who is refused."""
    rules.add_perm(name, predicate)
    _predicates[name], _sentences[name] = predicate, sentence


def answer_on_pages(predicate: Callable[..., bool], answer: Callable[[HttpRequest], bool]) -> None:
    """Let `offered` take an answer that each page reads anyway, instead of a query of its own."""
    _on_pages[predicate] = answer


def names() -> frozenset[str]:
    """Return every registered permission name."""
    return frozenset(_sentences)


def allowed(person: AbstractBaseUser | AnonymousUser, name: str, on: On) -> bool:
    """Say whether `person` may do what `name` stands for; an unknown name is refused loudly."""
    if name not in _sentences:
        raise LookupError(name)
    return bool(rules.has_perm(name, person, on))


def offered(request: HttpRequest, name: str, thing: Model | None = None) -> bool:
    """Say whether a page offers its reader the permission `name` about `thing`, if any.

    It is judged for the day of the request, once per request, and for what a page shows. What the
    reader then does is judged anew, by `require`, inside its transaction.
    """
    answer = _on_pages.get(_predicates[name])
    if answer:
        return answer(request)
    return once(
        request,
        name,
        thing,
        make=lambda: allowed(request.user, name, On(request.day, thing, request.group)),
    )


def sentence(name: str, person: AbstractBaseUser | AnonymousUser, on: On) -> str:
    """Return the sentence that tells a refused person who may do what `name` stands for."""
    return _sentences[name](person, on) or _("You may not do this.")


def require(person: AbstractBaseUser | AnonymousUser, name: str, on: On) -> None:
    """Raise NotAllowed, with the sentence that says who may, unless `person` is allowed."""
    if not allowed(person, name, on):
        raise NotAllowed(sentence(name, person, on))


def require_offered(request: HttpRequest, name: str) -> None:
    """Raise NotAllowed unless `name` is `offered` to the reader; for pages that only show.

    The error has the sentence that says who may.
    """
    if not offered(request, name):
        require(request.user, name, On(request.day))
