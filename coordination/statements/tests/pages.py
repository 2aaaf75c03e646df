"""Addresses of a statement's pages, and what their forms send."""

from datetime import timedelta

from django.urls import reverse

from coordination.statements.models import Statement
from coordination.statements.queries import statuses
from coordination.tests.cast import NOW

LATER = (NOW + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")


def url(name, thing, *more):
    statement = thing if isinstance(thing, Statement) else thing.statement
    return reverse(f"statements:{name}", args=[statement.slug, *more])


def required(agencies, day, now, *, is_chair=False):
    """Return what the statements under way ask, as My desk lists it."""
    under_way = statuses.statement_statuses(day, now, is_chair=is_chair)
    return statuses.required_steps(under_way, agencies, is_chair=is_chair)


def form_of(page, **changes) -> dict[str, object]:
    """Return what the page's form would send, with what the person changes."""
    fields = {bound.html_name: bound.value() for bound in page.context["form"]}
    filled = {name: value for name, value in (fields | changes).items() if value is not None}
    return {
        name: value if isinstance(value, list | tuple) else str(value)
        for name, value in filled.items()
    }
