"""A life as a table: what may follow what, and how it is drawn."""

import pytest
from django.db.models import TextChoices

from coordination.core.states import MADE_BY, Life


class Light(TextChoices):
    RED = "red", "red"
    GREEN = "green", "green"
    BROKEN = "broken", "broken"


LIFE = Life(
    name="light",
    title="The life of a light",
    states=Light,
    begins=(Light.RED,),
    moves={
        Light.RED: frozenset({Light.GREEN, Light.RED}),
        Light.GREEN: frozenset({Light.BROKEN, Light.RED}),
        Light.BROKEN: frozenset(),
    },
)


def test_a_life_says_what_may_follow_values_and_members_alike():
    assert [(one, after) for one in Light.values for after in Light if LIFE.allows(one, after)] == [
        ("red", Light.RED),
        ("red", Light.GREEN),
        ("green", Light.RED),
        ("green", Light.BROKEN),
    ]
    assert LIFE.before("red") == (Light.RED, Light.GREEN)
    with pytest.raises(ValueError, match="blue"):
        LIFE.allows("red", "blue")


def test_a_life_is_drawn():
    assert LIFE.diagram() == (
        f"# The life of a light\n\nMade by `{MADE_BY}`; without `STATES` it compares.\n\n"
        "```mermaid\nstateDiagram-v2\n    [*] --> red\n    red --> red\n    red --> green\n    green --> red\n    green --> broken\n"
        "    broken --> [*]\n```\n"
    )
