"""Tags of the members domain."""

from django import template

from coordination.core import clock
from coordination.core.queries import day_in_group
from coordination.members.models import Appointment, Person
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
