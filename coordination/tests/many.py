"""Many rows at once, for the tests that a page costs the same whatever it shows."""

from typing import Any

from factory.django import DjangoModelFactory

ROWS = (1, 120)  # each list page is asked for at both


def many(factory: type[DjangoModelFactory], count: int, **fields: Any) -> list[Any]:
    """Put `count` rows of a factory's model into the database in one statement; of a list among the fields each row takes its own."""
    each = [
        {
            name: value[number] if isinstance(value, list) else value
            for name, value in fields.items()
        }
        for number in range(count)
    ]
    return factory._meta.model.objects.bulk_create(factory.build(**one) for one in each)
