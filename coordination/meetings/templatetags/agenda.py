"""Agendas, as pages show them."""

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def link_name(path: str) -> str:
    """Return a path as people read it: "statements/2026-02-migrants"."""
    return path.partition("#")[0].strip("/")


@register.filter
def minutes(count: int) -> str:
    """Return "20 min"."""
    return ngettext("%(n)d min", "%(n)d min", count) % {"n": count}
