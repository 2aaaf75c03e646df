"""Tags of the members domain."""

from collections.abc import Mapping, Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coordination.core import clock
from coordination.core.queries import day_in_group
from coordination.members.models import Absence, Agency, Appointment, Person
from coordination.members.queries import people

register = template.Library()


@register.simple_tag
def demo_cast() -> list[Person]:
    """Return the people of the demonstration, each with `roles_today`."""
    return people.demo_cast(day_in_group(clock.now()))


@register.simple_tag
def demo_others() -> list[Appointment]:
    """Return a focal point of each agency without anybody in the cast."""
    return people.demo_speakers(day_in_group(clock.now()))


@register.filter
def away(person: Person, absences: Mapping[int, Absence]) -> Absence | None:
    """Return the person's absence among those of a day, or None."""
    return absences.get(person.pk)


@register.simple_tag
def agency_links(agencies: Sequence[Agency]) -> SafeString:
    """Return acronyms as links to their agencies: "FAO, ILO and WHO"."""
    links = [
        format_html(
            '<a class="agency" href="{}" title="{}">{}</a>',
            reverse("members:agency", args=[agency.slug]),
            agency.name,
            agency.acronym,
        )
        for agency in agencies
    ]
    if len(links) < 2:  # noqa: PLR2004 - one has no "and"
        return format_html_join("", "{}", ((link,) for link in links))
    first = format_html_join(", ", "{}", ((link,) for link in links[:-1]))
    return format_html("{} {} {}", first, _("and"), links[-1])
