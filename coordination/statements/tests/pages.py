"""Addresses of a statement's pages, and what their forms send."""

from datetime import timedelta

from django.urls import reverse

from coordination.statements.models import Statement
from coordination.tests.cast import NOW

LATER = (NOW + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")


def url(name, thing, *more):
    statement = thing if isinstance(thing, Statement) else thing.statement
    return reverse(f"statements:{name}", args=[statement.slug, *more])
