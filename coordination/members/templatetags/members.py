"""Tags of the members domain: the cast, and what people are for agencies."""

from django import template

from coordination.core import clock
from coordination.core.queries import day_in_group
from coordination.members.models import Appointment, Person
from coordination.members.queries import people

register = template.Library()


@register.simple_tag
def demo_cast() -> list[Person]:
    """Return the cast of the demonstration, each with `roles_today`."""
    return people.cast(day_in_group(clock.now()))


@register.simple_tag
def demo_others() -> list[Appointment]:
    """Return who speaks for each agency of which nobody is in the cast."""
    return people.others_who_speak(day_in_group(clock.now()))
